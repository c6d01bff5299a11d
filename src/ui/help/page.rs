//! The widgets of one help page.

use gtk::{glib, pango, prelude::*};

use super::markdown::Block;
use crate::{app::i18n::gettext, widgets::copy_text};

/// Builds a page from top to bottom; `follow` takes the address of a link and says whether it has followed it.
pub(super) fn build(blocks: &[Block], follow: impl Fn(&str) -> bool + Clone + 'static) -> gtk::Box {
    let page = column(12);
    page.add_css_class("help-page");
    for block in blocks {
        page.append(&widget(block, &follow));
    }
    page
}

fn widget(block: &Block, follow: &(impl Fn(&str) -> bool + Clone + 'static)) -> gtk::Widget {
    match block {
        Block::Heading(level, text) => heading(*level, text).upcast(),
        Block::Paragraph(markup) => paragraph(markup, follow.clone()).upcast(),
        Block::List(items) => list(items, follow).upcast(),
        Block::Code(text) => code(text).upcast(),
    }
}

fn heading(level: u8, markup: &str) -> gtk::Label {
    let label = gtk::Label::builder()
        .label(markup)
        .use_markup(true)
        .xalign(0.0)
        .wrap(true)
        .accessible_role(gtk::AccessibleRole::Heading)
        .build();
    label.update_property(&[gtk::accessible::Property::Level(level.into())]);
    label.add_css_class(if level == 1 { "title-1" } else { "title-3" });
    if level > 1 {
        label.set_margin_top(12);
    }
    label
}

fn paragraph(markup: &str, follow: impl Fn(&str) -> bool + 'static) -> gtk::Label {
    let label = gtk::Label::builder()
        .label(markup)
        .use_markup(true)
        .xalign(0.0)
        .wrap(true)
        .wrap_mode(pango::WrapMode::WordChar)
        .natural_wrap_mode(gtk::NaturalWrapMode::None)
        .build();
    label.connect_activate_link(move |_, address| {
        if follow(address) {
            glib::Propagation::Stop
        } else {
            glib::Propagation::Proceed
        }
    });
    label
}

fn list(items: &[Vec<Block>], follow: &(impl Fn(&str) -> bool + Clone + 'static)) -> gtk::Box {
    let list = column(6);
    list.set_accessible_role(gtk::AccessibleRole::List);
    for item in items {
        let bullet = gtk::Label::builder()
            .label("•")
            .valign(gtk::Align::Start)
            .accessible_role(gtk::AccessibleRole::Presentation)
            .build();
        let content = column(6);
        content.set_hexpand(true);
        for block in item {
            content.append(&widget(block, follow));
        }
        let row = gtk::Box::builder()
            .spacing(9)
            .margin_start(6)
            .accessible_role(gtk::AccessibleRole::ListItem)
            .build();
        row.append(&bullet);
        row.append(&content);
        list.append(&row);
    }
    list
}

fn code(text: &str) -> gtk::Box {
    let label = gtk::Label::builder()
        .label(text)
        .selectable(true)
        .xalign(0.0)
        .yalign(0.0)
        .margin_top(9)
        .margin_bottom(9)
        .margin_start(12)
        .margin_end(12)
        .build();
    label.add_css_class("monospace");
    let scrolled = gtk::ScrolledWindow::builder()
        .child(&label)
        .vscrollbar_policy(gtk::PolicyType::Never)
        .hexpand(true)
        .build();
    let says = gettext("Copy");
    let copy = gtk::Button::builder()
        .icon_name("edit-copy-symbolic")
        .tooltip_text(&says)
        .valign(gtk::Align::Start)
        .margin_top(3)
        .margin_end(3)
        .build();
    copy.add_css_class("flat");
    copy.update_property(&[gtk::accessible::Property::Label(&says)]);
    let text = text.to_owned();
    copy.connect_clicked(move |copy| copy_text(&copy.clipboard(), &text));
    let card = gtk::Box::builder().build();
    card.add_css_class("card");
    card.append(&scrolled);
    card.append(&copy);
    card
}

fn column(spacing: i32) -> gtk::Box {
    gtk::Box::builder()
        .orientation(gtk::Orientation::Vertical)
        .spacing(spacing)
        .build()
}
