//! The address, the link that is up, how it is protected, and what a person should know about it.

use std::{
    cell::{OnceCell, RefCell},
    time::SystemTime,
};

use adw::{prelude::*, subclass::prelude::*};
use gtk::glib;

use super::{link_texts, rows};
use crate::{
    app::i18n::gettext,
    model::{Connection, LinkInfo, link_warning_text},
    widgets::{day, validity},
};

mod imp {
    use super::*;

    #[derive(Debug, Default, gtk::CompositeTemplate)]
    #[template(resource = "/io/github/innkeeper/Innkeeper/host/link_page.ui")]
    pub struct LinkPage {
        #[template_child]
        pub(super) warnings: TemplateChild<adw::PreferencesGroup>,
        #[template_child]
        pub(super) address: TemplateChild<adw::PreferencesGroup>,
        #[template_child]
        pub(super) security: TemplateChild<adw::PreferencesGroup>,
        #[template_child]
        pub(super) certificate: TemplateChild<adw::PreferencesGroup>,
        /// The rows of each group.
        pub(super) rows: RefCell<[Vec<adw::ActionRow>; 4]>,
        pub(super) connection: OnceCell<Connection>,
        pub(super) signals: OnceCell<glib::SignalGroup>,
    }

    #[glib::object_subclass]
    impl ObjectSubclass for LinkPage {
        const NAME: &'static str = "InnkeeperLinkPage";
        type Type = super::LinkPage;
        type ParentType = adw::Bin;

        fn class_init(klass: &mut Self::Class) {
            klass.bind_template();
        }

        fn instance_init(obj: &glib::subclass::InitializingObject<Self>) {
            obj.init_template();
        }
    }

    impl ObjectImpl for LinkPage {}
    impl WidgetImpl for LinkPage {}
    impl BinImpl for LinkPage {}
}

glib::wrapper! {
    /// The page about the link.
    pub struct LinkPage(ObjectSubclass<imp::LinkPage>)
        @extends adw::Bin, gtk::Widget,
        @implements gtk::Accessible, gtk::Buildable, gtk::ConstraintTarget;
}

impl LinkPage {
    /// Shows a connection's link.
    pub(super) fn set_connection(&self, connection: &Connection) {
        let imp = self.imp();
        let _ = imp.connection.set(connection.clone());
        let signals = glib::SignalGroup::new::<Connection>();
        for signal in [
            "link-changed",
            "notify::state-text",
            "notify::uri",
            "notify::read-only",
        ] {
            let weak = self.downgrade();
            signals.connect_local(signal, false, move |_| {
                if let Some(page) = weak.upgrade() {
                    page.update();
                }
                None
            });
        }
        signals.set_target(Some(connection));
        let _ = imp.signals.set(signals);
        self.update();
    }

    fn update(&self) {
        let imp = self.imp();
        let Some(connection) = imp.connection.get() else {
            return;
        };
        let link = connection.link();
        let link = link.as_deref();
        let mut shown = imp.rows.borrow_mut();
        let [warnings, address, security, certificate] = &mut *shown;
        rows::fill(&imp.warnings, warnings, warning_rows(link));
        rows::fill(&imp.address, address, address_rows(connection, link));
        rows::fill(&imp.security, security, security_rows(link));
        rows::fill(&imp.certificate, certificate, certificate_rows(link));
    }
}

fn warning_rows(link: Option<&LinkInfo>) -> Vec<adw::ActionRow> {
    let warnings = link
        .map(|link| link.warnings.as_slice())
        .unwrap_or_default();
    let texts = warnings.iter().map(link_warning_text);
    texts
        .map(|(title, explanation)| rows::warning(&title, &explanation))
        .collect()
}

fn address_rows(connection: &Connection, link: Option<&LinkInfo>) -> Vec<adw::ActionRow> {
    let mut rows = vec![
        rows::property(&gettext("URI"), &connection.uri()),
        rows::property(&gettext("State"), &connection.state_text()),
    ];
    if connection.read_only() {
        rows.push(rows::property(&gettext("Access"), &gettext("Read only")));
    }
    if let Some(link) = link {
        rows.push(rows::property(
            &gettext("Way"),
            &link_texts::transport(link.transport),
        ));
        rows.push(rows::property(&gettext("Other Side"), &link.peer));
        if let Some(way) = &link.ssh {
            rows.push(rows::property(
                &gettext("Way to the Daemon"),
                &link_texts::ssh_way(way),
            ));
        }
    }
    rows
}

fn security_rows(link: Option<&LinkInfo>) -> Vec<adw::ActionRow> {
    let Some(link) = link else { return Vec::new() };
    let mut rows = vec![rows::property(
        &gettext("Encryption"),
        &link_texts::protection(link),
    )];
    if let Some(tls) = &link.tls {
        rows.push(rows::property(
            &gettext("TLS"),
            &format!("{}, {}, {}", tls.version, tls.cipher, tls.key_exchange),
        ));
        rows.push(rows::property(
            &gettext("Trust"),
            &link_texts::trust(tls.trust),
        ));
    }
    rows.push(rows::property(
        &gettext("Sign-In"),
        &link_texts::auth(&link.auth),
    ));
    rows
}

fn certificate_rows(link: Option<&LinkInfo>) -> Vec<adw::ActionRow> {
    let Some(tls) = link.and_then(|link| link.tls.as_ref()) else {
        return Vec::new();
    };
    let certificate = &tls.certificate;
    let names: Vec<String> = certificate.names.iter().map(ToString::to_string).collect();
    let mut rows = vec![
        rows::property(&gettext("Subject"), &certificate.subject),
        rows::property(&gettext("Names"), &names.join(", ")),
        rows::property(&gettext("Issuer"), &certificate.issuer),
        rows::property(&gettext("Valid From"), &day(certificate.not_before)),
        rows::property(
            &gettext("Valid Until"),
            &validity(certificate.not_after, SystemTime::now()),
        ),
        rows::property(
            &gettext("Key"),
            &link_texts::key(&certificate.key_type, certificate.key_bits),
        ),
        rows::property(
            &gettext("SHA-256 Fingerprint"),
            &certificate.fingerprint.to_string(),
        ),
    ];
    rows.retain(|row| row.subtitle().is_some_and(|value| !value.is_empty()));
    rows
}
