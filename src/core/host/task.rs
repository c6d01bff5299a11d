//! The state machine of one host: Disconnected → Connecting → Connected → Lost or Failed.
//!
//! A first attempt that fails is a failure; a link that was up and breaks is lost, and is tried again until it is back,
//! nobody wants it, or only a person can help. The list of a lost host stays as it was last known; a disconnected host has none.

use std::{
    sync::Arc,
    time::{Duration, Instant, SystemTime},
};

use tokio::{
    sync::watch,
    time::{sleep, sleep_until},
};
use tokio_util::sync::CancellationToken;

use super::{
    Shared, Wish,
    link::Link,
    live::{self, Ended},
};
use crate::{
    Error, ErrorKind, HostState, LogEvent, Step,
    patience::pause,
    progress::{Progress, Report},
    transport::{SocketWatch, Sockets},
    wake::Wake,
};

/// The wait after a socket has appeared: a daemon makes the file a moment before it listens.
const AFTER_APPEARING: Duration = Duration::from_millis(50);

/// Runs a host until its last handle is gone.
pub(crate) async fn run(shared: Arc<Shared>, life: CancellationToken) {
    let mut wish = shared.wish.subscribe();
    let _ = life.run_until_cancelled(serve(&shared, &mut wish)).await;
}

async fn serve(shared: &Shared, wish: &mut watch::Receiver<Wish>) {
    while wish.wait_for(|wish| wish.connected).await.is_ok() {
        // From before the attempt: a network that comes during it counts.
        let mut wake = Wake::watch();
        while let Err(error) = stay_connected(shared, wish).await {
            // Read before the failure is told: what is asked for after that must not be missed.
            let asked = wish.borrow().asked;
            let error = Arc::new(error);
            shared.board.note(LogEvent::Failed(Arc::clone(&error)));
            shared
                .board
                .set_state(HostState::Failed(Arc::clone(&error)));
            let again = tokio::select! {
                biased;
                again = asked_again(wish, asked) => again,
                () = network_news(&error.kind, &mut wake) => true,
            };
            if !again {
                break;
            }
        }
        shared.board.note(LogEvent::Disconnected);
        shared.answers.forget();
        shared.board.disconnect();
    }
}

/// Waits until somebody asks again, after the request of this number; `false` when nobody wants a connection any more.
async fn asked_again(wish: &mut watch::Receiver<Wish>, asked: u64) -> bool {
    let told = wish.wait_for(|wish| !wish.connected || wish.asked != asked);
    told.await.is_ok_and(|wish| wish.connected)
}

/// Waits for another network, where one may lead to a host that none led to: a program that starts with the session is
/// often there before the network. Every other failure stays until somebody asks again.
async fn network_news(kind: &ErrorKind, wake: &mut Wake) {
    match kind {
        ErrorKind::HostNotFound { .. } | ErrorKind::HostSilent { .. } => {
            wake.next().await;
        }
        _ => std::future::pending().await,
    }
}

/// Connects and stays so until it is unwanted. `Err` when the first attempt fails, or a later one needs a person.
async fn stay_connected(shared: &Shared, wish: &mut watch::Receiver<Wish>) -> Result<(), Error> {
    // Taken before each attempt: a socket that is another one afterwards is worth trying at once.
    let mut sockets = Sockets::look(&shared.uri, shared.options().read_only);
    let mut loss = match attempt(shared, wish).await? {
        Ended::Unwanted => return Ok(()),
        Ended::Broken(error, heard) => Loss::new(error, heard),
    };
    let mut failures = 0;
    let mut wake = Wake::watch();
    loop {
        tracing::info!(uri = %shared.uri, error = %loss.error, failures, "the link is lost");
        failures = match wait_to_retry(shared, wish, &loss, failures, sockets, &mut wake).await {
            Retry::Unwanted => return Ok(()),
            Retry::Again => failures + 1,
            Retry::Afresh => 0,
        };
        sockets = Sockets::look(&shared.uri, shared.options().read_only);
        match attempt(shared, wish).await {
            Ok(Ended::Unwanted) => return Ok(()),
            Ok(Ended::Broken(error, heard)) => {
                failures = 0;
                loss = Loss::new(error, heard);
                // News of the time before; what came during a failed attempt counts.
                wake.forget();
            }
            Err(error) if needs_person(&error.kind) => return Err(error),
            Err(error) => loss.error = Arc::new(error),
        }
    }
}

/// A link that is lost.
struct Loss {
    /// What broke it, or what the last attempt met.
    error: Arc<Error>,
    /// When the host was last heard of.
    last_news: SystemTime,
}

impl Loss {
    /// A link that ends was true until then; one that fell silent was so until its last bytes.
    fn new(error: Error, heard: Option<SystemTime>) -> Self {
        let silent = matches!(error.kind, ErrorKind::TimedOut);
        let last_news = heard.filter(|_| silent).unwrap_or_else(SystemTime::now);
        Self {
            error: Arc::new(error),
            last_news,
        }
    }
}

/// Says whether trying again by itself would only ask the same person again, or cannot help.
///
/// A Kerberos ticket is none of these: somebody renews it elsewhere, and nobody is asked for it. Neither is a client
/// certificate: a link that is cut at the wrong moment looks the same as a refusal.
fn needs_person(kind: &ErrorKind) -> bool {
    use ErrorKind as Is;
    matches!(
        kind,
        Is::Cancelled
            | Is::PolkitCancelled
            | Is::PolkitDenied
            | Is::PolkitNoAgent
            | Is::AuthFailed
            | Is::AuthUnsupported
            | Is::BadUri
            | Is::SshMissing
            | Is::SshDenied
            | Is::SshHostKeyUnknown
            | Is::SshHostKeyChanged { .. }
            | Is::CaMissing { .. }
            | Is::KeyUnreadable { .. }
            | Is::CertificateUnusable { .. }
            | Is::CertificateUntrusted { .. }
            | Is::SaslMechanism { .. }
            | Is::SaslTooWeak
            | Is::DriverCredentials { .. }
    )
}

/// Connects and works until the end. `Err` when the list was never there.
async fn attempt(shared: &Shared, wish: &mut watch::Receiver<Wish>) -> Result<Ended, Error> {
    let uri = shared.uri.to_string();
    shared.board.note(LogEvent::Connecting { uri });
    let board = Arc::clone(&shared.board);
    let progress = Progress::new(move |report| match report {
        Report::Step(step) => {
            board.note(LogEvent::Step(step));
            board.set_state(HostState::Connecting(step));
        }
        Report::Check(..) => {}
        Report::Log(event) => board.note(event),
    });
    let mut unwanted = wish.clone();
    let connecting = async {
        let (link, events) =
            Link::open(&shared.uri, &shared.options(), &shared.answers, &progress).await?;
        progress.step(Step::Listing);
        live::begin(shared, link, events).await
    };
    let begun = tokio::select! {
        biased;
        gone = unwanted.wait_for(|wish| !wish.connected) => {
            drop(gone);
            return Ok(Ended::Unwanted);
        }
        begun = connecting => begun?,
    };
    Ok(begun.run(wish).await)
}

/// What the wait for the next attempt came to.
enum Retry {
    /// Nobody wants a connection any more.
    Unwanted,
    /// It is time.
    Again,
    /// The machine or its network is another than before: the waits begin with the shortest.
    Afresh,
}

/// Waits for the time of the next attempt.
///
/// A new wish to connect ends the wait, and so does a socket that is another than before the last attempt, and news of
/// the machine or its network.
async fn wait_to_retry(
    shared: &Shared,
    wish: &mut watch::Receiver<Wish>,
    loss: &Loss,
    failures: usize,
    sockets: Sockets,
    wake: &mut Wake,
) -> Retry {
    let asked = wish.borrow().asked;
    let wait = pause(&shared.options().retries, failures);
    let retry_at = Instant::now() + wait;
    let error = Arc::clone(&loss.error);
    shared.board.note(LogEvent::Lost(Arc::clone(&error)));
    shared.board.set_state(HostState::Lost {
        error,
        retry_at,
        last_news: loss.last_news,
    });
    let appeared = async {
        match SocketWatch::since(sockets) {
            Some(watch) => watch.appeared().await,
            None => std::future::pending().await,
        }
        sleep(AFTER_APPEARING).await;
    };
    tokio::select! {
        biased;
        wanted = asked_again(wish, asked) => if wanted { Retry::Again } else { Retry::Unwanted },
        _ = wake.next() => Retry::Afresh,
        () = appeared => Retry::Again,
        () = sleep_until(retry_at.into()) => Retry::Again,
    }
}
