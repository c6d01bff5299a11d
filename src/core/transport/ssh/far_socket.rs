//! Which socket of the other host a URI means, and what may lead there: sshd itself, or a program on that host.
//!
//! The rules are those of libvirt's `src/remote/remote_driver.c` and `src/rpc/virnetclient.c`
//! (`virNetClientSSHHelperCommand`), with forwarding by sshd put first where the URI leaves the choice.

use super::Far;
use crate::{Error, ErrorKind, Uri, transport::local};

/// Where the system's daemons have their sockets. `/var/run`, because a far host may lack `/run`.
const SYSTEM_SOCKETS: &str = "/var/run/libvirt";

/// Where a user's daemons have theirs, in a shell's words.
const SESSION_SOCKETS: &str = "\"${XDG_RUNTIME_DIR:-$HOME/.cache}\"/libvirt";

/// The far end of a libvirt connection.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct FarSocket {
    /// The sockets that sshd may forward, best first.
    pub(super) forwarded: Vec<String>,
    /// What to run over there where sshd forwards none of them.
    pub(super) script: String,
}

/// The word with which the script says what it becomes, in front of `helper` or `netcat PATH`.
pub(super) const MARK: &str = "innkeeper-way:";

/// The URI's parameter `proxy`, and what libvirt makes of its absence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Proxy {
    forward: bool,
    helper: bool,
    netcat: bool,
}

impl FarSocket {
    /// Reads a URI.
    ///
    /// # Errors
    /// [`ErrorKind::BadUri`] when parameters contradict each other.
    pub(super) fn of(uri: &Uri, read_only: bool) -> Result<Self, Error> {
        let socket = uri.parameter("socket").filter(|path| !path.is_empty());
        let session = socket.is_none() && uri.is_session();
        let proxy = Proxy::of(uri, socket.is_some(), session)?;
        let names = local::socket_names(uri)?;
        let ending = if read_only && !session { "-ro" } else { "" };
        let system = names
            .iter()
            .map(|name| format!("{SYSTEM_SOCKETS}/{name}{ending}"));
        let sockets: Vec<String> = match socket {
            Some(path) => vec![path.to_owned()],
            None => system.collect(),
        };
        let in_shell = if session {
            names
                .iter()
                .map(|name| format!("{SESSION_SOCKETS}/{name}"))
                .collect()
        } else {
            sockets.iter().map(|path| word(path)).collect()
        };
        let script = Script {
            uri,
            read_only,
            sockets: in_shell,
        };
        Ok(Self {
            forwarded: if proxy.forward { sockets } else { Vec::new() },
            script: script.write(proxy),
        })
    }
}

impl Proxy {
    fn of(uri: &Uri, has_socket: bool, session: bool) -> Result<Self, Error> {
        let bad = |why: &str| Error::new(ErrorKind::BadUri, format!("{uri}: {why}"));
        let netcat_named = uri.parameter("netcat").is_some_and(|name| !name.is_empty());
        let only = |forward, helper, netcat| Self {
            forward,
            helper,
            netcat,
        };
        match uri.parameter("proxy").unwrap_or_default() {
            // The helper finds out itself which socket it is: it is not told of another one.
            "" | "auto" if has_socket => Ok(only(true, false, true)),
            // Only over there it is known where a user's sockets are.
            "" | "auto" if session => Ok(only(false, true, true)),
            "" | "auto" => Ok(only(true, true, true)),
            "netcat" => Ok(only(false, false, true)),
            "native" if netcat_named => Err(bad("proxy=native uses no netcat")),
            "native" => Ok(only(false, true, false)),
            other => Err(bad(&format!(
                "proxy {other} is none of auto, netcat, native"
            ))),
        }
    }
}

/// The command that becomes the way to a socket.
struct Script<'a> {
    uri: &'a Uri,
    read_only: bool,
    /// In a shell's words.
    sockets: Vec<String>,
}

impl Script<'_> {
    fn write(&self, proxy: Proxy) -> String {
        let mut script = String::new();
        // The driver "remote" leaves the choice to the daemon, which the helper cannot.
        if proxy.helper && self.uri.driver() != "remote" {
            script.push_str(&self.helper());
        }
        if proxy.netcat {
            script.push_str(&self.netcat());
        }
        script.push_str("exit 127");
        shell_command(&script)
    }

    fn helper(&self) -> String {
        let flag = if self.read_only { "-r " } else { "" };
        let uri = word(&helper_uri(self.uri));
        format!(
            "if command -v virt-ssh-helper >/dev/null 2>&1; then echo {MARK} helper >&2; \
             exec virt-ssh-helper {flag}{uri}; fi; "
        )
    }

    /// Takes the first socket that is there; where none can be seen, the last one, for what netcat says about it.
    fn netcat(&self) -> String {
        let program = word(self.uri.parameter("netcat").unwrap_or("nc"));
        let sockets = self.sockets.join(" ");
        let last = self.sockets.last().map_or("", String::as_str);
        let mark = format!("echo {MARK} netcat");
        with_netcat(
            &program,
            &format!(
                "for S in {sockets}; do if test -S \"$S\"; then {mark} \"$S\" >&2; \
                 exec {program} $Q -U \"$S\"; fi; done; {mark} {last} >&2; exec {program} $Q -U {last}"
            ),
        )
    }
}

/// The URI that the helper is to connect to: what remains on the other host. `mode` decides there.
fn helper_uri(uri: &Uri) -> String {
    let parts = uri.parts();
    let mut text = uri.driver_uri();
    if uri.parameter("name").is_some() {
        text = format!("{}://{}", parts.driver, parts.path);
    }
    let Some(mode) = uri.parameter("mode").filter(|mode| !mode.is_empty()) else {
        return text;
    };
    let sign = if text.contains('?') { '&' } else { '?' };
    format!("{text}{sign}mode={mode}")
}

/// Wraps a script so that any login shell passes it on: fish and tcsh know no more than this of sh's quotes.
fn shell_command(script: &str) -> String {
    format!("sh -c '{}'", script.replace('\'', "'\\''"))
}

/// One word of sh. Without a backslash, which fish does not leave alone.
fn word(text: &str) -> String {
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || b"/._-+:@%,=".contains(&b);
    if !text.is_empty() && text.bytes().all(is_plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "'\"'\"'"))
}

/// Runs a piece of script with `$Q` set, where netcat is found. As libvirt, asks netcat about `-q` first: one that has it
/// waits for ever at the end without it.
fn with_netcat(program: &str, then: &str) -> String {
    format!(
        "if command -v {program} >/dev/null 2>&1; then \
         if {program} -q 2>&1 | grep \"requires an argument\" >/dev/null 2>&1; then Q=-q0; else Q=; fi; \
         {then}; fi; "
    )
}

/// The command that connects to one place over there, where sshd does not.
pub(super) fn netcat_to(netcat: &str, far: &Far) -> String {
    let program = word(netcat);
    let target = match far {
        Far::Tcp { host, port } => format!("{} {port}", word(host)),
        Far::Unix(path) => format!("-U {}", word(path)),
    };
    let then = format!("echo {MARK} netcat {target} >&2; exec {program} $Q {target}");
    shell_command(&(with_netcat(&program, &then) + "exit 127"))
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    fn far(text: &str) -> FarSocket {
        FarSocket::of(&text.parse().unwrap(), false).unwrap()
    }

    #[test]
    fn the_drivers_socket_comes_before_the_common_one() {
        assert_eq!(
            far("qemu+ssh://h/system").forwarded,
            [
                "/var/run/libvirt/virtqemud-sock",
                "/var/run/libvirt/libvirt-sock"
            ]
        );
        assert_eq!(
            far("qemu+ssh://h/system?mode=legacy").forwarded,
            ["/var/run/libvirt/libvirt-sock"]
        );
        assert_eq!(
            far("test+ssh://h/default").forwarded,
            ["/var/run/libvirt/libvirt-sock"]
        );
        let uri = "qemu+ssh://h/system?mode=direct".parse().unwrap();
        let look = FarSocket::of(&uri, true).unwrap();
        assert_eq!(look.forwarded, ["/var/run/libvirt/virtqemud-sock-ro"]);
        assert!(look.script.contains("virt-ssh-helper -r "));
    }

    #[test]
    fn the_proxy_narrows_the_choice() {
        let script = |text: &str| far(text).script;
        let netcat = script("qemu+ssh://h/system?proxy=netcat");
        assert!(netcat.contains("-U ") && !netcat.contains("virt-ssh-helper"));
        let native = script("qemu+ssh://h/system?proxy=native");
        assert!(!native.contains("-U ") && native.contains("virt-ssh-helper qemu:///system;"));
        let own = far("qemu+ssh://h/system?socket=/x");
        assert_eq!(own.forwarded, ["/x"]);
        assert!(!own.script.contains("virt-ssh-helper"));
        let session = far("qemu+ssh://h/session");
        assert!(session.forwarded.is_empty());
        assert!(session.script.contains("virt-ssh-helper qemu:///session;"));
        for text in ["proxy=native&netcat=ncat", "proxy=pigeon"] {
            let uri = format!("qemu+ssh://h/system?{text}").parse().unwrap();
            assert_eq!(
                FarSocket::of(&uri, false).unwrap_err().kind,
                ErrorKind::BadUri
            );
        }
    }

    #[test]
    fn the_helper_is_told_what_remains() {
        let uri = |text: &str| helper_uri(&text.parse().unwrap());
        assert_eq!(
            uri("qemu+ssh://me@h:22/system?keyfile=/k"),
            "qemu:///system"
        );
        assert_eq!(
            uri("qemu+ssh://h/system?mode=legacy&x=1"),
            "qemu:///system?x=1&mode=legacy"
        );
        assert_eq!(
            uri("qemu+ssh://h/system?name=test:///default"),
            "qemu:///system"
        );
    }

    #[test]
    fn a_shell_passes_any_word_on() {
        let odd = "a 'b' $HOME \"c\" * ; d";
        let command = shell_command(&format!("printf %s {}", word(odd)));
        let output = Command::new("sh").args(["-c", &command]).output().unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stdout), odd);
        assert!(
            !command.replace("'\\''", "").contains('\\'),
            "fish would read it"
        );
    }
}
