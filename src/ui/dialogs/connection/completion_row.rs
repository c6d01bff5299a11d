//! A text field that offers, while one types, what the text may become.
//!
//! Down and Up choose, Enter takes, Escape puts the list away; what is chosen is read out. The list never takes the
//! keyboard, so that one can always type on.

use std::cell::{Cell, RefCell};

use adw::{prelude::*, subclass::prelude::*};
use gtk::{gdk, glib};

use super::suggestions::{SHOWN, Suggestion, Suggestions};
use crate::app::i18n::gettext_f;

type Suggest = Box<dyn Fn(&str) -> Vec<Suggestion>>;
type Picked = Box<dyn Fn(&Suggestion)>;

mod imp {
    use super::*;

    #[derive(Default)]
    pub struct CompletionRow {
        pub(super) popover: Suggestions,
        pub(super) offered: RefCell<Vec<Suggestion>>,
        pub(super) suggest: RefCell<Option<Suggest>>,
        pub(super) picked: RefCell<Option<Picked>>,
        /// Whether the text is being set by the program.
        pub(super) is_filling: Cell<bool>,
    }

    #[glib::object_subclass]
    impl ObjectSubclass for CompletionRow {
        const NAME: &'static str = "InnkeeperCompletionRow";
        type Type = super::CompletionRow;
        type ParentType = adw::EntryRow;
    }

    impl ObjectImpl for CompletionRow {
        fn constructed(&self) {
            self.parent_constructed();
            let row = self.obj();
            self.popover.set_parent(&*row);
            row.follow_typing();
            row.follow_keys();
            row.describe();
        }

        fn dispose(&self) {
            self.popover.unparent();
        }
    }

    impl WidgetImpl for CompletionRow {}
    impl ListBoxRowImpl for CompletionRow {}
    impl PreferencesRowImpl for CompletionRow {}
    impl EntryRowImpl for CompletionRow {}
}

glib::wrapper! {
    /// An entry row with suggestions.
    pub struct CompletionRow(ObjectSubclass<imp::CompletionRow>)
        @extends adw::EntryRow, adw::PreferencesRow, gtk::ListBoxRow, gtk::Widget,
        @implements gtk::Accessible, gtk::Actionable, gtk::Buildable, gtk::ConstraintTarget, gtk::Editable;
}

impl CompletionRow {
    /// Says what a text may become; the first few are shown.
    pub(super) fn set_suggest(&self, suggest: impl Fn(&str) -> Vec<Suggestion> + 'static) {
        self.imp().suggest.replace(Some(Box::new(suggest)));
    }

    /// Says who hears of a suggestion that was taken, besides the text that changes.
    pub(super) fn connect_picked(&self, picked: impl Fn(&Suggestion) + 'static) {
        self.imp().picked.replace(Some(Box::new(picked)));
    }

    /// Sets the text without offering anything.
    pub(super) fn fill(&self, text: &str) {
        let was_filling = self.imp().is_filling.replace(true);
        self.set_text(text);
        self.imp().is_filling.set(was_filling);
    }

    fn describe(&self) {
        if let Some(text) = self.delegate().and_downcast::<gtk::Text>() {
            text.update_property(&[
                gtk::accessible::Property::Autocomplete(gtk::AccessibleAutocomplete::List),
                gtk::accessible::Property::HasPopup(true),
            ]);
        }
    }

    fn follow_typing(&self) {
        self.connect_changed(|row| {
            if !row.imp().is_filling.get() && row.is_typed_in() {
                row.offer();
            }
        });
        let weak = self.downgrade();
        self.imp().popover.connect_clicked(move |at| {
            if let Some(row) = weak.upgrade() {
                row.take(at);
            }
        });
        let focus = gtk::EventControllerFocus::new();
        let weak = self.downgrade();
        focus.connect_leave(move |_| {
            if let Some(row) = weak.upgrade() {
                row.imp().popover.popdown();
            }
        });
        self.add_controller(focus);
    }

    fn follow_keys(&self) {
        let keys = gtk::EventControllerKey::new();
        keys.set_propagation_phase(gtk::PropagationPhase::Capture);
        let weak = self.downgrade();
        keys.connect_key_pressed(move |_, key, _, modifiers| {
            let row = weak.upgrade().filter(|_| modifiers.is_empty());
            row.map_or(glib::Propagation::Proceed, |row| row.press(key))
        });
        self.add_controller(keys);
    }

    fn press(&self, key: gdk::Key) -> glib::Propagation {
        let popover = &self.imp().popover;
        let is_open = popover.is_visible();
        match key {
            gdk::Key::Down if !is_open => self.offer(),
            gdk::Key::Down | gdk::Key::Up if is_open => self.step(key == gdk::Key::Down),
            gdk::Key::Escape if is_open => popover.popdown(),
            gdk::Key::Return | gdk::Key::KP_Enter if is_open => match popover.chosen() {
                Some(at) => self.take(at),
                None => return glib::Propagation::Proceed,
            },
            _ => return glib::Propagation::Proceed,
        }
        glib::Propagation::Stop
    }

    fn step(&self, forward: bool) {
        let imp = self.imp();
        let offered = imp.offered.borrow();
        let chosen = imp.popover.step(offered.len(), forward);
        if let Some(suggestion) = chosen.and_then(|at| offered.get(at)) {
            let detail = suggestion.detail.as_deref().unwrap_or_default();
            let text = format!("{} {detail}", suggestion.text);
            self.announce(text.trim(), gtk::AccessibleAnnouncementPriority::Medium);
        }
    }

    /// Shows what the present text may become.
    fn offer(&self) {
        let imp = self.imp();
        let text = self.text();
        let mut offered = match &*imp.suggest.borrow() {
            Some(suggest) => suggest(&text),
            None => Vec::new(),
        };
        offered.retain(|suggestion| suggestion.text != text.as_str());
        offered.truncate(SHOWN);
        imp.popover.fill(&offered);
        if offered.is_empty() {
            imp.popover.popdown();
        } else if !imp.popover.is_visible() {
            imp.popover.set_size_request(self.width(), -1);
            imp.popover.popup();
            let count = offered.len().to_string();
            // Translators: Read out while one types; Down is the key.
            let told = gettext_f(
                "Suggestions: {count}. Press Down to choose.",
                &[("count", &count)],
            );
            self.announce(&told, gtk::AccessibleAnnouncementPriority::Low);
        }
        imp.offered.replace(offered);
    }

    fn take(&self, at: usize) {
        let imp = self.imp();
        imp.popover.popdown();
        let Some(suggestion) = imp.offered.borrow().get(at).cloned() else {
            return;
        };
        self.fill(&suggestion.text);
        self.set_position(-1);
        if let Some(picked) = &*imp.picked.borrow() {
            picked(&suggestion);
        }
    }

    fn is_typed_in(&self) -> bool {
        self.delegate()
            .and_downcast::<gtk::Text>()
            .is_some_and(|text| text.has_focus())
    }
}
