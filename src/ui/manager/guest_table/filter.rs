//! The search: shows the guests whose name, title or note holds a text, in any case.

use std::{cell::RefCell, rc::Rc};

use gtk::prelude::*;

use crate::model::Guest;

/// A filter over a text that can be changed.
#[derive(Debug)]
pub(super) struct TextFilter {
    filter: gtk::CustomFilter,
    text: Rc<RefCell<String>>,
}

impl Default for TextFilter {
    fn default() -> Self {
        let text = Rc::new(RefCell::new(String::new()));
        let wanted = Rc::clone(&text);
        let filter = gtk::CustomFilter::new(move |item| {
            let wanted = wanted.borrow();
            wanted.is_empty()
                || item
                    .downcast_ref()
                    .is_some_and(|guest| fits(guest, &wanted))
        });
        Self { filter, text }
    }
}

impl TextFilter {
    pub(super) fn as_filter(&self) -> &gtk::CustomFilter {
        &self.filter
    }

    pub(super) fn is_active(&self) -> bool {
        !self.text.borrow().is_empty()
    }

    /// Looks for another text; says whether it can only drop or only add guests, so that the others are not tried.
    pub(super) fn set_text(&self, text: &str) {
        let new = text.trim().to_lowercase();
        let old = self.text.replace(new.clone());
        if old != new {
            self.filter.changed(change(&old, &new));
        }
    }

    /// Tries all guests again, because their texts differ.
    pub(super) fn refresh(&self) {
        if self.is_active() {
            self.filter.changed(gtk::FilterChange::Different);
        }
    }
}

fn change(old: &str, new: &str) -> gtk::FilterChange {
    if new.contains(old) {
        gtk::FilterChange::MoreStrict
    } else if old.contains(new) {
        gtk::FilterChange::LessStrict
    } else {
        gtk::FilterChange::Different
    }
}

fn fits(guest: &Guest, wanted: &str) -> bool {
    let holds = |text: String| text.to_lowercase().contains(wanted);
    holds(guest.shown_name()) || holds(guest.name()) || guest.note().is_some_and(holds)
}

#[cfg(test)]
mod tests {
    use super::change;
    use gtk::FilterChange::{Different, LessStrict, MoreStrict};

    #[test]
    fn a_longer_text_can_only_drop() {
        assert_eq!(change("", "de"), MoreStrict);
        assert_eq!(change("de", "deb"), MoreStrict);
        assert_eq!(change("eb", "deb"), MoreStrict);
        assert_eq!(change("deb", "de"), LessStrict);
        assert_eq!(change("deb", "fed"), Different);
    }
}
