//! Shows how busy a guest's CPUs were.

use std::cell::{OnceCell, RefCell};

use adw::{prelude::*, subclass::prelude::*};
use gtk::glib;

use crate::{
    app::i18n::gettext_f,
    model::{Guest, HISTORY},
    widgets::HistoryChart,
};

mod imp {
    use super::*;

    #[derive(Debug, Default)]
    pub struct CpuChart {
        pub(super) chart: HistoryChart,
        pub(super) guest: RefCell<Option<Guest>>,
        pub(super) signals: OnceCell<glib::SignalGroup>,
    }

    #[glib::object_subclass]
    impl ObjectSubclass for CpuChart {
        const NAME: &'static str = "InnkeeperCpuChart";
        type Type = super::CpuChart;
        type ParentType = adw::Bin;
    }

    impl ObjectImpl for CpuChart {
        fn constructed(&self) {
            self.parent_constructed();
            self.obj().set_child(Some(&self.chart));
            let signals = glib::SignalGroup::new::<Guest>();
            let weak = self.obj().downgrade();
            signals.connect_local("notify::cpu", false, move |_| {
                if let Some(chart) = weak.upgrade() {
                    chart.update();
                }
                None
            });
            let _ = self.signals.set(signals);
        }
    }

    impl WidgetImpl for CpuChart {}
    impl BinImpl for CpuChart {}
}

glib::wrapper! {
    /// A guest's CPU history.
    pub struct CpuChart(ObjectSubclass<imp::CpuChart>)
        @extends adw::Bin, gtk::Widget,
        @implements gtk::Accessible, gtk::Buildable, gtk::ConstraintTarget;
}

impl CpuChart {
    /// Shows a guest.
    pub(super) fn set_guest(&self, guest: &Guest) {
        self.imp().guest.replace(Some(guest.clone()));
        if let Some(signals) = self.imp().signals.get() {
            signals.set_target(Some(guest));
        }
        self.update();
    }

    fn update(&self) {
        let guest = self.imp().guest.borrow();
        let Some(guest) = guest.as_ref() else { return };
        let percent = format!("{:.0}", guest.cpu() * 100.0);
        let text = gettext_f("CPU {percent} %", &[("percent", &percent)]);
        let samples = guest.with_history(|history| history.iter().copied().collect());
        self.imp().chart.show(samples, HISTORY, &text);
    }
}
