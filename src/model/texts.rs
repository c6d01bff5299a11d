//! Words for states, reasons and amounts.

use std::time::SystemTime;

use gtk::glib;
use innkeeper_core::{Domain, HostState, LinkWarning, StateReason, Step};

use super::GuestState;
use crate::app::{
    errors::UserFacing,
    i18n::{gettext, gettext_f},
};

/// Says a guest's state in a word.
pub fn guest_state_text(state: GuestState) -> String {
    match state {
        GuestState::Running => gettext("Running"),
        GuestState::Paused => gettext("Paused"),
        GuestState::ShuttingDown => gettext("Shutting Down"),
        GuestState::ShutOff => gettext("Shut Off"),
        GuestState::Saved => gettext("Saved"),
        GuestState::Crashed => gettext("Crashed"),
        GuestState::Suspended => gettext("Suspended"),
        GuestState::Unknown => gettext("Unknown"),
    }
}

/// Says a guest's state, and its reason where that is news: an error, a crash, a running job.
pub(super) fn state_with_reason(domain: &Domain) -> String {
    let state = guest_state_text(GuestState::of(domain));
    match reason_text(domain.reason).filter(|_| is_news(domain.reason)) {
        Some(reason) => gettext_f(
            // Translators: a state and its reason, such as “Paused (I/O error)”.
            "{state} ({reason})",
            &[("state", &state), ("reason", &reason)],
        ),
        None => state,
    }
}

/// Tells reasons that a list should show, errors and work under way, from the ordinary ones.
fn is_news(reason: StateReason) -> bool {
    matches!(
        reason,
        StateReason::IoError
            | StateReason::Watchdog
            | StateReason::GuestPanicked
            | StateReason::Crashed
            | StateReason::Failed
            | StateReason::Migration
            | StateReason::Save
            | StateReason::Snapshot
            | StateReason::Dump
            | StateReason::PostCopyFailed
            | StateReason::ApiError
    )
}

/// Says why a guest is in its state; `None` where libvirt gives no reason.
pub fn reason_text(reason: StateReason) -> Option<String> {
    Some(match reason {
        StateReason::Booted => gettext("started"),
        StateReason::Migrated => gettext("migrated"),
        StateReason::Restored => gettext("restored"),
        StateReason::FromSnapshot => gettext("from a snapshot"),
        StateReason::Unpaused => gettext("resumed"),
        StateReason::MigrationCanceled => gettext("migration cancelled"),
        StateReason::SaveCanceled => gettext("saving cancelled"),
        StateReason::Wakeup => gettext("woken up"),
        StateReason::AfterCrash => gettext("after a crash"),
        StateReason::PostCopy => gettext("migration, second phase"),
        StateReason::PostCopyFailed => gettext("migration failed"),
        StateReason::ByUser => gettext("by a user"),
        StateReason::Migration => gettext("migrating"),
        StateReason::Save => gettext("being saved"),
        StateReason::Dump => gettext("being dumped"),
        StateReason::IoError => gettext("I/O error"),
        StateReason::Watchdog => gettext("watchdog"),
        StateReason::Snapshot => gettext("taking a snapshot"),
        StateReason::ShuttingDown => gettext("shutting down"),
        StateReason::GuestPanicked => gettext("guest panicked"),
        StateReason::StartingUp => gettext("starting"),
        StateReason::ApiError => gettext("API error"),
        StateReason::Shutdown => gettext("shut down"),
        StateReason::Destroyed => gettext("forced off"),
        StateReason::Crashed => gettext("crashed"),
        StateReason::Saved => gettext("saved"),
        StateReason::Failed => gettext("failed to start"),
        StateReason::Daemon => gettext("the daemon lost it"),
        _ => return None,
    })
}

/// Says that a connection goes on once the user has answered.
pub(super) fn waits_for_answer() -> String {
    gettext("Waiting for Your Answer")
}

/// Says where a connection stands.
pub(super) fn connection_state(state: &HostState) -> String {
    match state {
        HostState::Disconnected => gettext("Not Connected"),
        HostState::Connecting(step) => match step {
            Step::Reaching => gettext("Connecting…"),
            Step::StartingDaemon => gettext("Starting the daemon…"),
            Step::Authenticating => gettext("Signing in…"),
            Step::Opening => gettext("Opening the hypervisor…"),
            Step::Listing => gettext("Reading the list…"),
        },
        HostState::Connected => gettext("Connected"),
        HostState::Lost { .. } => gettext("Connection lost. Trying again…"),
        HostState::Failed(error) => error.headline(),
    }
}

/// Says in a few words what a person should know, and what it means.
pub fn link_warning_text(warning: &LinkWarning) -> (String, String) {
    match warning {
        LinkWarning::Unencrypted => (
            gettext("Not Encrypted"),
            gettext(
                "Everybody on the network between here and the host can read and change what passes, passwords of screens too.",
            ),
        ),
        LinkWarning::Unverified => (
            gettext("Certificate Not Checked"),
            gettext(
                "The address says no_verify=1: somebody could pose as this host without being noticed.",
            ),
        ),
        LinkWarning::CommonNameOnly => (
            gettext("Outdated Certificate"),
            gettext(
                "It names its host in the common name only. Make a new one with a subject alternative name.",
            ),
        ),
        LinkWarning::PriorityIgnored(parts) => (
            gettext("TLS Priority Not Followed"),
            gettext_f(
                "These parts of tls_priority cannot be honoured: {parts}",
                &[("parts", &parts.join(", "))],
            ),
        ),
        LinkWarning::WeakSasl { ssf } => (
            gettext("Weak Encryption"),
            gettext_f(
                "SASL encrypts with {bits} bits only. Use TLS, or a stronger mechanism such as GSSAPI.",
                &[("bits", &ssf.to_string())],
            ),
        ),
        other => (format!("{other:?}"), String::new()),
    }
}

/// Says that somebody else could pose as a screen, and what that means.
pub fn unproven_screen_text() -> (String, String) {
    (
        gettext("Somebody Else Could Pose as This Screen"),
        gettext(
            "It shows no certificate. Its encryption keeps out who only listens, but not who stands in between and passes everything on.",
        ),
    )
}

/// Says a time of today as the clock, an older one with its day.
pub fn clock_text(time: SystemTime) -> String {
    let since = time.duration_since(SystemTime::UNIX_EPOCH);
    let seconds = since.map_or(0, |since| since.as_secs() as i64);
    let (Ok(time), Ok(now)) = (
        glib::DateTime::from_unix_local(seconds),
        glib::DateTime::now_local(),
    ) else {
        return String::new();
    };
    let format = if time.ymd() == now.ymd() {
        "%R"
    } else {
        "%x %R"
    };
    time.format(format).map(String::from).unwrap_or_default()
}

/// Says an amount of memory in KiB with a unit that people use.
pub fn memory_text(kib: u64) -> String {
    glib::format_size_full(kib.saturating_mul(1024), glib::FormatSizeFlags::IEC_UNITS).into()
}

/// Names the icon of an operating system's family, by its identity in osinfo-db.
pub(super) fn os_icon(os_id: Option<&str>) -> Option<&'static str> {
    const FAMILIES: [(&str, &str); 8] = [
        ("debian.org", "os-debian-symbolic"),
        ("ubuntu.com", "os-ubuntu-symbolic"),
        ("fedoraproject.org", "os-fedora-symbolic"),
        ("redhat.com", "os-linux-symbolic"),
        ("microsoft.com", "os-windows-symbolic"),
        ("freebsd.org", "os-bsd-symbolic"),
        ("openbsd.org", "os-bsd-symbolic"),
        ("libosinfo.org/linux", "os-linux-symbolic"),
    ];
    let id = os_id?;
    FAMILIES
        .iter()
        .find(|(host, _)| id.contains(host))
        .map(|(_, icon)| *icon)
        .or(Some("computer-symbolic"))
}
