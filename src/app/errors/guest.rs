//! What can go wrong with a virtual machine, its screen, and what is asked of its host.

use innkeeper_core::ErrorKind;

use super::{Case, Guidance};
use crate::app::i18n::{day_and_time, gettext, gettext_f};

pub(super) fn headline(kind: &ErrorKind) -> Option<String> {
    Some(match kind {
        ErrorKind::NoDomain => gettext("The virtual machine is gone"),
        ErrorKind::WrongState => gettext("The virtual machine’s state does not allow this"),
        ErrorKind::Unsupported => gettext("The host cannot do this"),
        ErrorKind::Forbidden => gettext("The host does not allow this"),
        ErrorKind::NoScreen => gettext("No screen"),
        ErrorKind::NoTextConsole => gettext("No text console"),
        ErrorKind::ConsoleUnreachable => gettext("The screen cannot be reached"),
        ErrorKind::ConsoleInside {
            opens_at_next_start: true,
            ..
        } => gettext("The screen can be reached after the next start"),
        ErrorKind::ConsoleInside { .. } => gettext("Only its own host reaches the screen"),
        ErrorKind::ConsoleSecurity => gettext("The screen asks for an unknown kind of security"),
        ErrorKind::ConsoleAnonymousTls | ErrorKind::ConsoleExposesPassword => {
            gettext("The screen shows no certificate")
        }
        ErrorKind::ConsoleDowngraded { .. } => gettext("The screen is less protected than before"),
        ErrorKind::ScreenPasswordExpired { .. } => gettext("The screen’s password has expired"),
        _ => return None,
    })
}

pub(super) fn guidance(case: &Case<'_>) -> Option<Guidance> {
    Some(Guidance::new(match case.kind {
        ErrorKind::NoDomain => gettext("It was deleted or moved to another host."),
        ErrorKind::WrongState => gettext("It has just changed. Look at its state and try again."),
        ErrorKind::Forbidden => {
            gettext("The connection is read-only, or the host’s rules forbid it.")
        }
        ErrorKind::NoScreen => gettext("This virtual machine has no graphical display."),
        ErrorKind::NoTextConsole => gettext(
            "The virtual machine no longer has this device, or its host does not open devices of this type. The type “pty” can be opened.",
        ),
        ErrorKind::ConsoleUnreachable => {
            gettext("The virtual machine’s display listens where this computer cannot reach it.")
        }
        ErrorKind::ConsoleInside {
            place,
            opens_at_next_start,
        } => inside(place.as_deref(), *opens_at_next_start),
        ErrorKind::ConsoleSecurity => gettext(
            "This version of Innkeeper does not know it yet. The kinds that are offered are under Details.",
        ),
        ErrorKind::ConsoleAnonymousTls => gettext(
            "It offers only anonymous TLS, which encrypts, but hides nothing from somebody who stands in between. This copy of Innkeeper was built without it (the option anonymous_tls). Whoever manages the host can give its screens a certificate (vnc_tls in qemu.conf).",
        ),
        ErrorKind::ConsoleExposesPassword => gettext(
            "It asks for a user name and a password as they are, and somebody else could pose as it. They were not sent. Whoever manages the host can give its screens a certificate (vnc_tls in qemu.conf).",
        ),
        ErrorKind::ConsoleDowngraded { .. } => gettext(
            "The virtual machine’s settings have changed, or something else answers in its place. Connect only if you know why: what you type could be read.",
        ),
        ErrorKind::ScreenPasswordExpired { at } => gettext_f(
            "It was good until {time}. Whoever manages the virtual machine can give its graphics device a new one.",
            &[("time", &day_and_time(*at))],
        ),
        _ => return None,
    }))
}

/// A screen that listens out of reach: where it does, and what helps.
fn inside(place: Option<&str>, opens_at_next_start: bool) -> String {
    if opens_at_next_start {
        return gettext(
            "Its settings are changed, but the machine that runs keeps the old ones. Shut it down, and run it again: a reboot is not enough.",
        );
    }
    match place {
        Some(place) => gettext_f(
            "It listens at {place}, where nobody but its host and those who are signed in there can reach it. Reach it through SSH, or have it listen elsewhere.",
            &[("place", place)],
        ),
        None => gettext(
            "It listens nowhere: only programs on its host are handed the screen. Have it listen at an address.",
        ),
    }
}
