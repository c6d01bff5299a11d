//! The row of one parameter under Advanced: its widget follows from the table.

use std::rc::Rc;

use adw::prelude::*;
use gtk::gio;

use super::{
    form::Form,
    parameters::{Choice, Kind, Parameter, is_on},
};
use crate::app::{
    i18n::{gettext, gettext_f},
    runtime,
};

/// Takes a value that the user gave a parameter; `None` takes the parameter away.
pub(super) type Changed = Rc<dyn Fn(&'static Parameter, Option<String>)>;

/// A parameter and its widget.
pub(super) struct ParameterRow {
    /// What the table says of it.
    pub(super) parameter: &'static Parameter,
    widget: Widget,
}

enum Widget {
    Entry(adw::EntryRow),
    Switch(adw::SwitchRow),
    Combo(adw::ComboRow, &'static [Choice]),
}

impl ParameterRow {
    /// Makes the row of a parameter.
    pub(super) fn new(parameter: &'static Parameter, changed: Changed) -> Self {
        let widget = match parameter.kind {
            Kind::Text => Widget::Entry(entry(parameter, changed)),
            Kind::File => Widget::Entry(path_entry(parameter, changed, false)),
            Kind::Folder => Widget::Entry(path_entry(parameter, changed, true)),
            Kind::Switch => Widget::Switch(switch(parameter, changed)),
            Kind::Choice(choices) => Widget::Combo(combo(parameter, choices, changed), choices),
        };
        let row = Self { parameter, widget };
        let named = row.row();
        named.set_title(&parameter.title());
        named.set_use_underline(true);
        named.set_widget_name(parameter.name);
        row
    }

    /// The row, to be put into a list.
    pub(super) fn row(&self) -> &adw::PreferencesRow {
        match &self.widget {
            Widget::Entry(row) => row.upcast_ref(),
            Widget::Switch(row) => row.upcast_ref(),
            Widget::Combo(row, _) => row.upcast_ref(),
        }
    }

    /// Shows the form's value, where the form's way knows the parameter.
    pub(super) fn show(&self, form: &Form) {
        let applies = self.parameter.applies_to(form.way());
        self.row().set_visible(applies);
        let value = form.parameter(self.parameter.name).filter(|_| applies);
        match &self.widget {
            Widget::Entry(row) => {
                if row.text() != value.unwrap_or_default() {
                    row.set_text(value.unwrap_or_default());
                }
            }
            Widget::Switch(row) => row.set_active(value.is_some_and(is_on)),
            Widget::Combo(row, choices) => {
                choose(row, choices, value);
                // Short, so that the choice keeps its room; why stands below the way.
                let danger = self.parameter.danger(value).map(|_| gettext("Unsafe"));
                row.set_subtitle(&danger.unwrap_or_default());
            }
        }
    }
}

fn entry(parameter: &'static Parameter, changed: Changed) -> adw::EntryRow {
    let row = adw::EntryRow::new();
    row.set_activates_default(true);
    if let Some(hint) = parameter.hint() {
        row.set_tooltip_text(Some(&hint));
        if let Some(text) = row.delegate().and_downcast::<gtk::Text>() {
            text.update_property(&[gtk::accessible::Property::Description(&hint)]);
        }
    }
    row.connect_changed(move |row| {
        let text = row.text();
        changed(parameter, (!text.is_empty()).then(|| text.into()));
    });
    row
}

fn path_entry(parameter: &'static Parameter, changed: Changed, folder: bool) -> adw::EntryRow {
    let row = entry(parameter, changed);
    let (icon, label) = if folder {
        ("folder-open-symbolic", gettext("Choose Folder…"))
    } else {
        ("document-open-symbolic", gettext("Choose File…"))
    };
    let button = gtk::Button::builder()
        .icon_name(icon)
        .tooltip_text(&label)
        .valign(gtk::Align::Center)
        .css_classes(["flat"])
        .build();
    button.update_property(&[gtk::accessible::Property::Label(&label)]);
    let weak = row.downgrade();
    button.connect_clicked(move |_| {
        if let Some(row) = weak.upgrade() {
            runtime::local(choose_path(row, label.clone(), folder));
        }
    });
    row.add_suffix(&button);
    row
}

/// Asks for a file or a folder, starting at the present one.
async fn choose_path(row: adw::EntryRow, title: String, folder: bool) {
    let dialog = gtk::FileDialog::builder().title(title).build();
    let present = row.text();
    if !present.is_empty() {
        dialog.set_initial_file(Some(&gio::File::for_path(present)));
    }
    let window = row.root().and_downcast::<gtk::Window>();
    let chosen = if folder {
        dialog.select_folder_future(window.as_ref()).await
    } else {
        dialog.open_future(window.as_ref()).await
    };
    // An error is the dialog's way to say that nothing was chosen.
    if let Some(path) = chosen.ok().and_then(|file| file.path()) {
        row.set_text(&path.to_string_lossy());
    }
}

fn switch(parameter: &'static Parameter, changed: Changed) -> adw::SwitchRow {
    let row = adw::SwitchRow::new();
    let subtitle = parameter.possible_danger().or_else(|| parameter.hint());
    row.set_subtitle(&subtitle.unwrap_or_default());
    row.connect_active_notify(move |row| {
        changed(parameter, row.is_active().then(|| "1".to_owned()));
    });
    row
}

fn combo(
    parameter: &'static Parameter,
    choices: &'static [Choice],
    changed: Changed,
) -> adw::ComboRow {
    let row = adw::ComboRow::new();
    row.set_tooltip_text(parameter.hint().as_deref());
    // Beside the title the row would cut what is longer than twenty letters.
    row.set_use_subtitle(true);
    let titles: Vec<String> = choices.iter().map(Choice::title).collect();
    let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
    row.set_model(Some(&gtk::StringList::new(&titles)));
    row.connect_selected_notify(move |row| {
        // The entry behind the known ones is the value as it stands: it changes nothing.
        if let Some(choice) = choices.get(row.selected() as usize) {
            let is_default = choice.value == choices[0].value;
            changed(parameter, (!is_default).then(|| choice.value.to_owned()));
        }
    });
    row
}

/// Selects a value; one that the table does not have gets an entry of its own at the end.
fn choose(row: &adw::ComboRow, choices: &[Choice], value: Option<&str>) {
    let known = match value {
        None => Some(0),
        Some(value) => choices
            .iter()
            .position(|choice| choice.value.eq_ignore_ascii_case(value)),
    };
    let titles = row.model().and_downcast::<gtk::StringList>();
    let titles = titles.expect("the row is made with its titles");
    let count = choices.len() as u32;
    if let Some(position) = known {
        row.set_selected(position as u32);
        titles.splice(count, titles.n_items() - count, &[]);
    } else {
        let other = gettext_f("Other: {value}", &[("value", value.unwrap_or_default())]);
        titles.splice(count, titles.n_items() - count, &[other.as_str()]);
        row.set_selected(count);
    }
}
