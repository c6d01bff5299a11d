//! The window of one guest: its screen, its hardware, its snapshots.
//!
//! [`window`] is the frame with its header and its [`actions`]; each page has a folder of its own. It knows the model
//! and the shared widgets, and no other window: what opens one is an action of the application.

mod actions;
mod clipboard_channel;
mod console;
mod details;
mod fullscreen;
mod hearing;
mod lifecycle;
mod moved;
mod page;
mod picture_actions;
mod reading;
mod screen_choices;
mod screen_offers;
mod screens;
mod screenshot;
mod send_key;
mod snapshots;
mod statistics;
mod terminal;
mod typing;
mod volume;
mod window;
mod window_sizes;

pub use page::GuestPage;
pub use window::GuestWindow;

pub(super) fn ensure_types() {
    use gtk::prelude::StaticType;
    GuestWindow::static_type();
    statistics::StatisticsDialog::static_type();
    send_key::ensure_types();
}
