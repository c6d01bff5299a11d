//! What can go wrong where the system's daemon asks polkit whether the user may manage virtual machines.

use gtk::glib;
use innkeeper_core::ErrorKind;

use super::{Case, Guidance, daemon::JOIN_GROUP};
use crate::app::i18n::{gettext, gettext_f};

pub(super) fn headline(kind: &ErrorKind) -> Option<String> {
    Some(match kind {
        ErrorKind::PolkitDenied => gettext("You are not allowed to manage this host"),
        ErrorKind::PolkitNoAgent => gettext("Nobody could ask for your password"),
        _ => return None,
    })
}

pub(super) fn guidance(case: &Case<'_>) -> Option<Guidance> {
    Some(match (case.kind, case.host()) {
        (ErrorKind::PolkitDenied, None) => Guidance::new(gettext(
            "The rules of this computer’s polkit deny it. An administrator can let you in.",
        ))
        .command(join_label(), JOIN_GROUP)
        .command(gettext("Or with a rule for you alone"), rule(&user()))
        .command(own_label(), OWN_SESSION)
        .help("connect-polkit"),
        (ErrorKind::PolkitNoAgent, None) => Guidance::new(gettext(
            "polkit wants a password, and no program of your session shows a dialog for it. Any of these is a way out.",
        ))
        .command(join_label(), JOIN_GROUP)
        .command(
            gettext("Let a terminal ask"),
            "pkttyagent --process $(pidof -s innkeeper)",
        )
        .command(gettext("Write a rule for you alone"), rule(&user()))
        .command(own_label(), OWN_SESSION)
        .help("connect-polkit"),
        (ErrorKind::PolkitDenied | ErrorKind::PolkitNoAgent, Some(host)) => far(case, host),
        _ => return None,
    })
}

/// No dialog can appear on another machine.
fn far(case: &Case<'_>, host: &str) -> Guidance {
    let user = case.uri.and_then(|uri| uri.user());
    let user = user.map_or_else(user_placeholder, str::to_owned);
    Guidance::new(gettext_f(
        "On {host}, polkit does not let this user manage virtual machines, and cannot ask for a password from afar. Let the user join the group libvirt there, or connect as another user.",
        &[("host", host)],
    ))
    .command(
        gettext("On the host"),
        format!("sudo usermod --append --groups libvirt {user}"),
    )
    .command(gettext("Or a rule, on the host"), rule(&user))
    .help("connect-polkit")
}

const OWN_SESSION: &str = "innkeeper --connect qemu:///session";

fn join_label() -> String {
    gettext("Join the group libvirt, then sign out and in again")
}

fn own_label() -> String {
    gettext("Or manage virtual machines of your own, which needs no permission")
}

fn user() -> String {
    glib::user_name().to_string_lossy().into_owned()
}

fn user_placeholder() -> String {
    "NAME".to_owned()
}

/// A rule for one user and libvirt's action (polkit(8); libvirtd.policy).
fn rule(user: &str) -> String {
    let user = user.replace(['\\', '"', '\''], "");
    format!(
        "sudo tee /etc/polkit-1/rules.d/80-innkeeper.rules <<'END'\n\
         polkit.addRule(function(action, subject) {{\n  \
         if (action.id == \"org.libvirt.unix.manage\" && subject.user == \"{user}\")\n    \
         return polkit.Result.YES;\n\
         }});\nEND"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_names_the_user_and_cannot_be_broken_out_of() {
        let rule = rule("ali\"ce");
        assert!(rule.contains("subject.user == \"alice\""), "{rule}");
        assert!(rule.ends_with("});\nEND"), "{rule}");
    }
}
