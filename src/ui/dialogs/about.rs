//! What this program is: its version, its licence, where to find more.

use crate::{APP_ID, app::i18n::gettext};

/// Makes the dialog.
pub(super) fn dialog() -> adw::AboutDialog {
    adw::AboutDialog::builder()
        .application_name(gettext("Innkeeper"))
        .application_icon(APP_ID)
        .version(env!("CARGO_PKG_VERSION"))
        .developer_name(gettext("The Innkeeper developers"))
        .comments(gettext(
            "Virtual machines on local and remote libvirt hosts, their screens and their hardware",
        ))
        .license_type(gtk::License::Gpl30)
        // Translators: put your names here, one a line; they are shown to users.
        .translator_credits(translators())
        .build()
}

/// Gives the translators' names; an untranslated placeholder shows none.
fn translators() -> String {
    let credits = gettext("translator-credits");
    if credits == "translator-credits" {
        String::new()
    } else {
        credits
    }
}
