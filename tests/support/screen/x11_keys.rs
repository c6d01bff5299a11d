//! Which key of the X server's keyboard gives which character.

use x11rb::{
    connection::Connection, protocol::xproto::ConnectionExt, rust_connection::RustConnection,
};

/// The key that gives a keysym, and whether Shift must be held.
pub(crate) fn keycode(connection: &RustConnection, keysym: u32) -> (u8, bool) {
    let setup = connection.setup();
    let (first, count) = (setup.min_keycode, setup.max_keycode - setup.min_keycode + 1);
    let mapping = connection
        .get_keyboard_mapping(first, count)
        .expect("a request")
        .reply()
        .expect("the keyboard’s mapping");
    let width = usize::from(mapping.keysyms_per_keycode);
    let find = |column: usize| {
        let row = mapping
            .keysyms
            .chunks(width)
            .position(|row| row.get(column) == Some(&keysym))?;
        u8::try_from(usize::from(first) + row).ok()
    };
    match (find(0), find(1)) {
        (Some(code), _) => (code, false),
        (None, Some(code)) => (code, true),
        (None, None) => panic!("the keyboard has no key for keysym {keysym:#x}"),
    }
}
