//! Fills the tree from a text, with quick-xml as the tokenizer.
//!
//! quick-xml is lenient; what it lets through and XML forbids is refused here: a second outermost element, text outside
//! of it, attributes that repeat, document types.

use quick_xml::{Reader, events::Event};

use super::{Attribute, Document, Element, MAX_BYTES, MAX_DEPTH, Node};
use crate::Error;

impl Document {
    /// Reads a text. A byte-order mark at its beginning is dropped; everything else is kept.
    ///
    /// # Errors
    /// When the text is not well-formed, or larger or deeper than the limits.
    pub fn parse(text: &str) -> Result<Self, Error> {
        if text.len() > MAX_BYTES {
            return Err(Error::TooLong);
        }
        let mut reader = Reader::from_str(text);
        let config = reader.config_mut();
        config.trim_markup_names_in_closing_tags = false;
        config.check_end_names = false;
        let mut builder = Builder::default();
        loop {
            let event = reader.read_event();
            let at =
                |what: &str| malformed(reader.error_position().max(reader.buffer_position()), what);
            match event {
                Ok(Event::Eof) => return builder.finish().map_err(|fault| fault.at(at)),
                Ok(event) => builder.take(&event).map_err(|fault| fault.at(at))?,
                Err(error) => return Err(malformed(reader.error_position(), &error.to_string())),
            }
        }
    }
}

fn malformed(position: u64, what: &str) -> Error {
    Error::Malformed {
        position,
        what: what.to_owned(),
    }
}

/// What is wrong, before its place is known.
enum Fault {
    Malformed(&'static str),
    Other(Error),
}

impl Fault {
    fn at(self, place: impl Fn(&str) -> Error) -> Error {
        match self {
            Self::Malformed(what) => place(what),
            Self::Other(error) => error,
        }
    }
}

impl From<&'static str> for Fault {
    fn from(what: &'static str) -> Self {
        Self::Malformed(what)
    }
}

/// The part of the tree that is read so far.
#[derive(Default)]
struct Builder {
    before: Vec<Node>,
    root: Option<Element>,
    after: Vec<Node>,
    /// Elements whose end has not come, outermost first.
    open: Vec<Element>,
}

impl Builder {
    fn take(&mut self, event: &Event<'_>) -> Result<(), Fault> {
        match event {
            Event::Start(tag) => {
                if self.open.len() >= MAX_DEPTH {
                    return Err(Fault::Other(Error::TooDeep));
                }
                let element = start(tag, tag.name().as_ref().len(), false)?;
                self.open.push(element);
                Ok(())
            }
            Event::Empty(tag) => {
                let element = start(tag, tag.name().as_ref().len(), true)?;
                self.add_element(element)
            }
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.add_text(text),
            Event::GeneralRef(name) => self.add_text(&format!("&{};", &**name)),
            Event::CData(text) if self.open.is_empty() && !text.is_empty() => {
                Err("character data outside of the outermost element".into())
            }
            Event::CData(text) => {
                self.add(Node::CData(text.to_string()));
                Ok(())
            }
            Event::Comment(text) => {
                self.add(Node::Comment(text.to_string()));
                Ok(())
            }
            Event::Decl(text) => {
                self.add(Node::Instruction(text.to_string()));
                Ok(())
            }
            Event::PI(text) => {
                self.add(Node::Instruction(text.to_string()));
                Ok(())
            }
            Event::DocType(_) => Err(Fault::Other(Error::DocumentType)),
            Event::Eof => Ok(()),
        }
    }

    fn end(&mut self, tag: &str) -> Result<(), Fault> {
        let mut element = self.open.pop().ok_or("an end tag without its start")?;
        let name = tag.trim_end_matches(|c: char| c.is_ascii_whitespace());
        if name != element.name {
            return Err("an end tag of another element".into());
        }
        tag.get(name.len()..)
            .unwrap_or_default()
            .clone_into(&mut element.end_space);
        self.add_element(element)
    }

    fn add_element(&mut self, element: Element) -> Result<(), Fault> {
        if !self.open.is_empty() {
            self.add(Node::Element(element));
            return Ok(());
        }
        if self.root.is_some() {
            return Err("a second outermost element".into());
        }
        self.root = Some(element);
        Ok(())
    }

    /// Adds text; the tokenizer cuts it at entities, and it is joined here again.
    fn add_text(&mut self, text: &str) -> Result<(), Fault> {
        if self.open.is_empty() && text.bytes().any(|b| !b.is_ascii_whitespace()) {
            return Err("text outside of the outermost element".into());
        }
        if let Some(Node::Text(last)) = self.nodes().last_mut() {
            last.push_str(text);
            return Ok(());
        }
        self.add(Node::Text(text.to_owned()));
        Ok(())
    }

    fn add(&mut self, node: Node) {
        self.nodes().push(node);
    }

    fn nodes(&mut self) -> &mut Vec<Node> {
        match self.open.last_mut() {
            Some(element) => &mut element.nodes,
            None if self.root.is_some() => &mut self.after,
            None => &mut self.before,
        }
    }

    fn finish(&mut self) -> Result<Document, Fault> {
        if !self.open.is_empty() {
            return Err("the text ends inside of an element".into());
        }
        Ok(Document {
            before: std::mem::take(&mut self.before),
            root: self.root.take().ok_or("no element")?,
            after: std::mem::take(&mut self.after),
        })
    }
}

/// Reads the inside of a start tag.
fn start(content: &str, name_length: usize, is_short: bool) -> Result<Element, Fault> {
    let (name, mut rest) = content
        .split_at_checked(name_length)
        .ok_or("a tag without a name")?;
    if !is_name(name) {
        return Err("an element with a forbidden character in its name".into());
    }
    let mut attributes: Vec<Attribute> = Vec::new();
    while let Some(attribute) = Attribute::take(&mut rest)? {
        if attributes
            .iter()
            .any(|other| other.name() == attribute.name())
        {
            return Err("an attribute twice in one tag".into());
        }
        attributes.push(attribute);
    }
    Ok(Element {
        name: name.to_owned(),
        attributes,
        nodes: Vec::new(),
        start_space: rest.to_owned(),
        end_space: String::new(),
        is_short,
    })
}

/// Says whether nothing in a name would end it early; finer rules are left to libvirt.
pub(super) fn is_name(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '.'))
        && !name.contains(|c: char| {
            c.is_whitespace() || c.is_control() || "<>&\"'=/!?;#%(),*+@[]^`{|}~\\$".contains(c)
        })
}
