//! A guest's serial line in a terminal.
//!
//! [`view`] is the page: it follows the line and says how it stands; [`keys`] decides which keys stay here, [`look`] gives
//! the terminal the desktop's colours and font, [`find`] searches what was written and [`log`] saves it.

mod find;
mod keys;
mod log;
mod look;
mod view;

pub(super) use view::TerminalView;
