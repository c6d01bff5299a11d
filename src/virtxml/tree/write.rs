//! Prints the tree as it was read.

use std::fmt;

use super::{Document, Element, Node};

impl fmt::Display for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = String::new();
        write_nodes(&self.before, &mut out);
        self.root.write(&mut out);
        write_nodes(&self.after, &mut out);
        f.write_str(&out)
    }
}

impl fmt::Display for Element {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = String::new();
        self.write(&mut out);
        f.write_str(&out)
    }
}

impl Element {
    fn write(&self, out: &mut String) {
        out.push('<');
        out.push_str(&self.name);
        for attribute in &self.attributes {
            attribute.write(out);
        }
        out.push_str(&self.start_space);
        if self.is_short {
            out.push_str("/>");
            return;
        }
        out.push('>');
        write_nodes(&self.nodes, out);
        out.push_str("</");
        out.push_str(&self.name);
        out.push_str(&self.end_space);
        out.push('>');
    }
}

fn write_nodes(nodes: &[Node], out: &mut String) {
    for node in nodes {
        let (open, text, close) = match node {
            Node::Element(element) => {
                element.write(out);
                continue;
            }
            Node::Text(text) => ("", text, ""),
            Node::CData(text) => ("<![CDATA[", text, "]]>"),
            Node::Comment(text) => ("<!--", text, "-->"),
            Node::Instruction(text) => ("<?", text, "?>"),
        };
        out.push_str(open);
        out.push_str(text);
        out.push_str(close);
    }
}
