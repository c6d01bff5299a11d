//! One question for a person, and the way back of its answer.

use std::{sync::LazyLock, time::Instant};

use innkeeper_core::security::{AskError, Question as Kind, Request, Secret};
use uuid::Uuid;

use super::desk::Turn;

/// Who asks, so that the question appears in the right window, and so that one asker shows one question at a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asker {
    /// The connection's URI.
    pub uri: String,
    /// The guest whose screen asks; `None` for the host itself.
    pub guest: Option<Uuid>,
}

/// What a person answered.
#[derive(Clone, Debug)]
pub(in crate::model) struct Reply {
    pub(in crate::model) user: Option<String>,
    pub(in crate::model) secret: Secret,
    pub(in crate::model) remember: bool,
}

/// What is known beforehand of an answer.
#[derive(Clone, Debug, Default)]
pub(in crate::model) struct Hints {
    /// The user of the last answer, or of the question.
    pub(in crate::model) user: Option<String>,
    /// Whether a keyring is there that could keep the answer.
    pub(in crate::model) can_remember: bool,
    /// Whether the last answer was to be kept.
    pub(in crate::model) remember: bool,
}

/// A question between the task that asks and the main loop.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) asker: Asker,
    pub(super) request: Request,
    pub(super) begun: Instant,
    hints: Hints,
    pub(super) reply: async_channel::Sender<Reply>,
}

impl Drop for Asked {
    /// Whoever only watches holds a sender too: the asker must hear that no answer comes.
    fn drop(&mut self) {
        self.reply.close();
    }
}

type Counter = (async_channel::Sender<Asked>, async_channel::Receiver<Asked>);

/// What was asked and has not reached the main loop yet.
static COUNTER: LazyLock<Counter> = LazyLock::new(async_channel::unbounded);

/// Gives the questions in the order in which they were asked.
pub(super) fn arrivals() -> async_channel::Receiver<Asked> {
    COUNTER.1.clone()
}

/// Asks a person; waits for as long as that takes. Questions stand in the order in which they began.
///
/// # Cancel safety
/// Dropping the future withdraws the question: its dialog closes.
pub(in crate::model) async fn ask(
    asker: Asker,
    request: Request,
    begun: Instant,
    hints: Hints,
) -> Result<Reply, AskError> {
    let (reply, replied) = async_channel::bounded(1);
    let question = Asked {
        asker,
        request,
        begun,
        hints,
        reply,
    };
    COUNTER
        .0
        .send(question)
        .await
        .map_err(|_| AskError::Unavailable)?;
    replied.recv().await.map_err(|_| AskError::Cancelled)
}

/// A question for a person. Dropping it unanswered cancels it, and with it what the same asker asks alike.
#[derive(Debug)]
pub struct Question {
    asked: Option<Asked>,
    turn: Turn,
}

impl Question {
    pub(super) fn new(asked: Asked, turn: Turn) -> Self {
        Self {
            asked: Some(asked),
            turn,
        }
    }

    fn asked(&self) -> &Asked {
        self.asked.as_ref().expect("taken only by the answer")
    }

    /// Gives what is asked for.
    pub fn kind(&self) -> &Kind {
        &self.asked().request.question
    }

    /// Gives who asks.
    pub fn asker(&self) -> &Asker {
        &self.asked().asker
    }

    /// Gives who asks, as the user knows it: a guest's or a host's name.
    pub fn target(&self) -> &str {
        &self.asked().request.target
    }

    /// Gives what the last answer met, in the server's words; `None` at the first time.
    pub fn previous_failure(&self) -> Option<&str> {
        self.asked().request.previous_failure.as_deref()
    }

    /// Gives the user name to suggest.
    pub fn suggested_user(&self) -> Option<&str> {
        self.asked().hints.user.as_deref()
    }

    /// Says whether the answer could be kept in a keyring.
    pub fn can_be_remembered(&self) -> bool {
        self.asked().hints.can_remember
    }

    /// Says whether the last answer was to be kept.
    pub fn is_remembered(&self) -> bool {
        self.asked().hints.remember
    }

    /// Answers with a secret, and a user where one is asked for.
    pub fn answer(mut self, user: Option<String>, secret: String, remember: bool) {
        let reply = Reply {
            user,
            secret: secret.into(),
            remember,
        };
        if let Some(asked) = self.asked.take() {
            self.turn.pass_on(&asked, &reply);
            let _ = asked.reply.try_send(reply);
        }
    }

    /// Answers yes.
    pub fn confirm(self) {
        self.answer(None, String::new(), false);
    }

    /// Waits until the asker needs no answer any more, because its link went away or what was wanted has happened.
    ///
    /// # Cancel safety
    /// Dropping the future loses nothing.
    pub fn withdrawn(&self) -> impl Future<Output = ()> + 'static {
        let reply = self.asked().reply.clone();
        async move { reply.closed().await }
    }
}

impl Drop for Question {
    fn drop(&mut self) {
        if let Some(asked) = self.asked.take()
            && !asked.reply.is_closed()
        {
            self.turn.cancel_alike(&asked);
        }
    }
}
