//! What is read is printed again, byte for byte, whatever it is; what is no XML is refused.

use proptest::prelude::*;
use virtxml::{
    Document, Element, Error, Node,
    tree::{MAX_BYTES, MAX_DEPTH},
};

#[test]
fn the_golden_files_print_as_they_were_read() {
    for text in [
        include_str!("data/desktop.xml"),
        include_str!("data/snapshot.xml"),
        "<a  b = \"1\"\n\tc='&quot;&#10;' ><!-- - --><?p i?> &amp;&#x41; <![CDATA[]]]]><b /></a\n>\r\n<!--end-->",
    ] {
        let document = Document::parse(text).unwrap();
        assert_eq!(document.to_string(), text);
    }
}

#[test]
fn what_is_not_well_formed_is_refused() {
    for text in [
        "",
        "   ",
        "text",
        "<a>",
        "<a></b>",
        "</a>",
        "<a/><b/>",
        "<a/>text",
        "<a b='1' b='2'/>",
        "<a b=1/>",
        "<a b/>",
        "<a b='1'c='2'/>",
        "<a b='1/>",
        "<a b='<'/>",
        "<a>&amp</a>",
        "<a><!-- </a>",
        "<a><![CDATA[ </a>",
        "<1a/>",
        "<a/ b='1'>",
        "< a/>",
    ] {
        let result = Document::parse(text);
        assert!(
            matches!(result, Err(Error::Malformed { .. })),
            "{text}: {result:?}"
        );
    }
}

#[test]
fn a_document_type_is_refused() {
    let bomb = "<!DOCTYPE a [<!ENTITY b 'bbbb'>]><a>&b;</a>";
    assert!(matches!(Document::parse(bomb), Err(Error::DocumentType)));
}

#[test]
fn an_unknown_entity_stays_as_it_is() {
    let document = Document::parse("<a>&nobody; &lt;</a>").unwrap();
    assert_eq!(document.root().text(), "&nobody; &lt;");
    assert_eq!(document.to_string(), "<a>&nobody; &lt;</a>");
}

#[test]
fn depth_and_size_have_limits() {
    let nested = |depth: usize| "<a>".repeat(depth) + &"</a>".repeat(depth);
    assert!(Document::parse(&nested(MAX_DEPTH)).is_ok());
    assert!(matches!(
        Document::parse(&nested(MAX_DEPTH + 1)),
        Err(Error::TooDeep)
    ));
    let long = format!("<a>{}</a>", " ".repeat(MAX_BYTES));
    assert!(matches!(Document::parse(&long), Err(Error::TooLong)));
}

fn name() -> impl Strategy<Value = String> {
    "[a-zA-Z_é][a-zA-Z0-9_.-]{0,6}(:[a-z]{1,3})?"
}

fn value() -> impl Strategy<Value = String> {
    "[ -~\t\n\ré€]{0,12}"
}

fn node(element: impl Strategy<Value = Element> + 'static) -> impl Strategy<Value = Node> {
    prop_oneof![
        element.prop_map(Node::Element),
        "[ -~\té€]{1,12}".prop_map(|text| Node::text(&text)),
        "[ -,.-~é]{0,10}".prop_map(Node::Comment),
        "[ -\\\\^-~é]{1,10}".prop_map(Node::CData),
        "[a-z]{1,5} [a-z =']{0,8}"
            .prop_filter("not the declaration’s name", |text| !text
                .starts_with("xml"))
            .prop_map(Node::Instruction),
    ]
}

fn element() -> impl Strategy<Value = Element> {
    let attributes = prop::collection::btree_map(name(), value(), 0..4);
    let bare = (name(), attributes).prop_map(|(name, attributes)| {
        attributes
            .iter()
            .fold(Element::new(name), |element, (name, value)| {
                element.with_attribute(name, value)
            })
    });
    bare.prop_recursive(4, 40, 5, |inner| {
        (inner.clone(), prop::collection::vec(node(inner), 0..5))
            .prop_map(|(element, nodes)| nodes.into_iter().fold(element, Element::with_node))
    })
}

/// Text nodes beside each other are one when they are read.
fn has_neighbouring_texts(element: &Element) -> bool {
    let is_text = |node: &Node| matches!(node, Node::Text(_));
    element
        .nodes()
        .windows(2)
        .any(|pair| pair.iter().all(is_text))
        || element.elements().any(has_neighbouring_texts)
}

proptest! {
    #[test]
    fn a_written_tree_reads_as_the_same_tree(element in element()) {
        prop_assume!(!has_neighbouring_texts(&element));
        let document = Document::new(element);
        let text = document.to_string();
        let again = Document::parse(&text).unwrap();
        prop_assert_eq!(&again, &document);
        prop_assert_eq!(again.to_string(), text);
    }

    #[test]
    fn values_and_texts_come_back_as_they_were_given(value in "\\PC{0,20}") {
        let element = Element::new("a").with_attribute("b", &value).with_node(Node::text(&value));
        let again = Document::parse(&element.to_string()).unwrap();
        let root = again.root();
        prop_assert_eq!(root.attribute("b").unwrap(), value.as_str());
        prop_assert_eq!(root.text(), value);
    }

    #[test]
    fn any_text_is_refused_or_printed_as_it_was(text in "[<>/a-c='\" !?&;\\[\\]A-D-]{0,60}") {
        if let Ok(document) = Document::parse(&text) {
            prop_assert_eq!(document.to_string(), text);
        }
    }

    #[test]
    fn a_damaged_document_is_refused_or_printed_as_it_is(at in 0usize..3_000, with in "[<>/a='\" &]{0,2}") {
        let mut text = include_str!("data/desktop.xml").to_owned();
        let at = at % text.len();
        if text.is_char_boundary(at) && text.is_char_boundary(at + 1) {
            text.replace_range(at..=at, &with);
        }
        if let Ok(document) = Document::parse(&text) {
            prop_assert_eq!(document.to_string(), text);
        }
    }
}
