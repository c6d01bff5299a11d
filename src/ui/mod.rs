//! The windows: one folder each. A window knows the model and the widgets, never the core and never another window;
//! what opens another window is an action of the application.

pub mod dialogs;
mod guest;
mod manager;

pub use guest::{GuestPage, GuestWindow};
pub use manager::ManagerWindow;
