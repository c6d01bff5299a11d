//! Searches what a terminal shows and has shown, for a text as it is written.

use gtk::glib;
use vte::prelude::*;

/// What VTE asks of every expression that it searches for (`PCRE2_MULTILINE` of pcre2.h).
const MULTILINE: u32 = 0x0000_0400;
/// Whether letters may be of either case (`PCRE2_CASELESS`).
const CASELESS: u32 = 0x0000_0008;
/// That both are UTF-8 (`PCRE2_UTF`).
const UTF: u32 = 0x0008_0000;

/// Looks for a text from now on, from the newest match backwards; for nothing where it is empty. Says whether it is there.
pub(super) fn find(terminal: &vte::Terminal, text: &str) -> bool {
    terminal.search_set_wrap_around(true);
    terminal.unselect_all();
    if text.is_empty() {
        terminal.search_set_regex(None, 0);
        return true;
    }
    let pattern = glib::Regex::escape_string(text);
    match vte::Regex::for_search(&pattern, flags(text)) {
        Ok(regex) => {
            terminal.search_set_regex(Some(&regex), 0);
            terminal.search_find_previous()
        }
        Err(error) => {
            tracing::warn!(%error, "a text cannot be searched for");
            false
        }
    }
}

/// A text with a capital letter means it.
fn flags(text: &str) -> u32 {
    let cares = text.chars().any(char::is_uppercase);
    MULTILINE | UTF | if cares { 0 } else { CASELESS }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_capital_letter_makes_case_matter() {
        assert_ne!(flags("login: 1"), flags("Login: 1"));
        assert_eq!(flags("Login") & CASELESS, 0);
    }
}
