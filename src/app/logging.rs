//! The log: `RUST_LOG` chooses, `--debug` turns all of ours on, GLib's own messages are routed in.

use std::io::IsTerminal;

use gtk::glib;
use tracing_subscriber::{
    EnvFilter, Registry, fmt, layer::SubscriberExt, reload, util::SubscriberInitExt,
};

use std::sync::OnceLock;

type Handle = reload::Handle<EnvFilter, Registry>;

static FILTER: OnceLock<Handle> = OnceLock::new();

/// Starts the log on standard error: warnings, or what `RUST_LOG` asks for.
pub(super) fn init() {
    let asked = EnvFilter::try_from_default_env();
    let filter = asked.unwrap_or_else(|_| EnvFilter::new("warn,innkeeper=info"));
    let (filter, handle) = reload::Layer::new(filter);
    let started = Registry::default()
        .with(filter)
        .with(
            fmt::layer()
                .with_writer(std::io::stderr)
                .with_ansi(std::io::stderr().is_terminal()),
        )
        .try_init();
    if started.is_ok() {
        let _ = FILTER.set(handle);
    }
    glib::log_set_default_handler(|domain, level, message| {
        let domain = domain.unwrap_or("GLib");
        match level {
            glib::LogLevel::Error | glib::LogLevel::Critical => {
                tracing::error!(target: "glib", domain, message);
            }
            glib::LogLevel::Warning => tracing::warn!(target: "glib", domain, message),
            glib::LogLevel::Message | glib::LogLevel::Info => {
                tracing::info!(target: "glib", domain, message);
            }
            glib::LogLevel::Debug => tracing::debug!(target: "glib", domain, message),
        }
    });
}

/// Shows everything that our own rooms say, as `--debug` asks.
pub(super) fn show_debug() {
    const OURS: &str = "info,innkeeper=debug,innkeeper_core=debug,virt_rpc=debug,rfb=debug";
    if let Some(handle) = FILTER.get()
        && let Err(error) = handle.reload(EnvFilter::new(OURS))
    {
        tracing::warn!(%error, "the log’s filter could not be changed");
    }
}
