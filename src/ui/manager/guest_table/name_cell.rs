//! The first cell of a row: the operating system's icon, the name, and the note as a tooltip.

use std::cell::OnceCell;

use gtk::{glib, prelude::*, subclass::prelude::*};

use crate::model::Guest;

mod imp {
    use super::*;

    #[derive(Debug, Default)]
    pub struct NameCell {
        pub(super) cell: OnceCell<glib::WeakRef<gtk::ColumnViewCell>>,
    }

    #[glib::object_subclass]
    impl ObjectSubclass for NameCell {
        const NAME: &'static str = "InnkeeperNameCell";
        type Type = super::NameCell;
        type ParentType = gtk::Box;
    }

    impl ObjectImpl for NameCell {}

    impl WidgetImpl for NameCell {
        fn query_tooltip(&self, _x: i32, _y: i32, _keyboard: bool, tooltip: &gtk::Tooltip) -> bool {
            let note = self.obj().guest().and_then(|guest| guest.note());
            tooltip.set_text(note.as_deref());
            note.is_some()
        }
    }

    impl BoxImpl for NameCell {}
}

glib::wrapper! {
    /// The cell that names a guest.
    pub struct NameCell(ObjectSubclass<imp::NameCell>)
        @extends gtk::Box, gtk::Widget,
        @implements gtk::Accessible, gtk::Buildable, gtk::ConstraintTarget, gtk::Orientable;
}

impl NameCell {
    /// Makes the contents of a cell.
    pub(super) fn new(cell: &gtk::ColumnViewCell) -> Self {
        let name: Self = glib::Object::builder()
            .property("spacing", 12)
            .property("has-tooltip", true)
            .build();
        name.imp()
            .cell
            .set(cell.downgrade())
            .expect("a new cell knows no other");
        name
    }

    /// Finds the name in a row.
    pub(super) fn below(row: &gtk::Widget) -> Option<Self> {
        row.first_child()?.first_child()?.downcast().ok()
    }

    /// Gives the row's position in the table.
    pub(super) fn position(&self) -> Option<u32> {
        let position = self.cell()?.position();
        (position != gtk::INVALID_LIST_POSITION).then_some(position)
    }

    fn guest(&self) -> Option<Guest> {
        self.cell()?.item().and_downcast()
    }

    fn cell(&self) -> Option<gtk::ColumnViewCell> {
        self.imp().cell.get()?.upgrade()
    }
}
