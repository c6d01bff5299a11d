//! SASL's server side: the folder with a service's accounts and mechanisms, and Cyrus' own example of a server.
//!
//! The folder is what `SASL_CONF_PATH` names; nothing of the system's `/etc/sasl2` is read or written.

use std::fs;
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use base64::Engine;
use base64::prelude::BASE64_STANDARD as BASE64;

/// The accounts and mechanisms of one service (`libvirt`, `qemu`, `sample`).
#[derive(Debug)]
pub struct Accounts {
    dir: tempfile::TempDir,
    service: String,
}

impl Accounts {
    /// Makes a service with these mechanisms, separated by spaces, and no account yet.
    pub fn new(service: &str, mechanisms: &str) -> io::Result<Self> {
        let dir = tempfile::Builder::new().prefix("sasl").tempdir()?;
        let service = service.to_owned();
        let accounts = Self { dir, service };
        accounts.configure(&format!("mech_list: {mechanisms}"))?;
        Ok(accounts)
    }

    /// Replaces the service's configuration, except where its passwords are.
    pub fn configure(&self, lines: &str) -> io::Result<()> {
        let database = self.path().join("passwd.db");
        // `auxprop` alone: no saslauthd runs here.
        let text = format!(
            "pwcheck_method: auxprop\nauxprop_plugin: sasldb\nsasldb_path: {}\n{lines}\n",
            database.display()
        );
        fs::write(self.path().join(format!("{}.conf", self.service)), text)
    }

    /// Adds an account, or gives it another password.
    pub fn add(&self, user: &str, password: &str) -> io::Result<()> {
        let mut command = Command::new("saslpasswd2");
        command
            .args(["-p", "-c", "-a", &self.service, "-f"])
            .arg(self.path().join("passwd.db"))
            .arg(user);
        feed(&mut command, password)
    }

    /// The folder, for `SASL_CONF_PATH`.
    pub fn path(&self) -> &Path {
        self.dir.path()
    }
}

/// Runs a command that reads `input`, and wants it to succeed.
pub(crate) fn feed(command: &mut Command, input: &str) -> io::Result<()> {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(input.as_bytes())?;
    }
    let output = child.wait_with_output()?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(io::Error::other(format!("{command:?}: {said}")))
}

/// Cyrus' example of a server (`sasl-sample-server`): one exchange, then one message each way through the layer.
#[derive(Debug)]
pub struct SampleServer {
    child: Child,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
    said: String,
}

impl SampleServer {
    /// Starts it with further arguments, such as `-b min=56,max=256`.
    pub fn start(accounts: &Accounts, arguments: &[&str]) -> io::Result<Self> {
        // It does not flush what it writes into a pipe.
        let mut child = Command::new("stdbuf")
            .args(["-oL", "sasl-sample-server"])
            .args(arguments)
            .env("SASL_CONF_PATH", accounts.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let missing = || io::Error::other("no pipe");
        let stdin = child.stdin.take().ok_or_else(missing)?;
        let stdout = BufReader::new(child.stdout.take().ok_or_else(missing)?);
        let said = String::new();
        Ok(Self {
            child,
            stdin,
            stdout,
            said,
        })
    }

    /// Takes its next message, or `None` when it says `Negotiation complete` or has gone.
    pub fn message(&mut self) -> io::Result<Option<Vec<u8>>> {
        loop {
            let mut line = String::new();
            let end = self.stdout.read_line(&mut line)? == 0;
            self.said.push_str(&line);
            if end || line.trim() == "Negotiation complete" {
                return Ok(None);
            }
            if let Some(message) = line.strip_prefix("S: ") {
                let bytes = BASE64.decode(message.trim());
                return bytes.map(Some).map_err(io::Error::other);
            }
        }
    }

    /// Sends it a message.
    pub fn send(&mut self, message: &[u8]) -> io::Result<()> {
        writeln!(self.stdin, "C: {}", BASE64.encode(message))?;
        self.stdin.flush()
    }

    /// Waits until it ends, and gives whether it was content and everything that it printed.
    pub fn finish(mut self) -> io::Result<(bool, String)> {
        while self.message()?.is_some() {}
        while self.stdout.read_line(&mut self.said)? > 0 {}
        let content = self.child.wait()?.success();
        Ok((content, std::mem::take(&mut self.said)))
    }
}

impl Drop for SampleServer {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
