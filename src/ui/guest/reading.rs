//! Reads something from a host for a page: one reading at a time, and once more if it was asked for meanwhile. Shows how
//! that goes, until there is something to show.

use std::{cell::Cell, cell::RefCell, rc::Rc};

use gtk::glib;

use crate::{
    app::{errors::UserFacing, runtime},
    model::Error,
};

/// The children of a page's stack that stand for what was read, while nothing was: each page's template has them.
const LOADING: &str = "loading";
const FAILED: &str = "failed";

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

/// Shows that a reading begins, where the last one failed. What was read once stays.
pub(super) fn show_begin(stack: &gtk::Stack) {
    if stack.visible_child_name().as_deref() == Some(FAILED) {
        stack.set_visible_child_name(LOADING);
    }
}

/// Shows why nothing could be read. What was read once is better than an error.
pub(super) fn show_failure(stack: &gtk::Stack, page: &adw::StatusPage, error: &Error) {
    let shown = stack.visible_child_name();
    if !matches!(shown.as_deref(), Some(LOADING | FAILED)) || error.is_silent() {
        return;
    }
    let advice = error.advice().unwrap_or_else(|| error.details());
    page.set_title(&error.headline());
    page.set_description(Some(&glib::markup_escape_text(&advice)));
    stack.set_visible_child_name(FAILED);
}

impl Drop for Reading {
    fn drop(&mut self) {
        self.stop();
    }
}
