//! Holds the help pages together: each language has every page, with the same commands, every link leads somewhere, and
//! buttons are called what they are called in the program.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};

const LANGUAGES: [&str; 3] = ["en", "ja", "ru"];

fn folder(language: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("docs/help")
        .join(language)
}

fn pages(language: &str) -> BTreeSet<String> {
    fs::read_dir(folder(language))
        .expect("each language has a folder")
        .map(|entry| entry.expect("it can be read").file_name())
        .map(|name| name.into_string().expect("page names are ASCII"))
        .collect()
}

fn text(language: &str, page: &str) -> String {
    fs::read_to_string(folder(language).join(page)).expect("pages are UTF-8")
}

/// What must be the same in every language.
#[derive(Debug, Default, PartialEq, Eq)]
struct Skeleton {
    headings: Vec<String>,
    code: Vec<(String, String)>,
    links: Vec<String>,
    items: usize,
}

fn skeleton(text: &str) -> Skeleton {
    let mut found = Skeleton::default();
    let mut in_code = false;
    for event in Parser::new(text) {
        match event {
            Event::Start(Tag::Heading { level, .. }) => found.headings.push(level.to_string()),
            Event::Start(Tag::Item) => found.items += 1,
            Event::Start(Tag::Link { dest_url, .. }) => found.links.push(dest_url.into_string()),
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(kind))) => {
                in_code = true;
                found.code.push((kind.into_string(), String::new()));
            }
            Event::End(TagEnd::CodeBlock) => in_code = false,
            Event::Text(line) if in_code => found.code.last_mut().expect("begun").1.push_str(&line),
            Event::Html(html) | Event::InlineHtml(html) => panic!("HTML in a page: {html}"),
            Event::Start(Tag::Image { .. } | Tag::BlockQuote(_)) => {
                panic!("a page cannot show this")
            }
            _ => {}
        }
    }
    found.links.sort();
    found
}

#[test]
fn every_language_has_every_page_with_the_same_parts() {
    let english = pages("en");
    assert!(english.contains("connect.md"));
    for language in LANGUAGES {
        assert_eq!(pages(language), english, "{language}");
        for page in &english {
            let (theirs, ours) = (text(language, page), text("en", page));
            let (theirs, mut ours) = (skeleton(&theirs), skeleton(&ours));
            // An address as an example is drawn beside its meaning, which is translated.
            let is_drawing = |code: &&mut (String, String)| code.0 == "text";
            assert_eq!(theirs.code.len(), ours.code.len(), "{language}/{page}");
            for (index, drawn) in ours
                .code
                .iter_mut()
                .enumerate()
                .filter(|(_, c)| is_drawing(c))
            {
                drawn.1.clone_from(&theirs.code[index].1);
            }
            assert_eq!(theirs, ours, "{language}/{page}");
        }
    }
}

#[test]
fn every_link_leads_to_a_page() {
    for language in LANGUAGES {
        let all = pages(language);
        for page in &all {
            for link in skeleton(&text(language, page)).links {
                let is_page = all.contains(&link);
                assert!(
                    is_page || link.starts_with("https://"),
                    "{language}/{page}: {link}"
                );
            }
        }
    }
}

/// A label as a reader sees it: without its mnemonic and what says that more will be asked.
fn seen(label: &str) -> String {
    let label = match label.rfind("(_") {
        // Japanese puts the letter behind the word.
        Some(at) => [&label[..at], &label[at + 4..]].concat(),
        None => label.replace('_', ""),
    };
    label.trim_end_matches('…').to_owned()
}

/// The program's short texts and what a language calls them, as they are seen.
fn labels(language: &str) -> BTreeMap<String, String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("po/{language}.po"));
    let catalogue = fs::read_to_string(path).expect("a catalogue");
    let quoted = |line: &str, keyword: &str| {
        let rest = line.strip_prefix(keyword)?.strip_prefix(" \"")?;
        Some(seen(rest.strip_suffix('"')?))
    };
    let pairs = catalogue.lines().zip(catalogue.lines().skip(1));
    pairs
        .filter_map(|(one, two)| Some((quoted(one, "msgid")?, quoted(two, "msgstr")?)))
        .filter(|(label, _)| !label.is_empty())
        .collect()
}

/// What a page tells the reader to find: all that is bold, but for the first words of an item.
fn named(text: &str) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    let (mut begins, mut current) = (false, None);
    for event in Parser::new(text) {
        match event {
            Event::Start(Tag::Item) => begins = true,
            Event::Start(Tag::Paragraph) => {}
            Event::Start(Tag::Strong) if !begins => current = Some(String::new()),
            Event::End(TagEnd::Strong) => all.extend(current.take()),
            Event::Text(part) => {
                begins = false;
                if let Some(label) = &mut current {
                    label.push_str(&part);
                }
            }
            _ => begins = false,
        }
    }
    all
}

#[test]
fn buttons_are_called_what_they_are_called_in_the_program() {
    for page in pages("en") {
        let ours = named(&text("en", &page));
        for language in LANGUAGES.into_iter().filter(|language| *language != "en") {
            let labels = labels(language);
            let theirs = named(&text(language, &page));
            for label in &ours {
                let translated = labels.get(label);
                let translated = translated.unwrap_or_else(|| panic!("{page}: no “{label}”"));
                assert!(
                    translated.is_empty() || theirs.contains(translated),
                    "{language}/{page}: “{label}” is “{translated}”, not one of {theirs:?}"
                );
            }
        }
    }
}

#[test]
fn the_program_carries_every_page() {
    let list = Path::new(env!("CARGO_MANIFEST_DIR")).join("resources/innkeeper.gresource.xml");
    let list = fs::read_to_string(list).expect("the list of resources");
    for language in LANGUAGES {
        for page in pages(language) {
            let file = format!("<file>help/{language}/{page}</file>");
            assert!(list.contains(&file), "{file}");
        }
    }
}

/// The commands of the pages, typed on a host of its own: they must lead where the pages say.
#[cfg(feature = "e2e")]
#[test]
fn the_commands_for_certificates_and_passwords_work() {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/help/commands.sh");
    let output = std::process::Command::new("unshare")
        .args([
            "--net",
            "--mount",
            "--pid",
            "--fork",
            "--kill-child",
            "--mount-proc",
        ])
        .arg("bash")
        .arg(script)
        .arg(folder("en"))
        .output()
        .expect("unshare is there");
    let said = String::from_utf8_lossy(&output.stdout);
    let complained = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() && said.trim_end().ends_with("== done"),
        "{said}\n{complained}"
    );
}
