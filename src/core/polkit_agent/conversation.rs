//! One request of polkit's, from the first question to the verdict: who authenticates, PAM's prompts, and another try
//! after a wrong password.
//!
//! It knows people only through [`Credentials`](link_security::Credentials) and PAM only through [`Helper`].

use std::time::Duration;

use link_security::{Answer, AskError, Question, Request, Secret};
use tokio::time::sleep;

use super::{
    desk::Asker,
    helper::{Helper, Line},
};

/// How often a password may be wrong. PAM's own rules may end it before.
const TRIES: usize = 3;

/// How long a message of PAM's may stand before it is shown by itself: one that comes with a prompt is shown there.
const GRACE: Duration = Duration::from_millis(300);

/// PAM's own words for a wrong password (`PAM_AUTH_ERR`), for modules that say nothing.
const REFUSED: &str = "Authentication failure";

/// What polkit wants to know.
pub(super) struct Wanted {
    /// What it is for, in the user's language.
    pub(super) message: String,
    /// Names the request; a secret between polkit, its helper and us.
    pub(super) cookie: String,
    /// The accounts that may authenticate, the likeliest first.
    pub(super) accounts: Vec<String>,
}

/// Why a request is not granted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// The person closed the question, or the connection was given up.
    Cancelled,
    /// The credentials have nobody to ask.
    NobodyToAsk,
    /// The last password was wrong as well; PAM's words.
    Wrong(String),
    /// The helper cannot do its work.
    Broken(String),
}

impl From<AskError> for End {
    fn from(error: AskError) -> Self {
        match error {
            AskError::Unavailable => Self::NobodyToAsk,
            _ => Self::Cancelled,
        }
    }
}

/// Leads a person through a request; returns when polkit knows that an account has proved itself.
pub(super) async fn prove(asker: &Asker, wanted: &Wanted) -> Result<(), End> {
    if wanted.accounts.is_empty() {
        let why = "polkit names no account of this system that could authenticate";
        return Err(End::Broken(why.to_owned()));
    }
    let mut refused = None;
    for _ in 0..TRIES {
        let mut attempt = Attempt {
            asker,
            wanted,
            notes: Vec::new(),
            refused,
            asked: None,
        };
        match attempt.run().await {
            // Without a question the next try would end the same way.
            Err(End::Wrong(why)) if attempt.asked.is_some() => refused = Some(why),
            end => return end,
        }
    }
    Err(End::Wrong(refused.unwrap_or_default()))
}

/// One try, with one helper.
struct Attempt<'a> {
    asker: &'a Asker,
    wanted: &'a Wanted,
    /// What PAM has said since the last prompt.
    notes: Vec<String>,
    /// Why the try before this one failed.
    refused: Option<String>,
    /// The last question.
    asked: Option<Request>,
}

impl Attempt<'_> {
    async fn run(&mut self) -> Result<(), End> {
        let (account, mut password) = self.choose().await?;
        let mut helper = Helper::start(&account, &self.wanted.cookie)
            .await
            .map_err(broken)?;
        let mut prompts = 0;
        loop {
            match self.next(&mut helper).await? {
                Line::Prompt { text, .. } => {
                    let secret = match password.take() {
                        Some(secret) => secret,
                        None => self.ask(self.question(text, prompts)).await?.secret,
                    };
                    prompts += 1;
                    self.notes.clear();
                    helper.answer(&secret).await.map_err(broken)?;
                }
                Line::Trouble(text) | Line::Info(text) => self.notes.push(text),
                Line::Success => {
                    if let Some(request) = &self.asked {
                        self.asker.credentials.accepted(request);
                    }
                    return Ok(());
                }
                Line::Failure => return Err(End::Wrong(self.why())),
            }
        }
    }

    /// Chooses the account. With a choice, the person makes it together with the password; else PAM asks first: it may
    /// want a finger and no password.
    async fn choose(&mut self) -> Result<(String, Option<Secret>), End> {
        let accounts = &self.wanted.accounts;
        if let [only] = &accounts[..] {
            return Ok((only.clone(), None));
        }
        let answer = self.ask(self.password(self.wanted.message.clone())).await?;
        // Polkit takes nobody else; a name that is not among them would be PAM's business only.
        let chosen = answer.user.filter(|user| accounts.contains(user));
        let chosen = chosen.or_else(|| accounts.first().cloned());
        Ok((chosen.unwrap_or_default(), Some(answer.secret)))
    }

    /// The first prompt is for the password; what comes after is something that changes, such as a code.
    fn question(&self, prompt: String, before: usize) -> Question {
        if before > 0 {
            return Question::OneTimeCode { prompt };
        }
        let mut lines = vec![self.wanted.message.clone()];
        lines.extend(self.notes.iter().cloned());
        if !prompt.trim().eq_ignore_ascii_case("password:") {
            lines.push(prompt.trim().to_owned());
        }
        self.password(lines.join("\n"))
    }

    fn password(&self, message: String) -> Question {
        Question::PolkitPassword {
            message,
            identities: self.wanted.accounts.clone(),
        }
    }

    async fn ask(&mut self, question: Question) -> Result<Answer, End> {
        let request = Request::new(question, self.asker.target.clone());
        let request = request.after_failure(self.refused.take());
        self.asked = Some(request.clone());
        Ok(self.asker.credentials.ask(request).await?)
    }

    /// Waits for the helper's next line. A message that stands alone asks for something to be done, such as to touch a
    /// key or lay a finger on the reader: it is shown until the helper goes on.
    async fn next(&mut self, helper: &mut Helper) -> Result<Line, End> {
        let Some(prompt) = self.notes.last().cloned() else {
            return helper.line().await.map_err(broken);
        };
        let show = async {
            sleep(GRACE).await;
            let request = Request::new(Question::TouchKey { prompt }, self.asker.target.clone());
            match self.asker.credentials.ask(request).await {
                Err(AskError::Cancelled) => {}
                // Nobody can be shown it, or somebody said that it is done: the helper knows.
                _ => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            line = helper.line() => line.map_err(broken),
            () = show => Err(End::Cancelled),
        }
    }

    fn why(&self) -> String {
        let told: Vec<_> = self
            .notes
            .iter()
            .filter(|note| !note.trim().is_empty())
            .collect();
        match told.last() {
            Some(note) => note.trim().to_owned(),
            None => REFUSED.to_owned(),
        }
    }
}

fn broken(error: std::io::Error) -> End {
    End::Broken(error.to_string())
}
