//! Combinations of keys by Linux' numbers (`KEY_*`), which no layout changes.

use std::fmt;

pub(super) const ESC: u32 = 1;
pub(super) const BACKSPACE: u32 = 14;
pub(super) const TAB: u32 = 15;
pub(super) const LEFT_CTRL: u32 = 29;
pub(super) const LEFT_SHIFT: u32 = 42;
pub(super) const LEFT_ALT: u32 = 56;
pub(super) const PRINT: u32 = 99;
pub(super) const END: u32 = 107;
pub(super) const DELETE: u32 = 111;
pub(super) const LEFT_SUPER: u32 = 125;
pub(super) const F4: u32 = 62;
pub(super) const F11: u32 = 87;

/// F1 to F12.
pub(super) const FUNCTION_KEYS: [u32; 12] = [59, 60, 61, 62, 63, 64, 65, 66, 67, 68, F11, 88];

/// Keys that can be chosen from a list: first those that a desktop may keep for itself.
#[rustfmt::skip]
pub(super) const CHOICES: &[u32] = &[
    ESC, TAB, 28, 57, BACKSPACE, 110, DELETE, 102, END, 104, 109, 103, 108, 105, 106, PRINT, 119, 70, 127,
    59, 60, 61, 62, 63, 64, 65, 66, 67, 68, F11, 88, 183, 184, 185, 186, 187, 188, 189, 190, 191, 192, 193, 194,
    16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 30, 31, 32, 33, 34, 35, 36, 37, 38, 44, 45, 46, 47, 48, 49, 50,
    2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 26, 27, 39, 40, 41, 43, 51, 52, 53, 86,
];

/// Modifiers that can be chosen.
pub(super) const MODIFIERS: [u32; 5] = [LEFT_CTRL, LEFT_SHIFT, LEFT_ALT, 100, LEFT_SUPER];

/// Keys in the order in which they go down.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Combination(Vec<u32>);

impl Combination {
    /// Makes a combination of keys.
    pub(super) fn of(keys: Vec<u32>) -> Self {
        Self(keys)
    }

    /// Makes the one that shows a text console.
    pub(super) fn console(key: u32) -> Self {
        Self(vec![LEFT_CTRL, LEFT_ALT, key])
    }

    /// Reads what [`fmt::Display`] writes.
    pub(super) fn read(text: &str) -> Option<Self> {
        let keys: Result<Vec<u32>, _> = text.split('+').map(str::parse).collect();
        keys.ok().map(Self)
    }

    pub(super) fn keys(&self) -> &[u32] {
        &self.0
    }
}

impl fmt::Display for Combination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&keys.join("+"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::rfb::keys;

    #[test]
    fn every_key_has_a_number_that_the_guest_knows() {
        for key in CHOICES.iter().chain(&MODIFIERS).chain(&FUNCTION_KEYS) {
            assert!(keys::qnum_from_evdev(*key).is_some(), "{key}");
        }
        let mut once = CHOICES.to_vec();
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), CHOICES.len());
    }

    #[test]
    fn a_combination_survives_its_text() {
        let combination = Combination::of(vec![LEFT_CTRL, LEFT_ALT, DELETE]);
        assert_eq!(combination.to_string(), "29+56+111");
        assert_eq!(Combination::read("29+56+111"), Some(combination));
        for wrong in ["", "29+", "ctrl", "-1"] {
            assert_eq!(Combination::read(wrong), None);
        }
    }
}
