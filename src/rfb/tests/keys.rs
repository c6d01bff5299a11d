//! Real QEMU: which key each number is there.
//!
//! QEMU itself tells, by its trace of what its keyboard is given and of what a PS/2 keyboard makes of it. Needs QEMU and
//! nasm, as the test `qemu` does.
#![cfg(feature = "qemu-tests")]

mod support;

use std::{
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

use rfb::{Event, Options, Session, keys};
use support::{PATIENCE, guest::Guest, until};

/// Keys by Linux' number and by QEMU's name (`qapi/ui.json`, QKeyCode): all kinds that a keyboard can have.
#[rustfmt::skip]
const KEYS: &[(u32, &str)] = &[
    // Letters, digits and what lies around them.
    (1, "esc"), (2, "1"), (11, "0"), (12, "minus"), (14, "backspace"), (15, "tab"), (16, "q"), (26, "bracket_left"),
    (28, "ret"), (30, "a"), (39, "semicolon"), (41, "grave_accent"), (43, "backslash"), (44, "z"), (53, "slash"),
    (57, "spc"), (86, "less"),
    // Modifiers and locks.
    (29, "ctrl"), (42, "shift"), (54, "shift_r"), (56, "alt"), (58, "caps_lock"), (69, "num_lock"),
    (70, "scroll_lock"), (97, "ctrl_r"), (100, "alt_r"), (125, "meta_l"), (126, "meta_r"), (127, "compose"),
    // The keypad, whose Enter and slash have twins.
    (55, "kp_multiply"), (71, "kp_7"), (74, "kp_subtract"), (78, "kp_add"), (82, "kp_0"), (83, "kp_decimal"),
    (96, "kp_enter"), (98, "kp_divide"), (117, "kp_equals"), (121, "kp_comma"),
    // The island, whose keys share their codes with the keypad's.
    (102, "home"), (103, "up"), (104, "pgup"), (105, "left"), (106, "right"), (107, "end"), (108, "down"),
    (109, "pgdn"), (110, "insert"), (111, "delete"),
    // The ones with traps of their own.
    (99, "print"), (119, "pause"),
    // Function keys beyond the twelfth.
    (59, "f1"), (68, "f10"), (87, "f11"), (88, "f12"), (183, "f13"), (184, "f14"), (185, "f15"), (186, "f16"),
    (187, "f17"), (188, "f18"), (189, "f19"), (190, "f20"), (191, "f21"), (192, "f22"), (193, "f23"), (194, "f24"),
    // Japan, Korea, Brazil.
    (89, "ro"), (91, "hiragana"), (92, "henkan"), (93, "katakanahiragana"), (94, "muhenkan"), (122, "lang1"),
    (123, "lang2"), (124, "yen"),
    // Media and power.
    (113, "audiomute"), (114, "volumedown"), (115, "volumeup"), (116, "power"), (142, "sleep"), (143, "wake"),
    (140, "calculator"), (155, "mail"), (156, "ac_bookmarks"), (158, "ac_back"), (159, "ac_forward"),
    (163, "audionext"), (164, "audioplay"), (165, "audioprev"), (166, "audiostop"), (172, "ac_home"),
    (173, "ac_refresh"),
    // Sun's left block.
    (128, "stop"), (129, "again"), (131, "undo"), (133, "copy"), (135, "paste"), (136, "find"), (137, "cut"),
    (138, "help"),
];

/// A guest whose QEMU writes down what its keyboard is told.
struct Traced {
    guest: Guest,
    log: PathBuf,
}

impl Traced {
    fn boot(events: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("trace");
        let vnc = format!(
            "unix:{},key-delay-ms=0",
            folder.path().join("vnc").display()
        );
        let log_text = log.display().to_string();
        let mut arguments = vec!["-vga", "std", "-D", &log_text];
        for event in events {
            arguments.extend(["-trace", event]);
        }
        let guest = Guest::listening(folder, "pattern", &vnc, &arguments, &[]);
        Self { guest, log }
    }

    /// Waits until keys can be sent by their numbers.
    async fn session(&self) -> (Session, rfb::Events) {
        let (session, mut events) = self.guest.connect(Options::default()).await;
        until(&mut events, |event| {
            assert!(!matches!(event, Event::Closed(_)), "{event:?}");
            matches!(event, Event::Leds(_)).then_some(())
        })
        .await;
        (session, events)
    }
}

/// Waits until a log has so many lines with a text.
async fn lines(log: &Path, with: &str, count: usize) -> Vec<String> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let text = fs::read_to_string(log).unwrap_or_default();
        let found: Vec<String> = (text.lines().filter(|line| line.contains(with)))
            .map(str::to_owned)
            .collect();
        if found.len() >= count {
            return found;
        }
        assert!(
            Instant::now() < deadline,
            "{} of {count}:\n{text}",
            found.len()
        );
        tokio::task::yield_now().await;
    }
}

fn tap(session: &Session, evdev: u32) {
    let qnum = keys::qnum_from_evdev(evdev).unwrap();
    session.key(0, qnum, true);
    session.key(0, qnum, false);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_number_is_the_key_that_it_says() {
    let traced = Traced::boot(&["input_event_key_qcode"]);
    let (session, _events) = traced.session().await;
    for (evdev, _) in KEYS {
        tap(&session, *evdev);
    }
    let told = lines(&traced.log, "input_event_key_qcode", 2 * KEYS.len()).await;
    let wrong: Vec<String> = (KEYS.iter().zip(told.chunks(2)))
        .filter(|((_, name), pair)| !pair[0].contains(&format!("qcode {name},")))
        .map(|((evdev, name), pair)| format!("{evdev} is no {name}: {}", pair[0]))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}
