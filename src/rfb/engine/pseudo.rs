//! The rectangles that carry no pixels: sizes, cursors, lamps and abilities.
//!
//! Each parser returns `None` until its whole body has arrived, and then the event and the bytes used.
//! They change nothing themselves; see [`engine`](super) for what follows from an event.

use super::event::{Cursor, DesktopSizeStatus, EngineEvent, Leds, RectHeader};
use crate::{
    Error, Result, Size,
    limits::{MAX_CURSOR_AXIS, MAX_NAME},
    policy::pseudo as number,
    wire::Reader,
};

/// What a pseudo-rectangle says.
#[derive(Debug)]
pub(super) enum News {
    /// One event.
    Event(EngineEvent),
    /// The framebuffer's size, with what else an extended desktop size says.
    Size {
        size: Size,
        screen: Option<EngineEvent>,
        status: Option<DesktopSizeStatus>,
    },
    /// The update ends here, whatever its header said.
    LastRect,
}

/// Reads the body of a pseudo-rectangle; `Ok(None)` when more bytes are needed.
pub(super) fn parse(header: RectHeader, reader: &mut Reader<'_>) -> Result<Option<News>> {
    let rect = header.rect;
    Ok(match header.encoding {
        number::DESKTOP_SIZE => Some(News::Size {
            size: rect.size(),
            screen: None,
            status: None,
        }),
        number::EXTENDED_DESKTOP_SIZE => extended_size(header, reader),
        number::LAST_RECT => Some(News::LastRect),
        number::CURSOR => rich_cursor(header, reader)?,
        number::ALPHA_CURSOR => alpha_cursor(header, reader)?,
        number::LEDS => reader
            .u8()
            .map(|bits| News::Event(EngineEvent::Leds(Leds::from_bits(bits)))),
        number::POINTER_MODE => Some(News::Event(EngineEvent::PointerMode {
            absolute: rect.x != 0,
        })),
        number::EXTENDED_KEYS => Some(News::Event(EngineEvent::ExtendedKeys)),
        number::EXTENDED_BUTTONS => Some(News::Event(EngineEvent::ExtendedButtons)),
        number::AUDIO => Some(News::Event(EngineEvent::AudioOffered)),
        number::DESKTOP_NAME => name(reader)?,
        other => {
            return Err(Error::Unexpected {
                what: "encoding",
                number: other,
            });
        }
    })
}

/// Reads x = reason, y = status and up to 255 screens, of which the first one is kept.
fn extended_size(header: RectHeader, reader: &mut Reader<'_>) -> Option<News> {
    const THIS_CLIENT: u16 = 1;
    let count = reader.u8()?;
    reader.skip(3)?;
    let mut screens = Reader::new(reader.take(usize::from(count) * 16)?);
    let screen = screens.u32().and_then(|id| {
        screens.skip(8)?;
        let flags = screens.u32()?;
        Some(EngineEvent::Screen { id, flags })
    });
    // Without a screen the ability is there all the same; 0 is what QEMU uses.
    let screen = screen.unwrap_or(EngineEvent::Screen { id: 0, flags: 0 });
    let answer = header.rect.x == THIS_CLIENT;
    Some(News::Size {
        size: header.rect.size(),
        screen: Some(screen),
        status: answer.then(|| DesktopSizeStatus::from_number(header.rect.y)),
    })
}

fn name(reader: &mut Reader<'_>) -> Result<Option<News>> {
    let Some(length) = reader.u32() else {
        return Ok(None);
    };
    Error::check_limit("a desktop name", length as usize, MAX_NAME)?;
    let text = reader.take(length as usize);
    Ok(text.map(|text| {
        News::Event(EngineEvent::Name(
            String::from_utf8_lossy(text).into_owned(),
        ))
    }))
}

/// Reads pixels in the framebuffer's format and a mask of one bit each (RFC 6143 §7.8.1).
fn rich_cursor(header: RectHeader, reader: &mut Reader<'_>) -> Result<Option<News>> {
    let size = cursor_size(header)?;
    let mask_stride = usize::from(size.width).div_ceil(8);
    let pixels = reader.take(size.area() * 4);
    let mask = reader.take(mask_stride * usize::from(size.height));
    let (Some(pixels), Some(mask)) = (pixels, mask) else {
        return Ok(None);
    };
    let mut rgba = Vec::with_capacity(pixels.len());
    let rows = pixels.chunks_exact((usize::from(size.width) * 4).max(1));
    for (row, mask) in rows.zip(mask.chunks_exact(mask_stride.max(1))) {
        let bits = mask
            .iter()
            .flat_map(|byte| (0..8).map(move |bit| byte & (0x80 >> bit) != 0));
        for (bgrx, shown) in row.as_chunks::<4>().0.iter().zip(bits) {
            let [blue, green, red, _] = *bgrx;
            rgba.extend(if shown {
                [red, green, blue, 255]
            } else {
                [0; 4]
            });
        }
    }
    Ok(Some(cursor(header, rgba)))
}

/// Reads an inner encoding, which must be raw, and B, G, R, A multiplied by alpha (rfbproto, "Cursor With Alpha").
fn alpha_cursor(header: RectHeader, reader: &mut Reader<'_>) -> Result<Option<News>> {
    let size = cursor_size(header)?;
    let Some(inner) = reader.i32() else {
        return Ok(None);
    };
    if inner != 0 {
        return Err(Error::Protocol("an alpha cursor is not raw"));
    }
    let Some(pixels) = reader.take(size.area() * 4) else {
        return Ok(None);
    };
    let swap = |bgra: &[u8; 4]| {
        let [blue, green, red, alpha] = *bgra;
        // A colour above its alpha cannot come of a multiplication; painting would overflow.
        [red.min(alpha), green.min(alpha), blue.min(alpha), alpha]
    };
    let rgba = pixels.as_chunks().0.iter().flat_map(swap).collect();
    Ok(Some(cursor(header, rgba)))
}

fn cursor_size(header: RectHeader) -> Result<Size> {
    let size = header.rect.size();
    let longest = size.width.max(size.height);
    Error::check_limit("a cursor side", longest.into(), MAX_CURSOR_AXIS.into())?;
    Ok(size)
}

/// Builds the event; the hot spot is moved into the picture.
fn cursor(header: RectHeader, rgba: Vec<u8>) -> News {
    let size = header.rect.size();
    let hot_spot = (
        header.rect.x.min(size.width.saturating_sub(1)),
        header.rect.y.min(size.height.saturating_sub(1)),
    );
    let cursor = (size.area() > 0).then_some(Cursor {
        size,
        hot_spot,
        rgba,
    });
    News::Event(EngineEvent::Cursor(cursor))
}
