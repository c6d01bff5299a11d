//! The guests of one connection as a table: sorted, filtered, selected.
//!
//! The models in a row: the connection's list → sorted → filtered → shown → selection. `columns` fills the cells,
//! `order` keeps the sorting true, `filter` searches, `filling` lets many rows in step by step, `visible` says which
//! guests are on the screen.

mod columns;
mod filling;
mod filter;
mod name_cell;
mod order;
mod visible;

use std::cell::{Cell, OnceCell, RefCell};

use adw::subclass::prelude::*;
use gtk::{glib, graphene, prelude::*};

use crate::{
    app::settings::{Key, Settings},
    model::{Connection, Guest, GuestList, Watch},
    widgets,
};
use name_cell::NameCell;

type MenuHandler = Box<dyn Fn(&GuestTable, graphene::Point)>;

mod imp {
    use super::*;

    #[derive(Default, glib::Properties, gtk::CompositeTemplate)]
    #[properties(wrapper_type = super::GuestTable)]
    #[template(resource = "/io/github/innkeeper/Innkeeper/manager/guest_table.ui")]
    pub struct GuestTable {
        #[template_child]
        pub(super) scroller: TemplateChild<gtk::ScrolledWindow>,
        #[template_child]
        pub(super) view: TemplateChild<gtk::ColumnView>,
        #[template_child]
        pub(super) name_column: TemplateChild<gtk::ColumnViewColumn>,
        #[template_child]
        pub(super) state_column: TemplateChild<gtk::ColumnViewColumn>,
        #[template_child]
        pub(super) cpu_column: TemplateChild<gtk::ColumnViewColumn>,
        #[template_child]
        pub(super) memory_column: TemplateChild<gtk::ColumnViewColumn>,
        #[template_child]
        pub(super) sorted: TemplateChild<gtk::SortListModel>,
        #[template_child]
        pub(super) filtered: TemplateChild<gtk::FilterListModel>,
        #[template_child]
        pub(super) shown: TemplateChild<gtk::SliceListModel>,
        #[template_child]
        pub(super) selection: TemplateChild<gtk::MultiSelection>,

        /// How many of the columns of figures have no room; the breakpoints of the template say so.
        #[property(get, set = Self::set_crowding)]
        pub(super) crowding: Cell<u32>,
        pub(super) guest_signals: OnceCell<glib::SignalGroup>,
        pub(super) filter: OnceCell<filter::TextFilter>,
        pub(super) pending_order: Cell<bool>,
        pub(super) is_filling: Cell<bool>,
        pub(super) watch: RefCell<Option<Watch>>,
        pub(super) pending_watch: Cell<bool>,
        pub(super) menu_handler: RefCell<Option<MenuHandler>>,
    }

    #[glib::object_subclass]
    impl ObjectSubclass for GuestTable {
        const NAME: &'static str = "InnkeeperGuestTable";
        type Type = super::GuestTable;
        type ParentType = adw::Bin;

        fn class_init(klass: &mut Self::Class) {
            klass.bind_template();
            klass.bind_template_callbacks();
        }

        fn instance_init(obj: &glib::subclass::InitializingObject<Self>) {
            obj.init_template();
        }
    }

    #[glib::derived_properties]
    impl ObjectImpl for GuestTable {
        fn constructed(&self) {
            self.parent_constructed();
            let table = self.obj();
            if let Some(bin) = adw::prelude::BinExt::child(&*table) {
                widgets::keep_focus_over_breakpoints(&bin);
            }
            columns::fill(self);
            order::install(self);
            filling::install(self);
            table.follow_guests();
            table.follow_visibility();
            table.follow_menu();
            for key in [Key::ShowCpu, Key::ShowMemory] {
                Settings::get().watch(key, &*table, super::GuestTable::show_columns);
            }
            table.show_columns();
        }
    }

    impl WidgetImpl for GuestTable {
        fn grab_focus(&self) -> bool {
            self.view.grab_focus()
        }
    }
    impl BinImpl for GuestTable {}

    impl GuestTable {
        fn set_crowding(&self, crowding: u32) {
            if self.crowding.replace(crowding) != crowding {
                self.obj().show_columns();
            }
        }
    }

    #[gtk::template_callbacks]
    impl GuestTable {
        #[template_callback]
        fn on_activate(&self, position: u32) {
            if !self.selection.is_selected(position) {
                self.selection.select_item(position, true);
            }
            let _ = self.obj().activate_action("page.open", None);
        }
    }
}

glib::wrapper! {
    /// The table of guests.
    pub struct GuestTable(ObjectSubclass<imp::GuestTable>)
        @extends adw::Bin, gtk::Widget,
        @implements gtk::Accessible, gtk::Buildable, gtk::ConstraintTarget;
}

impl Default for GuestTable {
    fn default() -> Self {
        glib::Object::new()
    }
}

impl GuestTable {
    /// Shows the guests of a connection.
    pub(in crate::ui::manager) fn set_connection(&self, connection: Option<&Connection>) {
        let imp = self.imp();
        let guests = connection.map(Connection::guests);
        imp.watch.replace(connection.map(Connection::watch));
        filling::restart(self);
        imp.sorted.set_model(guests.as_ref());
        if let Some(signals) = imp.guest_signals.get() {
            signals.set_target(guests.as_ref());
        }
        self.queue_update_watch();
    }

    fn follow_guests(&self) {
        let signals = glib::SignalGroup::new::<GuestList>();
        let weak = self.downgrade();
        signals.connect_local("changed", false, move |_| {
            if let Some(table) = weak.upgrade() {
                table.filter_again();
                table.sort_again(order::Cause::Changed);
            }
            None
        });
        let weak = self.downgrade();
        signals.connect_local("sampled", false, move |_| {
            if let Some(table) = weak.upgrade() {
                table.sort_again(order::Cause::Sampled);
            }
            None
        });
        let _ = self.imp().guest_signals.set(signals);
    }

    /// Gives the selected guests, in the order of the table.
    pub(in crate::ui::manager) fn selected(&self) -> Vec<Guest> {
        let selection = &self.imp().selection;
        let set = selection.selection();
        (0..set.size() as u32)
            .filter_map(|index| selection.item(set.nth(index)).and_downcast())
            .collect()
    }

    /// Says whether there is anything to see under the present search.
    pub(in crate::ui::manager) fn has_results(&self) -> bool {
        let imp = self.imp();
        !imp.filter.get().is_some_and(filter::TextFilter::is_active) || imp.filtered.n_items() > 0
    }

    /// Shows only the guests whose name, title or note holds a text; an empty text shows all.
    pub(in crate::ui::manager) fn set_search(&self, text: &str) {
        let imp = self.imp();
        filling::restart(self);
        if let Some(filter) = imp.filter.get() {
            filter.set_text(text);
        } else if !text.is_empty() {
            let filter = imp.filter.get_or_init(filter::TextFilter::default);
            filter.set_text(text);
            imp.filtered.set_filter(Some(filter.as_filter()));
        }
    }

    fn filter_again(&self) {
        if let Some(filter) = self.imp().filter.get() {
            filter.refresh();
        }
    }

    /// Opens the guest that the search found first.
    pub(in crate::ui::manager) fn open_first_result(&self) {
        let selection = &self.imp().selection;
        if selection.selection().is_empty() && selection.n_items() > 0 {
            selection.select_item(0, true);
        }
        let _ = self.activate_action("page.open", None);
    }

    /// Greys the rows, whose host cannot be asked now.
    pub(in crate::ui::manager) fn set_stale(&self, stale: bool) {
        if stale {
            self.add_css_class("stale");
        } else {
            self.remove_css_class("stale");
        }
    }

    fn show_columns(&self) {
        let (imp, settings) = (self.imp(), Settings::get());
        let crowding = imp.crowding.get();
        imp.cpu_column
            .set_visible(crowding < 2 && settings.boolean(Key::ShowCpu));
        imp.memory_column
            .set_visible(crowding < 1 && settings.boolean(Key::ShowMemory));
        let state_width = if crowding < 2 { 160 } else { 140 };
        imp.state_column.set_fixed_width(state_width);
    }

    /// Calls a function whenever other guests are selected.
    pub(in crate::ui::manager) fn connect_selection_changed(&self, changed: impl Fn() + 'static) {
        self.imp()
            .selection
            .connect_selection_changed(move |_, _, _| changed());
    }

    /// Says who shows the menu of the selected guests, at a point of the table.
    pub(in crate::ui::manager) fn connect_menu_wanted(
        &self,
        show: impl Fn(&Self, graphene::Point) + 'static,
    ) {
        self.imp().menu_handler.replace(Some(Box::new(show)));
    }

    fn follow_menu(&self) {
        let weak = self.downgrade();
        widgets::add_context_menu(&*self.imp().view, move |at| {
            if let Some(table) = weak.upgrade() {
                table.want_menu(at);
            }
        });
    }

    /// Finds the row that a menu is wanted for, selects it unless it is selected, and has the menu shown.
    fn want_menu(&self, at: Option<(f64, f64)>) {
        let view = &*self.imp().view;
        let row = match at {
            Some((x, y)) => view
                .pick(x, y, gtk::PickFlags::DEFAULT)
                .and_then(|found| row_around(&found)),
            None => self
                .root()
                .and_then(|root| root.focus())
                .and_then(|focus| row_around(&focus)),
        };
        let Some((row, cell)) = row.and_then(|row| Some((row.clone(), NameCell::below(&row)?)))
        else {
            return;
        };
        if let Some(position) = cell.position()
            && !self.imp().selection.is_selected(position)
        {
            self.imp().selection.select_item(position, true);
        }
        let place = match at {
            Some((x, y)) => view.compute_point(self, &graphene::Point::new(x as f32, y as f32)),
            None => row.compute_point(self, &graphene::Point::new(24.0, row.height() as f32)),
        };
        if let (Some(place), Some(show)) = (place, &*self.imp().menu_handler.borrow()) {
            show(self, place);
        }
    }
}

/// Finds the row of a column view that holds a widget.
fn row_around(widget: &gtk::Widget) -> Option<gtk::Widget> {
    let mut widget = widget.clone();
    while widget.css_name() != "row" {
        widget = widget.parent()?;
    }
    Some(widget)
}
