//! Turns what a mechanism wants to know into questions for a person, each asked once in an exchange.

use super::cyrus::{Failure, Prompt, PromptKind};
use super::{SaslError, Setup};
use crate::{Answer, AskError, Credentials, Question, Request, Secret};

/// The questions of one exchange and their answers.
pub(super) struct Questions {
    user: Option<String>,
    realm: Option<String>,
    target: String,
    previous_failure: Option<String>,
    /// The name with its password, once somebody has given them.
    login: Option<(Request, Answer)>,
    asked: bool,
}

impl Questions {
    pub(super) fn new(setup: &Setup) -> Self {
        Self {
            user: setup.user.clone(),
            realm: setup.realm.clone(),
            target: setup.target.clone(),
            previous_failure: setup.previous_failure.clone(),
            login: None,
            asked: false,
        }
    }

    /// Finds an answer to each prompt.
    pub(super) async fn answer(
        &mut self,
        prompts: &[Prompt],
        credentials: &dyn Credentials,
    ) -> Result<Vec<Secret>, SaslError> {
        let mut answers = Vec::with_capacity(prompts.len());
        for prompt in prompts {
            let answer = match prompt.kind {
                PromptKind::Realm => Secret::from(self.realm_for(prompt)),
                PromptKind::Code => self.ask(code(prompt), credentials).await?.1.secret,
                PromptKind::Name => {
                    let user = self.login(credentials).await?.user.clone();
                    let user = user.or_else(|| self.user.clone());
                    user.ok_or(SaslError::CredentialsUnavailable)?.into()
                }
                PromptKind::Password => self.login(credentials).await?.secret.clone(),
            };
            if answer.reveal().contains('\0') {
                let reason = "it contains a zero byte".to_owned();
                return Err(SaslError::UnusableAnswer { reason });
            }
            answers.push(answer);
        }
        Ok(answers)
    }

    async fn login(&mut self, credentials: &dyn Credentials) -> Result<&Answer, SaslError> {
        let login = if let Some(login) = self.login.take() {
            login
        } else {
            let question = Question::UserPassword {
                user: self.user.clone(),
                realm: self.realm.clone(),
            };
            self.ask(question, credentials).await?
        };
        Ok(&self.login.insert(login).1)
    }

    async fn ask(
        &mut self,
        question: Question,
        credentials: &dyn Credentials,
    ) -> Result<(Request, Answer), SaslError> {
        let request = Request::new(question, self.target.as_str())
            .after_failure(self.previous_failure.clone());
        match credentials.ask(request.clone()).await {
            Ok(answer) => {
                self.asked = true;
                Ok((request, answer))
            }
            Err(AskError::Cancelled) => Err(SaslError::Cancelled),
            Err(AskError::Unavailable) => Err(SaslError::CredentialsUnavailable),
        }
    }

    /// The realm that is known, else the server's default, else the first that it offers (`{one, another}`).
    fn realm_for(&self, prompt: &Prompt) -> String {
        let known = self.realm.clone().or_else(|| prompt.default.clone());
        known.unwrap_or_else(|| {
            let offered = prompt.challenge.trim_matches(['{', '}', ' ']);
            offered.split(", ").next().unwrap_or_default().to_owned()
        })
    }

    /// Says whether somebody gave an answer.
    pub(super) fn asked(&self) -> bool {
        self.asked
    }

    /// Tells who answered that the answers led through.
    pub(super) fn accepted(&self, credentials: &dyn Credentials) {
        if let Some((request, _)) = &self.login {
            credentials.accepted(request);
        }
    }

    /// Names a failure: when a person has just answered, the answer is what could not be used.
    pub(super) fn explain(&self, failure: Failure) -> SaslError {
        match &self.login {
            Some(_) => SaslError::UnusableAnswer {
                reason: failure.text,
            },
            None => failure.into(),
        }
    }
}

fn code(prompt: &Prompt) -> Question {
    let words = [prompt.challenge.as_str(), prompt.text.as_str()];
    let prompt = words.join(" ").trim().to_owned();
    Question::OneTimeCode { prompt }
}
