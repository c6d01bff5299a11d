//! What a guest is, in a group of rows: names, state, machine, CPUs, memory.

use adw::{prelude::*, subclass::prelude::*};
use gtk::glib;

use crate::{
    app::i18n::{gettext, gettext_f, ngettext_f},
    model::{DomainDetails, GuestState, guest_state_text, memory_text, reason_text},
    widgets::{copy_text, show_message},
};

mod imp {
    use super::*;

    #[derive(Debug, Default, gtk::CompositeTemplate)]
    #[template(resource = "/io/github/innkeeper/Innkeeper/guest/overview.ui")]
    pub struct Overview {
        #[template_child]
        pub(super) name: TemplateChild<adw::ActionRow>,
        #[template_child]
        pub(super) title: TemplateChild<adw::ActionRow>,
        #[template_child]
        pub(super) note: TemplateChild<adw::ActionRow>,
        #[template_child]
        pub(super) uuid: TemplateChild<adw::ActionRow>,
        #[template_child]
        pub(super) state: TemplateChild<adw::ActionRow>,
        #[template_child]
        pub(super) autostart: TemplateChild<adw::ActionRow>,
        #[template_child]
        pub(super) system: TemplateChild<adw::ActionRow>,
        #[template_child]
        pub(super) machine: TemplateChild<adw::ActionRow>,
        #[template_child]
        pub(super) firmware: TemplateChild<adw::ActionRow>,
        #[template_child]
        pub(super) cpus: TemplateChild<adw::ActionRow>,
        #[template_child]
        pub(super) memory_size: TemplateChild<adw::ActionRow>,
    }

    #[glib::object_subclass]
    impl ObjectSubclass for Overview {
        const NAME: &'static str = "InnkeeperDetailsOverview";
        type Type = super::Overview;
        type ParentType = adw::PreferencesGroup;

        fn class_init(class: &mut Self::Class) {
            class.bind_template();
            class.install_action("overview.copy-uuid", None, |group, _, _| group.copy_uuid());
        }

        fn instance_init(obj: &glib::subclass::InitializingObject<Self>) {
            obj.init_template();
        }
    }

    impl ObjectImpl for Overview {}
    impl WidgetImpl for Overview {}
    impl PreferencesGroupImpl for Overview {}
}

glib::wrapper! {
    /// The overview of a guest.
    pub struct Overview(ObjectSubclass<imp::Overview>)
        @extends adw::PreferencesGroup, gtk::Widget,
        @implements gtk::Accessible, gtk::Buildable, gtk::ConstraintTarget;
}

impl Overview {
    /// Shows what was read of a guest in a state.
    pub(super) fn show(&self, details: &DomainDetails, state: GuestState) {
        let (imp, domain) = (self.imp(), &details.domain);
        let description = domain.description.as_ref();
        set_or_hide(&imp.title, description.and_then(|d| d.title.as_deref()));
        set_or_hide(&imp.note, description.and_then(|d| d.note.as_deref()));
        set_or_hide(
            &imp.system,
            details.os_name.as_deref().or(details.os_id.as_deref()),
        );
        imp.name.set_subtitle(&domain.name);
        imp.uuid.set_subtitle(&details.uuid.to_string());
        let state = guest_state_text(state);
        let state = match reason_text(domain.reason) {
            None => state,
            Some(reason) => gettext_f(
                // Translators: a state and its reason, such as “Paused (I/O error)”.
                "{state} ({reason})",
                &[("state", &state), ("reason", &reason)],
            ),
        };
        imp.state.set_subtitle(&state);
        imp.autostart.set_subtitle(&if domain.autostart {
            gettext("Starts with the host")
        } else {
            gettext("Off")
        });
        let machine = [&details.virt_type, &details.architecture, &details.machine];
        let machine: Vec<&str> = machine
            .into_iter()
            .map(String::as_str)
            .filter(|word| !word.is_empty())
            .collect();
        imp.machine.set_subtitle(&machine.join(" · "));
        imp.firmware
            .set_subtitle(if details.uefi { "UEFI" } else { "BIOS" });
        imp.cpus.set_subtitle(&cpus_text(details));
        imp.memory_size
            .set_subtitle(&amount_text(details.memory_kib));
    }

    fn copy_uuid(&self) {
        if let Some(uuid) = self.imp().uuid.subtitle() {
            copy_text(&self.clipboard(), &uuid);
            show_message(self, &gettext("UUID copied"));
        }
    }
}

fn set_or_hide(row: &adw::ActionRow, text: Option<&str>) {
    row.set_visible(text.is_some());
    row.set_subtitle(text.unwrap_or_default());
}

fn cpus_text(details: &DomainDetails) -> String {
    let (now, most) = details.vcpus;
    let count = ngettext_f(
        "{count} CPU",
        "{count} CPUs",
        now,
        &[("count", &now.to_string())],
    );
    let count = if most > now {
        // Translators: virtual CPUs, such as “2 CPUs of at most 4”.
        gettext_f(
            "{count} of at most {most}",
            &[("count", &count), ("most", &most.to_string())],
        )
    } else {
        count
    };
    match &details.cpu_model {
        Some(model) => format!("{count} · {model}"),
        None => count,
    }
}

fn amount_text((now, most): (u64, u64)) -> String {
    if most > now {
        gettext_f(
            "{count} of at most {most}",
            &[("count", &memory_text(now)), ("most", &memory_text(most))],
        )
    } else {
        memory_text(now)
    }
}
