//! The help for users: pages of Markdown (`docs/help`), carried in the program's resources and shown in a window.
//!
//! [`pages`] finds a page in the user's language, [`markdown`] turns its text into blocks, [`page`] turns blocks into
//! widgets, [`window`] holds the list and the page. It knows no model and no network.

mod markdown;
mod page;
mod pages;
mod window;

pub use window::HelpWindow;

pub(super) fn ensure_types() {
    use gtk::prelude::StaticType;
    HelpWindow::static_type();
}
