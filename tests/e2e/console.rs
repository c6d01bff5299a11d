//! A guest's screen: what is seen and typed, and what happens to it when the guest goes and comes.

use std::{fs, path::Path, process::Command, time::Duration};

use testbed::{Area, Picture, until, until_true};

use crate::{
    guests::{ANIMATED, ANIMATED_SIZE, LOCKED, OFF, SECRET},
    runner::tests,
    scope::Scope,
    stage::{PATIENCE, Stage},
};
use testbed::socket::Relay;

tests![
    a_typed_key_changes_the_guests_picture,
    follows_a_guest_that_reboots_stops_and_starts,
    asks_for_the_password_until_it_is_right,
    a_screenshot_is_the_guests_picture,
    a_full_disk_leaves_no_half_screenshot,
    tells_that_a_guest_was_deleted,
];

pub(crate) fn a_typed_key_changes_the_guests_picture(stage: &mut Stage<'_>) {
    let window = stage.open_console(ANIMATED);
    let screen = window.is_live(ANIMATED);
    window.activate();
    let line = typed_line(window.place(&screen));
    let look = || window.screen.picture().part(line);
    let before = look();
    assert!(
        ink(&before) > 50,
        "the guest shows a prompt: {}",
        ink(&before)
    );
    window.screen.type_text("Hello, 42");
    until_true("the typed text in the guest’s picture", PATIENCE, || {
        ink(&look()) > ink(&before) + 300
    });
    window.keep("typed");
    // Return clears the guest's line.
    window.screen.press(&["Return"]);
    until_true("the empty line in the guest’s picture", PATIENCE, || {
        look().differing(&before) == 0
    });
}

/// Where the guest shows what is typed (build-aux/demo/animated.asm), inside the place of its picture.
pub(crate) fn typed_line(screen: Area) -> Area {
    let (width, height) = ANIMATED_SIZE;
    let scale = f64::min(
        f64::from(screen.width) / f64::from(width),
        f64::from(screen.height) / f64::from(height),
    );
    let scaled = |length: i32| (f64::from(length) * scale) as i32;
    Area {
        x: screen.x + (screen.width - scaled(width)) / 2 + scaled(34),
        y: screen.y + (screen.height - scaled(height)) / 2 + scaled(514),
        width: scaled(width - 2 * 34),
        height: scaled(40),
    }
}

/// How many pixels are as bright as letters.
pub(crate) fn ink(picture: &Picture) -> usize {
    let is_bright = |pixel: &&u32| {
        [16, 8, 0]
            .iter()
            .all(|shift| (**pixel >> shift) & 255 > 150)
    };
    picture.pixels().iter().filter(is_bright).count()
}

pub(crate) fn follows_a_guest_that_reboots_stops_and_starts(stage: &mut Stage<'_>) {
    let lab = stage.lab;
    let window = stage.open_console(ANIMATED);
    let screen = window.is_live(ANIMATED);
    let look = || {
        window
            .screen
            .picture()
            .part(typed_line(window.place(&screen)))
    };

    // What was typed is gone when the guest has begun anew.
    window.activate();
    window.screen.type_text("before");
    until_true("the typed text", PATIENCE, || ink(&look()) > 500);
    window.choose("Shut Down, Reboot, Force Off, Save", "_Reboot");
    until_true("the guest’s new beginning", PATIENCE, || {
        (50..300).contains(&ink(&look()))
    });
    window.is_live(ANIMATED);
    lab.wait_for_state(ANIMATED.name, "running");

    // Somebody else pulls its plug.
    lab.virsh(&["destroy", ANIMATED.name]);
    window.reads("Shut Off");
    window.keep("off");
    lab.virsh(&["start", ANIMATED.name]);
    window.is_live(ANIMATED);

    window.choose("Shut Down, Reboot, Force Off, Save", "_Force Off");
    window.reads("Force Off?");
    window.press("Force Off");
    window.reads("Shut Off");
    window.press("Run");
    window.is_live(ANIMATED);
    lab.wait_for_state(ANIMATED.name, "running");

    // Its hypervisor dies: the page says so, and the next run is shown.
    lab.kill_guest(ANIMATED.name);
    window.reads("It ended unexpectedly");
    window.keep("killed");
    window.press("Run");
    window.is_live(ANIMATED);
}

fn asks_for_the_password_until_it_is_right(stage: &mut Stage<'_>) {
    // Bytes come through, descriptors do not, as with a socket forwarded by ssh: the screen is reached by its port.
    let socket = stage.place("forwarded");
    // Who may only look is not told the password that libvirt knows.
    let _relay = Relay::start(&socket, stage.lab.read_only_socket(), Duration::ZERO);
    let uri = Stage::uri_through(&socket);
    stage.start(&["--connect", &uri, "--show-domain-console", LOCKED.name]);
    let window = stage.window(LOCKED.title);
    window.reads("Password Required");
    window.activate();
    answer(&window, "wrong");
    window.reads("The password was wrong");
    window.keep("wrong");
    answer(&window, SECRET);
    window.reads_no_more("Password Required");
    window.is_live(LOCKED);
    window.keep("right");
}

#[track_caller]
fn answer(window: &Scope, password: &str) {
    let is_entry = |e: &testbed::Element| e.role.contains("text") && e.is(testbed::State::Focused);
    window.wait_for("an entry that has the keyboard", is_entry);
    window.screen.type_text(password);
    window.press("Log In");
}

fn a_full_disk_leaves_no_half_screenshot(stage: &mut Stage<'_>) {
    let folder = stage.place("full");
    let _disk = TinyDisk::mount(&folder);
    let window = stage.open_console(ANIMATED);
    window.is_live(ANIMATED);
    save_screenshot(stage, &folder.join("picture.png"));
    window.reads("Screenshot Not Saved");
    window.reads("There is no space left");
    window.keep("message");
    let left: Vec<_> = fs::read_dir(&folder).expect("the disk").flatten().collect();
    assert!(left.is_empty(), "half files: {left:?}");
}

fn a_screenshot_is_the_guests_picture(stage: &mut Stage<'_>) {
    let file = stage.place("picture.png");
    let window = stage.open_console(ANIMATED);
    window.is_live(ANIMATED);
    save_screenshot(stage, &file);
    let picture = until("a PNG file", PATIENCE, || Picture::load(&file));
    let (width, height) = ANIMATED_SIZE;
    assert_eq!(
        (picture.width(), picture.height()),
        (width as usize, height as usize)
    );
    assert!(
        picture.busy() > 0.5,
        "the picture shows something: {}",
        picture.busy()
    );
}

/// Takes a screenshot of the animated guest by the menu and the file dialog.
#[track_caller]
fn save_screenshot(stage: &mut Stage<'_>, file: &Path) {
    stage
        .window(ANIMATED.title)
        .choose("Main Menu", "Take _Screenshot…");
    let chooser = stage.window("Save Screenshot");
    chooser.activate();
    chooser.screen.press(&["Control_L", "a"]);
    chooser.screen.type_text(&file.to_string_lossy());
    chooser.press("Save");
}

/// A disk that is too small for any picture.
struct TinyDisk<'a>(&'a Path);

impl<'a> TinyDisk<'a> {
    fn mount(folder: &'a Path) -> Self {
        fs::create_dir_all(folder).expect("a folder");
        let status = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=4k", "tmpfs"])
            .arg(folder)
            .status();
        assert!(
            status.is_ok_and(|status| status.success()),
            "a small disk can be mounted"
        );
        Self(folder)
    }
}

impl Drop for TinyDisk<'_> {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0).status();
    }
}

fn tells_that_a_guest_was_deleted(stage: &mut Stage<'_>) {
    const NAME: &str = "doomed";
    let lab = stage.lab;
    let definition = stage.place("doomed.xml");
    let like = lab.virsh(&["dumpxml", OFF.name]);
    let uuid = like
        .lines()
        .find(|line| line.contains("<uuid>"))
        .expect("a UUID");
    let title = like
        .lines()
        .find(|line| line.contains("<title>"))
        .expect("a title");
    let text = like
        .replace(uuid, "")
        .replace(title, "<title>Doomed</title>")
        .replace("<name>demo-off</name>", "<name>doomed</name>");
    fs::write(&definition, text).expect("a file");
    lab.virsh(&["define", &definition.to_string_lossy()]);

    stage.start(&["--connect", "qemu:///system", "--show-domain-console", NAME]);
    let window = stage.window("Doomed");
    window.reads("Shut Off");
    lab.virsh(&["undefine", NAME]);
    window.reads("“Doomed” Was Deleted");
    window.keep("deleted");
    window.press("Close Window");
    until_true("the window’s end", PATIENCE, || {
        !stage.has_window("Doomed")
    });
}
