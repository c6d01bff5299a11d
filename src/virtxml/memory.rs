//! Amounts of memory with their units (libvirt's docs/formatdomain, "Memory Allocation").

use crate::Element;

/// Reads an element such as `<memory unit='GiB'>2</memory>` in KiB; KiB is also the unit where none is named.
///
/// `None` for what is no number, an unknown unit, or more than fits.
pub fn kib(element: &Element) -> Option<u64> {
    let number: u64 = element.text().trim().parse().ok()?;
    let unit = element.attribute("unit");
    scaled(number, unit.as_deref().unwrap_or("KiB"))
}

/// Turns a number of some unit into KiB, rounding up as libvirt does.
fn scaled(number: u64, unit: &str) -> Option<u64> {
    let bytes_each: u128 = match unit {
        "b" | "byte" | "bytes" => 1,
        "KB" => 1_000,
        "k" | "KiB" => 1 << 10,
        "MB" => 1_000_000,
        "M" | "MiB" => 1 << 20,
        "GB" => 1_000_000_000,
        "G" | "GiB" => 1 << 30,
        "TB" => 1_000_000_000_000,
        "T" | "TiB" => 1 << 40,
        _ => return None,
    };
    let bytes = u128::from(number) * bytes_each;
    u64::try_from(bytes.div_ceil(1_024)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Document;

    #[test]
    fn units_are_those_of_the_documentation() {
        let read = |text: &str| kib(Document::parse(text).unwrap().root());
        assert_eq!(read("<memory>2048</memory>"), Some(2_048));
        assert_eq!(read("<memory unit='GiB'> 2 </memory>"), Some(2_097_152));
        assert_eq!(read("<memory unit='bytes'>1025</memory>"), Some(2));
        assert_eq!(read("<memory unit='MB'>1</memory>"), Some(977));
        assert_eq!(read("<memory unit='parsec'>1</memory>"), None);
        assert_eq!(read("<memory>much</memory>"), None);
        assert_eq!(
            read("<memory unit='TiB'>18446744073709551615</memory>"),
            None
        );
    }
}
