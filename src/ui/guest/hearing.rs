//! What a page hears of its guest, whichever it shows at the time.

use gtk::{glib, prelude::*};

/// Calls an act of the listener, while it lives, at each of some signals of whatever is the group's target.
pub(super) fn hear<L>(group: &glib::SignalGroup, listener: &L, signals: &[&str], act: fn(&L))
where
    L: IsA<glib::Object>,
{
    for signal in signals {
        let weak = listener.downgrade();
        group.connect_local(signal, false, move |_| {
            if let Some(listener) = weak.upgrade() {
                act(&listener);
            }
            None
        });
    }
}
