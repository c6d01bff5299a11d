//! What two or more windows use.

mod acts;
mod feedback;

pub use acts::{ActTarget, install_acts, update_acts};
pub use feedback::{show_error, show_message};
