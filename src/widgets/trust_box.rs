//! A certificate that was refused, and the question whether a person trusts it nevertheless.
//!
//! It decides nothing of its own: what can be trusted by hand is said by the problem, and what trusting does by whoever
//! shows the box.

use std::cell::RefCell;

use adw::{prelude::*, subclass::prelude::*};
use gtk::glib;

use super::certificate_rows;
use crate::{
    app::{
        i18n::{gettext, gettext_f},
        runtime,
    },
    model::{ErrorKind, Pin, Service},
};

/// Hears which certificate a person trusts.
type OnTrust = Box<dyn Fn(Pin)>;

mod imp {
    use super::*;

    #[derive(Default, gtk::CompositeTemplate)]
    #[template(resource = "/io/github/innkeeper/Innkeeper/widgets/trust_box.ui")]
    pub struct TrustBox {
        #[template_child]
        pub(super) certificate: TemplateChild<gtk::ListBox>,
        #[template_child]
        pub(super) trust: TemplateChild<gtk::Button>,
        pub(super) on_trust: RefCell<Option<OnTrust>>,
        /// What the button to trust would pin.
        pub(super) pin: RefCell<Option<Pin>>,
    }

    #[glib::object_subclass]
    impl ObjectSubclass for TrustBox {
        const NAME: &'static str = "InnkeeperTrustBox";
        type Type = super::TrustBox;
        type ParentType = adw::Bin;

        fn class_init(klass: &mut Self::Class) {
            klass.bind_template();
            klass.bind_template_callbacks();
        }

        fn instance_init(obj: &glib::subclass::InitializingObject<Self>) {
            obj.init_template();
        }
    }

    impl ObjectImpl for TrustBox {}
    impl WidgetImpl for TrustBox {}
    impl BinImpl for TrustBox {}

    #[gtk::template_callbacks]
    impl TrustBox {
        #[template_callback]
        fn on_trust(&self) {
            let trust_box = self.obj().clone();
            runtime::local(async move { trust_box.ask().await });
        }
    }
}

glib::wrapper! {
    /// Shows a certificate that was refused. Not visible for other failures.
    pub struct TrustBox(ObjectSubclass<imp::TrustBox>)
        @extends adw::Bin, gtk::Widget,
        @implements gtk::Accessible, gtk::Buildable, gtk::ConstraintTarget;
}

impl TrustBox {
    /// Says what to do once a person has decided to trust the certificate.
    pub fn set_on_trust(&self, on_trust: impl Fn(Pin) + 'static) {
        self.imp().on_trust.replace(Some(Box::new(on_trust)));
    }

    /// Shows the certificate, where it is why a host could not be reached; `host` is the name for which it would be
    /// trusted, and only for this service.
    pub fn set_failure(&self, service: Service, host: &str, kind: Option<&ErrorKind>) {
        let imp = self.imp();
        imp.certificate.remove_all();
        let Some(ErrorKind::CertificateUntrusted {
            problem,
            certificate,
            ..
        }) = kind
        else {
            imp.pin.replace(None);
            self.set_visible(false);
            return;
        };
        for row in certificate_rows(certificate) {
            imp.certificate.append(&row);
        }
        let pin = problem.can_be_pinned().then(|| Pin {
            service,
            host: host.to_owned(),
            sha256: certificate.fingerprint.to_string(),
        });
        imp.trust.set_visible(pin.is_some());
        imp.pin.replace(pin);
        self.set_visible(true);
    }

    /// Tells what trusting means, and lets it be done if that is what the user wants.
    async fn ask(&self) {
        let Some(pin) = self.imp().pin.borrow().clone() else {
            return;
        };
        let body = what_trust_means(&pin);
        let question =
            adw::AlertDialog::new(Some(&gettext("Trust This Certificate?")), Some(&body));
        question.add_responses(&[
            ("cancel", &gettext("_Cancel")),
            ("trust", &gettext("_Trust and Connect")),
        ]);
        question.set_response_appearance("trust", adw::ResponseAppearance::Destructive);
        question.set_default_response(Some("cancel"));
        question.set_close_response("cancel");
        // What is shown may have become another failure meanwhile.
        if question.choose_future(Some(self)).await == "trust"
            && self.imp().pin.borrow().as_ref() == Some(&pin)
            && let Some(on_trust) = &*self.imp().on_trust.borrow()
        {
            on_trust(pin);
        }
    }
}

/// Says who gets which power, and over what.
fn what_trust_means(pin: &Pin) -> String {
    let host = [("host", pin.host.as_str())];
    match pin.service {
        Service::Screen => gettext_f(
            "Whoever has its key can see and change all that passes to and from the screens of “{host}”. Compare the fingerprint with the one that its administrator gives you. Only this very certificate will be trusted, and only for screens of this connection.",
            &host,
        ),
        _ => gettext_f(
            "Whoever has its key can read and change all that passes to and from “{host}”. Compare the fingerprint with the one that its administrator gives you. Only this very certificate will be trusted, and only for this connection, not for its screens.",
            &host,
        ),
    }
}
