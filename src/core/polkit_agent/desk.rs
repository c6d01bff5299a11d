//! Who can be asked, and what polkit wants to know: requests are led to a person one after the other.
//!
//! A request does not say which of our connections it is for. So it is asked on behalf of the one that has waited
//! longest; when that is given up, and as many requests as connections are left, on behalf of the next.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use link_security::Credentials;
use tokio_util::sync::CancellationToken;

use super::{
    conversation::{End, Wanted, prove},
    registration,
};

/// Who is asked while one connection is authenticated, and what came of it.
#[derive(Debug)]
pub(super) struct Asker {
    pub(super) credentials: Arc<dyn Credentials>,
    /// The host's name as the user knows it.
    pub(super) target: String,
    /// Cancelled when the connection is given up or up: an open dialog closes.
    gone: CancellationToken,
    /// Why a request was not granted while this one waited.
    verdict: Mutex<Option<End>>,
}

impl Asker {
    pub(super) fn new(credentials: Arc<dyn Credentials>, target: String) -> Self {
        Self {
            credentials,
            target,
            gone: CancellationToken::new(),
            verdict: Mutex::default(),
        }
    }
}

/// The process' desk: everything here is changed between awaits only.
static DESK: Mutex<Desk> = Mutex::new(Desk {
    askers: Vec::new(),
    requests: Vec::new(),
});

/// Held while a person is asked.
static TURN: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

struct Desk {
    /// The connections that are being authenticated, those that have had no request first, then the oldest.
    askers: Vec<Arc<Asker>>,
    /// The requests under way, by their cookies.
    requests: Vec<(String, CancellationToken)>,
}

fn desk() -> MutexGuard<'static, Desk> {
    DESK.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A place at the desk. Dropping it closes what is asked on its behalf; with the last, the agent leaves polkit.
pub(super) struct Seat(Arc<Asker>);

impl Seat {
    pub(super) fn take(asker: Asker) -> Self {
        let asker = Arc::new(asker);
        desk().askers.push(Arc::clone(&asker));
        Self(asker)
    }

    /// Why a request was not granted, if one was not.
    pub(super) fn verdict(&self) -> Option<End> {
        let verdict = self.0.verdict.lock();
        verdict.unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        desk().askers.retain(|other| !Arc::ptr_eq(other, &self.0));
        self.0.gone.cancel();
        if is_empty() {
            registration::leave_soon();
        }
    }
}

/// Says whether nobody is being authenticated.
pub(super) fn is_empty() -> bool {
    desk().askers.is_empty()
}

/// Leads a person through a request when its turn comes.
pub(super) async fn serve(wanted: &Wanted) -> Result<(), End> {
    let request = Entry::new(&wanted.cookie);
    tokio::select! {
        biased;
        () = request.cancelled.cancelled() => Err(End::Cancelled),
        end = ask(wanted) => end,
    }
}

/// Ends the request of this cookie.
pub(super) fn cancel(cookie: &str) {
    for (other, cancelled) in &desk().requests {
        if other == cookie {
            cancelled.cancel();
        }
    }
}

async fn ask(wanted: &Wanted) -> Result<(), End> {
    let _turn = TURN.lock().await;
    loop {
        let asker = desk().askers.first().cloned().ok_or(End::Cancelled)?;
        tokio::select! {
            biased;
            () = asker.gone.cancelled() => {
                let desk = desk();
                if desk.requests.len() > desk.askers.len() {
                    return Err(End::Cancelled);
                }
            }
            end = prove(&asker, wanted) => {
                conclude(&asker, end.as_ref().err());
                return end;
            }
        }
    }
}

/// Notes how a request ended. Whose it was is not known: a refusal is noted for all who wait, and counts for who fails.
fn conclude(served: &Arc<Asker>, end: Option<&End>) {
    let mut desk = desk();
    desk.askers.sort_by_key(|asker| Arc::ptr_eq(asker, served));
    for asker in desk.askers.iter().filter(|_| end.is_some()) {
        let verdict = asker.verdict.lock();
        *verdict.unwrap_or_else(PoisonError::into_inner) = end.cloned();
    }
}

/// A request's place in the list, until it ends or its caller hangs up.
struct Entry {
    cookie: String,
    cancelled: CancellationToken,
}

impl Entry {
    fn new(cookie: &str) -> Self {
        let cancelled = CancellationToken::new();
        desk().requests.push((cookie.to_owned(), cancelled.clone()));
        Self {
            cookie: cookie.to_owned(),
            cancelled,
        }
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        desk().requests.retain(|(cookie, _)| *cookie != self.cookie);
    }
}
