//! What a person fills in: for whom, the secret, and whether to keep it.

use std::cell::Cell;

use adw::{prelude::*, subclass::prelude::*};
use gtk::{gdk, glib};

use super::wording;
use crate::model::{Question, QuestionKind};

mod imp {
    use super::*;

    #[derive(Debug, Default, glib::Properties, gtk::CompositeTemplate)]
    #[properties(wrapper_type = super::SecretForm)]
    #[template(resource = "/io/github/innkeeper/Innkeeper/dialogs/questions/secret_form.ui")]
    pub struct SecretForm {
        #[template_child]
        pub(super) failure: TemplateChild<gtk::Box>,
        #[template_child]
        pub(super) failure_text: TemplateChild<gtk::Label>,
        #[template_child]
        pub(super) failure_reason: TemplateChild<gtk::Label>,
        #[template_child]
        pub(super) identity: TemplateChild<adw::ComboRow>,
        #[template_child]
        pub(super) user: TemplateChild<adw::EntryRow>,
        #[template_child]
        pub(super) secret: TemplateChild<adw::PasswordEntryRow>,
        #[template_child]
        pub(super) remember: TemplateChild<adw::SwitchRow>,
        #[template_child]
        pub(super) caps_lock: TemplateChild<gtk::Label>,
        /// Whether enough is filled in to answer.
        #[property(get)]
        pub(super) complete: Cell<bool>,
    }

    #[glib::object_subclass]
    impl ObjectSubclass for SecretForm {
        const NAME: &'static str = "InnkeeperSecretForm";
        type Type = super::SecretForm;
        type ParentType = gtk::Box;

        fn class_init(class: &mut Self::Class) {
            class.bind_template();
            class.bind_template_callbacks();
        }

        fn instance_init(obj: &glib::subclass::InitializingObject<Self>) {
            obj.init_template();
        }
    }

    #[glib::derived_properties]
    impl ObjectImpl for SecretForm {
        fn constructed(&self) {
            self.parent_constructed();
            self.obj().watch_caps_lock();
        }
    }

    impl WidgetImpl for SecretForm {}
    impl BoxImpl for SecretForm {}

    #[gtk::template_callbacks]
    impl SecretForm {
        #[template_callback]
        fn on_changed(&self) {
            let has_user = !self.user.is_visible() || !self.user.text().is_empty();
            let complete = has_user && !self.secret.text().is_empty();
            if self.complete.replace(complete) != complete {
                self.obj().notify_complete();
            }
        }
    }
}

glib::wrapper! {
    /// The entries of a question for a secret.
    pub struct SecretForm(ObjectSubclass<imp::SecretForm>)
        @extends gtk::Box, gtk::Widget,
        @implements gtk::Accessible, gtk::Buildable, gtk::ConstraintTarget, gtk::Orientable;
}

impl SecretForm {
    /// Makes the form for a question.
    pub(super) fn new(question: &Question) -> Self {
        let form: Self = glib::Object::new();
        let imp = form.imp();
        imp.secret.set_title(&wording::entry(question.kind()));
        imp.remember.set_visible(question.can_be_remembered());
        imp.remember.set_active(question.is_remembered());
        match question.kind() {
            QuestionKind::UserPassword { .. } => {
                imp.user.set_visible(true);
                imp.user
                    .set_text(question.suggested_user().unwrap_or_default());
            }
            QuestionKind::PolkitPassword { identities, .. } => form.offer(identities, question),
            _ => {}
        }
        if let Some(reason) = question.previous_failure() {
            form.show_failure(question.kind(), reason);
        }
        form
    }

    /// Offers the accounts that may answer; with one there is nothing to choose.
    fn offer(&self, identities: &[String], question: &Question) {
        let row = &self.imp().identity;
        let names: Vec<&str> = identities.iter().map(String::as_str).collect();
        row.set_model(Some(&gtk::StringList::new(&names)));
        let chosen = question
            .suggested_user()
            .and_then(|user| names.iter().position(|name| *name == user));
        row.set_selected(chosen.unwrap_or(0) as u32);
        row.set_visible(!names.is_empty());
        row.set_sensitive(names.len() > 1);
    }

    fn show_failure(&self, kind: &QuestionKind, reason: &str) {
        let imp = self.imp();
        let reason = wording::reason(reason);
        imp.failure_text.set_label(&wording::failure(kind));
        imp.failure_reason.set_visible(!reason.is_empty());
        imp.failure_reason.set_label(&reason);
        imp.failure.set_visible(true);
    }

    /// Gives the entry that is to have the keyboard: the first that is empty.
    pub(super) fn first_entry(&self) -> gtk::Widget {
        let imp = self.imp();
        if imp.user.is_visible() && imp.user.text().is_empty() {
            imp.user.get().upcast()
        } else {
            imp.secret.get().upcast()
        }
    }

    /// Gives the user that was named or chosen, where one was asked for.
    pub(super) fn chosen_user(&self) -> Option<String> {
        let imp = self.imp();
        if imp.user.is_visible() {
            return Some(imp.user.text().into());
        }
        let item = imp.identity.selected_item();
        let name = item.and_downcast::<gtk::StringObject>()?;
        Some(name.string().into())
    }

    /// Gives the secret.
    pub(super) fn secret(&self) -> String {
        self.imp().secret.text().into()
    }

    /// Says whether the user wants it to be kept.
    pub(super) fn remembers(&self) -> bool {
        let remember = &self.imp().remember;
        remember.is_visible() && remember.is_active()
    }

    /// Says when the keyboard writes capitals: a hidden password shows nothing of it.
    fn watch_caps_lock(&self) {
        let seat = gdk::Display::default().and_then(|display| display.default_seat());
        let Some(keyboard) = seat.and_then(|seat| seat.keyboard()) else {
            return;
        };
        keyboard
            .bind_property("caps-lock-state", &*self.imp().caps_lock, "visible")
            .sync_create()
            .build();
    }
}
