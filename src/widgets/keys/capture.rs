//! Asks for keys by having them pressed.
//!
//! Everything that is pressed goes to the question, the desktop's shortcuts too, until all keys are let go. Then keys mean
//! what they always do: Enter takes them, Escape forgets them.

use std::{cell::RefCell, rc::Rc};

use adw::prelude::*;
use gtk::{gdk, glib};

use super::{combination_text, plain_symbol};
use crate::app::i18n::gettext;

/// A key that was pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pressed {
    /// The symbol that it gives alone.
    pub key: gdk::Key,
    /// Its hardware code, as X11 and Wayland count.
    pub code: u32,
}

/// What has been pressed so far.
#[derive(Debug, Default)]
struct Capture {
    pressed: Vec<Pressed>,
    held: Vec<u32>,
    is_done: bool,
}

impl Capture {
    fn press(&mut self, pressed: Pressed) {
        if !self.held.contains(&pressed.code) {
            self.held.push(pressed.code);
        }
        if !self.pressed.iter().any(|known| known.code == pressed.code) {
            self.pressed.push(pressed);
        }
    }

    /// Says whether that was the last one. A key that was down before the question is none of it.
    fn release(&mut self, code: u32) -> bool {
        self.held.retain(|held| *held != code);
        self.is_done = self.held.is_empty() && !self.pressed.is_empty();
        self.is_done
    }
}

/// Asks for keys that are pressed together, in the order in which they went down; `None` when nobody wants to.
pub async fn capture_keys(
    parent: &impl IsA<gtk::Widget>,
    heading: &str,
    body: &str,
) -> Option<Vec<Pressed>> {
    let dialog = adw::AlertDialog::new(Some(heading), Some(body));
    let shown = gtk::Label::builder()
        .label(gettext("Waiting for Keys…"))
        .wrap(true)
        .css_classes(["title-3"])
        .build();
    dialog.set_extra_child(Some(&shown));
    dialog.add_responses(&[("cancel", &gettext("_Cancel")), ("use", &gettext("_Use"))]);
    dialog.set_response_appearance("use", adw::ResponseAppearance::Suggested);
    dialog.set_response_enabled("use", false);
    dialog.set_default_response(Some("use"));
    dialog.set_close_response("cancel");

    let capture = Rc::new(RefCell::new(Capture::default()));
    let window = parent.root().and_downcast::<gtk::Window>()?;
    listen(&window, &capture, &dialog, &shown);
    hold_shortcuts(&window, true);
    let answer = dialog.choose_future(Some(parent)).await;
    hold_shortcuts(&window, false);
    let pressed = capture.take().pressed;
    (answer == "use" && !pressed.is_empty()).then_some(pressed)
}

/// Has the dialog hear every key first. The window below it hears none while a dialog is open.
fn listen(
    window: &gtk::Window,
    capture: &Rc<RefCell<Capture>>,
    dialog: &adw::AlertDialog,
    shown: &gtk::Label,
) {
    let listener = gtk::EventControllerKey::new();
    listener.set_propagation_phase(gtk::PropagationPhase::Capture);
    let (state, label) = (Rc::clone(capture), shown.clone());
    listener.connect_key_pressed(move |listener, key, code, _| {
        let (mut state, display) = (state.borrow_mut(), listener.widget().map(|w| w.display()));
        let Some(display) = display.filter(|_| !state.is_done) else {
            return glib::Propagation::Proceed;
        };
        let key = plain_symbol(&display, key, code);
        state.press(Pressed { key, code });
        let keys: Vec<gdk::Key> = state.pressed.iter().map(|pressed| pressed.key).collect();
        label.set_label(&combination_text(&keys));
        glib::Propagation::Stop
    });
    let (state, label) = (Rc::clone(capture), shown.clone());
    let (window, weak) = (window.downgrade(), dialog.downgrade());
    listener.connect_key_released(move |_, _, code, _| {
        let was_done = state.borrow().is_done;
        if !was_done && state.borrow_mut().release(code) {
            if let Some(window) = window.upgrade() {
                hold_shortcuts(&window, false);
            }
            if let Some(dialog) = weak.upgrade() {
                dialog.set_response_enabled("use", true);
                // Enter takes them.
                if let Some(button) = dialog.default_widget() {
                    button.grab_focus();
                }
            }
            label.announce(&label.label(), gtk::AccessibleAnnouncementPriority::Medium);
        }
    });
    dialog.add_controller(listener);
}

/// Asks the desktop to leave its shortcuts to a window, or gives them back.
fn hold_shortcuts(window: &gtk::Window, hold: bool) {
    let Some(surface) = window.surface().and_downcast::<gdk::Toplevel>() else {
        return;
    };
    if hold {
        surface.inhibit_system_shortcuts(None::<&gdk::Event>);
    } else {
        surface.restore_system_shortcuts();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(code: u32) -> Pressed {
        Pressed {
            key: gdk::Key::a,
            code,
        }
    }

    #[test]
    fn it_ends_when_all_keys_are_let_go() {
        let mut capture = Capture::default();
        assert!(!capture.release(36), "the key that opened the question");
        capture.press(key(37));
        capture.press(key(64));
        capture.press(key(64));
        assert!(!capture.release(37));
        assert!(capture.release(64));
        assert_eq!(capture.pressed, [key(37), key(64)]);
    }
}
