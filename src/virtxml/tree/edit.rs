//! Changes to an element that leave everything else in it as it was written.

use super::{Attribute, Element, Node};

impl Element {
    /// Sets an attribute: in its place where there is one of that name, else behind the others. The value is escaped.
    pub fn set_attribute(&mut self, name: &str, value: &str) {
        let new = Attribute::new(name, value);
        match self.attributes.iter_mut().find(|old| old.name() == name) {
            Some(old) => *old = new,
            None => self.attributes.push(new),
        }
    }

    /// Takes an attribute away; without it nothing happens.
    pub fn remove_attribute(&mut self, name: &str) {
        self.attributes.retain(|attribute| attribute.name() != name);
    }

    /// The elements of one name in it, in order, to change them.
    pub fn all_mut<'a>(&'a mut self, name: &'a str) -> impl Iterator<Item = &'a mut Element> {
        self.nodes.iter_mut().filter_map(move |node| match node {
            Node::Element(element) if element.name == name => Some(element),
            _ => None,
        })
    }

    /// The first element of a name in it, to change it.
    pub fn first_mut<'a>(&'a mut self, name: &'a str) -> Option<&'a mut Element> {
        self.all_mut(name).next()
    }
}

#[cfg(test)]
mod tests {
    use crate::Document;

    #[test]
    fn only_what_is_named_changes() {
        let text = "<a  one=\"1\" two='2'><!-- kept --><b/>\n <c x = 'y'/></a>";
        let mut document = Document::parse(text).unwrap();
        let root = document.root_mut();
        root.set_attribute("two", "<2>");
        root.set_attribute("three", "3");
        root.remove_attribute("absent");
        root.first_mut("b").unwrap().set_attribute("d", "4");
        assert_eq!(
            document.to_string(),
            "<a  one=\"1\" two='&lt;2&gt;' three='3'><!-- kept --><b d='4'/>\n <c x = 'y'/></a>"
        );
        document.root_mut().remove_attribute("one");
        assert!(document.root().attribute("one").is_none());
        assert!(document.root_mut().first_mut("absent").is_none());
    }
}
