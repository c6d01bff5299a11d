//! Saves what a terminal shows and has shown as a text file. Never leaves half a file: GIO writes it under another name
//! first.

use adw::prelude::*;
use gtk::{gio, glib};
use vte::prelude::*;

use crate::{
    app::i18n::{gettext, gettext_f},
    widgets::show_message,
};

/// Asks where to save the text, saves it, and says how that went.
pub(super) async fn save(terminal: &vte::Terminal, guest_name: &str) {
    let text = match text_of(terminal) {
        Ok(text) => text,
        Err(error) => return report(terminal, &error),
    };
    let filter = gtk::FileFilter::new();
    filter.set_name(Some(&gettext("Text Files")));
    filter.add_mime_type("text/plain");
    let filters = gio::ListStore::new::<gtk::FileFilter>();
    filters.append(&filter);
    let dialog = gtk::FileDialog::builder()
        .title(gettext("Save Log"))
        .accept_label(gettext("_Save"))
        .initial_name(file_name(guest_name))
        .filters(&filters)
        .modal(true)
        .build();
    let window = terminal.root().and_downcast::<gtk::Window>();
    // A dialog that is dismissed says so with an error.
    let Ok(file) = dialog.save_future(window.as_ref()).await else {
        return;
    };
    let written = file
        .replace_contents_future(text, None, false, gio::FileCreateFlags::NONE)
        .await;
    match written {
        Ok(_) => {
            let name = file.basename().unwrap_or_default();
            let text = gettext_f("Saved as “{file}”", &[("file", &name.to_string_lossy())]);
            show_message(terminal, &text);
        }
        Err((_, error)) => report(terminal, &error),
    }
}

/// Gives all that the terminal holds, with the lines that have scrolled away.
pub(super) fn text_of(terminal: &vte::Terminal) -> Result<glib::Bytes, glib::Error> {
    let stream = gio::MemoryOutputStream::new_resizable();
    terminal.write_contents_sync(&stream, vte::WriteFlags::Default, gio::Cancellable::NONE)?;
    stream.close(gio::Cancellable::NONE)?;
    Ok(stream.steal_as_bytes())
}

/// Says why nothing was saved.
fn report(terminal: &vte::Terminal, error: &glib::Error) {
    tracing::error!(%error, "a log was not saved");
    let cause = match error.kind::<gio::IOErrorEnum>() {
        Some(gio::IOErrorEnum::NoSpace) => {
            gettext("There is no space left. Free some, or choose another folder.")
        }
        Some(gio::IOErrorEnum::PermissionDenied | gio::IOErrorEnum::ReadOnly) => {
            gettext("The folder cannot be written to. Choose another one.")
        }
        Some(gio::IOErrorEnum::NotFound) => gettext("The folder is gone. Choose another one."),
        _ => error.to_string(),
    };
    let dialog = adw::AlertDialog::new(Some(&gettext("Log Not Saved")), Some(&cause));
    dialog.add_response("close", &gettext("_Close"));
    dialog.set_close_response("close");
    dialog.present(Some(terminal));
}

/// Names a file after the guest and the time.
fn file_name(guest_name: &str) -> String {
    let date = glib::DateTime::now_local()
        .and_then(|now| now.format("%Y-%m-%d_%H-%M-%S"))
        .unwrap_or_default();
    format!("Log_{}_{date}.txt", guest_name.replace('/', "_"))
}
