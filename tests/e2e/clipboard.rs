//! The clipboard between the desktop's programs and a guest whose agent speaks over the channel that the window adds.

use lab::agent::{self, Line};
use testbed::{
    Lab,
    selection::{Pasted, paste},
    until, until_true,
};

use crate::{
    guests::Guest,
    input::has_keyboard,
    neighbour::Neighbour,
    runner::tests,
    scope::Scope,
    stage::{PATIENCE, Stage},
};

tests![
    a_guest_that_lacks_the_channel_gets_it_and_shares_texts,
    each_switch_holds_its_direction,
    a_long_text_is_had_in_every_form_that_programs_ask_for,
];

/// A guest with an agent (tests/lab/agent.rs).
const AGENT: Guest = Guest {
    name: "agent",
    title: "A Guest with an Agent",
};

/// The longest text that goes to QEMU: its buffers hold 1 MiB, with what stands around the text (`ui/vdagent.c`).
const LONGEST: usize = (1 << 20) - 1024;

/// More than a property of the X server holds, several times.
const LONG: usize = 2_000_000;
/// What other programs call a text.
const FORMS: [&str; 3] = ["text/plain;charset=utf-8", "UTF8_STRING", PLAIN];
/// The same from before UTF-8.
const OLD: [&str; 3] = ["STRING", "TEXT", "COMPOUND_TEXT"];
const PLAIN: &str = "text/plain";

/// The guest, as long as the host has it; the other tests do not know it.
struct Defined<'a> {
    lab: &'a Lab,
    folder: tempfile::TempDir,
}

impl<'a> Defined<'a> {
    fn on(lab: &'a Lab) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let xml = agent::prepare(folder.path(), AGENT.name, AGENT.title).expect("a guest");
        let file = folder.path().join("agent.xml");
        std::fs::write(&file, xml).expect("a file");
        lab.virsh(&["define", &file.display().to_string()]);
        Self { lab, folder }
    }

    /// Gives it the channel, as a person does who edits it.
    fn add_channel(&self) {
        let file = self.folder.path().join("channel.xml");
        let xml = "<channel type='qemu-vdagent'><source><clipboard copypaste='yes'/></source>\
             <target type='virtio' name='com.redhat.spice.0'/></channel>";
        std::fs::write(&file, xml).expect("a file");
        let file = file.display().to_string();
        self.lab
            .virsh(&["attach-device", AGENT.name, &file, "--config"]);
    }

    fn line(&self) -> Line {
        Line::open(self.folder.path(), AGENT.name).expect("a guest with an agent")
    }
}

impl Drop for Defined<'_> {
    fn drop(&mut self) {
        // One that is starting runs on without a definition, until it is ended.
        self.lab.virsh(&["undefine", AGENT.name]);
        if !self.lab.state(AGENT.name).is_empty() {
            self.lab.virsh(&["destroy", AGENT.name]);
        }
    }
}

/// The window of the guest, the guest's line, and another program.
struct Sides {
    window: Scope,
    line: Line,
    neighbour: Neighbour,
}

impl Sides {
    fn of(stage: &mut Stage<'_>, guest: &Defined<'_>) -> Self {
        let window = stage.window(AGENT.title);
        window.guest_screen(AGENT);
        Self {
            window,
            line: guest.line(),
            neighbour: Neighbour::on(&stage.desktop),
        }
    }

    fn guest_has_keyboard(&self) -> bool {
        let screen = self.window.guest_screen(AGENT);
        has_keyboard(&self.window, &screen)
    }

    fn enter(&self) {
        self.window.activate();
        self.window.click(&self.window.guest_screen(AGENT));
        until_true("the guest has the keyboard", PATIENCE, || {
            self.guest_has_keyboard()
        });
    }

    fn leave(&self) {
        self.window.screen.press(&["Control_L", "Alt_L"]);
        until_true("the window has the keyboard", PATIENCE, || {
            !self.guest_has_keyboard()
        });
    }

    /// Waits until the guest has heard that there is a text, and pastes it there.
    #[track_caller]
    fn arrives_in_guest(&mut self, text: &str) {
        assert_eq!(self.line.heard().expect("news"), "grabbed");
        assert_eq!(self.line.paste().expect("a text"), Line::mark(text));
        if text.len() <= 200 {
            assert_eq!(self.line.heard().expect("it"), format!("text {text}"));
        }
    }

    #[track_caller]
    fn arrives_on_desktop(&mut self, text: &str) {
        let what = format!("{} bytes from the guest", text.len());
        until_true(&what, PATIENCE, || {
            self.neighbour.paste().as_deref() == Some(text)
        });
    }

    /// Has the guest copy a text; somebody fetches it.
    #[track_caller]
    fn copy_in_guest(&mut self, order: &str) {
        self.line.tell(order).expect("the guest");
        assert_eq!(self.line.heard().expect("the fetching"), "given");
    }
}

fn a_guest_that_lacks_the_channel_gets_it_and_shares_texts(stage: &mut Stage<'_>) {
    let guest = Defined::on(stage.lab);
    show(stage);
    let window = stage.window(AGENT.title);
    window.choose("Main Menu", "Share the Clip_board…");
    window.press("Add");
    window.reads("The clipboard is shared after the next start");
    window.press("Run");
    let mut sides = Sides::of(stage, &guest);

    sides.enter();
    sides.neighbour.copy("Grüße, 日本語 🖥");
    sides.arrives_in_guest("Grüße, 日本語 🖥");
    sides.copy_in_guest("copy Antwort: 日本語 €");
    sides.arrives_on_desktop("Antwort: 日本語 €");
    // As long as QEMU can pass on, and longer.
    let long = agent::filling(LONGEST);
    sides.neighbour.copy(&long);
    sides.arrives_in_guest(&long);
    sides.copy_in_guest(&format!("fill {}", 1 << 20));
    sides.arrives_on_desktop(&agent::filling(1 << 20));
    sides.neighbour.copy(&agent::filling(LONGEST + 1));
    sides.window.reads("The copied text is too long");
    sides.window.keep("too-long");
    assert_eq!(sides.line.heard().expect("news"), "emptied");
    while_somebody_works_elsewhere(&mut sides);
    in_the_background(&mut sides);
}

/// What is copied elsewhere waits for the user to come.
fn while_somebody_works_elsewhere(sides: &mut Sides) {
    sides.leave();
    sides.neighbour.copy("copied elsewhere");
    // Whatever the window makes of it, it has done so when it answers keys that came behind it.
    sides.window.screen.press(&["Alt_L", "2"]);
    sides.window.find("button", "Copy UUID");
    assert_eq!(sides.line.paste().expect("nothing"), Line::mark(""));
    assert_eq!(sides.line.heard().expect("nothing"), "text ");
    sides.neighbour.copy("copied at last");
    sides.window.screen.press(&["Alt_L", "1"]);
    sides.enter();
    sides.arrives_in_guest("copied at last");
}

/// A guest that copies while nobody is in it changes the desktop's clipboard only when somebody comes.
fn in_the_background(sides: &mut Sides) {
    sides.leave();
    sides.neighbour.copy("mine");
    // What the guest copies at once may be what the user has copied there just before.
    let begun = std::time::Instant::now();
    until("the keyboard to be long gone", PATIENCE, || {
        (begun.elapsed().as_secs() >= 3).then_some(())
    });
    let screen = sides.window.guest_screen(AGENT);
    let before = sides.window.picture_of(&screen);
    sides.copy_in_guest("copy the guest’s");
    // It has come when the guest's own word of it, which is painted behind it, is seen.
    until_true("the word “given”", PATIENCE, || {
        sides.window.picture_of(&screen).differing(&before) > 60
    });
    assert!(sides.neighbour.has_kept_it());
    sides.enter();
    sides.arrives_on_desktop("the guest’s");
}

fn each_switch_holds_its_direction(stage: &mut Stage<'_>) {
    let guest = Defined::on(stage.lab);
    guest.add_channel();
    stage.lab.virsh(&["start", AGENT.name]);
    stage.set_setting("console-clipboard", "'to-guest'");
    show(stage);
    let mut sides = Sides::of(stage, &guest);
    sides.enter();
    sides.neighbour.copy("one");
    sides.arrives_in_guest("one");
    sides.copy_in_guest("copy two");
    // The next text goes the other way, behind it: nobody has taken the clipboard in between.
    assert!(sides.neighbour.has_kept_it());
    sides.neighbour.copy("three");
    sides.arrives_in_guest("three");
    assert!(sides.neighbour.has_kept_it());
    drop(sides);

    stage.set_setting("console-clipboard", "'from-guest'");
    show(stage);
    let mut sides = Sides::of(stage, &guest);
    sides.neighbour.copy("four");
    sides.enter();
    sides.copy_in_guest("copy five");
    sides.arrives_on_desktop("five");
    sides.neighbour.copy("six");
    sides.copy_in_guest("copy seven");
    sides.arrives_on_desktop("seven");
    // The guest never heard of the desktop's texts: between its own there was no other.
}

fn a_long_text_is_had_in_every_form_that_programs_ask_for(stage: &mut Stage<'_>) {
    let display = stage.desktop.display();
    for text in [&agent::filling(LONG), &"plain ".repeat(LONG / 6)] {
        for form in FORMS.into_iter().chain(OLD) {
            let mut neighbour = Neighbour::on(&stage.desktop);
            neighbour.copy(text);
            let pasted = paste(display, form, PATIENCE);
            let Pasted::Bytes(bytes, _) = pasted else {
                let is_had = form == PLAIN && !text.is_ascii() && pasted == Pasted::Refused;
                assert!(is_had, "{form}: {pasted:?}");
                continue;
            };
            // The old forms write in their own, longer way what is not Latin.
            let is_old = OLD.contains(&form) && !text.is_ascii() && bytes.len() > text.len();
            let is_same = bytes.strip_suffix(b"\0").unwrap_or(&bytes) == text.as_bytes();
            assert!(is_same || is_old, "{form}: {} bytes", bytes.len());
            // And it goes on with its work.
            assert!(neighbour.has_kept_it(), "{form}");
        }
    }
}

fn show(stage: &mut Stage<'_>) {
    stage.start(&[
        "--connect",
        "qemu:///system",
        "--show-domain-console",
        AGENT.name,
    ]);
}
