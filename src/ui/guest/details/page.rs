//! Reads a guest's hardware when it is looked at and when it has changed, and fills the page.

use std::cell::{Cell, OnceCell, RefCell};

use adw::{prelude::*, subclass::prelude::*};
use gtk::glib;

use super::{cpu_chart::CpuChart, device_row, overview::Overview, texts};
use crate::{
    app::i18n::gettext_f,
    model::{Device, DomainDetails, Error, Guest, GuestState, Watch, guest_state_text},
    ui::guest::{
        hearing::hear,
        reading::{self, Reading},
    },
};

mod imp {
    use super::*;

    #[derive(Debug, Default, gtk::CompositeTemplate)]
    #[template(resource = "/io/github/innkeeper/Innkeeper/guest/details_page.ui")]
    pub struct DetailsPage {
        #[template_child]
        pub(super) stack: TemplateChild<gtk::Stack>,
        #[template_child]
        pub(super) failed: TemplateChild<adw::StatusPage>,
        #[template_child]
        pub(super) viewport: TemplateChild<gtk::Viewport>,
        #[template_child]
        pub(super) overview: TemplateChild<Overview>,
        #[template_child]
        pub(super) performance: TemplateChild<adw::PreferencesGroup>,
        #[template_child]
        pub(super) chart: TemplateChild<CpuChart>,
        #[template_child]
        pub(super) cpu: TemplateChild<gtk::Label>,
        #[template_child]
        pub(super) memory: TemplateChild<adw::ActionRow>,
        #[template_child]
        pub(super) memory_level: TemplateChild<gtk::ProgressBar>,
        #[template_child]
        pub(super) devices: TemplateChild<gtk::Box>,

        pub(super) guest: RefCell<Option<Guest>>,
        pub(super) signals: OnceCell<glib::SignalGroup>,
        pub(super) watch: RefCell<Option<Watch>>,
        pub(super) reading: Reading,
        /// What is shown is older than the guest.
        pub(super) stale: Cell<bool>,
        /// The devices that are shown.
        pub(super) shown: RefCell<Vec<Device>>,
        /// The figures are to be scrolled to once there is something to scroll.
        pub(super) wants_performance: Cell<bool>,
        /// The most memory that the guest may have, in KiB.
        pub(super) memory_limit: Cell<u64>,
    }

    #[glib::object_subclass]
    impl ObjectSubclass for DetailsPage {
        const NAME: &'static str = "InnkeeperDetailsPage";
        type Type = super::DetailsPage;
        type ParentType = adw::Bin;

        fn class_init(class: &mut Self::Class) {
            CpuChart::ensure_type();
            Overview::ensure_type();
            class.bind_template();
            class.install_action("details.retry", None, |page, _, _| page.read());
        }

        fn instance_init(obj: &glib::subclass::InitializingObject<Self>) {
            obj.init_template();
        }
    }

    impl ObjectImpl for DetailsPage {
        fn constructed(&self) {
            self.parent_constructed();
            self.obj().watch_guest();
        }

        fn dispose(&self) {
            self.reading.stop();
        }
    }

    impl WidgetImpl for DetailsPage {
        fn map(&self) {
            self.parent_map();
            let obj = self.obj();
            if self.stale.get() {
                obj.read();
            }
            obj.update_watch();
        }

        fn unmap(&self) {
            self.parent_unmap();
            self.obj().update_watch();
        }
    }

    impl BinImpl for DetailsPage {}
}

glib::wrapper! {
    /// A guest's hardware and figures.
    pub struct DetailsPage(ObjectSubclass<imp::DetailsPage>)
        @extends adw::Bin, gtk::Widget,
        @implements gtk::Accessible, gtk::Buildable, gtk::ConstraintTarget;
}

impl DetailsPage {
    /// Shows a guest; it is read when the page is looked at.
    pub(in crate::ui::guest) fn set_guest(&self, guest: &Guest) {
        let imp = self.imp();
        imp.reading.stop();
        imp.watch.take();
        imp.guest.replace(Some(guest.clone()));
        imp.chart.set_guest(guest);
        if let Some(signals) = imp.signals.get() {
            signals.set_target(Some(guest));
        }
        imp.stack.set_visible_child_name("loading");
        self.update_figures();
        self.refresh();
        self.update_watch();
    }

    /// Scrolls to the figures.
    pub(in crate::ui::guest) fn show_performance(&self) {
        let imp = self.imp();
        imp.wants_performance.set(true);
        if imp.stack.visible_child_name().as_deref() == Some("hardware") {
            self.scroll_to_performance();
        }
    }

    fn scroll_to_performance(&self) {
        if !self.imp().wants_performance.take() {
            return;
        }
        // Rows have no place before the next frame.
        let weak = self.downgrade();
        glib::idle_add_local_once(move || {
            if let Some(page) = weak.upgrade() {
                page.scroll_to_figures();
            }
        });
    }

    fn scroll_to_figures(&self) {
        let imp = self.imp();
        let place = imp
            .viewport
            .child()
            .and_then(|all| imp.performance.compute_bounds(&all));
        if let (Some(place), Some(adjustment)) = (place, imp.viewport.vadjustment()) {
            adjustment.set_value(place.y().into());
        }
    }

    fn watch_guest(&self) {
        let signals = glib::SignalGroup::new::<Guest>();
        hear(
            &signals,
            self,
            &["changed", "notify::online"],
            Self::refresh,
        );
        let figures = ["notify::cpu", "notify::memory", "notify::state"];
        hear(&signals, self, &figures, Self::update_figures);
        let _ = self.imp().signals.set(signals);
    }

    fn guest(&self) -> Option<Guest> {
        self.imp().guest.borrow().clone()
    }

    /// Has the guest's figures read while they are on the screen.
    fn update_watch(&self) {
        let Some(guest) = self.guest() else { return };
        let mut watch = self.imp().watch.borrow_mut();
        if !self.is_mapped() {
            watch.take();
            return;
        }
        if watch.is_none() {
            *watch = guest.connection().map(|connection| connection.watch());
        }
        if let Some(watch) = &*watch {
            watch.set(vec![guest.uuid()]);
        }
    }

    /// Reads again if somebody looks, else when somebody does. What was read stays while the host is away.
    fn refresh(&self) {
        let online = self.guest().is_some_and(|guest| guest.online());
        self.imp().stale.set(true);
        if online && self.is_mapped() {
            self.read();
        }
    }

    fn read(&self) {
        let Some(guest) = self.guest() else { return };
        let imp = self.imp();
        imp.stale.set(false);
        reading::show_begin(&imp.stack);
        let weak = self.downgrade();
        imp.reading.ask(async move || {
            let result = guest.details().await;
            let Some(page) = weak.upgrade() else { return };
            match result {
                Ok(details) => page.show_details(&details),
                Err(error) => page.show_failure(&error),
            }
        });
    }

    fn show_failure(&self, error: &Error) {
        let imp = self.imp();
        imp.stale.set(true);
        reading::show_failure(&imp.stack, &imp.failed, error);
    }

    fn show_details(&self, details: &DomainDetails) {
        let imp = self.imp();
        imp.memory_limit.set(details.memory_kib.1);
        let state = self
            .guest()
            .map_or(GuestState::Unknown, |guest| guest.state());
        imp.overview.show(details, state);
        self.show_devices(&details.devices);
        self.update_figures();
        imp.stack.set_visible_child_name("hardware");
        self.scroll_to_performance();
    }

    /// Fills the groups of devices, one for each kind; rows that a user has opened stay while nothing differs.
    fn show_devices(&self, devices: &[Device]) {
        let imp = self.imp();
        if *imp.shown.borrow() == devices {
            return;
        }
        imp.shown.replace(devices.to_vec());
        while let Some(group) = imp.devices.first_child() {
            imp.devices.remove(&group);
        }
        for same_kind in devices.chunk_by(|a, b| a.kind == b.kind) {
            let Some(first) = same_kind.first() else {
                continue;
            };
            let group = adw::PreferencesGroup::builder()
                .title(glib::markup_escape_text(&texts::kind(&first.kind).many))
                .build();
            for device in same_kind {
                group.add(&device_row::new(device));
            }
            imp.devices.append(&group);
        }
    }

    fn update_figures(&self) {
        let (Some(guest), imp) = (self.guest(), self.imp()) else {
            return;
        };
        let active = !matches!(
            guest.state(),
            GuestState::ShutOff | GuestState::Saved | GuestState::Unknown
        );
        let percent = format!("{:.0}", guest.cpu() * 100.0);
        imp.cpu.set_label(&if active {
            // Translators: a share, such as “12 %”.
            gettext_f("{percent} %", &[("percent", &percent)])
        } else {
            guest_state_text(guest.state())
        });
        imp.memory.set_subtitle(&guest.memory_text());
        let limit = imp.memory_limit.get().max(guest.memory()).max(1);
        imp.memory_level.set_visible(active);
        imp.memory_level
            .set_fraction(guest.memory() as f64 / limit as f64);
    }
}
