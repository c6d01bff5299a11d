//! The settings, each bound to its key.

use adw::{prelude::*, subclass::prelude::*};
use gtk::glib;

use super::{CertificatesPage, input_group::InputGroup};
use crate::{
    app::{
        i18n::{gettext, ngettext_f},
        runtime,
        settings::{Key, Settings},
    },
    model::forget_remembered,
};

/// The words of the scaling key, in the order of the dialog's list.
const SCALINGS: [&str; 4] = ["always", "fullscreen", "never", "integer"];

mod imp {
    use super::*;

    #[derive(Debug, Default, gtk::CompositeTemplate)]
    #[template(resource = "/io/github/innkeeper/Innkeeper/dialogs/preferences_dialog.ui")]
    pub struct PreferencesDialog {
        #[template_child]
        update_interval: TemplateChild<adw::SpinRow>,
        #[template_child]
        show_cpu: TemplateChild<adw::SwitchRow>,
        #[template_child]
        show_memory: TemplateChild<adw::SwitchRow>,
        #[template_child]
        confirm_force_off: TemplateChild<adw::SwitchRow>,
        #[template_child]
        confirm_shut_down: TemplateChild<adw::SwitchRow>,
        #[template_child]
        confirm_pause: TemplateChild<adw::SwitchRow>,
        #[template_child]
        console_autoconnect: TemplateChild<adw::SwitchRow>,
        #[template_child]
        console_resize_guest: TemplateChild<adw::SwitchRow>,
        #[template_child]
        terminal_scrollback: TemplateChild<adw::SpinRow>,
        #[template_child]
        polkit_agent: TemplateChild<adw::SwitchRow>,
        #[template_child]
        pub(super) console_scaling: TemplateChild<adw::ComboRow>,
    }

    #[glib::object_subclass]
    impl ObjectSubclass for PreferencesDialog {
        const NAME: &'static str = "InnkeeperPreferencesDialog";
        type Type = super::PreferencesDialog;
        type ParentType = adw::PreferencesDialog;

        fn class_init(klass: &mut Self::Class) {
            CertificatesPage::ensure_type();
            InputGroup::ensure_type();
            klass.bind_template();
            klass.bind_template_callbacks();
        }

        fn instance_init(obj: &glib::subclass::InitializingObject<Self>) {
            obj.init_template();
        }
    }

    impl ObjectImpl for PreferencesDialog {
        fn constructed(&self) {
            self.parent_constructed();
            let settings = Settings::get();
            settings.bind(Key::UpdateInterval, &*self.update_interval, "value");
            settings.bind(Key::TerminalScrollback, &*self.terminal_scrollback, "value");
            let switches = [
                (Key::ShowCpu, &self.show_cpu),
                (Key::ShowMemory, &self.show_memory),
                (Key::ConfirmForceOff, &self.confirm_force_off),
                (Key::ConfirmShutDown, &self.confirm_shut_down),
                (Key::ConfirmPause, &self.confirm_pause),
                (Key::ConsoleAutoconnect, &self.console_autoconnect),
                (Key::ConsoleResizeGuest, &self.console_resize_guest),
                (Key::PolkitAgent, &self.polkit_agent),
            ];
            for (key, switch) in switches {
                settings.bind(key, &**switch, "active");
            }
            let dialog = self.obj();
            dialog.show_scaling();
            settings.watch(
                Key::ConsoleScaling,
                &*dialog,
                super::PreferencesDialog::show_scaling,
            );
            self.console_scaling.connect_selected_notify(|row| {
                if let Some(word) = SCALINGS.get(row.selected() as usize) {
                    Settings::get().set_choice(Key::ConsoleScaling, word);
                }
            });
        }
    }

    impl WidgetImpl for PreferencesDialog {}
    impl AdwDialogImpl for PreferencesDialog {}
    impl PreferencesDialogImpl for PreferencesDialog {}

    #[gtk::template_callbacks]
    impl PreferencesDialog {
        #[template_callback]
        fn on_forget_passwords(&self) {
            let dialog = self.obj().clone();
            runtime::local(async move { dialog.ask_to_forget().await });
        }
    }
}

glib::wrapper! {
    /// The dialog with the settings.
    pub struct PreferencesDialog(ObjectSubclass<imp::PreferencesDialog>)
        @extends adw::PreferencesDialog, adw::Dialog, gtk::Widget,
        @implements gtk::Accessible, gtk::Buildable, gtk::ConstraintTarget, gtk::ShortcutManager;
}

impl Default for PreferencesDialog {
    fn default() -> Self {
        glib::Object::new()
    }
}

impl PreferencesDialog {
    /// Deletes what the keyring keeps for this program, once the user has said so again.
    async fn ask_to_forget(&self) {
        let question = adw::AlertDialog::new(
            Some(&gettext("Forget All Passwords?")),
            Some(&gettext(
                "Passwords and passphrases that Innkeeper keeps in your keyring are deleted. You are asked for them again.",
            )),
        );
        question.add_responses(&[
            ("cancel", &gettext("_Cancel")),
            ("forget", &gettext("_Forget")),
        ]);
        question.set_response_appearance("forget", adw::ResponseAppearance::Destructive);
        question.set_default_response(Some("cancel"));
        question.set_close_response("cancel");
        if question.choose_future(Some(self)).await != "forget" {
            return;
        }
        let text = match forget_remembered().await {
            Some(0) => gettext("There were no passwords to forget"),
            Some(count) => ngettext_f(
                "{count} password forgotten",
                "{count} passwords forgotten",
                count,
                &[("count", &count.to_string())],
            ),
            None => gettext("The keyring could not be opened"),
        };
        self.add_toast(adw::Toast::new(&text));
    }

    fn show_scaling(&self) {
        let word = Settings::get().choice(Key::ConsoleScaling);
        let position = SCALINGS.iter().position(|known| *known == word);
        let row = &self.imp().console_scaling;
        row.set_selected(position.unwrap_or(0) as u32);
    }
}
