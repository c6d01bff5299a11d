//! Says for a moment how the keyboard is given to the guest and taken back.

use std::{
    cell::{Cell, RefCell},
    time::Duration,
};

use adw::subclass::prelude::*;
use gtk::{glib, prelude::*};

/// How long the note stays.
const STAY: Duration = Duration::from_secs(4);

mod imp {
    use super::*;

    #[derive(Debug, Default, gtk::CompositeTemplate)]
    #[template(resource = "/io/github/innkeeper/Innkeeper/guest/release_note.ui")]
    pub struct ReleaseNote {
        #[template_child]
        pub(super) revealer: TemplateChild<gtk::Revealer>,
        #[template_child]
        pub(super) label: TemplateChild<gtk::Label>,
        pub(super) hiding: RefCell<Option<glib::SourceId>>,
        pub(super) was_shown: Cell<bool>,
    }

    #[glib::object_subclass]
    impl ObjectSubclass for ReleaseNote {
        const NAME: &'static str = "InnkeeperReleaseNote";
        type Type = super::ReleaseNote;
        type ParentType = adw::Bin;

        fn class_init(class: &mut Self::Class) {
            class.bind_template();
        }

        fn instance_init(obj: &glib::subclass::InitializingObject<Self>) {
            obj.init_template();
        }
    }

    impl ObjectImpl for ReleaseNote {
        fn constructed(&self) {
            self.parent_constructed();
            // A note that shows nothing must not be there: nothing is painted straight onto the window under it.
            let weak = self.obj().downgrade();
            self.revealer
                .connect_child_revealed_notify(move |revealer| {
                    let is_hidden = !revealer.is_child_revealed() && !revealer.reveals_child();
                    if let Some(note) = weak.upgrade().filter(|_| is_hidden) {
                        note.set_visible(false);
                    }
                });
        }

        fn dispose(&self) {
            if let Some(source) = self.hiding.take() {
                source.remove();
            }
        }
    }

    impl WidgetImpl for ReleaseNote {}
    impl BinImpl for ReleaseNote {}
}

glib::wrapper! {
    /// The note.
    pub struct ReleaseNote(ObjectSubclass<imp::ReleaseNote>)
        @extends adw::Bin, gtk::Widget,
        @implements gtk::Accessible, gtk::Buildable, gtk::ConstraintTarget;
}

impl ReleaseNote {
    /// Shows a text the first time, and the first time after [`forget`](Self::forget).
    pub(super) fn show_once(&self, text: &str) {
        if !self.imp().was_shown.replace(true) {
            self.show(text);
        }
    }

    /// Shows a text until [`forget`](Self::forget), and tells it to screen readers.
    pub(super) fn keep(&self, text: &str) {
        let imp = self.imp();
        if let Some(hiding) = imp.hiding.take() {
            hiding.remove();
        }
        imp.label.set_label(text);
        self.set_visible(true);
        imp.revealer.set_reveal_child(true);
        self.announce(text, gtk::AccessibleAnnouncementPriority::Medium);
    }

    /// Shows a text for a moment, and tells it to screen readers.
    fn show(&self, text: &str) {
        self.keep(text);
        let imp = self.imp();
        let weak = self.downgrade();
        let source = glib::timeout_add_local_once(STAY, move || {
            if let Some(note) = weak.upgrade() {
                note.imp().hiding.take();
                note.imp().revealer.set_reveal_child(false);
            }
        });
        if let Some(previous) = imp.hiding.replace(Some(source)) {
            previous.remove();
        }
    }

    /// Hides the note; the next time it is shown again.
    pub(super) fn forget(&self) {
        self.imp().was_shown.set(false);
        self.imp().revealer.set_reveal_child(false);
    }
}
