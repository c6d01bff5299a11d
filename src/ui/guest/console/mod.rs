//! The screen of a guest.
//!
//! [`view`] is the page: the screen, and its [`cover`] while there is no live picture. [`widget`] is the screen itself;
//! what it does is split by concern: [`scaling`] says where a pixel lies, [`tiles`], [`cutting`], [`tile_memory`] and
//! [`rendering`] paint, [`direct`] past GTK where it can, [`keyboard`], [`pointer`] and [`finger`] send what the user
//! does, [`focus`] and [`grab`] say who has the keyboard, [`locks`] keeps Caps Lock alike, [`clipboard`] shares texts,
//! [`cursor`] shows the guest's pointer, [`follow`] asks the guest for the window's size. The files [`scaling`],
//! [`zoom`], [`tiles`], [`cutting`], [`tile_memory`], [`cursor_image`], [`locks`] and [`wheel`] are pure.

mod clipboard;
mod cover;
mod cursor;
mod cursor_image;
mod cutting;
mod direct;
mod finger;
mod focus;
mod follow;
mod grab;
mod keyboard;
mod locks;
mod pointer;
mod pointer_lock;
mod release_note;
mod rendering;
mod scaling;
mod tile_memory;
mod tiles;
mod view;
mod wheel;
mod widget;
mod zoom;

pub(super) use cover::{Cover, set_action};
pub(super) use view::ConsoleView;
pub(super) use widget::Screen;
pub(super) use zoom::{ScalingChoice, ZoomStep};
