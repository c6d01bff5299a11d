//! One attribute with the way in which it was written.

use std::borrow::Cow;

use super::resolve;

/// A name and a value, and how they stood in the tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    name: String,
    raw: String,
    quote: char,
    /// White space before the name and around the `=`, where it is not the usual.
    spacing: Option<Box<Spacing>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Spacing {
    before: String,
    equals: String,
}

impl Attribute {
    /// Makes an attribute, quoted as libvirt does; the value is escaped.
    pub fn new(name: impl Into<String>, value: &str) -> Self {
        Self {
            name: name.into(),
            raw: escape_value(value),
            quote: '\'',
            spacing: None,
        }
    }

    /// The name as written, with its prefix.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The value with its entities resolved.
    pub fn value(&self) -> Cow<'_, str> {
        resolve(&self.raw)
    }

    /// Takes the next attribute off the inside of a tag; `None` when only white space is left, which stays in `rest`.
    pub(super) fn take(rest: &mut &str) -> Result<Option<Self>, &'static str> {
        let (before, text) = split_space(rest);
        if text.is_empty() {
            return Ok(None);
        }
        if before.is_empty() {
            return Err("no white space before an attribute");
        }
        let end = text
            .find(|c: char| c == '=' || c.is_ascii_whitespace())
            .ok_or("an attribute without a value")?;
        let (name, text) = text.split_at(end);
        let value_at = text
            .find(|c: char| c != '=' && !c.is_ascii_whitespace())
            .ok_or("an attribute without a value")?;
        let (equals, text) = text.split_at(value_at);
        if equals.trim() != "=" {
            return Err("an attribute without a value");
        }
        let quote = text
            .chars()
            .next()
            .filter(|c| matches!(c, '"' | '\''))
            .ok_or("a value without quotes")?;
        let (raw, text) = text
            .get(1..)
            .and_then(|text| text.split_once(quote))
            .ok_or("a value without its closing quote")?;
        if !super::parse::is_name(name) || raw.contains('<') {
            return Err("an attribute with a forbidden character");
        }
        *rest = text;
        Ok(Some(Self {
            name: name.to_owned(),
            raw: raw.to_owned(),
            quote,
            spacing: Spacing::unusual(before, equals),
        }))
    }

    pub(super) fn write(&self, out: &mut String) {
        let (before, equals) = self
            .spacing
            .as_ref()
            .map_or((" ", "="), |spacing| (&spacing.before, &spacing.equals));
        out.push_str(before);
        out.push_str(&self.name);
        out.push_str(equals);
        out.push(self.quote);
        out.push_str(&self.raw);
        out.push(self.quote);
    }
}

impl Spacing {
    fn unusual(before: &str, equals: &str) -> Option<Box<Self>> {
        let usual = before == " " && equals == "=";
        (!usual).then(|| {
            Box::new(Self {
                before: before.to_owned(),
                equals: equals.to_owned(),
            })
        })
    }
}

/// Splits off the white space at the beginning.
pub(super) fn split_space(text: &str) -> (&str, &str) {
    let end = text
        .find(|c: char| !c.is_ascii_whitespace())
        .unwrap_or(text.len());
    text.split_at(end)
}

/// Escapes a value so that attribute-value normalisation (XML 1.0 §3.3.3) gives it back unchanged.
fn escape_value(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for c in value.chars() {
        match c {
            '\n' => out.push_str("&#10;"),
            '\r' => out.push_str("&#13;"),
            '\t' => out.push_str("&#9;"),
            _ => {
                let mut buffer = [0; 4];
                out.push_str(&quick_xml::escape::escape(&*c.encode_utf8(&mut buffer)));
            }
        }
    }
    out
}
