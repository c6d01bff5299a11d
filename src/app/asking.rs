//! In which window a question appears: the one that shows who asks.

use adw::prelude::*;

use super::Application;
use crate::{
    model::{Asker, Connection},
    ui::{GuestWindow, ManagerWindow},
};

impl Application {
    /// Finds the window for a question. A host's question opens the main window where nothing else shows the host; a
    /// screen's question waits for its guest's window.
    pub(super) fn window_for(&self, asker: &Asker) -> Option<gtk::Window> {
        if let Some(guest) = asker.guest {
            let is_its = |window: &GuestWindow| {
                let shown = window.guest();
                shown.is_some_and(|shown| shown.uuid() == guest && is_of(shown.connection(), asker))
            };
            return self.open_windows().find(is_its).map(Cast::upcast);
        }
        let front = self.active_window();
        let in_front = front.and_downcast::<GuestWindow>().filter(|window| {
            let shown = window.guest();
            shown.is_some_and(|shown| is_of(shown.connection(), asker))
        });
        if let Some(window) = in_front {
            return Some(window.upcast());
        }
        let shown = self.open_windows::<ManagerWindow>().next();
        let window = shown.unwrap_or_else(|| {
            let window = self.manager_window();
            window.present();
            window
        });
        Some(window.upcast())
    }

    pub(super) fn open_windows<W: IsA<gtk::Window>>(&self) -> impl Iterator<Item = W> {
        let windows = self.windows().into_iter();
        windows.filter_map(|window| window.downcast().ok())
    }
}

fn is_of(connection: Option<Connection>, asker: &Asker) -> bool {
    connection.is_some_and(|connection| connection.uri() == asker.uri)
}
