//! What keys are called: by their names in X, by the characters that they give, and on Wayland by their numbers.

/// Keys that have names and no character, after X11's keysymdef.h.
const NAMED: [(&str, u32); 30] = [
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
    ("F4", 0xffc1),
    ("F6", 0xffc3),
    ("F9", 0xffc6),
    ("F10", 0xffc7),
    ("F11", 0xffc8),
    ("Caps_Lock", 0xffe5),
    ("Shift_L", 0xffe1),
    ("Control_L", 0xffe3),
    ("Alt_L", 0xffe9),
    ("Super_L", 0xffeb),
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
pub(super) fn keysym(character: char) -> u32 {
    match character {
        '\n' => 0xff0d,
        ' '..='~' => character.into(),
        other => panic!("no key for {other:?}"),
    }
}

/// The first keys of a US keyboard's rows by Linux' numbers (input-event-codes.h), and what they give, alone and with Shift.
const ROWS: [(u32, &str, &str); 4] = [
    (2, "1234567890-=", "!@#$%^&*()_+"),
    (16, "qwertyuiop[]", "QWERTYUIOP{}"),
    (30, "asdfghjkl;'`", "ASDFGHJKL:\"~"),
    (43, "\\zxcvbnm,./", "|ZXCVBNM<>?"),
];

/// The keys without a character, by symbol and number.
const OTHERS: [(&str, u32); 26] = [
    ("Escape", 1),
    ("BackSpace", 14),
    ("Tab", 15),
    ("Return", 28),
    ("Control_L", 29),
    ("Shift_L", SHIFT),
    ("Alt_L", 56),
    ("space", 57),
    ("Caps_Lock", 58),
    ("F1", 59),
    ("F4", 62),
    ("F6", 64),
    ("F9", 67),
    ("F10", 68),
    ("F11", 87),
    ("Home", 102),
    ("Up", 103),
    ("Page_Up", 104),
    ("Left", 105),
    ("Right", 106),
    ("End", 107),
    ("Down", 108),
    ("Page_Down", 109),
    ("Delete", 111),
    ("Super_L", 125),
    ("Menu", 127),
];

/// The left Shift's number.
const SHIFT: u32 = 42;

/// The keys of a US keyboard that give a symbol, in the order in which they go down: Linux' numbers.
pub(super) fn linux_keys(keysym: u32) -> Vec<u32> {
    let other = OTHERS.iter().find(|(name, _)| named(name) == keysym);
    if let Some((_, key)) = other {
        return vec![*key];
    }
    let character = char::from_u32(keysym).unwrap_or_default();
    for (first, plain, shifted) in ROWS {
        let place = |row: &str| row.chars().position(|c| c == character);
        let key = |place: usize| first + u32::try_from(place).unwrap_or_default();
        match (place(plain), place(shifted)) {
            (Some(place), _) => return vec![key(place)],
            (None, Some(place)) => return vec![SHIFT, key(place)],
            (None, None) => {}
        }
    }
    panic!("the keyboard has no key for keysym {keysym:#x}")
}

/// The modifiers as XKB counts them in its `complete` types (xkb/symbols/pc), by the key's number: what a held key
/// adds, and what a lock turns on and off.
pub(super) fn modifier(key: u32) -> Modifier {
    const LOCK: u32 = 1 << 1;
    match key {
        SHIFT => Modifier::Held(1),
        29 => Modifier::Held(1 << 2),
        56 => Modifier::Held(1 << 3),
        125 => Modifier::Held(1 << 6),
        58 => Modifier::Lock(LOCK),
        _ => Modifier::None,
    }
}

/// What a key does to others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Modifier {
    /// Nothing.
    None,
    /// This, while it is held.
    Held(u32),
    /// This, turned on and off by each press.
    Lock(u32),
}
