//! One connection in the sidebar: its icon, its name, and its state in words.

use std::cell::RefCell;

use adw::{prelude::*, subclass::prelude::*};
use gtk::glib;

use crate::model::{Connection, ConnectionState, Uri};

mod imp {
    use super::*;

    #[derive(Debug, Default, glib::Properties, gtk::CompositeTemplate)]
    #[properties(wrapper_type = super::ConnectionRow)]
    #[template(resource = "/io/github/innkeeper/Innkeeper/manager/connection_row.ui")]
    pub struct ConnectionRow {
        #[template_child]
        pub(super) icon: TemplateChild<gtk::Image>,
        #[template_child]
        pub(super) spinner: TemplateChild<adw::Spinner>,
        #[template_child]
        pub(super) problem: TemplateChild<gtk::Image>,
        /// The connection that the row shows.
        #[property(get, construct_only)]
        connection: RefCell<Option<Connection>>,
    }

    #[glib::object_subclass]
    impl ObjectSubclass for ConnectionRow {
        const NAME: &'static str = "InnkeeperConnectionRow";
        type Type = super::ConnectionRow;
        type ParentType = gtk::ListBoxRow;

        fn class_init(klass: &mut Self::Class) {
            klass.bind_template();
        }

        fn instance_init(obj: &glib::subclass::InitializingObject<Self>) {
            obj.init_template();
        }
    }

    #[glib::derived_properties]
    impl ObjectImpl for ConnectionRow {
        fn constructed(&self) {
            self.parent_constructed();
            if let Some(connection) = &*self.connection.borrow() {
                self.icon.set_icon_name(Some(icon_of(connection)));
                let weak = self.obj().downgrade();
                connection.connect_state_notify(move |connection| {
                    if let Some(row) = weak.upgrade() {
                        row.update(connection.state());
                    }
                });
                self.obj().update(connection.state());
            }
        }
    }

    impl WidgetImpl for ConnectionRow {}
    impl ListBoxRowImpl for ConnectionRow {}
}

glib::wrapper! {
    /// A row of the list of connections.
    pub struct ConnectionRow(ObjectSubclass<imp::ConnectionRow>)
        @extends gtk::ListBoxRow, gtk::Widget,
        @implements gtk::Accessible, gtk::Actionable, gtk::Buildable, gtk::ConstraintTarget;
}

impl ConnectionRow {
    /// Makes the row of a connection.
    pub(super) fn new(connection: &Connection) -> Self {
        glib::Object::builder()
            .property("connection", connection)
            .build()
    }

    fn update(&self, state: ConnectionState) {
        let imp = self.imp();
        let is_busy = matches!(state, ConnectionState::Connecting | ConnectionState::Lost);
        imp.spinner.set_visible(is_busy);
        imp.problem.set_visible(state == ConnectionState::Failed);
        if state == ConnectionState::Connected {
            self.remove_css_class("idle");
        } else {
            self.add_css_class("idle");
        }
    }
}

fn icon_of(connection: &Connection) -> &'static str {
    let is_remote = |uri: Uri| uri.host().is_some();
    if connection.uri().parse().is_ok_and(is_remote) {
        "network-server-symbolic"
    } else {
        "computer-symbolic"
    }
}
