//! A program on a desktop, and whether it behaved.

use std::{process::Command, time::Duration};

use crate::{Accessibility, Element, Process, wait};

const PATIENCE: Duration = Duration::from_secs(20);
/// A stall of the main loop that a user takes for a program that hangs, in milliseconds.
const STALL_MS: u64 = 200;

/// What a program's own messages say of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing wrong was said.
    Clean,
    /// Lines that must not be there.
    Faults(Vec<String>),
}

/// A running program with windows.
#[derive(Debug)]
pub struct Program {
    process: Process,
}

impl Program {
    /// Starts it.
    ///
    /// # Panics
    /// When it cannot be started.
    #[track_caller]
    pub fn start(command: Command) -> Self {
        Self {
            process: Process::start(command),
        }
    }

    /// The process.
    pub fn process(&mut self) -> &mut Process {
        &mut self.process
    }

    /// Its process ID.
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// What it has said on standard error.
    pub fn messages(&self) -> Vec<String> {
        self.process.errors()
    }

    /// Its root in the accessibility tree; waits for it.
    ///
    /// # Panics
    /// When it has none in time, or has ended.
    #[track_caller]
    pub fn root(&mut self, accessibility: &Accessibility) -> Element {
        let root = wait::attempt(PATIENCE, || {
            let ended = self.process.exit();
            assert!(
                ended.is_none(),
                "the program has ended: {ended:?}\n{}",
                self.messages().join("\n")
            );
            accessibility.program(self.process.id())
        });
        root.unwrap_or_else(|| panic!("no accessible program:\n{}", self.messages().join("\n")))
    }

    /// Reads its messages: a warning of the toolkit, a panic, or a main loop that was held is a fault.
    pub fn verdict(&self) -> Verdict {
        let lines = self.messages();
        let faults: Vec<String> = lines.into_iter().filter(|line| is_fault(line)).collect();
        if faults.is_empty() {
            Verdict::Clean
        } else {
            Verdict::Faults(faults)
        }
    }

    /// The longest time for which the main loop was held, in milliseconds, as far as it was reported.
    pub fn longest_stall_ms(&self) -> u64 {
        let lines = self.messages();
        lines
            .iter()
            .filter_map(|line| held_ms(line))
            .max()
            .unwrap_or(0)
    }

    /// Its memory in MiB: the proportional set size, which counts what is shared by as many as share it.
    ///
    /// # Panics
    /// When it has ended.
    pub fn memory_mib(&self) -> f64 {
        let path = format!("/proc/{}/smaps_rollup", self.id());
        let text = std::fs::read_to_string(path).expect("a running process");
        let line = text.lines().find(|line| line.starts_with("Pss:"));
        let kib = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<f64>().ok());
        kib.expect("a size") / 1024.0
    }

    /// Ends it.
    pub fn end(&mut self) {
        self.process.end();
    }
}

/// What the toolkit says of itself: libadwaita 1.7 measures the heading of every `AdwAlertDialog` that is wider than
/// 324 pixels as if it did not wrap, then wraps it. An empty program with such a dialog says the same.
const TOOLKITS_OWN: &str = "Trying to measure GtkLabel";

fn is_fault(line: &str) -> bool {
    const MARKS: [&str; 7] = [
        "-CRITICAL **",
        "-WARNING **",
        "WARN glib:",
        "ERROR glib:",
        "panicked at",
        "RefCell already",
        "assertion failed",
    ];
    if line.contains(TOOLKITS_OWN) {
        return false;
    }
    MARKS.iter().any(|mark| line.contains(mark)) || held_ms(line).is_some_and(|ms| ms > STALL_MS)
}

fn held_ms(line: &str) -> Option<u64> {
    let (_, rest) = line.split_once("held_ms=")?;
    let digits = rest
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(rest.len());
    rest[..digits].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stall_counts_from_its_limit_on() {
        let line = |ms: u32| {
            format!("WARN innkeeper: the main loop was held held_ms={ms} waited_for_cpu_ms=3")
        };
        assert!(!is_fault(&line(200)));
        assert!(is_fault(&line(201)));
    }

    #[test]
    fn the_toolkits_warnings_are_faults() {
        assert!(is_fault(
            "(innkeeper:7): Gtk-CRITICAL **: 10:00:00.000: gtk_box_append: assertion"
        ));
        assert!(is_fault(
            "2026-01-01T00:00:00Z  WARN glib: no such property domain=\"Gtk\""
        ));
        assert!(!is_fault(
            "2026-01-01T00:00:00Z  INFO innkeeper::app: act guest=demo"
        ));
    }
}
