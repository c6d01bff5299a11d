//! Until when something is valid, in words.

use std::time::SystemTime;

use gtk::glib;

use crate::app::i18n::{gettext_f, ngettext_f};

/// A certificate that ends within so many days is worth a word.
const SOON: u64 = 30;

/// Says a day as the user's locale writes it.
pub fn day(time: SystemTime) -> String {
    let since = time.duration_since(SystemTime::UNIX_EPOCH);
    let seconds = since.map_or(0, |since| since.as_secs() as i64);
    glib::DateTime::from_unix_local(seconds)
        .and_then(|time| time.format("%x"))
        .map(String::from)
        .unwrap_or_default()
}

/// Says until when a certificate is valid, and how many days that leaves where they are few.
pub fn validity(until: SystemTime, now: SystemTime) -> String {
    let day = day(until);
    let Ok(left) = until.duration_since(now) else {
        return gettext_f("{day} (expired)", &[("day", &day)]);
    };
    let days = left.as_secs() / (24 * 60 * 60);
    if days > SOON {
        return day;
    }
    ngettext_f(
        "{day} (in {count} day)",
        "{day} (in {count} days)",
        days as u32,
        &[("day", &day), ("count", &days.to_string())],
    )
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn an_end_that_is_near_is_counted() {
        let now = SystemTime::now();
        let in_days = |days: u64| validity(now + Duration::from_secs(days * 86_400 + 60), now);
        assert!(in_days(3).ends_with("(in 3 days)"), "{}", in_days(3));
        assert!(in_days(1).ends_with("(in 1 day)"), "{}", in_days(1));
        assert!(!in_days(31).contains("day"), "{}", in_days(31));
        let past = validity(now - Duration::from_mins(1), now);
        assert!(past.ends_with("(expired)"), "{past}");
    }
}
