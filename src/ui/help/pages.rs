//! Which help pages there are, in which order, and where each is in the user's language.

use gtk::{gio, glib};

/// The pages in the order of the list; each is a file of this name in each language's folder.
pub(super) const PAGES: [&str; 11] = [
    "connect",
    "connect-local",
    "connect-polkit",
    "connect-ssh",
    "connect-tls",
    "connect-sasl",
    "connect-kerberos",
    "connect-other",
    "screen",
    "text-console",
    "sound",
];

const FOLDER: &str = "/io/github/innkeeper/Innkeeper/help";
const FALLBACK: &str = "en";

/// Reads a page in the first of the user's languages that has it; `None` for a page that does not exist.
pub(super) fn read(page: &str) -> Option<String> {
    let known = PAGES.contains(&page).then_some(page)?;
    let names = glib::language_names();
    languages(names.iter().map(glib::GString::as_str)).find_map(|language| {
        let path = format!("{FOLDER}/{language}/{known}.md");
        let data = gio::resources_lookup_data(&path, gio::ResourceLookupFlags::NONE).ok()?;
        String::from_utf8(data.to_vec()).ok()
    })
}

/// Gives the folders to look into: a locale's language, then English.
///
/// The C locale and English itself end the search: languages that the user put behind them are not preferred to it.
fn languages<'a>(names: impl Iterator<Item = &'a str>) -> impl Iterator<Item = String> {
    names
        .map(|name| {
            let end = name.find(['_', '.', '@']).unwrap_or(name.len());
            name[..end].to_owned()
        })
        .take_while(|name| name != "C" && name != FALLBACK)
        .chain([FALLBACK.to_owned()])
}

#[cfg(test)]
mod tests {
    use super::languages;

    fn folders(names: &[&str]) -> Vec<String> {
        languages(names.iter().copied()).collect()
    }

    #[test]
    fn the_users_language_comes_first_and_english_last() {
        assert_eq!(
            folders(&["ja_JP.UTF-8", "ja_JP", "ja", "C"])
                .first()
                .unwrap(),
            "ja"
        );
        assert_eq!(folders(&["C"]), ["en"]);
        assert_eq!(folders(&["en_GB.UTF-8", "en", "ru"]), ["en"]);
        assert_eq!(folders(&["de", "ru", "C"]), ["de", "ru", "en"]);
    }
}
