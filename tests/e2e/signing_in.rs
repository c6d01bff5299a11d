//! Signing in to a host that wants a password, with a real keyring: asked until it is right, then no more.

use std::{
    io::{Read, Write},
    process::{Child, Stdio},
    sync::{Arc, Mutex},
    thread,
};

use lab::{Daemon, Listen, sasl::Accounts};
use testbed::{Element, Keyring, State, until_true};

use crate::{
    runner::tests,
    scope::Scope,
    stage::{PATIENCE, Stage, program},
};

tests![
    a_remembered_password_is_asked_for_once,
    who_cancels_is_left_alone,
    what_a_test_was_told_is_not_asked_for_again,
    the_doctor_asks_on_a_terminal_only,
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

fn what_a_test_was_told_is_not_asked_for_again(stage: &mut Stage<'_>) {
    let host = Host::start();
    stage.start(&[]);
    let window = stage.manager();
    window.press("Add Connection");
    let entry = window.wait_for("the entry for a URI", |e| {
        e.role.contains("text") && e.name.contains("URI")
    });
    window.click(&entry);
    window.activate();
    window.screen.press(&["Control_L", "a"]);
    window.screen.type_text(&host.uri);
    window.reads("Test Connection");
    window.screen.press(&["Alt_L", "t"]);
    asks(&window);
    window.screen.type_text("lab");
    window.screen.press(&["Tab"]);
    log_in(&window, "labpass");
    // The last step’s answer.
    window.reads("libvirt 1");
    window.keep("tested");
    window.press("Add");
    is_in(&window);
}

/// The program on a terminal of its own, which `script` makes.
struct Terminal {
    child: Child,
    shown: Arc<Mutex<Vec<u8>>>,
}

impl Terminal {
    fn doctor(stage: &Stage<'_>, uri: &str) -> Self {
        let line = format!("'{}' --doctor '{uri}'", program().display());
        let mut command = stage.desktop.command("script");
        command.args(["--quiet", "--return", "--command", &line, "/dev/null"]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("script");
        let shown = Arc::<Mutex<Vec<u8>>>::default();
        let (mut output, into) = (child.stdout.take().expect("a pipe"), Arc::clone(&shown));
        thread::spawn(move || {
            let mut part = [0; 256];
            while let Ok(length @ 1..) = output.read(&mut part) {
                into.lock().expect("no panic").extend(&part[..length]);
            }
        });
        Self { child, shown }
    }

    fn text(&self) -> String {
        let shown = self.shown.lock().expect("no panic");
        String::from_utf8_lossy(&shown).into_owned()
    }

    #[track_caller]
    fn answer(&mut self, question: &str, text: &str) {
        until_true(question, PATIENCE, || self.text().ends_with(question));
        let input = self.child.stdin.as_mut().expect("a pipe");
        writeln!(input, "{text}").expect("a terminal");
    }
}

fn the_doctor_asks_on_a_terminal_only(stage: &mut Stage<'_>) {
    let host = Host::start();
    let mut terminal = Terminal::doctor(stage, &host.uri);
    terminal.answer("User name: ", "lab");
    terminal.answer("Password: ", "wrong");
    terminal.answer("User name: ", "lab");
    terminal.answer("Password: ", "labpass");
    let status = terminal.child.wait().expect("its end");
    let is_told = || terminal.text().contains("The host is ready.");
    until_true("the last line", PATIENCE, is_told);
    assert!(status.success(), "{}", terminal.text());
    assert!(!terminal.text().contains("labpass"), "it was not shown");

    let (status, said) = stage.invoke(&["--doctor", &host.uri]);
    assert_eq!(status, 1, "{said}");
    assert!(!said.contains("User name"), "nobody is there: {said}");
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
