//! What a guest has to look at, as a menu offers it: its pictures and its text consoles, and which of them comes first.

use std::fmt;

use gtk::{gio, prelude::*};

use crate::{
    app::i18n::{gettext, gettext_f},
    model::{DomainDescription, GraphicsKind, TextDeviceId, TextKind},
};

/// One thing to look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Choice {
    /// The picture of a screen, by its place among the guest's screens; without one, of the first that can be shown.
    Graphics(Option<usize>),
    /// A text console.
    Text(TextDeviceId),
}

impl Default for Choice {
    fn default() -> Self {
        Self::Graphics(None)
    }
}

impl Choice {
    /// Reads what [`Choice`] writes.
    pub(super) fn from_word(word: &str) -> Option<Self> {
        match word.strip_prefix("graphics") {
            Some("") => Some(Self::Graphics(None)),
            Some(place) => place.parse().ok().map(|place| Self::Graphics(Some(place))),
            None => word.parse().ok().map(Self::Text),
        }
    }

    /// Whether it is a picture.
    pub(super) fn is_graphics(self) -> bool {
        matches!(self, Self::Graphics(_))
    }

    /// The icon that stands for it.
    pub(super) fn icon_name(self) -> &'static str {
        match self {
            Self::Graphics(_) => "video-display-symbolic",
            Self::Text(_) => "utilities-terminal-symbolic",
        }
    }
}

impl fmt::Display for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Graphics(None) => f.write_str("graphics"),
            Self::Graphics(Some(place)) => write!(f, "graphics{place}"),
            Self::Text(device) => device.fmt(f),
        }
    }
}

/// A line of the menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Offer {
    choice: Choice,
    label: String,
    /// Whether it can be shown.
    is_possible: bool,
}

/// Lists what a guest has to look at.
pub(super) fn offers(description: &DomainDescription) -> Vec<Offer> {
    let mut offers = graphical_offers(&description.graphics);
    offers.extend(description.text_devices.iter().map(|device| {
        let number = device.id.port.to_string();
        let name = match device.id.kind {
            // Translators: a serial port of a virtual machine, by its number from 0.
            TextKind::Serial => gettext_f("Serial _{number}", &[("number", &number)]),
            // Translators: a text console of a virtual machine, by its number from 0.
            TextKind::Console => gettext_f("Text Console _{number}", &[("number", &number)]),
        };
        let is_possible = device.is_openable();
        let label = if is_possible {
            name
        } else {
            gettext_f(
                // Translators: an entry of a menu that cannot be chosen, with the reason: “Serial 1 (type “tcp” cannot be opened)”.
                "{name} (type “{type}” cannot be opened)",
                &[("name", &name), ("type", &device.source)],
            )
        };
        Offer {
            choice: Choice::Text(device.id),
            label,
            is_possible,
        }
    }));
    offers
}

/// Lists the screens. The first that can be shown is chosen without its place, which may differ tomorrow.
fn graphical_offers(graphics: &[GraphicsKind]) -> Vec<Offer> {
    let is_vnc = |kind: &GraphicsKind| *kind == GraphicsKind::Vnc;
    let first = graphics.iter().position(is_vnc);
    let offer = |(place, kind): (usize, &GraphicsKind)| {
        let is_possible = is_vnc(kind);
        Offer {
            choice: Choice::Graphics(Some(place).filter(|place| first != Some(*place))),
            label: graphical_label(*kind, (graphics.len() > 1).then_some(place)),
            is_possible,
        }
    };
    graphics.iter().enumerate().map(offer).collect()
}

/// Names a screen, by its number where there are several.
fn graphical_label(kind: GraphicsKind, number: Option<usize>) -> String {
    let (number, name) = (number.map(|number| number.to_string()), kind_name(kind));
    match (kind, &number) {
        (GraphicsKind::Vnc, None) => gettext("_Graphical"),
        (GraphicsKind::Vnc, Some(number)) => gettext_f(
            // Translators: a screen of a virtual machine that has several, by its number from 0: “Graphical 0 (VNC)”.
            "Graphical _{number} ({type})",
            &[("number", number), ("type", name)],
        ),
        (_, None) => gettext_f(
            // Translators: an entry of a menu that cannot be chosen, with the reason. {type} is such as “SPICE”.
            "Graphical ({type} cannot be shown, only VNC)",
            &[("type", name)],
        ),
        (_, Some(number)) => gettext_f(
            // Translators: an entry of a menu that cannot be chosen, with the reason. {type} is such as “SPICE”.
            "Graphical {number} ({type} cannot be shown, only VNC)",
            &[("number", number), ("type", name)],
        ),
    }
}

/// What a kind of screen is called, in every language.
fn kind_name(kind: GraphicsKind) -> &'static str {
    match kind {
        GraphicsKind::Vnc => "VNC",
        GraphicsKind::Spice => "SPICE",
        GraphicsKind::Rdp => "RDP",
        GraphicsKind::Dbus => "D-Bus",
        GraphicsKind::Window => "SDL",
        GraphicsKind::Headless => "EGL",
        GraphicsKind::Other => "?",
    }
}

/// Chooses where the user has not: what was looked at last, else the first thing that can be shown.
pub(super) fn first_choice(offers: &[Offer], last: Option<Choice>) -> Choice {
    let is_possible = |choice: &Choice| {
        let mut possible = offers.iter().filter(|offer| offer.is_possible);
        possible.any(|offer| offer.choice == *choice)
    };
    let first = offers.iter().find(|offer| offer.is_possible);
    last.filter(is_possible)
        .or(first.map(|offer| offer.choice))
        .unwrap_or_default()
}

/// Makes the menu. What cannot be shown is there, with the reason, and cannot be chosen.
pub(super) fn menu(offers: &[Offer]) -> gio::Menu {
    let menu = gio::Menu::new();
    for offer in offers {
        let item = gio::MenuItem::new(Some(&offer.label), None);
        if offer.is_possible {
            let word = offer.choice.to_string().to_variant();
            item.set_action_and_target_value(Some("win.screen"), Some(&word));
        } else {
            // No action has this name: the entry is greyed.
            item.set_detailed_action("win.impossible-screen");
        }
        menu.append_item(&item);
    }
    menu
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::TextDevice;

    fn text(kind: TextKind, port: u32) -> TextDeviceId {
        TextDeviceId { kind, port }
    }

    fn description(graphics: &[GraphicsKind], sources: &[&str]) -> DomainDescription {
        let device = |(port, source): (usize, &&str)| TextDevice {
            id: text(TextKind::Serial, port as u32),
            source: (*source).to_owned(),
        };
        DomainDescription {
            graphics: graphics.to_vec(),
            text_devices: sources.iter().enumerate().map(device).collect(),
            ..DomainDescription::default()
        }
    }

    fn chosen(graphics: &[GraphicsKind], sources: &[&str], last: Option<Choice>) -> Choice {
        first_choice(&offers(&description(graphics, sources)), last)
    }

    #[test]
    fn the_picture_comes_first_where_it_can_be_shown() {
        let serial = |port| Choice::Text(text(TextKind::Serial, port));
        let vnc = [GraphicsKind::Vnc];
        assert_eq!(chosen(&vnc, &["pty"], None), Choice::Graphics(None));
        assert_eq!(chosen(&[], &["pty"], None), serial(0));
        assert_eq!(chosen(&[], &["tcp", "pty"], None), serial(1));
        assert_eq!(chosen(&[GraphicsKind::Spice], &["pty"], None), serial(0));
        // Its page says why there is nothing.
        assert_eq!(chosen(&[], &[], None), Choice::Graphics(None));
        assert_eq!(
            chosen(&[GraphicsKind::Spice], &["file"], None),
            Choice::Graphics(None)
        );
    }

    #[test]
    fn what_was_looked_at_last_comes_again_while_it_is_there() {
        let serial = |port| Choice::Text(text(TextKind::Serial, port));
        let vnc = [GraphicsKind::Vnc];
        assert_eq!(chosen(&vnc, &["pty"], Some(serial(0))), serial(0));
        assert_eq!(
            chosen(&vnc, &["pty"], Some(serial(1))),
            Choice::Graphics(None)
        );
        assert_eq!(
            chosen(&vnc, &["tcp"], Some(serial(0))),
            Choice::Graphics(None)
        );
    }

    #[test]
    fn what_cannot_be_shown_is_listed_with_the_reason() {
        let list = offers(&description(&[GraphicsKind::Spice], &["pty", "tcp"]));
        let labels: Vec<_> = list.iter().map(|offer| offer.label.as_str()).collect();
        assert_eq!(
            labels,
            [
                "Graphical (SPICE cannot be shown, only VNC)",
                "Serial _0",
                "Serial _1 (type “tcp” cannot be opened)",
            ]
        );
        let menu = menu(&list);
        let action = |item| {
            let action = menu.item_attribute_value(item, "action", None);
            action.and_then(|action| action.str().map(str::to_owned))
        };
        assert_eq!(action(0).as_deref(), Some("win.impossible-screen"));
        assert_eq!(action(1).as_deref(), Some("win.screen"));
    }

    #[test]
    fn several_screens_are_listed_each_with_its_kind() {
        use GraphicsKind::{Headless, Spice, Vnc};
        let list = offers(&description(&[Spice, Vnc, Headless, Vnc], &["pty"]));
        let labels: Vec<_> = list.iter().map(|offer| offer.label.as_str()).collect();
        assert_eq!(
            labels,
            [
                "Graphical 0 (SPICE cannot be shown, only VNC)",
                "Graphical _1 (VNC)",
                "Graphical 2 (EGL cannot be shown, only VNC)",
                "Graphical _3 (VNC)",
                "Serial _0",
            ]
        );
        let possible: Vec<_> = list.iter().filter(|offer| offer.is_possible).collect();
        assert_eq!(possible[0].choice, Choice::Graphics(None));
        assert_eq!(possible[1].choice, Choice::Graphics(Some(3)));
        // The second is looked at again for as long as it is there.
        let second = Choice::Graphics(Some(3));
        assert_eq!(first_choice(&list, Some(second)), second);
        assert_eq!(
            chosen(&[Vnc], &["pty"], Some(second)),
            Choice::Graphics(None)
        );
    }

    #[test]
    fn a_choice_is_read_as_it_is_written() {
        let pictures = [None, Some(2)].map(Choice::Graphics);
        let console = Choice::Text(text(TextKind::Console, 1));
        for choice in pictures.into_iter().chain([console]) {
            assert_eq!(Choice::from_word(&choice.to_string()), Some(choice));
        }
        assert_eq!(Choice::from_word("nothing"), None);
    }
}
