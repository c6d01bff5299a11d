//! Translated texts with named places: `{name}` in a message is replaced by its value.
//!
//! Messages must stand as literals in calls of `gettext`, `ngettext`, [`gettext_f`] and [`ngettext_f`], because
//! xgettext reads them there (`po/POTFILES.in` lists the files).

use std::time::{SystemTime, UNIX_EPOCH};

use gettextrs::{LocaleCategory, bind_textdomain_codeset, bindtextdomain, setlocale, textdomain};
pub use gettextrs::{gettext, ngettext, pgettext};
use gtk::glib;

/// The translation domain, which names the `.mo` files.
pub const DOMAIN: &str = "innkeeper";

/// Where translations are installed; meson sets it, a plain cargo build finds them beside itself.
const LOCALE_DIR: Option<&str> = option_env!("INNKEEPER_LOCALEDIR");

/// Reads the user's locale and binds the translations.
///
/// A locale that the system does not have leaves English in place; it must not keep the program from starting.
pub fn init() {
    // SAFETY: `setlocale` races with other threads that read the locale; `main` calls this before it starts any.
    unsafe {
        setlocale(LocaleCategory::LcAll, "");
    }
    let folder = LOCALE_DIR.unwrap_or(concat!(env!("OUT_DIR"), "/locale"));
    let bound = bindtextdomain(DOMAIN, folder)
        .and_then(|_| bind_textdomain_codeset(DOMAIN, "UTF-8"))
        .and_then(|_| textdomain(DOMAIN));
    if let Err(error) = bound {
        tracing::warn!(%error, folder, "translations could not be bound");
    }
}

/// Translates a message and fills its named places.
pub fn gettext_f(message: &str, values: &[(&str, &str)]) -> String {
    fill(&gettext(message), values)
}

/// Translates a message by number and fills its named places.
pub fn ngettext_f(one: &str, many: &str, count: u32, values: &[(&str, &str)]) -> String {
    fill(&ngettext(one, many, count), values)
}

/// Writes a day and a time as the user's locale does, on this computer's clock; any year can be written.
pub fn day_and_time(time: SystemTime) -> String {
    let seconds = match time.duration_since(UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_secs()).unwrap_or(i64::MAX),
        Err(before) => -i64::try_from(before.duration().as_secs()).unwrap_or(i64::MAX),
    };
    glib::DateTime::from_unix_local(seconds)
        .and_then(|time| time.format("%x %H:%M"))
        .map_or_else(|_| "?".to_owned(), Into::into)
}

/// Writes a number with so many decimals, as the user's locale does.
pub fn decimal(value: f64, decimals: usize) -> String {
    format!("{value:.decimals$}").replace('.', &decimal_point())
}

/// Reads the locale's decimal point off a size, which GLib writes with it: “1.5 kB”.
fn decimal_point() -> String {
    let size = glib::format_size(1_500);
    let after = size.trim_start_matches(|c: char| c.is_ascii_digit());
    let point: String = after.chars().take_while(|c| !c.is_ascii_digit()).collect();
    if point.is_empty() {
        ".".to_owned()
    } else {
        point
    }
}

/// Replaces each `{name}` in one pass, so that a value that holds braces stays as it is.
fn fill(message: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(message.len());
    let mut rest = message;
    while let Some(start) = rest.find('{') {
        filled.push_str(&rest[..start]);
        rest = &rest[start..];
        let known = rest.find('}').and_then(|end| {
            let value = values.iter().find(|(name, _)| *name == &rest[1..end])?.1;
            Some((value, end))
        });
        if let Some((value, end)) = known {
            filled.push_str(value);
            rest = &rest[end + 1..];
        } else {
            filled.push('{');
            rest = &rest[1..];
        }
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use gtk::glib;

    use super::{decimal, fill};

    #[test]
    fn named_places_are_filled_once() {
        let values = [("name", "a {b} c"), ("b", "never")];
        assert_eq!(fill("Start {name}?", &values), "Start a {b} c?");
        assert_eq!(fill("{unknown} {name", &values), "{unknown} {name");
        assert_eq!(fill("", &values), "");
    }

    #[test]
    fn numbers_are_written_as_sizes_are() {
        assert!(glib::format_size(2_500).starts_with(&decimal(2.5, 1)));
        assert_eq!(decimal(2.5, 0), "2");
    }
}
