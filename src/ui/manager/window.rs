//! The main window itself: its parts, its size, and the calls by which the application opens things in it.

use std::cell::OnceCell;

use adw::{prelude::*, subclass::prelude::*};
use gtk::{gio, glib};

use super::{actions, connection_page::ConnectionPage, connection_sidebar::ConnectionSidebar};
use crate::{
    app::{
        errors::UserFacing,
        i18n::gettext_f,
        settings::{Key, Settings},
    },
    model::{Connection, ConnectionList, Error, Profile},
    widgets,
};

mod imp {
    use super::*;

    #[derive(Debug, Default, gtk::CompositeTemplate)]
    #[template(resource = "/io/github/innkeeper/Innkeeper/manager/window.ui")]
    pub struct ManagerWindow {
        #[template_child]
        pub(super) split_view: TemplateChild<adw::NavigationSplitView>,
        #[template_child]
        pub(super) sidebar: TemplateChild<ConnectionSidebar>,
        #[template_child]
        pub(super) page: TemplateChild<ConnectionPage>,
        pub(super) connections: OnceCell<ConnectionList>,
    }

    #[glib::object_subclass]
    impl ObjectSubclass for ManagerWindow {
        const NAME: &'static str = "InnkeeperManagerWindow";
        type Type = super::ManagerWindow;
        type ParentType = adw::ApplicationWindow;

        fn class_init(klass: &mut Self::Class) {
            klass.bind_template();
            actions::bind_keys(klass);
        }

        fn instance_init(obj: &glib::subclass::InitializingObject<Self>) {
            obj.init_template();
        }
    }

    impl ObjectImpl for ManagerWindow {
        fn constructed(&self) {
            self.parent_constructed();
            let window = self.obj();
            let settings = Settings::get();
            settings.bind(Key::ManagerWindowWidth, &*window, "default-width");
            settings.bind(Key::ManagerWindowHeight, &*window, "default-height");
            settings.bind(Key::ManagerWindowMaximized, &*window, "maximized");
            actions::install(&window);
            widgets::keep_focus_over_breakpoints(&*window);
            self.page.capture_keys(&*window);
        }
    }

    impl WidgetImpl for ManagerWindow {}
    impl WindowImpl for ManagerWindow {}
    impl ApplicationWindowImpl for ManagerWindow {}
    impl AdwApplicationWindowImpl for ManagerWindow {}
}

glib::wrapper! {
    /// The window with the connections and their guests.
    pub struct ManagerWindow(ObjectSubclass<imp::ManagerWindow>)
        @extends adw::ApplicationWindow, gtk::ApplicationWindow, gtk::Window, gtk::Widget,
        @implements gio::ActionGroup, gio::ActionMap, gtk::Accessible, gtk::Buildable,
            gtk::ConstraintTarget, gtk::Native, gtk::Root, gtk::ShortcutManager;
}

impl ManagerWindow {
    /// Makes the window over the user's connections.
    pub fn new(app: &gtk::Application, connections: &ConnectionList) -> Self {
        let window: Self = glib::Object::builder().property("application", app).build();
        let imp = window.imp();
        imp.connections
            .set(connections.clone())
            .expect("a new window has no connections yet");
        imp.sidebar.set_connections(connections);
        actions::follow_list(&window, connections);
        window.tell_what_is_not_kept(connections);
        window.offer_import_soon();
        imp.split_view.set_show_content(connections.n_items() > 0);
        window
    }

    fn tell_what_is_not_kept(&self, connections: &ConnectionList) {
        let weak = self.downgrade();
        connections.connect_not_kept(move |reason| {
            if let Some(window) = weak.upgrade() {
                window.show_message(&gettext_f(
                    // Translators: {reason} comes from the system, such as “No space left on device (os error 28)”.
                    "The list of connections could not be saved: {reason}",
                    &[("reason", reason)],
                ));
            }
        });
    }

    /// Selects a connection by its URI and connects it. One that is new is added; should it fail, the user is asked
    /// whether to keep it.
    pub fn open_connection(&self, uri: &str) {
        match uri.parse() {
            Ok(uri) => self.open(Profile::new(uri)),
            Err(error) => self.show_error(&error),
        }
    }

    /// Shows that what was asked for cannot be done.
    pub fn show_error(&self, error: &Error) {
        widgets::show_error(self, &error.headline(), error);
    }

    /// Shows a short message.
    pub fn show_message(&self, text: &str) {
        widgets::show_message(self, text);
    }

    /// Opens the window of a connection's host.
    pub(super) fn open_host(&self, connection: &Connection) {
        let uri = connection.uri().to_variant();
        let _ = WidgetExt::activate_action(self, "app.open-host", Some(&uri));
    }

    /// Selects the connection with a URI, if it is listed, without turning to it where only one side has room.
    pub(super) fn select_by_uri(&self, uri: &str) {
        let known = self.connections().and_then(|list| list.find(uri));
        if let Some(connection) = known {
            self.imp().sidebar.select(&connection);
        }
    }

    /// Shows a connection.
    pub(super) fn select(&self, connection: &Connection) {
        self.imp().sidebar.select(connection);
        self.show_content();
    }

    /// Turns to the guests where only one side has room.
    pub(super) fn show_content(&self) {
        self.imp().split_view.set_show_content(true);
    }

    /// Hides the connections, or shows them again.
    pub(super) fn toggle_sidebar(&self) {
        let split_view = &self.imp().split_view;
        if split_view.is_collapsed() {
            let is_narrow = self.imp().page.narrow();
            split_view.set_show_content(is_narrow && !split_view.shows_content());
            split_view.set_collapsed(is_narrow);
        } else {
            split_view.set_show_content(true);
            split_view.set_collapsed(true);
        }
    }

    pub(super) fn toggle_search(&self) {
        self.show_content();
        self.imp().page.toggle_search();
    }

    /// The connections; `None` while the window is being made.
    pub(super) fn connections(&self) -> Option<&ConnectionList> {
        self.imp().connections.get()
    }

    pub(super) fn sidebar(&self) -> &ConnectionSidebar {
        &self.imp().sidebar
    }

    pub(super) fn selected(&self) -> Option<Connection> {
        self.imp().sidebar.selected()
    }
}
