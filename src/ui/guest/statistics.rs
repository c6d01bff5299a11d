//! The dialog with what is known of the link to a guest's screen, read again each second while it is shown.
//!
//! The figures are the session's own; nothing here measures.

use std::{cell::RefCell, time::Duration};

use adw::{prelude::*, subclass::prelude::*};
use gtk::glib;

use super::GuestWindow;
use crate::{
    app::i18n::{decimal, gettext, gettext_f},
    model::{
        rfb::{Encoding, Statistics},
        unproven_screen_text,
    },
};

/// How often the figures are read.
const INTERVAL: Duration = Duration::from_secs(1);

mod imp {
    use super::*;

    #[derive(Debug, Default, gtk::CompositeTemplate)]
    #[template(resource = "/io/github/innkeeper/Innkeeper/guest/statistics.ui")]
    pub struct StatisticsDialog {
        #[template_child]
        pub(super) warnings: TemplateChild<adw::PreferencesGroup>,
        #[template_child]
        pub(super) unproven: TemplateChild<adw::ActionRow>,
        #[template_child]
        pub(super) updates: TemplateChild<adw::ActionRow>,
        #[template_child]
        pub(super) rate: TemplateChild<adw::ActionRow>,
        #[template_child]
        pub(super) received: TemplateChild<adw::ActionRow>,
        #[template_child]
        pub(super) round_trip: TemplateChild<adw::ActionRow>,
        #[template_child]
        pub(super) link_rate: TemplateChild<adw::ActionRow>,
        #[template_child]
        pub(super) encoding: TemplateChild<adw::ActionRow>,
        #[template_child]
        pub(super) level: TemplateChild<adw::ActionRow>,
        #[template_child]
        pub(super) quality: TemplateChild<adw::ActionRow>,
        #[template_child]
        pub(super) security: TemplateChild<adw::ActionRow>,
        #[template_child]
        pub(super) encryption: TemplateChild<adw::ActionRow>,
        pub(super) window: glib::WeakRef<GuestWindow>,
        pub(super) beat: RefCell<Option<glib::SourceId>>,
    }

    #[glib::object_subclass]
    impl ObjectSubclass for StatisticsDialog {
        const NAME: &'static str = "InnkeeperStatisticsDialog";
        type Type = super::StatisticsDialog;
        type ParentType = adw::Dialog;

        fn class_init(class: &mut Self::Class) {
            class.bind_template();
        }

        fn instance_init(obj: &glib::subclass::InitializingObject<Self>) {
            obj.init_template();
        }
    }

    impl ObjectImpl for StatisticsDialog {}

    impl WidgetImpl for StatisticsDialog {
        fn map(&self) {
            self.parent_map();
            self.obj().begin();
        }

        fn unmap(&self) {
            if let Some(beat) = self.beat.take() {
                beat.remove();
            }
            self.parent_unmap();
        }
    }

    impl AdwDialogImpl for StatisticsDialog {}
}

glib::wrapper! {
    /// The dialog with the figures of a screen's link.
    pub struct StatisticsDialog(ObjectSubclass<imp::StatisticsDialog>)
        @extends adw::Dialog, gtk::Widget,
        @implements gtk::Accessible, gtk::Buildable, gtk::ConstraintTarget, gtk::ShortcutManager;
}

/// Shows the figures of a window's screen.
pub(super) fn show(window: &GuestWindow) {
    let dialog: StatisticsDialog = glib::Object::new();
    dialog.imp().window.set(Some(window));
    dialog.present(Some(window));
}

impl StatisticsDialog {
    fn begin(&self) {
        let (title, meaning) = unproven_screen_text();
        self.imp().unproven.set_title(&title);
        self.imp().unproven.set_subtitle(&meaning);
        self.read();
        let weak = self.downgrade();
        let beat = glib::timeout_add_local(INTERVAL, move || match weak.upgrade() {
            Some(dialog) => {
                dialog.read();
                glib::ControlFlow::Continue
            }
            None => glib::ControlFlow::Break,
        });
        self.imp().beat.replace(Some(beat));
    }

    fn read(&self) {
        let window = self.imp().window.upgrade();
        let imp = self.imp();
        let is_unproven = window
            .as_ref()
            .is_some_and(|window| window.console().is_unproven());
        imp.warnings.set_visible(is_unproven);
        let session = window.and_then(|window| window.session());
        let now = session.map(|session| session.statistics());
        for (row, text) in [
            (&imp.updates, now.as_ref().map(updates)),
            (&imp.rate, now.as_ref().map(|now| rate_text(now.rate))),
            (&imp.received, now.as_ref().map(received)),
            (&imp.round_trip, now.as_ref().map(round_trip)),
            (&imp.link_rate, now.as_ref().map(link_rate)),
            (&imp.encoding, now.as_ref().map(encoding)),
            (&imp.level, now.as_ref().map(level)),
            (&imp.quality, now.as_ref().map(quality)),
            (&imp.security, now.as_ref().map(security)),
            (&imp.encryption, now.as_ref().map(encryption)),
        ] {
            // Translators: stands for a figure of a screen that is not connected.
            row.set_subtitle(&text.unwrap_or_else(|| gettext("Not connected")));
        }
    }
}

fn updates(now: &Statistics) -> String {
    let rate = decimal(now.update_rate, 1);
    gettext_f(
        "{rate} a second, {count} in all",
        &[("rate", &rate), ("count", &now.updates.to_string())],
    )
}

/// Bytes a second as people read them.
fn rate_text(bytes: u64) -> String {
    gettext_f(
        // Translators: bytes a second, such as “1.2 MB/s”.
        "{size}/s",
        &[("size", &glib::format_size(bytes))],
    )
}

fn received(now: &Statistics) -> String {
    glib::format_size(now.bytes_received).into()
}

fn round_trip(now: &Statistics) -> String {
    match now.round_trip {
        Some(time) => gettext_f(
            // Translators: milliseconds.
            "{time} ms",
            &[("time", &decimal(time.as_secs_f64() * 1_000.0, 1))],
        ),
        None => gettext("The server does not answer such questions"),
    }
}

fn link_rate(now: &Statistics) -> String {
    now.link_rate
        .map_or_else(|| gettext("Not measured yet"), rate_text)
}

fn encoding(now: &Statistics) -> String {
    let name = match now.encoding {
        None => return gettext("No picture yet"),
        Some(Encoding::Raw) => "Raw",
        Some(Encoding::CopyRect) => "CopyRect",
        Some(Encoding::Hextile) => "Hextile",
        Some(Encoding::Zlib) => "Zlib",
        Some(Encoding::Tight) => "Tight",
        Some(Encoding::Zrle) => "ZRLE",
    };
    name.to_owned()
}

fn level(now: &Statistics) -> String {
    match now.level {
        Some(level) => gettext_f("{level} of 9", &[("level", &level.to_string())]),
        None => gettext("The server’s own choice"),
    }
}

fn quality(now: &Statistics) -> String {
    match now.quality {
        Some(quality) => gettext_f("{level} of 9", &[("level", &quality.to_string())]),
        None => gettext("Nothing is lost"),
    }
}

fn security(now: &Statistics) -> String {
    let report = &now.security;
    let mechanism = report.mechanism.as_deref();
    let parts = [Some(report.kind.as_str()), mechanism];
    let parts: Vec<&str> = parts.into_iter().flatten().collect();
    parts.join(", ")
}

fn encryption(now: &Statistics) -> String {
    let report = &now.security;
    match &report.tls {
        Some((version, suite)) if report.is_anonymous => gettext_f(
            // Translators: TLS's version and cipher suite, of a screen that shows no certificate.
            "{version}, {suite}, without a certificate",
            &[("version", version), ("suite", suite)],
        ),
        Some((version, suite)) => format!("{version}, {suite}"),
        None if report.ssf > 0 => gettext_f(
            "SASL with {bits} bits",
            &[("bits", &report.ssf.to_string())],
        ),
        None => gettext("None of the screen’s own; a tunnel or a local socket may protect it"),
    }
}
