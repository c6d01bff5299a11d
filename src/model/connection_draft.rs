//! What a user decides about a connection: where it leads, and how it is listed.
//!
//! A dialog fills it, [`super::ConnectionList`] makes or changes a connection by it. It reaches no host.

use innkeeper_core::Uri;

/// The mark of a connection in the list, by the names of GNOME's accent colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Colour {
    /// Blue.
    Blue,
    /// Between blue and green.
    Teal,
    /// Green.
    Green,
    /// Yellow.
    Yellow,
    /// Orange.
    Orange,
    /// Red.
    Red,
    /// Pink.
    Pink,
    /// Purple.
    Purple,
    /// Blueish grey.
    Slate,
}

impl Colour {
    /// Every colour, in the order in which they are offered.
    pub const ALL: [Self; 9] = [
        Self::Blue,
        Self::Teal,
        Self::Green,
        Self::Yellow,
        Self::Orange,
        Self::Red,
        Self::Pink,
        Self::Purple,
        Self::Slate,
    ];

    /// Gives the word by which it is kept; style classes are called so too.
    pub fn word(self) -> &'static str {
        match self {
            Self::Blue => "blue",
            Self::Teal => "teal",
            Self::Green => "green",
            Self::Yellow => "yellow",
            Self::Orange => "orange",
            Self::Red => "red",
            Self::Pink => "pink",
            Self::Purple => "purple",
            Self::Slate => "slate",
        }
    }

    /// Finds the colour that is kept by a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|colour| colour.word() == word)
    }
}

/// A connection as a user wants it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectionDraft {
    /// Where it leads.
    pub uri: Uri,
    /// The name that the user gave it; `None` for the one that follows from the URI. Never empty.
    pub name: Option<String>,
    /// The group of the list that it stands in. Never empty.
    pub site: Option<String>,
    /// Its mark in the list.
    pub colour: Option<Colour>,
    /// Whether it connects when the program starts.
    pub autoconnect: bool,
    /// Whether it is opened so that nothing can be changed through it.
    pub read_only: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_found_by_their_words() {
        for colour in Colour::ALL {
            assert_eq!(Colour::from_word(colour.word()), Some(colour));
        }
        assert_eq!(Colour::from_word("Blue"), None);
    }
}
