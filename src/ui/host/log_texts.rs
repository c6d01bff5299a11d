//! A connection's log in words: for the list in the user's language, for a file in plain English.

use std::time::SystemTime;

use gtk::glib;

use super::link_texts;
use crate::{
    app::{
        errors::UserFacing,
        i18n::{gettext, gettext_f},
    },
    model::{Error, LogEvent, LogLevel, LogLine, Step, link_warning_text},
};

/// Says what happened.
pub(super) fn event(event: &LogEvent) -> String {
    match event {
        LogEvent::Connecting { uri } => gettext_f("Connecting to {uri}", &[("uri", uri)]),
        LogEvent::Step(step) => step_text(*step),
        LogEvent::Asked => gettext("Asked you"),
        LogEvent::SshWay(way) => link_texts::ssh_way(way),
        LogEvent::Tried { what, why } => gettext_f(
            "Tried {what} in vain: {reason}",
            &[("what", what), ("reason", why)],
        ),
        LogEvent::Connected(link) => gettext_f("Connected to {peer}", &[("peer", &link.peer)]),
        LogEvent::Warning(warning) => link_warning_text(warning).0,
        LogEvent::Lost(error) => gettext_f("Lost: {reason}", &[("reason", &reason(error))]),
        LogEvent::Failed(error) => gettext_f("Failed: {reason}", &[("reason", &reason(error))]),
        LogEvent::Disconnected => gettext("Disconnected"),
        other => other.to_string(),
    }
}

fn step_text(step: Step) -> String {
    match step {
        Step::Reaching => gettext("Reaching the daemon"),
        Step::StartingDaemon => gettext("Starting the daemon"),
        Step::Authenticating => gettext("Signing in"),
        Step::Opening => gettext("Opening the hypervisor"),
        Step::Listing => gettext("Reading the list"),
    }
}

/// Says what failed, and adds the raw message, which tells more to who looks into a log.
fn reason(error: &Error) -> String {
    let (headline, details) = (error.headline(), error.details());
    if details.is_empty() {
        headline
    } else {
        format!("{headline} ({details})")
    }
}

/// Says a time of the day to the second, as the user's locale writes it.
pub(super) fn time(time: SystemTime) -> String {
    formatted(time, "%X")
}

/// Writes lines for a file or a report: in English, with the full time.
pub(super) fn plain(lines: &[LogLine]) -> String {
    let lines = lines.iter().map(|line| {
        let level = match line.event.level() {
            LogLevel::Info => "info",
            LogLevel::Warning => "warning",
            LogLevel::Error => "error",
        };
        let time = formatted(line.time, "%Y-%m-%dT%H:%M:%S%:z");
        format!("{time} {level}: {}\n", line.event)
    });
    lines.collect()
}

fn formatted(time: SystemTime, format: &str) -> String {
    let since = time.duration_since(SystemTime::UNIX_EPOCH);
    let seconds = since.map_or(0, |since| since.as_secs() as i64);
    glib::DateTime::from_unix_local(seconds)
        .and_then(|time| time.format(format))
        .map(String::from)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_has_a_line_for_each() {
        let line = |number, event| LogLine {
            number,
            time: SystemTime::UNIX_EPOCH,
            event,
        };
        let uri = "test:///default".to_owned();
        let report = plain(&[
            line(0, LogEvent::Connecting { uri }),
            line(1, LogEvent::Disconnected),
        ]);
        let lines: Vec<&str> = report.lines().collect();
        assert_eq!(lines.len(), 2);
        assert!(lines[0].ends_with(" info: connecting to test:///default"));
        assert!(lines[1].starts_with("19"), "{}", lines[1]);
    }
}
