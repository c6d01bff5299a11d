//! The application object: one instance a session, its actions, and which windows are open.

use std::{
    cell::{Cell, OnceCell},
    rc::Rc,
};

use adw::subclass::prelude::*;
use gtk::{gio, glib, prelude::*};

use super::{
    command_line::{self, Request, Show},
    i18n::gettext,
    runtime, watchdog,
};
use crate::{
    APP_ID,
    model::{Connection, ConnectionList, ConnectionState, Guest, finish_writing},
    ui::{
        GuestPage, GuestWindow, HelpWindow, HostWindow, ManagerWindow, dialogs,
        dialogs::questions::Presenter,
    },
};

/// One row of the application's actions: its name, its keys, what it does.
struct Action {
    name: &'static str,
    accels: &'static [&'static str],
    activate: fn(&Application),
}

const ACTIONS: &[Action] = &[
    Action {
        name: "quit",
        accels: &[],
        activate: Application::quit_all,
    },
    Action {
        name: "about",
        accels: &[],
        activate: |app| dialogs::show_about(&app.front_window()),
    },
    Action {
        name: "shortcuts",
        accels: &["<Ctrl>question"],
        activate: |app| dialogs::show_shortcuts(&app.front_window()),
    },
    Action {
        name: "preferences",
        accels: &["<Ctrl>comma"],
        activate: |app| dialogs::show_preferences(&app.front_window()),
    },
    Action {
        name: "show-manager",
        accels: &[],
        activate: |app| app.manager_window().present(),
    },
];

mod imp {
    use super::*;

    #[derive(Debug, Default)]
    pub struct Application {
        pub(super) connections: OnceCell<ConnectionList>,
        /// Whether this invocation starts the kept connections.
        pub(super) autoconnects: Cell<bool>,
        pub(super) manager: glib::WeakRef<ManagerWindow>,
        pub(super) presenter: OnceCell<Rc<Presenter>>,
    }

    #[glib::object_subclass]
    impl ObjectSubclass for Application {
        const NAME: &'static str = "InnkeeperApplication";
        type Type = super::Application;
        type ParentType = adw::Application;
    }

    impl ObjectImpl for Application {
        fn constructed(&self) {
            self.parent_constructed();
            command_line::declare(&*self.obj());
        }
    }

    impl ApplicationImpl for Application {
        fn startup(&self) {
            // The hosts answer while the toolkit starts.
            if self.autoconnects.get() {
                self.obj().connections().autoconnect();
            }
            self.parent_startup();
            watchdog::start();
            gtk::Window::set_default_icon_name(APP_ID);
            self.obj().install_actions();
            self.obj().show_questions();
            runtime::detach(async { innkeeper_core::remove_left_folders() });
        }

        fn shutdown(&self) {
            finish_writing();
            if let Some(connections) = self.connections.get() {
                connections.leave();
            }
            self.parent_shutdown();
        }

        fn handle_local_options(
            &self,
            options: &glib::VariantDict,
        ) -> std::ops::ControlFlow<glib::ExitCode> {
            if let Some(status) = command_line::handle_locally(options) {
                return std::ops::ControlFlow::Break(status);
            }
            self.autoconnects.set(!options.contains("connect"));
            std::ops::ControlFlow::Continue(())
        }

        fn command_line(&self, invocation: &gio::ApplicationCommandLine) -> glib::ExitCode {
            let arguments: Vec<String> = invocation
                .arguments()
                .iter()
                .map(|argument| argument.to_string_lossy().into_owned())
                .collect();
            match command_line::read(&invocation.options_dict(), &arguments) {
                Ok(request) => {
                    self.obj().serve(request);
                    glib::ExitCode::SUCCESS
                }
                Err(error) => {
                    invocation.printerr_literal(&format!("innkeeper: {error}\n"));
                    glib::ExitCode::from(2)
                }
            }
        }
    }

    impl GtkApplicationImpl for Application {}
    impl AdwApplicationImpl for Application {}
}

glib::wrapper! {
    /// The running program.
    pub struct Application(ObjectSubclass<imp::Application>)
        @extends adw::Application, gtk::Application, gio::Application,
        @implements gio::ActionGroup, gio::ActionMap;
}

impl Default for Application {
    fn default() -> Self {
        Self::new()
    }
}

impl Application {
    /// Makes the application; it becomes the session's only one when it runs.
    pub fn new() -> Self {
        glib::Object::builder()
            .property("application-id", APP_ID)
            .property("resource-base-path", "/io/github/innkeeper/Innkeeper")
            .property("flags", gio::ApplicationFlags::HANDLES_COMMAND_LINE)
            .build()
    }

    fn install_actions(&self) {
        for action in ACTIONS {
            let entry = gio::ActionEntry::builder(action.name)
                .activate(|app: &Self, _, _| (action.activate)(app))
                .build();
            self.add_action_entries([entry]);
            if !action.accels.is_empty() {
                self.set_accels_for_action(&format!("app.{}", action.name), action.accels);
            }
        }
        // Opens the help at a page, such as `connect-ssh`.
        let help = gio::ActionEntry::builder("help")
            .parameter_type(Some(glib::VariantTy::STRING))
            .activate(|app: &Self, _, parameter| {
                app.show_help(parameter.and_then(glib::Variant::str).unwrap_or_default());
            })
            .build();
        self.set_accels_for_action("app.help::connect", &["F1"]);
        // Opens a guest's window: the connection's URI, the guest's UUID, the page.
        let open = gio::ActionEntry::builder("open-guest")
            .parameter_type(Some(glib::VariantTy::new("(sss)").expect("a valid type")))
            .activate(|app: &Self, _, parameter| {
                if let Some((uri, uuid, page)) =
                    parameter.and_then(glib::Variant::get::<(String, String, String)>)
                {
                    app.open_guest_by_name(&uri, &uuid, &page);
                }
            })
            .build();
        // Opens the window of a connection, which its URI names.
        let open_host = gio::ActionEntry::builder("open-host")
            .parameter_type(Some(glib::VariantTy::STRING))
            .activate(|app: &Self, _, parameter| {
                let uri = parameter.and_then(glib::Variant::get::<String>);
                if let Some(connection) = uri.and_then(|uri| app.connections().find(&uri)) {
                    app.open_host(&connection);
                }
            })
            .build();
        // Opens the dialog of a connection, which its URI names, with another address to begin with.
        let edit = gio::ActionEntry::builder("edit-connection")
            .parameter_type(Some(glib::VariantTy::new("(ss)").expect("a valid type")))
            .activate(|app: &Self, _, parameter| {
                if let Some((uri, new)) = parameter.and_then(glib::Variant::get::<(String, String)>)
                {
                    app.edit_connection(&uri, &new);
                }
            })
            .build();
        self.add_action_entries([help, open, open_host, edit]);
    }

    /// Shows what hosts and screens ask, each question in its window.
    fn show_questions(&self) {
        let weak = self.downgrade();
        let presenter = Presenter::new(move |asker| weak.upgrade()?.window_for(asker));
        let weak = Rc::downgrade(&presenter);
        self.connect_window_added(move |_, _| {
            if let Some(presenter) = weak.upgrade() {
                presenter.look_soon();
            }
        });
        let is_first = self.imp().presenter.set(presenter).is_ok();
        debug_assert!(is_first, "the application starts once");
    }

    fn serve(&self, request: Request) {
        match (request.connect, request.show) {
            (None, _) => {
                self.connections_started();
                self.manager_window().present();
            }
            (Some(uri), None) => {
                self.connections_started();
                let window = self.manager_window();
                window.present();
                window.open_connection(&uri);
            }
            (Some(uri), Some(show)) => self.serve_show(&uri, show),
        }
    }

    /// Shows one window and leaves the main one and the other connections alone, as virt-manager does.
    fn serve_show(&self, uri: &str, show: Show) {
        let connection = match self.connections().add(uri, false) {
            Ok(connection) => connection,
            Err(error) => {
                let window = self.manager_window();
                window.present();
                window.show_error(&error);
                return;
            }
        };
        match show {
            Show::Console(guest) => self.open_when_listed(&connection, guest, GuestPage::Console),
            Show::Editor(guest) => self.open_when_listed(&connection, guest, GuestPage::Details),
            Show::Performance(guest) => {
                self.open_when_listed(&connection, guest, GuestPage::Performance);
            }
            Show::HostSummary => {
                connection.connect_host();
                self.open_host(&connection);
            }
            Show::Creator => {
                let window = self.manager_window();
                window.present();
                window.open_connection(uri);
                window.show_message(&gettext(
                    "This version of Innkeeper cannot create virtual machines",
                ));
            }
        }
    }

    /// Connects, then opens the guest's window; shows the main window with the reason when that cannot be.
    fn open_when_listed(&self, connection: &Connection, guest: String, page: GuestPage) {
        connection.connect_host();
        let hold = self.hold();
        let app = self.clone();
        let connection = connection.clone();
        runtime::local(async move {
            let _hold = hold;
            wait_until_settled(&connection).await;
            if let Some(found) = connection.guests().find(&guest) {
                app.open_guest(&found, page);
                return;
            }
            let window = app.manager_window();
            window.present();
            window.open_connection(&connection.uri());
            if connection.state() == ConnectionState::Connected {
                window.show_message(&super::i18n::gettext_f(
                    "There is no virtual machine “{name}” on this host",
                    &[("name", &guest)],
                ));
            }
        });
    }

    fn open_guest_by_name(&self, uri: &str, uuid: &str, page: &str) {
        let guest = self
            .connections()
            .find(uri)
            .and_then(|connection| connection.guests().find(uuid));
        if let Some(guest) = guest {
            self.open_guest(&guest, GuestPage::from_name(page));
        }
    }

    fn open_guest(&self, guest: &Guest, page: GuestPage) {
        // By the connection itself: its address may be edited, and a guest may move to another one.
        let is_its = |window: &GuestWindow| {
            let shown = window.guest();
            shown.is_some_and(|shown| {
                shown.uuid() == guest.uuid() && shown.connection() == guest.connection()
            })
        };
        let open = self.open_windows().find(is_its);
        let window = open.unwrap_or_else(|| GuestWindow::new(self.upcast_ref(), guest));
        window.show_page(page);
        window.present();
    }

    fn edit_connection(&self, uri: &str, new: &str) {
        if let (Some(connection), Ok(new)) = (self.connections().find(uri), new.parse()) {
            let window = self.manager_window();
            window.present();
            window.edit_as(&connection, &new);
        }
    }

    fn open_host(&self, connection: &Connection) {
        let open = self.windows().into_iter().find_map(|window| {
            let window = window.downcast::<HostWindow>().ok()?;
            (window.connection().as_ref() == Some(connection)).then_some(window)
        });
        let window = open.unwrap_or_else(|| HostWindow::new(self.upcast_ref(), connection));
        window.present();
    }

    fn connections(&self) -> ConnectionList {
        self.imp()
            .connections
            .get_or_init(ConnectionList::load)
            .clone()
    }

    /// Gives the connections, and starts those that want it the first time.
    fn connections_started(&self) -> ConnectionList {
        let first = self.imp().manager.upgrade().is_none();
        let connections = self.connections();
        if first {
            connections.autoconnect();
        }
        connections
    }

    pub(super) fn manager_window(&self) -> ManagerWindow {
        if let Some(window) = self.imp().manager.upgrade() {
            return window;
        }
        let window = ManagerWindow::new(self.upcast_ref(), &self.connections());
        self.imp().manager.set(Some(&window));
        window
    }

    fn show_help(&self, page: &str) {
        let open = self.windows().into_iter().find_map(|w| w.downcast().ok());
        let window: HelpWindow = open.unwrap_or_else(|| HelpWindow::new(self.upcast_ref()));
        window.show_page(page);
        window.present();
    }

    fn front_window(&self) -> gtk::Window {
        self.active_window()
            .unwrap_or_else(|| self.manager_window().upcast())
    }

    fn quit_all(&self) {
        for window in self.windows() {
            window.close();
        }
    }
}

/// Waits until a connection is up or has failed.
async fn wait_until_settled(connection: &Connection) {
    let (settled, wait) = async_channel::bounded::<()>(1);
    let handler = connection.connect_state_notify(move |connection| {
        if is_settled(connection) {
            let _ = settled.try_send(());
        }
    });
    if !is_settled(connection) {
        let _ = wait.recv().await;
    }
    connection.disconnect(handler);
}

fn is_settled(connection: &Connection) -> bool {
    matches!(
        connection.state(),
        ConnectionState::Connected | ConnectionState::Failed | ConnectionState::Lost
    )
}
