//! What a user can do where the screen is out of reach, or in other hands: have it listen elsewhere, go through ssh, take
//! it over.

use std::net::IpAddr;

use adw::{prelude::*, subclass::prelude::*};

use super::ConsoleView;
use crate::{
    app::{
        errors::UserFacing,
        i18n::{gettext, gettext_f},
        runtime,
    },
    model::{Error, Guest, ScreenHelp, ScreenWay, TunnelHelp},
};

impl ConsoleView {
    /// Says what helps where the screen listens out of reach.
    pub(super) fn screen_help(&self) -> Option<ScreenHelp> {
        let error = self.console()?.error()?;
        let mut help = self.guest()?.screen_help(&error)?;
        // It is the first VNC screen whose address can be changed.
        if self.imp().place.get().is_some() {
            help.address = None;
        }
        Some(help)
    }

    /// Asks whether the screen is to listen elsewhere, and has it so.
    pub(super) fn change_address(&self) {
        let (Some(guest), Some(help)) = (self.guest(), self.screen_help()) else {
            return;
        };
        if let Some(address) = help.address {
            let view = self.clone();
            runtime::local(async move { view.ask_and_change(&guest, address).await });
        }
    }

    async fn ask_and_change(&self, guest: &Guest, address: IpAddr) {
        let is_local = address.is_loopback();
        let password = if is_local {
            None
        } else {
            guest.has_screen_password().await
        };
        let body = [
            meaning(address),
            password.map(password_text).unwrap_or_default(),
            gettext(
                "Nothing changes while the virtual machine runs. The new address holds from its next start on.",
            ),
        ];
        let heading = gettext("Change Listen Address?");
        let dialog = adw::AlertDialog::new(Some(&heading), Some(&body.join("\n\n")));
        dialog.add_responses(&[
            ("cancel", &gettext("_Cancel")),
            ("change", &gettext("C_hange")),
        ]);
        let appearance = if is_local {
            adw::ResponseAppearance::Suggested
        } else {
            adw::ResponseAppearance::Destructive
        };
        dialog.set_response_appearance("change", appearance);
        dialog.set_default_response(Some("cancel"));
        dialog.set_close_response("cancel");
        if dialog.choose_future(Some(self)).await != "change" {
            return;
        }
        match guest.set_screen_address(address).await {
            Ok(()) => self.retry(),
            Err(error) => self.tell_failure(&error),
        }
    }

    fn tell_failure(&self, error: &Error) {
        let heading = gettext("Listen Address Not Changed");
        let body = [
            error.headline(),
            error.advice().unwrap_or_default(),
            error.details(),
        ];
        let said: Vec<_> = body.into_iter().filter(|text| !text.is_empty()).collect();
        let dialog = adw::AlertDialog::new(Some(&heading), Some(&said.join("\n\n")));
        dialog.add_response("close", &gettext("_Close"));
        dialog.present(Some(self));
    }

    /// Takes the way through ssh: where the connection leads over it, at once; else asks for another address of the host.
    pub(super) fn go_through_ssh(&self) {
        let connection = self.guest().and_then(|guest| guest.connection());
        let (Some(connection), Some(help)) = (connection, self.screen_help()) else {
            return;
        };
        match help.tunnel {
            Some(TunnelHelp::AllowIt) => {
                connection.set_screen_way(ScreenWay::Auto);
                self.retry();
            }
            Some(TunnelHelp::Through(uri)) => {
                let target = (connection.uri(), uri.to_string()).to_variant();
                let _ = self.activate_action("app.edit-connection", Some(&target));
            }
            None => {}
        }
    }

    /// Asks whether all other viewers are to be sent away, and sends them.
    pub(in crate::ui::guest) fn ask_to_take_over(&self) {
        let (Some(guest), Some(console)) = (self.guest(), self.console()) else {
            return;
        };
        let heading = gettext("Take Over the Screen?");
        let body = gettext_f(
            // Translators: {name} is a virtual machine.
            "Everybody else who looks at the screen of “{name}” is disconnected. Whether anybody does cannot be seen from here. Others are let in again when this window has let the screen go.",
            &[("name", &guest.shown_name())],
        );
        let dialog = adw::AlertDialog::new(Some(&heading), Some(&body));
        dialog.add_responses(&[
            ("cancel", &gettext("_Cancel")),
            ("take", &gettext("_Take Over")),
        ]);
        dialog.set_response_appearance("take", adw::ResponseAppearance::Destructive);
        dialog.set_default_response(Some("cancel"));
        dialog.set_close_response("cancel");
        let view = self.clone();
        runtime::local(async move {
            if dialog.choose_future(Some(&view)).await == "take" {
                console.take_over();
            }
        });
    }
}

/// Says who reaches the screen at an address.
fn meaning(address: IpAddr) -> String {
    let text = address.to_string();
    let address = [("address", text.as_str())];
    if text == "127.0.0.1" {
        gettext_f(
            "The screen will listen at {address}: only its host, and those who are signed in there, reach it.",
            &address,
        )
    } else {
        gettext_f(
            "The screen will listen at {address}, all addresses of its host: everybody on the host’s networks can connect to it, unless a firewall is in between.",
            &address,
        )
    }
}

fn password_text(has_password: bool) -> String {
    if has_password {
        gettext(
            "It asks for a password, of which eight characters count. Unless the host’s screens use TLS, what is typed can be read on the way.",
        )
    } else {
        gettext(
            "It has no password. Unless the host’s screens ask for a login, anybody who connects sees and controls the virtual machine.",
        )
    }
}
