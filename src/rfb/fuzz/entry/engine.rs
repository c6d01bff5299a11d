//! Any bytes of a server, from the description of its desktop on.

/// Large framebuffers only slow the fuzzer down; the bounds on them have tests of their own.
const MAX_SIDE: u16 = 512;

/// Runs one input.
pub(crate) fn run(bytes: &[u8]) {
    let sides =
        [bytes.get(..2), bytes.get(2..4)].map(|side| side.and_then(|side| side.try_into().ok()));
    if sides
        .into_iter()
        .flatten()
        .any(|side: [u8; 2]| u16::from_be_bytes(side) > MAX_SIDE)
    {
        return;
    }
    super::push(bytes);
}
