//! The help window: every page is shown, links lead from one to another, commands can be copied.

use adw::prelude::*;
use innkeeper::ui::HelpWindow;

use crate::{
    lab,
    support::{self, check_icon_buttons, settle, tree},
};

fn window() -> HelpWindow {
    support::start();
    HelpWindow::new(&lab::app())
}

/// The page that is shown: its labels.
fn labels(window: &HelpWindow) -> Vec<gtk::Label> {
    tree(window)
        .into_iter()
        .filter(is_in_page)
        .filter_map(|widget| widget.downcast().ok())
        .collect()
}

fn is_in_page(widget: &gtk::Widget) -> bool {
    let above = std::iter::successors(widget.parent(), WidgetExt::parent);
    above
        .into_iter()
        .any(|widget| widget.has_css_class("help-page"))
}

fn title(window: &HelpWindow) -> String {
    labels(window)
        .first()
        .expect("a page has a heading")
        .text()
        .to_string()
}

#[gtk::test]
fn every_page_is_shown_and_can_be_used() {
    let window = window();
    window.present();
    let mut titles = Vec::new();
    for page in [
        "connect",
        "connect-local",
        "connect-ssh",
        "connect-tls",
        "connect-kerberos",
    ] {
        window.show_page(page);
        settle();
        titles.push(title(&window));
        check_icon_buttons(&window);
    }
    titles.dedup();
    assert_eq!(titles.len(), 5, "{titles:?}");
    window.show_page("no-such-page");
    assert_eq!(title(&window), titles[0]);
    window.destroy();
}

#[gtk::test]
fn a_link_leads_to_its_page() {
    let window = window();
    window.show_page("connect-tls");
    let there = title(&window);
    window.show_page("connect");
    assert_ne!(title(&window), there);
    let link = labels(&window)
        .into_iter()
        .find(|label| label.label().contains("href=\"connect-tls.md\""))
        .expect("the overview leads to every way");
    assert!(link.emit_by_name::<bool>("activate-link", &[&"connect-tls.md"]));
    assert_eq!(title(&window), there);
    window.destroy();
}
