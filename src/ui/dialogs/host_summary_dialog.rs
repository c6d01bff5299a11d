//! What is known of a connection's host, kept true while the dialog is open.

use std::cell::OnceCell;

use adw::{prelude::*, subclass::prelude::*};
use gtk::glib;

use crate::model::{Connection, memory_text};

mod imp {
    use super::*;

    #[derive(Debug, Default, gtk::CompositeTemplate)]
    #[template(resource = "/io/github/innkeeper/Innkeeper/dialogs/host_summary_dialog.ui")]
    pub struct HostSummaryDialog {
        #[template_child]
        pub(super) uri: TemplateChild<adw::ActionRow>,
        #[template_child]
        pub(super) state: TemplateChild<adw::ActionRow>,
        #[template_child]
        pub(super) host: TemplateChild<adw::PreferencesGroup>,
        #[template_child]
        pub(super) host_name: TemplateChild<adw::ActionRow>,
        #[template_child]
        pub(super) hypervisor: TemplateChild<adw::ActionRow>,
        #[template_child]
        pub(super) libvirt: TemplateChild<adw::ActionRow>,
        #[template_child]
        pub(super) architecture: TemplateChild<adw::ActionRow>,
        #[template_child]
        pub(super) cpus: TemplateChild<adw::ActionRow>,
        #[template_child]
        pub(super) memory: TemplateChild<adw::ActionRow>,
        pub(super) signals: OnceCell<glib::SignalGroup>,
    }

    #[glib::object_subclass]
    impl ObjectSubclass for HostSummaryDialog {
        const NAME: &'static str = "InnkeeperHostSummaryDialog";
        type Type = super::HostSummaryDialog;
        type ParentType = adw::Dialog;

        fn class_init(klass: &mut Self::Class) {
            klass.bind_template();
        }

        fn instance_init(obj: &glib::subclass::InitializingObject<Self>) {
            obj.init_template();
        }
    }

    impl ObjectImpl for HostSummaryDialog {}
    impl WidgetImpl for HostSummaryDialog {}
    impl AdwDialogImpl for HostSummaryDialog {}
}

glib::wrapper! {
    /// The dialog with what is known of a host.
    pub struct HostSummaryDialog(ObjectSubclass<imp::HostSummaryDialog>)
        @extends adw::Dialog, gtk::Widget,
        @implements gtk::Accessible, gtk::Buildable, gtk::ConstraintTarget, gtk::ShortcutManager;
}

impl HostSummaryDialog {
    /// Makes the dialog for a connection.
    pub fn new(connection: &Connection) -> Self {
        let dialog: Self = glib::Object::new();
        let signals = glib::SignalGroup::new::<Connection>();
        for signal in ["notify::state-text", "facts-changed"] {
            let weak = dialog.downgrade();
            signals.connect_local(signal, false, move |values| {
                let connection = values[0].get().ok();
                if let (Some(dialog), Some(connection)) = (weak.upgrade(), connection) {
                    dialog.show_connection(&connection);
                }
                None
            });
        }
        signals.set_target(Some(connection));
        let _ = dialog.imp().signals.set(signals);
        dialog.show_connection(connection);
        dialog
    }

    fn show_connection(&self, connection: &Connection) {
        let imp = self.imp();
        self.set_title(&connection.label());
        imp.uri.set_subtitle(&escape(&connection.uri()));
        imp.state.set_subtitle(&escape(&connection.state_text()));
        let facts = connection.facts();
        imp.host.set_visible(facts.is_some());
        let Some(facts) = facts else { return };
        imp.host_name.set_subtitle(&escape(&facts.hostname));
        let hypervisor = format!(
            "{} {}",
            facts.hypervisor,
            version_text(facts.hypervisor_version)
        );
        imp.hypervisor.set_subtitle(&escape(&hypervisor));
        imp.libvirt
            .set_subtitle(&version_text(facts.libvirt_version));
        imp.architecture.set_subtitle(&escape(&facts.architecture));
        imp.cpus.set_subtitle(&facts.cpus.to_string());
        imp.memory.set_subtitle(&memory_text(facts.memory_kib));
    }
}

fn escape(text: &str) -> glib::GString {
    glib::markup_escape_text(text)
}

/// Writes a version that libvirt counts as major × 1,000,000 + minor × 1,000 + release.
fn version_text(version: u64) -> String {
    format!(
        "{}.{}.{}",
        version / 1_000_000,
        version / 1_000 % 1_000,
        version % 1_000
    )
}

#[cfg(test)]
mod tests {
    use super::version_text;

    #[test]
    fn versions_are_taken_apart() {
        assert_eq!(version_text(11_003_000), "11.3.0");
        assert_eq!(version_text(10_000_002), "10.0.2");
    }
}
