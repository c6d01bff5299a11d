//! How the widgets show the form.

use adw::{prelude::*, subclass::prelude::*};

use super::{
    super::{
        form::Form,
        hypervisors::HYPERVISORS,
        parameter_row::ParameterRow,
        problem::{Field, Problem},
        ways::{Need, WAYS, Way},
    },
    ConnectionDialog,
};
use crate::app::i18n::{gettext, gettext_f};

impl ConnectionDialog {
    /// Shows the form. Whatever shows the right thing already is left alone.
    pub(super) fn show_form(&self) {
        self.without_hearing(|| {
            let form = self.form().borrow();
            self.show_choices(&form);
            self.show_fields(&form);
            self.show_problems(&form);
        });
    }

    fn show_choices(&self, form: &Form) {
        let imp = self.imp();
        let (way, facts) = (form.way(), form.way().facts());
        let position = form.hypervisor().unwrap_or(HYPERVISORS.len());
        imp.hypervisor.set_selected(position as u32);
        self.list_ways(way);
        imp.hypervisor_note.show(hypervisor_note(form).as_deref());
        imp.way_note.show(facts.note.map(|note| note()).as_deref());
        let dangers = form.dangers().join("\n");
        imp.danger.show((!dangers.is_empty()).then_some(&dangers));
        imp.help
            .set_action_target_value(Some(&facts.help.to_variant()));
    }

    fn list_ways(&self, present: Way) {
        let imp = self.imp();
        let is_listed = |way: Way| way == present || way.facts().is_offered;
        let ways: Vec<Way> = WAYS
            .iter()
            .map(|facts| facts.way)
            .filter(|way| is_listed(*way))
            .collect();
        if *imp.listed_ways.borrow() != ways {
            let titles = gtk::StringList::default();
            for way in &ways {
                titles.append(&way.facts().title());
            }
            imp.listed_ways.replace(ways.clone());
            imp.way.set_model(Some(&titles));
        }
        let position = ways.iter().position(|way| *way == present);
        imp.way.set_selected(position.unwrap_or(0) as u32);
    }

    fn show_fields(&self, form: &Form) {
        let imp = self.imp();
        let facts = form.way().facts();
        let has_host = facts.host != Need::Never;
        let is_named =
            |row: &ParameterRow| row.parameter.is_needed && row.parameter.applies_to(form.way());
        let has_named = imp.rows.borrow().iter().any(is_named);
        imp.needed_group.set_visible(has_named);
        imp.host_group.set_visible(has_host);
        imp.host.set_visible(has_host);
        imp.user.set_visible(has_host);
        imp.port.set_visible(facts.port.is_some());
        imp.screens.set_visible(form.way() == Way::Ssh);
        imp.port.set_title(&port_title(
            &facts.port.map(|port| port()).unwrap_or_default(),
        ));
        if form_host(&imp.host.text()) != form.host() {
            imp.host.fill(form.host());
        }
        show_text(&*imp.user, form.user());
        show_text(&*imp.port, &form.port());
        show_text(&*imp.uri, form.text());
        for row in &*imp.rows.borrow() {
            row.show(form);
        }
    }

    fn show_problems(&self, form: &Form) {
        let imp = self.imp();
        let mut problems = form.problems();
        let uri = form.uri();
        if let Some(other) = uri.as_ref().and_then(|uri| self.duplicate_of(uri)) {
            problems.push(Problem {
                field: Field::Uri,
                text: gettext_f(
                    "This address is in the list already, as “{name}”.",
                    &[("name", &other.label())],
                ),
            });
        }
        imp.save.set_sensitive(uri.is_some() && problems.is_empty());
        imp.check.set_ready(uri.is_some());
        let at = |field: Field| {
            let found = problems.iter().find(|problem| problem.field == field);
            found.map(|problem| problem.text.as_str())
        };
        imp.host_problem.show_problem(&*imp.host, at(Field::Host));
        imp.port_problem.show_problem(&*imp.port, at(Field::Port));
        let of_parameter = |problem: &&Problem| matches!(problem.field, Field::Parameter(_));
        let parameter = problems
            .iter()
            .find(of_parameter)
            .map(|problem| problem.text.as_str());
        imp.uri_problem
            .show_problem(&*imp.uri, at(Field::Uri).or(parameter));
    }
}

/// Says what a user should know of the hypervisor that is chosen.
fn hypervisor_note(form: &Form) -> Option<String> {
    let uri = form.uri()?;
    if uri.is_session() && matches!(form.way(), Way::ThisComputer | Way::Ssh) {
        return Some(gettext(
            "A session belongs to you alone and needs no administrator. Its virtual machines reach the network, but the network does not reach them, and they end when you sign out.",
        ));
    }
    (uri.is_library_driver() && form.way() == Way::ThisComputer)
        .then(|| gettext("This hypervisor has no daemon of its own; libvirt’s daemon opens it."))
}

/// What the form makes of a host as it is typed, so that brackets may stay while one types.
fn form_host(typed: &str) -> &str {
    let typed = typed.trim();
    let bare = typed
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'));
    bare.unwrap_or(typed)
}

fn show_text(row: &impl IsA<gtk::Editable>, text: &str) {
    if row.text() != text {
        row.set_text(text);
    }
}

/// Names the port's field, with the port that is taken where nothing is typed.
fn port_title(usual: &str) -> String {
    if usual.is_empty() {
        return gettext("_Port");
    }
    gettext_f(
        // Translators: {usual} is the number that is taken where none is given.
        "_Port ({usual})",
        &[("usual", usual)],
    )
}
