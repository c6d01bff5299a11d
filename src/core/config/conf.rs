//! The form of libvirt's settings (`src/util/virconf.c`): `name = value`, where a value is a number, a text in quotes of
//! either kind (three double ones for several lines), or a list of texts.

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    Number(i64),
    Text(String),
    List(Vec<String>),
}

/// A file that was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Conf(Vec<(String, Value)>);

impl Conf {
    /// Reads a file; the error names the line.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let mut reader = Reader { rest: text };
        let mut entries = Vec::new();
        loop {
            reader.skip_to_content();
            if reader.rest.is_empty() {
                return Ok(Self(entries));
            }
            let entry = reader.entry().map_err(|why| {
                let before = &text[..text.len() - reader.rest.len()];
                format!("line {}: {why}", before.matches('\n').count() + 1)
            })?;
            entries.push(entry);
        }
    }

    /// The last value of a name.
    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        let found = self.0.iter().rev().find(|(key, _)| key == name);
        found.map(|(_, value)| value)
    }
}

struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn entry(&mut self) -> Result<(String, Value), &'static str> {
        let name = self.take_while(|sign| sign.is_ascii_alphanumeric() || "_-.".contains(sign));
        if name.is_empty() {
            return Err("a name is expected");
        }
        self.skip_blanks();
        if !self.skip("=") {
            return Err("“=” is expected");
        }
        self.skip_blanks();
        let value = self.value()?;
        self.skip_blanks();
        let ends = self.rest.is_empty() || self.rest.starts_with(['\n', '\r', '#']);
        if ends {
            Ok((name.to_owned(), value))
        } else {
            Err("something stands behind the value")
        }
    }

    fn value(&mut self) -> Result<Value, &'static str> {
        if self.rest.starts_with(['"', '\'']) {
            return Ok(Value::Text(self.text()?));
        }
        if self.skip("[") {
            return Ok(Value::List(self.list()?));
        }
        let digits = self.take_while(|sign| sign.is_ascii_digit() || sign == '-');
        let number = digits.parse();
        number.map(Value::Number).map_err(|_| "a value is expected")
    }

    fn list(&mut self) -> Result<Vec<String>, &'static str> {
        let mut list = Vec::new();
        loop {
            self.skip_to_content();
            if self.skip("]") {
                return Ok(list);
            }
            list.push(self.text()?);
            self.skip_to_content();
            if !self.skip(",") && !self.rest.starts_with(']') {
                return Err("“,” or “]” is expected");
            }
        }
    }

    /// Reads a text in quotes. There is no way to write the quote itself within.
    fn text(&mut self) -> Result<String, &'static str> {
        let several_lines = self.rest.starts_with("\"\"\"");
        let quote = if several_lines {
            "\"\"\""
        } else {
            match self.rest.chars().next() {
                Some('"') => "\"",
                Some('\'') => "'",
                _ => return Err("a text in quotes is expected"),
            }
        };
        self.skip(quote);
        let (text, behind) = self.rest.split_once(quote).ok_or("a quote is not closed")?;
        if !several_lines && text.contains('\n') {
            return Err("a quote is not closed");
        }
        self.rest = behind;
        Ok(text.to_owned())
    }

    /// Passes over blanks, ends of lines and comments.
    fn skip_to_content(&mut self) {
        loop {
            self.rest = self.rest.trim_start();
            if !self.rest.starts_with('#') {
                return;
            }
            self.rest = self.rest.find('\n').map_or("", |at| &self.rest[at..]);
        }
    }

    fn skip_blanks(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t']);
    }

    fn skip(&mut self, what: &str) -> bool {
        let behind = self.rest.strip_prefix(what);
        self.rest = behind.unwrap_or(self.rest);
        behind.is_some()
    }

    fn take_while(&mut self, is_part: impl Fn(char) -> bool) -> &'a str {
        let end = self.rest.find(|sign| !is_part(sign));
        let (taken, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = rest;
        taken
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_kind_of_value_is_read() {
        let text = "a = 1\nb='x\"y' # why\n\n# c\nc = [ 'p', # one\n \"q\" ]\nd=\"\"\"two\nlines\"\"\"\ne=[]\na = -2";
        let conf = Conf::parse(text).unwrap();
        assert_eq!(conf.get("a"), Some(&Value::Number(-2)));
        assert_eq!(conf.get("b"), Some(&Value::Text("x\"y".to_owned())));
        let list = ["p", "q"].map(str::to_owned).to_vec();
        assert_eq!(conf.get("c"), Some(&Value::List(list)));
        assert_eq!(conf.get("d"), Some(&Value::Text("two\nlines".to_owned())));
        assert_eq!(conf.get("e"), Some(&Value::List(Vec::new())));
        assert_eq!(conf.get("f"), None);
    }

    #[test]
    fn what_is_wrong_is_named_by_its_line() {
        for (text, line) in [
            ("a = 1\nb", 2),
            ("a = ", 1),
            ("\na = \"x\ny\"", 2),
            ("a = [ \"x\" \"y\" ]", 1),
            ("a = 1 2", 1),
            ("a = [ 1 ]", 1),
        ] {
            let error = Conf::parse(text).unwrap_err();
            assert!(
                error.starts_with(&format!("line {line}:")),
                "{text}: {error}"
            );
        }
    }

    proptest! {
        #[test]
        fn nothing_makes_it_panic(text in "[a-z\"'\\[\\],=# \n0-9-]{0,60}") {
            let _ = Conf::parse(&text);
        }
    }
}
