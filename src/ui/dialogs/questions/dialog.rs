//! One question before the user: answered, cancelled, or gone by itself when nobody needs the answer any more.

use std::cell::RefCell;

use adw::{prelude::*, subclass::prelude::*};
use gtk::glib;

use super::{SecretForm, wording::Wording};
use crate::{
    app::{i18n::gettext, runtime},
    model::{Question, QuestionKind},
    widgets::code_markup,
};

/// The responses of every dialog here.
const ACCEPT: &str = "accept";
const CANCEL: &str = "cancel";

const TOUCH: &str = "/io/github/innkeeper/Innkeeper/dialogs/questions/touch_key.ui";
const HOST_KEY: &str = "/io/github/innkeeper/Innkeeper/dialogs/questions/host_key.ui";

mod imp {
    use super::*;

    #[derive(Debug, Default)]
    pub struct QuestionDialog {
        pub(super) question: RefCell<Option<Question>>,
        pub(super) form: RefCell<Option<SecretForm>>,
        pub(super) withdrawal: RefCell<Option<glib::JoinHandle<()>>>,
    }

    #[glib::object_subclass]
    impl ObjectSubclass for QuestionDialog {
        const NAME: &'static str = "InnkeeperQuestionDialog";
        type Type = super::QuestionDialog;
        type ParentType = adw::AlertDialog;
    }

    impl ObjectImpl for QuestionDialog {
        fn dispose(&self) {
            if let Some(task) = self.withdrawal.take() {
                task.abort();
            }
            // A question that is dropped unanswered is cancelled.
            self.question.take();
        }
    }

    impl WidgetImpl for QuestionDialog {}
    impl AdwDialogImpl for QuestionDialog {}

    impl AdwAlertDialogImpl for QuestionDialog {
        fn response(&self, response: &str) {
            let question = self.question.take();
            if let (Some(question), ACCEPT) = (question, response) {
                match self.form.borrow().as_ref() {
                    Some(form) => {
                        question.answer(form.chosen_user(), form.secret(), form.remembers());
                    }
                    None => question.confirm(),
                }
            }
            self.parent_response(response);
        }
    }
}

glib::wrapper! {
    /// A dialog with one question.
    pub struct QuestionDialog(ObjectSubclass<imp::QuestionDialog>)
        @extends adw::AlertDialog, adw::Dialog, gtk::Widget,
        @implements gtk::Accessible, gtk::Buildable, gtk::ConstraintTarget, gtk::ShortcutManager;
}

impl QuestionDialog {
    /// Makes the dialog of a question.
    pub fn new(question: Question) -> Self {
        let dialog: Self = glib::Object::new();
        let wording = Wording::of(&question);
        dialog.set_heading(Some(&wording.heading));
        dialog.set_body(&wording.body);
        dialog.add_response(CANCEL, &gettext("_Cancel"));
        dialog.set_default_response(Some(CANCEL));
        dialog.set_close_response(CANCEL);
        // Room for names and fingerprints, and for both buttons side by side.
        dialog.set_prefer_wide_layout(true);
        if let Some(label) = &wording.accept {
            dialog.add_response(ACCEPT, label);
        }
        dialog.fill(&question);
        dialog.close_when_withdrawn(&question);
        dialog.imp().question.replace(Some(question));
        dialog
    }

    /// Puts in what the person has to see or to fill in.
    fn fill(&self, question: &Question) {
        match question.kind() {
            QuestionKind::TouchKey { .. } => {
                let builder = gtk::Builder::from_resource(TOUCH);
                self.set_extra_child(builder.object::<gtk::Widget>("content").as_ref());
            }
            QuestionKind::HostKey {
                key_type,
                fingerprint,
                ..
            } => {
                let builder = gtk::Builder::from_resource(HOST_KEY);
                for (name, value) in [("key_type", key_type), ("fingerprint", fingerprint)] {
                    let row: adw::ActionRow = builder.object(name).expect("the file holds the row");
                    row.set_subtitle(&code_markup(value));
                }
                self.set_extra_child(builder.object::<gtk::Widget>("content").as_ref());
            }
            _ => self.fill_form(question),
        }
    }

    fn fill_form(&self, question: &Question) {
        let form = SecretForm::new(question);
        self.set_response_appearance(ACCEPT, adw::ResponseAppearance::Suggested);
        self.set_default_response(Some(ACCEPT));
        self.set_response_enabled(ACCEPT, form.complete());
        let weak = self.downgrade();
        form.connect_complete_notify(move |form| {
            if let Some(dialog) = weak.upgrade() {
                dialog.set_response_enabled(ACCEPT, form.complete());
            }
        });
        self.set_focus(Some(&form.first_entry()));
        self.set_extra_child(Some(&form));
        self.imp().form.replace(Some(form));
    }

    fn close_when_withdrawn(&self, question: &Question) {
        let withdrawn = question.withdrawn();
        let weak = self.downgrade();
        let task = runtime::local(async move {
            withdrawn.await;
            if let Some(dialog) = weak.upgrade() {
                dialog.imp().question.take();
                dialog.force_close();
            }
        });
        self.imp().withdrawal.replace(Some(task));
    }
}
