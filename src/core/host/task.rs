//! The state machine of one host: Disconnected → Connecting → Connected → Lost or Failed.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::Shared;
use crate::{Error, ErrorKind, HostState, Step};

/// Runs a host until its last handle is gone.
pub(crate) async fn run(shared: Arc<Shared>, life: CancellationToken) {
    let _ = life.run_until_cancelled(serve(&shared)).await;
}

async fn serve(shared: &Shared) {
    let mut wish = shared.wish.subscribe();
    loop {
        if wish.wait_for(|wish| wish.connected).await.is_err() {
            return;
        }
        shared
            .board
            .set_state(HostState::Connecting(Step::Reaching));
        let error = Error::new(ErrorKind::Unsupported, "no transport");
        shared.board.set_state(HostState::Failed(Arc::new(error)));
        if wish.changed().await.is_err() {
            return;
        }
    }
}
