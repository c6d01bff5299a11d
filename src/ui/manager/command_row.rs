//! A command for a terminal, in a row with a button that copies it.

use std::cell::RefCell;

use adw::{prelude::*, subclass::prelude::*};
use gtk::glib;

use crate::widgets::{code_markup, copy_text};

mod imp {
    use super::*;

    #[derive(Debug, Default, glib::Properties, gtk::CompositeTemplate)]
    #[properties(wrapper_type = super::CommandRow)]
    #[template(resource = "/io/github/innkeeper/Innkeeper/manager/command_row.ui")]
    pub struct CommandRow {
        /// What is to be typed.
        #[property(get, set = Self::set_command)]
        command: RefCell<String>,
    }

    #[glib::object_subclass]
    impl ObjectSubclass for CommandRow {
        const NAME: &'static str = "InnkeeperCommandRow";
        type Type = super::CommandRow;
        type ParentType = adw::ActionRow;

        fn class_init(klass: &mut Self::Class) {
            klass.bind_template();
            klass.bind_template_callbacks();
        }

        fn instance_init(obj: &glib::subclass::InitializingObject<Self>) {
            obj.init_template();
        }
    }

    #[glib::derived_properties]
    impl ObjectImpl for CommandRow {}
    impl WidgetImpl for CommandRow {}
    impl ListBoxRowImpl for CommandRow {}
    impl PreferencesRowImpl for CommandRow {}
    impl ActionRowImpl for CommandRow {}

    impl CommandRow {
        fn set_command(&self, command: String) {
            self.obj().set_subtitle(&code_markup(&command));
            self.command.replace(command);
        }
    }

    #[gtk::template_callbacks]
    impl CommandRow {
        #[template_callback]
        fn on_copy(&self) {
            copy_text(&self.obj().clipboard(), &self.command.borrow());
        }
    }
}

glib::wrapper! {
    /// A row that shows a command and copies it.
    pub struct CommandRow(ObjectSubclass<imp::CommandRow>)
        @extends adw::ActionRow, adw::PreferencesRow, gtk::ListBoxRow, gtk::Widget,
        @implements gtk::Accessible, gtk::Actionable, gtk::Buildable, gtk::ConstraintTarget;
}

impl CommandRow {
    /// Makes a row for a command; the label says where or when it applies.
    pub(in crate::ui) fn new(label: &str, command: &str) -> Self {
        glib::Object::builder()
            .property("title", glib::markup_escape_text(label))
            .property("command", command)
            .build()
    }
}
