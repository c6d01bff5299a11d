//! The guest's pointer as the pointer of this desktop.

use std::rc::Rc;

use gtk::{gdk, glib, prelude::*};

use super::cursor_image;
use crate::model::rfb::Cursor;

/// The side of the dot that stands for a hidden pointer, so that it is never lost.
const DOT: usize = 5;

/// Makes the pointer that the guest shows, with `step` application pixels for each of its pixels; `None` hides it,
/// which a dot stands for.
pub(super) fn from_guest(cursor: Option<&Rc<Cursor>>, step: f64) -> Option<gdk::Cursor> {
    let cursor = cursor.filter(|cursor| cursor.size.area() > 0);
    let Some(cursor) = cursor.cloned() else {
        return dot();
    };
    let shown = cursor_image::shown(&cursor, step);
    // The display asks with the scale that it has where the pointer is.
    let draw = move |_: &gdk::Cursor,
                     _: i32,
                     scale: f64,
                     width: &mut i32,
                     height: &mut i32,
                     hot_x: &mut i32,
                     hot_y: &mut i32| {
        (*width, *height) = (shown.width, shown.height);
        (*hot_x, *hot_y) = shown.hot_spot;
        let device = |length: i32| (f64::from(length) * scale).round().max(1.0) as usize;
        let (width, height) = (device(shown.width), device(shown.height));
        let rgba = cursor_image::resized(&cursor, width, height);
        texture(width, height, rgba).upcast()
    };
    gdk::Cursor::from_callback(draw, dot().as_ref())
}

/// A white point with a dark rim, to be seen on any ground.
fn dot() -> Option<gdk::Cursor> {
    let mut rgba = Vec::with_capacity(DOT * DOT * 4);
    for y in 0..DOT {
        for x in 0..DOT {
            let rim = x == 0 || y == 0 || x == DOT - 1 || y == DOT - 1;
            let corner = (x == 0 || x == DOT - 1) && (y == 0 || y == DOT - 1);
            rgba.extend(match (corner, rim) {
                (true, _) => [0, 0, 0, 0],
                (_, true) => [0, 0, 0, 0xff],
                _ => [0xff; 4],
            });
        }
    }
    let middle = (DOT / 2) as i32;
    gdk::Cursor::from_texture(&texture(DOT, DOT, rgba), middle, middle, None).into()
}

fn texture(width: usize, height: usize, rgba: Vec<u8>) -> gdk::MemoryTexture {
    gdk::MemoryTexture::new(
        width as i32,
        height as i32,
        gdk::MemoryFormat::R8g8b8a8Premultiplied,
        &glib::Bytes::from_owned(rgba),
        width * 4,
    )
}
