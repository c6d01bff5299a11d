//! What fills the page: the table, or the page that fits the connection's state.

use std::time::Duration;

use adw::{prelude::*, subclass::prelude::*};
use gtk::glib;

use super::ConnectionPage;
use crate::{
    app::i18n::gettext,
    model::{Connection, ConnectionState},
    ui::manager::{
        command_row::CommandRow, failure_page::FailurePage, guest_table::GuestTable, resource,
    },
};

/// A connection that is up sooner shows no spinner: it would only flicker.
const SPINNER_DELAY: Duration = Duration::from_millis(300);

/// What the page can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ui::manager) enum View {
    /// There are no connections at all.
    Start,
    /// The connection is not up and nobody wants it up.
    Disconnected,
    /// It is on its way.
    Connecting,
    /// It failed.
    Failed,
    /// The host has no guests.
    Empty,
    /// No guest fits the search.
    NoResults,
    /// The guests.
    Table,
}

impl View {
    /// Chooses what to show.
    ///
    /// A lost host keeps its last list; one that connects anew shows its list as soon as there is one.
    fn choose(state: Option<ConnectionState>, has_guests: bool, has_results: bool) -> Self {
        match state {
            None => Self::Start,
            Some(ConnectionState::Disconnected) => Self::Disconnected,
            Some(ConnectionState::Failed) => Self::Failed,
            Some(ConnectionState::Connecting) if !has_guests => Self::Connecting,
            Some(_) if !has_guests => Self::Empty,
            Some(_) if !has_results => Self::NoResults,
            Some(_) => Self::Table,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Disconnected => "disconnected",
            Self::Connecting => "connecting",
            Self::Failed => "failed",
            Self::Empty => "empty",
            Self::NoResults => "no-results",
            Self::Table => "table",
        }
    }
}

impl ConnectionPage {
    /// Brings titles, banner and contents in line with the connection.
    pub(super) fn update_view(&self) {
        let imp = self.imp();
        let connection = self.connection();
        let state = connection.as_ref().map(Connection::state);
        let has_guests = connection
            .as_ref()
            .is_some_and(|c| c.guests().n_items() > 0);
        let has_results = imp.table.get().is_none_or(GuestTable::has_results);
        self.update_titles(connection.as_ref());
        self.update_banner(connection.as_ref());
        let view = View::choose(state, has_guests, has_results);
        self.show_view(view, connection.as_ref());
        self.queue_update_acts();
    }

    fn update_titles(&self, connection: Option<&Connection>) {
        let title = &self.imp().window_title;
        let name = connection.map(Connection::label).unwrap_or_default();
        title.set_title(&name);
        title.set_subtitle(&connection.map(Connection::state_text).unwrap_or_default());
        self.set_title(&match connection {
            Some(_) => name,
            None => gettext("Virtual Machines"),
        });
    }

    fn show_view(&self, view: View, connection: Option<&Connection>) {
        let imp = self.imp();
        let is_new = imp.shown.replace(Some(view)) != Some(view);
        if is_new && let Some(delay) = imp.spinner_delay.take() {
            delay.remove();
        }
        match (view, connection) {
            (View::Connecting, Some(connection)) => {
                if is_new {
                    self.show_spinner_later();
                }
                if let Some(page) = imp.connecting.get() {
                    page.set_description(Some(&connection.state_text()));
                }
                return;
            }
            (View::Failed, Some(connection)) => {
                if let Some(error) = connection.error() {
                    self.failure().set_error(connection, &error);
                }
            }
            _ => {}
        }
        if is_new {
            self.show_child(view);
        }
    }

    fn show_spinner_later(&self) {
        let weak = self.downgrade();
        let delay = glib::timeout_add_local_once(SPINNER_DELAY, move || {
            if let Some(page) = weak.upgrade() {
                page.imp().spinner_delay.take();
                page.show_child(View::Connecting);
            }
        });
        self.imp().spinner_delay.replace(Some(delay));
        // Until then nothing, but never the state before.
        let stack = &self.imp().stack;
        if stack.child_by_name("blank").is_none() {
            stack.add_named(&adw::Bin::new(), Some("blank"));
        }
        stack.set_visible_child_name("blank");
        // The time until the first answer is used to make the table.
        let weak = self.downgrade();
        glib::idle_add_local_once(move || {
            if let Some(page) = weak.upgrade() {
                page.table();
            }
        });
    }

    fn show_child(&self, view: View) {
        let stack = &self.imp().stack;
        match view {
            View::Table => {
                self.table();
            }
            View::Failed => {
                self.failure();
            }
            _ if stack.child_by_name(view.name()).is_none() => {
                let page = load_page(view);
                stack.add_named(&page, Some(view.name()));
                if view == View::Connecting {
                    let _ = self.imp().connecting.set(page);
                }
            }
            _ => {}
        }
        if let (View::Connecting, Some(page), Some(connection)) =
            (view, self.imp().connecting.get(), self.connection())
        {
            page.set_description(Some(&connection.state_text()));
        }
        stack.set_visible_child_name(view.name());
    }

    /// Gives the table, made when it is first wanted.
    pub(super) fn table(&self) -> &GuestTable {
        let imp = self.imp();
        imp.table.get_or_init(|| {
            let table = GuestTable::default();
            table.set_connection(self.connection().as_ref());
            self.follow_table(&table);
            imp.stack.add_named(&table, Some(View::Table.name()));
            table
        })
    }

    fn failure(&self) -> &FailurePage {
        let imp = self.imp();
        imp.failure.get_or_init(|| {
            let page = FailurePage::default();
            imp.stack.add_named(&page, Some(View::Failed.name()));
            page
        })
    }
}

/// Reads one of the pages that are nothing but words and a button.
fn load_page(view: View) -> adw::StatusPage {
    CommandRow::ensure_type();
    let builder = gtk::Builder::from_resource(match view {
        View::Start => resource!("start_page.ui"),
        View::Disconnected => resource!("disconnected_page.ui"),
        View::Connecting => resource!("connecting_page.ui"),
        View::NoResults => resource!("no_results_page.ui"),
        View::Empty | View::Failed | View::Table => resource!("empty_page.ui"),
    });
    builder.object("page").expect("each file holds a page")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_state_has_its_view() {
        use ConnectionState::{Connected, Connecting, Disconnected, Failed, Lost};
        let choose = View::choose;
        assert_eq!(choose(None, false, true), View::Start);
        assert_eq!(choose(Some(Disconnected), false, true), View::Disconnected);
        assert_eq!(choose(Some(Connecting), false, true), View::Connecting);
        assert_eq!(choose(Some(Connecting), true, true), View::Table);
        assert_eq!(choose(Some(Failed), true, true), View::Failed);
        assert_eq!(choose(Some(Connected), false, false), View::Empty);
        assert_eq!(choose(Some(Connected), true, false), View::NoResults);
        assert_eq!(choose(Some(Connected), true, true), View::Table);
        assert_eq!(choose(Some(Lost), true, true), View::Table);
    }
}
