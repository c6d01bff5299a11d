//! The guest's window over a real libvirtd and a real QEMU: how large the picture is, and whether the guest follows.

use std::{fs, process::Command};

use adw::prelude::*;
use gtk::glib;
use innkeeper::{
    model::{Connection, ConnectionList, ConnectionState, Guest, GuestState},
    ui::GuestWindow,
};
use lab::Daemon;

use crate::{
    lab as our,
    support::{self, by_id, find_by_id, settle, tree, wait_until},
};

/// What the BIOS shows: text of 80×25 letters.
const TEXT_SCREEN: (i32, i32) = (720, 400);

/// A window that shows the live screen of a guest with this video model.
struct Shown {
    window: GuestWindow,
    connection: Connection,
    _daemon: Daemon,
}

impl Shown {
    fn with_video(model: &str) -> Self {
        support::start();
        let daemon = Daemon::start().expect("a libvirtd");
        let xml = lab::guest::prepare(daemon.path(), "screen").expect("a disk");
        let video = format!("<model type='{model}'/>");
        let definition = daemon.path().join("screen.xml");
        fs::write(&definition, xml.replace("<model type='vga'/>", &video)).expect("a file");
        let uri = format!(
            "qemu+unix:///{}?socket={}",
            Daemon::qemu_uri().rsplit('/').next().unwrap_or_default(),
            daemon.socket().display()
        );
        let created = Command::new("virsh")
            .args(["-c", &uri, "create"])
            .arg(&definition)
            .output()
            .expect("virsh");
        assert!(created.status.success(), "{created:?}");
        let connections = ConnectionList::default();
        connections.add(&uri, false).expect("a good URI");
        let connection: Connection = connections.item(0).and_downcast().expect("it was added");
        connection.connect_host();
        wait_until("the connection", || {
            connection.state() == ConnectionState::Connected
        });
        let running = || -> Option<Guest> {
            let guest: Guest = connection.guests().item(0).and_downcast()?;
            (guest.state() == GuestState::Running).then_some(guest)
        };
        wait_until("the guest", || running().is_some());
        let window = GuestWindow::new(&our::app(), &running().expect("it runs"));
        window.set_default_size(900, 700);
        window.present();
        let shown = Self {
            window,
            connection,
            _daemon: daemon,
        };
        wait_until("the text screen", || {
            // Frames come before the window has its place.
            shown.screen().width() > 0
                && shown.screen().measure(gtk::Orientation::Horizontal, -1).1 == TEXT_SCREEN.0
                && shown.window.is_action_enabled("zoom-in")
        });
        shown
    }

    fn screen(&self) -> gtk::Widget {
        tree(&self.window)
            .into_iter()
            .find(|widget| widget.css_name() == "guest-screen")
            .expect("a screen")
    }

    fn scale(&self, word: &str) {
        let action = "win.console-scaling";
        WidgetExt::activate_action(&self.window, action, Some(&word.to_variant()))
            .expect("the action is there");
    }

    fn act(&self, action: &str) {
        WidgetExt::activate_action(&self.window, action, None).expect("the action is there");
    }

    fn scaling(&self) -> String {
        let state = self.window.action_state("console-scaling");
        state.and_then(|state| state.get()).expect("a word")
    }

    fn least(&self) -> (i32, i32) {
        let least = |orientation| self.screen().measure(orientation, -1).0;
        (
            least(gtk::Orientation::Horizontal),
            least(gtk::Orientation::Vertical),
        )
    }

    /// What the window shows as a toast.
    fn toasts(&self) -> Vec<String> {
        let labels = tree(&self.window).into_iter().filter_map(|widget| {
            let above = widget.parent()?.css_name();
            let label = widget.downcast::<gtk::Label>().ok()?;
            (above == "toast" || has_above(&label, "toast")).then(|| label.text().to_string())
        });
        labels.collect()
    }
}

fn has_above(widget: &impl IsA<gtk::Widget>, name: &str) -> bool {
    let mut above = widget.parent();
    while let Some(next) = above {
        if next.css_name() == name {
            return true;
        }
        above = next.parent();
    }
    false
}

impl Drop for Shown {
    fn drop(&mut self) {
        self.window.destroy();
        self.connection.disconnect_host();
        settle();
    }
}

#[gtk::test]
fn a_picture_is_as_large_as_was_chosen() {
    let shown = Shown::with_video("vga");
    let (width, height) = TEXT_SCREEN;
    assert_eq!(shown.scaling(), "default");
    assert_eq!(shown.least(), (0, 0), "it fits any window");
    shown.scale("never");
    assert_eq!(shown.least(), (width, height));
    shown.act("win.zoom-out");
    assert_eq!(shown.scaling(), "90%");
    assert_eq!(shown.least(), (width * 9 / 10, height * 9 / 10));
    for _ in 0..5 {
        shown.act("win.zoom-in");
    }
    assert_eq!(shown.scaling(), "175%");
    assert_eq!(shown.least(), (width * 175 / 100, height * 175 / 100));
    let scroller: gtk::ScrolledWindow = by_id(&shown.window, "scroller");
    let upper = || scroller.hadjustment().upper();
    wait_until("what there is to scroll", || {
        (upper() - f64::from(width * 175 / 100)).abs() < 1.0
    });
    shown.act("win.zoom-original");
    assert_eq!(shown.scaling(), "100%");
    shown.scale("integer");
    assert_eq!(shown.least(), (width, height));
    shown.act("win.fit-window");
    wait_until("a window of the guest’s size", || {
        (shown.screen().width(), shown.screen().height()) == TEXT_SCREEN
    });
    // Another window of the same guest finds what was chosen.
    let guest = shown.window.guest().expect("a guest");
    let other = GuestWindow::new(&our::app(), &guest);
    let state = other.action_state("console-scaling");
    assert_eq!(state, Some("integer".to_variant()));
    other.destroy();
    shown.scale("default");
    assert_eq!(shown.scaling(), "default");
}

#[gtk::test]
fn a_display_device_that_cannot_be_resized_is_named() {
    let shown = Shown::with_video("vga");
    shown.act("win.resize-guest");
    assert_eq!(
        shown.window.action_state("resize-guest"),
        Some(true.to_variant())
    );
    wait_until("what is in the way", || {
        let told = shown.toasts();
        told.iter()
            .any(|text| text == "The display device cannot be resized")
    });
    // It is told once: another size of the window asks nobody.
    shown.act("win.resize-guest");
    assert_eq!(
        shown.window.action_state("resize-guest"),
        Some(false.to_variant())
    );
}

#[gtk::test]
fn the_links_figures_are_the_sessions() {
    let shown = Shown::with_video("vga");
    shown.act("win.statistics");
    let subtitle = |id: &str| {
        let row: Option<adw::ActionRow> =
            find_by_id(&shown.window, id).and_then(|row| row.downcast().ok());
        row.and_then(|row| row.subtitle()).unwrap_or_default()
    };
    wait_until("the figures", || !subtitle("received").is_empty());
    // libvirt hands over a descriptor with all questions waived.
    assert_eq!(subtitle("security"), "None");
    let updates = || -> u64 {
        let text = subtitle("updates");
        let count = text.split(' ').nth(3).and_then(|word| word.parse().ok());
        count.unwrap_or_else(|| panic!("no count in {text}"))
    };
    assert!(updates() > 0);
    // The text cursor blinks: what is shown goes on.
    let before = updates();
    wait_until("a newer figure", || updates() > before);
    let dialog = shown.window.visible_dialog().expect("the dialog");
    dialog.force_close();
}

#[gtk::test]
fn a_screenshot_needs_no_viewer() {
    support::start();
    let daemon = Daemon::start().expect("a libvirtd");
    let uri = our::host(&daemon, &[("alpha", "Alpha", "")]);
    let connections = ConnectionList::default();
    connections.add(&uri, false).expect("a good URI");
    let connection: Connection = connections.item(0).and_downcast().expect("it was added");
    connection.connect_host();
    wait_until("the guest", || connection.guests().n_items() == 1);
    let guest: Guest = connection.guests().item(0).and_downcast().expect("a guest");
    let window = GuestWindow::new(&our::app(), &guest);
    window.present();
    wait_until("a guest that can be pictured", || {
        window.is_action_enabled("screenshot")
    });
    let context = glib::MainContext::default();
    let picture = context
        .block_on(guest.screenshot())
        .expect("the driver has a picture");
    assert_eq!(picture.mime, "image/png");
    window.destroy();
    connection.disconnect_host();
    settle();
}
