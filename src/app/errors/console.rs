//! Sentences for what can go wrong with a virtual machine's screen.

use innkeeper_core::ErrorKind;

use crate::app::i18n::gettext;

pub(super) fn headline(kind: &ErrorKind) -> Option<String> {
    Some(match kind {
        ErrorKind::NoScreen => gettext("No screen"),
        ErrorKind::ConsoleUnreachable => gettext("The screen cannot be reached"),
        ErrorKind::ConsoleSecurity => gettext("The screen asks for an unknown kind of security"),
        _ => return None,
    })
}

pub(super) fn advice(kind: &ErrorKind) -> Option<String> {
    Some(match kind {
        ErrorKind::NoScreen => gettext("This virtual machine has no graphical display."),
        ErrorKind::ConsoleUnreachable => {
            gettext("The virtual machine’s display listens where this computer cannot reach it.")
        }
        ErrorKind::ConsoleSecurity => gettext(
            "This version of Innkeeper does not know it yet. The kinds that are offered are under Details.",
        ),
        _ => return None,
    })
}
