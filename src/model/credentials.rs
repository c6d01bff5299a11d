//! Questions that a wire asks, answered from the keyring or carried to a window.

use std::sync::{Arc, Mutex, PoisonError};

use innkeeper_core::security::{Answer, AskError, AskFuture, Credentials, Request, Secret};

use super::keyring;

/// A question for a person, on its way to a window. Dropping it unanswered cancels it.
#[derive(Debug)]
pub struct Question {
    request: Request,
    reply: async_channel::Sender<Reply>,
}

#[derive(Debug)]
struct Reply {
    secret: Secret,
    remember: bool,
}

impl Question {
    /// Gives what the last answer met, in the server's words; `None` at the first time.
    pub fn previous_failure(&self) -> Option<&str> {
        self.request.previous_failure.as_deref()
    }

    /// Gives whose password is asked for, as the user knows it.
    pub fn target(&self) -> &str {
        &self.request.target
    }

    /// Answers with a password.
    pub fn answer(self, password: String, remember: bool) {
        let reply = Reply {
            secret: password.into(),
            remember,
        };
        let _ = self.reply.try_send(reply);
    }

    /// Waits until the asker needs no answer any more, because its link went away.
    ///
    /// # Cancel safety
    /// Dropping the future loses nothing.
    pub fn withdrawn(&self) -> impl Future<Output = ()> + 'static {
        let reply = self.reply.clone();
        async move { reply.closed().await }
    }
}

/// Credentials of one guest's screen: the keyring first, then a person.
pub(super) struct GuestCredentials {
    identity: keyring::Identity,
    questions: async_channel::Sender<Question>,
    to_remember: Mutex<Option<Secret>>,
}

impl GuestCredentials {
    /// Makes credentials and the channel through which a window hears its questions.
    pub(super) fn new(
        identity: keyring::Identity,
    ) -> (Arc<Self>, async_channel::Receiver<Question>) {
        let (questions, asked) = async_channel::bounded(1);
        let credentials = Self {
            identity,
            questions,
            to_remember: Mutex::new(None),
        };
        (Arc::new(credentials), asked)
    }

    /// Keeps the last password in the keyring, if the user wanted that: called once it has proved right.
    pub(super) async fn remember_proved(&self) {
        let secret = self.lock().take();
        if let Some(secret) = secret {
            keyring::store(&self.identity, &secret).await;
        }
    }

    async fn ask_person(&self, request: Request) -> Result<Answer, AskError> {
        let (reply, replied) = async_channel::bounded(1);
        let question = Question { request, reply };
        self.questions
            .send(question)
            .await
            .map_err(|_| AskError::Unavailable)?;
        let reply = replied.recv().await.map_err(|_| AskError::Cancelled)?;
        *self.lock() = reply.remember.then(|| reply.secret.clone());
        Ok(Answer::password(reply.secret))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Secret>> {
        self.to_remember
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Credentials for GuestCredentials {
    fn ask(&self, request: Request) -> AskFuture<'_> {
        Box::pin(async move {
            if request.previous_failure.is_some() {
                return self.ask_person(request).await;
            }
            match keyring::find(&self.identity).await {
                Some(secret) => Ok(Answer::password(secret)),
                None => self.ask_person(request).await,
            }
        })
    }
}
