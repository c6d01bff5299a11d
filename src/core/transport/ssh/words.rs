//! What ssh says while it works and fails, and which of our errors that is.
//!
//! ssh runs with `LC_ALL=C`: its words are OpenSSH's own (`ssh.c`, `sshconnect.c`, `sshconnect2.c`, `channels.c`), those
//! of the C library behind them too.

use std::{collections::VecDeque, sync::Arc, time::Duration};

use tokio::{
    io::{AsyncRead, AsyncReadExt},
    sync::watch,
    time::timeout,
};

use super::login::Login;
use crate::{Error, ErrorKind};

/// How many lines are kept; the oldest go first. A banner may be long, and the reason comes last.
const LINES_MAX: usize = 200;

/// How much of a line is kept, in bytes.
const LINE_MAX: usize = 1_024;

/// The port of ssh, where its words name none.
const SSH_PORT: u16 = 22;

/// The collected lines of one error stream. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Words(Arc<watch::Sender<Lines>>);

#[derive(Debug, Default)]
struct Lines {
    kept: VecDeque<String>,
    /// How many there were in all.
    count: usize,
    ended: bool,
}

impl Words {
    /// Collects from a stream until it ends. Must be called within a tokio runtime.
    pub(super) fn of(stream: impl AsyncRead + Send + Unpin + 'static) -> Self {
        let words = Self(Arc::new(watch::Sender::new(Lines::default())));
        tokio::spawn(words.clone().collect(stream));
        words
    }

    async fn collect(self, mut stream: impl AsyncRead + Unpin) {
        let (mut buffer, mut line) = ([0; 4_096], Vec::new());
        while let Ok(count @ 1..) = stream.read(&mut buffer).await {
            for byte in buffer.iter().take(count) {
                match byte {
                    b'\n' => self.add(&std::mem::take(&mut line)),
                    _ if line.len() < LINE_MAX => line.push(*byte),
                    _ => {}
                }
            }
        }
        if !line.is_empty() {
            self.add(&line);
        }
        self.0.send_modify(|lines| lines.ended = true);
    }

    fn add(&self, line: &[u8]) {
        let text = String::from_utf8_lossy(line).trim_end().to_owned();
        tracing::debug!(line = %text, "ssh says");
        self.0.send_modify(|lines| {
            if lines.kept.len() == LINES_MAX {
                lines.kept.pop_front();
            }
            lines.kept.push_back(text);
            lines.count += 1;
        });
    }

    /// How many lines there were so far.
    pub(super) fn count(&self) -> usize {
        self.0.borrow().count
    }

    /// What was said, one line below the other.
    pub(super) fn text(&self) -> String {
        Vec::from(self.0.borrow().kept.clone()).join("\n")
    }

    /// The first line after the first `count` ones in which something is found.
    fn find<T>(lines: &Lines, count: usize, find: impl Fn(&str) -> Option<T>) -> Option<T> {
        let first = lines.count - lines.kept.len();
        let known = count.saturating_sub(first);
        lines.kept.iter().skip(known).find_map(|line| find(line))
    }

    /// Waits until something is found in a line after the first `count` ones; `None` when the stream ends without.
    ///
    /// # Cancel safety
    /// Cancel safe.
    pub(super) async fn until<T>(
        &self,
        count: usize,
        find: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let mut watch = self.0.subscribe();
        let told = watch.wait_for(|lines| lines.ended || Self::find(lines, count, &find).is_some());
        let lines = told.await.ok()?;
        Self::find(&lines, count, find)
    }

    /// Waits until the stream has ended, but not long: a program that ssh started may hold it open.
    pub(super) async fn settle(&self, patience: Duration) {
        let mut watch = self.0.subscribe();
        let _ = timeout(patience, watch.wait_for(|lines| lines.ended)).await;
    }
}

/// Makes one message of what was said: without empty lines and carriage returns.
pub(super) fn tidy(text: &str) -> String {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n")
}

/// Says why a login failed, by what ssh said.
pub(super) fn login_error(text: &str, login: &Login) -> Error {
    let message = match tidy(text) {
        empty if empty.is_empty() => "ssh ended without a word".to_owned(),
        text => text,
    };
    Error::new(login_kind(&message, login), message)
}

fn login_kind(text: &str, login: &Login) -> ErrorKind {
    let has = |words: &str| text.contains(words);
    if has("REMOTE HOST IDENTIFICATION HAS CHANGED") {
        return changed_key(text).unwrap_or(ErrorKind::SshFailed);
    }
    if has("marked as revoked") {
        return ErrorKind::SshFailed;
    }
    if has("Host key verification failed") || has("host key is known for") {
        return ErrorKind::SshHostKeyUnknown;
    }
    if let Some(kind) = text.lines().find_map(|line| unreachable(line, login)) {
        return kind;
    }
    if has("Permission denied") || has("Too many authentication failures") {
        return ErrorKind::SshDenied;
    }
    ErrorKind::SshFailed
}

/// Reads which file remembers another key, in which line, and the fingerprint of the one that came.
fn changed_key(text: &str) -> Option<ErrorKind> {
    let behind = |line: &str, words: &str| {
        let (_, rest) = line.split_once(words)?;
        Some(rest.trim().to_owned())
    };
    let place = text
        .lines()
        .filter(|line| line.starts_with("Offending "))
        .find_map(|line| behind(line, " key in "))?;
    let (file, line) = place.rsplit_once(':')?;
    let fingerprint = text
        .lines()
        .map(|line| line.trim_end_matches('.'))
        .find(|line| line.starts_with("SHA256:") || line.starts_with("MD5:"))?;
    Some(ErrorKind::SshHostKeyChanged {
        file: file.to_owned(),
        line: line.parse().ok()?,
        fingerprint: fingerprint.to_owned(),
    })
}

/// Reads why the host could not be reached at all.
fn unreachable(line: &str, login: &Login) -> Option<ErrorKind> {
    if let Some((_, rest)) = line.split_once("Could not resolve hostname ") {
        let (host, _) = rest.split_once(':')?;
        return Some(ErrorKind::HostNotFound {
            host: host.to_owned(),
        });
    }
    if line.contains("timed out during banner exchange") || silent_after_all(line) {
        let (host, port) = (login.host.clone(), login.port.unwrap_or(SSH_PORT));
        return Some(ErrorKind::HostSilent { host, port });
    }
    let (_, rest) = line.split_once("connect to host ")?;
    let (host, rest) = rest.split_once(" port ")?;
    let (port, why) = rest.split_once(':')?;
    let (host, port) = (host.to_owned(), port.parse().ok()?);
    Some(match why.trim() {
        "Connection refused" => ErrorKind::PortClosed { host, port },
        _ => ErrorKind::HostSilent { host, port },
    })
}

/// "Connection to HOST port N timed out": ssh's second word about the same.
fn silent_after_all(line: &str) -> bool {
    line.starts_with("Connection to ") && line.ends_with(" timed out")
}

/// Says why the way over there ended before the daemon said a word: what the helper or netcat said about the socket.
pub(super) fn far_error(text: &str, status: Option<u32>) -> Error {
    let message = tidy(text);
    let has = |words: &str| message.contains(words);
    let socket = || socket_in(&message).unwrap_or_default();
    let kind = if status == Some(127) {
        ErrorKind::SshNoWay
    } else if has("No such file or directory") {
        ErrorKind::DaemonMissing { socket: socket() }
    } else if has("Connection refused") {
        ErrorKind::DaemonDown { socket: socket() }
    } else if has("Permission denied") {
        ErrorKind::SocketForbidden { socket: socket() }
    } else {
        ErrorKind::SshFailed
    };
    let message = match (message.is_empty(), status) {
        (false, _) => message,
        (true, Some(127)) => "neither virt-ssh-helper nor nc was found there".to_owned(),
        (true, Some(status)) => format!("the command over there ended with status {status}"),
        (true, None) => "the command over there ended without a word".to_owned(),
    };
    Error::new(kind, message)
}

/// The path that a message is about: the first word that looks like one.
fn socket_in(message: &str) -> Option<String> {
    let mut words = message.split([' ', '\'', '"', '\n']);
    let path = words.find(|word| word.starts_with('/'))?;
    Some(path.trim_end_matches([':', ',']).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(text: &str) -> ErrorKind {
        let login = Login::of(&"qemu+ssh://h:2222/system".parse().unwrap()).unwrap();
        login_error(text, &login).kind
    }

    #[test]
    fn a_host_that_is_not_reached_is_named() {
        let host = || "h.example".to_owned();
        assert_eq!(
            kind("ssh: Could not resolve hostname h.example: Name or service not known\r\n"),
            ErrorKind::HostNotFound { host: host() }
        );
        assert_eq!(
            kind("ssh: connect to host h.example port 22: Connection refused\r"),
            ErrorKind::PortClosed {
                host: host(),
                port: 22
            }
        );
        for why in [
            "Connection timed out",
            "No route to host",
            "Network is unreachable",
        ] {
            assert_eq!(
                kind(&format!("ssh: connect to host h.example port 22: {why}")),
                ErrorKind::HostSilent {
                    host: host(),
                    port: 22
                }
            );
        }
        assert_eq!(
            kind(
                "Connection timed out during banner exchange\nConnection to h port 2222 timed out"
            ),
            ErrorKind::HostSilent {
                host: "h".to_owned(),
                port: 2_222
            }
        );
    }

    #[test]
    fn a_changed_key_names_file_line_and_fingerprint() {
        let text = "@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\n\
            The fingerprint for the ED25519 key sent by the remote host is\nSHA256:abc+/d.\n\
            Please contact your system administrator.\nAdd correct host key in /k to get rid of this message.\n\
            Offending ECDSA key in /home/me/.ssh/known hosts:17\nHost key verification failed.";
        let changed = ErrorKind::SshHostKeyChanged {
            file: "/home/me/.ssh/known hosts".to_owned(),
            line: 17,
            fingerprint: "SHA256:abc+/d".to_owned(),
        };
        assert_eq!(kind(text), changed);
    }

    #[test]
    fn refusals_are_told_apart() {
        assert_eq!(
            kind("me@h: Permission denied (publickey,password)."),
            ErrorKind::SshDenied
        );
        assert_eq!(
            kind("Host key verification failed."),
            ErrorKind::SshHostKeyUnknown
        );
        assert_eq!(
            kind("kex_exchange_identification: read: Connection reset"),
            ErrorKind::SshFailed
        );
        assert_eq!(kind(""), ErrorKind::SshFailed);
    }

    #[test]
    fn the_far_sockets_state_is_read() {
        let socket = || "/var/run/libvirt/libvirt-sock".to_owned();
        let nc = |why: &str| far_error(&format!("nc: {}: {why}", socket()), Some(1)).kind;
        assert_eq!(
            nc("No such file or directory"),
            ErrorKind::DaemonMissing { socket: socket() }
        );
        assert_eq!(
            nc("Connection refused"),
            ErrorKind::DaemonDown { socket: socket() }
        );
        let helper =
            "error: Failed to connect socket to '/var/run/libvirt/libvirt-sock': Permission denied";
        assert_eq!(
            far_error(helper, Some(1)).kind,
            ErrorKind::SocketForbidden { socket: socket() }
        );
        assert_eq!(far_error("", Some(127)).kind, ErrorKind::SshNoWay);
        assert_eq!(far_error("", None).kind, ErrorKind::SshFailed);
    }

    #[tokio::test]
    async fn lines_are_kept_within_bounds_and_waited_for() {
        let mut text = "x".repeat(LINE_MAX * 3) + "\n";
        text += &"line\r\n".repeat(LINES_MAX);
        text += "the last";
        let words = Words::of(std::io::Cursor::new(text.into_bytes()));
        let find = |line: &str| line.strip_prefix("the ").map(str::to_owned);
        assert_eq!(words.until(0, find).await.as_deref(), Some("last"));
        assert_eq!(words.count(), LINES_MAX + 2);
        assert_eq!(words.until(words.count(), find).await, None, "it has ended");
        assert!(!words.text().contains('x'));
    }
}
