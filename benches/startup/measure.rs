//! One client against one socket, several times: time, memory, idle cost.

use std::{
    fs,
    path::Path,
    thread,
    time::{Duration, Instant},
};

use testbed::{Desktop, Program, Watch};

use crate::client::Client;

/// A screen that does not change for this long shows what it will go on showing.
const CALM: Duration = Duration::from_millis(1500);
/// After the list has come: what a program still does with it (virt-manager's first readings, ours of the details).
const SETTLE: Duration = Duration::from_secs(8);
/// How long doing nothing is measured.
const IDLE: Duration = Duration::from_secs(20);
/// With fewer lines of text a window shows no list yet.
const LINES: usize = 9;

/// What is measured.
pub(crate) struct Plan {
    size: usize,
    runs: usize,
    patience: Duration,
    with_idle: bool,
}

impl Plan {
    /// On this machine's own socket.
    pub(crate) fn near(size: usize, runs: usize) -> Self {
        Self {
            size,
            runs,
            patience: Duration::from_mins(1),
            with_idle: true,
        }
    }

    /// Over the slow link; once only where it takes minutes.
    pub(crate) fn far(size: usize, runs: usize, is_long: bool) -> Self {
        Self {
            size,
            runs: if is_long { 1 } else { runs },
            patience: Duration::from_mins(10),
            with_idle: false,
        }
    }
}

/// What was measured: the time is a median of several runs, memory and idle cost are from the first.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Figures {
    /// From process start to all guests on the screen, in seconds.
    pub(crate) listed: f64,
    /// The proportional set size when all has settled, in MiB.
    pub(crate) memory: f64,
    /// The processor's share while nothing happens, in percent of a core; not measured over the slow link.
    pub(crate) idle: Option<f64>,
}

/// Measures a client; the first run only warms the caches.
pub(crate) fn measure(client: &Client, uri: &str, plan: &Plan) -> Figures {
    if plan.runs > 1 {
        run(client, uri, plan, false);
    }
    let runs: Vec<Figures> = (0..plan.runs)
        .map(|number| run(client, uri, plan, plan.with_idle && number == 0))
        .collect();
    Figures {
        listed: median(runs.iter().map(|run| run.listed)),
        memory: runs[0].memory,
        idle: runs[0].idle,
    }
}

fn run(client: &Client, uri: &str, plan: &Plan, with_idle: bool) -> Figures {
    let desktop = Desktop::bare();
    let watch = Watch::open(desktop.display());
    let command = client.command(&desktop, uri);
    let begun = Instant::now();
    let program = Program::start(command);
    let sight = watch
        .until_calm(begun, CALM, plan.patience, |picture| {
            picture.text_lines() >= LINES
        })
        .unwrap_or_else(|| {
            let path = kept(client, plan, "failed");
            desktop.screen().picture().save(&path);
            panic!(
                "{} showed no list: {}\n{}",
                client.name,
                path.display(),
                program.messages().join("\n")
            )
        });
    sight.picture.save(&kept(client, plan, "listed"));
    let idle = with_idle.then(|| idle(program.id()));
    Figures {
        listed: sight.after.as_secs_f64(),
        memory: memory(program.id()),
        idle,
    }
}

/// Measures the cost of doing nothing: this is time itself, not a wait for something.
fn idle(process: u32) -> f64 {
    thread::sleep(SETTLE);
    let (begun, before) = (Instant::now(), processor(process));
    thread::sleep(IDLE);
    let spent = processor(process) - before;
    spent / begun.elapsed().as_secs_f64() * 100.0
}

/// The processor time that a process has used, all its threads, in seconds (`proc_pid_stat(5)`, in ticks of 10 ms).
fn processor(process: u32) -> f64 {
    let text = fs::read_to_string(format!("/proc/{process}/stat")).expect("a running process");
    let fields: Vec<&str> = text
        .rsplit(')')
        .next()
        .unwrap_or_default()
        .split_whitespace()
        .collect();
    let ticks = |at: usize| fields[at].parse::<f64>().expect("a number");
    (ticks(11) + ticks(12)) / 100.0
}

/// The proportional set size in MiB.
fn memory(process: u32) -> f64 {
    let text =
        fs::read_to_string(format!("/proc/{process}/smaps_rollup")).expect("a running process");
    let line = text
        .lines()
        .find(|line| line.starts_with("Pss:"))
        .expect("a size");
    let kib = line
        .split_whitespace()
        .nth(1)
        .and_then(|n| n.parse::<f64>().ok());
    kib.expect("a number") / 1024.0
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn kept(client: &Client, plan: &Plan, what: &str) -> std::path::PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench-shots");
    fs::create_dir_all(&folder).expect("a folder for pictures");
    let link = if plan.with_idle { "near" } else { "far" };
    folder.join(format!("{}-{}-{link}-{what}.png", client.name, plan.size))
}
