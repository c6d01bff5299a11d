//! Asks a wire's questions on the terminal, for `--doctor`. What is secret is not shown as it is typed.

use std::{
    io::{self, Write},
    thread,
};

use innkeeper_core::security::{
    Answer, AskError, AskFuture, Credentials, Question, Request, Secret,
};

use super::i18n::{gettext, gettext_f};

/// Whoever sits at the terminal.
pub(super) struct OnTerminal;

impl Credentials for OnTerminal {
    /// Reading cannot be cancelled: a question that nobody needs any more stays until Enter is pressed.
    fn ask(&self, request: Request) -> AskFuture<'_> {
        Box::pin(async move {
            if let Question::TouchKey { prompt } = &request.question {
                eprintln!("{prompt}");
                // The asker drops the future once it was touched.
                return std::future::pending().await;
            }
            let (answer, answered) = async_channel::bounded(1);
            thread::spawn(move || answer.send_blocking(put(&request)));
            let answer = answered.recv().await;
            answer.unwrap_or(Err(AskError::Unavailable))
        })
    }
}

/// Asks one question. No answer is a refusal to give one.
fn put(request: &Request) -> Result<Answer, AskError> {
    if let Some(reason) = &request.previous_failure {
        eprintln!("{reason}");
    }
    match &request.question {
        Question::UserPassword { user, .. } => {
            let user = line(&gettext("User name: "), user.as_deref())?;
            Ok(Answer::user_password(user, secret(&gettext("Password: "))?))
        }
        Question::SshPassword { user, host } => {
            let account = user.iter().chain([host]).cloned().collect::<Vec<_>>();
            let account = [("account", account.join("@"))];
            let account = account
                .each_ref()
                .map(|(name, value)| (*name, value.as_str()));
            // Translators: {account} is such as “root@host.example”.
            secret(&gettext_f("Password of {account}: ", &account)).map(Answer::password)
        }
        Question::KeyPassphrase { key } => {
            let prompt = gettext_f("Passphrase of {key}: ", &[("key", key)]);
            secret(&prompt).map(Answer::password)
        }
        Question::OneTimeCode { prompt } => secret(prompt).map(Answer::password),
        Question::VncPassword => secret(&gettext("Password: ")).map(Answer::password),
        Question::HostKey {
            host,
            key_type,
            fingerprint,
        } => {
            eprintln!("{host}: {key_type} {fingerprint}");
            let yes = gettext("yes");
            let prompt = gettext_f(
                // Translators: {yes} is the word that is to be typed.
                "Nobody has met this host yet. Type “{yes}” to trust its key: ",
                &[("yes", &yes)],
            );
            let typed = line(&prompt, None)?;
            (typed == yes)
                .then(Answer::confirmed)
                .ok_or(AskError::Cancelled)
        }
        _ => Err(AskError::Unavailable),
    }
}

/// Reads a line; an empty one stands for what is suggested.
fn line(prompt: &str, suggested: Option<&str>) -> Result<String, AskError> {
    match suggested {
        Some(suggested) => eprint!("{prompt}[{suggested}] "),
        None => eprint!("{prompt}"),
    }
    let _ = io::stderr().flush();
    let mut typed = String::new();
    let read = io::stdin().read_line(&mut typed);
    let typed = match typed.trim() {
        "" => suggested.unwrap_or_default(),
        typed => typed,
    };
    if read.is_err() || typed.is_empty() {
        return Err(AskError::Cancelled);
    }
    Ok(typed.to_owned())
}

/// Reads what is not shown.
fn secret(prompt: &str) -> Result<Secret, AskError> {
    match rpassword::prompt_password(prompt) {
        Ok(typed) if !typed.is_empty() => Ok(Secret::new(typed)),
        _ => Err(AskError::Cancelled),
    }
}
