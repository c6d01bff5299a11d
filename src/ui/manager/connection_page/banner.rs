//! The banner above the list: that the host is lost and when it is tried again, or what to know about the link.

use std::time::Duration;

use adw::{prelude::*, subclass::prelude::*};
use gtk::glib;

use super::ConnectionPage;
use crate::{
    app::i18n::{gettext, gettext_f, ngettext_f},
    model::{Connection, ConnectionState, clock_text},
};

/// How often the wait until the next attempt is told anew.
const BEAT: Duration = Duration::from_secs(1);

impl ConnectionPage {
    /// Brings the banner in line with the connection; what a lost host last said is greyed.
    pub(super) fn update_banner(&self, connection: Option<&Connection>) {
        let imp = self.imp();
        let is_lost = connection.is_some_and(|c| c.state() == ConnectionState::Lost);
        let is_up = connection.is_some_and(|c| c.state() == ConnectionState::Connected);
        let warning = connection.map(Connection::warning).unwrap_or_default();
        let banner = &imp.banner;
        if let Some(connection) = connection.filter(|_| is_lost) {
            banner.set_title(&lost_text(connection));
            banner.set_button_label(Some(&gettext("_Reconnect")));
            banner.set_action_name(Some("win.connect"));
        } else if is_up && !warning.is_empty() {
            banner.set_title(&glib::markup_escape_text(&warning));
            banner.set_button_label(Some(&gettext("_Details")));
            banner.set_action_name(Some("win.host-details"));
        }
        banner.set_revealed(is_lost || (is_up && !warning.is_empty()));
        if let Some(table) = imp.table.get() {
            table.set_stale(is_lost);
        }
        self.count_down(is_lost);
    }

    /// Tells the wait anew each second while a lost host is shown.
    fn count_down(&self, is_lost: bool) {
        let countdown = &self.imp().countdown;
        if !is_lost {
            if let Some(timer) = countdown.take() {
                timer.remove();
            }
            return;
        }
        if countdown.borrow().is_some() {
            return;
        }
        let weak = self.downgrade();
        let timer = glib::timeout_add_local(BEAT, move || {
            if let Some(page) = weak.upgrade()
                && let Some(connection) = page.connection()
                && page.is_mapped()
            {
                page.imp().banner.set_title(&lost_text(&connection));
            }
            glib::ControlFlow::Continue
        });
        countdown.replace(Some(timer));
    }
}

/// Says how old the list is, and when the host is tried again.
fn lost_text(connection: &Connection) -> String {
    let news = match connection.last_news() {
        Some(time) => gettext_f(
            // Translators: {time} is a time of the day, with its day where that was not today.
            "The connection is lost. Last news at {time}.",
            &[("time", &clock_text(time))],
        ),
        None => gettext("The connection is lost. This is the last that was known."),
    };
    let again = match connection.retry_in() {
        Some(wait) if wait >= BEAT => {
            let seconds = wait.as_secs().min(u64::from(u32::MAX)) as u32;
            ngettext_f(
                "Trying again in {count} s.",
                "Trying again in {count} s.",
                seconds,
                &[("count", &seconds.to_string())],
            )
        }
        _ => gettext("Trying again…"),
    };
    let text = gettext_f(
        // Translators: two sentences, such as “The connection is lost. Last news at 14:05.” and “Trying again…”.
        "{news} {again}",
        &[("news", &news), ("again", &again)],
    );
    glib::markup_escape_text(&text).into()
}
