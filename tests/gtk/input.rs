//! The preferences of keyboard and pointer in consoles.

use adw::prelude::*;
use innkeeper::{
    app::settings::{Key, Settings},
    ui::dialogs::PreferencesDialog,
};

use crate::support;

/// The texts of a dialog's rows.
fn texts(dialog: &PreferencesDialog) -> Vec<String> {
    (support::tree(dialog).iter())
        .filter_map(|widget| widget.downcast_ref::<gtk::Label>())
        .map(|label| label.label().into())
        .collect()
}

#[gtk::test]
fn the_keys_of_the_settings_are_shown_by_their_names() {
    support::start();
    let settings = Settings::get();
    let window = adw::Window::new();
    window.present();
    let dialog = PreferencesDialog::default();
    dialog.present(Some(&window));
    let shown = texts(&dialog);
    assert!(
        shown.contains(&"Left Ctrl + Left Alt".to_owned()),
        "{shown:?}"
    );
    assert!(texts(&dialog).contains(&"F11".to_owned()));

    settings.set_words(Key::ConsoleReleaseKeys, &["F12".into(), "Shift_R".into()]);
    settings.set_words(Key::ConsoleHostKeys, &["<Control><Alt>Right".into()]);
    assert!(texts(&dialog).contains(&"F12 + Right Shift".to_owned()));
    assert!(texts(&dialog).contains(&"Ctrl+Alt+Right".to_owned()));
    assert!(!texts(&dialog).contains(&"F11".to_owned()));

    // Taken out of the list by its button, and back to what it was at first.
    press(&dialog, "Remove Ctrl+Alt+Right");
    assert!(settings.words(Key::ConsoleHostKeys).is_empty());
    press(&dialog, "Use Left Ctrl and Left Alt Again");
    assert!(texts(&dialog).contains(&"Left Ctrl + Left Alt".to_owned()));
    settings.reset(Key::ConsoleHostKeys);
    window.destroy();
}

fn press(dialog: &PreferencesDialog, tooltip: &str) {
    let button = (support::tree(dialog).into_iter())
        .filter_map(|widget| widget.downcast::<gtk::Button>().ok())
        .find(|button| button.tooltip_text().as_deref() == Some(tooltip));
    button.expect("a button with this tooltip").emit_clicked();
}
