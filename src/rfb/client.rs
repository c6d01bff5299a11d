//! The messages that a client sends, as bytes (RFC 6143 §7.5 and QEMU's additions).
//!
//! Pure encoders that append to a buffer; they keep no state and decide nothing.

use crate::{AudioFormat, PowerAction, Rect, Size, audio::MAX_FREQUENCY};

/// The coordinate that means "did not move" in relative mode (QEMU `ui/vnc.c`, pointer-type change).
pub const RELATIVE_CENTRE: i32 = 0x7fff;

/// Longest payload of a fence, in bytes (rfbproto, "`ClientFence`").
pub const MAX_FENCE: usize = 64;

/// Asks for B8G8R8X8 pixels: 32 bits, depth 24, little-endian (RFC 6143 §7.5.1).
pub fn set_pixel_format(out: &mut Vec<u8>) {
    out.extend([0, 0, 0, 0]);
    out.extend([32, 24, 0, 1]);
    out.extend([0, 255, 0, 255, 0, 255]);
    out.extend([16, 8, 0]);
    out.extend([0, 0, 0]);
}

/// Announces encodings, the most wanted first (RFC 6143 §7.5.2).
pub fn set_encodings(out: &mut Vec<u8>, numbers: &[i32]) {
    out.extend([2, 0]);
    out.extend((numbers.len() as u16).to_be_bytes());
    for number in numbers {
        out.extend(number.to_be_bytes());
    }
}

/// Asks for what has changed in a rectangle, or for all of it (RFC 6143 §7.5.3).
pub fn update_request(out: &mut Vec<u8>, incremental: bool, rect: Rect) {
    out.extend([3, u8::from(incremental)]);
    for value in [rect.x, rect.y, rect.width, rect.height] {
        out.extend(value.to_be_bytes());
    }
}

/// Presses or releases a key by its X11 symbol (RFC 6143 §7.5.4).
pub fn key_event(out: &mut Vec<u8>, keysym: u32, down: bool) {
    out.extend([4, u8::from(down), 0, 0]);
    out.extend(keysym.to_be_bytes());
}

/// Presses or releases a key by its scancode (QEMU Extended Key Event): see [`keys`](crate::keys).
pub fn extended_key_event(out: &mut Vec<u8>, keysym: u32, qnum: u32, down: bool) {
    out.extend([255, 0, 0, u8::from(down)]);
    out.extend(keysym.to_be_bytes());
    out.extend(qnum.to_be_bytes());
}

/// Moves the pointer or changes its first seven buttons; bit 0 is the left one (RFC 6143 §7.5.5).
pub fn pointer_event(out: &mut Vec<u8>, x: u16, y: u16, buttons: u16) {
    // The eighth bit would announce the longer form.
    out.extend([5, (buttons & 0x7f) as u8]);
    out.extend(x.to_be_bytes());
    out.extend(y.to_be_bytes());
}

/// The same with nine buttons, of which the last two are "back" and "forward" (rfbproto, "`ExtendedMouseButtons`").
pub fn extended_pointer_event(out: &mut Vec<u8>, x: u16, y: u16, buttons: u16) {
    out.extend([5, 0x80 | (buttons & 0x7f) as u8]);
    out.extend(x.to_be_bytes());
    out.extend(y.to_be_bytes());
    out.push((buttons >> 7) as u8 & 3);
}

/// Hands over clipboard text (RFC 6143 §7.5.6). Characters outside Latin-1 become `?`.
pub fn cut_text(out: &mut Vec<u8>, text: &str) {
    let latin1 = text
        .chars()
        .map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?'));
    out.extend([6, 0, 0, 0]);
    out.extend((text.chars().count() as u32).to_be_bytes());
    out.extend(latin1);
}

/// Asks for another size of a desktop with one screen (rfbproto, "SetDesktopSize").
pub fn set_desktop_size(out: &mut Vec<u8>, size: Size, screen: u32, flags: u32) {
    let (width, height) = (size.width.to_be_bytes(), size.height.to_be_bytes());
    out.extend([251, 0]);
    out.extend(width);
    out.extend(height);
    out.extend([1, 0]);
    out.extend(screen.to_be_bytes());
    out.extend([0; 4]);
    out.extend(width);
    out.extend(height);
    out.extend(flags.to_be_bytes());
}

/// Asks the server to tell when it comes to this message, or tells it so (rfbproto, "`ClientFence`").
pub fn fence(out: &mut Vec<u8>, flags: u32, payload: &[u8]) {
    let payload = payload
        .get(..payload.len().min(MAX_FENCE))
        .unwrap_or_default();
    out.extend([248, 0, 0, 0]);
    out.extend(flags.to_be_bytes());
    out.push(payload.len() as u8);
    out.extend(payload);
}

/// Lets the server send updates of a rectangle without requests, or ends that (rfbproto, "`EnableContinuousUpdates`").
pub fn continuous_updates(out: &mut Vec<u8>, enable: bool, rect: Rect) {
    out.extend([150, u8::from(enable)]);
    for value in [rect.x, rect.y, rect.width, rect.height] {
        out.extend(value.to_be_bytes());
    }
}

/// Asks for sound in this form from now on (QEMU Audio). A server that has not offered sound hangs up on it.
pub fn audio_on(out: &mut Vec<u8>, format: AudioFormat) {
    out.extend([
        255,
        1,
        0,
        2,
        format.sample.number(),
        format.channels.clamp(1, 2),
    ]);
    out.extend(format.frequency.min(MAX_FREQUENCY).to_be_bytes());
    out.extend([255, 1, 0, 0]);
}

/// Asks for no more sound (QEMU Audio).
pub fn audio_off(out: &mut Vec<u8>) {
    out.extend([255, 1, 0, 1]);
}

/// Asks for the guest to be shut down, rebooted or reset (rfbproto, "xvp Client Message").
pub fn power(out: &mut Vec<u8>, action: PowerAction) {
    out.extend([250, 0, 1, action.number()]);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(write: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
        let mut out = Vec::new();
        write(&mut out);
        out
    }

    #[test]
    fn lengths_and_layouts() {
        assert_eq!(message(set_pixel_format).len(), 20);
        assert_eq!(
            message(|m| set_encodings(m, &[7, -223])),
            [2, 0, 0, 2, 0, 0, 0, 7, 255, 255, 255, 33]
        );
        assert_eq!(
            message(|m| update_request(m, true, Rect::new(1, 2, 3, 4))),
            [3, 1, 0, 1, 0, 2, 0, 3, 0, 4]
        );
        assert_eq!(
            message(|m| key_event(m, 0xff0d, true)),
            [4, 1, 0, 0, 0, 0, 0xff, 0x0d]
        );
        assert_eq!(
            message(|m| extended_key_event(m, 0xff0d, 0x1c, false)),
            [255, 0, 0, 0, 0, 0, 0xff, 0x0d, 0, 0, 0, 0x1c]
        );
        assert_eq!(
            message(|m| pointer_event(m, 256, 2, 0x1e5)),
            [5, 0x65, 1, 0, 0, 2]
        );
        assert_eq!(
            message(|m| extended_pointer_event(m, 256, 2, 0x1e5)),
            [5, 0xe5, 1, 0, 0, 2, 3]
        );
        assert_eq!(
            message(|m| set_desktop_size(m, Size::new(800, 600), 0, 0)).len(),
            24
        );
    }

    #[test]
    fn extensions() {
        assert_eq!(
            message(|m| fence(m, 0x8000_0001, b"ab")),
            [248, 0, 0, 0, 0x80, 0, 0, 1, 2, b'a', b'b']
        );
        assert_eq!(message(|m| fence(m, 0, &[7; 99])).len(), 9 + 64);
        assert_eq!(
            message(|m| continuous_updates(m, true, Rect::new(1, 2, 3, 4))),
            [150, 1, 0, 1, 0, 2, 0, 3, 0, 4]
        );
        assert_eq!(
            message(|m| audio_on(m, AudioFormat::default())),
            [255, 1, 0, 2, 3, 2, 0, 0, 0xac, 0x44, 255, 1, 0, 0]
        );
        assert_eq!(message(audio_off), [255, 1, 0, 1]);
        assert_eq!(message(|m| power(m, PowerAction::Reset)), [250, 0, 1, 4]);
    }

    #[test]
    fn clipboard_text_is_latin_1() {
        assert_eq!(
            message(|m| cut_text(m, "é€")),
            [6, 0, 0, 0, 0, 0, 0, 2, 0xe9, b'?']
        );
    }
}
