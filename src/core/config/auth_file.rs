//! `auth.conf`: passwords that an administrator wrote down for libvirt's clients.
//!
//! Where it lies: libvirt's `src/util/virauth.c`; its form and what is looked up in it: `virauthconfig.c` and
//! `docs/auth.rst`.

use std::path::{Path, PathBuf};

use link_security::Secret;

use super::{SYSTEM, user_folder};
use crate::Uri;

/// What the file knows for one service on one host.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Known {
    /// The account's name.
    pub(crate) user: Option<String>,
    /// The realm that it is in.
    pub(crate) realm: Option<String>,
    /// Its password.
    pub(crate) password: Option<Secret>,
}

/// Finds the file that counts for a URI: what is set by hand, the variable `LIBVIRT_AUTH_FILE`, the URI's parameter
/// `authfile`, the user's, the system's.
pub(crate) fn locate(by_hand: Option<&Path>, uri: &Uri) -> Option<PathBuf> {
    if let Some(path) = by_hand {
        return Some(path.to_owned());
    }
    if let Some(path) = std::env::var_os("LIBVIRT_AUTH_FILE") {
        return Some(PathBuf::from(path));
    }
    if let Some(path) = uri.parameter("authfile") {
        return Some(PathBuf::from(path));
    }
    let places = user_folder().into_iter().chain([PathBuf::from(SYSTEM)]);
    places
        .map(|folder| folder.join("auth.conf"))
        .find(|path| rustix::fs::access(path, rustix::fs::Access::READ_OK).is_ok())
}

/// Looks up what a file knows. What is wrong with it is logged, without its content, and counts as nothing known.
pub(crate) async fn look_up(path: Option<PathBuf>, service: &str, host: &str) -> Known {
    let Some(path) = path else {
        return Known::default();
    };
    let text = match tokio::fs::read_to_string(&path).await {
        Ok(text) => Secret::from(text),
        Err(error) => {
            tracing::warn!(path = %path.display(), %error, "auth.conf cannot be read");
            return Known::default();
        }
    };
    find(text.reveal(), service, host)
}

fn find(text: &str, service: &str, host: &str) -> Known {
    let groups = Groups(text);
    let login = groups
        .group(&format!("auth-{service}-{host}"))
        .or_else(|| groups.group(&format!("auth-{service}-default")));
    let name = login.and_then(|group| value(group, "credentials"));
    let Some(group) = name.and_then(|name| groups.group(&format!("credentials-{name}"))) else {
        return Known::default();
    };
    let text = |name: &str| value(group, name).map(str::to_owned);
    Known {
        user: text("authname").or_else(|| text("username")),
        realm: text("realm"),
        password: value(group, "password").map(Secret::from),
    }
}

/// A file of groups, each a line in brackets with `name=value` below it.
struct Groups<'a>(&'a str);

impl<'a> Groups<'a> {
    /// The lines below a group's name.
    fn group(&self, name: &str) -> Option<&'a str> {
        let mut rest = self.0;
        loop {
            let (line, behind) = rest.split_once('\n').unwrap_or((rest, ""));
            let title = line.trim().strip_prefix('[');
            if title.and_then(|title| title.strip_suffix(']')) == Some(name) {
                return Some(behind);
            }
            if behind.is_empty() {
                return None;
            }
            rest = behind;
        }
    }
}

/// The value of a name in the lines up to the next group.
fn value<'a>(group: &'a str, name: &str) -> Option<&'a str> {
    group
        .lines()
        .map(str::trim)
        .take_while(|line| !line.starts_with('['))
        .filter(|line| !line.starts_with(['#', ';']))
        .filter_map(|line| line.split_once('='))
        .find(|(key, _)| key.trim() == name)
        .map(|(_, value)| value.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As in libvirt's docs/auth.rst.
    const FILE: &str = "[credentials-test]\nauthname=fred\npassword=123456\n# a comment\n\n\
        [credentials-prod]\nauthname = bar\nrealm=PROD\npassword = let=me in \n\n\
        [auth-libvirt-test1.example.com]\ncredentials=test\n[auth-libvirt-default]\ncredentials=prod\n\
        [auth-esx-vc]\ncredentials=gone\n[credentials-root]\nusername=root\n[auth-ssh-h]\ncredentials=root";

    fn known(service: &str, host: &str) -> (Option<String>, Option<String>, Option<String>) {
        let known = find(FILE, service, host);
        let password = known.password.map(|secret| secret.reveal().to_owned());
        (known.user, known.realm, password)
    }

    #[test]
    fn a_host_is_found_by_its_name_or_as_the_default() {
        let some = |text: &str| Some(text.to_owned());
        let test = (some("fred"), None, some("123456"));
        assert_eq!(known("libvirt", "test1.example.com"), test);
        let prod = (some("bar"), some("PROD"), some("let=me in"));
        assert_eq!(known("libvirt", "other"), prod);
        assert_eq!(known("ssh", "h"), (some("root"), None, None));
        for (service, host) in [("esx", "vc"), ("vnc", "h"), ("ssh", "other")] {
            assert_eq!(known(service, host), (None, None, None));
        }
    }

    #[test]
    fn the_file_is_looked_for_in_libvirts_order() {
        let uri: Uri = "qemu+tcp://h/system?authfile=/by/uri".parse().unwrap();
        let by_hand = Path::new("/by/hand");
        assert_eq!(locate(Some(by_hand), &uri).unwrap(), by_hand);
        // The variable is not set in tests.
        assert_eq!(locate(None, &uri).unwrap(), Path::new("/by/uri"));
    }

    #[tokio::test]
    async fn a_file_that_cannot_be_read_knows_nothing() {
        let path = Some(PathBuf::from("/nonexistent/auth.conf"));
        assert_eq!(look_up(path, "libvirt", "h").await, Known::default());
        assert_eq!(look_up(None, "libvirt", "h").await, Known::default());
    }
}
