//! Questions on their way from a wire to a window: who asks, in which order, and what came of it.
//!
//! [`Asked`](question::Asked) travels from the core's tasks to the main loop; [`Questions`] keeps what waits there and
//! hands out one [`Question`] at a time for each [`Asker`]. Knows no keyring (`credentials` asks that first) and no
//! dialog (`ui/dialogs/questions` shows them).

mod desk;
pub(super) mod kind;
mod question;

pub use desk::Questions;
pub use question::{Asker, Question};
pub(super) use question::{Hints, ask};
