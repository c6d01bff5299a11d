//! Turns a page of Markdown into blocks with Pango markup: what the help pages use, and no more.
//!
//! Knows no widget. What a page must not have (HTML, images, quotes) is left out, and `tests/help.rs` refuses it.

use gtk::glib;
use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Parser, Tag, TagEnd};

/// A piece of a page, from top to bottom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Block {
    /// A heading and its level, 1 for the page's own.
    Heading(u8, String),
    /// A paragraph as Pango markup.
    Paragraph(String),
    /// The items of a list; each is made of blocks.
    List(Vec<Vec<Block>>),
    /// Text to be typed or to be put into a file, as it is.
    Code(String),
}

/// Reads a page.
pub(super) fn read(text: &str) -> Vec<Block> {
    let mut reader = Reader::default();
    for event in Parser::new(text) {
        reader.take(event);
    }
    reader.finish_line();
    reader.blocks
}

/// Gives the text of a page's first heading.
pub(super) fn title(text: &str) -> Option<String> {
    read(text).into_iter().find_map(|block| match block {
        Block::Heading(1, title) => Some(title),
        _ => None,
    })
}

#[derive(Default)]
struct Reader {
    blocks: Vec<Block>,
    /// The lists that are open: their items so far, and the blocks that the list came after.
    lists: Vec<(Vec<Vec<Block>>, Vec<Block>)>,
    line: String,
    heading: Option<u8>,
    code: Option<String>,
}

impl Reader {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => match &mut self.code {
                Some(code) => code.push_str(&text),
                None => self.line.push_str(&glib::markup_escape_text(&text)),
            },
            Event::Code(text) => {
                let text = glib::markup_escape_text(&text);
                self.line.extend(["<tt>", &text, "</tt>"]);
            }
            Event::SoftBreak => self.soft_break(),
            Event::HardBreak => self.line.push('\n'),
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Heading { level, .. } => {
                self.finish_line();
                self.heading = Some(number(level));
            }
            Tag::List(_) => {
                self.finish_line();
                let before = std::mem::take(&mut self.blocks);
                self.lists.push((Vec::new(), before));
            }
            Tag::CodeBlock(CodeBlockKind::Fenced(_) | CodeBlockKind::Indented) => {
                self.finish_line();
                self.code = Some(String::new());
            }
            Tag::Strong => self.line.push_str("<b>"),
            Tag::Emphasis => self.line.push_str("<i>"),
            Tag::Link { dest_url, .. } => {
                let url = glib::markup_escape_text(&dest_url);
                self.line.extend(["<a href=\"", &url, "\">"]);
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(_) => {
                let text = std::mem::take(&mut self.line);
                let level = self.heading.take().unwrap_or(1);
                self.blocks.push(Block::Heading(level, text));
            }
            TagEnd::Paragraph => self.finish_line(),
            TagEnd::Item => {
                self.finish_line();
                let item = std::mem::take(&mut self.blocks);
                if let Some((items, _)) = self.lists.last_mut() {
                    items.push(item);
                }
            }
            TagEnd::List(_) => {
                if let Some((items, before)) = self.lists.pop() {
                    self.blocks = before;
                    self.blocks.push(Block::List(items));
                }
            }
            TagEnd::CodeBlock => {
                let code = self.code.take().unwrap_or_default();
                self.blocks.push(Block::Code(code.trim_end().to_owned()));
            }
            TagEnd::Strong => self.line.push_str("</b>"),
            TagEnd::Emphasis => self.line.push_str("</i>"),
            TagEnd::Link => self.line.push_str("</a>"),
            _ => {}
        }
    }

    /// A line's end is a space, but not between characters that are written without spaces, as in Japanese.
    fn soft_break(&mut self) {
        if !self.line.ends_with(|last: char| is_wide(last)) {
            self.line.push(' ');
        }
    }

    fn finish_line(&mut self) {
        if !self.line.is_empty() {
            let text = std::mem::take(&mut self.line);
            self.blocks.push(Block::Paragraph(text));
        }
    }
}

/// Says whether a character is of a script, or punctuation of one, that sets no spaces between words.
fn is_wide(character: char) -> bool {
    matches!(character, '\u{3000}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}')
}

fn number(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        _ => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_becomes_blocks() {
        let text = "# Title & more\n\nSome **bold** `code <x>` and [a link](other.md).\nGoes on.\n\n\
                    - one\n- **two**: x\n\n```sh server\necho \"a\" &&\n  b\n```\n";
        assert_eq!(
            read(text),
            [
                Block::Heading(1, "Title &amp; more".to_owned()),
                Block::Paragraph(
                    "Some <b>bold</b> <tt>code &lt;x&gt;</tt> and <a href=\"other.md\">a link</a>. Goes on."
                        .to_owned()
                ),
                Block::List(vec![
                    vec![Block::Paragraph("one".to_owned())],
                    vec![Block::Paragraph("<b>two</b>: x".to_owned())],
                ]),
                Block::Code("echo \"a\" &&\n  b".to_owned()),
            ]
        );
        assert_eq!(title(text).as_deref(), Some("Title &amp; more"));
    }

    #[test]
    fn lines_of_japanese_meet_without_a_space() {
        let blocks = read("接続は\nホストへの道です。\nssh を\n使います。");
        assert_eq!(
            blocks,
            [Block::Paragraph(
                "接続はホストへの道です。ssh を使います。".to_owned()
            )]
        );
    }

    #[test]
    fn a_list_in_a_list_stays_in_its_item() {
        let blocks = read("- a\n  - b\n- c\n");
        let paragraph = |text: &str| Block::Paragraph(text.to_owned());
        assert_eq!(
            blocks,
            [Block::List(vec![
                vec![paragraph("a"), Block::List(vec![vec![paragraph("b")]])],
                vec![paragraph("c")],
            ])]
        );
    }
}
