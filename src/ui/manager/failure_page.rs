//! The page of a connection that failed: what failed, what to do, what can be copied for it, and the raw message.
//!
//! A certificate that is not trusted is shown; where a person may decide to trust it nevertheless, the page asks
//! whether it shall. Nothing else that protects the user can be passed over from here.

use adw::{prelude::*, subclass::prelude::*};
use gtk::glib;

use super::command_row::CommandRow;
use crate::{
    app::{
        errors::{Guidance, UserFacing},
        settings::{Key, Settings},
    },
    model::{Connection, Error, ErrorKind, Service},
    widgets::{TrustBox, copy_text},
};

mod imp {
    use super::*;

    #[derive(Debug, Default, gtk::CompositeTemplate)]
    #[template(resource = "/io/github/innkeeper/Innkeeper/manager/failure_page.ui")]
    pub struct FailurePage {
        #[template_child]
        pub(super) page_of_failure: TemplateChild<adw::StatusPage>,
        #[template_child]
        pub(super) trust_box: TemplateChild<TrustBox>,
        #[template_child]
        pub(super) commands: TemplateChild<gtk::ListBox>,
        #[template_child]
        pub(super) agent: TemplateChild<gtk::ListBox>,
        #[template_child]
        pub(super) agent_switch: TemplateChild<adw::SwitchRow>,
        #[template_child]
        pub(super) help: TemplateChild<gtk::Button>,
        #[template_child]
        pub(super) expander: TemplateChild<adw::ExpanderRow>,
        #[template_child]
        pub(super) details: TemplateChild<gtk::Label>,
        pub(super) connection: glib::WeakRef<Connection>,
    }

    #[glib::object_subclass]
    impl ObjectSubclass for FailurePage {
        const NAME: &'static str = "InnkeeperFailurePage";
        type Type = super::FailurePage;
        type ParentType = adw::Bin;

        fn class_init(klass: &mut Self::Class) {
            TrustBox::ensure_type();
            klass.bind_template();
            klass.bind_template_callbacks();
        }

        fn instance_init(obj: &glib::subclass::InitializingObject<Self>) {
            obj.init_template();
        }
    }

    impl ObjectImpl for FailurePage {
        fn constructed(&self) {
            self.parent_constructed();
            Settings::get().bind(Key::PolkitAgent, &*self.agent_switch, "active");
            let page = self.obj().downgrade();
            self.trust_box.set_on_trust(move |pin| {
                let connection = page
                    .upgrade()
                    .and_then(|page| page.imp().connection.upgrade());
                if let Some(connection) = connection {
                    connection.pin(pin);
                    connection.connect_host();
                }
            });
        }
    }

    impl WidgetImpl for FailurePage {}
    impl BinImpl for FailurePage {}

    #[gtk::template_callbacks]
    impl FailurePage {
        #[template_callback]
        fn on_copy_details(&self) {
            copy_text(&self.obj().clipboard(), &self.details.label());
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
    /// Shows why a connection failed.
    pub(super) fn set_error(&self, connection: &Connection, error: &Error) {
        let imp = self.imp();
        let uri = connection.profile().uri;
        let guidance = error.guidance(Some(&uri));
        imp.connection.set(Some(connection));
        imp.page_of_failure
            .set_title(&glib::markup_escape_text(&error.headline()));
        imp.page_of_failure
            .set_description(Some(&glib::markup_escape_text(&guidance.text)));
        self.show_guidance(&guidance);
        imp.trust_box.set_failure(
            Service::Daemon,
            connection.profile().certificate_host(),
            Some(&error.kind),
        );
        let is_here = uri.host().is_none();
        imp.agent
            .set_visible(is_here && matches!(error.kind, ErrorKind::PolkitNoAgent));
        imp.details.set_label(&error.details());
        imp.expander.set_visible(!error.details().is_empty());
        imp.expander.set_expanded(false);
    }

    fn show_guidance(&self, guidance: &Guidance) {
        let imp = self.imp();
        imp.commands.remove_all();
        for command in &guidance.commands {
            imp.commands
                .append(&CommandRow::new(&command.label, &command.command));
        }
        imp.commands.set_visible(!guidance.commands.is_empty());
        imp.help.set_visible(guidance.help.is_some());
        if let Some(page) = guidance.help {
            imp.help.set_action_target_value(Some(&page.to_variant()));
        }
    }
}
