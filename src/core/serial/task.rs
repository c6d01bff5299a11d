//! The state machine of one text console: what the domain's state asks for, attempts, and what to do after each.
//!
//! Everything goes through the daemon: a session ends with the link that it was opened over.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use virt_rpc::{Stream, StreamItem, StreamReceiver, StreamSender};

use super::{
    Demand, Shared, TextConsoleState,
    allowance::Allowance,
    opening::{self, Obstacle},
};
use crate::{
    Domain, Error, HostState, LinkInfo,
    host::{Lane, Link},
    patience::{Absence, Patience, asked, is_explained, until},
};

/// How often a line that another client has is asked for.
const ASK_AGAIN: Duration = Duration::from_secs(3);

/// What is sent at once.
const PIECE: usize = 1024;

/// Runs a text console until its last handle, or its host, is gone.
pub(super) async fn run(shared: Arc<Shared>, life: CancellationToken) {
    let _ = life
        .run_until_cancelled(Follower::new(&shared).follow())
        .await;
    shared.outbox.close();
}

/// What the domain and its host ask of a console now.
enum Want {
    /// Show this state and wait for something to change.
    Rest(TextConsoleState),
    /// Open the line of this domain over this link.
    Open(Box<Domain>, Link),
}

/// What tells one occasion to open the line from another: the run of the domain, and the link.
struct Occasion {
    run: Option<i32>,
    link: Arc<LinkInfo>,
}

impl Occasion {
    fn of(domain: &Domain, link: &Link) -> Self {
        Self {
            run: domain.id,
            link: Arc::clone(link.info()),
        }
    }
}

/// How an attempt ended.
enum Ended {
    /// The domain or the host asks for something else now.
    Superseded,
    /// The line was not opened.
    Refused(Obstacle),
    /// It was, for so long, and came to its end or broke.
    Over(Option<Error>, Duration),
}

struct Follower<'a> {
    shared: &'a Shared,
    changes: watch::Receiver<u64>,
    demand: watch::Receiver<Demand>,
    /// The connection of earlier attempts on the present occasion.
    lane: Option<Lane>,
    patience: Patience,
}

impl<'a> Follower<'a> {
    fn new(shared: &'a Shared) -> Self {
        Self {
            shared,
            changes: shared.host.board.watch(),
            demand: shared.demand.subscribe(),
            lane: None,
            patience: Patience::default(),
        }
    }

    async fn follow(mut self) {
        while !self.shared.host.board.is_closed() {
            self.changes.mark_unchanged();
            match self.want() {
                Want::Rest(state) => {
                    self.lane = None;
                    self.patience.renew();
                    self.shared.set_state(state);
                    self.something_changes().await;
                }
                Want::Open(domain, link) => {
                    let occasion = Occasion::of(&domain, &link);
                    let ended = self.attempt(&domain, &link, &occasion).await;
                    self.after(ended, &occasion).await;
                }
            }
        }
    }

    /// Waits until the list or the host's state changes, or somebody asks to try again.
    async fn something_changes(&mut self) {
        tokio::select! {
            changed = self.changes.changed() => drop(changed),
            () = asked(&mut self.demand) => self.shared.host.ask_again(),
        }
    }

    fn want(&self) -> Want {
        let host = &self.shared.host;
        let state = host.board.state();
        let link = host.link.borrow().clone();
        let Some(link) = link.filter(|_| matches!(state, HostState::Connected)) else {
            return Want::Rest(Absence::from(state).into());
        };
        match host.board.domain(self.shared.uuid) {
            None => Want::Rest(TextConsoleState::Ended),
            Some(domain) if domain.state.is_active() => Want::Open(Box::new(domain), link),
            Some(domain) => Want::Rest(TextConsoleState::Off(domain.state)),
        }
    }

    async fn attempt(&mut self, domain: &Domain, link: &Link, occasion: &Occasion) -> Ended {
        let force = self.take_demand();
        // A line that another client has is asked for without a word.
        if !matches!(*self.shared.state(), TextConsoleState::InUse) || force {
            self.shared.set_state(TextConsoleState::Connecting);
        }
        let open_lane = self.lane.take();
        let still_good = open_lane.filter(|lane| lane.connection().close_reason().is_none());
        let patience = self.shared.host.options().console;
        let device = self.shared.device;
        let opening = async {
            let lane = match still_good {
                Some(lane) => lane,
                None => link.lane().await?,
            };
            let opened = opening::open(link, &lane, domain, device, force, patience).await;
            Ok::<_, Obstacle>((opened, lane))
        };
        let opened = tokio::select! {
            opened = opening => opened,
            () = self.is_otherwise(occasion) => return Ended::Superseded,
        };
        match opened {
            Ok((Ok(stream), lane)) => self.converse(lane, stream, occasion).await,
            Ok((Err(obstacle), lane)) => {
                self.lane = Some(lane);
                Ended::Refused(obstacle)
            }
            Err(obstacle) => Ended::Refused(obstacle),
        }
    }

    /// Takes note of what was asked until now. Says whether the line is to be taken over.
    fn take_demand(&mut self) -> bool {
        let mut force = false;
        self.shared.demand.send_if_modified(|demand| {
            force = std::mem::take(&mut demand.force);
            false
        });
        self.demand.mark_unchanged();
        force
    }

    /// Passes bytes both ways until the line ends, or the domain or host asks for something else.
    async fn converse(&mut self, lane: Lane, stream: Stream, occasion: &Occasion) -> Ended {
        let since = Instant::now();
        let (receiver, sender) = stream.split();
        let shared = self.shared;
        let _open = shared.input.open();
        shared.set_state(TextConsoleState::Connected);
        let heard = watch::Sender::new(0);
        let error = tokio::select! {
            error = hear(shared, receiver, &heard) => error,
            error = say(shared, sender, heard.subscribe()) => Some(error),
            () = self.is_otherwise(occasion) => return Ended::Superseded,
        };
        self.lane = Some(lane);
        Ended::Over(error, since.elapsed())
    }

    /// Decides what comes after an attempt, and waits for it.
    async fn after(&mut self, ended: Ended, occasion: &Occasion) {
        match ended {
            Ended::Superseded => {}
            Ended::Refused(Obstacle::Lasting(error)) => {
                let state = TextConsoleState::Failed(Arc::new(error));
                self.shared.set_state(state);
                self.wait(None, occasion).await;
            }
            Ended::Refused(Obstacle::InUse) => {
                self.shared.set_state(TextConsoleState::InUse);
                self.wait(Some(Instant::now() + ASK_AGAIN), occasion).await;
            }
            Ended::Refused(Obstacle::Passing(error)) => {
                self.wait_for_line(Some(error), occasion).await;
            }
            Ended::Over(error, lasted) => {
                self.patience.after_session(lasted);
                if let Some(error) = error {
                    tracing::debug!(%error, "the line broke");
                }
                self.wait_for_line(None, occasion).await;
            }
        }
    }

    async fn wait_for_line(&mut self, error: Option<Error>, occasion: &Occasion) {
        if is_explained(self.is_otherwise(occasion)).await {
            return;
        }
        let pauses = &self.shared.host.options().console_retries;
        let retry_at = self.patience.next_attempt(pauses);
        let error = error.map(Arc::new);
        self.shared
            .set_state(TextConsoleState::Waiting { error, retry_at });
        self.wait(Some(retry_at), occasion).await;
    }

    /// Waits for the time, if there is one, for a request, or until the occasion is another.
    async fn wait(&mut self, time: Option<Instant>, occasion: &Occasion) {
        let mut demand = self.demand.clone();
        tokio::select! {
            () = self.is_otherwise(occasion) => self.patience.renew(),
            () = asked(&mut demand) => self.patience.renew(),
            () = until(time) => {}
        }
    }

    /// Waits until the line is no longer wanted, or of another run of the domain, or over another link.
    async fn is_otherwise(&mut self, occasion: &Occasion) {
        loop {
            match self.want() {
                Want::Open(domain, link)
                    if domain.id == occasion.run && Arc::ptr_eq(link.info(), &occasion.link) => {}
                _ => return,
            }
            if self.changes.changed().await.is_err() {
                return;
            }
        }
    }
}

/// Passes on what the guest writes until its line ends. Gives the error that ended it, if it was one.
async fn hear(
    shared: &Shared,
    mut receiver: StreamReceiver,
    heard: &watch::Sender<usize>,
) -> Option<Error> {
    loop {
        match receiver.recv().await {
            Ok(Some(StreamItem::Data(bytes))) => {
                heard.send_modify(|all| *all = all.wrapping_add(bytes.len()));
                shared.outbox.output(bytes).await;
            }
            Ok(Some(StreamItem::Hole(_))) => {}
            Ok(None) => return None,
            Err(error) => return Some(error.into()),
        }
    }
}

/// Sends what is typed until that fails, no further ahead of the guest than is allowed.
async fn say(
    shared: &Shared,
    mut sender: StreamSender,
    mut heard: watch::Receiver<usize>,
) -> Error {
    let mut allowance = Allowance::default();
    let mut before = 0;
    loop {
        if allowance.next(PIECE) == 0 {
            // The sender lives as long as the line does.
            let _ = heard.changed().await;
        }
        let all = *heard.borrow_and_update();
        allowance.heard(all.wrapping_sub(before));
        before = all;
        let most = allowance.next(PIECE);
        if most == 0 {
            continue;
        }
        let piece = shared.input.next(most).await;
        allowance.spend(piece.len());
        if let Err(error) = sender.send(piece).await {
            return error.into();
        }
    }
}

impl From<Absence> for TextConsoleState {
    fn from(absence: Absence) -> Self {
        match absence {
            Absence::Waiting { error, retry_at } => Self::Waiting {
                error: Some(error),
                retry_at,
            },
            Absence::Connecting => Self::Connecting,
            Absence::Failed(error) => Self::Failed(error),
        }
    }
}
