//! The state machine of one console: what the domain's state asks for, attempts, and what to do after each.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::{
    sync::watch,
    time::{sleep_until, timeout},
};
use tokio_util::sync::CancellationToken;

use super::{
    ConsoleEvent, ConsoleState, Shared,
    gate::{self, Gate},
    route::{self, Obstacle},
};
use crate::{
    Domain, DomainState, Error, ErrorKind, GraphicsKind, HostState,
    host::{Link, pause},
};

/// How long the list may take to tell that a guest stopped, after its screen has gone.
const NEWS_MAY_FOLLOW: Duration = Duration::from_millis(150);

/// A session that lasted this long was a good one: after it, waits begin anew.
const GOOD_SESSION: Duration = Duration::from_secs(3);

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

/// How an attempt ended.
enum Ended {
    /// The domain or the host asks for something else now.
    Superseded,
    /// The password was wrong; the server's words.
    WrongPassword(String),
    /// Trying again by itself may help. With the time for which the picture was live.
    Passing(Error, Option<Duration>),
    /// It does not.
    Lasting(Error),
}

struct Follower<'a> {
    shared: &'a Shared,
    changes: watch::Receiver<u64>,
    retries: watch::Receiver<u64>,
    paused: watch::Receiver<bool>,
    failures: usize,
    previous_failure: Option<String>,
}

impl<'a> Follower<'a> {
    fn new(shared: &'a Shared) -> Self {
        Self {
            shared,
            changes: shared.host.board.watch(),
            retries: shared.retries.subscribe(),
            paused: shared.paused.subscribe(),
            failures: 0,
            previous_failure: None,
        }
    }

    async fn follow(mut self) {
        while !self.shared.host.board.is_closed() {
            self.changes.mark_unchanged();
            match self.want() {
                Want::Rest(state) => {
                    self.shared.set_state(state);
                    self.failures = 0;
                    self.previous_failure = None;
                    self.something_changes().await;
                }
                Want::Show(domain, link) => {
                    let occasion = (domain.id, domain.state);
                    self.shared.set_state(ConsoleState::Connecting);
                    let ended = self.attempt(&domain, &link).await;
                    self.shared.screen().session = None;
                    self.after(ended, occasion).await;
                }
            }
        }
    }

    /// Waits until the list or the host's state changes, or somebody asks to try again.
    async fn something_changes(&mut self) {
        tokio::select! {
            changed = self.changes.changed() => drop(changed),
            () = asked_again(&mut self.retries) => self.shared.host.ask_again(),
        }
    }

    fn want(&self) -> Want {
        let host = &self.shared.host;
        let link = host.link.borrow().clone();
        let Some(link) = link else {
            return Want::Rest(without_link(host.board.state()));
        };
        let Some(domain) = host.board.domain(self.shared.uuid) else {
            return Want::Rest(ConsoleState::Ended);
        };
        if !domain.state.is_active() {
            return Want::Rest(ConsoleState::Off(domain.state));
        }
        let graphics = domain.description.as_ref().map(|d| d.graphics.clone());
        match graphics {
            // Its XML has not been read yet: the attempt does it.
            None => Want::Show(Box::new(domain), link),
            Some(list) if list.contains(&GraphicsKind::Vnc) => Want::Show(Box::new(domain), link),
            Some(list) => Want::Rest(ConsoleState::NoScreen(list.first().copied())),
        }
    }

    async fn attempt(&mut self, domain: &Domain, link: &Link) -> Ended {
        self.retries.mark_unchanged();
        let options = self.shared.host.options();
        let opening = route::open(link, domain, &options);
        let way = match timeout(options.console, opening).await {
            Ok(Ok(way)) => way,
            Ok(Err(Obstacle::Passing(error))) => return Ended::Passing(error, None),
            Ok(Err(Obstacle::Lasting(error))) => return Ended::Lasting(error),
            Err(_) => return Ended::Passing(slow(options.console), None),
        };
        let last = self.shared.host.protections.last(self.shared.uuid);
        let gate = Gate::new(&way, &options, last);
        let mut vnc = rfb::Options::default();
        vnc.security = gate.layers();
        vnc.credentials = Arc::clone(&self.shared.credentials);
        domain.shown_name().clone_into(&mut vnc.target);
        vnc.previous_failure = self.previous_failure.clone();
        vnc.handshake_timeout = options.console;
        vnc.local = way.is_descriptor;
        let (session, events) = rfb::Session::connect(way.stream, vnc);
        session.set_paused(*self.paused.borrow_and_update());
        self.watch_session(session, events, &gate).await
    }

    /// Passes a session's news on until it ends, or the domain or host asks for something else.
    async fn watch_session(
        &mut self,
        session: rfb::Session,
        mut events: rfb::Events,
        gate: &Gate,
    ) -> Ended {
        let mut live_since = None;
        loop {
            tokio::select! {
                event = events.recv() => match event {
                    Some(rfb::Event::Closed(error)) => return ended(error, live_since, gate),
                    None => return ended(rfb::Error::Closed, live_since, gate),
                    Some(event) => {
                        if matches!(event, rfb::Event::Connected { .. }) {
                            live_since = Some(Instant::now());
                            self.begin(&session, gate);
                        }
                        self.shared.outbox.push(ConsoleEvent::Screen(event));
                    }
                },
                changed = self.changes.changed() => {
                    if changed.is_err() || self.is_superseded() {
                        return Ended::Superseded;
                    }
                }
                Ok(()) = self.paused.changed() => {
                    session.set_paused(*self.paused.borrow_and_update());
                }
            }
        }
    }

    /// The session has a picture: the console is live.
    fn begin(&mut self, session: &rfb::Session, gate: &Gate) {
        self.previous_failure = None;
        if let Some(protection) = gate.learned() {
            let protections = &self.shared.host.protections;
            protections.expect(self.shared.uuid, protection);
        }
        {
            let mut screen = self.shared.screen();
            screen.session = Some(session.clone());
            screen.framebuffer = session.framebuffer();
        }
        self.shared.set_state(ConsoleState::Connected);
    }

    /// Says whether a session makes no sense any more. A lost daemon is no reason: the screen does not go through it.
    fn is_superseded(&self) -> bool {
        let board = &self.shared.host.board;
        if board.is_closed() {
            return true;
        }
        if matches!(
            board.state(),
            HostState::Lost { .. } | HostState::Connecting(_)
        ) {
            return false;
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
            Ended::Lasting(error) => {
                self.shared.set_state(ConsoleState::Failed(Arc::new(error)));
                self.wait(None, occasion).await;
            }
            Ended::Passing(error, live) => {
                if live.is_some_and(|live| live >= GOOD_SESSION) {
                    self.failures = 0;
                }
                let news = timeout(NEWS_MAY_FOLLOW, self.is_otherwise(occasion)).await;
                if news.is_ok() {
                    return;
                }
                let wait = pause(&self.shared.host.options().console_retries, self.failures);
                let retry_at = Instant::now() + wait;
                self.failures += 1;
                tracing::debug!(%error, "the screen is not there");
                let error = live.is_none().then(|| Arc::new(error));
                self.shared
                    .set_state(ConsoleState::Waiting { error, retry_at });
                self.wait(Some(retry_at), occasion).await;
            }
        }
    }

    /// Waits for the time, if there is one, for a request, or until the domain is no longer as it was.
    async fn wait(&mut self, until: Option<Instant>, occasion: Occasion) {
        let mut retries = self.retries.clone();
        let time = async {
            match until {
                Some(time) => sleep_until(time.into()).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = self.is_otherwise(occasion) => self.failures = 0,
            () = asked_again(&mut retries) => self.failures = 0,
            () = time => {}
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

/// What to show while there is no connection to the host.
fn without_link(host: HostState) -> ConsoleState {
    match host {
        HostState::Lost {
            error, retry_at, ..
        } => ConsoleState::Waiting {
            error: Some(error),
            retry_at,
        },
        HostState::Connecting(_) | HostState::Connected => ConsoleState::Connecting,
        HostState::Failed(error) => ConsoleState::Failed(error),
        HostState::Disconnected => {
            let error = Error::new(ErrorKind::NotConnected, "the host is not connected");
            ConsoleState::Failed(Arc::new(error))
        }
    }
}

/// Sorts the end of a session, by what was in the way of its picture or took it away.
fn ended(error: rfb::Error, live_since: Option<Instant>, gate: &Gate) -> Ended {
    if let Some(since) = live_since {
        return Ended::Passing(Error::from(&error), Some(since.elapsed()));
    }
    let own = gate.explain(&error);
    if let rfb::Error::Authentication { reason } = error {
        return Ended::WrongPassword(reason);
    }
    let is_refused = matches!(
        own.kind,
        ErrorKind::ClientCertificateMissing { .. } | ErrorKind::ClientCertificateRefused
    );
    if gate::may_pass(&error) && !is_refused {
        Ended::Passing(own, None)
    } else {
        Ended::Lasting(own)
    }
}

fn slow(after: Duration) -> Error {
    Error::new(
        ErrorKind::TimedOut,
        format!("the screen could not be reached within {after:?}"),
    )
}

/// Waits until somebody asks to try again.
async fn asked_again(retries: &mut watch::Receiver<u64>) {
    if retries.changed().await.is_err() {
        std::future::pending::<()>().await;
    }
}
