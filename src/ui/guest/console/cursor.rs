//! The guest's pointer as the pointer of this desktop.

use gtk::{gdk, glib};

use crate::model::rfb::Cursor;

/// The side of the dot that stands for a hidden pointer, so that it is never lost.
const DOT: usize = 5;

/// Makes the pointer that the guest shows; `None` hides it, which a dot stands for.
pub(super) fn from_guest(cursor: Option<&Cursor>) -> Option<gdk::Cursor> {
    match cursor {
        Some(cursor) if cursor.size.area() > 0 => gdk::Cursor::from_texture(
            &texture(
                usize::from(cursor.size.width),
                usize::from(cursor.size.height),
                cursor.rgba.clone(),
            ),
            cursor.hot_spot.0.into(),
            cursor.hot_spot.1.into(),
            None,
        )
        .into(),
        _ => dot(),
    }
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
