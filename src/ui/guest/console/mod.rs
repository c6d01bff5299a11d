//! The screen of a guest.
//!
//! [`view`] is the page: the screen, and its [`cover`] while there is no live picture. [`widget`] is the screen itself; what it
//! does is split by concern: [`scaling`] says where a pixel lies, [`tiles`] and [`rendering`] paint, [`keyboard`],
//! [`pointer`] and [`grab`] send what the user does, [`cursor`] shows the guest's pointer, [`follow`] asks the guest for the
//! window's size. The files [`scaling`], [`zoom`], [`tiles`] and [`cursor_image`] are pure numbers.

mod cover;
mod cursor;
mod cursor_image;
mod follow;
mod grab;
mod keyboard;
mod pointer;
mod release_note;
mod rendering;
mod scaling;
mod tiles;
mod view;
mod widget;
mod zoom;

pub(super) use cover::Cover;
pub(super) use view::ConsoleView;
pub(super) use widget::Screen;
pub(super) use zoom::{ScalingChoice, ZoomStep};
