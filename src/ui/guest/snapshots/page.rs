//! Reads a guest's snapshots when they are looked at and when the guest has changed, and lists them.

use std::cell::{OnceCell, RefCell};

use adw::{prelude::*, subclass::prelude::*};
use gtk::glib;

use super::row;
use crate::{
    model::{Error, Guest, Snapshot},
    ui::guest::{
        hearing::hear,
        reading::{self, Reading},
    },
};

mod imp {
    use super::*;

    #[derive(Debug, Default, gtk::CompositeTemplate)]
    #[template(resource = "/io/github/innkeeper/Innkeeper/guest/snapshots_page.ui")]
    pub struct SnapshotsPage {
        #[template_child]
        pub(super) stack: TemplateChild<gtk::Stack>,
        #[template_child]
        pub(super) list: TemplateChild<gtk::ListBox>,
        #[template_child]
        pub(super) failed: TemplateChild<adw::StatusPage>,

        pub(super) guest: RefCell<Option<Guest>>,
        pub(super) signals: OnceCell<glib::SignalGroup>,
        pub(super) reading: Reading,
        pub(super) shown: RefCell<Vec<Snapshot>>,
    }

    #[glib::object_subclass]
    impl ObjectSubclass for SnapshotsPage {
        const NAME: &'static str = "InnkeeperSnapshotsPage";
        type Type = super::SnapshotsPage;
        type ParentType = adw::Bin;

        fn class_init(class: &mut Self::Class) {
            class.bind_template();
            class.install_action("snapshots.retry", None, |page, _, _| page.read());
        }

        fn instance_init(obj: &glib::subclass::InitializingObject<Self>) {
            obj.init_template();
        }
    }

    impl ObjectImpl for SnapshotsPage {
        fn constructed(&self) {
            self.parent_constructed();
            self.obj().watch_guest();
        }

        fn dispose(&self) {
            self.reading.stop();
        }
    }

    impl WidgetImpl for SnapshotsPage {
        fn map(&self) {
            self.parent_map();
            // No event tells of snapshots of a guest that is off.
            self.obj().refresh();
        }
    }

    impl BinImpl for SnapshotsPage {}
}

glib::wrapper! {
    /// A guest's snapshots.
    pub struct SnapshotsPage(ObjectSubclass<imp::SnapshotsPage>)
        @extends adw::Bin, gtk::Widget,
        @implements gtk::Accessible, gtk::Buildable, gtk::ConstraintTarget;
}

impl SnapshotsPage {
    /// Shows a guest; its snapshots are read when the page is looked at.
    pub(in crate::ui::guest) fn set_guest(&self, guest: &Guest) {
        let imp = self.imp();
        imp.reading.stop();
        imp.guest.replace(Some(guest.clone()));
        if let Some(signals) = imp.signals.get() {
            signals.set_target(Some(guest));
        }
        imp.stack.set_visible_child_name("loading");
        self.refresh();
    }

    fn watch_guest(&self) {
        let signals = glib::SignalGroup::new::<Guest>();
        hear(
            &signals,
            self,
            &["changed", "notify::online"],
            Self::refresh,
        );
        let _ = self.imp().signals.set(signals);
    }

    fn guest(&self) -> Option<Guest> {
        self.imp().guest.borrow().clone()
    }

    fn refresh(&self) {
        let online = self.guest().is_some_and(|guest| guest.online());
        if online && self.is_mapped() {
            self.read();
        }
    }

    fn read(&self) {
        let Some(guest) = self.guest() else { return };
        let imp = self.imp();
        reading::show_begin(&imp.stack);
        let weak = self.downgrade();
        imp.reading.ask(async move || {
            let result = guest.snapshots().await;
            let Some(page) = weak.upgrade() else { return };
            match result {
                Ok(snapshots) => page.show(snapshots),
                Err(error) => page.show_failure(&error),
            }
        });
    }

    fn show_failure(&self, error: &Error) {
        reading::show_failure(&self.imp().stack, &self.imp().failed, error);
    }

    fn show(&self, snapshots: Vec<Snapshot>) {
        let imp = self.imp();
        let page = if snapshots.is_empty() {
            "empty"
        } else {
            "list"
        };
        if *imp.shown.borrow() != snapshots {
            imp.list.remove_all();
            for snapshot in &snapshots {
                imp.list.append(&row::new(snapshot));
            }
            imp.shown.replace(snapshots);
        }
        imp.stack.set_visible_child_name(page);
    }
}
