//! Under which attributes an answer lies in the keyring.
//!
//! A screen's password has virt-manager's own (features F091), so that what it kept is found here too; the others have
//! this program's: which service it opens, on which host, for which user.

use std::collections::HashMap;

use innkeeper_core::{Uri, security::Question};

use crate::{APP_ID, app::i18n::gettext_f, model::questions::Asker};

/// Marks what this program has stored, and may therefore delete.
pub(super) const OWNER: (&str, &str) = ("application", APP_ID);

/// Where an answer lies, or would lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::model) struct Place {
    /// By what it is found.
    pub(super) attributes: HashMap<&'static str, String>,
    /// Of what: a host, a key. For the name that a person reads.
    subject: String,
}

impl Place {
    /// Finds the place for the answer to a question; `None` where it must not be kept.
    pub(in crate::model) fn of(asker: &Asker, question: &Question) -> Option<Self> {
        let host = || host_of(&asker.uri);
        Some(match (question, asker.guest) {
            (Question::VncPassword, Some(guest)) => Self::new(
                format!("vm-console-{guest}"),
                &[("uuid", &guest.to_string()), ("hvuri", &asker.uri)],
            ),
            (Question::UserPassword { user, realm }, guest) => {
                let mut place = Self::new(host(), &[("host", &host())]);
                match guest {
                    Some(guest) => place.add("uuid", Some(&guest.to_string())),
                    None => place.add("realm", realm.as_ref()),
                }
                let service = if guest.is_some() { "vnc" } else { "libvirt" };
                place.add("service", Some(service));
                place.add("user", user.as_ref());
                place
            }
            (Question::SshPassword { user, host }, _) => {
                let mut place = Self::new(host.clone(), &[("service", "ssh"), ("host", host)]);
                place.add("user", user.as_ref());
                place
            }
            (Question::KeyPassphrase { key }, _) => {
                Self::new(key.clone(), &[("service", "ssh-key"), ("key", key)])
            }
            _ => return None,
        })
    }

    fn new(subject: String, attributes: &[(&'static str, &str)]) -> Self {
        let own = |(name, value): &(&'static str, &str)| (*name, (*value).to_owned());
        Self {
            attributes: attributes.iter().map(own).collect(),
            subject,
        }
    }

    fn add(&mut self, name: &'static str, value: Option<impl AsRef<str>>) {
        if let Some(value) = value {
            self.attributes.insert(name, value.as_ref().to_owned());
        }
    }

    /// Gives all the attributes of an item that is stored for this user.
    pub(super) fn stored(&self, user: Option<&str>) -> HashMap<&'static str, String> {
        let mut place = self.clone();
        place.add("user", user);
        place.add(OWNER.0, Some(OWNER.1));
        place.attributes
    }

    /// Names an item for the person who looks through the keyring.
    pub(super) fn label(&self, user: Option<&str>) -> String {
        if self.attributes.contains_key("hvuri") {
            // virt-manager's own name.
            return self.subject.clone();
        }
        match user.or(self.attributes.get("user").map(String::as_str)) {
            Some(user) => gettext_f(
                // Translators: names a password in the keyring.
                "Innkeeper: {user} on {host}",
                &[("user", user), ("host", &self.subject)],
            ),
            // Translators: names a password in the keyring; {subject} is a host or a key’s file.
            None => gettext_f("Innkeeper: {subject}", &[("subject", &self.subject)]),
        }
    }
}

/// The host's name, with the port that sets it apart from its neighbours; a socket where there is no host.
fn host_of(uri: &str) -> String {
    let Ok(uri) = uri.parse::<Uri>() else {
        return uri.to_owned();
    };
    let name = uri
        .host()
        .or(uri.parameter("socket"))
        .unwrap_or("localhost");
    match uri.port() {
        Some(port) => format!("{name}:{port}"),
        None => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const URI: &str = "qemu+tcp://host.example:16599/system";

    fn host() -> Asker {
        Asker {
            uri: URI.to_owned(),
            guest: None,
        }
    }

    fn attribute<'a>(place: &'a Place, name: &str) -> Option<&'a str> {
        place.attributes.get(name).map(String::as_str)
    }

    #[test]
    fn a_screens_password_lies_where_virt_manager_looks() {
        let asker = Asker {
            guest: Some(Uuid::from_u128(7)),
            ..host()
        };
        let place = Place::of(&asker, &Question::VncPassword).expect("it can be kept");
        assert_eq!(attribute(&place, "hvuri"), Some(URI));
        assert_eq!(place.attributes.len(), 2, "nothing else narrows the search");
        assert_eq!(
            place.label(None),
            "vm-console-00000000-0000-0000-0000-000000000007"
        );
        assert_eq!(place.stored(None).get("application").unwrap(), APP_ID);
    }

    #[test]
    fn a_hosts_password_is_found_by_host_and_kept_for_its_user() {
        let question = Question::UserPassword {
            user: None,
            realm: Some("lab".to_owned()),
        };
        let place = Place::of(&host(), &question).expect("it can be kept");
        assert_eq!(attribute(&place, "host"), Some("host.example:16599"));
        assert_eq!(attribute(&place, "service"), Some("libvirt"));
        assert_eq!(attribute(&place, "realm"), Some("lab"));
        assert_eq!(attribute(&place, "user"), None);
        assert_eq!(place.stored(Some("alice")).get("user").unwrap(), "alice");
    }

    #[test]
    fn what_is_good_once_has_no_place() {
        let prompt = "Code:".to_owned();
        assert_eq!(Place::of(&host(), &Question::OneTimeCode { prompt }), None);
        let question = Question::PolkitPassword {
            message: String::new(),
            identities: Vec::new(),
        };
        assert_eq!(Place::of(&host(), &question), None);
        // A host has no screen.
        assert_eq!(Place::of(&host(), &Question::VncPassword), None);
    }
}
