//! The state machine of one console: what the domain's state asks for, and what to do after each [attempt](super::attempt).

use std::{sync::Arc, time::Instant};

use link_security::Secret;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::{ConsoleState, ScreenStep, Shared, attempt::Ended, settings::Wanted};
use crate::{
    Domain, DomainState, ErrorKind, GraphicsKind, HostState, StateReason,
    host::Link,
    patience::{Absence, Patience, asked, is_explained, until},
};

/// Runs a console until its last handle, or its host, is gone.
pub(super) async fn run(shared: Arc<Shared>, life: CancellationToken) {
    let _ = life
        .run_until_cancelled(Follower::new(&shared).follow())
        .await;
    shared.outbox.close();
}

/// What the domain and its host ask of a console now.
enum Want {
    /// Show this state and wait for something to change.
    Rest(ConsoleState),
    /// Show the screen of this domain over this link.
    Show(Box<Domain>, Link),
}

/// What tells one occasion to show a screen from another: when it changes, waiting is over.
type Occasion = (Option<i32>, DomainState);

/// One console's way through its states.
pub(super) struct Follower<'a> {
    pub(super) shared: &'a Shared,
    pub(super) changes: watch::Receiver<u64>,
    pub(super) retries: watch::Receiver<u64>,
    pub(super) paused: watch::Receiver<bool>,
    pub(super) wanted: watch::Receiver<Wanted>,
    /// How many of the requests to be the only viewer were fulfilled.
    pub(super) taken_over: u64,
    /// Why the last attempt's password was wrong, where a person gave it.
    pub(super) previous_failure: Option<String>,
    /// The password of the XML that the screen refused.
    pub(super) refused_password: Option<Secret>,
    patience: Patience,
}

impl<'a> Follower<'a> {
    fn new(shared: &'a Shared) -> Self {
        Self {
            shared,
            changes: shared.host.board.watch(),
            retries: shared.retries.subscribe(),
            paused: shared.paused.subscribe(),
            wanted: shared.wanted.subscribe(),
            taken_over: 0,
            previous_failure: None,
            refused_password: None,
            patience: Patience::default(),
        }
    }

    async fn follow(mut self) {
        while !self.shared.host.board.is_closed() {
            self.changes.mark_unchanged();
            match self.want() {
                Want::Rest(state) => {
                    self.shared.set_state(state);
                    self.patience.renew();
                    self.previous_failure = None;
                    self.something_changes().await;
                }
                Want::Show(domain, link) => {
                    let occasion = (domain.id, domain.state);
                    let ended = self.attempt(&domain, &link).await;
                    self.forget_session();
                    self.after(ended, occasion).await;
                }
            }
        }
    }

    fn forget_session(&self) {
        let mut screen = self.shared.screen();
        screen.session = None;
        screen.route = None;
    }

    /// Waits until the list or the host's state changes, or somebody asks to try again.
    async fn something_changes(&mut self) {
        tokio::select! {
            changed = self.changes.changed() => drop(changed),
            () = asked(&mut self.retries) => self.shared.host.ask_again(),
        }
    }

    fn want(&self) -> Want {
        let host = &self.shared.host;
        let link = host.link.borrow().clone();
        let Some(link) = link else {
            return Want::Rest(Absence::from(host.board.state()).into());
        };
        let Some(domain) = host.board.domain(self.shared.uuid) else {
            return Want::Rest(ConsoleState::Ended);
        };
        if !domain.state.is_active() {
            return Want::Rest(ConsoleState::Off(domain.state));
        }
        // Its screen listens already, and has no password yet.
        if domain.reason == StateReason::StartingUp {
            return Want::Rest(ConsoleState::Connecting(ScreenStep::Start));
        }
        let graphics = domain.description.as_ref().map(|d| d.graphics.clone());
        match graphics {
            // Its XML has not been read yet: the attempt does it.
            None => Want::Show(Box::new(domain), link),
            Some(list) if list.contains(&GraphicsKind::Vnc) => Want::Show(Box::new(domain), link),
            Some(list) => Want::Rest(ConsoleState::NoScreen(list.first().copied())),
        }
    }

    /// Says whether a session makes no sense any more. A lost daemon is no reason: the screen does not go through it,
    /// unless it shares the host's login and that has fallen silent.
    pub(super) fn is_superseded(&self, shares_login: bool) -> bool {
        let board = &self.shared.host.board;
        if board.is_closed() {
            return true;
        }
        match board.state() {
            HostState::Lost { error, .. } => {
                return shares_login && error.kind == ErrorKind::TimedOut;
            }
            HostState::Connecting(_) => return false,
            _ => {}
        }
        let domain = board.domain(self.shared.uuid);
        !domain.is_some_and(|domain| domain.state.is_active())
    }

    /// Decides what comes after an attempt, and waits for it.
    async fn after(&mut self, ended: Ended, occasion: Occasion) {
        self.previous_failure = None;
        match ended {
            Ended::Superseded => {}
            Ended::WrongPassword(reason) => self.previous_failure = Some(reason),
            Ended::WrongXml(password) => self.refused_password = Some(password),
            Ended::Lasting(error) => {
                self.shared.set_state(ConsoleState::Failed(Arc::new(error)));
                self.wait(None, occasion).await;
            }
            Ended::Passing(error, live) => {
                self.patience.after_session(live.unwrap_or_default());
                if is_explained(self.is_otherwise(occasion)).await {
                    return;
                }
                let pauses = &self.shared.host.options().console_retries;
                let retry_at = self.patience.next_attempt(pauses);
                tracing::debug!(%error, "the screen is not there");
                let error = live.is_none().then(|| Arc::new(error));
                self.shared
                    .set_state(ConsoleState::Waiting { error, retry_at });
                self.wait(Some(retry_at), occasion).await;
            }
        }
    }

    /// Waits for the time, if there is one, for a request, or until the domain is no longer as it was.
    async fn wait(&mut self, time: Option<Instant>, occasion: Occasion) {
        let mut retries = self.retries.clone();
        tokio::select! {
            () = self.is_otherwise(occasion) => self.patience.renew(),
            () = asked(&mut retries) => self.patience.renew(),
            () = until(time) => {}
        }
        self.retries.mark_unchanged();
    }

    /// Waits until the screen is no longer wanted, or of another run of the domain.
    async fn is_otherwise(&mut self, occasion: Occasion) {
        loop {
            match self.want() {
                Want::Show(domain, _) if (domain.id, domain.state) == occasion => {}
                _ => return,
            }
            if self.changes.changed().await.is_err() {
                return;
            }
        }
    }
}

impl From<Absence> for ConsoleState {
    fn from(absence: Absence) -> Self {
        match absence {
            Absence::Waiting { error, retry_at } => Self::Waiting {
                error: Some(error),
                retry_at,
            },
            Absence::Connecting => Self::Connecting(ScreenStep::Host),
            Absence::Failed(error) => Self::Failed(error),
        }
    }
}
