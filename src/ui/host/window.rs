//! The window itself: its title, its pages, and its end with the connection.

use std::cell::OnceCell;

use adw::{prelude::*, subclass::prelude::*};
use gtk::{gdk, gio, glib};

use super::{link_page::LinkPage, log_page::LogPage, overview::Overview};
use crate::model::Connection;

mod imp {
    use super::*;

    #[derive(Debug, Default, gtk::CompositeTemplate)]
    #[template(resource = "/io/github/innkeeper/Innkeeper/host/window.ui")]
    pub struct HostWindow {
        #[template_child]
        pub(super) title: TemplateChild<adw::WindowTitle>,
        #[template_child]
        pub(super) overview: TemplateChild<Overview>,
        #[template_child]
        pub(super) link: TemplateChild<LinkPage>,
        #[template_child]
        pub(super) log: TemplateChild<LogPage>,
        pub(super) connection: OnceCell<Connection>,
        pub(super) signals: OnceCell<glib::SignalGroup>,
    }

    #[glib::object_subclass]
    impl ObjectSubclass for HostWindow {
        const NAME: &'static str = "InnkeeperHostWindow";
        type Type = super::HostWindow;
        type ParentType = adw::ApplicationWindow;

        fn class_init(klass: &mut Self::Class) {
            Overview::ensure_type();
            LinkPage::ensure_type();
            LogPage::ensure_type();
            klass.bind_template();
            for (key, action) in [(gdk::Key::w, "window.close"), (gdk::Key::q, "app.quit")] {
                klass.add_binding_action(key, gdk::ModifierType::CONTROL_MASK, action);
            }
            klass.add_binding_action(gdk::Key::Escape, gdk::ModifierType::empty(), "window.close");
        }

        fn instance_init(obj: &glib::subclass::InitializingObject<Self>) {
            obj.init_template();
        }
    }

    impl ObjectImpl for HostWindow {}
    impl WidgetImpl for HostWindow {}
    impl WindowImpl for HostWindow {}
    impl ApplicationWindowImpl for HostWindow {}
    impl AdwApplicationWindowImpl for HostWindow {}
}

glib::wrapper! {
    /// The window with what is known of a connection and its host.
    pub struct HostWindow(ObjectSubclass<imp::HostWindow>)
        @extends adw::ApplicationWindow, gtk::ApplicationWindow, gtk::Window, gtk::Widget,
        @implements gio::ActionGroup, gio::ActionMap, gtk::Accessible, gtk::Buildable,
            gtk::ConstraintTarget, gtk::Native, gtk::Root, gtk::ShortcutManager;
}

impl HostWindow {
    /// Makes the window of a connection; it closes when the connection is removed.
    pub fn new(app: &gtk::Application, connection: &Connection) -> Self {
        let window: Self = glib::Object::builder().property("application", app).build();
        let imp = window.imp();
        imp.connection
            .set(connection.clone())
            .expect("a new window has no connection yet");
        imp.overview.set_connection(connection);
        imp.link.set_connection(connection);
        imp.log.set_connection(connection);
        window.follow(connection);
        window.update_title(connection);
        window
    }

    /// Gives the connection that it shows.
    pub fn connection(&self) -> Option<Connection> {
        self.imp().connection.get().cloned()
    }

    fn follow(&self, connection: &Connection) {
        let signals = glib::SignalGroup::new::<Connection>();
        for property in ["label", "state-text"] {
            let weak = self.downgrade();
            signals.connect_notify_local(Some(property), move |connection, _| {
                let connection = connection.downcast_ref::<Connection>();
                if let Some((window, connection)) = weak.upgrade().zip(connection) {
                    window.update_title(connection);
                }
            });
        }
        let weak = self.downgrade();
        signals.connect_local("removed", false, move |_| {
            if let Some(window) = weak.upgrade() {
                window.close();
            }
            None
        });
        signals.set_target(Some(connection));
        let _ = self.imp().signals.set(signals);
    }

    fn update_title(&self, connection: &Connection) {
        let name = connection.label();
        self.set_title(Some(&name));
        self.imp().title.set_title(&name);
        self.imp().title.set_subtitle(&connection.state_text());
    }
}
