//! A test of a connection, step by step, as windows and the command line show it.

use innkeeper_core::{CheckReceiver, CheckStep};

use super::{Pin, Profile, UserCredentials, host_options};
use crate::app::{i18n::gettext, runtime};

/// Begins to test a connection as a user wants it, with the certificates that are trusted for it. Its questions reach a
/// person as those of a connection do; an answer serves this test alone, unless it goes to the keyring. The test ends
/// when what is returned is dropped.
pub fn begin_check(profile: &Profile, pins: &[Pin]) -> CheckReceiver {
    let credentials = UserCredentials::of_host(&profile.uri);
    let options = host_options::with(credentials, profile, pins);
    let uri = profile.uri.clone();
    runtime::enter(|| innkeeper_core::check(uri, options))
}

/// Names a step.
pub fn check_step_text(step: CheckStep) -> String {
    match step {
        CheckStep::Address => gettext("Address"),
        CheckStep::Resolve => gettext("Host Name"),
        CheckStep::Port => gettext("Port"),
        CheckStep::SshLogin => gettext("SSH Login"),
        CheckStep::FarSocket => gettext("Socket on the Host"),
        CheckStep::Tls => gettext("Certificates"),
        CheckStep::Socket => gettext("Socket"),
        CheckStep::Authentication => gettext("Sign-In"),
        CheckStep::Driver => gettext("Hypervisor"),
        CheckStep::Daemon => gettext("Daemon"),
        other => format!("{other:?}"),
    }
}
