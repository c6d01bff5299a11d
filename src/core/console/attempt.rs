//! One attempt to show a screen: the way there, the session on it, and why it ended.
//!
//! What comes after is [`super::task`]'s. A screen counts as live once its first whole picture is there: until then, and
//! for as long as parts of it come, it is said what is waited for.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use link_security::Secret;
use tokio::time::sleep_until;

use super::{
    ConsoleEvent, ConsoleState, ScreenRoute, ScreenStep,
    gate::{self, Gate},
    pulse::Pulse,
    route::{self, Obstacle, Way},
    task::Follower,
    told_password::ToldPassword,
};
use crate::{Domain, Error, ErrorKind, Options, host::Link};

/// How an attempt ended.
pub(super) enum Ended {
    /// The domain, the host or the user asks for something else now.
    Superseded,
    /// The password was wrong; the server's words.
    WrongPassword(String),
    /// The password that the domain's XML says was wrong.
    WrongXml(Secret),
    /// Trying again by itself may help. With the time for which the picture was live.
    Passing(Error, Option<Duration>),
    /// It does not.
    Lasting(Error),
}

/// A session with what is known of it.
pub(super) struct Visit {
    pub(super) session: rfb::Session,
    pub(super) route: ScreenRoute,
    gate: Gate,
    password: Arc<ToldPassword>,
    /// How long the first picture may take, and each part of it.
    pub(super) patience: Duration,
    /// Whether the others were to stay.
    shares: bool,
    /// Which of the domain's screens was asked for.
    place: Option<usize>,
    /// Whether the server has described its desktop.
    is_open: bool,
    last_news: Instant,
    live_since: Option<Instant>,
}

impl Follower<'_> {
    /// Opens a way to the domain's screen, and stays for as long as that makes sense.
    ///
    /// A tunnel needs the host's login, which lives for as long as the link is held.
    pub(super) async fn attempt(&mut self, domain: &Domain, link: &Link) -> Ended {
        self.retries.mark_unchanged();
        let options = self.shared.host.options();
        let place = self.wanted.borrow().settings.place;
        let tell = |step| self.shared.set_state(ConsoleState::Connecting(step));
        let way = match Box::pin(route::open(link, domain, place, &options, &tell)).await {
            Ok(way) => way,
            Err(Obstacle::Passing(error)) => return Ended::Passing(error, None),
            Err(Obstacle::Lasting(error)) => return Ended::Lasting(error),
        };
        if self.wanted.borrow().settings.place != place {
            return Ended::Superseded;
        }
        tell(ScreenStep::Greeting);
        let (visit, events) = self.visit(domain, place, way, &options);
        self.watch_session(visit, events).await
    }

    fn visit(
        &mut self,
        domain: &Domain,
        place: Option<usize>,
        way: Way,
        options: &Options,
    ) -> (Visit, rfb::Events) {
        let last = self.shared.host.protections.last(self.shared.uuid);
        let gate = Gate::new(&way, options, last);
        let told = way
            .password
            .filter(|password| self.refused_password.as_ref() != Some(password));
        let password = ToldPassword::new(told, Arc::clone(&self.shared.credentials));
        let wanted = *self.wanted.borrow_and_update();
        let mut vnc = rfb::Options::default();
        vnc.shared = wanted.settings.share && wanted.take_overs == self.taken_over;
        vnc.security = gate.layers();
        vnc.credentials = password.clone();
        domain.shown_name().clone_into(&mut vnc.target);
        vnc.previous_failure.clone_from(&self.previous_failure);
        vnc.handshake_timeout = options.console;
        vnc.local = way.is_descriptor;
        let (session, events) = rfb::Session::connect(way.stream, vnc);
        session.set_paused(*self.paused.borrow_and_update());
        session.set_view_only(wanted.settings.view_only);
        let visit = Visit {
            session,
            route: way.route,
            gate,
            password,
            patience: options.console,
            shares: wanted.settings.share,
            place,
            is_open: false,
            last_news: Instant::now(),
            live_since: None,
        };
        (visit, events)
    }

    /// Passes a session's news on until it ends, or something else is asked for.
    async fn watch_session(&mut self, mut visit: Visit, mut events: rfb::Events) -> Ended {
        let shares_login = matches!(visit.route, ScreenRoute::Tunnel { .. });
        let mut pulse = Pulse::new(&visit);
        loop {
            let silence = visit.silence(*self.paused.borrow());
            tokio::select! {
                event = events.recv() => match event {
                    Some(rfb::Event::Closed(error)) => return visit.ended(error),
                    None => return visit.ended(rfb::Error::Closed),
                    Some(event) => self.take_event(&mut visit, event),
                },
                () = silence => return visit.without_picture(),
                () = pulse.wait() => {
                    if pulse.is_gone(&visit.session, *self.paused.borrow()) {
                        return visit.without_pulse();
                    }
                }
                changed = self.changes.changed() => {
                    if changed.is_err() || self.is_superseded(shares_login) {
                        return Ended::Superseded;
                    }
                }
                Ok(()) = self.paused.changed() => {
                    visit.session.set_paused(*self.paused.borrow_and_update());
                    self.look_for_picture(&mut visit);
                }
                Ok(()) = self.wanted.changed() => {
                    let wanted = *self.wanted.borrow_and_update();
                    visit.session.set_view_only(wanted.settings.view_only);
                    let is_alone_now = visit.shares && !wanted.settings.share;
                    let is_another = visit.place != wanted.settings.place;
                    if wanted.take_overs != self.taken_over || is_alone_now || is_another {
                        return Ended::Superseded;
                    }
                }
            }
        }
    }

    fn take_event(&mut self, visit: &mut Visit, event: rfb::Event) {
        visit.last_news = Instant::now();
        if matches!(event, rfb::Event::Connected { .. }) {
            self.open(visit);
        }
        // Its player waits for the queue itself; a hundred such news a second would wake everybody else.
        if matches!(event, rfb::Event::AudioData) {
            return;
        }
        let may_show = matches!(event, rfb::Event::Connected { .. } | rfb::Event::Damage);
        self.shared.outbox.push(ConsoleEvent::Screen(event));
        if may_show {
            self.look_for_picture(visit);
        }
    }

    /// The screen let us in.
    fn open(&mut self, visit: &mut Visit) {
        visit.is_open = true;
        self.previous_failure = None;
        self.refused_password = None;
        self.taken_over = self.wanted.borrow().take_overs;
        let learned = visit.gate.learned(&visit.session.statistics().security);
        if let Some(protection) = learned {
            let protections = &self.shared.host.protections;
            protections.expect(self.shared.uuid, protection);
        }
        {
            let mut screen = self.shared.screen();
            screen.session = Some(visit.session.clone());
            screen.route = Some(visit.route.clone());
            screen.protection = learned;
        }
        self.shared
            .set_state(ConsoleState::Connecting(ScreenStep::Picture));
    }

    /// The console is live once there is a whole picture. While nobody looks none is asked for: then it is at once.
    fn look_for_picture(&self, visit: &mut Visit) {
        let has_picture = || visit.session.is_complete();
        let is_live =
            visit.is_open && visit.live_since.is_none() && (*self.paused.borrow() || has_picture());
        if is_live {
            visit.live_since = Some(Instant::now());
            self.shared.set_state(ConsoleState::Connected);
        }
    }
}

impl Visit {
    /// Waits for as long as nothing may come while the first picture is due.
    fn silence(&self, is_paused: bool) -> impl Future<Output = ()> + use<> {
        let is_due = self.is_open && self.live_since.is_none() && !is_paused;
        let end = self.last_news + self.patience;
        async move {
            if is_due {
                sleep_until(end.into()).await;
            } else {
                std::future::pending::<()>().await;
            }
        }
    }

    fn without_picture(&self) -> Ended {
        let text = format!("the screen sent no picture within {:?}", self.patience);
        Ended::Passing(Error::new(ErrorKind::TimedOut, text), None)
    }

    fn without_pulse(&self) -> Ended {
        let text = format!("the screen answered nothing for {:?}", self.patience);
        let live = self.live_since.map(|since| since.elapsed());
        Ended::Passing(Error::new(ErrorKind::TimedOut, text), live)
    }

    /// Sorts the end of a session, by what was in the way of its picture or took it away.
    fn ended(&self, error: rfb::Error) -> Ended {
        if let Some(since) = self.live_since {
            return Ended::Passing(Error::from(&error), Some(since.elapsed()));
        }
        let own = self.gate.explain(&error);
        if matches!(own.kind, ErrorKind::ScreenPasswordExpired { .. }) {
            return Ended::Lasting(own);
        }
        if let rfb::Error::Authentication { reason } = error {
            return match self.password.used() {
                Some(password) => Ended::WrongXml(password.clone()),
                None => Ended::WrongPassword(reason),
            };
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
}
