//! What the dialog of each kind of question says. What comes from a server is shown as words, never as markup, and
//! shortened.

use crate::{
    app::i18n::{gettext, gettext_f},
    model::{Question, QuestionKind},
};

/// The longest text of a server that a dialog shows, in characters.
const LONGEST: usize = 300;

/// The words of a dialog.
pub(super) struct Wording {
    pub(super) heading: String,
    pub(super) body: String,
    /// The label of the button that answers; `None` where nobody answers.
    pub(super) accept: Option<String>,
}

impl Wording {
    pub(super) fn of(question: &Question) -> Self {
        let target = plain(question.target());
        match question.kind() {
            QuestionKind::KeyPassphrase { key } => Self::new(
                &gettext("Passphrase Required"),
                gettext_f("The private key {key} is locked.", &[("key", &plain(key))]),
                &gettext("_Unlock"),
            ),
            QuestionKind::OneTimeCode { prompt } => Self::new(
                &gettext("Code Required"),
                gettext_f(
                    // Translators: {prompt} is what a server asks, in its own words.
                    "“{name}” asks: {prompt}",
                    &[("name", &target), ("prompt", &plain(prompt))],
                ),
                &gettext("_Continue"),
            ),
            QuestionKind::TouchKey { .. } => Self {
                heading: gettext("Touch Your Security Key"),
                body: gettext_f(
                    "Signing in to “{name}” goes on when you touch the key.",
                    &[("name", &target)],
                ),
                accept: None,
            },
            QuestionKind::HostKey { host, .. } => Self::new(
                &gettext("Is This the Right Host?"),
                gettext_f(
                    "“{host}” is not known yet. Compare its fingerprint with the one that its administrator gave you. If they differ, somebody else may be answering in its place.",
                    &[("host", &plain(host))],
                ),
                &gettext("_Trust and Connect"),
            ),
            QuestionKind::PolkitPassword { message, .. } => Self::new(
                &gettext("Authentication Required"),
                plain(message),
                &gettext("_Authenticate"),
            ),
            _ => Self::new(
                &gettext("Password Required"),
                password_body(question, &target),
                &gettext("_Log In"),
            ),
        }
    }

    fn new(heading: &str, body: String, accept: &str) -> Self {
        Self {
            heading: heading.to_owned(),
            body,
            accept: Some(accept.to_owned()),
        }
    }
}

fn password_body(question: &Question, target: &str) -> String {
    match question.kind() {
        QuestionKind::SshPassword {
            user: Some(user),
            host,
        } => gettext_f(
            "Enter the password of {user} on “{host}”.",
            &[("user", &plain(user)), ("host", &plain(host))],
        ),
        QuestionKind::SshPassword { user: None, host } => gettext_f(
            "Enter your password on “{host}”.",
            &[("host", &plain(host))],
        ),
        _ if question.asker().guest.is_some() => gettext_f(
            "The screen of “{name}” asks for a password.",
            &[("name", target)],
        ),
        QuestionKind::UserPassword {
            realm: Some(realm), ..
        } => gettext_f(
            // Translators: {realm} is a name by which a server tells its groups of users apart.
            "“{name}” asks who you are, for “{realm}”.",
            &[("name", target), ("realm", &plain(realm))],
        ),
        _ => gettext_f("“{name}” asks who you are.", &[("name", target)]),
    }
}

/// Says what an attempt met that failed; the server's own words stand below it.
pub(super) fn failure(kind: &QuestionKind) -> String {
    match kind {
        QuestionKind::UserPassword { .. } => gettext("The user name or the password was wrong"),
        QuestionKind::KeyPassphrase { .. } => gettext("The passphrase was wrong"),
        QuestionKind::OneTimeCode { .. } => gettext("The code was not accepted"),
        _ => gettext("The password was wrong"),
    }
}

/// Gives what a server says of a failure, without what stands above it already.
pub(super) fn reason(text: &str) -> String {
    let text = plain(text);
    let mut parts: Vec<&str> = text.split(": ").collect();
    parts.dedup();
    match parts.as_slice() {
        ["authentication failed"] => String::new(),
        parts => parts.join(": "),
    }
}

/// Names the entry for the secret.
pub(super) fn entry(kind: &QuestionKind) -> String {
    match kind {
        QuestionKind::KeyPassphrase { .. } => gettext("_Passphrase"),
        QuestionKind::OneTimeCode { .. } => gettext("_Code"),
        _ => gettext("_Password"),
    }
}

/// Makes a server's words harmless: one line without control characters, and not too long.
pub(super) fn plain(text: &str) -> String {
    let mut words = String::new();
    for word in text.split(|c: char| c.is_whitespace() || c.is_control()) {
        if !word.is_empty() {
            if !words.is_empty() {
                words.push(' ');
            }
            words.push_str(word);
        }
    }
    match words.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &words[..end]),
        None => words,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_servers_words_are_made_harmless() {
        assert_eq!(plain(" a\u{1b}[31m\n\n b\0"), "a [31m b");
        let long = "ы".repeat(LONGEST + 5);
        assert_eq!(plain(&long).chars().count(), LONGEST + 1);
        assert_eq!(plain(""), "");
    }

    #[test]
    fn a_reason_says_nothing_twice() {
        assert_eq!(reason("authentication failed: authentication failed"), "");
        assert_eq!(reason("a: a: account locked"), "a: account locked");
    }
}
