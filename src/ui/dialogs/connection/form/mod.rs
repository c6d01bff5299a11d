//! What the dialog knows of the address that is being made: fields on one side, a URI on the other.
//!
//! The parts of the URI are what is true. A field changes the part that it shows and leaves every other one alone; a
//! URI that is typed changes all. No widget is known here.

mod parked;

use std::mem;

use self::parked::Parked;
use super::{
    hypervisors::{HYPERVISORS, Hypervisor},
    parameters::{PARAMETERS, Parameter},
    problem::{self, Problem},
    ways::{Need, Way},
};
use crate::model::{Error, Uri, UriParts};

/// The address that is being made.
pub(super) struct Form {
    parts: UriParts,
    /// The URI as it is shown: as typed, else as the parts print.
    text: String,
    /// Why the typed text is no URI; the parts are those of the last one that was.
    bad_text: Option<Error>,
    /// A port that is no port, as typed.
    bad_port: Option<String>,
    way: Way,
    /// Whether the user wants to write the hypervisor in the URI, whatever it says now.
    is_custom: bool,
    /// Whether the transport is named only because the host is missing.
    lends_transport: bool,
    parked: Parked,
}

impl Form {
    /// Starts with an address.
    pub(super) fn new(uri: &Uri) -> Self {
        Self {
            parts: uri.parts().clone(),
            text: uri.to_string(),
            bad_text: None,
            bad_port: None,
            way: Way::of(uri.parts()),
            is_custom: false,
            lends_transport: false,
            parked: Parked::default(),
        }
    }

    /// The URI as it is shown.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Takes a URI that is typed. One that cannot be read leaves the fields as they are.
    pub(super) fn set_text(&mut self, text: &str) {
        if text == self.text {
            return;
        }
        text.clone_into(&mut self.text);
        match text.parse::<Uri>() {
            Ok(uri) => {
                self.parts = uri.parts().clone();
                self.way = Way::of(&self.parts);
                self.bad_text = None;
                self.bad_port = None;
                self.lends_transport = false;
            }
            Err(error) => self.bad_text = Some(error),
        }
    }

    /// The hypervisor's place in the table; `None` for a custom address.
    pub(super) fn hypervisor(&self) -> Option<usize> {
        Hypervisor::position(&self.parts).filter(|_| !self.is_custom)
    }

    /// Chooses a hypervisor by its place in the table; `None` leaves it to the URI.
    pub(super) fn set_hypervisor(&mut self, position: Option<usize>) {
        if position == self.hypervisor() {
            return;
        }
        self.is_custom = position.is_none();
        if let Some(hypervisor) = position.and_then(|position| HYPERVISORS.get(position)) {
            hypervisor.write(&mut self.parts);
            if self.way == Way::Vendor {
                // Only the drivers that go their own way have it.
                self.set_way(Way::of(&self.parts));
            }
            self.print();
        }
    }

    /// The way to the host.
    pub(super) fn way(&self) -> Way {
        self.way
    }

    /// Chooses a way. What the present one has and the new one has no place for comes back with the present one.
    pub(super) fn set_way(&mut self, way: Way) {
        if way == self.way {
            return;
        }
        self.bad_port = None;
        self.lends_transport = false;
        self.parked.take(&mut self.parts, self.way, way);
        self.parts.transport = match way {
            Way::ThisComputer if !is_way_named(&self.parts) => None,
            way => way.transport().map(str::to_owned),
        };
        self.way = way;
        self.parked.give_back(&mut self.parts, way);
        self.print();
    }

    /// The host's name or address.
    pub(super) fn host(&self) -> &str {
        self.parts.host.as_deref().unwrap_or_default()
    }

    /// Takes a host as typed: brackets go, a user before `@` becomes the user where there is none yet.
    pub(super) fn set_host(&mut self, typed: &str) {
        let mut host = typed.trim();
        if let Some((user, rest)) = host.rsplit_once('@')
            && self.parts.user.is_none()
            && !user.is_empty()
        {
            self.parts.user = Some(user.to_owned());
            host = rest;
        }
        let bare = host.strip_prefix('[').and_then(|h| h.strip_suffix(']'));
        let host = filled(bare.unwrap_or(host));
        if host != self.parts.host {
            self.parts.host = host;
            self.name_way();
            self.print();
        }
    }

    /// The user on the host.
    pub(super) fn user(&self) -> &str {
        self.parts.user.as_deref().unwrap_or_default()
    }

    /// Takes a user as typed.
    pub(super) fn set_user(&mut self, typed: &str) {
        let user = filled(typed);
        if user != self.parts.user {
            self.parts.user = user;
            self.print();
        }
    }

    /// The port as it is shown: what was typed, even where that is none.
    pub(super) fn port(&self) -> String {
        let port = || self.parts.port.map(|port| port.to_string());
        self.bad_port.clone().or_else(port).unwrap_or_default()
    }

    /// Takes a port as typed; nothing leaves it to the way.
    pub(super) fn set_port(&mut self, typed: &str) {
        let typed = typed.trim();
        if typed == self.port() {
            return;
        }
        let port = typed.parse::<u16>().ok().filter(|port| *port != 0);
        let is_bad = port.is_none() && !typed.is_empty();
        self.bad_port = is_bad.then(|| typed.to_owned());
        self.parts.port = port;
        self.print();
    }

    /// A parameter's value.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        self.parts.parameter(name)
    }

    /// Sets a parameter, or with `None` removes it.
    pub(super) fn set_parameter(&mut self, name: &str, value: Option<&str>) {
        if self.parameter(name) != value {
            self.parts.set_parameter(name, value);
            self.print();
        }
    }

    /// Says what is wrong, and at which field. What is only missing is not wrong.
    pub(super) fn problems(&self) -> Vec<Problem> {
        if let Some(error) = &self.bad_text {
            return vec![problem::of_text(error)];
        }
        let port = self.bad_port.as_ref().map(|_| problem::of_port());
        let mut problems: Vec<Problem> = problem::of_host(self.host())
            .into_iter()
            .chain(port)
            .chain(
                self.known()
                    .filter_map(|(parameter, value)| problem::of_parameter(parameter, value?)),
            )
            .collect();
        if self.way == Way::Unknown {
            let transport = self.parts.transport.as_deref().unwrap_or_default();
            problems.push(problem::of_transport(transport));
        }
        if problems.is_empty()
            && !self.is_missing_something()
            && let Err(error) = Uri::try_from(self.parts.clone())
        {
            problems.push(problem::of_text(&error));
        }
        problems
    }

    /// Says why the connection is unsafe as it is.
    pub(super) fn dangers(&self) -> Vec<String> {
        let way = self.way.facts().caution.map(|caution| caution());
        let parameters = self
            .known()
            .filter_map(|(parameter, value)| parameter.danger(value));
        let mut dangers: Vec<String> = way.into_iter().chain(parameters).collect();
        dangers.dedup();
        dangers
    }

    /// The URI, once nothing is wrong or missing.
    pub(super) fn uri(&self) -> Option<Uri> {
        if self.is_missing_something() || !self.problems().is_empty() {
            return None;
        }
        self.text.parse().ok()
    }

    fn is_missing_something(&self) -> bool {
        let is_missing = |value: Option<&str>| value.is_none_or(str::is_empty);
        let needs_host = self.way.facts().host == Need::Needed;
        (needs_host && (self.host().is_empty() || problem::is_half_an_address(self.host())))
            || self
                .known()
                .any(|(parameter, value)| parameter.is_needed && is_missing(value))
    }

    /// The parameters that the way knows, with their values.
    fn known(&self) -> impl Iterator<Item = (&'static Parameter, Option<&str>)> {
        PARAMETERS
            .iter()
            .filter(|parameter| parameter.applies_to(self.way))
            .map(|parameter| (parameter, self.parameter(parameter.name)))
    }

    /// Keeps the way where the URI names none and would mean another one without its host: `qemu://host/`. The
    /// transport is named for as long as the host is missing.
    fn name_way(&mut self) {
        if mem::take(&mut self.lends_transport) {
            self.parts.transport = None;
        }
        if Way::of(&self.parts) != self.way && self.parts.transport.is_none() {
            self.parts.transport = self.way.transport().map(str::to_owned);
            self.lends_transport = true;
        }
    }

    fn print(&mut self) {
        self.bad_text = None;
        self.text = self.parts.to_string();
    }
}

/// Says whether a socket of this computer must be named as the transport, because the driver would go its own way.
fn is_way_named(parts: &UriParts) -> bool {
    let unnamed = UriParts {
        transport: None,
        host: None,
        ..parts.clone()
    };
    Way::of(&unnamed) != Way::ThisComputer
}

fn filled(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests;
