//! The figures as a table, with their ratios and what was to be reached.

use testbed::Lab;

use crate::measure::Figures;

/// Names what is compared.
pub(crate) fn head(lab: &Lab) {
    let version = lab.virsh(&["version", "--daemon"]);
    let daemon = version.lines().last().unwrap_or_default();
    println!("{daemon}; medians; innkeeper / virt-manager = ratio");
}

/// On this machine's own socket: time, memory, idle.
pub(crate) fn near(size: usize, figures: &[Option<Figures>; 2]) {
    let [Some(ours), Some(theirs)] = figures else {
        return;
    };
    line(
        size,
        "listed, s",
        ours.listed,
        theirs.listed,
        target_time(size),
    );
    line(
        size,
        "memory, MiB",
        ours.memory,
        theirs.memory,
        target_memory(size),
    );
    let idle = |figures: &Figures| figures.idle.unwrap_or(f64::NAN);
    let target = if idle(ours) <= 1.0 {
        "≤ 1 %: reached"
    } else {
        "≤ 1 %: MISSED"
    };
    println!(
        "{size:5} guests  {:<22} {:8.2} / {:8.2} = {:6.3}   {target}",
        "idle, % of a core",
        idle(ours),
        idle(theirs),
        idle(ours) / idle(theirs),
    );
}

/// Over the slow link: time.
pub(crate) fn far(size: usize, figures: &[Option<Figures>; 2]) {
    let Some(ours) = figures[0] else { return };
    let target = if ours.listed < 0.5 {
        "< 0.5 s: reached"
    } else {
        "< 0.5 s: MISSED"
    };
    let what = "listed over 50 ms, s";
    match figures[1] {
        Some(theirs) => println!(
            "{size:5} guests  {what:<22} {:8.3} / {:8.3} = {:6.3}   {target}",
            ours.listed,
            theirs.listed,
            ours.listed / theirs.listed
        ),
        None => println!(
            "{size:5} guests  {what:<22} {:8.3} / not measured      {target}",
            ours.listed
        ),
    }
}

fn line(size: usize, what: &str, ours: f64, theirs: f64, target: Option<f64>) {
    let ratio = ours / theirs;
    let target = match target {
        None => String::new(),
        Some(target) if ratio <= target => format!("≤ {target:.3}: reached"),
        Some(target) => format!("≤ {target:.3}: MISSED"),
    };
    println!("{size:5} guests  {what:<22} {ours:8.3} / {theirs:8.3} = {ratio:6.3}   {target}");
}

/// Never slower with few guests, an eighth of the time with many.
fn target_time(size: usize) -> Option<f64> {
    match size {
        ..=10 => Some(1.0),
        1000.. => Some(0.125),
        _ => None,
    }
}

/// A third of the memory with many guests.
fn target_memory(size: usize) -> Option<f64> {
    (size >= 1000).then_some(1.0 / 3.0)
}
