//! The window of a connection: its host with live figures, the link that leads there, and what happened to it.
//!
//! [`HostWindow`] holds three pages: `Overview`, `LinkPage` and `LogPage`. Each shows what its connection says and
//! follows it by signals; none asks the host for anything but its capabilities. Read `window` first.

mod link_page;
mod link_texts;
mod log_page;
mod log_texts;
mod overview;
mod rows;
mod window;

pub use window::HostWindow;

/// Registers every type that a template names, as GTK does for the window's own.
pub(super) fn ensure_types() {
    use gtk::prelude::StaticType;
    HostWindow::static_type();
}
