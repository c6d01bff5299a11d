//! Where a console stands, in words: what it is, since when, and what happens next.

use std::time::{Duration, Instant, SystemTime};

use innkeeper_core::{
    ConsoleState, Domain, DomainState, Error, ScreenRoute, ScreenStep, StateReason,
};

use super::{ConsolePhase, clock_text, guest_state_text};
use crate::app::{
    errors::UserFacing,
    i18n::{gettext, gettext_f, ngettext_f},
};

/// A wait that is shorter needs no telling.
const WORTH_TELLING: Duration = Duration::from_secs(3);

/// The phase, the headline and the advice of a state that began at a moment.
pub(super) fn describe(state: &ConsoleState, since: Instant) -> (ConsolePhase, String, String) {
    match state {
        ConsoleState::Off(domain) => (
            ConsolePhase::Off,
            guest_state_text((*domain).into()),
            String::new(),
        ),
        ConsoleState::NoScreen(None) => (
            ConsolePhase::NoScreen,
            gettext("No Screen"),
            gettext("This virtual machine has no graphical display."),
        ),
        ConsoleState::NoScreen(Some(_)) => (
            ConsolePhase::NoScreen,
            gettext("No VNC Screen"),
            gettext(
                "The display of this virtual machine uses another protocol than VNC. Change its graphics device to VNC to see it here.",
            ),
        ),
        ConsoleState::Connecting(step) => connecting(step, since),
        ConsoleState::Connected => (ConsolePhase::Connected, String::new(), String::new()),
        ConsoleState::Waiting { error, retry_at } => {
            let reason = match error {
                Some(error) => error.headline(),
                None => gettext("The screen has gone"),
            };
            let next = next_attempt(*retry_at);
            (
                ConsolePhase::Waiting,
                gettext("Connecting to the screen again…"),
                lines(&[reason, no_picture_since(since), next]),
            )
        }
        ConsoleState::Failed(error) => failed(error),
        ConsoleState::Ended => (
            ConsolePhase::Ended,
            gettext("The virtual machine is gone"),
            String::new(),
        ),
        other => (ConsolePhase::Failed, format!("{other:?}"), String::new()),
    }
}

fn connecting(step: &ScreenStep, since: Instant) -> (ConsolePhase, String, String) {
    let (headline, place) = match step {
        ScreenStep::Host => (gettext("Connecting to the host…"), String::new()),
        ScreenStep::Start => (gettext("The virtual machine is starting…"), String::new()),
        ScreenStep::Reaching(route) => (gettext("Connecting to the screen…"), route_text(route)),
        ScreenStep::Greeting => (gettext("Signing in to the screen…"), String::new()),
        ScreenStep::Picture => (gettext("Waiting for the picture…"), String::new()),
        _ => (gettext("Asking the host for the screen…"), String::new()),
    };
    let told = lines(&[place, no_picture_since(since)]);
    (ConsolePhase::Connecting, headline, told)
}

fn failed(error: &Error) -> (ConsolePhase, String, String) {
    if error.is_silent() {
        let headline = gettext("Not Connected to the Screen");
        return (ConsolePhase::Failed, headline, String::new());
    }
    let server_said = || {
        gettext_f(
            "The server said: {message}",
            &[("message", &error.details())],
        )
    };
    let advice = error.advice().unwrap_or_else(server_said);
    (ConsolePhase::Failed, error.headline(), advice)
}

/// Says by which way a screen is reached.
pub fn route_text(route: &ScreenRoute) -> String {
    match route {
        ScreenRoute::Descriptor => gettext("By libvirt, without the network"),
        ScreenRoute::Socket { path } => gettext_f("At the socket {path}", &[("path", path)]),
        ScreenRoute::Port { host, port } => gettext_f(
            // Translators: a way to a screen over the network.
            "Directly, at {host} port {port}",
            &[("host", host), ("port", &port.to_string())],
        ),
        ScreenRoute::Tunnel { place } => gettext_f(
            // Translators: a way to a screen; {place} is an address with a port, or a socket’s path, on the other host.
            "Through SSH, to {place} there",
            &[("place", place)],
        ),
        other => format!("{other:?}"),
    }
}

fn no_picture_since(since: Instant) -> String {
    let elapsed = since.elapsed();
    if elapsed < WORTH_TELLING {
        return String::new();
    }
    let time = SystemTime::now() - elapsed;
    gettext_f(
        // Translators: {time} is a time of the day, with its day where that was not today.
        "No picture since {time}.",
        &[("time", &clock_text(time))],
    )
}

/// The shortest wait for the next attempt in which a user can do something about it: a shorter one is over before a hand
/// is there.
const WORTH_AN_ACT: Duration = Duration::from_secs(1);

/// Says whether an attempt at this moment is so far away that a user may want to have it now.
pub(super) fn is_long_wait(retry_at: Instant) -> bool {
    retry_at.saturating_duration_since(Instant::now()) >= WORTH_AN_ACT
}

fn next_attempt(at: Instant) -> String {
    let wait = at.saturating_duration_since(Instant::now());
    let seconds = wait.as_secs().min(u64::from(u32::MAX)) as u32;
    if seconds == 0 {
        return gettext("Trying again…");
    }
    ngettext_f(
        "Trying again in {count} s.",
        "Trying again in {count} s.",
        seconds,
        &[("count", &seconds.to_string())],
    )
}

fn lines(parts: &[String]) -> String {
    let said: Vec<&str> = parts
        .iter()
        .map(String::as_str)
        .filter(|part| !part.is_empty())
        .collect();
    said.join("\n")
}

/// Says why a guest is off where that is not what its user did, and what becomes of its screen.
pub(super) fn off_advice(domain: &Domain) -> String {
    let why = match (domain.state, domain.reason) {
        (DomainState::ShutOff, StateReason::Crashed) => {
            gettext("It ended unexpectedly: its hypervisor crashed or was killed.")
        }
        (DomainState::ShutOff, StateReason::Failed) => gettext("It failed to start."),
        (DomainState::ShutOff, StateReason::Daemon) => {
            gettext("The host’s daemon has lost sight of it.")
        }
        (DomainState::ShutOff, StateReason::Migrated) => gettext(
            "It was moved to another host. Connect to that host, and its screen appears here.",
        ),
        _ if domain.managed_save => gettext("Its memory is kept on disk."),
        _ => String::new(),
    };
    if domain.reason == StateReason::Migrated {
        return why;
    }
    lines(&[why, gettext("Its screen appears here when it runs.")])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_says_what_since_when_and_what_next() {
        let now = Instant::now();
        let Some(before) = now.checked_sub(Duration::from_mins(1)) else {
            return;
        };
        let state = ConsoleState::Waiting {
            error: None,
            retry_at: now + Duration::from_millis(3_900),
        };
        let (phase, _, advice) = describe(&state, before);
        assert_eq!(phase, ConsolePhase::Waiting);
        let told: Vec<_> = advice.lines().collect();
        assert_eq!(told.len(), 3, "{advice}");
        assert_eq!(told[0], "The screen has gone");
        assert!(told[1].starts_with("No picture since "), "{advice}");
        assert_eq!(told[2], "Trying again in 3 s.");
    }

    #[test]
    fn a_short_wait_is_not_dwelt_on() {
        let step = ScreenStep::Picture;
        let (_, headline, advice) = describe(&ConsoleState::Connecting(step), Instant::now());
        assert_eq!(headline, "Waiting for the picture…");
        assert_eq!(advice, "");
    }
}
