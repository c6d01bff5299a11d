//! What the tests of widgets share.

use std::{
    cell::Cell,
    rc::Rc,
    sync::Once,
    time::{Duration, Instant},
};

use gtk::{glib, prelude::*};

/// No step of a test takes longer.
const PATIENCE: Duration = Duration::from_secs(30);

/// Starts libadwaita and makes the program's resources known.
pub(crate) fn start() {
    static STARTED: Once = Once::new();
    STARTED.call_once(|| {
        // What G_DEBUG=fatal-warnings does, for this process only: the daemons that other tests start may warn.
        glib::log_set_always_fatal(
            glib::LogLevels::LEVEL_CRITICAL | glib::LogLevels::LEVEL_WARNING,
        );
        adw::init().expect("a display is there");
        let settings = gtk::Settings::default().expect("a display has settings");
        // A window that ends in the middle of one is no subject of these tests.
        settings.set_gtk_enable_animations(false);
        innkeeper::app::register_resources();
    });
}

/// Gives a widget and all that is below it.
pub(crate) fn tree(widget: &impl IsA<gtk::Widget>) -> Vec<gtk::Widget> {
    let mut all = vec![widget.clone().upcast()];
    let mut next = 0;
    while next < all.len() {
        let mut child = all[next].first_child();
        while let Some(widget) = child {
            child = widget.next_sibling();
            all.push(widget);
        }
        next += 1;
    }
    all
}

/// Finds the only widget of a type.
pub(crate) fn only<W: IsA<gtk::Widget>>(widget: &impl IsA<gtk::Widget>) -> W {
    let mut found: Vec<W> = tree(widget)
        .into_iter()
        .filter_map(|widget| widget.downcast().ok())
        .collect();
    assert_eq!(found.len(), 1, "one {} is expected", W::static_type());
    found.remove(0)
}

/// Checks that each button that shows only an icon says what it does, to the eye and to a screen reader.
pub(crate) fn check_icon_buttons(widget: &impl IsA<gtk::Widget>) {
    let mut buttons = 0;
    for button in tree(widget) {
        let is_button = button.is::<gtk::Button>()
            || button.is::<gtk::MenuButton>()
            || button.is::<adw::SplitButton>();
        let is_of_search_bar =
            button.has_css_class("close") && has_ancestor(&button, gtk::SearchBar::static_type());
        let made_by_toolkit = has_name_above(&button, "AdwBackButton")
            || is_of_search_bar
            || [
                gtk::WindowControls::static_type(),
                gtk::MenuButton::static_type(),
                adw::SplitButton::static_type(),
                adw::ToggleGroup::static_type(),
                adw::ViewSwitcher::static_type(),
            ]
            .iter()
            .any(|whole| {
                button
                    .parent()
                    .is_some_and(|above| has_ancestor(&above, *whole))
            });
        if !is_button || made_by_toolkit || !button.has_property("icon-name") {
            continue;
        }
        let icon: Option<String> = button.property("icon-name");
        // libadwaita's own icons stand on the buttons that its rows have inside.
        if icon.as_deref().is_none_or(|name| name.starts_with("adw-")) {
            continue;
        }
        buttons += 1;
        let tooltip = button.tooltip_text().unwrap_or_default();
        assert!(!tooltip.is_empty(), "{icon:?} has no tooltip");
        assert!(
            gtk::test_accessible_has_property(&button, gtk::AccessibleProperty::Label),
            "{icon:?} has no accessible label"
        );
    }
    assert!(buttons > 0, "no icon button was found");
}

/// Says whether a widget is of a type or lies in one.
fn has_ancestor(widget: &gtk::Widget, whole: glib::Type) -> bool {
    widget.type_().is_a(whole) || widget.ancestor(whole).is_some()
}

fn has_name_above(widget: &gtk::Widget, name: &str) -> bool {
    glib::Type::from_name(name).is_some_and(|whole| has_ancestor(widget, whole))
}

/// Finds the widget that a template names so; there must be one.
pub(crate) fn by_id<W: IsA<gtk::Widget>>(widget: &impl IsA<gtk::Widget>, id: &str) -> W {
    find_by_id(widget, id)
        .unwrap_or_else(|| panic!("nothing is called {id}"))
        .downcast()
        .unwrap_or_else(|other| panic!("{id} is a {}", other.type_()))
}

/// Finds the widget that a template names so, where it has been made.
pub(crate) fn find_by_id(widget: &impl IsA<gtk::Widget>, id: &str) -> Option<gtk::Widget> {
    tree(widget)
        .into_iter()
        .find(|widget| widget.buildable_id().as_deref() == Some(id))
}

/// Runs the main loop until something is so.
#[track_caller]
pub(crate) fn wait_until(what: &str, is_so: impl Fn() -> bool) {
    let context = glib::MainContext::default();
    let end = Instant::now() + PATIENCE;
    // Something must wake the loop where nothing else happens.
    let beat = glib::timeout_add_local(Duration::from_millis(20), || glib::ControlFlow::Continue);
    while !is_so() {
        assert!(Instant::now() < end, "waited in vain for: {what}");
        context.iteration(true);
    }
    beat.remove();
}

/// Runs the main loop until all that is ready has been done.
pub(crate) fn settle() {
    let is_idle = Rc::new(Cell::new(false));
    let done = is_idle.clone();
    glib::idle_add_local_full(glib::Priority::LOW, move || {
        done.set(true);
        glib::ControlFlow::Break
    });
    wait_until("an idle main loop", move || is_idle.get());
}

/// Presses the button of a question that bears a label.
pub(crate) fn answer(question: &impl IsA<gtk::Widget>, label: &str) {
    let mut buttons = tree(question).into_iter();
    let button = buttons.find_map(|widget| {
        let button = widget.downcast::<gtk::Button>().ok()?;
        (button.label().as_deref() == Some(label)).then_some(button)
    });
    button
        .unwrap_or_else(|| panic!("no button says {label}"))
        .emit_clicked();
}
