//! Reads something from a host for a page: one reading at a time, and once more if it was asked for meanwhile.

use std::{cell::Cell, cell::RefCell, rc::Rc};

use gtk::glib;

use crate::app::runtime;

/// The readings of one page; dropping it stops the one that is under way.
#[derive(Debug, Default)]
pub(super) struct Reading {
    state: Rc<State>,
    task: RefCell<Option<glib::JoinHandle<()>>>,
}

#[derive(Debug, Default)]
struct State {
    under_way: Cell<bool>,
    again: Cell<bool>,
}

impl Reading {
    /// Starts a reading. While one is under way it is only noted, so that a flood of changes ends in one more.
    pub(super) fn ask(&self, read: impl AsyncFn() + 'static) {
        if self.state.under_way.replace(true) {
            self.state.again.set(true);
            return;
        }
        let state = self.state.clone();
        let task = runtime::local(async move {
            loop {
                state.again.set(false);
                read().await;
                if !state.again.get() {
                    break;
                }
            }
            state.under_way.set(false);
        });
        self.task.replace(Some(task));
    }

    /// Stops what is under way: what it would show is of another guest.
    pub(super) fn stop(&self) {
        if let Some(task) = self.task.take() {
            task.abort();
        }
        self.state.under_way.set(false);
        self.state.again.set(false);
    }
}

impl Drop for Reading {
    fn drop(&mut self) {
        self.stop();
    }
}
