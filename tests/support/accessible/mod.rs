//! The accessibility tree of a desktop: what a screen reader is told, and what it can press.
//!
//! Speaks AT-SPI over D-Bus (at-spi2-core, xml/*.xml). Only what is shown on the screen is found: a hidden page of a
//! window is no part of what a user has before them.

mod element;

pub use element::{Element, State};

use std::{fmt::Write, time::Duration};

use futures_util::future::join_all;
use tokio::runtime::{Builder, Runtime};
use zbus::{Connection, zvariant::OwnedObjectPath};

use crate::{Desktop, wait};

const PATIENCE: Duration = Duration::from_secs(20);
/// A tree that is deeper goes in circles.
const DEPTH: usize = 80;
/// How long an answer may take; a program that does not answer is stuck.
const ANSWER: Duration = Duration::from_secs(10);

/// The interfaces that are used.
pub(crate) mod interface {
    pub(crate) const ACCESSIBLE: &str = "org.a11y.atspi.Accessible";
    pub(crate) const ACTION: &str = "org.a11y.atspi.Action";
    pub(crate) const COMPONENT: &str = "org.a11y.atspi.Component";
    pub(crate) const EDITABLE: &str = "org.a11y.atspi.EditableText";
    pub(crate) const SELECTION: &str = "org.a11y.atspi.Selection";
    pub(crate) const TEXT: &str = "org.a11y.atspi.Text";
    pub(crate) const VALUE: &str = "org.a11y.atspi.Value";
    pub(crate) const PROPERTIES: &str = "org.freedesktop.DBus.Properties";
}

/// An object's bus name and path, as AT-SPI hands them about.
pub(crate) type Reference = (String, OwnedObjectPath);

/// A connection to the accessibility bus.
#[derive(Debug)]
pub struct Accessibility {
    runtime: Runtime,
    connection: Connection,
}

impl Accessibility {
    /// Connects to the accessibility bus of a desktop.
    ///
    /// # Panics
    /// When it has none.
    pub fn of(desktop: &Desktop) -> Self {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime");
        let session = desktop.bus_address();
        let connection = wait::until("the accessibility bus", PATIENCE, || {
            runtime.block_on(connect(&session)).ok()
        });
        Self {
            runtime,
            connection,
        }
    }

    /// The root of the program with this process ID, once it has one.
    pub fn program(&self, process: u32) -> Option<Element> {
        let registry = (
            "org.a11y.atspi.Registry".to_owned(),
            OwnedObjectPath::try_from("/org/a11y/atspi/accessible/root").ok()?,
        );
        let programs = self.runtime.block_on(self.children(&registry)).ok()?;
        programs
            .into_iter()
            .find(|(bus, _)| self.process_of(bus) == Some(process))
            .and_then(|reference| self.element(&reference))
    }

    /// Everything on the screen below an element, itself included, nearest to the root first.
    pub fn all(&self, root: &Element) -> Vec<Element> {
        self.runtime.block_on(self.walk(root, |_| false))
    }

    /// The first element below a root that is on the screen and fits.
    pub fn find(&self, root: &Element, fits: impl Fn(&Element) -> bool) -> Option<Element> {
        let mut found = self.runtime.block_on(self.walk(root, &fits));
        found.pop().filter(|last| fits(last))
    }

    /// Reads an element anew; `None` when it is gone.
    pub fn again(&self, element: &Element) -> Option<Element> {
        self.element(element.reference())
    }

    /// Does an element's first action: what a click does.
    ///
    /// # Panics
    /// When it has none or refuses.
    #[track_caller]
    pub fn press(&self, element: &Element) {
        let done: Result<bool, _> = self.ask(element, interface::ACTION, "DoAction", &(0i32,));
        assert!(
            matches!(done, Ok(true)),
            "{element} cannot be pressed: {done:?}"
        );
    }

    /// The names of an element's actions.
    pub fn actions(&self, element: &Element) -> Vec<String> {
        let actions: Result<Vec<(String, String, String)>, _> =
            self.ask(element, interface::ACTION, "GetActions", &());
        let names = actions.unwrap_or_default().into_iter();
        names.map(|(name, _, _)| name).collect()
    }

    /// Puts a text into an entry.
    ///
    /// # Panics
    /// When it takes none.
    #[track_caller]
    pub fn set_text(&self, element: &Element, text: &str) {
        let done: Result<bool, _> =
            self.ask(element, interface::EDITABLE, "SetTextContents", &(text,));
        assert!(
            matches!(done, Ok(true)),
            "{element} takes no text: {done:?}"
        );
    }

    /// Reads the text of an entry or a label.
    pub fn text(&self, element: &Element) -> Option<String> {
        self.ask(element, interface::TEXT, "GetText", &(0i32, -1i32))
            .ok()
    }

    /// Gives an element the keyboard.
    ///
    /// # Panics
    /// When it does not take it.
    #[track_caller]
    pub fn focus(&self, element: &Element) {
        let done: Result<bool, _> = self.ask(element, interface::COMPONENT, "GrabFocus", &());
        assert!(
            matches!(done, Ok(true)),
            "{element} takes no focus: {done:?}"
        );
    }

    /// Selects one child of a list, by its number.
    ///
    /// # Panics
    /// When the list cannot select it.
    #[track_caller]
    pub fn select(&self, list: &Element, child: i32) {
        let done: Result<bool, _> = self.ask(list, interface::SELECTION, "SelectChild", &(child,));
        assert!(matches!(done, Ok(true)), "{list} cannot select: {done:?}");
    }

    /// Where an element lies in its window, in pixels.
    pub fn area(&self, element: &Element) -> Option<crate::Area> {
        const IN_WINDOW: u32 = 1;
        let (x, y, width, height) = self
            .ask::<(i32, i32, i32, i32)>(element, interface::COMPONENT, "GetExtents", &(IN_WINDOW,))
            .ok()?;
        Some(crate::Area {
            x,
            y,
            width,
            height,
        })
    }

    /// The present value of a slider, a scroll bar or a level.
    pub fn value(&self, element: &Element) -> Option<f64> {
        let arguments = (interface::VALUE, "CurrentValue");
        let value: zbus::zvariant::OwnedValue = self
            .ask(element, interface::PROPERTIES, "Get", &arguments)
            .ok()?;
        f64::try_from(value).ok()
    }

    /// The tree below an element as text, two spaces for each level.
    pub fn outline(&self, root: &Element) -> String {
        let mut text = String::new();
        self.outline_into(root, 0, &mut text);
        text
    }

    fn outline_into(&self, element: &Element, level: usize, text: &mut String) {
        let _ = writeln!(text, "{:1$}{element}", "", level * 2);
        if level >= DEPTH || (level > 1 && !element.is(State::Showing)) {
            return;
        }
        let children = self.runtime.block_on(self.children(element.reference()));
        for child in children.unwrap_or_default() {
            if let Some(child) = self.element(&child) {
                self.outline_into(&child, level + 1, text);
            }
        }
    }

    fn element(&self, reference: &Reference) -> Option<Element> {
        self.runtime
            .block_on(Element::read(&self.connection, reference.clone()))
    }

    fn process_of(&self, bus: &str) -> Option<u32> {
        let arguments = (bus,);
        let call = self.connection.call_method(
            Some("org.freedesktop.DBus"),
            "/org/freedesktop/DBus",
            Some("org.freedesktop.DBus"),
            "GetConnectionUnixProcessID",
            &arguments,
        );
        let reply = self.runtime.block_on(call).ok()?;
        reply.body().deserialize().ok()
    }

    /// Goes down level by level, each level's questions at once; ends early at the first that fits, which comes last.
    async fn walk(&self, root: &Element, fits: impl Fn(&Element) -> bool) -> Vec<Element> {
        let mut seen = vec![root.clone()];
        let mut level = vec![root.reference().clone()];
        let mut is_top = true;
        for _ in 0..DEPTH {
            let children = join_all(level.iter().map(|parent| self.children(parent))).await;
            let children = children.into_iter().flatten().flatten();
            let read = children.map(|child| Element::read(&self.connection, child));
            let mut found: Vec<Element> = join_all(read).await.into_iter().flatten().collect();
            // A program shows nothing itself; its windows do.
            found.retain(|element| is_top || element.is(State::Showing));
            is_top = false;
            level = found.iter().map(|e| e.reference().clone()).collect();
            for element in found {
                let fitting = fits(&element);
                seen.push(element);
                if fitting {
                    return seen;
                }
            }
            if level.is_empty() {
                break;
            }
        }
        seen
    }

    async fn children(&self, parent: &Reference) -> zbus::Result<Vec<Reference>> {
        let call = self.connection.call_method(
            Some(parent.0.as_str()),
            &parent.1,
            Some(interface::ACCESSIBLE),
            "GetChildren",
            &(),
        );
        call.await?.body().deserialize()
    }

    fn ask<T>(
        &self,
        element: &Element,
        interface: &str,
        method: &str,
        arguments: &(impl serde::Serialize + zbus::zvariant::DynamicType),
    ) -> zbus::Result<T>
    where
        T: for<'d> zbus::zvariant::DynamicDeserialize<'d>,
    {
        let (bus, path) = element.reference();
        let call = self.connection.call_method(
            Some(bus.as_str()),
            path,
            Some(interface),
            method,
            arguments,
        );
        let reply = self.runtime.block_on(async {
            tokio::time::timeout(ANSWER, call)
                .await
                .unwrap_or_else(|_| Err(zbus::Error::Failure(format!("no answer in {ANSWER:?}"))))
        })?;
        reply.body().deserialize()
    }
}

/// Asks the session for its accessibility bus, and goes there.
async fn connect(session: &str) -> zbus::Result<Connection> {
    let session = zbus::connection::Builder::address(session)?.build().await?;
    let reply = session
        .call_method(
            Some("org.a11y.Bus"),
            "/org/a11y/bus",
            Some("org.a11y.Bus"),
            "GetAddress",
            &(),
        )
        .await?;
    let address: String = reply.body().deserialize()?;
    let connection = zbus::connection::Builder::address(address.as_str())?;
    connection.method_timeout(ANSWER).build().await
}
