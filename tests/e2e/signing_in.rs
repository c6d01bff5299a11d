//! Signing in to a host that wants a password, with a real keyring: asked until it is right, then no more.

use lab::{Daemon, Listen, sasl::Accounts};
use testbed::{Element, Keyring, State};

use crate::{runner::tests, scope::Scope, stage::Stage};

tests![
    a_remembered_password_is_asked_for_once,
    who_cancels_is_left_alone,
];

const QUESTION: &str = "Password Required";
const WRONG: &str = "The user name or the password was wrong";

/// A daemon that lets in who knows a password, over plain TCP.
struct Host {
    accounts: Accounts,
    _daemon: Daemon,
    uri: String,
}

impl Host {
    fn start() -> Self {
        let accounts = Accounts::new("libvirt", "digest-md5").expect("a folder");
        accounts.add("lab", "labpass").expect("saslpasswd2");
        let (listen, port) = Listen::default()
            .line("listen_tls = 0")
            .environment("SASL_CONF_PATH", accounts.path())
            .tcp("sasl")
            .expect("a free port");
        Self {
            accounts,
            _daemon: Daemon::start_with(&listen).expect("libvirtd"),
            uri: format!("test+tcp://localhost:{port}/default"),
        }
    }
}

fn a_remembered_password_is_asked_for_once(stage: &mut Stage<'_>) {
    let _keyring = Keyring::start(&stage.desktop);
    let host = Host::start();
    let window = connect(stage, &host);
    asks(&window);
    window.keep("asked");
    window.screen.type_text("lab");
    window.screen.press(&["Tab"]);
    log_in(&window, "wrong");
    window.reads(WRONG);
    window.keep("wrong");
    // By the letters that are underlined: the switch, then the entry.
    window.wait_for("an entry that has the keyboard", is_entry);
    window.screen.press(&["Alt_L", "r"]);
    window.wait_for("the switch that is on", |e| e.is(State::Checked));
    window.screen.press(&["Alt_L", "p"]);
    window.keep("remembered");
    log_in(&window, "labpass");
    is_in(&window);

    let window = connect(stage, &host);
    is_in(&window);
    assert!(!window.shows(QUESTION), "the keyring has answered");

    // What the host refuses is forgotten: asked for with the reason, and the next time without one.
    host.accounts.add("lab", "newpass").expect("saslpasswd2");
    let window = connect(stage, &host);
    asks(&window);
    window.reads(WRONG);
    window.press("Cancel");
    window.reads("Not Connected");
    let window = connect(stage, &host);
    asks(&window);
    assert!(!window.shows(WRONG), "nothing was tried yet");
}

fn who_cancels_is_left_alone(stage: &mut Stage<'_>) {
    let host = Host::start();
    let window = connect(stage, &host);
    asks(&window);
    window.press("Cancel");
    window.reads_no_more(QUESTION);
    window.reads("Not Connected");
    window.keep("cancelled");
    window.press("Connect");
    asks(&window);
    // The daemon goes while the question is open: nobody needs the answer any more.
    drop(host);
    window.reads_no_more(QUESTION);
}

#[track_caller]
fn connect(stage: &mut Stage<'_>, host: &Host) -> Scope {
    stage.keep_connections(&[&host.uri]);
    stage.start(&["--connect", &host.uri]);
    let window = stage.manager();
    window.activate();
    window
}

#[track_caller]
fn asks(window: &Scope) {
    window.reads(QUESTION);
    window.wait_for("an entry that has the keyboard", is_entry);
}

#[track_caller]
fn log_in(window: &Scope, password: &str) {
    window.wait_for("an entry that has the keyboard", is_entry);
    window.screen.type_text(password);
    window.press("Log In");
}

fn is_entry(element: &Element) -> bool {
    element.role.contains("text") && element.is(State::Focused)
}

#[track_caller]
fn is_in(window: &Scope) {
    window.wait_for("the host’s guest", |e| {
        e.role == "row" && e.name == "test"
    });
    window.reads_no_more(QUESTION);
}
