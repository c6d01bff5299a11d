//! Types the desktop's clipboard into the guest, key by key, as if by hand.
//!
//! [`plan`] says which keys a text takes, [`layout`] where they lie. What cannot be typed is told before, long texts
//! and those with several lines are asked about, and typing can be stopped at any key.

mod layout;
mod plan;

use std::{pin::pin, time::Duration};

use adw::prelude::*;
use futures_util::future::{Either, select};
use gtk::glib;

use super::GuestWindow;
use crate::{
    app::i18n::{gettext, gettext_f, ngettext_f},
    model::rfb::{Session, keys},
    widgets::show_message,
};
use layout::Layout;
use plan::{Plan, Stroke};

/// The time for each key event. QEMU takes one in 10 ms (`key-delay-ms`); a guest that looks at its keyboard thirty times
/// a second, and keeps fifteen keys as a PC's firmware does, must not lose any either.
const PACE: Duration = Duration::from_millis(20);
/// Texts up to this long are typed without a question.
const SHORT: usize = 100;
/// How many characters without keys are named.
const NAMED: usize = 12;

const SHIFT: Stroke = modifier(gtk::gdk::Key::Shift_L, 42);
const ALT_GR: Stroke = modifier(gtk::gdk::Key::ISO_Level3_Shift, 100);
const CAPS_LOCK: Stroke = modifier(gtk::gdk::Key::Caps_Lock, 58);

const fn modifier(symbol: gtk::gdk::Key, number: u32) -> Stroke {
    Stroke {
        symbol,
        number,
        shift: false,
        alt_gr: false,
    }
}

/// Reads the clipboard, asks where that is due, and types.
pub(super) async fn type_clipboard(window: &GuestWindow) {
    // An empty clipboard and one without text say so with an error.
    let text = window.clipboard().read_text_future().await;
    let text = text.ok().flatten().unwrap_or_default();
    let layout = Layout::of(&WidgetExt::display(window));
    let plan = Plan::of(&text, |symbol| layout.stroke(symbol));
    if plan.strokes.is_empty() && plan.missing.is_empty() {
        show_message(window, &gettext("There is no text in the clipboard"));
        return;
    }
    if needs_question(&plan) && !is_wanted(window, &plan, &layout).await {
        return;
    }
    if let Some(session) = window.session() {
        type_with_progress(window, &session, &plan, layout.caps).await;
        window.give_screen_keyboard();
    }
}

fn needs_question(plan: &Plan) -> bool {
    plan.characters > SHORT || plan.lines_ended > 0 || !plan.missing.is_empty()
}

async fn is_wanted(window: &GuestWindow, plan: &Plan, layout: &Layout) -> bool {
    let dialog = adw::AlertDialog::new(
        Some(&gettext("Type the Clipboard?")),
        Some(&question(plan, layout)),
    );
    dialog.add_responses(&[("cancel", &gettext("_Cancel")), ("type", &gettext("_Type"))]);
    dialog.set_response_appearance("type", adw::ResponseAppearance::Suggested);
    dialog.set_response_enabled("type", !plan.strokes.is_empty());
    dialog.set_default_response(Some("type"));
    dialog.set_close_response("cancel");
    dialog.choose_future(Some(window)).await == "type"
}

/// What will be typed, what will not, and what must agree.
fn question(plan: &Plan, layout: &Layout) -> String {
    let mut parts = vec![ngettext_f(
        "{count} character is typed as if by hand.",
        "{count} characters are typed as if by hand.",
        plan.characters as u32,
        &[("count", &plan.characters.to_string())],
    )];
    if plan.lines_ended > 0 {
        parts.push(ngettext_f(
            "Enter is pressed {count} time; a command line runs what stands before it.",
            "Enter is pressed {count} times; a command line runs what stands before it.",
            plan.lines_ended as u32,
            &[("count", &plan.lines_ended.to_string())],
        ));
    }
    parts.push(if layout.name.is_empty() {
        gettext("The virtual machine must have the same keyboard layout as this desktop.")
    } else {
        gettext_f(
            // Translators: {layout} is the name of a keyboard layout, such as “English (US)”.
            "The virtual machine must have the same keyboard layout as this desktop: {layout}.",
            &[("layout", &layout.name)],
        )
    });
    if !plan.missing.is_empty() {
        let mut named: Vec<String> = (plan.missing.iter().take(NAMED))
            .map(|character| match character {
                control if control.is_control() => format!("U+{:04X}", u32::from(*control)),
                other => other.to_string(),
            })
            .collect();
        if plan.missing.len() > NAMED {
            named.push("…".to_owned());
        }
        parts.push(gettext_f(
            // Translators: {characters} is a list of characters.
            "This layout has no keys for these, which are left out: {characters}",
            &[("characters", &named.join(" "))],
        ));
    }
    parts.join("\n\n")
}

/// Types while a dialog shows how far it is; the dialog takes the keyboard, so that nothing else comes between.
async fn type_with_progress(window: &GuestWindow, session: &Session, plan: &Plan, caps: bool) {
    let bar = gtk::ProgressBar::new();
    let dialog = adw::AlertDialog::new(Some(&gettext("Typing…")), None);
    dialog.set_extra_child(Some(&bar));
    dialog.add_response("stop", &gettext("_Stop"));
    dialog.set_close_response("stop");
    let stopped = dialog.clone().choose_future(Some(window));
    let typed = type_strokes(session, &plan.strokes, caps, |done| {
        bar.set_fraction(done as f64 / plan.strokes.len() as f64);
    });
    match select(pin!(typed), pin!(stopped)).await {
        Either::Left(_) => dialog.force_close(),
        Either::Right(_) => {
            session.release_all_keys();
            if caps {
                tap(session, CAPS_LOCK);
            }
        }
    }
}

async fn type_strokes(session: &Session, strokes: &[Stroke], caps: bool, tell: impl Fn(usize)) {
    if caps {
        tap(session, CAPS_LOCK);
    }
    for (done, stroke) in (1..).zip(strokes) {
        let held = [(stroke.shift, SHIFT), (stroke.alt_gr, ALT_GR)];
        let held = || held.iter().filter(|(is_held, _)| *is_held);
        for (_, modifier) in held() {
            press(session, *modifier, true);
        }
        tap(session, *stroke);
        for (_, modifier) in held() {
            press(session, *modifier, false);
        }
        tell(done);
        glib::timeout_future(PACE * 2 * (1 + held().count() as u32)).await;
    }
    if caps {
        tap(session, CAPS_LOCK);
    }
}

fn tap(session: &Session, stroke: Stroke) {
    press(session, stroke, true);
    press(session, stroke, false);
}

fn press(session: &Session, stroke: Stroke, down: bool) {
    let symbol = glib::translate::IntoGlib::into_glib(stroke.symbol);
    let qnum = keys::qnum_from_evdev(stroke.number).unwrap_or(0);
    session.key(symbol, qnum, down);
}
