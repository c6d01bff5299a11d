//! Asks for the password of a guest's screen.

use std::cell::RefCell;

use adw::{prelude::*, subclass::prelude::*};
use gtk::glib;

use crate::{
    app::{i18n::gettext_f, runtime},
    model::Question,
};

mod imp {
    use super::*;

    #[derive(Debug, Default, gtk::CompositeTemplate)]
    #[template(resource = "/io/github/innkeeper/Innkeeper/guest/password_dialog.ui")]
    pub struct PasswordDialog {
        #[template_child]
        pub(super) failure: TemplateChild<gtk::Label>,
        #[template_child]
        pub(super) password: TemplateChild<adw::PasswordEntryRow>,
        #[template_child]
        pub(super) remember: TemplateChild<adw::SwitchRow>,
        pub(super) question: RefCell<Option<Question>>,
        pub(super) withdrawal: RefCell<Option<glib::JoinHandle<()>>>,
    }

    #[glib::object_subclass]
    impl ObjectSubclass for PasswordDialog {
        const NAME: &'static str = "InnkeeperPasswordDialog";
        type Type = super::PasswordDialog;
        type ParentType = adw::AlertDialog;

        fn class_init(class: &mut Self::Class) {
            class.bind_template();
        }

        fn instance_init(obj: &glib::subclass::InitializingObject<Self>) {
            obj.init_template();
        }
    }

    impl ObjectImpl for PasswordDialog {
        fn constructed(&self) {
            self.parent_constructed();
            let weak = self.obj().downgrade();
            self.password.connect_changed(move |entry| {
                if let Some(dialog) = weak.upgrade() {
                    dialog.set_response_enabled("login", !entry.text().is_empty());
                }
            });
        }

        fn dispose(&self) {
            if let Some(task) = self.withdrawal.take() {
                task.abort();
            }
        }
    }

    impl WidgetImpl for PasswordDialog {}
    impl AdwDialogImpl for PasswordDialog {}

    impl AdwAlertDialogImpl for PasswordDialog {
        fn response(&self, response: &str) {
            // A question that is dropped unanswered is cancelled.
            let question = self.question.take();
            if let (Some(question), "login") = (question, response) {
                question.answer(self.password.text().into(), self.remember.is_active());
            }
            self.parent_response(response);
        }
    }
}

glib::wrapper! {
    /// A dialog with one question, which it answers, cancels or sees withdrawn.
    pub struct PasswordDialog(ObjectSubclass<imp::PasswordDialog>)
        @extends adw::AlertDialog, adw::Dialog, gtk::Widget,
        @implements gtk::Accessible, gtk::Buildable, gtk::ConstraintTarget, gtk::ShortcutManager;
}

impl PasswordDialog {
    /// Makes the dialog of a question.
    pub(super) fn new(question: Question) -> Self {
        let dialog: Self = glib::Object::new();
        let imp = dialog.imp();
        dialog.set_body(&gettext_f(
            "The screen of “{name}” asks for a password.",
            &[("name", question.target())],
        ));
        imp.failure
            .set_visible(question.previous_failure().is_some());
        let withdrawn = question.withdrawn();
        let weak = dialog.downgrade();
        let task = runtime::local(async move {
            withdrawn.await;
            if let Some(dialog) = weak.upgrade() {
                dialog.imp().question.take();
                dialog.force_close();
            }
        });
        imp.withdrawal.replace(Some(task));
        imp.question.replace(Some(question));
        dialog
    }
}
