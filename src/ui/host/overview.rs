//! What the host is, how busy it is now, and what it can do.

use std::cell::{Cell, OnceCell, RefCell};

use adw::{prelude::*, subclass::prelude::*};
use gtk::glib;

use crate::{
    app::{
        i18n::{gettext, gettext_f, ngettext_f},
        runtime,
    },
    model::{
        Capabilities, Connection, ConnectionState, Guest, GuestState, HOST_HISTORY, HostFacts,
        HostSample, HostWatch, memory_text,
    },
    widgets::{self, HistoryChart},
};

mod imp {
    use super::*;

    #[derive(Debug, Default, gtk::CompositeTemplate)]
    #[template(resource = "/io/github/innkeeper/Innkeeper/host/overview.ui")]
    pub struct Overview {
        #[template_child]
        pub(super) stack: TemplateChild<gtk::Stack>,
        #[template_child]
        pub(super) load: TemplateChild<adw::PreferencesGroup>,
        #[template_child]
        pub(super) cpu_chart: TemplateChild<HistoryChart>,
        #[template_child]
        pub(super) cpu_text: TemplateChild<gtk::Label>,
        #[template_child]
        pub(super) memory_chart: TemplateChild<HistoryChart>,
        #[template_child]
        pub(super) memory_text: TemplateChild<gtk::Label>,
        #[template_child]
        pub(super) host_name: TemplateChild<adw::ActionRow>,
        #[template_child]
        pub(super) hypervisor: TemplateChild<adw::ActionRow>,
        #[template_child]
        pub(super) libvirt: TemplateChild<adw::ActionRow>,
        #[template_child]
        pub(super) architecture: TemplateChild<adw::ActionRow>,
        #[template_child]
        pub(super) cpu_model: TemplateChild<adw::ActionRow>,
        #[template_child]
        pub(super) cpus: TemplateChild<adw::ActionRow>,
        #[template_child]
        pub(super) memory: TemplateChild<adw::ActionRow>,
        #[template_child]
        pub(super) guests: TemplateChild<adw::ActionRow>,
        #[template_child]
        pub(super) capabilities: TemplateChild<adw::PreferencesGroup>,
        #[template_child]
        pub(super) runs: TemplateChild<adw::ActionRow>,
        #[template_child]
        pub(super) confinement: TemplateChild<adw::ActionRow>,
        #[template_child]
        pub(super) migration: TemplateChild<adw::ActionRow>,
        #[template_child]
        pub(super) assignment: TemplateChild<adw::ActionRow>,

        pub(super) connection: OnceCell<Connection>,
        pub(super) signals: OnceCell<glib::SignalGroup>,
        pub(super) guest_signals: OnceCell<glib::SignalGroup>,
        /// Held while the page is on the screen.
        pub(super) watch: RefCell<Option<HostWatch>>,
        pub(super) counts_guests: Cell<bool>,
    }

    #[glib::object_subclass]
    impl ObjectSubclass for Overview {
        const NAME: &'static str = "InnkeeperHostOverview";
        type Type = super::Overview;
        type ParentType = adw::Bin;

        fn class_init(klass: &mut Self::Class) {
            HistoryChart::ensure_type();
            klass.bind_template();
        }

        fn instance_init(obj: &glib::subclass::InitializingObject<Self>) {
            obj.init_template();
        }
    }

    impl ObjectImpl for Overview {}

    impl WidgetImpl for Overview {
        fn map(&self) {
            self.parent_map();
            let watch = self.connection.get().map(Connection::watch_host);
            self.watch.replace(watch);
        }

        fn unmap(&self) {
            self.watch.replace(None);
            self.parent_unmap();
        }
    }

    impl BinImpl for Overview {}
}

glib::wrapper! {
    /// The page about the host itself.
    pub struct Overview(ObjectSubclass<imp::Overview>)
        @extends adw::Bin, gtk::Widget,
        @implements gtk::Accessible, gtk::Buildable, gtk::ConstraintTarget;
}

impl Overview {
    /// Shows a connection's host.
    pub(super) fn set_connection(&self, connection: &Connection) {
        let imp = self.imp();
        let _ = imp.connection.set(connection.clone());
        let signals = glib::SignalGroup::new::<Connection>();
        self.on(&signals, "facts-changed", Self::show_facts);
        self.on(&signals, "host-sampled", Self::show_load);
        self.on(&signals, "notify::state", Self::take_state);
        signals.set_target(Some(connection));
        let _ = imp.signals.set(signals);
        let guests = connection.guests();
        let signals = glib::SignalGroup::with_type(guests.type_());
        for signal in ["items-changed", "changed"] {
            self.on(&signals, signal, Self::count_guests_soon);
        }
        signals.set_target(Some(&guests));
        let _ = imp.guest_signals.set(signals);
        self.show_facts();
        self.show_load();
        self.take_state();
    }

    fn on(&self, signals: &glib::SignalGroup, signal: &str, act: fn(&Self)) {
        let weak = self.downgrade();
        signals.connect_local(signal, false, move |_| {
            if let Some(page) = weak.upgrade() {
                act(&page);
            }
            None
        });
    }

    fn connection(&self) -> Option<&Connection> {
        self.imp().connection.get()
    }

    fn take_state(&self) {
        let Some(connection) = self.connection() else {
            return;
        };
        if connection.state() == ConnectionState::Connected {
            self.read_capabilities(connection.clone());
        }
        self.show_load();
        self.count_guests();
    }

    fn show_facts(&self) {
        let imp = self.imp();
        let facts = self.connection().and_then(Connection::facts);
        let name = if facts.is_some() { "known" } else { "unknown" };
        imp.stack.set_visible_child_name(name);
        let Some(facts) = facts else {
            imp.capabilities.set_visible(false);
            return;
        };
        imp.host_name.set_subtitle(&facts.hostname);
        let version = version_text(facts.hypervisor_version);
        imp.hypervisor
            .set_subtitle(&format!("{} {version}", facts.hypervisor));
        imp.libvirt
            .set_subtitle(&version_text(facts.libvirt_version));
        imp.architecture.set_subtitle(&facts.architecture);
        imp.cpus.set_subtitle(&cpus_text(&facts));
        imp.memory.set_subtitle(&memory_text(facts.memory_kib));
    }

    /// Shows the newest figures; none while the host is not connected, since they would be old.
    fn show_load(&self) {
        let imp = self.imp();
        let Some(connection) = self.connection() else {
            return;
        };
        let history: Vec<HostSample> =
            connection.with_host_history(|h| h.iter().copied().collect());
        let newest = history
            .last()
            .filter(|_| connection.state() == ConnectionState::Connected);
        imp.load.set_visible(newest.is_some());
        let Some(newest) = newest else { return };
        let share = newest.cpu.unwrap_or_default();
        let percent = widgets::percent(f64::from(share)).to_string();
        let text = gettext_f("{percent} %", &[("percent", &percent)]);
        let samples = history.iter().filter_map(|sample| sample.cpu).collect();
        imp.cpu_chart.show(samples, HOST_HISTORY, &text);
        imp.cpu_text.set_label(&text);
        let text = used_memory_text(newest);
        let samples = history.iter().filter_map(memory_share).collect();
        imp.memory_chart.show(samples, HOST_HISTORY, &text);
        imp.memory_text.set_label(&text);
    }

    /// Counts once for what changes together.
    fn count_guests_soon(&self) {
        if self.imp().counts_guests.replace(true) {
            return;
        }
        let weak = self.downgrade();
        glib::idle_add_local_once(move || {
            if let Some(page) = weak.upgrade() {
                page.count_guests();
            }
        });
    }

    fn count_guests(&self) {
        self.imp().counts_guests.set(false);
        let Some(connection) = self.connection() else {
            return;
        };
        let guests = connection.guests();
        let all = guests.iter::<Guest>().flatten();
        let off = [
            GuestState::ShutOff,
            GuestState::Saved,
            GuestState::Crashed,
            GuestState::Unknown,
        ];
        let running = all.filter(|guest| !off.contains(&guest.state())).count();
        let values = [
            ("count", &*guests.n_items().to_string()),
            ("running", &*running.to_string()),
        ];
        if guests.n_items() == 0 {
            self.imp().guests.set_subtitle(&gettext("None"));
            return;
        }
        let text = ngettext_f(
            // Translators: how many virtual machines a host has, and how many of them run.
            "{count}, {running} running",
            "{count}, {running} running",
            guests.n_items(),
            &values,
        );
        self.imp().guests.set_subtitle(&text);
    }

    fn read_capabilities(&self, connection: Connection) {
        let weak = self.downgrade();
        runtime::local(async move {
            match connection.capabilities().await {
                Ok(capabilities) => {
                    if let Some(page) = weak.upgrade() {
                        page.show_capabilities(&capabilities);
                    }
                }
                Err(error) => tracing::debug!(%error, "no capabilities"),
            }
        });
    }

    fn show_capabilities(&self, capabilities: &Capabilities) {
        let imp = self.imp();
        imp.capabilities.set_visible(true);
        let processor = [&capabilities.cpu_vendor, &capabilities.cpu_model];
        let processor: Vec<&str> = processor
            .into_iter()
            .flatten()
            .map(String::as_str)
            .collect();
        show(&imp.cpu_model, &processor.join(" "));
        show(&imp.runs, &runs_text(capabilities));
        let confinement = if capabilities.security.is_empty() {
            gettext("None")
        } else {
            capabilities.security.join(", ")
        };
        show(&imp.confinement, &confinement);
        show(&imp.migration, &capabilities.migration.join(", "));
        let assignment = match capabilities.iommu {
            Some(true) => gettext("Possible"),
            Some(false) => gettext("Not possible: the host has no IOMMU, or it is switched off"),
            None => String::new(),
        };
        show(&imp.assignment, &assignment);
    }
}

/// Shows a text in a row; no row without a text.
fn show(row: &adw::ActionRow, text: &str) {
    row.set_visible(!text.is_empty());
    row.set_subtitle(text);
}

/// Says which kinds of guests a host runs: for each architecture by what.
fn runs_text(capabilities: &Capabilities) -> String {
    let mut lines: Vec<(String, Vec<&str>)> = Vec::new();
    for kind in &capabilities.guests {
        let by = kind.domains.join(", ");
        match lines.iter_mut().find(|(known, _)| *known == by) {
            Some((_, architectures)) => architectures.push(&kind.architecture),
            None => lines.push((by, vec![&kind.architecture])),
        }
    }
    let lines = lines.into_iter().map(|(by, mut architectures)| {
        architectures.dedup();
        format!("{by}: {}", architectures.join(", "))
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn cpus_text(facts: &HostFacts) -> String {
    let cpus = facts.cpus.to_string();
    let sockets = facts.nodes.max(1) * facts.sockets;
    // Hosts whose CPUs are not all alike or not all on tell a topology that does not add up.
    if sockets * facts.cores * facts.threads != facts.cpus {
        return cpus;
    }
    let (sockets, cores, threads) = (
        sockets.to_string(),
        facts.cores.to_string(),
        facts.threads.to_string(),
    );
    gettext_f(
        // Translators: such as “8 (1 socket × 4 cores × 2 threads)”, always with the plain numbers.
        "{cpus} (sockets: {sockets}, cores: {cores}, threads: {threads})",
        &[
            ("cpus", &cpus),
            ("sockets", &sockets),
            ("cores", &cores),
            ("threads", &threads),
        ],
    )
}

fn memory_share(sample: &HostSample) -> Option<f32> {
    let (used, all) = (sample.memory_used_kib?, sample.memory_kib?);
    (all > 0).then(|| (used as f64 / all as f64) as f32)
}

fn used_memory_text(sample: &HostSample) -> String {
    match (sample.memory_used_kib, sample.memory_kib) {
        (Some(used), Some(all)) => gettext_f(
            "{used} of {all}",
            &[("used", &memory_text(used)), ("all", &memory_text(all))],
        ),
        _ => String::new(),
    }
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
    use super::*;
    use crate::model::GuestKind;

    #[test]
    fn versions_are_taken_apart() {
        assert_eq!(version_text(11_003_000), "11.3.0");
        assert_eq!(version_text(10_000_002), "10.0.2");
    }

    #[test]
    fn a_topology_is_told_where_it_adds_up() {
        let mut facts = HostFacts {
            cpus: 16,
            nodes: 2,
            sockets: 1,
            cores: 4,
            threads: 2,
            ..HostFacts::default()
        };
        assert_eq!(cpus_text(&facts), "16 (sockets: 2, cores: 4, threads: 2)");
        facts.cpus = 15;
        assert_eq!(cpus_text(&facts), "15");
    }

    #[test]
    fn architectures_with_the_same_means_share_a_line() {
        let kind = |architecture: &str, domains: &[&str]| GuestKind {
            os_type: "hvm".to_owned(),
            architecture: architecture.to_owned(),
            domains: domains.iter().map(|&domain| domain.to_owned()).collect(),
        };
        let capabilities = Capabilities {
            guests: vec![
                kind("x86_64", &["qemu", "kvm"]),
                kind("aarch64", &["qemu"]),
                kind("i686", &["qemu", "kvm"]),
            ],
            ..Capabilities::default()
        };
        assert_eq!(
            runs_text(&capabilities),
            "qemu, kvm: x86_64, i686\nqemu: aarch64"
        );
    }
}
