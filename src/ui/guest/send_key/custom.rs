//! The dialog for combinations of one's own: pressed or chosen, sent at once, kept in the menu under a name.

use std::cell::{Cell, RefCell};

use adw::{prelude::*, subclass::prelude::*};
use gtk::{gdk, glib};

use super::{
    super::GuestWindow,
    combination::{CHOICES, Combination, MODIFIERS},
};
use crate::{
    app::{
        i18n::{gettext, gettext_f},
        runtime,
        settings::{Key, Settings},
    },
    widgets::keys::{capture_keys, combination_text, key_text, number_of_code, symbol_of_number},
};

mod imp {
    use super::*;

    #[derive(Debug, Default, gtk::CompositeTemplate)]
    #[template(resource = "/io/github/innkeeper/Innkeeper/guest/custom_keys.ui")]
    pub struct CustomKeys {
        #[template_child]
        pub(super) shown: TemplateChild<adw::ActionRow>,
        #[template_child]
        pub(super) modifiers: TemplateChild<adw::ExpanderRow>,
        #[template_child]
        pub(super) key: TemplateChild<adw::ComboRow>,
        #[template_child]
        pub(super) send: TemplateChild<adw::ButtonRow>,
        #[template_child]
        pub(super) kept: TemplateChild<adw::PreferencesGroup>,
        #[template_child]
        pub(super) name: TemplateChild<adw::EntryRow>,
        #[template_child]
        pub(super) keep: TemplateChild<adw::ButtonRow>,

        pub(super) window: glib::WeakRef<GuestWindow>,
        pub(super) keys: RefCell<Combination>,
        pub(super) switches: RefCell<Vec<adw::SwitchRow>>,
        pub(super) rows: RefCell<Vec<adw::ActionRow>>,
        /// The choices are being set to what was pressed.
        pub(super) is_setting: Cell<bool>,
    }

    #[glib::object_subclass]
    impl ObjectSubclass for CustomKeys {
        const NAME: &'static str = "InnkeeperCustomKeys";
        type Type = super::CustomKeys;
        type ParentType = adw::Dialog;

        fn class_init(class: &mut Self::Class) {
            class.bind_template();
            class.bind_template_callbacks();
        }

        fn instance_init(obj: &glib::subclass::InitializingObject<Self>) {
            obj.init_template();
        }
    }

    impl ObjectImpl for CustomKeys {
        fn constructed(&self) {
            self.parent_constructed();
            let dialog = self.obj();
            dialog.fill_choices();
            dialog.show_keys();
            dialog.show_kept();
            Settings::get().watch(Key::KeyCombinations, &*dialog, super::CustomKeys::show_kept);
        }
    }

    impl WidgetImpl for CustomKeys {}
    impl AdwDialogImpl for CustomKeys {}

    #[gtk::template_callbacks]
    impl CustomKeys {
        #[template_callback]
        fn on_press_keys(&self) {
            let dialog = self.obj().clone();
            runtime::local(async move { dialog.ask_for_keys().await });
        }

        #[template_callback]
        fn on_send(&self) {
            if let Some(window) = self.window.upgrade() {
                self.obj().close();
                super::super::send(&window, &self.keys.borrow());
            }
        }

        #[template_callback]
        fn on_keep(&self) {
            let keys = self.keys.borrow().keys().to_vec();
            if keys.is_empty() {
                return;
            }
            let name = self.name.text().trim().to_owned();
            let name = if name.is_empty() {
                self.obj().text_of(&keys)
            } else {
                name
            };
            let mut all = Settings::get().combinations();
            all.retain(|(known, _)| *known != name);
            all.push((name, keys));
            Settings::get().set_combinations(&all);
            self.name.set_text("");
        }
    }
}

glib::wrapper! {
    /// The dialog.
    pub struct CustomKeys(ObjectSubclass<imp::CustomKeys>)
        @extends adw::Dialog, gtk::Widget,
        @implements gtk::Accessible, gtk::Buildable, gtk::ConstraintTarget, gtk::ShortcutManager;
}

impl CustomKeys {
    /// Makes the dialog of a window, to whose guest it sends.
    pub(super) fn new(window: &GuestWindow) -> Self {
        let dialog: Self = glib::Object::new();
        dialog.imp().window.set(Some(window));
        dialog
    }

    fn fill_choices(&self) {
        let imp = self.imp();
        let mut switches = Vec::new();
        for number in MODIFIERS {
            let switch = adw::SwitchRow::builder()
                .title(self.key_text(number))
                .use_markup(false)
                .build();
            let weak = self.downgrade();
            switch.connect_active_notify(move |_| {
                if let Some(dialog) = weak.upgrade() {
                    dialog.take_choices();
                }
            });
            imp.modifiers.add_row(&switch);
            switches.push(switch);
        }
        imp.switches.replace(switches);
        // Translators: where a key can be chosen, the choice of none.
        let mut names = vec![gettext("None")];
        names.extend(CHOICES.iter().map(|number| self.key_text(*number)));
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        imp.key.set_model(Some(&gtk::StringList::new(&names)));
        let weak = self.downgrade();
        imp.key.connect_selected_notify(move |_| {
            if let Some(dialog) = weak.upgrade() {
                dialog.take_choices();
            }
        });
    }

    /// Takes what is chosen for the combination.
    fn take_choices(&self) {
        let imp = self.imp();
        if imp.is_setting.get() {
            return;
        }
        let mut keys: Vec<u32> = (imp.switches.borrow().iter().zip(MODIFIERS))
            .filter(|(switch, _)| switch.is_active())
            .map(|(_, number)| number)
            .collect();
        let chosen = (imp.key.selected() as usize).checked_sub(1);
        keys.extend(chosen.and_then(|index| CHOICES.get(index)));
        imp.keys.replace(Combination::of(keys));
        self.show_keys();
    }

    async fn ask_for_keys(&self) {
        let body = gettext(
            "Press the keys together. Those that the desktop takes can be chosen from the list.",
        );
        let Some(pressed) = capture_keys(self, &gettext("Press Keys"), &body).await else {
            return;
        };
        let numbers: Vec<u32> = (pressed.iter())
            .filter_map(|pressed| number_of_code(pressed.code))
            .collect();
        self.imp().keys.replace(Combination::of(numbers));
        self.show_choices();
        self.show_keys();
    }

    /// Sets the choices to the combination, as far as they can say it.
    fn show_choices(&self) {
        let imp = self.imp();
        let keys = imp.keys.borrow().keys().to_vec();
        imp.is_setting.set(true);
        for (switch, number) in imp.switches.borrow().iter().zip(MODIFIERS) {
            switch.set_active(keys.contains(&number));
        }
        let chosen = CHOICES.iter().position(|choice| keys.contains(choice));
        imp.key
            .set_selected(chosen.map_or(0, |index| index as u32 + 1));
        imp.is_setting.set(false);
    }

    fn show_keys(&self) {
        let imp = self.imp();
        let keys = imp.keys.borrow().keys().to_vec();
        let text = if keys.is_empty() {
            gettext("No keys yet")
        } else {
            self.text_of(&keys)
        };
        imp.shown.set_title(&text);
        imp.send.set_sensitive(!keys.is_empty());
        imp.keep.set_sensitive(!keys.is_empty());
    }

    fn show_kept(&self) {
        let imp = self.imp();
        for row in imp.rows.take() {
            imp.kept.remove(&row);
        }
        let all = Settings::get().combinations();
        let rows = all.iter().map(|(name, keys)| self.kept_row(name, keys));
        let rows: Vec<adw::ActionRow> = rows.collect();
        for row in &rows {
            imp.kept.add(row);
        }
        imp.rows.replace(rows);
    }

    fn kept_row(&self, name: &str, keys: &[u32]) -> adw::ActionRow {
        let row = adw::ActionRow::builder()
            .title(name)
            .subtitle(self.text_of(keys))
            .use_markup(false)
            .build();
        // Translators: {keys} is a key combination that is taken out of a list.
        let label = gettext_f("Remove {keys}", &[("keys", name)]);
        let button = gtk::Button::builder()
            .icon_name("edit-delete-symbolic")
            .tooltip_text(&label)
            .valign(gtk::Align::Center)
            .css_classes(["flat"])
            .build();
        button.update_property(&[gtk::accessible::Property::Label(&label)]);
        let name = name.to_owned();
        button.connect_clicked(move |_| {
            let mut all = Settings::get().combinations();
            all.retain(|(known, _)| *known != name);
            Settings::get().set_combinations(&all);
        });
        row.add_suffix(&button);
        row
    }

    fn key_text(&self, number: u32) -> String {
        key_text(symbol_of_number(&self.display(), number))
    }

    fn text_of(&self, keys: &[u32]) -> String {
        let display = self.display();
        let symbols: Vec<gdk::Key> = (keys.iter())
            .map(|number| symbol_of_number(&display, *number))
            .collect();
        combination_text(&symbols)
    }
}
