//! The bar below the table with what can be done to the selected guests.

use adw::subclass::prelude::*;
use gtk::{glib, prelude::*};

use super::guest_menu;
use crate::{app::i18n::ngettext_f, model::Guest};

mod imp {
    use super::*;

    #[derive(Debug, Default, gtk::CompositeTemplate)]
    #[template(resource = "/io/github/innkeeper/Innkeeper/manager/action_bar.ui")]
    pub struct ActionBar {
        #[template_child]
        pub(super) run_content: TemplateChild<adw::ButtonContent>,
        #[template_child]
        pub(super) pause: TemplateChild<gtk::Button>,
        #[template_child]
        pub(super) resume: TemplateChild<gtk::Button>,
        #[template_child]
        pub(super) count: TemplateChild<gtk::Label>,
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
    /// Fits the labels to the selected guests.
    pub(super) fn show_guests(&self, guests: &[Guest]) {
        let imp = self.imp();
        imp.run_content.set_label(&guest_menu::run_label(guests));
        let resumes = guest_menu::only_resumes(guests);
        imp.pause.set_visible(!resumes);
        imp.resume.set_visible(resumes);
        imp.count.set_visible(guests.len() > 1);
        imp.count.set_label(&ngettext_f(
            "{count} selected",
            "{count} selected",
            guests.len() as u32,
            &[("count", &guests.len().to_string())],
        ));
    }
}
