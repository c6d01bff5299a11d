//! Asks what to take over from virt-manager: a list with a tick at each connection, and the settings as one.

use std::cell::{OnceCell, RefCell};

use adw::{prelude::*, subclass::prelude::*};
use gtk::glib;

use crate::model::{Import, Profile};

type Chosen = Box<dyn Fn(Import)>;

mod imp {
    use super::*;

    #[derive(Default, gtk::CompositeTemplate)]
    #[template(resource = "/io/github/innkeeper/Innkeeper/manager/import_dialog.ui")]
    pub struct ImportDialog {
        #[template_child]
        pub(super) connections: TemplateChild<adw::PreferencesGroup>,
        #[template_child]
        pub(super) settings: TemplateChild<adw::PreferencesGroup>,
        #[template_child]
        pub(super) preferences: TemplateChild<adw::SwitchRow>,
        #[template_child]
        pub(super) import: TemplateChild<gtk::Button>,
        pub(super) found: OnceCell<Import>,
        pub(super) ticks: RefCell<Vec<(gtk::CheckButton, Profile)>>,
        pub(super) chosen: RefCell<Option<Chosen>>,
    }

    #[glib::object_subclass]
    impl ObjectSubclass for ImportDialog {
        const NAME: &'static str = "InnkeeperImportDialog";
        type Type = super::ImportDialog;
        type ParentType = adw::Dialog;

        fn class_init(klass: &mut Self::Class) {
            klass.bind_template();
            klass.bind_template_callbacks();
        }

        fn instance_init(obj: &glib::subclass::InitializingObject<Self>) {
            obj.init_template();
        }
    }

    impl ObjectImpl for ImportDialog {
        fn constructed(&self) {
            self.parent_constructed();
            let weak = self.obj().downgrade();
            self.preferences.connect_active_notify(move |_| {
                if let Some(dialog) = weak.upgrade() {
                    dialog.update();
                }
            });
        }
    }

    impl WidgetImpl for ImportDialog {}
    impl AdwDialogImpl for ImportDialog {}

    #[gtk::template_callbacks]
    impl ImportDialog {
        #[template_callback]
        fn on_cancel(&self) {
            self.obj().close();
        }

        #[template_callback]
        fn on_import(&self) {
            if let Some(chosen) = &*self.chosen.borrow() {
                chosen(self.obj().choice());
            }
            self.obj().close();
        }
    }
}

glib::wrapper! {
    /// The dialog that asks what to import.
    pub struct ImportDialog(ObjectSubclass<imp::ImportDialog>)
        @extends adw::Dialog, gtk::Widget,
        @implements gtk::Accessible, gtk::Buildable, gtk::ConstraintTarget, gtk::ShortcutManager;
}

impl ImportDialog {
    /// Makes the dialog over what was found; `chosen` hears what of it is to be taken over.
    pub(super) fn new(found: Import, chosen: impl Fn(Import) + 'static) -> Self {
        let dialog: Self = glib::Object::new();
        let imp = dialog.imp();
        imp.connections.set_visible(!found.connections.is_empty());
        for profile in &found.connections {
            dialog.add_row(profile);
        }
        imp.settings.set_visible(!found.settings.is_empty());
        imp.chosen.replace(Some(Box::new(chosen)));
        imp.found
            .set(found)
            .expect("a new dialog has found nothing yet");
        dialog.update();
        dialog
    }

    fn add_row(&self, profile: &Profile) {
        let tick = gtk::CheckButton::builder()
            .active(true)
            .valign(gtk::Align::Center)
            .build();
        let row = adw::ActionRow::builder()
            .title(profile.label())
            .subtitle(profile.uri.to_string())
            .use_markup(false)
            .activatable_widget(&tick)
            .build();
        row.add_prefix(&tick);
        let weak = self.downgrade();
        tick.connect_active_notify(move |_| {
            if let Some(dialog) = weak.upgrade() {
                dialog.update();
            }
        });
        self.imp().connections.add(&row);
        self.imp().ticks.borrow_mut().push((tick, profile.clone()));
    }

    /// Gives what is ticked.
    fn choice(&self) -> Import {
        let imp = self.imp();
        let ticks = imp.ticks.borrow();
        let ticked = ticks.iter().filter(|(tick, _)| tick.is_active());
        let connections = ticked.map(|(_, profile)| profile.clone()).collect();
        let found = imp.found.get().filter(|_| imp.preferences.is_active());
        Import {
            connections,
            settings: found
                .map(|found| found.settings.clone())
                .unwrap_or_default(),
        }
    }

    fn update(&self) {
        self.imp().import.set_sensitive(!self.choice().is_empty());
    }
}
