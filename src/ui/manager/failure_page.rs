//! The page of a connection that failed: what failed, what to do, what can be copied for it, and the raw message.
//!
//! A certificate that is not trusted is shown; where a person may decide to trust it nevertheless, the page asks
//! whether it shall. Nothing else that protects the user can be passed over from here.

use std::cell::RefCell;

use adw::{prelude::*, subclass::prelude::*};
use gtk::glib;

use super::command_row::CommandRow;
use crate::{
    app::{
        errors::{Guidance, UserFacing},
        i18n::{gettext, gettext_f},
        runtime,
        settings::{Key, Settings},
    },
    model::{CertificateInfo, Connection, Error, ErrorKind, Pin},
    widgets::certificate_rows,
};

mod imp {
    use super::*;

    #[derive(Debug, Default, gtk::CompositeTemplate)]
    #[template(resource = "/io/github/innkeeper/Innkeeper/manager/failure_page.ui")]
    pub struct FailurePage {
        #[template_child]
        pub(super) page_of_failure: TemplateChild<adw::StatusPage>,
        #[template_child]
        pub(super) certificate: TemplateChild<gtk::ListBox>,
        #[template_child]
        pub(super) commands: TemplateChild<gtk::ListBox>,
        #[template_child]
        pub(super) agent: TemplateChild<gtk::ListBox>,
        #[template_child]
        pub(super) agent_switch: TemplateChild<adw::SwitchRow>,
        #[template_child]
        pub(super) help: TemplateChild<gtk::Button>,
        #[template_child]
        pub(super) trust: TemplateChild<gtk::Button>,
        #[template_child]
        pub(super) expander: TemplateChild<adw::ExpanderRow>,
        #[template_child]
        pub(super) details: TemplateChild<gtk::Label>,
        pub(super) connection: glib::WeakRef<Connection>,
        /// What the button to trust would pin.
        pub(super) pin: RefCell<Option<Pin>>,
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

    impl ObjectImpl for FailurePage {
        fn constructed(&self) {
            self.parent_constructed();
            Settings::get().bind(Key::PolkitAgent, &*self.agent_switch, "active");
        }
    }

    impl WidgetImpl for FailurePage {}
    impl BinImpl for FailurePage {}

    #[gtk::template_callbacks]
    impl FailurePage {
        #[template_callback]
        fn on_copy_details(&self) {
            self.obj().clipboard().set_text(&self.details.label());
        }

        #[template_callback]
        fn on_trust(&self) {
            let page = self.obj().clone();
            runtime::local(async move { page.ask_to_trust().await });
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
        self.show_certificate(uri.host(), &error.kind);
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

    /// Shows the certificate that was refused, and whether a person may trust it nevertheless.
    fn show_certificate(&self, host: Option<&str>, kind: &ErrorKind) {
        let imp = self.imp();
        imp.certificate.remove_all();
        let refused = match kind {
            ErrorKind::CertificateUntrusted {
                problem,
                certificate,
                ..
            } => Some((problem, certificate)),
            _ => None,
        };
        imp.certificate.set_visible(refused.is_some());
        let pin = refused
            .filter(|(problem, _)| problem.can_be_pinned())
            .and_then(|(_, certificate)| Some(pin_of(host?, certificate)));
        imp.trust.set_visible(pin.is_some());
        imp.pin.replace(pin);
        if let Some((_, certificate)) = refused {
            for row in certificate_rows(certificate) {
                imp.certificate.append(&row);
            }
        }
    }

    /// Pins the certificate once the user has been told what that means, and connects.
    async fn ask_to_trust(&self) {
        let (connection, pin) = (
            self.imp().connection.upgrade(),
            self.imp().pin.borrow().clone(),
        );
        let (Some(connection), Some(pin)) = (connection, pin) else {
            return;
        };
        let body = gettext_f(
            "Whoever has its key can read and change all that passes to and from “{host}”. Compare the fingerprint with the one that its administrator gives you. Only this very certificate will be trusted, and only for this connection.",
            &[("host", &pin.host)],
        );
        let question =
            adw::AlertDialog::new(Some(&gettext("Trust This Certificate?")), Some(&body));
        question.add_responses(&[
            ("cancel", &gettext("_Cancel")),
            ("trust", &gettext("_Trust and Connect")),
        ]);
        question.set_response_appearance("trust", adw::ResponseAppearance::Destructive);
        question.set_default_response(Some("cancel"));
        question.set_close_response("cancel");
        // What is on the page may have become another failure meanwhile.
        if question.choose_future(Some(self)).await == "trust"
            && self.imp().pin.borrow().as_ref() == Some(&pin)
        {
            connection.pin(pin);
            connection.connect_host();
        }
    }
}

fn pin_of(host: &str, certificate: &CertificateInfo) -> Pin {
    Pin {
        host: host.to_owned(),
        sha256: certificate.fingerprint.to_string(),
    }
}
