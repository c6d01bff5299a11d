//! What goes on during the storms: acts and reads over the link, and another client's doings behind its back.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use fastrand::Rng;
use innkeeper_core::{Act, DomainState, ErrorKind, Host};
use tokio::{
    task::JoinSet,
    time::{Instant, sleep, timeout},
};
use virt_rpc::procedure::{self, types};

use super::super::{PATIENCE, admin::Admin};

/// Domains whose power is switched, whose CPUs are stopped, that the other client switches, and that stay as they are.
const DOMAINS: usize = 8;
const POWER: usize = 0;
const CPUS: usize = 1;
const OTHERS: std::ops::Range<usize> = 2..5;

/// A memory size of its own makes each domain's XML known again.
fn memory_kib(number: usize) -> u64 {
    (32 + number as u64) * 1_024
}

/// What came of it.
#[derive(Debug, Default)]
pub(crate) struct Done {
    /// Acts that were sent: how many, and how many of them were answered.
    pub(super) acts: BTreeMap<&'static str, (u64, u64)>,
    pub(super) reads: u64,
    pub(super) reads_failed: u64,
    pub(super) others: u64,
    pub(super) slowest: Duration,
}

/// Work that goes on until it is finished.
pub(super) struct Load {
    work: JoinSet<()>,
    done: Arc<Mutex<Done>>,
    stop: Arc<AtomicBool>,
    rest: Arc<AtomicBool>,
}

/// Defines the domains; gives their names on the wire.
pub(super) async fn define(admin: &Admin) -> Vec<types::Domain> {
    let mut domains = Vec::new();
    for number in 0..DOMAINS {
        let xml = format!(
            "<domain type='test'><name>cuts-{number}</name><memory unit='KiB'>{}</memory>\
             <vcpu>1</vcpu><os><type arch='x86_64'>hvm</type></os></domain>",
            memory_kib(number)
        );
        domains.push(admin.define(xml).await);
    }
    admin.start(&domains[CPUS]).await;
    domains
}

impl Load {
    pub(super) fn start(
        host: &Host,
        admin: Arc<Admin>,
        domains: Vec<types::Domain>,
        seed: u64,
    ) -> Self {
        let mut load = Self {
            work: JoinSet::new(),
            done: Arc::default(),
            stop: Arc::default(),
            rest: Arc::default(),
        };
        for number in [POWER, CPUS] {
            let worker = load.worker(host, &domains, seed + number as u64);
            load.work.spawn(worker.acts(number));
        }
        for reader in 0..3 {
            let worker = load.worker(host, &domains, seed + 10 + reader);
            load.work.spawn(worker.reads());
        }
        let worker = load.worker(host, &domains, seed + 20);
        load.work.spawn(worker.another_clients(admin));
        load
    }

    fn worker(&self, host: &Host, domains: &[types::Domain], seed: u64) -> Worker {
        Worker {
            host: host.clone(),
            domains: domains.to_vec(),
            random: Rng::with_seed(seed),
            done: Arc::clone(&self.done),
            stop: Arc::clone(&self.stop),
            rest: Arc::clone(&self.rest),
        }
    }

    /// Begins nothing new for a while: what is compared must not change meanwhile.
    pub(super) fn rest(&self, rests: bool) {
        self.rest.store(rests, Ordering::Relaxed);
    }

    /// Ends the work and says what came of it.
    pub(super) async fn finish(mut self) -> Done {
        self.stop.store(true, Ordering::Relaxed);
        let ended = timeout(PATIENCE, async {
            while let Some(ended) = self.work.join_next().await {
                ended.expect("work that holds");
            }
        });
        ended.await.expect("every call has ended");
        std::mem::take(&mut self.done.lock().unwrap())
    }
}

struct Worker {
    host: Host,
    domains: Vec<types::Domain>,
    random: Rng,
    done: Arc<Mutex<Done>>,
    stop: Arc<AtomicBool>,
    rest: Arc<AtomicBool>,
}

impl Worker {
    fn goes_on(&self) -> bool {
        !self.stop.load(Ordering::Relaxed)
    }

    async fn breathe(&mut self, most: u64) {
        sleep(Duration::from_millis(self.random.u64(1..most))).await;
        while self.rest.load(Ordering::Relaxed) && self.goes_on() {
            sleep(Duration::from_millis(5)).await;
        }
    }

    fn note(&self, begun: Instant, change: impl FnOnce(&mut Done)) {
        let mut done = self.done.lock().unwrap();
        done.slowest = done.slowest.max(begun.elapsed());
        change(&mut done);
    }

    /// Switches one domain to and fro, as its state allows. Nobody else touches it.
    async fn acts(mut self, number: usize) {
        let uuid = self.domains[number].uuid;
        while self.goes_on() {
            self.breathe(30).await;
            let state = self.host.domain(uuid).map(|domain| domain.state);
            let act = match (number, state) {
                (POWER, Some(DomainState::ShutOff)) => Act::Run,
                (POWER, Some(_)) => Act::ForceOff,
                (CPUS, Some(DomainState::Running)) => Act::Pause,
                (CPUS, Some(DomainState::Paused)) => Act::Resume,
                _ => continue,
            };
            let begun = Instant::now();
            let result = self.host.act(uuid, act).await;
            let (sent, answered) = match result {
                Ok(()) => (1, 1),
                Err(error) => match error.kind {
                    // Nothing went out.
                    ErrorKind::NotConnected | ErrorKind::NoDomain => (0, 0),
                    ErrorKind::WrongState if error.message.contains("is not possible while") => {
                        (0, 0)
                    }
                    ErrorKind::Lost | ErrorKind::TimedOut => (1, 0),
                    // The event of the act before has not come yet, or that act's answer was lost: the daemon said so.
                    ErrorKind::WrongState | ErrorKind::Libvirt { .. } => (1, 1),
                    other => panic!("{act:?}: {other:?}: {}", error.message),
                },
            };
            self.note(begun, |done| {
                let count = done.acts.entry(name(act)).or_default();
                count.0 += sent;
                count.1 += answered;
            });
        }
    }

    /// Reads one domain's XML or another's, and checks that the answer is that domain's.
    async fn reads(mut self) {
        while self.goes_on() {
            self.breathe(20).await;
            let number = self.random.usize(0..DOMAINS);
            let begun = Instant::now();
            match self.host.details(self.domains[number].uuid).await {
                Ok(details) => {
                    assert_eq!(details.uuid, self.domains[number].uuid);
                    assert_eq!(details.memory_kib.1, memory_kib(number));
                    assert_eq!(details.domain.name, self.domains[number].name);
                    self.note(begun, |done| done.reads += 1);
                }
                Err(error) => {
                    let kind = &error.kind;
                    assert!(
                        matches!(
                            kind,
                            ErrorKind::NotConnected | ErrorKind::Lost | ErrorKind::TimedOut
                        ),
                        "{error:?}"
                    );
                    let sent = u64::from(*kind != ErrorKind::NotConnected);
                    self.note(begun, |done| done.reads_failed += sent);
                }
            }
        }
    }

    /// Switches other domains over a link of its own: the host hears of it by events.
    async fn another_clients(mut self, admin: Arc<Admin>) {
        let mut on = [false; DOMAINS];
        while self.goes_on() {
            self.breathe(60).await;
            let number = self.random.usize(OTHERS);
            if on[number] {
                // Another procedure than that of our own acts, which are counted.
                let (dom, flags) = (self.domains[number].clone(), 0);
                admin
                    .call(procedure::DomainDestroyFlags { dom, flags })
                    .await;
            } else {
                admin.start(&self.domains[number]).await;
            }
            on[number] = !on[number];
            self.done.lock().unwrap().others += 1;
        }
    }
}

fn name(act: Act) -> &'static str {
    match act {
        Act::Run => "run",
        Act::ForceOff => "force off",
        Act::Pause => "pause",
        Act::Resume => "resume",
        _ => "other",
    }
}
