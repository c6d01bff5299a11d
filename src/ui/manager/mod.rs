//! The main window: connections on the left, the guests of one of them on the right.
//!
//! [`ManagerWindow`] holds a `ConnectionSidebar` and a `ConnectionPage`. The page shows what its connection's state
//! asks for: a `GuestTable`, a page that says what to do, or a `FailurePage`. Read `window` first.

mod action_bar;
mod actions;
mod command_row;
mod connection_order;
mod connection_page;
mod connection_row;
mod connection_sidebar;
mod failure_page;
mod guest_menu;
mod guest_table;
mod import_dialog;
mod importing;
mod opening;
mod window;

pub(in crate::ui) use command_row::CommandRow;
pub use window::ManagerWindow;

/// Where this program's templates lie among its resources.
macro_rules! resource {
    ($path:literal) => {
        concat!("/io/github/innkeeper/Innkeeper/manager/", $path)
    };
}
use resource;

/// Registers every type that a template names, as GTK does for the window's own.
pub(super) fn ensure_types() {
    use gtk::prelude::StaticType;
    for register in [
        ManagerWindow::static_type,
        action_bar::ActionBar::static_type,
        CommandRow::static_type,
        connection_row::ConnectionRow::static_type,
        failure_page::FailurePage::static_type,
        guest_table::GuestTable::static_type,
        import_dialog::ImportDialog::static_type,
    ] {
        register();
    }
}
