//! What a guest's window shows of its guest and the connection: title, banner, and which acts there are.

use adw::{prelude::*, subclass::prelude::*};

use super::GuestWindow;
use crate::{
    app::i18n::{gettext, gettext_f},
    model::{Connection, ConnectionState, Guest, GuestSettings, GuestState},
    ui::guest::{actions, picture_actions, send_key},
    widgets::update_acts,
};

impl GuestWindow {
    /// Brings everything that follows the guest and its connection up to date.
    pub(super) fn update(&self) {
        let (Some(guest), imp) = (self.guest(), self.imp()) else {
            return;
        };
        let name = guest.shown_name();
        let connection = self.connection();
        let place = connection
            .as_ref()
            .map(Connection::label)
            .unwrap_or_default();
        let subtitle = gettext_f(
            // Translators: a virtual machine's state and its connection, such as “Running — QEMU/KVM”.
            "{state} — {connection}",
            &[("state", &guest.state_text()), ("connection", &place)],
        );
        self.set_title(Some(&name));
        imp.title.set_title(&name);
        imp.title.set_subtitle(&subtitle);
        imp.lifecycle.set_state(guest.state());
        self.follow_if_moved(&guest);
        imp.screens.update(&imp.stage());
        self.update_banner(connection.as_ref());
        self.update_actions();
    }

    fn update_banner(&self, connection: Option<&Connection>) {
        let banner = &self.imp().banner;
        let Some(connection) = connection else {
            banner.set_title(&gettext(
                "The connection of this virtual machine was removed",
            ));
            banner.set_button_label(None);
            banner.set_revealed(true);
            return;
        };
        match connection.state() {
            ConnectionState::Connected => banner.set_revealed(false),
            ConnectionState::Connecting => {
                banner.set_title(&connection.state_text());
                banner.set_button_label(None);
                banner.set_revealed(true);
            }
            state => {
                let label = if state == ConnectionState::Lost {
                    gettext("_Reconnect")
                } else {
                    gettext("_Connect")
                };
                banner.set_title(&connection.state_text());
                banner.set_button_label(Some(&label));
                banner.set_revealed(true);
            }
        }
    }

    pub(in crate::ui::guest) fn update_actions(&self) {
        let imp = self.imp();
        if let Some(acts) = imp.acts.get() {
            update_acts(self, acts);
        }
        let shown = imp.screens.shown();
        actions::set_screen(self, shown);
        let live = imp.console.live() && shown.is_graphics();
        let takes_keys = self.guest().is_some_and(|guest| {
            let is_passive = GuestSettings::of(guest.uuid()).view_only;
            guest.state() != GuestState::Paused && !is_passive
        });
        let can_be_pictured = live || self.guest().is_some_and(|guest| is_pictured(&guest));
        actions::set_enabled(self, "screenshot", can_be_pictured && !self.is_gone());
        let is_shown = live && imp.pages.visible_child_name().as_deref() == Some("console");
        for name in picture_actions::OF_A_PICTURE {
            actions::set_enabled(self, name, is_shown);
        }
        actions::set_enabled(self, "take-over", live);
        actions::set_enabled(self, "grab-keyboard", live);
        actions::set_enabled(self, "type-clipboard", live && takes_keys);
        // Without an open screen, the hypervisor presses the keys.
        let runs = self
            .guest()
            .is_some_and(|guest| guest.online() && guest.state() == GuestState::Running);
        let takes_keys = (live || runs) && takes_keys && !self.is_gone();
        for action in ["send-key", "custom-keys"] {
            actions::set_enabled(self, action, takes_keys);
        }
        imp.send_key.set_sensitive(takes_keys);
    }

    pub(super) fn update_send_key_menu(&self) {
        let menu = send_key::menu("win.send-key", "win.custom-keys");
        self.imp().send_key.set_menu_model(Some(&menu));
    }

    pub(super) fn update_fullscreen(&self) {
        let (imp, fullscreen) = (self.imp(), self.is_fullscreen());
        let (icon, text) = if fullscreen {
            ("view-restore-symbolic", gettext("Leave Fullscreen"))
        } else {
            ("view-fullscreen-symbolic", gettext("Fullscreen"))
        };
        imp.fullscreen.set_icon_name(icon);
        imp.fullscreen.set_tooltip_text(Some(&text));
        imp.fullscreen
            .update_property(&[gtk::accessible::Property::Label(&text)]);
        imp.screenshot.set_visible(fullscreen);
        imp.console.set_fullscreen(fullscreen);
        imp.edge_header
            .set_fullscreen(fullscreen, self, |window| &window.imp().edge_header);
        self.place_note();
        if fullscreen && imp.screen_stack.is_mapped() && self.visible_dialog().is_none() {
            // The menu leaves the focus on its button, and the bar stays as long as somebody is at work in it.
            self.focus_screen();
        }
    }
}

/// Says whether the hypervisor can take a picture of a guest.
fn is_pictured(guest: &Guest) -> bool {
    use GuestState::{Crashed, Saved, ShutOff, Unknown};
    guest.online() && !matches!(guest.state(), ShutOff | Saved | Crashed | Unknown)
}
