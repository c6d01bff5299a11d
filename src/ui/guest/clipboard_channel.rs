//! Offers to give a guest what it needs to share its clipboard, where it lacks that.

use adw::prelude::*;

use super::{GuestWindow, actions};
use crate::{
    app::{
        errors::UserFacing,
        i18n::{gettext, gettext_f},
        runtime,
    },
    widgets::{show_error, show_message},
};

const ACTION: &str = "add-clipboard";

/// Looks whether the guest lacks it, and enables the action then.
pub(super) fn offer_where_missing(window: &GuestWindow) {
    actions::set_enabled(window, ACTION, false);
    let Some(guest) = window.guest() else { return };
    let weak = window.downgrade();
    runtime::local(async move {
        match guest.lacks_clipboard_channel().await {
            Ok(lacks) => {
                let window = weak.upgrade();
                if let Some(window) = window.filter(|w| w.guest().as_ref() == Some(&guest)) {
                    actions::set_enabled(&window, ACTION, lacks);
                }
            }
            // Whoever may not read it may not change it either.
            Err(error) => {
                tracing::debug!(error = error.headline(), "the channel is not known");
            }
        }
    });
}

/// Asks, adds it, and says when it counts.
pub(super) async fn add(window: &GuestWindow) {
    let Some(guest) = window.guest() else { return };
    let body = gettext_f(
        "A channel for the clipboard is added to “{name}”. It is there from the next start; inside, spice-vdagent must be installed.",
        &[("name", &guest.shown_name())],
    );
    let dialog = adw::AlertDialog::new(Some(&gettext("Share the Clipboard?")), Some(&body));
    dialog.add_responses(&[("cancel", &gettext("_Cancel")), ("add", &gettext("_Add"))]);
    dialog.set_response_appearance("add", adw::ResponseAppearance::Suggested);
    dialog.set_default_response(Some("add"));
    dialog.set_close_response("cancel");
    if dialog.choose_future(Some(window)).await != "add" {
        return;
    }
    match guest.add_clipboard_channel().await {
        Ok(()) => {
            actions::set_enabled(window, ACTION, false);
            show_message(
                window,
                &gettext("The clipboard is shared after the next start"),
            );
        }
        Err(error) => show_error(window, &gettext("The channel could not be added"), &error),
    }
}
