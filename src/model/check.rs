//! A test of a connection, step by step, as windows show it.

use std::{sync::Arc, time::Duration};

use gtk::glib;
use innkeeper_core::{Check, CheckReceiver, CheckStep};

use super::{Pin, Profile, UserCredentials, host_options};
use crate::app::{i18n::gettext, runtime};

/// How long after a test that passed its answers serve the connection that is added: as long as an ssh login does
/// (`innkeeper_core::check`).
const HAND_OVER: Duration = Duration::from_secs(10);

/// A test of a connection. One that runs ends when this is dropped.
pub struct ConnectionCheck {
    news: CheckReceiver,
    credentials: Arc<UserCredentials>,
    has_passed: bool,
}

impl ConnectionCheck {
    /// Begins to test a connection as a user wants it, with the certificates that are trusted for it. Its questions reach
    /// a person as those of a connection do.
    pub fn begin(profile: &Profile, pins: &[Pin]) -> Self {
        let credentials = UserCredentials::of_host(&profile.uri);
        let options = host_options::with(Arc::clone(&credentials), profile, pins);
        let uri = profile.uri.clone();
        Self {
            news: runtime::enter(|| innkeeper_core::check(uri, options)),
            credentials,
            has_passed: false,
        }
    }

    /// The steps that will be taken, in their order.
    pub fn steps(&self) -> &[CheckStep] {
        self.news.steps()
    }

    /// Waits for the next news; `None` at the end.
    pub async fn next(&mut self) -> Option<Check> {
        self.news.next().await
    }

    /// Says that every step has succeeded: nobody is asked again for the same by a connection to this address that is
    /// made while this lives, or some seconds later.
    pub fn passed(&mut self) {
        self.has_passed = true;
        self.credentials.serve_next_host();
    }
}

impl Drop for ConnectionCheck {
    fn drop(&mut self) {
        if self.has_passed {
            let credentials = Arc::clone(&self.credentials);
            glib::timeout_add_local_once(HAND_OVER, move || drop(credentials));
        }
    }
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
