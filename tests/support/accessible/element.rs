//! One thing in the accessibility tree, as it was when it was read.

use std::fmt;

use zbus::Connection;

use super::{Reference, interface};

/// States of an element that tests ask about, by their numbers in at-spi2-core's atspi-constants.h.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// A window that has the keyboard.
    Active = 1,
    /// A check box or a switch that is on.
    Checked = 4,
    /// It has the keyboard.
    Focused = 12,
    /// A toggle that is down.
    Pressed = 20,
    /// It is one of the selected.
    Selected = 23,
    /// It can be used.
    Sensitive = 24,
    /// It is on the screen.
    Showing = 25,
}

/// What a screen reader is told of one thing.
#[derive(Clone, Debug)]
pub struct Element {
    reference: Reference,
    /// Its role, in AT-SPI's words.
    pub role: String,
    /// Its name.
    pub name: String,
    /// Its description.
    pub description: String,
    states: u64,
}

impl Element {
    /// Tells whether it is in a state.
    pub fn is(&self, state: State) -> bool {
        self.states & (1 << state as u32) != 0
    }

    pub(super) fn reference(&self) -> &Reference {
        &self.reference
    }

    pub(super) async fn read(connection: &Connection, reference: Reference) -> Option<Self> {
        let (bus, path) = (reference.0.as_str(), &reference.1);
        let accessible = Some(interface::ACCESSIBLE);
        let property = |name| async move {
            let reply = connection
                .call_method(
                    Some(bus),
                    path,
                    Some(interface::PROPERTIES),
                    "Get",
                    &(interface::ACCESSIBLE, name),
                )
                .await
                .ok()?;
            let value: zbus::zvariant::OwnedValue = reply.body().deserialize().ok()?;
            String::try_from(value).ok()
        };
        let role = connection.call_method(Some(bus), path, accessible, "GetRoleName", &());
        let states = connection.call_method(Some(bus), path, accessible, "GetState", &());
        let (role, states, name, description) =
            futures_util::future::join4(role, states, property("Name"), property("Description"))
                .await;
        let states: Vec<u32> = states.ok()?.body().deserialize().ok()?;
        Some(Self {
            role: role.ok()?.body().deserialize().ok()?,
            name: name.unwrap_or_default(),
            description: description.unwrap_or_default(),
            states: states
                .iter()
                .rev()
                .fold(0, |all, word| all << 32 | u64::from(*word)),
            reference,
        })
    }
}

impl fmt::Display for Element {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} “{}”", self.role, self.name)?;
        if !self.description.is_empty() {
            write!(f, " ({})", self.description)?;
        }
        for state in [
            State::Active,
            State::Checked,
            State::Focused,
            State::Pressed,
            State::Selected,
        ] {
            if self.is(state) {
                write!(f, " {state:?}")?;
            }
        }
        if !self.is(State::Sensitive) {
            f.write_str(" insensitive")?;
        }
        if !self.is(State::Showing) {
            f.write_str(" hidden")?;
        }
        Ok(())
    }
}
