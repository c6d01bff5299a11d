//! Puts texts into the desktop's clipboard.

use gtk::{gdk, glib};

/// What a text is called between programs.
const TEXT: &str = "text/plain;charset=utf-8";
/// The same in a word that means ASCII where nothing more is said.
const PLAIN: &str = "text/plain";

/// Puts a text of any length into the clipboard.
///
/// As bytes that are handed over as they are: GTK 4.18 converts a string in another thread and, on X11, closes that
/// stream in the main thread, where a text of more than 256 KiB waits for ever for what only the main thread can hear: that
/// the other program has taken the first piece (`gdkcontentserializer.c`, `gdkselectionoutputstream-x11.c`).
pub fn copy_text(clipboard: &gdk::Clipboard, text: &str) {
    let bytes = glib::Bytes::from(text.as_bytes());
    let named = |name| gdk::ContentProvider::for_bytes(name, &bytes);
    let content = if text.is_ascii() {
        gdk::ContentProvider::new_union(&[named(TEXT), named(PLAIN)])
    } else {
        named(TEXT)
    };
    if clipboard.set_content(Some(&content)).is_err() {
        tracing::warn!("the desktop does not take the text");
    }
}
