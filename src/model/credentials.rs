//! What a user knows: asked for by a wire, answered from memory, from the keyring, or by the person.
//!
//! An answer lives in memory while the connection does, so that a host asks once, whatever is opened over it later. It
//! goes to the keyring when the user wanted that and once it has led through; what is refused is forgotten in both.

use std::{
    cell::RefCell,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::Instant,
};

use innkeeper_core::{
    Uri,
    security::{Answer, AskError, AskFuture, Credentials, Question, Request, Secret},
};
use uuid::Uuid;

use super::{
    keyring::{self, Found, Place},
    questions::{Asker, Hints, ask, kind},
};
use crate::app::runtime;

thread_local! {
    /// The answers of tests that have passed, as long as these keep them.
    static TESTED: RefCell<Vec<Weak<UserCredentials>>> = const { RefCell::new(Vec::new()) };
}

/// The answers of one asker: a host, or a guest's screen.
pub struct UserCredentials {
    asker: Asker,
    given: Mutex<Vec<Given>>,
    declined: Mutex<Vec<Declined>>,
}

/// A question that the person closed.
struct Declined {
    question: Question,
    at: Instant,
}

/// An answer that was given.
#[derive(Clone)]
struct Given {
    question: Question,
    answer: Answer,
    at: Instant,
    source: Source,
    /// Whether it goes to the keyring once it has led through.
    remember: bool,
    /// Whether it was refused; then it serves as a hint only.
    refused: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Source {
    Keyring,
    Person,
}

impl UserCredentials {
    /// Makes the credentials of a host.
    pub fn of_host(uri: &Uri) -> Arc<Self> {
        Self::new(uri, None)
    }

    /// Knows what a test of the same address has been told that has just passed.
    pub(super) fn with_tested_answers(self: Arc<Self>) -> Arc<Self> {
        let same = |tested: &Arc<Self>| tested.asker.uri == self.asker.uri;
        let tested = TESTED.with_borrow(|all| all.iter().filter_map(Weak::upgrade).find(same));
        if let Some(tested) = tested {
            let proved = |given: &&Given| !given.refused;
            let answers: Vec<Given> = tested.given().iter().filter(proved).cloned().collect();
            self.given().extend(answers);
        }
        self
    }

    /// Lets the next host of the same address have these answers, while somebody keeps them.
    pub(super) fn serve_next_host(self: &Arc<Self>) {
        TESTED.with_borrow_mut(|all| {
            all.retain(|tested| tested.strong_count() > 0);
            all.push(Arc::downgrade(self));
        });
    }

    /// Makes the credentials of a guest's screen.
    pub fn of_guest(uri: &Uri, guest: Uuid) -> Arc<Self> {
        Self::new(uri, Some(guest))
    }

    fn new(uri: &Uri, guest: Option<Uuid>) -> Arc<Self> {
        Arc::new(Self {
            asker: Asker {
                uri: uri.to_string(),
                guest,
            },
            given: Mutex::default(),
            declined: Mutex::default(),
        })
    }

    /// Forgets the answers in memory: what comes next is asked for anew. The keyring keeps its own.
    pub fn forget(&self) {
        self.given().clear();
        self.declined().clear();
    }

    async fn answer(&self, request: Request) -> Result<Answer, AskError> {
        let begun = Instant::now();
        let place = Place::of(&self.asker, &request.question);
        let is_first = request.previous_failure.is_none();
        if is_first && let Some(answer) = self.known(&request.question) {
            return Ok(answer);
        }
        if !is_first {
            self.refused(&request.question, place.as_ref()).await;
        }
        let can_remember = match &place {
            None => false,
            Some(place) if is_first => match keyring::find(place).await {
                Found::Kept { user, secret } => {
                    let answer = answer_of(user, secret);
                    self.give(&request.question, &answer, Source::Keyring, false);
                    return Ok(answer);
                }
                Found::Nothing => true,
                Found::NoKeyring => false,
            },
            Some(_) => keyring::is_there().await,
        };
        // While the keyring was looked through, somebody may have been asked the same.
        if let Some(answer) = self.given_since(begun, &request.question) {
            return Ok(answer);
        }
        if self.declined_since(begun, &request.question) {
            return Err(AskError::Cancelled);
        }
        self.ask_person(request, begun, can_remember).await
    }

    async fn ask_person(
        &self,
        request: Request,
        begun: Instant,
        can_remember: bool,
    ) -> Result<Answer, AskError> {
        let question = request.question.clone();
        let last = self.last(&question);
        let hints = Hints {
            user: last
                .as_ref()
                .and_then(|given| given.answer.user.clone())
                .or_else(|| kind::suggested_user(&question).map(str::to_owned)),
            can_remember,
            remember: last.is_some_and(|given| given.remember || given.source == Source::Keyring),
        };
        let reply = match ask(self.asker.clone(), request, begun, hints).await {
            Ok(reply) => reply,
            Err(error) => {
                self.decline(question);
                return Err(error);
            }
        };
        let answer = answer_of(reply.user, reply.secret);
        self.give(&question, &answer, Source::Person, reply.remember);
        Ok(answer)
    }

    fn given(&self) -> MutexGuard<'_, Vec<Given>> {
        self.given.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn declined(&self) -> MutexGuard<'_, Vec<Declined>> {
        self.declined.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn decline(&self, question: Question) {
        let mut declined = self.declined();
        declined.retain(|one| !kind::is_same(&one.question, &question));
        let at = Instant::now();
        declined.push(Declined { question, at });
    }

    fn declined_since(&self, begun: Instant, question: &Question) -> bool {
        let declined = self.declined();
        let mut same = declined.iter();
        same.any(|one| one.at >= begun && kind::is_same(&one.question, question))
    }

    /// The answer that was given before and not refused.
    fn known(&self, question: &Question) -> Option<Answer> {
        let last = self.last(question).filter(|given| !given.refused);
        last.map(|given| given.answer)
    }

    fn given_since(&self, begun: Instant, question: &Question) -> Option<Answer> {
        let last = self.last(question).filter(|given| given.at >= begun);
        last.map(|given| given.answer)
    }

    fn last(&self, question: &Question) -> Option<Given> {
        let given = self.given();
        given
            .iter()
            .find(|one| kind::is_same(&one.question, question))
            .cloned()
    }

    fn give(&self, question: &Question, answer: &Answer, source: Source, remember: bool) {
        let mut given = self.given();
        given.retain(|one| !kind::is_same(&one.question, question));
        if kind::lasts(question) {
            given.push(Given {
                question: question.clone(),
                answer: answer.clone(),
                at: Instant::now(),
                source,
                remember,
                refused: false,
            });
        }
    }

    /// Takes note that the last answer was wrong; one of the keyring's goes from there.
    async fn refused(&self, question: &Question, place: Option<&Place>) {
        let mut wrong = None;
        for given in self.given().iter_mut() {
            if kind::is_same(&given.question, question) && !given.refused {
                given.refused = true;
                wrong = (given.source == Source::Keyring).then(|| given.answer.user.clone());
            }
        }
        if let (Some(user), Some(place)) = (wrong, place) {
            keyring::forget(place, user.as_deref()).await;
        }
    }

    /// Stores the answer to a question, if the user wanted that.
    fn keep(&self, question: &Question) {
        let mut proved = None;
        for given in self.given().iter_mut() {
            if kind::is_same(&given.question, question) && std::mem::take(&mut given.remember) {
                proved = Some(given.answer.clone());
            }
        }
        let place = Place::of(&self.asker, question);
        if let (Some(answer), Some(place)) = (proved, place) {
            runtime::detach(async move {
                keyring::store(&place, answer.user.as_deref(), &answer.secret).await;
            });
        }
    }
}

impl Credentials for UserCredentials {
    fn ask(&self, request: Request) -> AskFuture<'_> {
        Box::pin(self.answer(request))
    }

    fn accepted(&self, request: &Request) {
        self.keep(&request.question);
    }
}

/// Deletes every password that this program has put into the keyring; says how many that were. `None` when the keyring
/// did not let it.
pub async fn forget_remembered() -> Option<u32> {
    runtime::run(keyring::forget_all()).await
}

fn answer_of(user: Option<String>, secret: Secret) -> Answer {
    let mut answer = Answer::password(secret);
    answer.user = user;
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(uri: &str) -> Arc<UserCredentials> {
        UserCredentials::of_host(&uri.parse().unwrap())
    }

    fn question() -> Question {
        Question::UserPassword {
            user: None,
            realm: Some("host.example".to_owned()),
        }
    }

    fn tested(uri: &str, refused: bool) -> Arc<UserCredentials> {
        let tested = host(uri);
        let answer = answer_of(Some("me".to_owned()), Secret::from("secret".to_owned()));
        tested.give(&question(), &answer, Source::Person, false);
        if refused {
            tested.given()[0].refused = true;
        }
        tested.serve_next_host();
        tested
    }

    fn knows(uri: &str) -> bool {
        let added = host(uri).with_tested_answers();
        added.known(&question()).is_some()
    }

    #[test]
    fn a_test_that_passed_has_asked_for_the_host_that_is_added() {
        let uri = "qemu+tcp://host.example/system";
        assert!(!knows(uri));
        let test = tested(uri, false);
        assert!(knows(uri));
        assert!(!knows("qemu+tcp://other.example/system"));
        // A second test asks by itself.
        assert!(host(uri).known(&question()).is_none());
        drop(test);
        assert!(!knows(uri), "it was kept by nobody");
    }

    #[test]
    fn what_was_refused_is_asked_for_again() {
        let uri = "qemu+tcp://refused.example/system";
        let _test = tested(uri, true);
        assert!(!knows(uri));
    }
}
