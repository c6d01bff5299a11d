//! Every bound that this crate puts on what a server may ask it to hold, in one place.
//!
//! A server that exceeds one gets [`Error::Limit`](crate::Error::Limit). Nothing here depends on
//! the other modules.

/// Longest side of a framebuffer, in pixels. QEMU's own maximum is 5120×2160.
pub const MAX_AXIS: u16 = 16384;

/// Largest framebuffer, in bytes of four for each pixel.
pub const MAX_FRAMEBUFFER: usize = 512 << 20;

/// Longest desktop name, in bytes (RFC 6143 §7.3.2 sets none).
pub const MAX_NAME: usize = 64 << 10;

/// Longest clipboard text that is taken, in bytes.
pub const MAX_CUT_TEXT: usize = 16 << 20;

/// Longest clipboard text that is offered, in bytes, with ends of lines as they are sent: QEMU takes a message of 1 MiB,
/// and hangs up on a longer one (`ui/vnc.c`); its guest's agent gets as much with 28 bytes before it (`ui/vdagent.c`); and
/// what cannot be compressed grows by less than 400 bytes.
pub const MAX_OFFERED_TEXT: usize = (1 << 20) - 1024;

/// Longest part of a server's reason text that is read, in bytes; the rest is not waited for.
pub const MAX_REASON: usize = 4096;

/// Longest side of a cursor, in pixels. QEMU's own maximum is 512.
pub const MAX_CURSOR_AXIS: u16 = 1024;

/// Input events that may wait for a server that does not read. More end the session.
pub const MAX_WAITING_INPUT: usize = 65536;

/// Answers to the server that may wait while it does not read, in bytes. More end the session.
pub const MAX_WAITING_CONTROL: usize = 4 << 20;

/// Damaged rectangles that are kept apart; more are merged.
pub const MAX_DAMAGE: usize = 32;

/// Largest compressed payload of a rectangle of `pixels` pixels, in bytes.
///
/// Deflate, JPEG and run-length data that are larger than twice the plain pixels are an attack or a mistake.
pub const fn max_payload(pixels: usize) -> usize {
    pixels * 8 + (64 << 10)
}
