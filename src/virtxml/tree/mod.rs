//! The lossless tree: documents, elements, attributes and what stands between them.
//!
//! Texts and values are kept as they were written, with their entities; the accessors give them resolved. `parse` fills
//! the tree and `write` prints it.

mod attribute;
mod edit;
mod namespace;
mod parse;
mod write;

use std::borrow::Cow;

pub use attribute::Attribute;

/// The longest text that is read, in bytes: four times the longest string of libvirt's protocol.
pub const MAX_BYTES: usize = 16 * 1024 * 1024;

/// The deepest nesting that is read; libxml2, which libvirt uses, takes the same.
pub const MAX_DEPTH: usize = 256;

/// A whole text: the outermost element and what stands before and after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    before: Vec<Node>,
    root: Element,
    after: Vec<Node>,
}

/// One thing that stands in a document or an element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// An element.
    Element(Element),
    /// Text between tags, as written, with its entities.
    Text(String),
    /// What stands in `<![CDATA[…]]>`.
    CData(String),
    /// What stands in `<!--…-->`.
    Comment(String),
    /// What stands in `<?…?>`, the XML declaration among them.
    Instruction(String),
}

/// An element with its attributes and everything in it, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element {
    name: String,
    attributes: Vec<Attribute>,
    nodes: Vec<Node>,
    /// White space before the start tag's `>` or `/>`.
    start_space: String,
    /// White space before the end tag's `>`.
    end_space: String,
    /// Whether it was written `<name/>`.
    is_short: bool,
}

impl Document {
    /// Makes a document of one element.
    pub fn new(root: Element) -> Self {
        Self {
            before: Vec::new(),
            root,
            after: Vec::new(),
        }
    }

    /// The outermost element.
    pub fn root(&self) -> &Element {
        &self.root
    }

    /// The outermost element, to change it.
    pub fn root_mut(&mut self) -> &mut Element {
        &mut self.root
    }
}

impl Element {
    /// Makes an empty element.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            attributes: Vec::new(),
            nodes: Vec::new(),
            start_space: String::new(),
            end_space: String::new(),
            is_short: true,
        }
    }

    /// Adds an attribute; its value is escaped.
    #[must_use]
    pub fn with_attribute(mut self, name: impl Into<String>, value: &str) -> Self {
        self.attributes.push(Attribute::new(name, value));
        self
    }

    /// Adds a node behind the others.
    #[must_use]
    pub fn with_node(mut self, node: Node) -> Self {
        self.nodes.push(node);
        self.is_short = false;
        self
    }

    /// The name as written, with its prefix.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The attributes in order.
    pub fn attributes(&self) -> &[Attribute] {
        &self.attributes
    }

    /// An attribute's value with its entities resolved.
    pub fn attribute(&self, name: &str) -> Option<Cow<'_, str>> {
        self.attributes
            .iter()
            .find(|attribute| attribute.name() == name)
            .map(Attribute::value)
    }

    /// Everything in it, in order.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// Everything in it, to change it.
    pub fn nodes_mut(&mut self) -> &mut Vec<Node> {
        self.is_short = false;
        &mut self.nodes
    }

    /// The elements in it, in order.
    pub fn elements(&self) -> impl Iterator<Item = &Element> {
        self.nodes.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            _ => None,
        })
    }

    /// The elements of one name in it, in order.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.elements().filter(move |element| element.name == name)
    }

    /// The first element of a name in it.
    pub fn first<'a>(&'a self, name: &'a str) -> Option<&'a Element> {
        self.all(name).next()
    }

    /// The element at the end of a path of first elements.
    pub fn at(&self, path: &[&str]) -> Option<&Element> {
        path.iter().try_fold(self, |element, name| {
            element.elements().find(|child| child.name == *name)
        })
    }

    /// The attribute of the element at the end of a path of first elements.
    pub fn attribute_at(&self, path: &[&str], name: &str) -> Option<String> {
        self.at(path)?.attribute(name).map(Cow::into_owned)
    }

    /// The text directly in it, entities resolved, comments and elements left out.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for node in &self.nodes {
            match node {
                Node::Text(raw) => text.push_str(&resolve(raw)),
                Node::CData(raw) => text.push_str(raw),
                _ => {}
            }
        }
        text
    }

    /// The text of the first element of a name, without white space around it; `None` when there is none.
    pub fn text_of(&self, name: &str) -> Option<String> {
        let text = self.first(name)?.text();
        Some(text.trim().to_owned())
    }
}

impl Node {
    /// Makes a text node; the text is escaped.
    pub fn text(text: &str) -> Self {
        Self::Text(quick_xml::escape::escape(text).into_owned())
    }
}

/// Resolves the entities of a raw text; what XML does not know by itself stays as it is.
fn resolve(raw: &str) -> Cow<'_, str> {
    quick_xml::escape::unescape(raw).unwrap_or(Cow::Borrowed(raw))
}
