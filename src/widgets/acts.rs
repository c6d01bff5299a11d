//! The lifecycle actions `guest.run` … `guest.save`, the same in every window: for one guest or a selection.
//!
//! Holds which act may be done when, what asks first, and where the outcome is shown.

use adw::prelude::*;
use gtk::gio;

use super::feedback;
use crate::{
    app::{
        i18n::{gettext, gettext_f, ngettext_f},
        runtime,
        settings::{Key, Settings},
    },
    model::{Act, Error, Guest, GuestState},
};

/// A window whose lifecycle actions act on something.
pub trait ActTarget: IsA<gtk::Widget> {
    /// Gives the guests that an action is for now.
    fn guests(&self) -> Vec<Guest>;
}

/// What an act is called in menus, actions and questions.
struct Entry {
    act: Act,
    action: &'static str,
    /// The setting that makes it ask first; `None`: never asks.
    confirm: Option<Key>,
}

const ENTRIES: [Entry; 8] = [
    Entry {
        act: Act::Run,
        action: "run",
        confirm: None,
    },
    Entry {
        act: Act::Pause,
        action: "pause",
        confirm: Some(Key::ConfirmPause),
    },
    Entry {
        act: Act::Resume,
        action: "resume",
        confirm: None,
    },
    Entry {
        act: Act::ShutDown,
        action: "shut-down",
        confirm: Some(Key::ConfirmShutDown),
    },
    Entry {
        act: Act::Reboot,
        action: "reboot",
        confirm: Some(Key::ConfirmShutDown),
    },
    Entry {
        act: Act::ForceReset,
        action: "force-reset",
        confirm: Some(Key::ConfirmForceOff),
    },
    Entry {
        act: Act::ForceOff,
        action: "force-off",
        confirm: Some(Key::ConfirmForceOff),
    },
    Entry {
        act: Act::Save,
        action: "save",
        confirm: Some(Key::ConfirmShutDown),
    },
];

/// Gives a widget the group `guest` of lifecycle actions. [`update_acts`] must follow whenever the guests, their
/// states or their connection differ.
pub fn install_acts<T: ActTarget>(target: &T) -> gio::SimpleActionGroup {
    let group = gio::SimpleActionGroup::new();
    for entry in &ENTRIES {
        let action = gio::SimpleAction::new(entry.action, None);
        let weak = target.downgrade();
        action.connect_activate(move |_, _| {
            if let Some(target) = weak.upgrade() {
                runtime::local(perform(target, entry));
            }
        });
        action.set_enabled(false);
        group.add_action(&action);
    }
    target.insert_action_group("guest", Some(&group));
    group
}

/// Enables each action that at least one of the guests allows.
pub fn update_acts<T: ActTarget>(target: &T, group: &gio::SimpleActionGroup) {
    let guests = target.guests();
    for entry in &ENTRIES {
        let action = group
            .lookup_action(entry.action)
            .and_downcast::<gio::SimpleAction>();
        if let Some(action) = action {
            action.set_enabled(guests.iter().any(|guest| guest.allows(entry.act)));
        }
    }
}

async fn perform<T: ActTarget>(target: T, entry: &'static Entry) {
    let mut guests = target.guests();
    guests.retain(|guest| guest.allows(entry.act));
    if guests.is_empty() || !is_confirmed(&target, entry, &guests).await {
        return;
    }
    for guest in guests {
        let widget: gtk::Widget = target.clone().upcast();
        runtime::local(perform_one(widget, entry.act, guest));
    }
}

async fn perform_one(widget: gtk::Widget, act: Act, guest: Guest) {
    tracing::info!(guest = %guest.name(), ?act, "act");
    if act == Act::Save {
        match guest.save() {
            Ok(job) => feedback::show_job(&widget, &job),
            Err(error) => feedback::show_error(&widget, &headline(act, &guest), &error),
        }
        return;
    }
    let restores = act == Act::Run && guest.state() == GuestState::Saved;
    match guest.perform(act).await {
        Ok(()) => {}
        Err(error) if restores => offer_fresh_start(&widget, &guest, &error).await,
        Err(error) => feedback::show_error(&widget, &headline(act, &guest), &error),
    }
}

/// Says that a saved state could not be restored, and offers to start without it, which loses it.
async fn offer_fresh_start(widget: &gtk::Widget, guest: &Guest, error: &Error) {
    let dialog = adw::AlertDialog::new(
        Some(&gettext("Not Restored")),
        Some(&gettext_f(
            "The saved state of “{name}” could not be restored:\n{reason}\n\nStarting without it loses what was open in the virtual machine.",
            &[
                ("name", &guest.shown_name()),
                ("reason", &error.to_string()),
            ],
        )),
    );
    dialog.add_responses(&[
        ("cancel", &gettext("_Cancel")),
        ("discard", &gettext("_Delete Saved State and Start")),
    ]);
    dialog.set_response_appearance("discard", adw::ResponseAppearance::Destructive);
    dialog.set_default_response(Some("cancel"));
    dialog.set_close_response("cancel");
    if dialog.choose_future(Some(widget)).await != "discard" {
        return;
    }
    let mut result = guest.discard_saved_state().await;
    if result.is_ok() {
        result = guest.perform(Act::Run).await;
    }
    if let Err(error) = result {
        feedback::show_error(widget, &headline(Act::Run, guest), &error);
    }
}

/// Asks where the user wants to be asked. Says what happens to how many guests.
async fn is_confirmed<T: ActTarget>(target: &T, entry: &Entry, guests: &[Guest]) -> bool {
    let Some(key) = entry.confirm else {
        return true;
    };
    // Several at once are always asked about: one slip must not stop ten machines.
    if guests.len() == 1 && !Settings::get().boolean(key) {
        return true;
    }
    let (heading, body, button) = question(entry.act, guests);
    let dialog = adw::AlertDialog::new(Some(&heading), Some(&body));
    let once = gtk::CheckButton::with_mnemonic(&gettext("_Do not ask again"));
    if guests.len() == 1 {
        once.set_halign(gtk::Align::Center);
        dialog.set_extra_child(Some(&once));
    }
    dialog.add_responses(&[("cancel", &gettext("_Cancel")), ("do", &button)]);
    let appearance = match entry.act {
        Act::ForceOff | Act::ForceReset => adw::ResponseAppearance::Destructive,
        _ => adw::ResponseAppearance::Suggested,
    };
    dialog.set_response_appearance("do", appearance);
    dialog.set_default_response(Some("cancel"));
    dialog.set_close_response("cancel");
    let confirmed = dialog.choose_future(Some(target)).await == "do";
    if confirmed && once.is_active() {
        Settings::get().set_boolean(key, false);
    }
    confirmed
}

/// The heading, who and what it is about, and the button's label of a question.
///
/// Headings are short: libadwaita 1.7 measures a long one too narrow and warns.
fn question(act: Act, guests: &[Guest]) -> (String, String, String) {
    let (heading, consequence, button) = match act {
        Act::ForceOff => (
            gettext("Force Off?"),
            gettext(
                "This is like pulling the power plug: what is not saved inside is lost, and file systems may be damaged.",
            ),
            gettext("_Force Off"),
        ),
        Act::ForceReset => (
            gettext("Force Reset?"),
            gettext(
                "This is like pressing the reset button: what is not saved inside is lost, and file systems may be damaged.",
            ),
            gettext("_Force Reset"),
        ),
        Act::ShutDown => (
            gettext("Shut Down?"),
            gettext("The operating system is asked to shut down."),
            gettext("_Shut Down"),
        ),
        Act::Reboot => (
            gettext("Reboot?"),
            gettext("The operating system is asked to restart."),
            gettext("_Reboot"),
        ),
        Act::Save => (
            gettext("Save?"),
            gettext(
                "The memory is written to disk and the machine stops. The next start continues where it left off.",
            ),
            gettext("_Save"),
        ),
        Act::Pause | Act::Resume | Act::Run => (
            gettext("Pause?"),
            gettext("The machine stands still until it is resumed."),
            gettext("_Pause"),
        ),
    };
    let body = format!("{}\n\n{consequence}", subject(guests));
    (heading, body, button)
}

fn subject(guests: &[Guest]) -> String {
    match guests {
        // Translators: the name of a virtual machine, in quotation marks.
        [one] => gettext_f("“{name}”", &[("name", &one.shown_name())]),
        many => ngettext_f(
            "{count} virtual machine",
            "{count} virtual machines",
            many.len() as u32,
            &[("count", &many.len().to_string())],
        ),
    }
}

fn headline(act: Act, guest: &Guest) -> String {
    let name = guest.shown_name();
    let name = [("name", name.as_str())];
    match act {
        Act::Run => gettext_f("“{name}” could not be started", &name),
        Act::Pause => gettext_f("“{name}” could not be paused", &name),
        Act::Resume => gettext_f("“{name}” could not be resumed", &name),
        Act::ShutDown => gettext_f("“{name}” could not be shut down", &name),
        Act::Reboot => gettext_f("“{name}” could not be rebooted", &name),
        Act::ForceReset => gettext_f("“{name}” could not be reset", &name),
        Act::ForceOff => gettext_f("“{name}” could not be forced off", &name),
        Act::Save => gettext_f("“{name}” could not be saved", &name),
    }
}
