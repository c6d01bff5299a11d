//! What libadwaita's breakpoints do to the focus, undone.

use gtk::prelude::*;

/// Has the focus stay where it is when a window, or a bin with breakpoints, becomes narrow or wide.
///
/// libadwaita 1.7 takes all of it out of sight for a frame then, and GTK gives the focus of what goes out of sight to the
/// first thing that it finds: hands that typed would be on a button. A focus that is set again before that frame is over
/// stays (`adw-breakpoint-bin.c`, `gtkwindow.c`), unless its widget is really hidden.
pub fn keep_focus_over_breakpoints(place: &impl IsA<gtk::Widget>) {
    place.connect_notify_local(Some("current-breakpoint"), |place, _| {
        if let Some(root) = place.root() {
            root.set_focus(root.focus().as_ref());
        }
    });
}
