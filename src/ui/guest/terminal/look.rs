//! A terminal's colours and font: the desktop's, light or dark with it.

use adw::prelude::*;
use gtk::{gdk, pango};
use vte::prelude::*;

/// Red, green and blue.
type Rgb = [u8; 3];

/// Text and background.
const LIGHT: (Rgb, Rgb) = ([0x1e, 0x1e, 0x1e], [0xff, 0xff, 0xff]);
const DARK: (Rgb, Rgb) = ([0xff, 0xff, 0xff], [0x1e, 0x1e, 0x1e]);

/// The sixteen colours that programs choose from: GNOME’s palette.
const PALETTE: [Rgb; 16] = [
    [0x24, 0x1f, 0x31],
    [0xc0, 0x1c, 0x28],
    [0x2e, 0xc2, 0x7e],
    [0xe8, 0xa2, 0x0c],
    [0x1e, 0x78, 0xe4],
    [0x98, 0x41, 0xbb],
    [0x0a, 0xb9, 0xdc],
    [0xc0, 0xbf, 0xbc],
    [0x5e, 0x5c, 0x64],
    [0xed, 0x33, 0x3b],
    [0x4b, 0xd1, 0x86],
    [0xe5, 0xb9, 0x00],
    [0x51, 0xa1, 0xff],
    [0xc0, 0x61, 0xcb],
    [0x3f, 0xc6, 0xdd],
    [0xf6, 0xf5, 0xf4],
];

/// Gives a terminal the desktop's colours and font, now and whenever they change.
pub(super) fn follow_desktop(terminal: &vte::Terminal) {
    let desktop = adw::StyleManager::default();
    update_colours(terminal, &desktop);
    update_font(terminal, &desktop);
    let weak = terminal.downgrade();
    let colours = desktop.connect_dark_notify(move |desktop| {
        if let Some(terminal) = weak.upgrade() {
            update_colours(&terminal, desktop);
        }
    });
    let weak = terminal.downgrade();
    let font = desktop.connect_monospace_font_name_notify(move |desktop| {
        if let Some(terminal) = weak.upgrade() {
            update_font(&terminal, desktop);
        }
    });
    terminal.add_weak_ref_notify_local(move || {
        desktop.disconnect(colours);
        desktop.disconnect(font);
    });
}

fn update_colours(terminal: &vte::Terminal, desktop: &adw::StyleManager) {
    let (text, background) = if desktop.is_dark() { DARK } else { LIGHT };
    let palette = PALETTE.map(colour);
    let palette: Vec<&gdk::RGBA> = palette.iter().collect();
    terminal.set_colors(Some(&colour(text)), Some(&colour(background)), &palette);
}

fn update_font(terminal: &vte::Terminal, desktop: &adw::StyleManager) {
    let font = pango::FontDescription::from_string(&desktop.monospace_font_name());
    terminal.set_font(Some(&font));
}

fn colour(rgb: Rgb) -> gdk::RGBA {
    let [red, green, blue] = rgb.map(|part| f32::from(part) / 255.0);
    gdk::RGBA::new(red, green, blue, 1.0)
}
