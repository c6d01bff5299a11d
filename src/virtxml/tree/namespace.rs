//! Namespaces: found by their URI, whatever prefix the text gives them.

use super::Element;

impl Element {
    /// The first element in it that has this local name in the namespace `uri`.
    ///
    /// `scope` is the chain of elements around this one, outermost first: prefixes may be declared there.
    pub fn first_in<'a>(
        &'a self,
        uri: &str,
        local: &str,
        scope: &[&'a Element],
    ) -> Option<&'a Element> {
        self.elements().find(|element| {
            let (prefix, name) = element.split_name();
            name == local && element.namespace(prefix, self, scope).as_deref() == Some(uri)
        })
    }

    /// The prefix, empty where there is none, and the local name.
    fn split_name(&self) -> (&str, &str) {
        self.name.split_once(':').unwrap_or(("", &self.name))
    }

    /// Looks a prefix up: here, in the parent, then outwards.
    fn namespace(&self, prefix: &str, parent: &Element, scope: &[&Element]) -> Option<String> {
        [self, parent]
            .into_iter()
            .chain(scope.iter().rev().copied())
            .find_map(|element| element.declares(prefix))
    }

    fn declares(&self, prefix: &str) -> Option<String> {
        self.attributes
            .iter()
            .find(|attribute| match attribute.name().strip_prefix("xmlns") {
                Some("") => prefix.is_empty(),
                Some(rest) => rest.strip_prefix(':') == Some(prefix),
                None => false,
            })
            .map(|attribute| attribute.value().into_owned())
    }
}

#[cfg(test)]
mod tests {
    use crate::Document;

    #[test]
    fn a_namespace_is_found_under_any_prefix_and_declared_anywhere() {
        for text in [
            "<m><o:os xmlns:o='urn:x'/></m>",
            "<m xmlns:p='urn:x'><p:os/></m>",
            "<m xmlns='urn:x'><os/></m>",
        ] {
            let document = Document::parse(text).unwrap();
            assert!(
                document.root().first_in("urn:x", "os", &[]).is_some(),
                "{text}"
            );
        }
        let other = Document::parse("<m xmlns:o='urn:y'><o:os/></m>").unwrap();
        assert!(other.root().first_in("urn:x", "os", &[]).is_none());
    }
}
