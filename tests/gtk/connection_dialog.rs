//! The dialog that adds, edits and duplicates a connection.

use std::{cell::RefCell, rc::Rc};

use adw::prelude::*;
use innkeeper::{
    model::{Connection, ConnectionColour, ConnectionList, Profile},
    ui::dialogs::ConnectionDialog,
};
use proptest::prelude::*;

use crate::support::{self, by_id, settle, wait_until};

/// A dialog on the screen, in a window of its own.
pub(crate) struct Shown {
    window: adw::Window,
    pub(crate) dialog: ConnectionDialog,
    chosen: Rc<RefCell<Option<Profile>>>,
}

impl Shown {
    fn new(make: impl FnOnce() -> ConnectionDialog) -> Self {
        support::start();
        let dialog = make();
        let chosen = Rc::new(RefCell::new(None));
        let kept = chosen.clone();
        dialog.connect_chosen(move |profile| {
            kept.replace(Some(profile));
        });
        let window = adw::Window::builder()
            .default_width(700)
            .default_height(900)
            .build();
        window.present();
        dialog.present(Some(&window));
        settle();
        Self {
            window,
            dialog,
            chosen,
        }
    }

    fn add() -> Self {
        Self::new(|| ConnectionDialog::add(&ConnectionList::default()))
    }

    /// Edits a connection to this address.
    pub(crate) fn edit(uri: &str) -> Self {
        Self::new(|| {
            let list = ConnectionList::default();
            let connection = list.add(uri, false).expect("a good URI");
            ConnectionDialog::edit(&list, &connection)
        })
    }

    pub(crate) fn entry(&self, id: &str) -> adw::EntryRow {
        by_id(&self.dialog, id)
    }

    fn text(&self, id: &str) -> String {
        self.entry(id).text().into()
    }

    fn combo(&self, id: &str) -> adw::ComboRow {
        by_id(&self.dialog, id)
    }

    /// The row of a parameter that can be seen, by the parameter's name.
    fn parameter(&self, name: &str) -> Option<gtk::Widget> {
        support::tree(&self.dialog)
            .into_iter()
            .find(|widget| widget.widget_name() == name && widget.get_visible())
    }

    /// Selects an item of a list by its words.
    fn choose(&self, id: &str, words: &str) {
        let combo = self.combo(id);
        let position = titles(&combo).iter().position(|title| title == words);
        let position = position.unwrap_or_else(|| panic!("{id} has no {words}"));
        combo.set_selected(position as u32);
    }

    fn chosen_words(&self, id: &str) -> String {
        let combo = self.combo(id);
        titles(&combo)[combo.selected() as usize].clone()
    }

    fn is_ready(&self) -> bool {
        by_id::<gtk::Button>(&self.dialog, "save").is_sensitive()
    }

    fn problem(&self, id: &str) -> Option<String> {
        let row: gtk::Widget = by_id(&self.dialog, id);
        row.is_visible()
            .then(|| by_id::<gtk::Label>(&row, "label").label().into())
    }

    fn save(&self) -> Profile {
        by_id::<gtk::Button>(&self.dialog, "save").emit_clicked();
        self.chosen.take().expect("what was decided")
    }
}

impl Drop for Shown {
    fn drop(&mut self) {
        self.window.destroy();
    }
}

fn titles(combo: &adw::ComboRow) -> Vec<String> {
    let model = combo.model().and_downcast::<gtk::StringList>();
    let model = model.expect("a list of words");
    (0..model.n_items())
        .filter_map(|at| model.string(at))
        .map(Into::into)
        .collect()
}

#[gtk::test]
fn the_first_address_is_this_computers() {
    let shown = Shown::add();
    assert_eq!(shown.text("uri"), "qemu:///system");
    assert!(shown.is_ready());
    assert!(!shown.entry("host").is_visible());
    let profile = shown.save();
    assert_eq!(profile.uri.to_string(), "qemu:///system");
    assert!(profile.autoconnect && !profile.read_only && profile.name.is_empty());
}

#[gtk::test]
fn an_address_is_made_from_fields() {
    let shown = Shown::add();
    shown.choose("hypervisor", "Xen");
    shown.choose("way", "Remote Host (SSH)");
    assert_eq!(shown.text("uri"), "xen+ssh:///system");
    assert!(!shown.is_ready() && shown.problem("host_problem").is_none());
    shown.entry("host").set_text("host.example");
    shown.entry("user").set_text("root");
    shown.entry("port").set_text("2222");
    let key = shown.parameter("keyfile").and_downcast::<adw::EntryRow>();
    key.expect("a row for the key").set_text("/home/me/id");
    let uri = "xen+ssh://root@host.example:2222/system?keyfile=/home/me/id";
    assert_eq!(shown.text("uri"), uri);
    shown.entry("name").set_text("Far away");
    shown.entry("site").set_text("Cellar");
    let blue = ConnectionColour::ALL
        .iter()
        .position(|c| *c == ConnectionColour::Blue);
    shown
        .combo("colour")
        .set_selected(blue.expect("blue") as u32);
    by_id::<adw::SwitchRow>(&shown.dialog, "read_only").set_active(true);
    let profile = shown.save();
    assert_eq!(profile.uri.to_string(), uri);
    assert_eq!(
        (profile.name.as_str(), profile.site.as_str()),
        ("Far away", "Cellar")
    );
    assert_eq!(profile.colour, ConnectionColour::Blue);
    assert!(
        profile.read_only && !profile.autoconnect,
        "a remote host does not connect by itself"
    );
}

#[gtk::test]
fn only_this_computer_connects_by_itself_unless_one_says_so() {
    let shown = Shown::add();
    let autoconnect: adw::SwitchRow = by_id(&shown.dialog, "autoconnect");
    for (uri, automatic) in [
        ("qemu+ssh://host/system", false),
        ("test:///default", true),
        ("qemu+tls://host/system", false),
    ] {
        shown.entry("uri").set_text(uri);
        assert_eq!(autoconnect.is_active(), automatic, "{uri}");
    }
    autoconnect.set_active(true);
    shown.entry("uri").set_text("qemu:///system");
    shown.entry("uri").set_text("qemu+ssh://host/system");
    assert!(autoconnect.is_active(), "the user has said so");
}

#[gtk::test]
fn fields_follow_a_typed_address() {
    let shown = Shown::add();
    shown
        .entry("uri")
        .set_text("qemu+tls://me@[fe80::1]:99/session?pkipath=/pki&no_verify=1&odd=1");
    assert_eq!(shown.chosen_words("hypervisor"), "QEMU/KVM User Session");
    assert_eq!(shown.chosen_words("way"), "Remote Host (TLS)");
    for (id, text) in [("host", "fe80::1"), ("user", "me"), ("port", "99")] {
        assert_eq!(shown.text(id), text, "{id}");
    }
    assert!(
        shown.parameter("keyfile").is_none(),
        "it is no parameter of TLS"
    );
    let pki = shown.parameter("pkipath").and_downcast::<adw::EntryRow>();
    assert_eq!(pki.expect("a row").text(), "/pki");
    let verify = shown
        .parameter("no_verify")
        .and_downcast::<adw::SwitchRow>();
    let verify = verify.expect("a row");
    assert!(verify.is_active() && shown.problem("danger").is_some());
    verify.set_active(false);
    assert!(shown.problem("danger").is_none());
    assert_eq!(
        shown.text("uri"),
        "qemu+tls://me@[fe80::1]:99/session?pkipath=/pki&odd=1"
    );
}

#[gtk::test]
fn what_is_wrong_stands_at_its_field() {
    let shown = Shown::add();
    shown.entry("uri").set_text("nonsense");
    assert!(!shown.is_ready() && shown.problem("uri_problem").is_some());
    assert!(shown.entry("uri").has_css_class("error"));
    shown.entry("uri").set_text("qemu+ssh://host/system");
    assert!(shown.is_ready() && shown.problem("uri_problem").is_none());
    for (id, text) in [("host", "a b"), ("port", "70000")] {
        let before = shown.text(id);
        shown.entry(id).set_text(text);
        let problem = format!("{id}_problem");
        assert!(
            !shown.is_ready() && shown.problem(&problem).is_some(),
            "{id}"
        );
        assert!(shown.entry(id).has_css_class("error"), "{id}");
        assert_eq!(shown.text(id), text, "what is typed stays");
        shown.entry(id).set_text(&before);
        assert!(
            shown.is_ready() && shown.problem(&problem).is_none(),
            "{id}"
        );
    }
    shown.choose("way", "Remote Host (Plain TCP)");
    assert!(
        shown.problem("danger").is_some(),
        "plain TCP says that it is unsafe"
    );
}

#[gtk::test]
fn an_address_is_not_added_twice() {
    let uri = "qemu+ssh://host/system";
    let list = ConnectionList::default();
    let first = list.add(uri, false).expect("a good URI");
    list.add("qemu:///system", false).expect("a good URI");
    let shown = Shown::new(|| ConnectionDialog::duplicate(&list, &first));
    let problem = shown.problem("uri_problem").expect("it is there already");
    assert!(problem.contains(&first.label()) && !shown.is_ready());
    shown.entry("host").set_text("other");
    assert!(shown.is_ready());
    assert_eq!(shown.save().uri.to_string(), "qemu+ssh://other/system");
    let edited = Shown::new(|| ConnectionDialog::edit(&list, &first));
    assert!(edited.is_ready(), "its own address is no other's");
    edited.entry("uri").set_text("qemu:///system");
    assert!(!edited.is_ready());
    drop(edited);
    let added = Shown::new(|| ConnectionDialog::add(&list));
    assert_eq!(
        added.text("uri"),
        "qemu+ssh:///system",
        "this computer is there already"
    );
}

#[gtk::test]
fn a_driver_of_libvirts_library_says_who_opens_it() {
    let shown = Shown::add();
    shown.choose("hypervisor", "Custom Address");
    shown
        .entry("uri")
        .set_text("esx://root@host.example/?no_verify=1");
    assert_eq!(shown.chosen_words("way"), "The Hypervisor’s Own Way");
    assert!(shown.problem("way_note").is_some() && shown.problem("danger").is_some());
    assert!(shown.parameter("vcenter").is_some());
    shown.choose("hypervisor", "Test Hypervisor");
    shown.choose("way", "This Computer");
    assert!(
        titles(&shown.combo("way"))
            .iter()
            .all(|title| !title.contains("Own Way"))
    );
    assert!(shown.problem("hypervisor_note").is_some() && shown.is_ready());
}

#[gtk::test]
fn values_that_no_list_has_are_kept() {
    let uri = "qemu+ssh://host/system?mode=Odd&no_tty=2&auth=sasl.OTHER";
    let shown = Shown::edit(uri);
    let mode = shown
        .parameter("mode")
        .and_downcast::<adw::ComboRow>()
        .expect("a row");
    assert_eq!(mode.selected() + 1, mode.model().expect("a list").n_items());
    shown.entry("user").set_text("me");
    assert_eq!(shown.text("uri"), uri.replace("://", "://me@"));
    mode.set_selected(1);
    assert!(shown.text("uri").contains("mode=legacy&"));
    mode.set_selected(0);
    assert!(!shown.text("uri").contains("mode="));
}

#[gtk::test]
fn every_address_survives_being_shown() {
    let shown = Shown::add();
    let ways = prop_oneof![
        Just(""),
        Just("+unix"),
        Just("+ssh"),
        Just("+tls"),
        Just("+tcp"),
        Just("+ext"),
        Just("+libssh")
    ];
    let host = "([a-z0-9.-]{1,9}|\\[fe80::[1-9a-f]\\])?";
    let path = "/(system|session|default|other)?";
    let names = "(keyfile|no_verify|NO_TTY|mode|proxy|auth|socket|pkipath|command|unheard)";
    let query = prop::collection::vec((names, "[a-zA-Z0-9/.]{0,5}"), 0..4);
    let parts = ("(qemu|xen|test|esx|foo)", ways, host, path, query);
    let mut runner = prop::test_runner::TestRunner::new(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(128)
    });
    let outcome = runner.run(&parts, |(driver, way, host, path, query)| {
        let query: Vec<_> = query
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let mark = if query.is_empty() { "" } else { "?" };
        let uri = format!("{driver}{way}://{host}{path}{mark}{}", query.join("&"));
        shown.entry("uri").set_text(&uri);
        // Whatever the widgets said while they were set, it changed nothing.
        prop_assert_eq!(shown.text("uri"), uri.clone());
        if shown.is_ready() {
            // Off and on again: every field writes what it shows.
            for id in ["host", "user", "port"] {
                let text = shown.text(id);
                shown.entry(id).set_text(&text);
            }
            prop_assert_eq!(shown.text("uri"), uri);
        }
        Ok(())
    });
    outcome.expect("addresses survive");
}

#[gtk::test]
fn hosts_are_offered_while_one_types() {
    let list = ConnectionList::default();
    list.add("qemu+ssh://alpha.example/system", false)
        .expect("a good URI");
    list.add("qemu+ssh://beta.example/system", false)
        .expect("a good URI");
    let shown = Shown::new(|| ConnectionDialog::add(&list));
    shown.choose("way", "Remote Host (SSH)");
    let host = shown.entry("host");
    host.grab_focus();
    settle();
    let popover = || {
        let mut all = support::tree(&host).into_iter();
        all.find_map(|widget| widget.downcast::<gtk::Popover>().ok())
            .expect("the row has a list")
    };
    wait_until("the hosts", || {
        host.set_text("");
        host.set_text("bet");
        popover().is_visible()
    });
    let offered: gtk::ListBox = by_id(&popover(), "list");
    assert!(offered.row_at_index(0).is_some() && offered.row_at_index(1).is_none());
    offered.row_at_index(0).expect("a row").activate();
    assert_eq!(shown.text("host"), "beta.example");
    assert!(!popover().is_visible());
    assert!(shown.text("uri").contains("beta.example"));
}

#[gtk::test]
fn icon_buttons_say_what_they_do() {
    let shown = Shown::edit("qemu+tls://host/system");
    support::check_icon_buttons(&shown.dialog);
}

#[gtk::test]
fn a_connection_takes_what_was_edited() {
    let shown = crate::lab::Shown::with(&["qemu+unix:///system?socket=/nowhere/libvirt-sock"]);
    shown.act("edit-connection");
    let dialog = shown.window.visible_dialog().expect("the dialog");
    by_id::<adw::EntryRow>(&dialog, "name").set_text("Cellar");
    by_id::<adw::EntryRow>(&dialog, "uri").set_text("qemu+unix:///system?socket=/nowhere/else");
    by_id::<gtk::Button>(&dialog, "save").emit_clicked();
    let connection: Connection = shown.connection();
    assert_eq!(connection.label(), "Cellar");
    assert_eq!(connection.uri(), "qemu+unix:///system?socket=/nowhere/else");
    assert_eq!(shown.connections.n_items(), 1);
}
