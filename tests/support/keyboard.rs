//! Which key of the X server's keyboard gives which character.

use x11rb::{
    connection::Connection, protocol::xproto::ConnectionExt, rust_connection::RustConnection,
};

/// Keys that have names and no character, after X11's keysymdef.h.
const NAMED: [(&str, u32); 28] = [
    ("BackSpace", 0xff08),
    ("Tab", 0xff09),
    ("Return", 0xff0d),
    ("Escape", 0xff1b),
    ("Home", 0xff50),
    ("Left", 0xff51),
    ("Up", 0xff52),
    ("Right", 0xff53),
    ("Down", 0xff54),
    ("Page_Up", 0xff55),
    ("Page_Down", 0xff56),
    ("End", 0xff57),
    ("Menu", 0xff67),
    ("F1", 0xffbe),
    ("F6", 0xffc3),
    ("F9", 0xffc6),
    ("F10", 0xffc7),
    ("F11", 0xffc8),
    ("Caps_Lock", 0xffe5),
    ("Shift_L", 0xffe1),
    ("Control_L", 0xffe3),
    ("Alt_L", 0xffe9),
    ("Delete", 0xffff),
    ("space", 0x20),
    ("comma", 0x2c),
    ("question", 0x3f),
    ("slash", 0x2f),
    ("minus", 0x2d),
];

/// The keysym of a key's name, or of a single character.
pub(crate) fn named(name: &str) -> u32 {
    let mut characters = name.chars();
    if let (Some(only), None) = (characters.next(), characters.next()) {
        return keysym(only);
    }
    let known = NAMED.iter().find(|(known, _)| *known == name);
    known.unwrap_or_else(|| panic!("no key {name}")).1
}

/// The keysym of a Latin-1 character.
pub(crate) fn keysym(character: char) -> u32 {
    match character {
        '\n' => 0xff0d,
        ' '..='~' => character.into(),
        other => panic!("no key for {other:?}"),
    }
}

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
