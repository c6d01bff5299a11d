//! A host used without a pause over a link that delays, freezes one direction and is cut at random bytes.
//!
//! Each round is a storm with random disturbances, then calm until the host is back and its list is the daemon's. Acts,
//! reads and what another client does go on all the time. What must hold is asserted on the way and at the end; the
//! daemon's own log says what reached it. Used by the test `cuts` and, for hours if one likes, by the benchmark of that
//! name. [`way`] has the links, [`load`] what is done over them, [`told`] what the daemon says of it.

mod load;
mod report;
mod told;
mod way;

use std::{
    path::Path,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use fastrand::Rng;
use innkeeper_core::{Domain, Host, HostState, Uri};
use tokio::time::{Instant, sleep, timeout};

use super::{admin::Admin, far_host::quiet, proxy::Weather, uri, view::View};
use load::Load;
pub(crate) use report::Report;
use told::Told;
pub(crate) use way::Kind;
use way::Way;

/// Every client of one daemon shares this driver while one of them has it open.
const TEST: &str = "test:///default";

/// A call or a loss may not take longer to be noticed (issue 3, §3).
const NOTICED: Duration = Duration::from_secs(15);

/// What a scheduler of a busy machine may add.
const BUSY: Duration = Duration::from_secs(3);

/// How long, and how hard.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    /// The same seed makes the same weather.
    pub(crate) seed: u64,
    /// When no further round begins.
    pub(crate) duration: Duration,
    /// The host's pause before it pings.
    pub(crate) ping: Duration,
    /// The waits before attempts to get back.
    pub(crate) retries: Vec<Duration>,
    /// How long a storm lasts, and a freeze at most.
    pub(crate) storm: Duration,
}

/// Goes through storms over one link, and says what happened.
///
/// # Panics
/// When something does not hold.
pub(crate) async fn weather(kind: Kind, plan: &Plan) -> Report {
    let way = Way::open(kind, plan).await;
    let told = Told::at(way.log());
    // Kept open: the driver's domains live as long as somebody has it open.
    let admin = Arc::new(Admin::connect(&way.daemon.socket(), TEST).await);
    let domains = load::define(&admin).await;
    let (_clean, mut truth) = connected(uri(TEST, &way.daemon.socket()), quiet()).await;
    let (host, mut view) = connected(way.uri.clone(), way.options.clone()).await;
    let before = told.count();
    let load = Load::start(&host, Arc::clone(&admin), domains, plan.seed);
    let mut storms = Storms::new(&way, plan);
    while storms.begun.elapsed() < plan.duration {
        storms.round(&mut view, &mut truth, &load).await;
    }
    let done = load.finish().await;
    until_same(&mut view, &mut truth).await;
    let report = Report::of(kind, &storms, done, &told.count().since(&before));
    report.judge(NOTICED + BUSY);
    drop((host, admin));
    report
}

async fn connected(uri: Uri, options: innkeeper_core::Options) -> (Host, View) {
    let host = Host::with_options(uri, options);
    let mut view = View::of(&host);
    host.connect();
    view.until_connected().await;
    (host, view)
}

/// The rounds, and what was seen in them.
struct Storms<'a> {
    way: &'a Way,
    plan: &'a Plan,
    random: Rng,
    begun: Instant,
    rounds: u32,
    cuts: u32,
    freezes: u32,
    /// How many links were made after the first.
    links: u64,
    slowest_return: Duration,
}

impl<'a> Storms<'a> {
    fn new(way: &'a Way, plan: &'a Plan) -> Self {
        Self {
            way,
            plan,
            random: Rng::with_seed(plan.seed),
            begun: Instant::now(),
            rounds: 0,
            cuts: 0,
            freezes: 0,
            links: 0,
            slowest_return: Duration::ZERO,
        }
    }

    /// A storm, then calm until the host is back with what the daemon knows.
    async fn round(&mut self, view: &mut View, truth: &mut View, load: &Load) {
        let end = Instant::now() + self.plan.storm;
        while Instant::now() < end {
            self.disturb(end).await;
        }
        self.way.proxy.set(Weather::default());
        let calm = Instant::now();
        // A state that was told before the calm says nothing of it.
        load.rest(true);
        take_all(view).await;
        view.until_connected().await;
        until_same(view, truth).await;
        load.rest(false);
        let took = calm.elapsed();
        let last = self.plan.retries.last().copied().unwrap_or_default();
        let bound = NOTICED + last.mul_f64(1.2) + BUSY;
        assert!(took < bound, "round {}: back after {took:?}", self.rounds);
        self.slowest_return = self.slowest_return.max(took);
        self.links = self.way.proxy.accepted.load(Ordering::Relaxed) - 1;
        view.states.clear();
        view.log.drain(..view.log.len().saturating_sub(1));
        self.rounds += 1;
    }

    /// One disturbance, for a while.
    async fn disturb(&mut self, end: Instant) {
        let left = end.saturating_duration_since(Instant::now());
        let random = &mut self.random;
        let (mut weather, mut lasts) = (Weather::default(), random.u64(20..400));
        match random.u8(0..10) {
            0..2 => {}
            2..4 => weather.delay = Duration::from_millis(random.u64(1..80)),
            4..7 => {
                self.way.proxy.cut_after_bytes(random.u32(0..20_000));
                self.cuts += 1;
            }
            7 => {
                self.way.proxy.cut();
                self.cuts += 1;
            }
            _ => {
                (weather.frozen_in, weather.frozen_out) =
                    random.choice(FREEZES).unwrap_or_default();
                lasts = random.u64(100..2_000).max(left.as_millis() as u64 / 2);
                // Nothing pings on a socket of this machine: it must thaw before a read is given up.
                if self.way.kind == Kind::Unix {
                    lasts = lasts.min(5_000);
                }
                self.freezes += 1;
            }
        }
        self.way.proxy.set(weather);
        sleep(Duration::from_millis(lasts).min(left)).await;
        if weather.frozen_in || weather.frozen_out {
            // Two freezes with a moment between them would be one that is longer, and no silence.
            self.way.proxy.set(Weather::default());
            sleep(THAW).await;
        }
    }
}

/// How long a link passes everything after a freeze, at least.
const THAW: Duration = Duration::from_millis(500);

/// Inwards and outwards.
const FREEZES: [(bool, bool); 3] = [(true, false), (false, true), (true, true)];

/// Takes the news that there are.
async fn take_all(view: &mut View) {
    while timeout(Duration::from_millis(50), view.take())
        .await
        .is_ok()
    {}
}

/// Waits until both know the same domains in the same states, at a moment when both are connected.
async fn until_same(view: &mut View, truth: &mut View) {
    let waited = timeout(super::PATIENCE, async {
        while !(matches!(view.state, HostState::Connected) && same(view, truth)) {
            tokio::select! {
                () = view.take() => {}
                () = truth.take() => {}
            }
        }
    });
    let in_time = waited.await.is_ok();
    let (state, domains) = (&view.state, &view.domains);
    assert!(
        in_time,
        "the list is not the daemon's: {state:?} {domains:?} / {:?}",
        truth.domains
    );
}

fn same(view: &View, truth: &View) -> bool {
    let known = |view: &View, domain: &Domain| {
        let other = view.domains.get(&domain.uuid);
        other.is_some_and(|o| (&o.name, o.state, o.id) == (&domain.name, domain.state, domain.id))
    };
    view.domains.len() == truth.domains.len()
        && truth.domains.values().all(|domain| known(view, domain))
}

/// Where the daemon's log lies, in a folder that ends with the way.
fn log_in(folder: &Path) -> std::path::PathBuf {
    folder.join("daemon.log")
}
