//! The list below a field while one types: what the text may become.
//!
//! The keyboard stays in the field; [`super::completion_row`] moves the choice from there.

use adw::{prelude::*, subclass::prelude::*};
use gtk::{glib, pango};

/// The longest list that is shown.
pub(super) const SHOWN: usize = 8;

/// What a text may become.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Suggestion {
    /// The whole text of the field.
    pub(super) text: String,
    /// What tells it from others.
    pub(super) detail: Option<String>,
    /// The port that belongs to it.
    pub(super) port: Option<u16>,
}

mod imp {
    use super::*;

    #[derive(Debug, Default, gtk::CompositeTemplate)]
    #[template(resource = "/io/github/innkeeper/Innkeeper/dialogs/connection/suggestions.ui")]
    pub struct Suggestions {
        #[template_child]
        pub(super) list: TemplateChild<gtk::ListBox>,
    }

    #[glib::object_subclass]
    impl ObjectSubclass for Suggestions {
        const NAME: &'static str = "InnkeeperSuggestions";
        type Type = super::Suggestions;
        type ParentType = gtk::Popover;

        fn class_init(klass: &mut Self::Class) {
            klass.bind_template();
        }

        fn instance_init(obj: &glib::subclass::InitializingObject<Self>) {
            obj.init_template();
        }
    }

    impl ObjectImpl for Suggestions {}
    impl WidgetImpl for Suggestions {}
    impl PopoverImpl for Suggestions {}
}

glib::wrapper! {
    /// A popover with a list, that never takes the keyboard.
    pub struct Suggestions(ObjectSubclass<imp::Suggestions>)
        @extends gtk::Popover, gtk::Widget,
        @implements gtk::Accessible, gtk::Buildable, gtk::ConstraintTarget, gtk::Native, gtk::ShortcutManager;
}

impl Default for Suggestions {
    fn default() -> Self {
        glib::Object::new()
    }
}

impl Suggestions {
    /// Says who takes the place of what is clicked.
    pub(super) fn connect_clicked(&self, clicked: impl Fn(usize) + 'static) {
        self.imp().list.connect_row_activated(move |_, row| {
            clicked(row.index().unsigned_abs() as usize);
        });
    }

    /// Shows what the text may become, nothing chosen yet.
    pub(super) fn fill(&self, suggestions: &[Suggestion]) {
        let list = &self.imp().list;
        list.remove_all();
        for suggestion in suggestions {
            list.append(&row_of(suggestion));
        }
        list.unselect_all();
    }

    /// Gives the place of the chosen one.
    pub(super) fn chosen(&self) -> Option<usize> {
        let row = self.imp().list.selected_row()?;
        usize::try_from(row.index()).ok()
    }

    /// Chooses the next one in a direction; beyond the ends lies none.
    pub(super) fn step(&self, count: usize, forward: bool) -> Option<usize> {
        let next = match (self.chosen(), forward) {
            (None, true) => 0,
            (None, false) => count.checked_sub(1)?,
            (Some(at), true) => at + 1,
            (Some(at), false) => at.wrapping_sub(1),
        };
        let list = &self.imp().list;
        let row = i32::try_from(next)
            .ok()
            .and_then(|at| list.row_at_index(at));
        match &row {
            Some(row) => list.select_row(Some(row)),
            None => list.unselect_all(),
        }
        row.map(|_| next)
    }
}

fn row_of(suggestion: &Suggestion) -> gtk::ListBoxRow {
    let content = gtk::Box::new(gtk::Orientation::Horizontal, 12);
    let label = |text: &str| {
        gtk::Label::builder()
            .label(text)
            .xalign(0.0)
            .ellipsize(pango::EllipsizeMode::End)
            .build()
    };
    content.append(&label(&suggestion.text));
    if let Some(detail) = &suggestion.detail {
        let detail = label(detail);
        detail.add_css_class("dimmed");
        detail.set_hexpand(true);
        detail.set_xalign(1.0);
        content.append(&detail);
    }
    gtk::ListBoxRow::builder()
        .child(&content)
        .focusable(false)
        .build()
}
