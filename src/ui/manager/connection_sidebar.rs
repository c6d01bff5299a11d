//! The list of connections: which one is selected, and the menu of each.

use std::cell::{OnceCell, RefCell};

use adw::{prelude::*, subclass::prelude::*};
use gtk::{gio, glib};

use super::{connection_order, connection_row::ConnectionRow};
use crate::{
    model::{Connection, ConnectionList},
    widgets,
};

mod imp {
    use super::*;

    #[derive(Debug, Default, glib::Properties, gtk::CompositeTemplate)]
    #[properties(wrapper_type = super::ConnectionSidebar)]
    #[template(resource = "/io/github/innkeeper/Innkeeper/manager/connection_sidebar.ui")]
    pub struct ConnectionSidebar {
        #[template_child]
        pub(super) list: TemplateChild<gtk::ListView>,
        #[template_child]
        pub(super) import_banner: TemplateChild<adw::Banner>,
        #[template_child]
        pub(super) menu_button: TemplateChild<gtk::MenuButton>,
        /// The connection whose guests are shown.
        #[property(get, nullable)]
        pub(super) selected: RefCell<Option<Connection>>,
        pub(super) selection: OnceCell<gtk::SingleSelection>,
    }

    #[glib::object_subclass]
    impl ObjectSubclass for ConnectionSidebar {
        const NAME: &'static str = "InnkeeperConnectionSidebar";
        type Type = super::ConnectionSidebar;
        type ParentType = adw::NavigationPage;

        fn class_init(klass: &mut Self::Class) {
            klass.bind_template();
            klass.bind_template_callbacks();
        }

        fn instance_init(obj: &glib::subclass::InitializingObject<Self>) {
            obj.init_template();
        }
    }

    #[glib::derived_properties]
    impl ObjectImpl for ConnectionSidebar {
        fn constructed(&self) {
            self.parent_constructed();
            make_menu_when_opened(
                &self.menu_button,
                super::super::resource!("primary_menu.ui"),
            );
            let weak = self.obj().downgrade();
            widgets::add_context_menu(&*self.list, move |at| {
                if let Some(sidebar) = weak.upgrade() {
                    sidebar.show_menu(at);
                }
            });
            self.obj().move_by_keys();
        }
    }

    impl WidgetImpl for ConnectionSidebar {}
    impl NavigationPageImpl for ConnectionSidebar {}

    #[gtk::template_callbacks]
    impl ConnectionSidebar {
        /// Enter and the double click.
        #[template_callback]
        fn on_activate(&self) {
            let sidebar = self.obj();
            if let Some(connection) = sidebar.selected()
                && connection.is_idle()
            {
                connection.connect_host();
            }
            let _ = sidebar.activate_action("win.show-content", None);
        }
    }
}

glib::wrapper! {
    /// The page with the list of connections.
    pub struct ConnectionSidebar(ObjectSubclass<imp::ConnectionSidebar>)
        @extends adw::NavigationPage, gtk::Widget,
        @implements gtk::Accessible, gtk::Buildable, gtk::ConstraintTarget;
}

impl ConnectionSidebar {
    /// Shows the connections and selects the first.
    pub(super) fn set_connections(&self, connections: &ConnectionList) {
        let imp = self.imp();
        let sorted = connection_order::grouped(connections);
        let selection = gtk::SingleSelection::new(Some(sorted));
        let weak = self.downgrade();
        selection.connect_selected_item_notify(move |selection| {
            if let Some(sidebar) = weak.upgrade() {
                sidebar.take_selected(selection.selected_item().and_downcast());
            }
        });
        imp.list.set_factory(Some(&self.rows_of(connections)));
        imp.list.set_model(Some(&selection));
        self.take_selected(selection.selected_item().and_downcast());
        let _ = imp.selection.set(selection);
        let weak = self.downgrade();
        connections.connect_items_changed(move |connections, _, _, _| {
            if let Some(sidebar) = weak.upgrade() {
                sidebar.show_headings(connections);
            }
        });
        self.show_headings(connections);
    }

    /// Offers to import connections, or offers no more.
    pub(super) fn offer_import(&self, offered: bool) {
        self.imp().import_banner.set_revealed(offered);
    }

    /// Shows the groups' names only where there are groups.
    fn show_headings(&self, connections: &ConnectionList) {
        let list = &self.imp().list;
        let has_groups = !connections.sites().is_empty();
        if has_groups != list.header_factory().is_some() {
            let headings = has_groups.then(connection_order::headings);
            list.set_header_factory(headings.as_ref());
        }
    }

    fn rows_of(&self, connections: &ConnectionList) -> gtk::SignalListItemFactory {
        let factory = gtk::SignalListItemFactory::new();
        let (sidebar, list) = (self.downgrade(), connections.downgrade());
        factory.connect_setup(move |_, item| {
            let row = ConnectionRow::default();
            if let (Some(sidebar), Some(list)) = (sidebar.upgrade(), list.upgrade()) {
                connection_order::make_movable(&row, &list);
                sidebar.turn_on_click(&row);
            }
            if let Some(item) = item.downcast_ref::<gtk::ListItem>() {
                item.set_child(Some(&row));
                // What a screen reader says of the row.
                let name =
                    gtk::ListItem::this_expression("item").chain_property::<Connection>("label");
                name.bind(item, "accessible-label", Some(item));
                let state = gtk::ListItem::this_expression("item")
                    .chain_property::<Connection>("state-text");
                state.bind(item, "accessible-description", Some(item));
            }
        });
        factory.connect_bind(|_, item| show_in(item, true));
        factory.connect_unbind(|_, item| show_in(item, false));
        factory
    }

    /// Turns to the guests of a row that is clicked, where only one side has room.
    fn turn_on_click(&self, row: &ConnectionRow) {
        let click = gtk::GestureClick::new();
        let weak = self.downgrade();
        click.connect_released(move |_, _, _, _| {
            if let Some(sidebar) = weak.upgrade() {
                let _ = sidebar.activate_action("win.show-content", None);
            }
        });
        row.add_controller(click);
    }

    fn take_selected(&self, selected: Option<Connection>) {
        if *self.imp().selected.borrow() != selected {
            self.imp().selected.replace(selected);
            self.notify_selected();
        }
    }

    /// Selects a connection of the list.
    pub(super) fn select(&self, connection: &Connection) {
        let Some(selection) = self.imp().selection.get() else {
            return;
        };
        let position = selection
            .iter::<glib::Object>()
            .position(|item| item.is_ok_and(|item| item == *connection));
        if let Some(position) = position {
            let flags = gtk::ListScrollFlags::SELECT;
            self.imp().list.scroll_to(position as u32, flags, None);
        }
    }

    /// Opens the menu of the row under a point, else of the selected row.
    fn show_menu(&self, at: Option<(f64, f64)>) {
        let list = &self.imp().list;
        let row = match at {
            Some((x, y)) => self.row_at(x, y),
            None => self.row_of_selected(),
        };
        let Some(row) = row else { return };
        if let Some(connection) = row.connection() {
            self.select(&connection);
        }
        widgets::show_context_menu(
            &row,
            &connection_menu(),
            at.and_then(|(x, y)| {
                list.compute_point(&row, &gtk::graphene::Point::new(x as f32, y as f32))
            }),
        );
    }

    fn row_at(&self, x: f64, y: f64) -> Option<ConnectionRow> {
        let list = &self.imp().list;
        let mut place = list.pick(x, y, gtk::PickFlags::DEFAULT)?;
        // The edge of a row belongs to the list's own widget around it.
        loop {
            if let Some(row) = row_in(&place) {
                return Some(row);
            }
            place = place.parent().filter(|above| *above != **list)?;
        }
    }

    fn row_of_selected(&self) -> Option<ConnectionRow> {
        let selected = self.selected();
        let mut child = self.imp().list.first_child();
        while let Some(widget) = child {
            let row = row_in(&widget);
            if let Some(row) = row.filter(|row| row.connection() == selected) {
                return Some(row);
            }
            child = widget.next_sibling();
        }
        None
    }

    /// Alt with an arrow moves the selected row.
    fn move_by_keys(&self) {
        let keys = gtk::ShortcutController::new();
        for (trigger, action) in [
            ("<Alt>Up", "win.move-connection-up"),
            ("<Alt>Down", "win.move-connection-down"),
        ] {
            keys.add_shortcut(gtk::Shortcut::new(
                gtk::ShortcutTrigger::parse_string(trigger),
                Some(gtk::NamedAction::new(action)),
            ));
        }
        self.imp().list.add_controller(keys);
    }
}

/// Shows an item's connection in its row; a row that waits to be used again shows none.
fn show_in(item: &glib::Object, shown: bool) {
    if let Some(item) = item.downcast_ref::<gtk::ListItem>()
        && let Some(row) = item.child().and_downcast::<ConnectionRow>()
    {
        let connection: Option<Connection> = item.item().and_downcast();
        row.set_connection(connection.filter(|_| shown));
    }
}

/// Finds the row in a widget of the list, or the row that it lies in.
fn row_in(widget: &gtk::Widget) -> Option<ConnectionRow> {
    let row = widget.ancestor(ConnectionRow::static_type());
    row.or_else(|| widget.first_child())
        .and_downcast::<ConnectionRow>()
        .or_else(|| widget.downcast_ref::<ConnectionRow>().cloned())
}

/// Reads the menu of a connection, which acts on the selected one.
fn connection_menu() -> gio::MenuModel {
    read_menu(CONNECTION_MENU)
}

/// Where the menu of a connection lies.
pub(super) const CONNECTION_MENU: &str = super::resource!("connection_menu.ui");

/// Leaves a menu unmade until it is opened: most starts never show it.
pub(super) fn make_menu_when_opened(button: &gtk::MenuButton, path: &'static str) {
    button.set_create_popup_func(move |button| {
        if button.menu_model().is_none() {
            button.set_menu_model(Some(&read_menu(path)));
        }
    });
}

fn read_menu(path: &str) -> gio::MenuModel {
    let builder = gtk::Builder::from_resource(path);
    builder.object("menu").expect("the file holds the menu")
}
