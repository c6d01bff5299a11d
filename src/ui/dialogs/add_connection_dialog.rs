//! Asks for a connection to add: one of this computer's two, or any address.

use std::cell::RefCell;

use adw::{prelude::*, subclass::prelude::*};
use gtk::glib;

use crate::{
    app::errors::UserFacing,
    model::{Error, Uri},
};

type Chosen = Box<dyn Fn(&str, bool)>;

mod imp {
    use super::*;

    #[derive(Default, gtk::CompositeTemplate)]
    #[template(resource = "/io/github/innkeeper/Innkeeper/dialogs/add_connection_dialog.ui")]
    pub struct AddConnectionDialog {
        #[template_child]
        pub(super) system: TemplateChild<gtk::CheckButton>,
        #[template_child]
        pub(super) session: TemplateChild<gtk::CheckButton>,
        #[template_child]
        pub(super) uri: TemplateChild<adw::EntryRow>,
        #[template_child]
        pub(super) problem: TemplateChild<gtk::Label>,
        #[template_child]
        pub(super) autoconnect: TemplateChild<adw::SwitchRow>,
        #[template_child]
        pub(super) add: TemplateChild<gtk::Button>,
        pub(super) chosen: RefCell<Option<Chosen>>,
    }

    #[glib::object_subclass]
    impl ObjectSubclass for AddConnectionDialog {
        const NAME: &'static str = "InnkeeperAddConnectionDialog";
        type Type = super::AddConnectionDialog;
        type ParentType = adw::Dialog;

        fn class_init(klass: &mut Self::Class) {
            klass.bind_template();
            klass.bind_template_callbacks();
        }

        fn instance_init(obj: &glib::subclass::InitializingObject<Self>) {
            obj.init_template();
        }
    }

    impl ObjectImpl for AddConnectionDialog {}
    impl WidgetImpl for AddConnectionDialog {}
    impl AdwDialogImpl for AddConnectionDialog {}

    #[gtk::template_callbacks]
    impl AddConnectionDialog {
        #[template_callback]
        fn on_custom(&self, custom: &gtk::CheckButton) {
            if custom.is_active() {
                self.uri.grab_focus();
            }
            self.obj().validate();
        }

        #[template_callback]
        fn on_choice(&self) {
            self.obj().validate();
        }

        #[template_callback]
        fn on_add(&self) {
            let dialog = self.obj();
            if let (Ok(uri), Some(chosen)) = (dialog.uri(), &*self.chosen.borrow()) {
                chosen(&uri.to_string(), self.autoconnect.is_active());
            }
            dialog.close();
        }
    }
}

glib::wrapper! {
    /// The dialog that asks for a connection.
    pub struct AddConnectionDialog(ObjectSubclass<imp::AddConnectionDialog>)
        @extends adw::Dialog, gtk::Widget,
        @implements gtk::Accessible, gtk::Buildable, gtk::ConstraintTarget, gtk::ShortcutManager;
}

impl Default for AddConnectionDialog {
    fn default() -> Self {
        Self::new()
    }
}

impl AddConnectionDialog {
    /// Makes the dialog.
    pub fn new() -> Self {
        glib::Object::new()
    }

    /// Says who takes the URI, and whether to connect at each start.
    pub fn connect_chosen(&self, chosen: impl Fn(&str, bool) + 'static) {
        self.imp().chosen.replace(Some(Box::new(chosen)));
    }

    fn uri(&self) -> Result<Uri, Error> {
        let imp = self.imp();
        if imp.system.is_active() {
            "qemu:///system".parse()
        } else if imp.session.is_active() {
            "qemu:///session".parse()
        } else {
            imp.uri.text().parse()
        }
    }

    /// Says below the row why an address cannot be used; an empty one is only not finished.
    fn validate(&self) {
        let imp = self.imp();
        let uri = self.uri();
        imp.add.set_sensitive(uri.is_ok());
        let problem = match uri {
            Err(error) if !imp.uri.text().is_empty() => {
                let advice = error.advice().unwrap_or_default();
                Some(format!("{}\n{advice}", error.headline()))
            }
            _ => None,
        };
        if problem.is_some() {
            imp.uri.add_css_class("error");
        } else {
            imp.uri.remove_css_class("error");
        }
        imp.problem.set_visible(problem.is_some());
        imp.problem.set_label(&problem.unwrap_or_default());
    }
}
