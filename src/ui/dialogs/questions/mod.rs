//! The dialogs of the questions that hosts and screens ask while somebody signs in.
//!
//! [`Presenter`] takes questions from the model's desk and shows each in the window that it belongs to, which the
//! application finds for it. [`QuestionDialog`] is one dialog; what it says is `wording`'s, what is filled in
//! `SecretForm`'s.

mod dialog;
mod presenter;
mod secret_form;
mod wording;

pub use dialog::QuestionDialog;
pub use presenter::Presenter;
pub use secret_form::SecretForm;

/// Registers every type that a template names.
pub(super) fn ensure_types() {
    use gtk::prelude::StaticTypeExt;
    QuestionDialog::ensure_type();
    SecretForm::ensure_type();
}
