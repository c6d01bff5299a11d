//! The windows: one folder each. A window knows the model and the widgets, never the core and never another window;
//! what opens another window is an action of the application.

pub mod dialogs;
mod guest;
mod help;
mod host;
mod manager;

pub use guest::{GuestPage, GuestWindow};
pub use help::HelpWindow;
pub use host::HostWindow;
pub use manager::ManagerWindow;

/// Registers every type that a template is of or names, so that a test can build each.
#[doc(hidden)]
pub fn ensure_types() {
    manager::ensure_types();
    guest::ensure_types();
    host::ensure_types();
    dialogs::ensure_types();
    help::ensure_types();
}
