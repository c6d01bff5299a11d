//! Every template among the program's resources builds.

use gtk::{gio, glib, prelude::*};
use innkeeper::ui;

use crate::support;

const PREFIX: &str = "/io/github/innkeeper/Innkeeper/";

fn templates() -> Vec<String> {
    let mut folders = vec![PREFIX.to_owned()];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        let children = gio::resources_enumerate_children(&folder, gio::ResourceLookupFlags::NONE)
            .expect("the folder is there");
        for child in children {
            let path = format!("{folder}{child}");
            if child.ends_with('/') {
                folders.push(path);
            } else if child.ends_with(".ui") {
                found.push(path);
            }
        }
    }
    found
}

/// Gives the class that a file is the template of.
fn class_of(path: &str) -> Option<String> {
    let data = gio::resources_lookup_data(path, gio::ResourceLookupFlags::NONE)
        .expect("the file is there");
    let text = String::from_utf8(data.to_vec()).expect("templates are UTF-8");
    let (_, rest) = text.split_once("<template class=\"")?;
    Some(rest.split('"').next()?.to_owned())
}

/// Puts away what was built, as a window does with its parts.
fn dismiss(built: glib::Object) {
    match built.downcast::<gtk::Window>() {
        Ok(window) => window.destroy(),
        Err(built) => {
            let part = built.downcast::<gtk::Widget>().ok();
            if let Some(part) =
                part.filter(|part| part.parent().is_none() && !part.is::<adw::Dialog>())
            {
                let window = gtk::Window::new();
                window.set_child(Some(&part));
                window.destroy();
            }
        }
    }
}

#[gtk::test]
fn every_template_builds() {
    support::start();
    ui::ensure_types();
    let mut left = templates();
    assert!(left.len() > 15, "only {} templates were found", left.len());
    // A class registers its parts when the first of its kind is built: goes on for as long as there is something new.
    loop {
        let before = left.len();
        left.retain(|path| !builds(path));
        if left.is_empty() {
            break;
        }
        assert!(left.len() < before, "nobody registers {left:?}");
    }
}

/// Builds what a file describes, if its class is registered.
fn builds(path: &str) -> bool {
    let Some(class) = class_of(path) else {
        let objects = gtk::Builder::from_resource(path).objects();
        assert!(!objects.is_empty(), "{path} holds nothing");
        objects.into_iter().for_each(dismiss);
        return true;
    };
    let class = glib::Type::from_name(&class);
    if let Some(class) = class {
        dismiss(glib::Object::with_type(class));
    }
    class.is_some()
}

#[gtk::test]
fn every_icon_of_ours_is_found() {
    support::start();
    let display = gtk::gdk::Display::default().expect("a display is there");
    let theme = gtk::IconTheme::for_display(&display);
    theme.add_resource_path(&format!("{PREFIX}icons"));
    for name in ["bsd", "debian", "fedora", "linux", "ubuntu", "windows"] {
        let name = format!("os-{name}-symbolic");
        assert!(theme.has_icon(&name), "{name} is missing");
    }
}
