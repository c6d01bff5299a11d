//! Messages over a window: whole where it is narrow, with everything that can be pressed.

use adw::prelude::*;
use innkeeper::widgets::{show_advice, show_message};

use crate::support::{self, tree, wait_until};

const NARROW: i32 = 360;
const LONG: &str = "Der Bildschirm der virtuellen Maschine wird nicht geteilt, weil der Wirt es verbietet und 全画面表示のときも同じです";

/// A window of this width with a place for messages.
fn window(width: i32) -> (adw::Window, gtk::Box) {
    support::start();
    let content = gtk::Box::builder().vexpand(true).build();
    let overlay = adw::ToastOverlay::new();
    overlay.set_child(Some(&content));
    let window = adw::Window::builder()
        .default_width(width)
        .default_height(300)
        .width_request(NARROW)
        .height_request(200)
        .content(&overlay)
        .build();
    window.present();
    wait_until("a window", || window.width() > 0);
    (window, content)
}

/// Waits until a text is read in whole, and gives where all that can be pressed beside it ends.
fn ends(window: &adw::Window, text: &str) -> Vec<f32> {
    let is_whole = |label: &gtk::Label| {
        label.is_mapped()
            && label.text() == text
            && label.width() > 0
            && !label.layout().is_ellipsized()
            && label.layout().pixel_size().0 <= label.width()
    };
    let labels = || tree(window).into_iter().filter_map(|w| w.downcast().ok());
    wait_until("the whole text", || {
        labels().any(|label: gtk::Label| is_whole(&label))
    });
    let buttons = tree(window).into_iter();
    let buttons = buttons.filter(|w| w.is::<gtk::Button>() && w.is_mapped());
    let ends = buttons.map(|button| button.compute_bounds(window).expect("a place"));
    ends.map(|place| place.x() + place.width()).collect()
}

#[gtk::test]
fn a_long_message_is_whole_in_a_narrow_window() {
    let (window, content) = window(NARROW);
    show_advice(&content, LONG, "Nothing");
    let ends = ends(&window, LONG);
    // Details, and the button that closes it.
    assert!(ends.len() >= 2, "{ends:?}");
    assert!(
        ends.iter().all(|end| *end <= window.width() as f32),
        "{ends:?}"
    );
    window.destroy();
}

#[gtk::test]
fn a_message_without_a_button_is_whole_too() {
    for width in [NARROW, 1000] {
        let (window, content) = window(width);
        show_message(&content, LONG);
        let ends = ends(&window, LONG);
        assert!(
            ends.iter().all(|end| *end <= window.width() as f32),
            "{ends:?}"
        );
        window.destroy();
    }
}
