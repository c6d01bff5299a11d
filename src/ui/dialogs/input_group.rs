//! The settings of keyboard and pointer in consoles.

use std::cell::RefCell;

use adw::{prelude::*, subclass::prelude::*};
use gtk::{gdk, glib};

use crate::{
    app::{
        i18n::{gettext, gettext_f},
        runtime,
        settings::{Key, Settings},
    },
    widgets::keys::{
        Pressed, accelerator_of, accelerator_text, capture_keys, combination_text, symbols_of,
    },
};

/// The words of the clipboard's key, in the order of the list.
const CLIPBOARDS: [&str; 4] = ["both", "to-guest", "from-guest", "off"];

mod imp {
    use super::*;

    #[derive(Debug, Default, gtk::CompositeTemplate)]
    #[template(resource = "/io/github/innkeeper/Innkeeper/dialogs/input_group.ui")]
    pub struct InputGroup {
        #[template_child]
        pub(super) clipboard: TemplateChild<adw::ComboRow>,
        #[template_child]
        pub(super) release: TemplateChild<adw::ActionRow>,
        #[template_child]
        pub(super) reset_release: TemplateChild<gtk::Button>,
        #[template_child]
        change_release: TemplateChild<gtk::Button>,
        #[template_child]
        pub(super) host_keys: TemplateChild<adw::ExpanderRow>,
        #[template_child]
        pub(super) add_host_key: TemplateChild<adw::ButtonRow>,
        /// The rows of the combinations that stay here.
        pub(super) rows: RefCell<Vec<adw::ActionRow>>,
    }

    #[glib::object_subclass]
    impl ObjectSubclass for InputGroup {
        const NAME: &'static str = "InnkeeperInputGroup";
        type Type = super::InputGroup;
        type ParentType = adw::PreferencesGroup;

        fn class_init(class: &mut Self::Class) {
            class.bind_template();
            class.bind_template_callbacks();
        }

        fn instance_init(obj: &glib::subclass::InitializingObject<Self>) {
            obj.init_template();
        }
    }

    impl ObjectImpl for InputGroup {
        fn constructed(&self) {
            self.parent_constructed();
            let group = self.obj();
            group.show_clipboard();
            self.clipboard.connect_selected_notify(|row| {
                if let Some(word) = CLIPBOARDS.get(row.selected() as usize) {
                    Settings::get().set_choice(Key::ConsoleClipboard, word);
                }
            });
            group.show_release();
            group.show_host_keys();
            let settings = Settings::get();
            settings.watch(
                Key::ConsoleClipboard,
                &*group,
                super::InputGroup::show_clipboard,
            );
            settings.watch(
                Key::ConsoleReleaseKeys,
                &*group,
                super::InputGroup::show_release,
            );
            settings.watch(
                Key::ConsoleHostKeys,
                &*group,
                super::InputGroup::show_host_keys,
            );
        }
    }

    impl WidgetImpl for InputGroup {}
    impl PreferencesGroupImpl for InputGroup {}

    #[gtk::template_callbacks]
    impl InputGroup {
        #[template_callback]
        fn on_change_release(&self) {
            let group = self.obj().clone();
            runtime::local(async move { group.ask_for_release().await });
        }

        #[template_callback]
        fn on_reset_release(&self) {
            Settings::get().reset(Key::ConsoleReleaseKeys);
            self.change_release.grab_focus();
        }

        #[template_callback]
        fn on_add_host_key(&self) {
            let group = self.obj().clone();
            runtime::local(async move { group.ask_for_host_key().await });
        }
    }
}

glib::wrapper! {
    /// A group of the preferences.
    pub struct InputGroup(ObjectSubclass<imp::InputGroup>)
        @extends adw::PreferencesGroup, gtk::Widget,
        @implements gtk::Accessible, gtk::Buildable, gtk::ConstraintTarget;
}

impl InputGroup {
    fn show_clipboard(&self) {
        let word = Settings::get().choice(Key::ConsoleClipboard);
        let position = CLIPBOARDS.iter().position(|known| *known == word);
        let row = &self.imp().clipboard;
        row.set_selected(position.unwrap_or(0) as u32);
    }

    fn show_release(&self) {
        let settings = Settings::get();
        let keys = symbols_of(&settings.words(Key::ConsoleReleaseKeys));
        let imp = self.imp();
        imp.release.set_subtitle(&combination_text(&keys));
        imp.reset_release
            .set_visible(settings.is_changed(Key::ConsoleReleaseKeys));
    }

    async fn ask_for_release(&self) {
        let body =
            gettext("Press the keys that give the keyboard back from a virtual machine, together.");
        let Some(pressed) = capture_keys(self, &gettext("Release the Keyboard"), &body).await
        else {
            return;
        };
        let names: Vec<String> = (pressed.iter())
            .filter_map(|pressed| pressed.key.name())
            .map(Into::into)
            .collect();
        // A key without a name would be one that never comes.
        if names.len() == pressed.len() {
            Settings::get().set_words(Key::ConsoleReleaseKeys, &names);
        }
    }

    fn show_host_keys(&self) {
        let imp = self.imp();
        for row in imp.rows.take() {
            imp.host_keys.remove(&row);
        }
        // The row that adds comes last.
        imp.host_keys.remove(&*imp.add_host_key);
        let words = Settings::get().words(Key::ConsoleHostKeys);
        let rows: Vec<adw::ActionRow> = words.iter().map(|word| host_key_row(word)).collect();
        for row in &rows {
            imp.host_keys.add_row(row);
        }
        imp.rows.replace(rows);
        imp.host_keys.add_row(&*imp.add_host_key);
    }

    async fn ask_for_host_key(&self) {
        let body = gettext(
            "Press a combination that virtual machines shall never get, such as one that changes workspaces.",
        );
        let Some(pressed) = capture_keys(self, &gettext("Keep a Combination"), &body).await else {
            return;
        };
        let keys: Vec<gdk::Key> = pressed.iter().map(|Pressed { key, .. }| *key).collect();
        let mut words = Settings::get().words(Key::ConsoleHostKeys);
        if let Some(word) = accelerator_of(&keys).filter(|word| !words.contains(word)) {
            words.push(word);
            Settings::get().set_words(Key::ConsoleHostKeys, &words);
        }
    }
}

fn host_key_row(word: &str) -> adw::ActionRow {
    let text = accelerator_text(word);
    let row = adw::ActionRow::builder()
        .title(&text)
        .use_markup(false)
        .build();
    // Translators: {keys} is a key combination that is taken out of a list.
    let label = gettext_f("Remove {keys}", &[("keys", &text)]);
    let button = gtk::Button::builder()
        .icon_name("edit-delete-symbolic")
        .tooltip_text(&label)
        .valign(gtk::Align::Center)
        .css_classes(["flat"])
        .build();
    button.update_property(&[gtk::accessible::Property::Label(&label)]);
    let word = word.to_owned();
    button.connect_clicked(move |_| {
        let mut words = Settings::get().words(Key::ConsoleHostKeys);
        words.retain(|known| *known != word);
        Settings::get().set_words(Key::ConsoleHostKeys, &words);
    });
    row.add_suffix(&button);
    row
}
