//! ssh's questions, read: which of our questions each one is.
//!
//! The words are OpenSSH's (`sshconnect.c`, `sshconnect2.c`, `readpass.c`); what is not known is put to a person as it
//! is.

use link_security::Question;

use crate::askpass::Message;

/// What to do about a question of ssh's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// Ask it.
    Ask(Question),
    /// Say no: it is about more than this connection.
    Decline,
}

impl Asked {
    pub(super) fn read(message: &Message) -> Self {
        let prompt = message.prompt.trim();
        match message.hint.as_str() {
            "none" => return Self::Ask(touch(prompt)),
            // Whether to add a key to the agent, or to let the agent use one.
            "confirm" => return Self::Decline,
            _ => {}
        }
        if prompt.starts_with("Accept updated hostkeys?") {
            return Self::Decline;
        }
        let known = host_key(prompt)
            .or_else(|| passphrase(prompt))
            .or_else(|| password(prompt));
        Self::Ask(known.unwrap_or_else(|| Question::OneTimeCode {
            prompt: prompt.to_owned(),
        }))
    }
}

/// The yes or no that goes back for a host's key.
pub(super) const YES: &str = "yes";

fn touch(prompt: &str) -> Question {
    Question::TouchKey {
        prompt: prompt.to_owned(),
    }
}

/// "The authenticity of host 'h (1.2.3.4)' can't be established.\nED25519 key fingerprint is SHA256:….\n…".
fn host_key(prompt: &str) -> Option<Question> {
    let host = prompt
        .split_once("authenticity of host '")
        .and_then(|(_, rest)| rest.split_once('\''))?
        .0;
    // The address in brackets says nothing new of a host that was named by it.
    let host = match host.strip_suffix(')').and_then(|it| it.split_once(" (")) {
        Some((name, address)) if name == address => name,
        _ => host,
    };
    let line = prompt
        .lines()
        .find(|line| line.contains(" key fingerprint is "))?;
    let (key_type, fingerprint) = line.split_once(" key fingerprint is ")?;
    Some(Question::HostKey {
        host: host.to_owned(),
        key_type: key_type.trim().to_owned(),
        fingerprint: fingerprint.trim().trim_end_matches('.').to_owned(),
    })
}

/// "Enter passphrase for key '/home/me/.ssh/id': ", also without the quotes and "key".
fn passphrase(prompt: &str) -> Option<Question> {
    let rest = prompt.strip_prefix("Enter passphrase for ")?;
    let rest = rest.strip_prefix("key ").unwrap_or(rest);
    let key = rest.trim_end_matches([':', ' ']).trim_matches(['\'', '"']);
    Some(Question::KeyPassphrase {
        key: key.to_owned(),
    })
}

/// "me@host's password: ", and what keyboard-interactive makes of it: "(me@host) Password: ".
fn password(prompt: &str) -> Option<Question> {
    if let Some(account) = prompt.strip_suffix("'s password:") {
        return Some(of_account(account));
    }
    let (account, rest) = prompt.strip_prefix('(')?.split_once(") ")?;
    let is_password = rest
        .trim_end_matches([':', ' '])
        .eq_ignore_ascii_case("password");
    is_password.then(|| of_account(account))
}

fn of_account(account: &str) -> Question {
    let (user, host) = match account.rsplit_once('@') {
        Some((user, host)) => (Some(user.to_owned()), host),
        None => (None, account),
    };
    Question::SshPassword {
        user,
        host: host.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(hint: &str, prompt: &str) -> Asked {
        Asked::read(&Message {
            token: String::new(),
            hint: hint.to_owned(),
            prompt: prompt.to_owned(),
        })
    }

    fn asked(prompt: &str) -> Question {
        match read("", prompt) {
            Asked::Ask(question) => question,
            Asked::Decline => panic!("declined"),
        }
    }

    #[test]
    fn passwords_name_their_account() {
        let password = |user: &str, host: &str| Question::SshPassword {
            user: Some(user.to_owned()),
            host: host.to_owned(),
        };
        assert_eq!(asked("me@host's password: "), password("me", "host"));
        assert_eq!(
            asked("me@corp@host's password: "),
            password("me@corp", "host")
        );
        assert_eq!(asked("(me@host) Password: "), password("me", "host"));
    }

    #[test]
    fn keys_are_named() {
        let key = |key: &str| Question::KeyPassphrase {
            key: key.to_owned(),
        };
        assert_eq!(
            asked("Enter passphrase for key '/home/me/.ssh/id': "),
            key("/home/me/.ssh/id")
        );
        assert_eq!(asked("Enter passphrase for /k: "), key("/k"));
    }

    #[test]
    fn codes_and_the_unknown_are_asked_in_the_servers_words() {
        for prompt in [
            "(me@host) Verification code: ",
            "Enter PIN for ED25519-SK key /k: ",
            "Enter me@host's new password: ",
        ] {
            let prompt = prompt.trim().to_owned();
            assert_eq!(asked(&prompt), Question::OneTimeCode { prompt });
        }
    }

    #[test]
    fn an_unknown_host_shows_its_key() {
        let prompt = "The authenticity of host '[h]:2222 ([10.0.0.1]:2222)' can't be established.\n\
            ED25519 key fingerprint is SHA256:qHTu+/x.\nThis key is not known by any other names.\n\
            Are you sure you want to continue connecting (yes/no/[fingerprint])? ";
        let key = Question::HostKey {
            host: "[h]:2222 ([10.0.0.1]:2222)".to_owned(),
            key_type: "ED25519".to_owned(),
            fingerprint: "SHA256:qHTu+/x".to_owned(),
        };
        assert_eq!(asked(prompt), key);
    }

    #[test]
    fn a_host_that_was_named_by_its_address_is_named_once() {
        let prompt = "The authenticity of host '[10.0.0.1]:2222 ([10.0.0.1]:2222)' can't be established.\n\
            ED25519 key fingerprint is SHA256:qHTu+/x.\n";
        let Question::HostKey { host, .. } = asked(prompt) else {
            panic!("another question");
        };
        assert_eq!(host, "[10.0.0.1]:2222");
    }

    #[test]
    fn touches_are_news_and_the_rest_is_declined() {
        let prompt = "Confirm user presence for key ED25519-SK SHA256:abc";
        assert_eq!(read("none", prompt), Asked::Ask(touch(prompt)));
        assert_eq!(read("confirm", "Add key /k (me) to agent?"), Asked::Decline);
        assert_eq!(
            read("", "Accept updated hostkeys? (yes/no): "),
            Asked::Decline
        );
    }
}
