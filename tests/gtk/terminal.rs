//! The text consoles of a guest in its window, with a real guest whose boot sector echoes its serial port.

use std::{
    cell::Cell,
    rc::Rc,
    time::{Duration, Instant},
};

use adw::prelude::*;
use innkeeper::{model::Guest, ui::GuestWindow};
use vte::prelude::*;

use crate::{
    lab::{Daemon, Shown, app, start_guest, uri, virsh},
    support::{self, answer, by_id, settle, tree, wait_until},
};

/// How long an echo is waited for before the word is typed again.
const AGAIN: Duration = Duration::from_millis(200);

/// A running guest and its window.
struct Line {
    window: GuestWindow,
    _shown: Shown,
    daemon: Daemon,
}

impl Line {
    /// Starts a guest with or without its screen and with more devices behind its serial port, and opens its window.
    fn with(has_screen: bool, more: &str) -> Self {
        support::start();
        let daemon = Daemon::start().expect("libvirtd is part of the environment");
        let xml = ::lab::guest::prepare(daemon.path(), "line").expect("a disk");
        let (screen, serial) = ("<graphics type='vnc'>", "<serial type='pty'/>");
        assert!(xml.contains(screen) && xml.contains(serial));
        let mut xml = xml.replace(serial, &format!("{serial}{more}"));
        if !has_screen {
            let end = "</graphics>";
            let (from, to) = (xml.find(screen), xml.find(end));
            xml.replace_range(from.unwrap()..to.unwrap() + end.len(), "");
        }
        start_guest(&daemon, "line", &xml);
        let shown = Shown::with(&[&uri(&daemon)]);
        let guests = shown.connect().guests();
        let window = GuestWindow::new(&app(), &guests.find("line").expect("it is there"));
        window.present();
        Self {
            window,
            _shown: shown,
            daemon,
        }
    }

    /// The terminal that is shown.
    fn terminal(&self) -> vte::Terminal {
        let mut all = tree(&self.window).into_iter();
        let is_shown = |widget: &gtk::Widget| widget.is::<vte::Terminal>() && widget.is_mapped();
        let terminal = all.find(is_shown).and_downcast();
        terminal.expect("a terminal is shown")
    }

    fn has_terminal(&self) -> bool {
        let mut all = tree(&self.window).into_iter();
        all.any(|widget| widget.is::<vte::Terminal>() && widget.is_mapped())
    }

    /// Types a word until the guest echoes it.
    #[track_caller]
    fn converse(&self, word: &str) {
        let terminal = self.terminal();
        let last = Cell::new(None::<Instant>);
        wait_until(&format!("the echo of {word}"), || {
            // The firmware answers nothing, and only so much is typed ahead of a guest.
            if last.get().is_none_or(|last| last.elapsed() > AGAIN) {
                terminal.paste_text(&format!("{word}\r\n"));
                last.set(Some(Instant::now()));
            }
            text(&terminal).contains(word)
        });
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.window.destroy();
    }
}

fn text(terminal: &vte::Terminal) -> String {
    let text = terminal.text_format(vte::Format::Text);
    text.unwrap_or_default().into()
}

fn act(terminal: &vte::Terminal, action: &str) {
    let done = WidgetExt::activate_action(terminal, action, None);
    assert!(done.is_ok(), "{action} is there");
}

#[gtk::test]
fn a_guest_without_a_screen_is_spoken_to_in_its_terminal() {
    let line = Line::with(false, "");
    wait_until("a terminal by itself", || line.has_terminal());
    let picker: gtk::MenuButton = by_id(&line.window, "screen_picker");
    assert!(!picker.is_visible(), "there is nothing to choose");
    line.converse("innkeeper");
    support::check_icon_buttons(&line.window);

    let terminal = line.terminal();
    let entry: gtk::SearchEntry = by_id(&line.window, "search_entry");
    act(&terminal, "terminal.find");
    entry.set_text("inn.eeper");
    wait_until("the search", || entry.has_css_class("error"));
    assert!(!terminal.has_selection(), "a dot is a dot");
    entry.set_text("innkeeper");
    wait_until("the match", || terminal.has_selection());
    assert!(!entry.has_css_class("error"));

    act(&terminal, "terminal.zoom-in");
    assert!(terminal.font_scale() > 1.1);
    act(&terminal, "terminal.zoom-normal");
    assert!((terminal.font_scale() - 1.0).abs() < 0.01);
    act(&terminal, "terminal.clear");
    assert!(
        !text(&terminal).contains("innkeeper"),
        "{}",
        text(&terminal)
    );

    line.converse("last words");
    virsh(&line.daemon, &["destroy", "line"]);
    let note: adw::Banner = by_id(&line.window, "news");
    wait_until("the banner", || note.is_revealed());
    assert_eq!(note.title(), "Shut Off");
    assert!(
        text(&terminal).contains("last words"),
        "they stay to be read"
    );
    virsh(&line.daemon, &["start", "line"]);
    wait_until("the line", || !note.is_revealed());
    line.converse("good morning");
    assert!(text(&terminal).contains("last words"));
}

#[gtk::test]
fn the_picker_remembers_and_greys_what_cannot_be_opened() {
    let line = Line::with(
        true,
        "<serial type='file'><source path='/dev/null'/></serial>",
    );
    let picker: gtk::MenuButton = by_id(&line.window, "screen_picker");
    wait_until("the picker", || picker.is_visible());
    let menu = picker.menu_model().expect("a menu");
    let action = |item| {
        let action = menu.item_attribute_value(item, "action", None);
        action.and_then(|action| action.get::<String>())
    };
    assert_eq!(menu.n_items(), 3);
    assert_eq!(action(1).as_deref(), Some("win.screen"));
    assert_eq!(action(2).as_deref(), Some("win.impossible-screen"));
    assert!(!line.window.has_action("impossible-screen"));

    // Where the header has no room, the window's menu has the same choices.
    let in_menu = || {
        let main = tree(&line.window).into_iter();
        let mut main = main.filter_map(|widget| widget.downcast::<gtk::MenuButton>().ok());
        let main = main.find(gtk::MenuButton::is_primary).expect("a menu");
        names(&main.menu_model().expect("its menu"))
            .contains(&"Screens and Text Consoles".to_owned())
    };
    assert!(!in_menu());
    line.window.set_default_size(360, 400);
    wait_until("a narrow window", || !picker.is_visible());
    assert!(in_menu());
    line.window.set_default_size(1000, 600);
    wait_until("a wide window", || picker.is_visible());
    assert!(!in_menu());
    assert!(!line.has_terminal(), "the picture comes first");

    let word = "serial0".to_variant();
    ActionGroupExt::activate_action(&line.window, "screen", Some(&word));
    wait_until("the terminal", || line.has_terminal());
    line.converse("chosen");
    assert!(
        line.window.is_action_enabled("send-key"),
        "the hypervisor presses the keys"
    );
    assert!(!line.window.is_action_enabled("grab-keyboard"));
    // Another window of the guest finds the line taken, and takes it over.
    let guest: Guest = line.window.guest().expect("its guest");
    let again = GuestWindow::new(&app(), &guest);
    again.present();
    let help = || {
        let buttons = tree(&again).into_iter();
        let mut buttons = buttons.filter_map(|widget| widget.downcast::<gtk::Button>().ok());
        buttons.find(|button| button.is_mapped() && button.label().as_deref() == Some("_Take Over"))
    };
    wait_until("the refusal", || help().is_some());
    help().expect("a way out").emit_clicked();
    wait_until("the line", || help().is_none());
    again.destroy();
    settle();
    ActionGroupExt::activate_action(&line.window, "screen", Some(&"graphics".to_variant()));
    wait_until("the picture", || !line.has_terminal());
}

#[gtk::test]
fn a_line_that_stays_silent_says_what_to_do() {
    let begun = Instant::now();
    let mut line = Line::with(false, "");
    wait_until("a terminal by itself", || line.has_terminal());
    let note: adw::Banner = by_id(&line.window, "news");
    assert!(!note.is_revealed(), "it may be that something comes");
    wait_until("the note", || note.is_revealed());
    assert!(begun.elapsed() >= Duration::from_secs(5));
    let told = note.title();
    assert!(
        told.starts_with("Nothing has been written here yet."),
        "{told}"
    );
    assert_eq!(note.button_label().as_deref(), Some("_Help"));
    let (action, page) = (note.action_name(), note.action_target_value());
    assert_eq!(action.as_deref(), Some("app.help"));
    let page = page.and_then(|page| page.get::<String>());
    assert_eq!(page.as_deref(), Some("text-console"));
    assert_eq!(text(&line.terminal()).trim(), "");
    line.converse("a word");
    assert!(!note.is_revealed(), "it is silent no more");

    // The next act has no page of the help for its target.
    virsh(&line.daemon, &["destroy", "line"]);
    wait_until("the next act", || {
        note.button_label().as_deref() == Some("_Run")
    });
    assert_eq!(note.action_name().as_deref(), Some("guest.run"));
    assert_eq!(note.action_target_value(), None);

    // A host that is away is told of once.
    line.daemon.kill();
    let banner: adw::Banner = by_id(&line.window, "banner");
    wait_until("one banner", || banner.is_revealed() && !note.is_revealed());
}

/// The labels of a menu and its sections.
fn names(menu: &gtk::gio::MenuModel) -> Vec<String> {
    let of_item = |item| {
        let label = menu.item_attribute_value(item, "label", None);
        let label = label.and_then(|label| label.get::<String>());
        let section = menu.item_link(item, "section");
        let mut all = section.as_ref().map(names).unwrap_or_default();
        all.extend(label);
        all
    };
    (0..menu.n_items()).flat_map(of_item).collect()
}

/// Gives a guest's serial port, while it runs, another end on the host.
fn plug(line: &Line, end: &str) {
    let backend = format!(r#""backend":{{"type":"{end}","data":{{}}}}"#);
    let change =
        format!(r#"{{"execute":"chardev-change","arguments":{{"id":"charserial0",{backend}}}}}"#);
    let said = virsh(&line.daemon, &["qemu-monitor-command", "line", &change]);
    assert!(said.contains("return"), "{said}");
}

#[gtk::test]
fn a_line_that_is_waited_for_can_be_had_at_once() {
    let line = Line::with(false, "");
    wait_until("a terminal by itself", || line.has_terminal());
    line.converse("before");
    let note: adw::Banner = by_id(&line.window, "news");
    let offers = |note: &adw::Banner| note.button_label().as_deref() == Some("Try _Now");
    // When the last wait began, and how long the one before was: each is longer than the one before.
    let begun = Rc::new(Cell::new(None::<Instant>));
    let lasted = Rc::new(Cell::new(Duration::ZERO));
    let (since, wait) = (begun.clone(), lasted.clone());
    note.connect_button_label_notify(move |note| {
        if offers(note) {
            since.set(Some(Instant::now()));
        } else if let Some(since) = since.take() {
            wait.set(since.elapsed());
        }
    });
    // libvirt finds nothing any more where the line was.
    plug(&line, "null");
    wait_until("a long wait", || {
        lasted.get() > Duration::from_secs(3) && begun.get().is_some()
    });
    assert!(note.is_revealed() && text(&line.terminal()).contains("before"));
    plug(&line, "pty");
    let waits = begun.get().expect("it waits");
    answer(&note, "Try _Now");
    wait_until("the line", || !note.is_revealed());
    let waited = waits.elapsed();
    assert!(
        waited < Duration::from_secs(6),
        "{waited:?} after {lasted:?}"
    );
    line.converse("after");
}
