//! What ssh makes of its configuration for a login, asked of ssh itself (`ssh -G`).

use std::{ffi::OsStr, path::PathBuf, process::Stdio, time::Duration};

use tokio::{process::Command, time::timeout};

use super::{login::Login, words};
use crate::{Error, ErrorKind};

/// The longest wait. ssh only reads files for it, but a configuration may run programs (`Match exec`).
const PATIENCE: Duration = Duration::from_secs(20);

/// The settings that matter here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Effective {
    /// The control socket of the user's own, if the configuration names one.
    pub(super) control_path: Option<PathBuf>,
    /// Whether the configuration says how long to wait for the host.
    pub(super) has_timeout: bool,
}

impl Effective {
    /// Asks a program; `None` when it is not OpenSSH and cannot answer.
    ///
    /// # Errors
    /// [`ErrorKind::SshFailed`] when OpenSSH cannot read its configuration.
    pub(super) async fn read(program: &OsStr, login: &Login) -> Result<Option<Self>, Error> {
        let mut command = Command::new(program);
        command
            .arg("-G")
            .args(login.options())
            .args(login.destination())
            .env("LC_ALL", "C")
            .stdin(Stdio::null())
            .kill_on_drop(true);
        let output = timeout(PATIENCE, command.output()).await;
        let Ok(Ok(output)) = output else {
            return Ok(None);
        };
        let text = String::from_utf8_lossy(&output.stdout);
        let is_openssh = text.lines().any(|line| line.starts_with("hostname "));
        if output.status.success() && is_openssh {
            return Ok(Some(Self::parse(&text)));
        }
        if login.program.is_some() {
            return Ok(None);
        }
        let said = String::from_utf8_lossy(&output.stderr);
        Err(Error::new(ErrorKind::SshFailed, words::tidy(&said)))
    }

    fn parse(text: &str) -> Self {
        let setting = |name: &str| {
            let mut lines = text.lines();
            lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(' '))
        };
        Self {
            control_path: setting("controlpath")
                .filter(|path| *path != "none")
                .map(PathBuf::from),
            has_timeout: setting("connecttimeout").is_some_and(|time| time != "none"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_found() {
        let text =
            "host h\nhostname h\nconnecttimeout none\ncontrolmaster auto\ncontrolpath /a b/c\n";
        assert_eq!(
            Effective::parse(text),
            Effective {
                control_path: Some("/a b/c".into()),
                has_timeout: false
            }
        );
        assert_eq!(
            Effective::parse("connecttimeout 7\ncontrolpath none\n"),
            Effective {
                control_path: None,
                has_timeout: true
            }
        );
    }

    #[tokio::test]
    async fn what_is_not_openssh_has_no_settings() {
        let text = "qemu+ssh://h/system?command=/bin/true";
        let login = Login::of(&text.parse().unwrap()).unwrap();
        let read = Effective::read(OsStr::new("/bin/true"), &login).await;
        assert_eq!(read.unwrap(), None);
    }
}
