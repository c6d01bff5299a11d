//! The page of a connection that failed: what failed, what to do, commands to copy, and the raw message.

use adw::{prelude::*, subclass::prelude::*};
use gtk::glib;

use super::{advice::Advice, command_row::CommandRow};
use crate::{app::errors::UserFacing, model::Error};

mod imp {
    use super::*;

    #[derive(Debug, Default, gtk::CompositeTemplate)]
    #[template(resource = "/io/github/innkeeper/Innkeeper/manager/failure_page.ui")]
    pub struct FailurePage {
        #[template_child]
        pub(super) page: TemplateChild<adw::StatusPage>,
        #[template_child]
        pub(super) commands: TemplateChild<gtk::ListBox>,
        #[template_child]
        pub(super) expander: TemplateChild<adw::ExpanderRow>,
        #[template_child]
        pub(super) details: TemplateChild<gtk::Label>,
    }

    #[glib::object_subclass]
    impl ObjectSubclass for FailurePage {
        const NAME: &'static str = "InnkeeperFailurePage";
        type Type = super::FailurePage;
        type ParentType = adw::Bin;

        fn class_init(klass: &mut Self::Class) {
            klass.bind_template();
            klass.bind_template_callbacks();
        }

        fn instance_init(obj: &glib::subclass::InitializingObject<Self>) {
            obj.init_template();
        }
    }

    impl ObjectImpl for FailurePage {}
    impl WidgetImpl for FailurePage {}
    impl BinImpl for FailurePage {}

    #[gtk::template_callbacks]
    impl FailurePage {
        #[template_callback]
        fn on_copy_details(&self) {
            self.obj().clipboard().set_text(&self.details.label());
        }
    }
}

glib::wrapper! {
    /// Says why a connection failed and what to do.
    pub struct FailurePage(ObjectSubclass<imp::FailurePage>)
        @extends adw::Bin, gtk::Widget,
        @implements gtk::Accessible, gtk::Buildable, gtk::ConstraintTarget;
}

impl Default for FailurePage {
    fn default() -> Self {
        glib::Object::new()
    }
}

impl FailurePage {
    /// Shows an error.
    pub(super) fn set_error(&self, error: &Error) {
        let imp = self.imp();
        let advice = Advice::read(&error.advice().unwrap_or_default());
        imp.page
            .set_title(&glib::markup_escape_text(&error.headline()));
        imp.page
            .set_description(Some(&glib::markup_escape_text(&advice.text)));
        imp.commands.remove_all();
        for command in &advice.commands {
            imp.commands
                .append(&CommandRow::new(&command.label, &command.command));
        }
        imp.commands.set_visible(!advice.commands.is_empty());
        imp.details.set_label(&error.details());
        imp.expander.set_expanded(false);
    }
}
