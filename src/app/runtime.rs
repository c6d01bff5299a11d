//! The bridge between tokio, where hosts and consoles live, and the main loop, where widgets live.
//!
//! The only file of the application that names tokio. [`enter`] makes things that need a runtime, [`run`] awaits work that
//! tokio does, [`spawn`] starts such work and owns it, [`detach`] starts it and lets it go, [`local`] starts work on the
//! main loop, [`blocking`] has a thread for what cannot be awaited. None of them blocks.

use std::{future::Future, sync::LazyLock, time::Duration};

use gtk::glib;
use tokio::{
    runtime::{Builder, Runtime},
    task::JoinHandle,
};

/// Threads that wait on sockets and decode; two keep a busy screen from delaying the list.
const WORKERS: usize = 2;

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    Builder::new_multi_thread()
        .worker_threads(WORKERS)
        .thread_name("innkeeper-io")
        .enable_all()
        .build()
        .expect("a process that can start can also start two threads")
});

/// Work on the runtime that ends when this is dropped.
#[derive(Debug)]
pub struct Task<T>(JoinHandle<T>);

impl<T> Drop for Task<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Calls a function inside the runtime's context, so that what it makes may start tasks there.
pub fn enter<R>(make: impl FnOnce() -> R) -> R {
    let _guard = RUNTIME.enter();
    make()
}

/// Runs a future on the runtime and awaits its value from the main loop.
///
/// # Cancel safety
/// Dropping this future aborts the work.
pub async fn run<F>(future: F) -> F::Output
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let mut task = spawn(future);
    match (&mut task.0).await {
        Ok(value) => value,
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}

/// Starts a future on the runtime; it is aborted when the returned [`Task`] is dropped.
pub fn spawn<F>(future: F) -> Task<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    Task(RUNTIME.spawn(future))
}

/// Starts a future on the runtime that goes on whoever forgets it. From any thread.
pub fn detach<F>(future: F)
where
    F: Future<Output = ()> + Send + 'static,
{
    drop(RUNTIME.spawn(future));
}

/// Runs work that blocks on a thread that may. From any thread, and awaited anywhere; dropping the future of work that
/// has begun does not end it.
pub async fn blocking<R: Send + 'static>(work: impl FnOnce() -> R + Send + 'static) -> R {
    match RUNTIME.spawn_blocking(work).await {
        Ok(value) => value,
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}

/// Starts a future on the main loop.
pub fn local<F: Future<Output = ()> + 'static>(future: F) -> glib::JoinHandle<()> {
    glib::spawn_future_local(future)
}

/// Gives a future's value if it comes in time. Works inside [`run`] and [`detach`] only.
pub async fn within<F: Future>(patience: Duration, future: F) -> Option<F::Output> {
    tokio::time::timeout(patience, future).await.ok()
}
