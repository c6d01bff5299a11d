//! How a daemon listens beside its own socket, and how its guests' screens are guarded.

use std::io;
use std::path::{Path, PathBuf};

use crate::certificates::Pair;

/// What a daemon shall do beside listening on its Unix socket without a question.
#[derive(Clone, Debug, Default)]
pub struct Listen {
    pub(crate) lines: String,
    pub(crate) qemu: String,
    pub(crate) ports: Vec<u16>,
    pub(crate) environment: Vec<(&'static str, PathBuf)>,
}

impl Listen {
    /// Listens for TLS on a loopback port, with a certificate that need not be in order. Gives the port as well.
    ///
    /// # Errors
    /// When no port is free.
    pub fn tls(mut self, authority: &Path, own: &Pair) -> io::Result<(Self, u16)> {
        let port = crate::own_port()?;
        let files = [
            ("ca_file", authority),
            ("cert_file", &own.certificate),
            ("key_file", &own.key),
        ];
        for (name, path) in files {
            self = self.line(&format!("{name} = \"{}\"", path.display()));
        }
        self.ports.push(port);
        let lines = [
            "listen_tls = 1",
            "tls_no_sanity_certificate = 1",
            "listen_addr = \"127.0.0.1\"",
        ];
        let with_lines = lines.iter().fold(self, |listen, line| listen.line(line));
        Ok((with_lines.line(&format!("tls_port = \"{port}\"")), port))
    }

    /// Listens for plain connections on a loopback port; `auth` is `none` or `sasl`. Gives the port as well.
    ///
    /// # Errors
    /// When no port is free.
    pub fn tcp(mut self, auth: &str) -> io::Result<(Self, u16)> {
        let port = crate::own_port()?;
        self.ports.push(port);
        let listen = self
            .line("listen_tcp = 1")
            .line("listen_addr = \"127.0.0.1\"")
            .line(&format!("auth_tcp = \"{auth}\""));
        Ok((listen.line(&format!("tcp_port = \"{port}\"")), port))
    }

    /// Adds a line to `libvirtd.conf`, instead of the one there for the same setting.
    #[must_use]
    pub fn line(mut self, line: &str) -> Self {
        self.lines += line;
        self.lines.push('\n');
        self
    }

    /// Adds lines to `qemu.conf`, such as those that guard screens.
    #[must_use]
    pub fn qemu(mut self, lines: &str) -> Self {
        self.qemu += lines;
        self.qemu.push('\n');
        self
    }

    /// Gives the daemon an environment variable with a path, such as `SASL_CONF_PATH`.
    #[must_use]
    pub fn environment(mut self, name: &'static str, path: &Path) -> Self {
        self.environment.push((name, path.to_path_buf()));
        self
    }
}
