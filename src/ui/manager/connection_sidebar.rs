//! The list of connections: which one is selected, and the menu of each.

use std::cell::RefCell;

use adw::{prelude::*, subclass::prelude::*};
use gtk::{gdk, gio, glib};

use super::connection_row::ConnectionRow;
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
        pub(super) list: TemplateChild<gtk::ListBox>,
        #[template_child]
        pub(super) menu_button: TemplateChild<gtk::MenuButton>,
        /// The connection whose guests are shown.
        #[property(get, nullable)]
        pub(super) selected: RefCell<Option<Connection>>,
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
            self.obj().connect_on_double_click();
            self.obj().connect_on_enter();
        }
    }

    impl WidgetImpl for ConnectionSidebar {}
    impl NavigationPageImpl for ConnectionSidebar {}

    #[gtk::template_callbacks]
    impl ConnectionSidebar {
        #[template_callback]
        fn on_row_selected(&self, row: Option<&gtk::ListBoxRow>) {
            let selected = row
                .and_then(|row| row.downcast_ref::<ConnectionRow>())
                .and_then(ConnectionRow::connection);
            if *self.selected.borrow() != selected {
                self.selected.replace(selected);
                self.obj().notify_selected();
            }
        }

        #[template_callback]
        fn on_row_activated(&self) {
            let _ = self.obj().activate_action("win.show-content", None);
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
        let list = &self.imp().list;
        list.bind_model(Some(connections), |item| {
            let connection = item.downcast_ref().expect("the list holds connections");
            ConnectionRow::new(connection).upcast()
        });
        let weak = self.downgrade();
        // After the list box's own handler: the rows are there already.
        connections.connect_items_changed(move |_, position, _, _| {
            if let Some(sidebar) = weak.upgrade() {
                sidebar.keep_a_selection(position as i32);
            }
        });
        self.keep_a_selection(0);
    }

    /// Selects a neighbour where the selected row went.
    fn keep_a_selection(&self, position: i32) {
        let list = &self.imp().list;
        if list.selected_row().is_none() {
            let row = list
                .row_at_index(position)
                .or_else(|| list.row_at_index(position - 1));
            list.select_row(row.as_ref());
        }
    }

    /// Selects a connection of the list.
    pub(super) fn select(&self, connection: &Connection) {
        if let Some(row) = self
            .rows()
            .find(|row| row.connection().as_ref() == Some(connection))
        {
            self.imp().list.select_row(Some(&row));
        }
    }

    fn rows(&self) -> impl Iterator<Item = ConnectionRow> {
        let list = self.imp().list.clone();
        (0..).map_while(move |index| list.row_at_index(index)?.downcast().ok())
    }

    /// Opens the menu of the row under a point, else of the row that has the focus.
    fn show_menu(&self, at: Option<(f64, f64)>) {
        let list = &self.imp().list;
        let row = match at {
            Some((_, y)) => list.row_at_y(y as i32),
            None => list.selected_row(),
        };
        let Some(row) = row else { return };
        list.select_row(Some(&row));
        widgets::show_context_menu(
            &row,
            &connection_menu(),
            at.and_then(|(x, y)| {
                list.compute_point(&row, &gtk::graphene::Point::new(x as f32, y as f32))
            }),
        );
    }

    fn connect_on_double_click(&self) {
        let list = &self.imp().list;
        let click = gtk::GestureClick::builder()
            .button(gdk::BUTTON_PRIMARY)
            .build();
        let weak = self.downgrade();
        click.connect_pressed(move |_, presses, _, y| {
            let Some(sidebar) = weak.upgrade() else {
                return;
            };
            let row = sidebar.imp().list.row_at_y(y as i32);
            if presses == 2 && row.is_some() {
                sidebar.connect_selected_host();
            }
        });
        list.add_controller(click);
    }

    fn connect_on_enter(&self) {
        let keys = gtk::EventControllerKey::builder()
            .propagation_phase(gtk::PropagationPhase::Capture)
            .build();
        let weak = self.downgrade();
        keys.connect_key_pressed(move |_, key, _, _| {
            let is_enter = matches!(
                key,
                gdk::Key::Return | gdk::Key::KP_Enter | gdk::Key::ISO_Enter
            );
            if let (true, Some(sidebar)) = (is_enter, weak.upgrade()) {
                sidebar.connect_selected_host();
            }
            glib::Propagation::Proceed
        });
        self.imp().list.add_controller(keys);
    }

    fn connect_selected_host(&self) {
        if let Some(connection) = self.selected()
            && connection.is_idle()
        {
            connection.connect_host();
        }
    }
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
