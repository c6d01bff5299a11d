//! Which keys stay with the terminal. All others go to the guest while the terminal has the focus: those of the window and
//! of the application, mnemonics, F10 and Tab as well (features C1).
//!
//! Like those of the screen, keys are taken in the window's capture phase, before its accelerators see them.

use std::cell::RefCell;

use gtk::{gdk, glib, prelude::*};

use super::TerminalView;

/// What is done here: a key as GTK writes it, and the action.
const KEYS: [(&str, &str); 18] = [
    ("<Control><Shift>c", "terminal.copy"),
    ("<Control>Insert", "terminal.copy"),
    ("<Control><Shift>v", "terminal.paste"),
    ("<Shift>Insert", "terminal.paste"),
    ("<Control><Shift>a", "terminal.select-all"),
    ("<Control><Shift>f", "terminal.find"),
    ("<Control><Shift>g", "terminal.find-previous"),
    ("<Control><Shift>h", "terminal.find-next"),
    ("<Control><Shift>s", "terminal.save"),
    ("<Control>plus", "terminal.zoom-in"),
    ("<Control>equal", "terminal.zoom-in"),
    ("<Control>KP_Add", "terminal.zoom-in"),
    ("<Control>minus", "terminal.zoom-out"),
    ("<Control>KP_Subtract", "terminal.zoom-out"),
    ("<Control>0", "terminal.zoom-normal"),
    ("<Control>KP_0", "terminal.zoom-normal"),
    ("<Control><Shift>F6", "win.focus-header"),
    ("<Control><Shift>F11", "win.fullscreen"),
];

/// The keyboard of a terminal.
#[derive(Debug, Default)]
pub(super) struct Keys {
    attached: RefCell<Option<(gtk::Window, gtk::EventControllerKey)>>,
}

impl Keys {
    /// Listens in the window that holds the terminal: called whenever it is realized, so that it hears keys first.
    pub(super) fn attach(&self, view: &TerminalView) {
        self.detach();
        let Some(window) = view.root().and_downcast::<gtk::Window>() else {
            return;
        };
        let own: Vec<_> = KEYS
            .iter()
            .filter_map(|(key, action)| Some((gtk::ShortcutTrigger::parse_string(key)?, *action)))
            .collect();
        let controller = gtk::EventControllerKey::new();
        controller.set_propagation_phase(gtk::PropagationPhase::Capture);
        let weak = view.downgrade();
        controller.connect_key_pressed(move |controller, _, _, _| match weak.upgrade() {
            Some(view) => press(&view, controller, &own),
            None => glib::Propagation::Proceed,
        });
        window.add_controller(controller.clone());
        self.attached.replace(Some((window, controller)));
    }

    /// Stops listening.
    pub(super) fn detach(&self) {
        if let Some((window, controller)) = self.attached.take() {
            window.remove_controller(&controller);
        }
    }
}

fn press(
    view: &TerminalView,
    controller: &gtk::EventControllerKey,
    own: &[(gtk::ShortcutTrigger, &'static str)],
) -> glib::Propagation {
    let terminal = view.terminal();
    if !terminal.has_focus() {
        return glib::Propagation::Proceed;
    }
    let Some(event) = controller.current_event() else {
        return glib::Propagation::Proceed;
    };
    let action = own
        .iter()
        .find(|(trigger, _)| trigger.trigger(&event, false) != gdk::KeyMatch::None);
    match action {
        Some((_, action)) => {
            let _ = view.activate_action(action, None);
        }
        None => {
            controller.forward(&terminal);
        }
    }
    glib::Propagation::Stop
}
