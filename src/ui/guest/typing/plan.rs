//! Which keys write a text: pure, over a layout that says where a symbol lies.

use std::collections::BTreeSet;

use gtk::{
    gdk,
    glib::{CharacterDecomposition, Unichar, prelude::ToValue},
};

/// A key and what must be held with it: by Linux' number (`KEY_*`) and the layout's level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stroke {
    pub(super) symbol: gdk::Key,
    pub(super) number: u32,
    pub(super) shift: bool,
    pub(super) alt_gr: bool,
}

/// The keys for a text.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Plan {
    pub(super) strokes: Vec<Stroke>,
    /// The characters that are typed.
    pub(super) characters: usize,
    /// How many times Enter is pressed.
    pub(super) lines_ended: usize,
    /// What the layout has no keys for.
    pub(super) missing: BTreeSet<char>,
}

impl Plan {
    /// Plans a text over a layout, which says the key of a symbol if it has one.
    pub(super) fn of(text: &str, layout: impl Fn(gdk::Key) -> Option<Stroke>) -> Self {
        let mut plan = Self::default();
        // A line's end is one Enter, however it was written.
        for character in text.replace("\r\n", "\n").chars() {
            match strokes(character, &layout) {
                Some(strokes) => {
                    plan.strokes.extend(strokes);
                    plan.characters += 1;
                    plan.lines_ended += usize::from(is_line_end(character));
                }
                None => {
                    plan.missing.insert(character);
                }
            }
        }
        plan
    }
}

fn is_line_end(character: char) -> bool {
    matches!(character, '\n' | '\r')
}

/// The keys of one character: its own, or a dead key and the letter below the accent.
fn strokes(character: char, layout: &impl Fn(gdk::Key) -> Option<Stroke>) -> Option<Vec<Stroke>> {
    let symbol = match character {
        '\n' | '\r' => gdk::Key::Return,
        '\t' => gdk::Key::Tab,
        other => symbol_of(other),
    };
    if let Some(stroke) = layout(symbol) {
        return Some(vec![stroke]);
    }
    let CharacterDecomposition::Pair(base, accent) = character.decompose() else {
        return None;
    };
    Some(vec![layout(dead_key(accent)?)?, layout(symbol_of(base))?])
}

fn symbol_of(character: char) -> gdk::Key {
    // Bindings make a key from a number only through a value.
    let symbol = gdk::unicode_to_keyval(character.into()).to_value();
    symbol.get().unwrap_or(gdk::Key::VoidSymbol)
}

/// The dead key that sets an accent (combining character).
fn dead_key(accent: char) -> Option<gdk::Key> {
    Some(match accent {
        '\u{300}' => gdk::Key::dead_grave,
        '\u{301}' => gdk::Key::dead_acute,
        '\u{302}' => gdk::Key::dead_circumflex,
        '\u{303}' => gdk::Key::dead_tilde,
        '\u{304}' => gdk::Key::dead_macron,
        '\u{306}' => gdk::Key::dead_breve,
        '\u{307}' => gdk::Key::dead_abovedot,
        '\u{308}' => gdk::Key::dead_diaeresis,
        '\u{30a}' => gdk::Key::dead_abovering,
        '\u{30b}' => gdk::Key::dead_doubleacute,
        '\u{30c}' => gdk::Key::dead_caron,
        '\u{327}' => gdk::Key::dead_cedilla,
        '\u{328}' => gdk::Key::dead_ogonek,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A layout with a few keys: lower letters, upper ones with Shift, the euro at the third level, an accent that is dead.
    fn layout(symbol: gdk::Key) -> Option<Stroke> {
        let at = |number, shift, alt_gr| {
            Some(Stroke {
                symbol,
                number,
                shift,
                alt_gr,
            })
        };
        match symbol {
            gdk::Key::a => at(30, false, false),
            gdk::Key::A => at(30, true, false),
            gdk::Key::e => at(18, false, false),
            gdk::Key::EuroSign => at(18, false, true),
            gdk::Key::dead_acute => at(13, false, false),
            gdk::Key::Return => at(28, false, false),
            _ => None,
        }
    }

    fn numbers(plan: &Plan) -> Vec<(u32, bool, bool)> {
        let of = |stroke: &Stroke| (stroke.number, stroke.shift, stroke.alt_gr);
        plan.strokes.iter().map(of).collect()
    }

    #[test]
    fn characters_are_the_keys_of_the_layout() {
        let plan = Plan::of("aA€\r\na\n", layout);
        assert_eq!(
            numbers(&plan),
            [
                (30, false, false),
                (30, true, false),
                (18, false, true),
                (28, false, false),
                (30, false, false),
                (28, false, false),
            ]
        );
        assert_eq!((plan.characters, plan.lines_ended), (6, 2));
        assert!(plan.missing.is_empty());
    }

    #[test]
    fn an_accent_goes_before_its_letter() {
        let plan = Plan::of("é", layout);
        assert_eq!(numbers(&plan), [(13, false, false), (18, false, false)]);
        assert_eq!(plan.characters, 1);
    }

    #[test]
    fn what_cannot_be_typed_is_told_once() {
        let plan = Plan::of("a語aè語ü", layout);
        assert_eq!(plan.characters, 2);
        let missing: String = plan.missing.into_iter().collect();
        assert_eq!(missing, "èü語");
    }
}
