//! Turns `libvirt.spec` into the text of `procedure/generated.rs`. Used by the example `generate` and by the test
//! that holds the two files together; no part of the library.

use std::fmt::Write;

/// One `type`, `call` or `event` of the spec.
struct Entry<'a> {
    words: Vec<&'a str>,
    shapes: Vec<&'a str>,
}

/// Generates the Rust text.
///
/// # Panics
/// When the spec has a mistake: the message quotes the line.
pub(crate) fn generate(spec: &str) -> String {
    let entries = entries(spec);
    no_type_hides(&entries);
    let mut out = String::from(HEAD);
    types(&mut out, &entries);
    procedures(&mut out, &entries);
    results(&mut out, &entries);
    events(&mut out, &entries);
    samples(&mut out, &entries);
    out
}

const HEAD: &str = "\
// GENERATED from spec/libvirt.spec by `cargo run -p virt-rpc --example generate`. Change the spec, not this file.
//! libvirt's structures, calls and events as Rust types.

use bytes::Bytes;
use uuid::Uuid;

use crate::wire::codec::*;
use crate::wire::typed_param::TypedParam;

pub use types::*;
";

/// Joins the lines that belong together and cuts them into words and parenthesised shapes.
fn entries(spec: &str) -> Vec<Entry<'_>> {
    let mut entries: Vec<Entry<'_>> = Vec::new();
    for line in spec.lines().filter(|line| !line.starts_with('#')) {
        let (words, shape) = line.split_once('(').unwrap_or((line, ""));
        if !line.starts_with(' ') && !line.is_empty() {
            let words = words.split_whitespace().collect();
            let shapes = Vec::new();
            entries.push(Entry { words, shapes });
        }
        if line.contains('(') {
            let shape = shape.strip_suffix(')').expect(line);
            entries.last_mut().expect(line).shapes.push(shape);
        }
    }
    entries
}

/// Refuses a structure that bears a call's name: the call's result would be taken for it where it is used.
fn no_type_hides(entries: &[Entry<'_>]) {
    for structure in of_kind(entries, "type") {
        let name = structure.words[1];
        let mut calls = of_kind(entries, "call");
        assert!(
            calls.all(|call| call.words[3] != name),
            "the type {name} has the name of a call"
        );
    }
}

fn of_kind<'a, 'b>(entries: &'b [Entry<'a>], kind: &'b str) -> impl Iterator<Item = &'b Entry<'a>> {
    entries.iter().filter(move |entry| entry.words[0] == kind)
}

fn types(out: &mut String, entries: &[Entry<'_>]) {
    out.push_str(
        "\n/// The structures that several calls share.\npub mod types {\n    use super::*;\n",
    );
    for entry in of_kind(entries, "type") {
        let name = entry.words[1];
        let fields = fields(entry.shapes[0], "        ");
        write!(
            out,
            "\n    record! {{\n        /// libvirt's `{name}`.\n        {name} {fields}\n    }}\n"
        )
        .expect("a string takes everything");
    }
    out.push_str("}\n");
}

fn procedures(out: &mut String, entries: &[Entry<'_>]) {
    for entry in of_kind(entries, "call") {
        let [_, program, number, name, lane, patience, more @ ..] = entry.words.as_slice() else {
            panic!("{:?}", entry.words);
        };
        let stream = more.first().map_or("none", |word| {
            word.strip_prefix("stream-").expect("stream-…")
        });
        let (program, lane, patience, stream) = (
            capital(program),
            capital(lane),
            capital(patience),
            capital(stream),
        );
        let args = fields(entry.shapes[0], "    ");
        let ret = if entry.shapes.len() > 1 {
            format!("ret::{name}")
        } else {
            "()".to_owned()
        };
        write!(
            out,
            "\nprocedure! {{\n    /// Call {number} of the {program} program.\n    {name} = {program} {number}, {lane}, {patience}, {stream};\n    {args} -> {ret}\n}}\n"
        )
        .expect("a string takes everything");
    }
}

fn results(out: &mut String, entries: &[Entry<'_>]) {
    out.push_str(
        "\n/// What the calls return, under the calls' names.\npub mod ret {\n    use super::*;\n",
    );
    for entry in of_kind(entries, "call").filter(|entry| entry.shapes.len() > 1) {
        let name = entry.words[3];
        let fields = fields(entry.shapes[1], "        ");
        write!(
            out,
            "\n    record! {{\n        /// The result of [`{name}`](super::{name}).\n        {name} {fields}\n    }}\n"
        )
        .expect("a string takes everything");
    }
    out.push_str("}\n");
}

fn events(out: &mut String, entries: &[Entry<'_>]) {
    out.push_str("\nevents! {\n");
    for entry in of_kind(entries, "event") {
        let [_, program, number, name] = entry.words.as_slice() else {
            panic!("{:?}", entry.words);
        };
        let fields = fields(entry.shapes[0], "    ");
        writeln!(out, "    {name} = {} {number} {fields}", capital(program))
            .expect("a string takes everything");
    }
    out.push_str("}\n");
}

/// Lists every structure for the round-trip tests.
fn samples(out: &mut String, entries: &[Entry<'_>]) {
    out.push_str("\n#[cfg(test)]\nmacro_rules! every_structure {\n    ($visit:ident) => {\n");
    for entry in of_kind(entries, "call") {
        let name = entry.words[3];
        writeln!(out, "        $visit!($crate::procedure::{name});").expect("a string");
        if entry.shapes.len() > 1 {
            writeln!(out, "        $visit!($crate::procedure::ret::{name});").expect("a string");
        }
    }
    out.push_str("    };\n}\n#[cfg(test)]\npub(crate) use every_structure;\n");
}

fn fields(shape: &str, indent: &str) -> String {
    if shape.is_empty() {
        return "{}".to_owned();
    }
    let mut out = String::from("{\n");
    for field in shape.split(", ") {
        let (name, kind) = field.split_once(": ").expect(field);
        writeln!(out, "{indent}    {name}: {},", rust_type(kind)).expect("a string");
    }
    out.push_str(indent);
    out.push('}');
    out
}

/// Translates a field's kind into a Rust type and, where that says too little, a codec.
fn rust_type(kind: &str) -> String {
    if let Some(len) = bracketed(kind, "chars{", '}') {
        return format!("CharArray<{len}>");
    }
    if let Some((item, max)) = kind.strip_suffix(']').and_then(|kind| kind.split_once('[')) {
        let max = separated(max);
        return match item {
            "bytes" => format!("Bytes as Opaque<{max}>"),
            "chars" => format!("Vec<u8> as Chars<{max}>"),
            item => format!("Vec<{}> as List<{max}>", plain(item)),
        };
    }
    match kind {
        "xml" => "String as Strict".to_owned(),
        "xml?" => "Option<String> as Strict".to_owned(),
        other => match other.strip_suffix('?') {
            Some(inner) => format!("Option<{}>", plain(inner)),
            None => plain(other).to_owned(),
        },
    }
}

/// Writes a number as Rust's lints want it: 262144 becomes `262_144`.
fn separated(number: &str) -> String {
    let mut out = String::new();
    for (index, digit) in number.char_indices() {
        if index > 0 && number.len() > 4 && (number.len() - index).is_multiple_of(3) {
            out.push('_');
        }
        out.push(digit);
    }
    out
}

fn plain(kind: &str) -> &str {
    match kind {
        "string" | "xml" => "String",
        "uuid" => "Uuid",
        other => other,
    }
}

fn bracketed<'a>(kind: &'a str, open: &str, close: char) -> Option<&'a str> {
    kind.strip_prefix(open)?.strip_suffix(close)
}

fn capital(word: &str) -> String {
    let (first, rest) = word.split_at(1);
    first.to_uppercase() + rest
}
