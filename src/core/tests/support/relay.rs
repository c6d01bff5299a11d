//! A relay in front of a daemon's socket: adds delay, holds replies back, cuts.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        UnixListener, UnixStream,
        unix::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::{mpsc, watch},
    task::JoinHandle,
    time::{Instant, sleep_until},
};

/// A relay that listens at a path of its own until it is dropped.
pub(crate) struct Relay {
    path: PathBuf,
    held: watch::Sender<bool>,
    cut: watch::Sender<u32>,
    task: JoinHandle<()>,
}

impl Relay {
    /// Listens at `path` and passes everything to `target`, each way delayed by `delay`.
    pub(crate) fn start(path: &Path, target: &Path, delay: Duration) -> Self {
        let listener = UnixListener::bind(path).expect("a fresh path");
        let (held, cut) = (watch::Sender::new(false), watch::Sender::new(0));
        let (holds, cuts, target) = (held.clone(), cut.clone(), target.to_owned());
        let task = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let Ok(daemon) = UnixStream::connect(&target).await else {
                    continue;
                };
                let mut cut = cuts.subscribe();
                let (held, open) = (holds.subscribe(), watch::Sender::new(false).subscribe());
                tokio::spawn(async move {
                    let (client_in, client_out) = client.into_split();
                    let (daemon_in, daemon_out) = daemon.into_split();
                    tokio::select! {
                        () = pass(client_in, daemon_out, delay, open) => {}
                        () = pass(daemon_in, client_out, delay, held) => {}
                        _ = cut.changed() => {}
                    }
                });
            }
        });
        Self {
            path: path.to_owned(),
            held,
            cut,
            task,
        }
    }

    /// Holds what the daemon says back, or lets it pass again.
    pub(crate) fn hold_replies(&self, hold: bool) {
        self.held.send_replace(hold);
    }

    /// Cuts the connections that there are.
    pub(crate) fn cut(&self) {
        self.cut.send_modify(|count| *count += 1);
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.task.abort();
        self.cut();
        let _ = std::fs::remove_file(&self.path);
    }
}

/// Passes bytes on, each as late as the delay says, however many are under way.
async fn pass(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    delay: Duration,
    mut held: watch::Receiver<bool>,
) {
    let (queue, mut due) = mpsc::unbounded_channel();
    let read = async {
        let mut buffer = vec![0; 256 * 1024];
        while let Ok(count @ 1..) = from.read(&mut buffer).await {
            let _ = queue.send((Instant::now() + delay, buffer[..count].to_vec()));
        }
        drop(queue);
    };
    let write = async {
        while let Some((at, bytes)) = due.recv().await {
            sleep_until(at).await;
            // What a relay holds when it goes is lost.
            let may_pass = held.wait_for(|held| !held).await.is_ok();
            if !may_pass || to.write_all(&bytes).await.is_err() {
                return;
            }
        }
    };
    tokio::join!(read, write);
}
