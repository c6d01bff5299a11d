//! Our own polkit agent, for desktops that have none: asks for an administrator's password where polkit found nobody
//! who would.
//!
//! polkit looks for an agent in this order (`get_authentication_agent_for_subject` in
//! `polkitbackendinteractiveauthority.c`, the same from 0.105 to 127):
//! 1. one registered for the very process that asks, unless it called itself a `fallback`;
//! 2. one registered for the login session of that process: the desktop's;
//! 3. the process' own `fallback`, but **only if the process is in a session at all**. Which session that is, systemd's
//!    `sd_pid_get_session` says, else `sd_uid_get_display` (for what `systemd --user` started). A process that came by
//!    `su`, `cron`, a system service or a container has none, and its fallback is ignored: libvirt's code 94.
//!
//! So nothing is registered until the daemon has said 94 once. Then we stand in as a fallback, so that a desktop's agent
//! that appears meanwhile wins, and if that is ignored because there is no session (and hence no other agent that could
//! win), as the process' only agent. What is registered goes when nobody is being authenticated any more.
//!
//! [`registration`] speaks to polkit, [`listener`] hears its requests, [`desk`] lets them in one after the other,
//! [`conversation`] leads a person through one of them, and [`helper`] proves the password to PAM through polkit's own
//! helper: no secret goes over the bus.

mod account;
mod conversation;
mod desk;
mod helper;
mod listener;
mod registration;

use std::sync::Arc;

use link_security::Credentials;
use virt_rpc::Error as RpcError;

use crate::{Error, ErrorKind};
use conversation::End;
use desk::{Asker, Seat};
use registration::Standing;

/// Runs an authentication; when polkit has nobody to ask, runs it again with us as the agent. `target` is the host's
/// name as the user knows it.
///
/// # Errors
/// Those of `authenticate`, and [`ErrorKind::AuthFailed`] when the passwords given were wrong.
///
/// # Cancel safety
/// When dropped, an open question closes.
pub(crate) async fn stand_by<T, F: Future<Output = Result<T, RpcError>>>(
    credentials: Arc<dyn Credentials>,
    target: String,
    mut authenticate: impl FnMut() -> F,
) -> Result<T, Error> {
    // Taken before: an agent that stands for another host of ours hears this one's request as well.
    let seat = Seat::take(Asker::new(credentials, target));
    let mut outcome = authenticate().await;
    for standing in [Standing::Fallback, Standing::Alone] {
        if !has_no_agent(&outcome) {
            break;
        }
        if let Err(error) = registration::stand(standing).await {
            return Err(unhelped(outcome, &error.to_string()));
        }
        outcome = authenticate().await;
    }
    match seat.verdict() {
        Some(End::Wrong(why)) if outcome.is_err() => Err(Error::new(ErrorKind::AuthFailed, why)),
        Some(End::Broken(why)) if outcome.is_err() => Err(unhelped(outcome, &why)),
        Some(End::NobodyToAsk) if outcome.is_err() => {
            Err(unhelped(outcome, "there is nobody to ask for a password"))
        }
        _ => Ok(outcome?),
    }
}

fn has_no_agent<T>(outcome: &Result<T, RpcError>) -> bool {
    matches!(outcome, Err(RpcError::AuthUnavailable(_)))
}

/// The daemon's refusal, with why we could not help.
fn unhelped<T>(outcome: Result<T, RpcError>, why: &str) -> Error {
    let refusal = outcome.err().map(|error| Error::from(error).message);
    let refusal = refusal.unwrap_or_default();
    let message = format!("{refusal}; our own polkit agent could not help: {why}");
    Error::new(ErrorKind::PolkitNoAgent, message)
}
