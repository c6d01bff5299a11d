//! What happened to a host's connection, as a bounded list for people who look into it.
//!
//! The lines hold kinds and facts; sentences in the user's language are made above this crate. Nothing secret is ever in it.

use std::{collections::VecDeque, fmt, sync::Arc, time::SystemTime};

use crate::{Error, LinkInfo, LinkWarning, SshWay, Step};

/// How many lines are kept; the oldest go first.
pub const LOG_LINES_MAX: usize = 500;

/// How much a line matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LogLevel {
    /// What happened in its course.
    Info,
    /// What a person should know.
    Warning,
    /// What failed.
    Error,
}

/// One line.
#[derive(Clone, Debug)]
pub struct LogLine {
    /// Counts the lines of a host from 0, so that a reader knows which ones it has.
    pub number: u64,
    /// When it happened.
    pub time: SystemTime,
    /// What happened.
    pub event: LogEvent,
}

/// What can happen to a connection. Prints as plain English, for a log that is sent to somebody.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum LogEvent {
    /// An attempt began.
    Connecting {
        /// The URI.
        uri: String,
    },
    /// The attempt came to its next step.
    Step(Step),
    /// A question was put to a person.
    Asked,
    /// ssh leads to the far socket in this way.
    SshWay(SshWay),
    /// A way was tried in vain, and another one is tried: what, and why not.
    Tried {
        /// What was tried: an address, a way over ssh, a socket.
        what: String,
        /// The raw reason.
        why: String,
    },
    /// The connection is up.
    Connected(Arc<LinkInfo>),
    /// The link is not as safe as it could be.
    Warning(LinkWarning),
    /// The link broke, or an attempt to get it back failed; another one comes.
    Lost(Arc<Error>),
    /// The attempt failed, and nothing happens until somebody asks.
    Failed(Arc<Error>),
    /// It was ended on purpose.
    Disconnected,
}

impl LogEvent {
    /// Says how much it matters.
    pub fn level(&self) -> LogLevel {
        match self {
            Self::Failed(_) | Self::Lost(_) => LogLevel::Error,
            Self::Warning(_) | Self::Tried { .. } => LogLevel::Warning,
            _ => LogLevel::Info,
        }
    }
}

impl fmt::Display for LogEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Connecting { uri } => write!(f, "connecting to {uri}"),
            Self::Step(step) => write!(f, "step: {step:?}"),
            Self::Asked => f.write_str("asked the user"),
            Self::SshWay(way) => write!(f, "way over ssh: {way:?}"),
            Self::Tried { what, why } => write!(f, "tried {what}: {why}"),
            Self::Connected(link) => write!(f, "connected by {} to {}", link.transport, link.peer),
            Self::Warning(warning) => write!(f, "warning: {warning}"),
            Self::Lost(error) => write!(f, "lost: {error}"),
            Self::Failed(error) => write!(f, "failed: {error}"),
            Self::Disconnected => f.write_str("disconnected"),
        }
    }
}

/// The last lines of a host.
#[derive(Debug, Default)]
pub(crate) struct Log {
    lines: VecDeque<LogLine>,
    next: u64,
}

impl Log {
    /// Adds a line, dropping the oldest one when there are too many.
    pub(crate) fn add(&mut self, event: LogEvent) {
        if self.lines.len() == LOG_LINES_MAX {
            self.lines.pop_front();
        }
        let time = SystemTime::now();
        let number = self.next;
        self.lines.push_back(LogLine {
            number,
            time,
            event,
        });
        self.next += 1;
    }

    /// The kept lines from the one of this number on.
    pub(crate) fn since(&self, number: u64) -> Vec<LogLine> {
        let first = self.next - self.lines.len() as u64;
        let known = number.saturating_sub(first) as usize;
        self.lines.iter().skip(known).cloned().collect()
    }

    /// The number of the next line.
    pub(crate) fn next(&self) -> u64 {
        self.next
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_lines_go_and_the_numbers_stay() {
        let mut log = Log::default();
        for _ in 0..LOG_LINES_MAX + 3 {
            log.add(LogEvent::Disconnected);
        }
        let all = log.since(0);
        assert_eq!(all.len(), LOG_LINES_MAX);
        assert_eq!(all[0].number, 3);
        assert_eq!(log.since(log.next() - 2).len(), 2);
        assert!(log.since(log.next()).is_empty());
    }
}
