//! One connection in the sidebar: its mark, its icon, its name, and its state in words.

use std::cell::{OnceCell, RefCell};

use adw::{prelude::*, subclass::prelude::*};
use gtk::glib;

use crate::model::{Connection, ConnectionColour, ConnectionState};

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
        pub(super) question: TemplateChild<gtk::Image>,
        #[template_child]
        pub(super) problem: TemplateChild<gtk::Image>,
        /// The connection that the row shows.
        #[property(get, set = Self::set_connection, nullable, explicit_notify)]
        connection: RefCell<Option<Connection>>,
        signals: OnceCell<glib::SignalGroup>,
    }

    #[glib::object_subclass]
    impl ObjectSubclass for ConnectionRow {
        const NAME: &'static str = "InnkeeperConnectionRow";
        type Type = super::ConnectionRow;
        type ParentType = adw::Bin;

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
            let signals = glib::SignalGroup::new::<Connection>();
            for property in ["state", "asks", "colour", "uri", "warning"] {
                let weak = self.obj().downgrade();
                signals.connect_notify_local(Some(property), move |_, _| {
                    if let Some(row) = weak.upgrade() {
                        row.update();
                    }
                });
            }
            let _ = self.signals.set(signals);
        }
    }

    impl WidgetImpl for ConnectionRow {}
    impl BinImpl for ConnectionRow {}

    impl ConnectionRow {
        fn set_connection(&self, connection: Option<Connection>) {
            if *self.connection.borrow() == connection {
                return;
            }
            if let Some(signals) = self.signals.get() {
                signals.set_target(connection.as_ref());
            }
            self.connection.replace(connection);
            self.obj().update();
            self.obj().notify_connection();
        }
    }
}

glib::wrapper! {
    /// What a row of the list of connections shows.
    pub struct ConnectionRow(ObjectSubclass<imp::ConnectionRow>)
        @extends adw::Bin, gtk::Widget,
        @implements gtk::Accessible, gtk::Buildable, gtk::ConstraintTarget;
}

impl Default for ConnectionRow {
    fn default() -> Self {
        glib::Object::new()
    }
}

impl ConnectionRow {
    fn update(&self) {
        let imp = self.imp();
        let Some(connection) = self.connection() else {
            return;
        };
        let (state, asks) = (connection.state(), connection.asks());
        let is_busy = matches!(state, ConnectionState::Connecting | ConnectionState::Lost);
        imp.spinner.set_visible(is_busy && !asks);
        imp.question.set_visible(asks);
        let has_problem = state == ConnectionState::Failed || !connection.warning().is_empty();
        imp.problem.set_visible(has_problem && !asks);
        imp.icon.set_icon_name(Some(icon_of(&connection)));
        mark(&*imp.icon, connection.colour());
        if state == ConnectionState::Connected {
            self.remove_css_class("idle");
        } else {
            self.add_css_class("idle");
        }
    }
}

/// Gives a widget the style of a colour's mark.
pub(super) fn mark(widget: &impl IsA<gtk::Widget>, colour: ConnectionColour) {
    for other in ConnectionColour::ALL {
        if other != ConnectionColour::None {
            widget.remove_css_class(other.id());
        }
    }
    if colour == ConnectionColour::None {
        widget.remove_css_class("mark");
    } else {
        widget.add_css_class("mark");
        widget.add_css_class(colour.id());
    }
}

fn icon_of(connection: &Connection) -> &'static str {
    if connection.profile().uri.host().is_some() {
        "network-server-symbolic"
    } else {
        "computer-symbolic"
    }
}
