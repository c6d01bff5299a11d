//! The hosts that the user's OpenSSH knows, to complete a name while it is typed.
//!
//! Names come from the `Host` lines of ssh's configuration ([`config`]) and from the files of known host keys
//! ([`known`]). Nothing is resolved and nobody is asked. The files are the user's own, still every read is bounded: a
//! file may be a device, an `Include` may lead to itself.

mod config;
mod known;

use std::{
    collections::HashSet,
    fs::File,
    io::Read,
    path::{Path, PathBuf},
};

/// How much of one file is read, in bytes.
const FILE_LIMIT: u64 = 1 << 20;
/// How many hosts are collected at most.
const HOST_LIMIT: usize = 10_000;

/// A host by the name under which ssh reaches it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct SshHost {
    /// What is given to ssh: an alias of its configuration, a name, or an address without brackets.
    pub name: String,
    /// The port under which its key is known; `None` for ssh's own, and where the configuration says it.
    pub port: Option<u16>,
    /// The name or address that the configuration puts in an alias' place, with its user where it sets one.
    pub target: Option<String>,
}

/// Where ssh keeps what it knows.
#[derive(Clone, Debug)]
pub struct SshFiles {
    /// The user's folder, `~/.ssh`.
    pub user: PathBuf,
    /// The folder of the whole machine, `/etc/ssh`.
    pub system: PathBuf,
}

impl SshFiles {
    /// Takes the usual folders; the user's home is that of the environment.
    pub fn usual() -> Self {
        let home = std::env::home_dir().unwrap_or_default();
        Self {
            user: home.join(".ssh"),
            system: PathBuf::from("/etc/ssh"),
        }
    }
}

/// Reads which hosts ssh knows: those of its configuration first, each name and port once.
///
/// Blocks on files; call it where that is allowed. Files that are missing or unreadable add nothing.
pub fn ssh_hosts(files: &SshFiles) -> Vec<SshHost> {
    let mut hosts = config::hosts(&files.user.join("config"), &files.user);
    hosts.extend(config::hosts(
        &files.system.join("ssh_config"),
        &files.system,
    ));
    for file in [
        files.user.join("known_hosts"),
        files.user.join("known_hosts2"),
        files.system.join("ssh_known_hosts"),
    ] {
        hosts.extend(known::hosts(&read(&file)));
    }
    let mut seen = HashSet::new();
    hosts.retain(|host| seen.insert((host.name.to_lowercase(), host.port)));
    hosts.truncate(HOST_LIMIT);
    hosts
}

/// Reads the beginning of a regular file as text; bytes that are not UTF-8 stay behind as marks.
fn read(path: &Path) -> String {
    let mut bytes = Vec::new();
    // What is looked at first is a pipe or a device only if somebody replaces it in between.
    let is_file = path.metadata().is_ok_and(|data| data.is_file());
    if is_file && let Ok(file) = File::open(path) {
        // What was read before an error still counts.
        let _ = file.take(FILE_LIMIT).read_to_end(&mut bytes);
    }
    if bytes.len() as u64 == FILE_LIMIT {
        // The last line may be cut in the middle of a name.
        let end = bytes.iter().rposition(|byte| *byte == b'\n');
        bytes.truncate(end.unwrap_or(0));
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Says whether a text can be a host's name: no pattern, no negation, nothing that a URI would have to hide.
fn is_name(text: &str) -> bool {
    let bad = |c: char| c.is_whitespace() || c.is_control() || "*?!/@#[]|,\u{fffd}".contains(c);
    !text.is_empty() && text.len() <= 255 && !text.starts_with('-') && !text.chars().any(bad)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn lab() -> (tempfile::TempDir, SshFiles) {
        let folder = tempfile::tempdir().unwrap();
        let files = SshFiles {
            user: folder.path().join("home/.ssh"),
            system: folder.path().join("etc"),
        };
        fs::create_dir_all(&files.user).unwrap();
        fs::create_dir_all(&files.system).unwrap();
        (folder, files)
    }

    fn names(files: &SshFiles) -> Vec<String> {
        ssh_hosts(files)
            .into_iter()
            .map(|host| match host.port {
                Some(port) => format!("{}:{port}", host.name),
                None => host.name,
            })
            .collect()
    }

    #[test]
    fn nothing_is_known_where_nothing_is() {
        let (_folder, files) = lab();
        assert!(ssh_hosts(&files).is_empty());
    }

    #[test]
    fn each_host_is_told_once_and_those_of_the_configuration_first() {
        let (_folder, files) = lab();
        fs::write(
            files.user.join("known_hosts"),
            "b,Alpha ssh-rsa A\nc ssh-rsa A\n",
        )
        .unwrap();
        fs::write(files.system.join("ssh_known_hosts"), "c,d ssh-rsa A\n").unwrap();
        fs::write(
            files.user.join("config"),
            "Host alpha\n  HostName 10.0.0.1\n",
        )
        .unwrap();
        fs::write(files.system.join("ssh_config"), "Host wide\n").unwrap();
        assert_eq!(names(&files), ["alpha", "wide", "b", "c", "d"]);
    }

    #[test]
    fn a_device_is_not_read_and_a_file_that_never_ends_is_cut() {
        let (_folder, files) = lab();
        std::os::unix::fs::symlink("/dev/zero", files.user.join("config")).unwrap();
        let line = "host.example ssh-rsa A\n";
        let text = line.repeat(FILE_LIMIT as usize / line.len() + 2) + "late ssh-rsa A\n";
        fs::write(files.user.join("known_hosts"), text).unwrap();
        assert_eq!(names(&files), ["host.example"]);
    }

    #[test]
    fn text_that_is_no_text_is_passed_over() {
        let (_folder, files) = lab();
        fs::write(
            files.user.join("known_hosts"),
            b"\xff\xfe ssh-rsa A\ngood ssh-rsa A\n",
        )
        .unwrap();
        assert_eq!(names(&files), ["good"]);
    }
}
