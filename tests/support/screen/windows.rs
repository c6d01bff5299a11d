//! The windows of the Wayland compositor sway, by its own socket (sway-ipc(7)): a Wayland client sees its own only.

use std::{cell::RefCell, os::unix::net::UnixStream, path::Path, time::Duration};

use swayipc::{Connection, Node};

use super::Window;
use crate::{Area, wait};

const PATIENCE: Duration = Duration::from_secs(10);

/// Whoever arranges the windows.
#[derive(Debug)]
pub(crate) struct Windows {
    connection: RefCell<Connection>,
}

/// The output that all windows are on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Output {
    /// Its pixels from left to right and from top to bottom.
    pub(crate) size: (u32, u32),
    /// How many of them are one of those that programs count in.
    pub(crate) scale: f64,
}

impl Windows {
    /// Opens the compositor's socket.
    pub(crate) fn open(socket: &Path) -> Self {
        let stream = UnixStream::connect(socket).expect("the compositor’s socket");
        Self {
            connection: RefCell::new(stream.into()),
        }
    }

    /// Has the compositor do something.
    pub(crate) fn run(&self, command: &str) {
        let done = self.connection.borrow_mut().run_command(command);
        let done = done.expect("a living compositor");
        assert!(done.iter().all(Result::is_ok), "{command}: {done:?}");
    }

    /// The output.
    pub(super) fn output(&self) -> Output {
        let outputs = self.connection.borrow_mut().get_outputs();
        let outputs = outputs.expect("a living compositor");
        let output = outputs.iter().find(|output| output.active);
        let output = output.expect("an output");
        let mode = output.current_mode.expect("an output with a mode");
        let pixels = |count: i32| u32::try_from(count).expect("pixels");
        Output {
            size: (pixels(mode.width), pixels(mode.height)),
            scale: output.scale.expect("an output with a scale"),
        }
    }

    /// Finds the newest window with this title.
    pub(super) fn window(&self, title: &str) -> Option<Window> {
        let fits = |node: &Node| node.pid.is_some() && node.name.as_deref() == Some(title);
        let newest = self.nodes(fits).into_iter().map(|node| node.id).max()?;
        u64::try_from(newest).ok().map(Window)
    }

    /// Where a window lies.
    pub(super) fn area(&self, window: Window) -> Option<Area> {
        let scale = self.output().scale;
        let pixels = |length: i32| (f64::from(length) * scale).round() as i32;
        let rect = self.node(window)?.rect;
        Some(Area {
            x: pixels(rect.x),
            y: pixels(rect.y),
            width: pixels(rect.width),
            height: pixels(rect.height),
        })
    }

    /// Brings a window to the front and waits until it has the keyboard.
    pub(super) fn activate(&self, window: Window) {
        self.tell(window, "focus");
        wait::until_true("the window is in front", PATIENCE, || {
            self.node(window).is_some_and(|node| node.focused)
        });
    }

    /// Has the compositor do something with a window.
    pub(super) fn tell(&self, window: Window, what: &str) {
        self.run(&format!("[con_id={}] {what}", window.0));
    }

    fn node(&self, window: Window) -> Option<Node> {
        self.nodes(|node| u64::try_from(node.id) == Ok(window.0))
            .pop()
    }

    fn nodes(&self, fits: impl Fn(&Node) -> bool) -> Vec<Node> {
        let tree = self.connection.borrow_mut().get_tree();
        let mut found = Vec::new();
        let mut open = vec![tree.expect("a living compositor")];
        while let Some(mut node) = open.pop() {
            open.append(&mut node.nodes);
            open.append(&mut node.floating_nodes);
            if fits(&node) {
                found.push(node);
            }
        }
        found
    }
}
