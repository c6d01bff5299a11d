//! The page of a connection that failed, over certificates of a real libvirtd: what it shows, offers and refuses.

use std::path::{Path, PathBuf};

use ::lab::{
    Daemon, Listen,
    certificates::{Authority, Pair, Wish, client_folder},
};
use adw::prelude::*;
use innkeeper::model::{ConnectionState, Service};

use crate::{
    lab::Shown,
    support::{answer, by_id, settle, tree, wait_until},
};

/// A daemon that listens for TLS, and the folder of a client's certificates.
struct Stage {
    _daemon: Daemon,
    authority: Authority,
    server: Pair,
    port: u16,
    home: tempfile::TempDir,
}

impl Stage {
    fn of(server: Wish) -> Self {
        let authority = Authority::new("the lab").expect("certtool works");
        let server = authority.sign("server", server).expect("certtool works");
        let (listen, port) = Listen::default()
            .tls(&authority.own().certificate, &server)
            .expect("a free port");
        let listen = listen.line("auth_tls = \"none\"");
        Self {
            _daemon: Daemon::start_with(&listen).expect("libvirtd is part of the environment"),
            authority,
            server,
            port,
            home: tempfile::tempdir().expect("a folder"),
        }
    }

    /// Makes the client's files, and gives the address that uses them.
    fn uri(&self, authority: &Path, revoked: Option<&Path>) -> String {
        let own = self.authority.sign("client", Wish::client("a client"));
        let own = own.expect("certtool works");
        let folder = self.home.path().join("pki");
        client_folder(&folder, authority, revoked, Some(&own)).expect("files can be copied");
        let (port, folder) = (self.port, folder.display());
        format!("test+tls://localhost:{port}/default?pkipath={folder}")
    }

    fn own_authority(&self) -> PathBuf {
        self.authority.own().certificate.clone()
    }
}

/// Shows a window whose only connection has failed.
fn failed(uri: &str) -> Shown {
    let shown = Shown::with(&[uri]);
    shown.connection().connect_host();
    shown.wait_for_page("failed");
    shown
}

fn title(shown: &Shown) -> String {
    let page: adw::StatusPage = by_id(&shown.window, "page_of_failure");
    page.title().into()
}

/// The values of the rows of a list.
fn values(shown: &Shown, list: &str) -> Vec<String> {
    let list: gtk::ListBox = by_id(&shown.window, list);
    let rows = tree(&list).into_iter();
    rows.filter_map(|row| row.downcast::<adw::ActionRow>().ok()?.subtitle())
        .map(Into::into)
        .collect()
}

/// The label with the fingerprint.
fn fingerprint(shown: &Shown) -> Option<gtk::Label> {
    let list: gtk::ListBox = by_id(&shown.window, "certificate");
    let labels = tree(&list).into_iter();
    let mut labels = labels.filter_map(|widget| widget.downcast::<gtk::Label>().ok());
    labels.find(|label| label.text().matches(':').count() == 31)
}

#[gtk::test]
fn a_certificate_for_another_host_is_trusted_by_intent_only() {
    let stage = Stage::of(Wish::server_named(
        "elsewhere",
        &["dns_name = elsewhere.example"],
    ));
    let shown = failed(&stage.uri(&stage.own_authority(), None));
    assert_eq!(title(&shown), "The certificate is for another host");
    let facts = values(&shown, "certificate");
    let fact = |text: &str| facts.iter().any(|value| value.contains(text));
    assert!(fact("CN=elsewhere") && fact("elsewhere.example") && fact("the lab"));
    assert!(
        facts
            .iter()
            .any(|value| value.len() == 95 && value.matches(':').count() == 31),
        "a fingerprint: {facts:?}"
    );

    let (width, height) = shown.window.default_size();
    shown.window.set_default_size(500, 700);
    let fingerprint = || fingerprint(&shown).filter(|label| label.layout().line_count() > 1);
    wait_until("two lines", || fingerprint().is_some());
    let label = fingerprint().expect("it was waited for");
    let (text, layout) = (label.text(), label.layout());
    for line in 1..layout.line_count() {
        let start = layout.line_readonly(line).expect("a line").start_index();
        let before = &text[..usize::try_from(start).expect("a place")];
        assert!(before.ends_with(':'), "a byte in two lines: {before}");
    }
    // The next window opens as large as this one was.
    shown.window.set_default_size(width, height);

    let (trust, window) = (by_id::<gtk::Button>(&shown.window, "trust"), &shown.window);
    assert!(trust.is_visible());
    let ask = |response: &str| {
        trust.emit_clicked();
        wait_until("the question", || window.visible_dialog().is_some());
        let question = window.visible_dialog().and_downcast::<adw::AlertDialog>();
        let question = question.expect("a question");
        assert_eq!(question.default_response().as_deref(), Some("cancel"));
        answer(&question, response);
        wait_until("its end", || window.visible_dialog().is_none());
        settle();
    };
    ask("_Cancel");
    assert!(shown.connection().pins().is_empty());
    assert_eq!(shown.connection().state(), ConnectionState::Failed);
    ask("_Trust and Connect");
    wait_until("the connection", || {
        shown.connection().state() == ConnectionState::Connected
    });
    let pins = shown.connection().pins();
    assert_eq!(pins.len(), 1);
    assert!(facts.contains(&pins[0].sha256) && pins[0].host == "localhost");
    assert_eq!(pins[0].service, Service::Daemon);
}

#[gtk::test]
fn a_revoked_certificate_cannot_be_trusted() {
    let stage = Stage::of(Wish::server());
    let list = stage.authority.revoke("crl", &[&stage.server], "");
    let list = list.expect("certtool works");
    let shown = failed(&stage.uri(&stage.own_authority(), Some(&list)));
    assert_eq!(title(&shown), "The host’s certificate was revoked");
    let certificate: gtk::ListBox = by_id(&shown.window, "certificate");
    assert!(certificate.is_visible(), "it is shown nevertheless");
    let trust: gtk::Button = by_id(&shown.window, "trust");
    assert!(!trust.is_visible());
}

#[gtk::test]
fn a_missing_file_is_named_with_its_place() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().display().to_string();
    let stage = Stage::of(Wish::server());
    let port = stage.port;
    let shown = failed(&format!(
        "test+tls://localhost:{port}/default?pkipath={path}"
    ));
    assert_eq!(title(&shown), "The certificate authority’s file is missing");
    assert_eq!(values(&shown, "commands"), [format!("{path}/cacert.pem")]);
    let help: gtk::Button = by_id(&shown.window, "help");
    assert!(help.is_visible());
    assert_eq!(
        help.action_target_value()
            .and_then(|page| page.get::<String>())
            .as_deref(),
        Some("connect-tls")
    );
    for hidden in ["trust", "agent", "certificate"] {
        let widget: gtk::Widget = by_id(&shown.window, hidden);
        assert!(!widget.is_visible(), "{hidden}");
    }
}
