//! One multiplexed login: the ssh process that holds it, or the user's own, and the channels that ride on it.
//!
//! The master ends with the last of its users: whoever holds the [`Master`], and every channel. It also ends with this
//! process, whatever ends that: see [`super::start`].

use std::{
    path::{Path, PathBuf},
    process::Stdio,
    sync::Arc,
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process};
use tokio::{
    process::{Child, Command},
    time::{sleep, timeout},
};
use tokio_util::sync::CancellationToken;

use super::{
    Far,
    asker::{Asker, Person},
    channel::{Channel, Source, Status, hung_up},
    effective::Effective,
    folder::PrivateFolder,
    login::Login,
    mux::{Control, Refusal},
    start::{self, Starter},
    words::{self, Words},
};
use crate::{
    Error, ErrorKind, Options,
    transport::watch::{SocketWatch, Sockets},
};

/// The longest that a login may go on without a question being open: sshd itself ends one after two minutes.
pub(super) const LOGIN_PATIENCE: Duration = Duration::from_secs(130);

/// How often ssh asks a silent host whether it lives, in seconds, and how many times: a dead link ends within 12 s.
const ALIVE_INTERVAL: &str = "4";
const ALIVE_COUNT: &str = "2";

/// How long ssh may take to leave when it is asked to.
const GOODBYE: Duration = Duration::from_secs(2);

/// How long the reason for a refused channel may take after the refusal.
const REASON_MAY_FOLLOW: Duration = Duration::from_millis(250);

/// A login over which channels are opened. Dropping the last handle ends it, unless it is the user's own.
#[derive(Debug)]
pub(super) struct Master {
    control: PathBuf,
    /// What our ssh says; the user's own says it elsewhere.
    words: Option<Words>,
    /// Cancelled to end ssh.
    end: CancellationToken,
    /// Cancelled when ssh has ended.
    ended: CancellationToken,
}

impl Drop for Master {
    fn drop(&mut self) {
        self.end.cancel();
    }
}

impl Master {
    /// Takes the user's own master, if one listens where the configuration says.
    pub(super) async fn of_the_user(effective: &Effective) -> Option<Arc<Self>> {
        let control = effective.control_path.clone()?;
        let check = async { Control::connect(&control).await?.check().await };
        match timeout(GOODBYE, check).await {
            Ok(Ok(())) => {
                tracing::info!(control = %control.display(), "riding on the user's own ssh master");
                Some(Arc::new(Self {
                    control,
                    words: None,
                    end: CancellationToken::new(),
                    ended: CancellationToken::new(),
                }))
            }
            _ => None,
        }
    }

    /// Logs in and stays so.
    ///
    /// # Cancel safety
    /// When dropped, ssh is ended.
    pub(super) async fn log_in(
        starter: &Starter,
        login: &Login,
        effective: &Effective,
        options: &Options,
        person: Person,
    ) -> Result<Arc<Self>, Error> {
        let folder = PrivateFolder::make().map_err(|error| failed(&error))?;
        let control = folder.path().join("control");
        let asker = Asker::start(folder.path(), person).map_err(|error| failed(&error))?;
        let mut command = starter.command(login, &asker);
        add_options(&mut command, effective, options);
        start::option(&mut command, "ControlMaster", "yes");
        start::option(&mut command, "ControlPersist", "no");
        start::option(&mut command, "ControlPath", &control.display().to_string());
        command.arg("-N").args(login.destination());
        let watch = SocketWatch::since(Sockets::at(vec![control.clone()]));
        let (mut child, words) = begin(command).await?;
        let login_over = watch_login(&mut child, &words, login, &asker);
        tokio::select! {
            biased;
            error = login_over => return Err(error),
            () = listens(watch, &control) => asker.accepted(),
        }
        let (end, ended) = (CancellationToken::new(), CancellationToken::new());
        tokio::spawn(keep(child, end.clone(), ended.clone(), (folder, asker)));
        Ok(Arc::new(Self {
            control,
            words: Some(words),
            end,
            ended,
        }))
    }

    /// Says whether channels may still be had.
    pub(super) fn is_alive(&self) -> bool {
        !self.ended.is_cancelled() && !self.end.is_cancelled()
    }

    /// Ends a login that does not answer; its channels end with it.
    pub(super) fn give_up(&self) {
        if self.words.is_some() {
            self.end.cancel();
        }
        self.ended.cancel();
    }

    /// Opens a channel to a place as the other host sees it.
    pub(super) async fn forward(self: &Arc<Self>, far: &Far) -> Result<Channel, Refusal> {
        let said = self.words.as_ref().map_or(0, Words::count);
        let ends = match Control::connect(&self.control).await?.forward(far).await {
            Err(Refusal::Refused(words)) => {
                let reason = self.reason(said).await;
                return Err(Refusal::Refused(reason.unwrap_or(words)));
            }
            other => other?,
        };
        let source = Source {
            words: None,
            status: self.status(ends.control),
            judge: hung_up,
        };
        Ok(Channel::new(ends.read, ends.write, source))
    }

    /// Runs a command over there.
    pub(super) async fn execute(
        self: &Arc<Self>,
        command: &str,
    ) -> Result<(Channel, Words), Refusal> {
        let control = Control::connect(&self.control).await?;
        let ends = control.execute(command).await?;
        let words = match ends.errors {
            Some(errors) => Words::of(errors),
            None => Words::of(tokio::io::empty()),
        };
        let source = Source {
            words: Some(words.clone()),
            status: self.status(ends.control),
            judge: words::far_error,
        };
        Ok((Channel::new(ends.read, ends.write, source), words))
    }

    /// Waits for a command's status, and keeps the login until then.
    fn status(self: &Arc<Self>, mut control: Control) -> Status {
        let master = Arc::clone(self);
        Box::pin(async move {
            let status = control.exit_status().await;
            drop(master);
            status
        })
    }

    /// What ssh last said, if it has ended: why every channel has.
    pub(super) async fn last_words(&self) -> Option<String> {
        let ended = timeout(REASON_MAY_FOLLOW, self.ended.cancelled());
        ended.await.ok()?;
        let text = words::tidy(&self.words.as_ref()?.text());
        text.lines().last().map(str::to_owned)
    }

    /// What ssh says about a channel that was not opened: "channel 2: open failed: …".
    async fn reason(&self, said: usize) -> Option<String> {
        let words = self.words.as_ref()?;
        let find = |line: &str| {
            let (_, reason) = line.split_once(": open failed: ")?;
            Some(reason.to_owned())
        };
        let told = timeout(REASON_MAY_FOLLOW, words.until(said, find)).await;
        told.ok().flatten()
    }
}

/// The options by which a login serves us and nothing else, whatever the user's configuration does for a terminal.
pub(super) fn add_options(command: &mut Command, effective: &Effective, options: &Options) {
    for (name, value) in [
        ("ClearAllForwardings", "yes"),
        ("RemoteCommand", "none"),
        ("PermitLocalCommand", "no"),
        ("ForwardAgent", "no"),
        ("ForwardX11", "no"),
        ("LogLevel", "INFO"),
        ("ServerAliveInterval", ALIVE_INTERVAL),
        ("ServerAliveCountMax", ALIVE_COUNT),
    ] {
        start::option(command, name, value);
    }
    if !effective.has_timeout {
        let seconds = options.reach.as_secs().max(1).to_string();
        start::option(command, "ConnectTimeout", &seconds);
    }
}

/// Starts ssh without input, and listens to what it says.
async fn begin(mut command: Command) -> Result<(Child, Words), Error> {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    let mut child = start::spawn(command)
        .await
        .map_err(|error| failed(&error))?;
    let words = match child.stderr.take() {
        Some(stream) => Words::of(stream),
        None => Words::of(tokio::io::empty()),
    };
    Ok((child, words))
}

/// Waits until a login cannot succeed any more, and says why.
pub(super) async fn watch_login(
    child: &mut Child,
    words: &Words,
    login: &Login,
    asker: &Asker,
) -> Error {
    tokio::select! {
        biased;
        why = asker.given_up() => given_up(why),
        _ = child.wait() => {
            words.settle(GOODBYE).await;
            words::login_error(&words.text(), login)
        }
        () = asker.idle_for(LOGIN_PATIENCE) => {
            let text = format!("{}: the login was not finished within {LOGIN_PATIENCE:?}", login.name());
            Error::new(ErrorKind::TimedOut, text)
        }
    }
}

fn given_up(why: link_security::AskError) -> Error {
    let kind = match why {
        link_security::AskError::Cancelled => ErrorKind::Cancelled,
        _ => ErrorKind::SshDenied,
    };
    Error::new(kind, why.to_string())
}

/// Keeps ssh until it ends or is to end, with what it needs meanwhile.
async fn keep<T>(mut child: Child, end: CancellationToken, ended: CancellationToken, needs: T) {
    tokio::select! {
        status = child.wait() => tracing::info!(?status, "ssh has ended"),
        () = end.cancelled() => leave(&mut child).await,
    }
    ended.cancel();
    drop(needs);
}

/// Asks ssh to go, and makes it.
async fn leave(child: &mut Child) {
    let pid = child.id().and_then(|pid| Pid::from_raw(pid.cast_signed()));
    if let Some(pid) = pid {
        // It may be gone already.
        let _ = kill_process(pid, Signal::TERM);
    }
    if timeout(GOODBYE, child.wait()).await.is_err() {
        let _ = child.kill().await;
    }
}

/// Waits until ssh's control socket is there: ssh makes it when it is logged in. The watch is older than ssh.
async fn listens(watch: Option<SocketWatch>, control: &Path) {
    match watch {
        Some(watch) => watch.appeared().await,
        // The user has no watches left.
        None => {
            while !control.exists() {
                sleep(Duration::from_millis(20)).await;
            }
        }
    }
}

fn failed(error: &std::io::Error) -> Error {
    Error::new(ErrorKind::SshFailed, error.to_string())
}
