//! The dialog that adds a connection, edits one, or makes one like another.
//!
//! [`form`] knows the address as fields and as a URI; the tables [`hypervisors`], [`ways`] and [`parameters`] say what
//! there is to choose, and which fields there are.

mod check_group;
mod check_row;
mod colours;
mod completion_row;
mod dialog;
mod form;
mod host_names;
mod hypervisors;
mod note_row;
mod parameter_row;
mod parameters;
mod problem;
mod screen_ways;
mod suggestions;
mod ways;

pub use dialog::ConnectionDialog;

pub(super) fn ensure_types() {
    use gtk::prelude::StaticType;
    ConnectionDialog::static_type();
    check_row::CheckRow::static_type();
}
