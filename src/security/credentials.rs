//! The questions that a protocol may ask while it authenticates, and the trait that answers them.
//!
//! It knows no protocol, no keyring and no dialog. A failed attempt is told through
//! [`Request::previous_failure`], so that the person who is asked again learns why.

use std::{fmt, future::Future, pin::Pin};

use crate::Secret;

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Question {
    /// The password of a VNC screen. Only its first eight bytes count (RFC 6143 §7.2.2).
    VncPassword,
    /// A user name with its password.
    UserPassword {
        /// The name to suggest, if one is known.
        user: Option<String>,
        /// The realm or mechanism on whose behalf the server asks, if it said so.
        realm: Option<String>,
    },
    /// The password of an account that ssh logs in to.
    SshPassword {
        /// The account, if ssh said it.
        user: Option<String>,
        /// The host, as ssh calls it.
        host: String,
    },
    /// The passphrase of a private key.
    KeyPassphrase {
        /// The key's file, or the name that ssh gives it.
        key: String,
    },
    /// A code that is good once: from a token, a phone or a list. Never worth storing.
    OneTimeCode {
        /// The server's words.
        prompt: String,
    },
    /// A security key waits to be touched. Nobody answers: the asker drops the future once it was touched.
    TouchKey {
        /// What ssh says about the key, or PAM about what it waits for, which may be a finger on a reader.
        prompt: String,
    },
    /// Whether a host that nobody has met is the right one. Answered by [`Answer::confirmed`], or by cancelling.
    HostKey {
        /// The host, as ssh calls it.
        host: String,
        /// The kind of key, such as `ED25519`.
        key_type: String,
        /// The fingerprint in OpenSSH's form, such as `SHA256:…`.
        fingerprint: String,
    },
    /// The password of an administrator, for polkit. The answer's user is one of the identities.
    PolkitPassword {
        /// What polkit says it is for, in the user's language.
        message: String,
        /// The accounts that may authenticate, the likeliest first.
        identities: Vec<String>,
    },
}

impl Question {
    /// Says whether the answer is a secret that stays the same, so that a keyring may keep it.
    pub fn can_be_remembered(&self) -> bool {
        match self {
            Self::VncPassword
            | Self::UserPassword { .. }
            | Self::SshPassword { .. }
            | Self::KeyPassphrase { .. } => true,
            Self::OneTimeCode { .. }
            | Self::TouchKey { .. }
            | Self::HostKey { .. }
            | Self::PolkitPassword { .. } => false,
        }
    }
}

/// One question with what a person needs to know to answer it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Request {
    /// What is asked for.
    pub question: Question,
    /// Who asks: a guest's or a host's name as the user knows it. May be empty.
    pub target: String,
    /// Why the attempt before this one failed, in the server's words. `None` at the first attempt.
    pub previous_failure: Option<String>,
}

impl Request {
    /// Builds a first question.
    pub fn new(question: Question, target: impl Into<String>) -> Self {
        Self {
            question,
            target: target.into(),
            previous_failure: None,
        }
    }

    /// Adds why the attempt before this one failed.
    #[must_use]
    pub fn after_failure(mut self, reason: Option<String>) -> Self {
        self.previous_failure = reason;
        self
    }
}

/// The answer to a [`Request`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Answer {
    /// The user name, where the question asked for one.
    pub user: Option<String>,
    /// The secret.
    pub secret: Secret,
}

impl Answer {
    /// Answers with a password alone.
    pub fn password(secret: impl Into<Secret>) -> Self {
        Self {
            user: None,
            secret: secret.into(),
        }
    }

    /// Answers with a user name and its password.
    pub fn user_password(user: impl Into<String>, secret: impl Into<Secret>) -> Self {
        Self {
            user: Some(user.into()),
            secret: secret.into(),
        }
    }

    /// Answers yes to a question that asks for no secret.
    pub fn confirmed() -> Self {
        Self {
            user: None,
            secret: Secret::default(),
        }
    }
}

/// Why no answer came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AskError {
    /// The person closed the question. Nothing is to be shown.
    #[error("the question was cancelled")]
    Cancelled,
    /// Nobody can be asked, and nothing is stored that would answer.
    #[error("no credentials are available")]
    Unavailable,
}

/// The future that [`Credentials::ask`] returns.
pub type AskFuture<'a> = Pin<Box<dyn Future<Output = Result<Answer, AskError>> + Send + 'a>>;

/// Answers the questions of a protocol: from a keyring, from a dialog, from a command line.
pub trait Credentials: Send + Sync {
    /// Answers one question; may take as long as a person does.
    ///
    /// # Cancel safety
    /// The asker drops the future when the connection goes away: an open dialog must close then.
    fn ask(&self, request: Request) -> AskFuture<'_>;

    /// Learns that the last answer to this question led through, so that a keyring stores only what works.
    ///
    /// Must return at once. Not called for answers that turned out wrong, or whose fate is unknown.
    fn accepted(&self, _request: &Request) {}
}

impl fmt::Debug for dyn Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials(..)")
    }
}

/// Credentials that have no answer: for connections that are expected to ask nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoCredentials;

impl Credentials for NoCredentials {
    fn ask(&self, _request: Request) -> AskFuture<'_> {
        Box::pin(async { Err(AskError::Unavailable) })
    }
}

/// One password, known beforehand, that answers every question but not a second time.
#[derive(Clone)]
pub struct FixedPassword {
    answer: Answer,
}

impl FixedPassword {
    /// Keeps a password to answer with.
    pub fn new(secret: impl Into<Secret>) -> Self {
        Self {
            answer: Answer::password(secret),
        }
    }
}

impl fmt::Debug for FixedPassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FixedPassword(..)")
    }
}

impl Credentials for FixedPassword {
    /// A password that failed once is not sent again.
    fn ask(&self, request: Request) -> AskFuture<'_> {
        Box::pin(async move {
            match request.previous_failure {
                None => Ok(self.answer.clone()),
                Some(_) => Err(AskError::Unavailable),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use std::task::{Context, Poll, Waker};

    use super::*;

    fn ready(mut future: AskFuture<'_>) -> Result<Answer, AskError> {
        match future
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()))
        {
            Poll::Ready(answer) => answer,
            Poll::Pending => panic!("the answer should be ready"),
        }
    }

    #[test]
    fn a_fixed_password_answers_only_once() {
        let credentials = FixedPassword::new("abc");
        let first = Request::new(Question::VncPassword, "guest");
        assert_eq!(
            ready(credentials.ask(first.clone()))
                .unwrap()
                .secret
                .reveal(),
            "abc"
        );
        let second = first.after_failure(Some("no".into()));
        assert_eq!(
            ready(credentials.ask(second)).unwrap_err(),
            AskError::Unavailable
        );
    }

    #[test]
    fn what_is_good_once_is_not_remembered() {
        let prompt = || "Code:".to_owned();
        assert!(!Question::OneTimeCode { prompt: prompt() }.can_be_remembered());
        assert!(!Question::TouchKey { prompt: prompt() }.can_be_remembered());
        assert!(Question::KeyPassphrase { key: "id".into() }.can_be_remembered());
        assert!(Question::VncPassword.can_be_remembered());
    }

    #[test]
    fn requests_and_answers_show_no_secret() {
        let answer = Answer::user_password("me", "hunter2");
        assert!(!format!("{answer:?}").contains("hunter2"));
        assert!(!format!("{:?}", FixedPassword::new("hunter2")).contains("hunter2"));
    }
}
