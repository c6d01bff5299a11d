//! The guests of the selected connection, or the page that says why there are none to see.
//!
//! Here: the page's parts and what it follows. `view` chooses what fills it, `search` finds, `selection` acts.

mod banner;
mod search;
mod selection;
mod view;

use std::cell::{Cell, OnceCell, RefCell};

use adw::{prelude::*, subclass::prelude::*};
use gtk::{gio, glib};

use super::{
    action_bar::ActionBar, connection_sidebar, failure_page::FailurePage, guest_table::GuestTable,
};
use crate::model::{Connection, GuestList};
use view::View;

mod imp {
    use super::*;

    #[derive(Debug, Default, glib::Properties, gtk::CompositeTemplate)]
    #[properties(wrapper_type = super::ConnectionPage)]
    #[template(resource = "/io/github/innkeeper/Innkeeper/manager/connection_page.ui")]
    pub struct ConnectionPage {
        #[template_child]
        pub(super) view: TemplateChild<adw::ToolbarView>,
        #[template_child]
        pub(super) window_title: TemplateChild<adw::WindowTitle>,
        #[template_child]
        pub(super) menu_button: TemplateChild<gtk::MenuButton>,
        #[template_child]
        pub(super) search_button: TemplateChild<gtk::ToggleButton>,
        #[template_child]
        pub(super) banner: TemplateChild<adw::Banner>,
        #[template_child]
        pub(super) stack: TemplateChild<gtk::Stack>,

        // What most users never see is made when it is first needed.
        pub(super) table: OnceCell<GuestTable>,
        pub(super) failure: OnceCell<FailurePage>,
        pub(super) connecting: OnceCell<adw::StatusPage>,
        pub(super) search_bar: OnceCell<(gtk::SearchBar, gtk::SearchEntry)>,
        pub(super) action_bar: OnceCell<ActionBar>,
        pub(super) acts: OnceCell<gio::SimpleActionGroup>,

        pub(super) connection_signals: OnceCell<glib::SignalGroup>,
        pub(super) guest_signals: OnceCell<glib::SignalGroup>,
        pub(super) shown: Cell<Option<View>>,
        pub(super) spinner_delay: RefCell<Option<glib::SourceId>>,
        pub(super) countdown: RefCell<Option<glib::SourceId>>,
        pub(super) pending_acts: Cell<bool>,

        /// The connection whose guests are shown.
        #[property(get, set = Self::set_connection, nullable, explicit_notify)]
        pub(super) connection: RefCell<Option<Connection>>,
        /// Whether the page has the window for itself, because that is narrow.
        #[property(get, set = Self::set_narrow, explicit_notify)]
        pub(super) narrow: Cell<bool>,
    }

    #[glib::object_subclass]
    impl ObjectSubclass for ConnectionPage {
        const NAME: &'static str = "InnkeeperConnectionPage";
        type Type = super::ConnectionPage;
        type ParentType = adw::NavigationPage;

        fn class_init(klass: &mut Self::Class) {
            klass.bind_template();
            klass.bind_template_callbacks();
            selection::install_actions(klass);
            klass.install_action("page.clear-search", None, |page, _, _| page.end_search());
        }

        fn instance_init(obj: &glib::subclass::InitializingObject<Self>) {
            obj.init_template();
        }
    }

    #[glib::derived_properties]
    impl ObjectImpl for ConnectionPage {
        fn constructed(&self) {
            self.parent_constructed();
            let page = self.obj();
            connection_sidebar::make_menu_when_opened(
                &self.menu_button,
                connection_sidebar::CONNECTION_MENU,
            );
            page.follow_connection();
            page.install_acts();
            page.take_connection();
        }

        fn dispose(&self) {
            for timer in [&self.spinner_delay, &self.countdown] {
                if let Some(timer) = timer.take() {
                    timer.remove();
                }
            }
        }
    }

    impl WidgetImpl for ConnectionPage {}
    impl NavigationPageImpl for ConnectionPage {}

    impl ConnectionPage {
        fn set_connection(&self, connection: Option<Connection>) {
            if *self.connection.borrow() == connection {
                return;
            }
            let page = self.obj();
            page.end_search();
            self.connection.replace(connection);
            page.take_connection();
            page.notify_connection();
        }

        fn set_narrow(&self, narrow: bool) {
            if self.narrow.replace(narrow) != narrow {
                if let Some(bar) = self.action_bar.get() {
                    bar.set_narrow(narrow);
                }
                self.obj().queue_update_acts();
                self.obj().notify_narrow();
            }
        }
    }

    #[gtk::template_callbacks]
    impl ConnectionPage {
        #[template_callback]
        fn on_search_toggled(&self, button: &gtk::ToggleButton) {
            self.obj().set_searching(button.is_active());
        }
    }
}

glib::wrapper! {
    /// The page with the guests of one connection.
    pub struct ConnectionPage(ObjectSubclass<imp::ConnectionPage>)
        @extends adw::NavigationPage, gtk::Widget,
        @implements gtk::Accessible, gtk::Buildable, gtk::ConstraintTarget;
}

impl ConnectionPage {
    /// Prepares to hear of whichever connection is shown.
    fn follow_connection(&self) {
        let signals = glib::SignalGroup::new::<Connection>();
        for property in ["state", "state-text", "label", "warning"] {
            let weak = self.downgrade();
            signals.connect_notify_local(Some(property), move |_, _| {
                if let Some(page) = weak.upgrade() {
                    page.update_view();
                }
            });
        }
        let _ = self.imp().connection_signals.set(signals);

        let signals = glib::SignalGroup::new::<GuestList>();
        let weak = self.downgrade();
        signals.connect_local("items-changed", true, move |_| {
            if let Some(page) = weak.upgrade() {
                page.update_view();
            }
            None
        });
        let weak = self.downgrade();
        signals.connect_local("changed", true, move |_| {
            if let Some(page) = weak.upgrade() {
                page.queue_update_acts();
            }
            None
        });
        let _ = self.imp().guest_signals.set(signals);
    }

    /// Turns to another connection.
    fn take_connection(&self) {
        let imp = self.imp();
        let connection = self.connection();
        let guests = connection.as_ref().map(Connection::guests);
        if let Some(signals) = imp.connection_signals.get() {
            signals.set_target(connection.as_ref());
        }
        if let Some(signals) = imp.guest_signals.get() {
            signals.set_target(guests.as_ref());
        }
        if let Some(table) = imp.table.get() {
            table.set_connection(connection.as_ref());
        }
        imp.menu_button.set_visible(connection.is_some());
        imp.search_button.set_visible(connection.is_some());
        imp.shown.set(None);
        self.update_view();
    }
}
