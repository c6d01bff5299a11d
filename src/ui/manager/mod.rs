//! The main window: connections on the left, the guests of one of them on the right.

mod window;

pub use window::ManagerWindow;
