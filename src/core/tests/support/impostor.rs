//! Somebody between us and a daemon who names another port for a screen than the daemon does.

use std::{
    path::Path,
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy},
    net::{
        UnixListener, UnixStream,
        unix::{OwnedReadHalf, OwnedWriteHalf},
    },
    task::JoinHandle,
};

/// The port that is meant, and the one that is named instead.
type Swap = Arc<Mutex<Option<(u16, u16)>>>;

/// A relay that listens at a path of its own until it is dropped. Descriptors do not pass.
pub(crate) struct Impostor {
    swap: Swap,
    task: JoinHandle<()>,
}

impl Impostor {
    /// Listens at `path` and passes everything to `target`.
    pub(crate) fn start(path: &Path, target: &Path) -> Self {
        let listener = UnixListener::bind(path).expect("a fresh path");
        let (swap, target) = (Swap::default(), target.to_owned());
        let shared = Arc::clone(&swap);
        let task = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let daemon = UnixStream::connect(&target).await.expect("a daemon");
                let swap = Arc::clone(&shared);
                tokio::spawn(async move {
                    let (mut from_client, to_client) = client.into_split();
                    let (from_daemon, mut to_daemon) = daemon.into_split();
                    tokio::select! {
                        _ = copy(&mut from_client, &mut to_daemon) => {}
                        _ = replies(from_daemon, to_client, &swap) => {}
                    }
                });
            }
        });
        Self { swap, task }
    }

    /// Names the second port wherever the first is meant; both have five digits. With `None` the truth passes again.
    pub(crate) fn swap(&self, ports: Option<(u16, u16)>) {
        *self.swap.lock().unwrap() = ports;
    }
}

impl Drop for Impostor {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Passes the daemon's messages on, each as a whole: a number of bytes, itself counted, comes first.
async fn replies(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, swap: &Swap) -> Option<()> {
    loop {
        let length = from.read_u32().await.ok()?;
        let mut message = vec![0; length as usize - 4];
        from.read_exact(&mut message).await.ok()?;
        let ports = *swap.lock().unwrap();
        if let Some((meant, named)) = ports {
            replace(&mut message, &written(meant), &written(named));
        }
        to.write_u32(length).await.ok()?;
        to.write_all(&message).await.ok()?;
    }
}

/// A port as libvirt writes it.
fn written(port: u16) -> Vec<u8> {
    format!("port='{port}'").into_bytes()
}

fn replace(message: &mut [u8], meant: &[u8], named: &[u8]) {
    assert_eq!(meant.len(), named.len(), "the message keeps its length");
    let places = message.windows(meant.len());
    let found: Vec<_> = places
        .enumerate()
        .filter(|(_, window)| *window == meant)
        .map(|(at, _)| at)
        .collect();
    for at in found {
        message[at..at + named.len()].copy_from_slice(named);
    }
}
