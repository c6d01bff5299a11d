//! Texts that are compared or copied letter by letter.

use gtk::glib;

/// Makes the markup of a text that may be broken over lines, but never gets a hyphen there: it would be read as part of
/// the text.
pub fn exact_markup(text: &str) -> String {
    let text = glib::markup_escape_text(text);
    format!("<span insert_hyphens=\"false\">{text}</span>")
}

/// Makes the same of a command or a fingerprint, whose letters must not be taken for one another.
pub fn code_markup(text: &str) -> String {
    let text = glib::markup_escape_text(text);
    format!("<span insert_hyphens=\"false\" face=\"monospace\">{text}</span>")
}

/// Makes the same of a certificate's fingerprint, whose bytes stay whole: a line ends behind a colon.
pub fn fingerprint_markup(fingerprint: &str) -> String {
    let mut whole = String::new();
    for byte in fingerprint.split_inclusive(':') {
        whole += "<span allow_breaks=\"false\">";
        whole += &glib::markup_escape_text(byte);
        whole += "</span>";
    }
    format!("<span insert_hyphens=\"false\" face=\"monospace\">{whole}</span>")
}
