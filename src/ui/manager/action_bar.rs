//! The bar below the table with what can be done to the selected guests.

use std::cell::Cell;

use adw::subclass::prelude::*;
use gtk::{glib, prelude::*};

use super::guest_menu;
use crate::{
    app::i18n::{gettext, ngettext_f},
    model::Guest,
};

mod imp {
    use super::*;

    #[derive(Debug, Default, gtk::CompositeTemplate)]
    #[template(resource = "/io/github/innkeeper/Innkeeper/manager/action_bar.ui")]
    pub struct ActionBar {
        #[template_child]
        pub(super) open: TemplateChild<gtk::Button>,
        #[template_child]
        pub(super) open_content: TemplateChild<adw::ButtonContent>,
        #[template_child]
        pub(super) run: TemplateChild<gtk::Button>,
        #[template_child]
        pub(super) run_content: TemplateChild<adw::ButtonContent>,
        #[template_child]
        pub(super) pause: TemplateChild<gtk::Button>,
        #[template_child]
        pub(super) pause_content: TemplateChild<adw::ButtonContent>,
        #[template_child]
        pub(super) resume: TemplateChild<gtk::Button>,
        #[template_child]
        pub(super) resume_content: TemplateChild<adw::ButtonContent>,
        #[template_child]
        pub(super) shut_down: TemplateChild<adw::SplitButton>,
        #[template_child]
        pub(super) shut_down_content: TemplateChild<adw::ButtonContent>,
        #[template_child]
        pub(super) count: TemplateChild<gtk::Label>,
        pub(super) narrow: Cell<bool>,
    }

    #[glib::object_subclass]
    impl ObjectSubclass for ActionBar {
        const NAME: &'static str = "InnkeeperActionBar";
        type Type = super::ActionBar;
        type ParentType = adw::Bin;

        fn class_init(klass: &mut Self::Class) {
            klass.bind_template();
        }

        fn instance_init(obj: &glib::subclass::InitializingObject<Self>) {
            obj.init_template();
        }
    }

    impl ObjectImpl for ActionBar {}
    impl WidgetImpl for ActionBar {}
    impl BinImpl for ActionBar {}
}

glib::wrapper! {
    /// The buttons for the selected guests.
    pub struct ActionBar(ObjectSubclass<imp::ActionBar>)
        @extends adw::Bin, gtk::Widget,
        @implements gtk::Accessible, gtk::Buildable, gtk::ConstraintTarget;
}

impl Default for ActionBar {
    fn default() -> Self {
        glib::Object::new()
    }
}

impl ActionBar {
    /// Leaves the icons alone in the bar where words have no room.
    pub(super) fn set_narrow(&self, narrow: bool) {
        self.imp().narrow.set(narrow);
    }

    /// Fits the buttons to the selected guests.
    pub(super) fn show_guests(&self, guests: &[Guest]) {
        let imp = self.imp();
        let resumes = guest_menu::only_resumes(guests);
        imp.pause.set_visible(!resumes);
        imp.resume.set_visible(resumes);
        self.label(&*imp.open, &imp.open_content, &gettext("_Open"));
        self.label(&*imp.run, &imp.run_content, &guest_menu::run_label(guests));
        self.label(&*imp.pause, &imp.pause_content, &gettext("_Pause"));
        self.label(&*imp.resume, &imp.resume_content, &gettext("R_esume"));
        let shut_down = gettext("_Shut Down");
        self.label(&*imp.shut_down, &imp.shut_down_content, &shut_down);
        imp.count.set_visible(guests.len() > 1);
        imp.count.set_label(&ngettext_f(
            "{count} selected",
            "{count} selected",
            guests.len() as u32,
            &[("count", &guests.len().to_string())],
        ));
    }

    /// Writes a label onto a button, or beside it as a tooltip.
    fn label(&self, button: &impl IsA<gtk::Widget>, content: &adw::ButtonContent, text: &str) {
        let plain = text.replace('_', "");
        let narrow = self.imp().narrow.get();
        content.set_label(if narrow { "" } else { text });
        let button = button.as_ref();
        button.set_tooltip_text(narrow.then_some(plain.as_str()));
        button.update_property(&[gtk::accessible::Property::Label(&plain)]);
    }
}
