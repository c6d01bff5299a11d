//! The dialogs that belong to the whole program, and those that ask for or tell of a connection.

mod about;
mod certificate_texts;
mod certificates_page;
mod connection;
mod input_group;
mod preferences_dialog;
pub mod questions;

use adw::prelude::*;

pub use certificates_page::CertificatesPage;
pub use connection::ConnectionDialog;
pub use preferences_dialog::PreferencesDialog;

/// Shows what this program is.
pub fn show_about(parent: &gtk::Window) {
    about::dialog().present(Some(parent));
}

/// Shows the settings.
pub fn show_preferences(parent: &gtk::Window) {
    PreferencesDialog::default().present(Some(parent));
}

/// Shows every key.
pub fn show_shortcuts(parent: &gtk::Window) {
    let builder =
        gtk::Builder::from_resource("/io/github/innkeeper/Innkeeper/dialogs/shortcuts.ui");
    let window: gtk::Window = builder
        .object("shortcuts")
        .expect("the file holds the window");
    window.set_transient_for(Some(parent));
    window.present();
}

/// Registers every type that a template names, as GTK does for those that are shown.
#[doc(hidden)]
pub fn ensure_types() {
    connection::ensure_types();
    CertificatesPage::ensure_type();
    PreferencesDialog::ensure_type();
    questions::ensure_types();
}
