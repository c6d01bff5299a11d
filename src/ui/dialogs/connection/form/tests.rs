use proptest::prelude::*;

use super::{
    super::{problem::Field, ways::WAYS},
    *,
};

fn form(text: &str) -> Form {
    Form::new(&text.parse().expect("a good URI"))
}

/// Writes every field as it is shown.
fn write_all_back(form: &mut Form) {
    form.set_hypervisor(form.hypervisor());
    form.set_way(form.way());
    let (host, user) = (form.host().to_owned(), form.user().to_owned());
    form.set_host(&host);
    form.set_user(&user);
    form.set_port(&form.port());
    for parameter in PARAMETERS {
        let value = form.parameter(parameter.name).map(str::to_owned);
        form.set_parameter(parameter.name, value.as_deref());
    }
}

#[test]
fn the_uri_forms_as_the_fields_are_filled() {
    let mut form = form("qemu:///system");
    assert_eq!(
        (form.hypervisor(), form.way()),
        (Some(0), Way::ThisComputer)
    );
    form.set_way(Way::Ssh);
    assert_eq!(form.text(), "qemu+ssh:///system");
    assert!(
        form.uri().is_none() && form.problems().is_empty(),
        "it is only not finished"
    );
    form.set_host("host.example");
    form.set_user("root");
    form.set_port("2222");
    form.set_parameter("keyfile", Some("/home/me/my key"));
    let text = "qemu+ssh://root@host.example:2222/system?keyfile=/home/me/my%20key";
    assert_eq!(form.text(), text);
    assert_eq!(form.uri().map(|uri| uri.to_string()).as_deref(), Some(text));
    form.set_hypervisor(Some(1));
    form.set_parameter("keyfile", None);
    assert_eq!(form.text(), "qemu+ssh://root@host.example:2222/session");
}

#[test]
fn the_fields_follow_a_uri_that_is_typed() {
    let mut form = form("qemu:///system");
    form.set_text("xen+tls://u@[fe80::1%25eth0]:99/?pkipath=/x&other=1");
    assert_eq!(
        form.hypervisor()
            .map(|at| HYPERVISORS[at].title())
            .as_deref(),
        Some("Xen")
    );
    assert_eq!(form.way(), Way::Tls);
    assert_eq!(
        (form.host(), form.user(), form.port().as_str()),
        ("fe80::1%eth0", "u", "99")
    );
    assert_eq!(form.parameter("PkiPath"), Some("/x"));
    form.set_port("");
    assert_eq!(
        form.text(),
        "xen+tls://u@[fe80::1%25eth0]/?pkipath=/x&other=1"
    );
}

#[test]
fn a_text_that_is_no_uri_leaves_the_fields_alone() {
    let mut form = form("qemu+ssh://host/system");
    form.set_text("qemu+ssh:/");
    assert_eq!(form.host(), "host");
    assert_eq!(form.problems().len(), 1);
    assert_eq!(form.problems()[0].field, Field::Uri);
    assert!(form.uri().is_none());
    // The next field that is changed mends it.
    form.set_user("me");
    assert_eq!(form.text(), "qemu+ssh://me@host/system");
    assert!(form.problems().is_empty());
}

#[test]
fn turning_to_another_way_and_back_loses_nothing() {
    let text = "qemu+ssh://me@host:22/system?unknown=1&keyfile=/k&no_verify=1&authfile=/a";
    let mut form = form(text);
    form.set_way(Way::Tls);
    assert_eq!(
        form.text(),
        "qemu+tls://me@host/system?unknown=1&authfile=/a"
    );
    form.set_port("1");
    form.set_way(Way::ThisComputer);
    assert_eq!(form.text(), "qemu:///system?unknown=1&authfile=/a");
    form.set_way(Way::Ssh);
    assert_eq!(
        form.text(),
        "qemu+ssh://me@host:22/system?unknown=1&authfile=/a&keyfile=/k&no_verify=1"
    );
    form.set_way(Way::Tls);
    assert_eq!(form.port(), "1");
}

#[test]
fn a_host_is_taken_as_people_write_it() {
    let mut form = form("qemu+ssh:///system");
    form.set_host("[::1]");
    assert_eq!(form.text(), "qemu+ssh://[::1]/system");
    form.set_host("root@");
    assert_eq!((form.user(), form.host()), ("root", ""));
    form.set_host("fe80:");
    assert!(form.problems().is_empty() && form.uri().is_none());
    for (host, wrong) in [
        ("other@h", true),
        ("h:22", true),
        ("a b", true),
        ("h", false),
    ] {
        form.set_host(host);
        let field = form.problems().first().map(|problem| problem.field);
        assert_eq!(field == Some(Field::Host), wrong, "{host}");
        assert_eq!(form.uri().is_none(), wrong, "{host}");
    }
}

#[test]
fn ports_are_told_from_what_is_none() {
    let mut form = form("qemu+tcp://host/system");
    for (typed, wrong) in [
        ("0", true),
        ("65536", true),
        ("x", true),
        ("65535", false),
        ("", false),
    ] {
        form.set_port(typed);
        assert_eq!(form.port(), typed);
        let field = form.problems().first().map(|problem| problem.field);
        assert_eq!(field == Some(Field::Port), wrong, "{typed}");
    }
    assert_eq!(form.text(), "qemu+tcp://host/system");
}

#[test]
fn tls_stays_tls_without_a_host() {
    let mut form = form("qemu://host/system");
    assert_eq!(form.way(), Way::Tls);
    form.set_host("");
    assert_eq!((form.way(), form.text()), (Way::Tls, "qemu+tls:///system"));
    form.set_host("other");
    assert_eq!(form.text(), "qemu://other/system");
}

#[test]
fn a_driver_that_goes_its_own_way_can_be_left() {
    let mut form = form("esx://root@host/?no_verify=1");
    assert_eq!((form.hypervisor(), form.way()), (None, Way::Vendor));
    assert_eq!(form.dangers().len(), 1);
    form.set_way(Way::ThisComputer);
    assert_eq!(form.text(), "esx+unix:///");
    form.set_way(Way::Vendor);
    assert_eq!(form.text(), "esx://root@host/?no_verify=1");
    form.set_hypervisor(Some(0));
    assert_eq!(
        (form.way(), form.text()),
        (Way::Tls, "qemu+tls://root@host/system")
    );
}

#[test]
fn a_custom_address_stays_one() {
    let mut form = form("qemu:///system");
    form.set_hypervisor(None);
    form.set_text("qemu:///session");
    assert_eq!(form.hypervisor(), None);
    form.set_hypervisor(Some(0));
    assert_eq!(form.text(), "qemu:///system");
}

#[test]
fn what_is_unsafe_or_cannot_be_says_so() {
    for (text, dangers) in [
        ("qemu+tcp://host/system", 1),
        ("qemu+tls://host/system", 0),
        ("qemu+tls://host/system?no_verify=1", 1),
        ("qemu+tls://host/system?no_verify=0", 0),
        (
            "qemu+ssh://host/system?no_verify=2&known_hosts_verify=ignore",
            1,
        ),
        ("qemu+ssh://host/system?known_hosts_verify=auto", 0),
        ("esx://host/?transport=http", 1),
    ] {
        assert_eq!(form(text).dangers().len(), dangers, "{text}");
    }
    let wrong = form("qemu+tls://host/system?no_verify=yes").problems();
    assert_eq!(wrong[0].field, Field::Parameter("no_verify"));
    let wrong = form("qemu+carrier://pigeon/system").problems();
    assert_eq!(wrong[0].field, Field::Uri);
    let mut program = form("qemu+ext:///system");
    assert!(program.uri().is_none() && program.problems().is_empty());
    program.set_parameter("command", Some("/usr/bin/way"));
    assert!(program.uri().is_some());
}

fn uris() -> impl Strategy<Value = String> {
    let driver = "(qemu|xen|lxc|test|esx|vpx|hyperv|remote|[a-z]{1,6})";
    let transport = prop_oneof![
        Just(String::new()),
        "\\+(unix|ssh|libssh|libssh2|tls|tcp|ext|SSH|[a-z]{1,5})",
    ];
    let user = prop_oneof![Just(String::new()), "[a-z%0-9]{0,4}[a-z]{1,4}@"];
    let host = prop_oneof![
        Just(String::new()),
        "[a-z0-9.-]{1,12}(:[1-9][0-9]{0,3})?",
        "\\[fe80::[0-9a-f]{1,4}(%25eth0)?\\](:[1-9][0-9]{0,3})?",
    ];
    let path = prop_oneof!["/(system|session|default)?", "[/a-z0-9.%~-]{0,12}"];
    let name = prop_oneof![
        "(keyfile|socket|no_verify|NO_TTY|proxy|pkipath|command|auth|mode|name)",
        "[a-zA-Z_]{1,8}",
    ];
    let query = prop::collection::vec((name, "[a-z0-9/%=+.-]{0,8}"), 0..5);
    (driver, transport, user, host, path, query).prop_map(
        |(driver, transport, user, host, path, query)| {
            let query: Vec<String> = query.iter().map(|(n, v)| format!("{n}={v}")).collect();
            let mark = if query.is_empty() { "" } else { "?" };
            format!(
                "{driver}{transport}://{user}{host}{path}{mark}{}",
                query.join("&")
            )
        },
    )
}

proptest! {
    #[test]
    fn a_typed_uri_stays_as_it_is_and_so_do_fields_that_nobody_changes(text in uris()) {
        let mut form = form("qemu:///system");
        form.set_text(&text);
        prop_assert_eq!(form.text(), &text);
        write_all_back(&mut form);
        prop_assert_eq!(form.text(), &text);
        if let Some(uri) = form.uri() {
            prop_assert_eq!(uri.to_string(), text);
        }
    }

    #[test]
    fn a_field_that_is_changed_changes_nothing_else(text in uris(), port in 1_u16..) {
        let Ok(uri) = text.parse::<Uri>() else { return Ok(()) };
        let mut form = Form::new(&uri);
        form.set_port(&port.to_string());
        let expected = UriParts { port: Some(port), ..uri.parts().clone() };
        prop_assert_eq!(&form.parts, &expected);
        form.set_port(&uri.port().map(|port| port.to_string()).unwrap_or_default());
        form.set_parameter("some-new-one", Some("&=?#"));
        form.set_parameter("some-new-one", None);
        prop_assert_eq!(&form.parts, uri.parts());
        // What is shown then reads as the same URI, in whatever way it is encoded.
        if let Ok(again) = form.text().parse::<Uri>() {
            prop_assert_eq!(again.parts(), uri.parts());
        } else {
            prop_assert!(form.text() != text);
        }
    }

    #[test]
    fn every_way_and_back_keeps_every_part(text in uris(), way in 0..WAYS.len()) {
        let Ok(uri) = text.parse::<Uri>() else { return Ok(()) };
        let (mut form, other) = (Form::new(&uri), WAYS[way].way);
        let before = form.way();
        prop_assume!(before != Way::Unknown && before.facts().host != Need::Never);
        form.set_way(other);
        form.set_way(before);
        let sorted = |parts: &UriParts| {
            let mut parts = parts.clone();
            parts.parameters.sort();
            parts.transport = None;
            parts
        };
        prop_assert_eq!(sorted(&form.parts), sorted(uri.parts()));
        prop_assert_eq!(form.way(), before);
    }
}
