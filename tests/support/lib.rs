//! The stage on which whole programs are tested and measured: a private desktop, a real libvirt, sockets that
//! misbehave, and the means to look and to press from outside.
//!
//! Knows nothing of Innkeeper: it drives virt-manager in the benchmark with the same hands. Everything that is started
//! here ends with the value that holds it, by process group; whatever takes time is waited for by its condition, with
//! a deadline.
//!
//! [`Desktop`] is an X server with a window manager, or a Wayland compositor (sway, mutter), a session bus and an accessibility bus;
//! [`Program`] runs on it;
//! [`Accessibility`] finds things by role and name and presses them; [`Screen`] takes pictures, types and clicks;
//! [`Touchscreen`] and [`Pen`] touch it; [`selection`] asks for
//! the clipboard; [`Probe`] tells when a pixel changes; [`Lab`] is libvirtd with the demonstration guests; [`socket`] holds peers that
//! delay, count, lie or keep silent, and a VNC server.

#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod accessible;
mod compositor;
mod desktop;
mod keyring;
mod lab;
mod mutter;
mod picture;
mod probe;
mod process;
mod program;
mod screen;
pub mod selection;
pub mod socket;
mod touch;
mod wait;
mod watch;
mod x_server;

pub use accessible::{Accessibility, Element, State};
pub use desktop::Desktop;
pub use keyring::Keyring;
pub use lab::Lab;
pub use picture::{Area, Picture};
pub use probe::Probe;
pub use process::Process;
pub use program::{Program, Verdict};
pub use screen::{Screen, Window};
pub use touch::{Pen, Touchscreen};
pub use wait::{attempt, until, until_true};
pub use watch::{Sight, Watch};
