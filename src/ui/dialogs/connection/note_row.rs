//! A row of text below a field: what to know, what is dangerous, what is wrong.

use std::cell::Cell;

use adw::{prelude::*, subclass::prelude::*};
use gtk::glib;

/// How grave a note is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, glib::Enum)]
#[enum_type(name = "InnkeeperNoteKind")]
pub enum NoteKind {
    /// Something to know.
    #[default]
    Note,
    /// Something dangerous.
    Warning,
    /// Something wrong.
    Error,
}

impl NoteKind {
    fn icon(self) -> &'static str {
        match self {
            Self::Note => "dialog-information-symbolic",
            Self::Warning => "dialog-warning-symbolic",
            Self::Error => "dialog-error-symbolic",
        }
    }

    fn style(self) -> &'static str {
        match self {
            Self::Note => "dimmed",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

mod imp {
    use super::*;

    #[derive(Debug, Default, glib::Properties, gtk::CompositeTemplate)]
    #[properties(wrapper_type = super::NoteRow)]
    #[template(resource = "/io/github/innkeeper/Innkeeper/dialogs/connection/note_row.ui")]
    pub struct NoteRow {
        #[template_child]
        pub(super) icon: TemplateChild<gtk::Image>,
        #[template_child]
        pub(super) label: TemplateChild<gtk::Label>,
        /// How grave it is.
        #[property(get, set, construct_only, builder(NoteKind::default()))]
        kind: Cell<NoteKind>,
    }

    #[glib::object_subclass]
    impl ObjectSubclass for NoteRow {
        const NAME: &'static str = "InnkeeperNoteRow";
        type Type = super::NoteRow;
        type ParentType = adw::PreferencesRow;

        fn class_init(klass: &mut Self::Class) {
            klass.bind_template();
        }

        fn instance_init(obj: &glib::subclass::InitializingObject<Self>) {
            obj.init_template();
        }
    }

    #[glib::derived_properties]
    impl ObjectImpl for NoteRow {
        fn constructed(&self) {
            self.parent_constructed();
            let kind = self.kind.get();
            self.icon.set_icon_name(Some(kind.icon()));
            for part in [
                self.icon.upcast_ref::<gtk::Widget>(),
                self.label.upcast_ref(),
            ] {
                part.add_css_class(kind.style());
            }
        }
    }

    impl WidgetImpl for NoteRow {}
    impl ListBoxRowImpl for NoteRow {}
    impl PreferencesRowImpl for NoteRow {}
}

glib::wrapper! {
    /// A row that holds nothing but a text; without one it is not there.
    pub struct NoteRow(ObjectSubclass<imp::NoteRow>)
        @extends adw::PreferencesRow, gtk::ListBoxRow, gtk::Widget,
        @implements gtk::Accessible, gtk::Actionable, gtk::Buildable, gtk::ConstraintTarget;
}

impl NoteRow {
    /// Shows a text, or with `None` nothing.
    pub(super) fn show(&self, text: Option<&str>) {
        self.set_visible(text.is_some());
        self.imp().label.set_label(text.unwrap_or_default());
    }

    /// Shows what is wrong with a field, at the field and below it, to the eye and to a screen reader.
    pub(super) fn show_problem(&self, field: &impl IsA<gtk::Widget>, text: Option<&str>) {
        self.show(text);
        if text.is_some() {
            field.add_css_class("error");
        } else {
            field.remove_css_class("error");
        }
        let told = field
            .as_ref()
            .downcast_ref::<gtk::Editable>()
            .and_then(EditableExt::delegate);
        let Some(told) = told.and_downcast::<gtk::Text>() else {
            return;
        };
        let invalid = if text.is_some() {
            gtk::AccessibleInvalidState::True
        } else {
            gtk::AccessibleInvalidState::False
        };
        told.update_state(&[gtk::accessible::State::Invalid(invalid)]);
        if text.is_some() {
            let label = self.imp().label.upcast_ref::<gtk::Accessible>();
            told.update_relation(&[gtk::accessible::Relation::ErrorMessage(&[label])]);
        } else {
            told.reset_relation(gtk::AccessibleRelation::ErrorMessage);
        }
    }
}
