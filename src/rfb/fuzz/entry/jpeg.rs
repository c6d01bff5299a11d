//! A JPEG in a tight rectangle that is as large as the picture says it is.

/// Larger pictures only slow the fuzzer down.
const MAX_SIDE: u16 = 256;

/// Runs one input.
pub(crate) fn run(input: &[u8]) {
    let (width, height) = size(input).unwrap_or((16, 16));
    if width == 0 || height == 0 || width > MAX_SIDE || height > MAX_SIDE || input.len() >= 1 << 22
    {
        return;
    }
    let length = input.len();
    let control = [
        0x90,
        length as u8 | 0x80,
        (length >> 7) as u8 | 0x80,
        (length >> 14) as u8,
    ];
    let rect = super::header(0, 0, width, height, 7);
    let bytes = [
        &super::desktop(width, height),
        &super::update(1)[..],
        &rect,
        &control,
        input,
    ]
    .concat();
    super::push(&bytes);
}

/// Finds the first frame header: marker, length, precision, height, width.
fn size(jpeg: &[u8]) -> Option<(u16, u16)> {
    let frame = |bytes: &&[u8]| bytes[0] == 0xff && matches!(bytes[1], 0xc0..=0xc2);
    let header = jpeg.windows(9).find(frame)?;
    let number = |at: usize| u16::from_be_bytes([header[at], header[at + 1]]);
    Some((number(7), number(5)))
}
