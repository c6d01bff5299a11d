//! Answers a host's questions: with what was answered before, from `auth.conf`, and by asking, one question at a time.
//!
//! An answer that led in serves as long as the host is wanted, so that neither another connection for a console nor a
//! link that comes back asks again. The first refusal forgets it.

use std::{
    fmt,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use link_security::{Answer, AskError, AskFuture, Credentials, Question, Request};

use crate::{
    LogEvent,
    config::auth_file::{self, Known},
    progress::Progress,
};

/// The answers that led into a host. Nothing of it is ever written down.
#[derive(Default)]
pub(crate) struct Answers {
    given: Mutex<Vec<Given>>,
    /// Held while somebody is asked.
    asking: tokio::sync::Mutex<()>,
}

struct Given {
    question: Question,
    /// What was answered; `None` for what is good once only.
    answer: Option<Answer>,
    /// The question as it was put to a person; `None` for what came from a file.
    asked: Option<Request>,
    /// Whether it led in.
    good: bool,
}

impl Answers {
    /// Forgets everything.
    pub(crate) fn forget(&self) {
        self.given().clear();
    }

    fn good_one(&self, question: &Question) -> Option<Answer> {
        let given = self.given();
        let found = given
            .iter()
            .find(|given| given.good && given.question == *question);
        found.and_then(|given| given.answer.clone())
    }

    fn put(&self, question: &Question, answer: &Answer, asked: Option<Request>) {
        let mut given = self.given();
        given.retain(|given| given.question != *question);
        given.push(Given {
            question: question.clone(),
            answer: question.can_be_remembered().then(|| answer.clone()),
            asked,
            good: false,
        });
    }

    fn drop_one(&self, question: &Question) {
        self.given().retain(|given| given.question != *question);
    }

    fn given(&self) -> MutexGuard<'_, Vec<Given>> {
        self.given.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Answers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Answers(..)")
    }
}

/// One host's credentials: what it knows, before those who are asked.
#[derive(Debug)]
pub(crate) struct Layered {
    answers: Arc<Answers>,
    /// The `auth.conf` that counts for the host.
    file: Option<PathBuf>,
    /// The host, as `auth.conf` names it.
    host: String,
    /// Who is asked at last.
    asked: Arc<dyn Credentials>,
    progress: Progress,
}

impl Layered {
    pub(crate) fn new(
        answers: Arc<Answers>,
        file: Option<PathBuf>,
        host: &str,
        asked: Arc<dyn Credentials>,
        progress: Progress,
    ) -> Self {
        Self {
            answers,
            file,
            host: host.to_owned(),
            asked,
            progress,
        }
    }

    async fn answer(&self, request: Request) -> Result<Answer, AskError> {
        let question = request.question.clone();
        if request.previous_failure.is_some() {
            self.answers.drop_one(&question);
        } else if let Some(answer) = self.answers.good_one(&question) {
            return Ok(answer);
        }
        let known = self.written_down(&question).await;
        if request.previous_failure.is_none()
            && let Some(answer) = complete(&question, &known)
        {
            self.answers.put(&question, &answer, None);
            return Ok(answer);
        }
        let _one_at_a_time = self.answers.asking.lock().await;
        self.progress.log(LogEvent::Asked);
        let request = with_user(request, known);
        let answer = self.asked.ask(request.clone()).await?;
        self.answers.put(&question, &answer, Some(request));
        Ok(answer)
    }

    /// Looks into `auth.conf` for a question that it may answer.
    async fn written_down(&self, question: &Question) -> Known {
        let (service, host) = match question {
            // What a driver in the daemon needs to sign in elsewhere ([`super::driver`]).
            Question::UserPassword {
                realm: Some(realm), ..
            } if realm == "esx" || realm == "hyperv" => (realm.as_str(), self.host.as_str()),
            Question::UserPassword { .. } => ("libvirt", self.host.as_str()),
            Question::SshPassword { host, .. } => ("ssh", host.as_str()),
            _ => return Known::default(),
        };
        auth_file::look_up(self.file.clone(), service, host).await
    }
}

impl Credentials for Layered {
    fn ask(&self, request: Request) -> AskFuture<'_> {
        Box::pin(self.answer(request))
    }

    fn accepted(&self, request: &Request) {
        if !request.question.can_be_remembered() {
            // Nothing of it is here; who was asked learns of it as of any other.
            return self.asked.accepted(request);
        }
        let mut given = self.answers.given();
        let found = given
            .iter_mut()
            .find(|given| given.question == request.question);
        let asked = found.and_then(|given| {
            // What was good before is known to be so.
            let news = !given.good;
            given.good = true;
            given.asked.clone().filter(|_| news)
        });
        drop(given);
        if let Some(asked) = asked {
            self.asked.accepted(&asked);
        }
    }
}

/// Answers a question from what is written down, if that is enough.
fn complete(question: &Question, known: &Known) -> Option<Answer> {
    let password = known.password.clone()?;
    match question {
        Question::UserPassword { user, .. } => {
            // A password is for its account only.
            let theirs = known.user.as_ref().or(user.as_ref())?;
            let fits = user.as_ref().is_none_or(|user| user == theirs);
            fits.then(|| Answer::user_password(theirs.clone(), password))
        }
        Question::SshPassword { user, .. } => {
            let fits = match (user, &known.user) {
                (Some(user), Some(theirs)) => user == theirs,
                _ => true,
            };
            fits.then(|| Answer::password(password))
        }
        _ => None,
    }
}

/// Suggests the account that is written down where the question has none.
fn with_user(mut request: Request, known: Known) -> Request {
    if let Question::UserPassword {
        user: user @ None, ..
    } = &mut request.question
    {
        *user = known.user;
    }
    request
}

#[cfg(test)]
mod tests {
    use link_security::Secret;

    use super::*;

    /// Answers with the number of times that it was asked, and counts what was accepted.
    #[derive(Default)]
    struct Person {
        seen: Mutex<Vec<Request>>,
        accepted: Mutex<Vec<Request>>,
    }

    impl Credentials for Person {
        fn ask(&self, request: Request) -> AskFuture<'_> {
            let mut seen = self.seen.lock().unwrap();
            seen.push(request);
            let password = seen.len().to_string();
            Box::pin(async { Ok(Answer::user_password("me", password)) })
        }

        fn accepted(&self, request: &Request) {
            self.accepted.lock().unwrap().push(request.clone());
        }
    }

    fn request(failure: Option<&str>) -> Request {
        let (user, realm) = (None, None);
        Request::new(Question::UserPassword { user, realm }, "host")
            .after_failure(failure.map(str::to_owned))
    }

    fn layered(file: Option<PathBuf>) -> (Layered, Arc<Person>) {
        let person = Arc::new(Person::default());
        let asked = Arc::clone(&person) as Arc<dyn Credentials>;
        let answers = Arc::default();
        (
            Layered::new(answers, file, "h", asked, Progress::unheard()),
            person,
        )
    }

    async fn password(layered: &Layered, failure: Option<&str>) -> Secret {
        layered.ask(request(failure)).await.unwrap().secret
    }

    #[tokio::test]
    async fn only_an_answer_that_led_in_is_given_again_and_a_refusal_forgets_it() {
        let (layered, person) = layered(None);
        assert_eq!(password(&layered, None).await, "1".into());
        // Nobody said that it was right.
        assert_eq!(password(&layered, None).await, "2".into());
        layered.accepted(&request(None));
        assert_eq!(password(&layered, None).await, "2".into());
        layered.accepted(&request(None));
        assert_eq!(person.accepted.lock().unwrap().len(), 1, "told once");
        assert_eq!(password(&layered, Some("wrong")).await, "3".into());
        let reason = person.seen.lock().unwrap()[2].previous_failure.clone();
        assert_eq!(reason.as_deref(), Some("wrong"));
        assert_eq!(
            password(&layered, None).await,
            "4".into(),
            "not known to be right"
        );
        layered.accepted(&request(None));
        layered.answers.forget();
        assert_eq!(password(&layered, None).await, "5".into());
    }

    #[tokio::test]
    async fn what_is_written_down_is_tried_once_and_then_suggests_the_account() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let text =
            "[auth-libvirt-h]\ncredentials=x\n[credentials-x]\nauthname=fred\npassword=secret\n";
        std::fs::write(file.path(), text).unwrap();
        let (layered, person) = layered(Some(file.path().to_owned()));
        let answer = layered.ask(request(None)).await.unwrap();
        assert_eq!(
            (answer.user.as_deref(), answer.secret),
            (Some("fred"), "secret".into())
        );
        layered.accepted(&request(None));
        assert!(
            person.accepted.lock().unwrap().is_empty(),
            "it is not the keyring's"
        );
        assert_eq!(password(&layered, Some("wrong")).await, "1".into());
        let user = Some("fred".to_owned());
        let realm = None;
        let asked = person.seen.lock().unwrap()[0].question.clone();
        assert_eq!(asked, Question::UserPassword { user, realm });
        layered.accepted(&request(Some("wrong")));
        assert_eq!(person.accepted.lock().unwrap().len(), 1);
    }

    #[tokio::test]
    async fn what_is_good_once_is_asked_each_time_and_still_told_to_be_right() {
        let (layered, person) = layered(None);
        let prompt = "Code:".to_owned();
        let request = Request::new(Question::OneTimeCode { prompt }, "host");
        for code in ["1", "2"] {
            let answer = layered.ask(request.clone()).await.unwrap();
            assert_eq!(answer.secret, code.into());
            layered.accepted(&request);
        }
        assert_eq!(person.accepted.lock().unwrap().len(), 2);
        assert!(
            layered
                .answers
                .given()
                .iter()
                .all(|given| given.answer.is_none())
        );
    }

    #[test]
    fn a_password_is_given_for_its_own_account_only() {
        let known = Known {
            user: Some("fred".to_owned()),
            realm: None,
            password: Some("x".into()),
        };
        let (host, realm) = ("h".to_owned(), None);
        for (user, fits) in [(None, true), (Some("fred"), true), (Some("anna"), false)] {
            let user = user.map(str::to_owned);
            let ssh = Question::SshPassword {
                user: user.clone(),
                host: host.clone(),
            };
            let sasl = Question::UserPassword {
                user,
                realm: Clone::clone(&realm),
            };
            assert_eq!(complete(&ssh, &known).is_some(), fits);
            assert_eq!(complete(&sasl, &known).is_some(), fits);
        }
        assert!(complete(&Question::VncPassword, &known).is_none());
    }
}
