//! What the kinds of questions have in common: which are the same question, and which answers last.

use innkeeper_core::security::Question;

/// Says whether two questions of one asker have the same answer. The user that is suggested makes no difference: it is
/// part of the answer.
pub(in crate::model) fn is_same(one: &Question, other: &Question) -> bool {
    match (one, other) {
        (
            Question::UserPassword { realm: one, .. },
            Question::UserPassword { realm: other, .. },
        ) => one == other,
        _ => one == other,
    }
}

/// Says whether an answer is good for a second question of the same words: a code is used up by its first use, a touch
/// is one touch, and how long polkit's answer lasts is for polkit to say.
pub(in crate::model) fn lasts(question: &Question) -> bool {
    question.can_be_remembered() || matches!(question, Question::HostKey { .. })
}

/// The user that a question suggests.
pub(in crate::model) fn suggested_user(question: &Question) -> Option<&str> {
    match question {
        Question::UserPassword { user, .. } | Question::SshPassword { user, .. } => user.as_deref(),
        Question::PolkitPassword { identities, .. } => identities.first().map(String::as_str),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn password(user: Option<&str>, realm: &str) -> Question {
        Question::UserPassword {
            user: user.map(str::to_owned),
            realm: Some(realm.to_owned()),
        }
    }

    #[test]
    fn a_suggested_user_makes_no_other_question() {
        assert!(is_same(&password(None, "a"), &password(Some("me"), "a")));
        assert!(!is_same(&password(None, "a"), &password(None, "b")));
        assert!(!is_same(&password(None, "a"), &Question::VncPassword));
    }

    #[test]
    fn codes_do_not_last() {
        let prompt = String::new();
        assert!(!lasts(&Question::OneTimeCode { prompt }));
        assert!(lasts(&Question::VncPassword));
    }
}
