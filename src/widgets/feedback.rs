//! Where outcomes are shown: a toast in the window that holds a widget, with a dialog for the details.

use adw::prelude::*;

use crate::{
    app::{
        errors::UserFacing,
        i18n::{gettext, gettext_f},
    },
    model::{Error, Job, JobState},
    widgets::copy_text,
};

/// Shows a short message over the window that holds a widget.
pub fn show_message(widget: &impl IsA<gtk::Widget>, text: &str) {
    add(widget, whole(widget, text, None));
}

/// Shows that something is not so, with what to do about it behind a button.
pub fn show_advice(widget: &impl IsA<gtk::Widget>, text: &str, advice: &str) {
    let toast = whole(widget, text, Some(&gettext("_Details")));
    toast.set_timeout(0);
    let parent = widget.as_ref().downgrade();
    let body = format!("{text}\n\n{advice}");
    toast.connect_button_clicked(move |_| {
        let dialog = adw::AlertDialog::new(Some(&gettext("Details")), Some(&body));
        dialog.add_response("close", &gettext("_Close"));
        dialog.set_close_response("close");
        dialog.present(parent.upgrade().as_ref());
    });
    add(widget, toast);
}

/// Shows that something failed, with its cause behind a button. A cancelled act is silent.
pub fn show_error(widget: &impl IsA<gtk::Widget>, headline: &str, error: &Error) {
    if error.is_silent() {
        return;
    }
    tracing::error!(%error, headline, "shown to the user");
    let toast = whole(widget, headline, Some(&gettext("_Details")));
    toast.set_timeout(0);
    let parent = widget.as_ref().downgrade();
    let (headline, error) = (headline.to_owned(), error.clone());
    toast.connect_button_clicked(move |_| {
        if let Some(parent) = parent.upgrade() {
            show_details(&parent, &headline, &error);
        }
    });
    add(widget, toast);
}

/// Shows a failure in full: what failed, the likely cause, what to do, and the raw message ready to copy.
pub(super) fn show_details(parent: &impl IsA<gtk::Widget>, headline: &str, error: &Error) {
    let mut body = format!("{headline}\n\n{}", error.headline());
    if let Some(advice) = error.advice() {
        body = format!("{body}\n{advice}");
    }
    // A short heading: libadwaita 1.7 measures a long one too narrow and warns.
    let dialog = adw::AlertDialog::new(Some(&gettext("Error Details")), Some(&body));
    let raw = gtk::Label::builder()
        .label(error.details())
        .wrap(true)
        .wrap_mode(gtk::pango::WrapMode::WordChar)
        .selectable(true)
        .xalign(0.0)
        .css_classes(["caption", "monospace", "card", "raw-message"])
        .build();
    dialog.set_extra_child(Some(&raw));
    dialog.add_responses(&[("copy", &gettext("C_opy")), ("close", &gettext("_Close"))]);
    dialog.set_default_response(Some("close"));
    dialog.set_close_response("close");
    let (display, text) = (parent.as_ref().display(), error.details());
    dialog.connect_response(Some("copy"), move |_, _| {
        copy_text(&display.clipboard(), &text);
    });
    dialog.present(Some(parent));
}

/// Follows a job with a toast that can cancel it and that goes away with it.
pub(super) fn show_job(widget: &impl IsA<gtk::Widget>, job: &Job) {
    let toast = adw::Toast::new(&job.title());
    toast.set_use_markup(false);
    toast.set_timeout(0);
    toast.set_button_label(Some(&gettext("_Cancel")));
    let cancelled = job.downgrade();
    toast.connect_button_clicked(move |_| {
        if let Some(job) = cancelled.upgrade() {
            job.cancel();
        }
    });
    let shown = toast.downgrade();
    job.connect_fraction_notify(move |job| {
        if let Some(toast) = shown.upgrade() {
            let percent = format!("{:.0}", job.fraction() * 100.0);
            toast.set_title(&gettext_f(
                // Translators: a job and how far it is, such as “Saving vm… 40 %”.
                "{job} {percent} %",
                &[("job", &job.title()), ("percent", &percent)],
            ));
        }
    });
    let (shown, widget_of) = (toast.downgrade(), widget.as_ref().downgrade());
    job.connect_state_notify(move |job| {
        if let Some(toast) = shown.upgrade() {
            toast.dismiss();
        }
        if let (JobState::Failed, Some(error), Some(widget)) =
            (job.state(), job.error(), widget_of.upgrade())
        {
            show_error(&widget, &job.title(), &error);
        }
    });
    add(widget, toast);
}

/// Makes a toast whose text goes on in further lines where its window is too narrow for one: the toolkit cuts it there, and
/// gives a title of one's own all the width that it likes, past the buttons.
fn whole(widget: &impl IsA<gtk::Widget>, text: &str, button: Option<&str>) -> adw::Toast {
    let toast = adw::Toast::new(text);
    toast.set_use_markup(false);
    toast.set_button_label(button);
    let widget = widget.as_ref();
    let label = gtk::Label::builder()
        .label(text)
        .wrap(true)
        .wrap_mode(gtk::pango::WrapMode::WordChar)
        .xalign(0.0)
        .css_classes(["heading"])
        .build();
    let room = widget.root().map_or(0, |root| root.width()) - beside(widget, button);
    if room > 0 && label.measure(gtk::Orientation::Horizontal, -1).1 > room {
        let clamp = adw::Clamp::builder()
            .maximum_size(room)
            .tightening_threshold(room)
            .child(&label)
            .build();
        toast.set_custom_title(Some(&clamp));
        // Of a title of one's own the toolkit tells screen readers nothing.
        widget.announce(text, gtk::AccessibleAnnouncementPriority::Medium);
    }
    toast
}

/// How much of a window's width is not a toast's text, in application pixels: margins, the button, the closing button.
fn beside(widget: &gtk::Widget, button: Option<&str>) -> i32 {
    const MARGINS_AND_CLOSING: i32 = 110;
    const PADDING: i32 = 40;
    let button = button.map(|label| {
        let text = widget.create_pango_layout(Some(label));
        text.pixel_size().0 + PADDING
    });
    MARGINS_AND_CLOSING + button.unwrap_or(0)
}

/// Finds the nearest place above or below a widget that shows toasts.
fn add(widget: &impl IsA<gtk::Widget>, toast: adw::Toast) {
    let widget = widget.as_ref();
    let above = widget.ancestor(adw::ToastOverlay::static_type());
    let place = above.or_else(|| find_below(&widget.root()?.upcast()));
    if let Some(overlay) = place.and_downcast::<adw::ToastOverlay>() {
        overlay.add_toast(toast);
    } else {
        tracing::warn!(
            title = %toast.title().unwrap_or_default(),
            "no window shows this message"
        );
    }
}

fn find_below(widget: &gtk::Widget) -> Option<gtk::Widget> {
    if widget.is::<adw::ToastOverlay>() {
        return Some(widget.clone());
    }
    let mut child = widget.first_child();
    while let Some(next) = child {
        if let Some(found) = find_below(&next) {
            return Some(found);
        }
        child = next.next_sibling();
    }
    None
}
