//! Brings questions before the user: one dialog a window, and one for each asker, in the order of their asking.

use std::{
    cell::{Cell, RefCell},
    fmt,
    rc::{Rc, Weak},
};

use adw::prelude::*;
use gtk::glib;

use super::QuestionDialog;
use crate::model::{Asker, Question, Questions};

type Place = Box<dyn Fn(&Asker) -> Option<gtk::Window>>;

/// Shows questions for as long as it lives.
pub struct Presenter {
    desk: Questions,
    /// Finds the window that shows who asks.
    place: Place,
    open: RefCell<Vec<Open>>,
    is_due: Cell<bool>,
    heard: RefCell<Option<glib::SignalHandlerId>>,
}

/// A dialog that is on the screen.
struct Open {
    window: gtk::Window,
    dialog: QuestionDialog,
}

impl Presenter {
    /// Starts to show questions, each in the window that `place` finds for its asker. A question without one waits.
    pub fn new(place: impl Fn(&Asker) -> Option<gtk::Window> + 'static) -> Rc<Self> {
        let presenter = Rc::new(Self {
            desk: Questions::get(),
            place: Box::new(place),
            open: RefCell::default(),
            is_due: Cell::default(),
            heard: RefCell::default(),
        });
        let weak = Rc::downgrade(&presenter);
        let heard = presenter.desk.connect_changed(move |_| {
            if let Some(presenter) = weak.upgrade() {
                presenter.look_soon();
            }
        });
        presenter.heard.replace(Some(heard));
        presenter.look_soon();
        presenter
    }

    /// Looks for what can be shown, once the main loop is back: a question may go while another is being answered.
    pub fn look_soon(self: &Rc<Self>) {
        if self.is_due.replace(true) {
            return;
        }
        let weak = Rc::downgrade(self);
        glib::idle_add_local_once(move || {
            if let Some(presenter) = weak.upgrade() {
                presenter.is_due.set(false);
                presenter.look();
            }
        });
    }

    fn look(self: &Rc<Self>) {
        while let Some(question) = self.desk.take(|asker| self.has_room(asker)) {
            // The place is asked for again: it stays what it was, and no borrow is held meanwhile.
            let Some(window) = (self.place)(question.asker()) else {
                return;
            };
            self.show(question, window);
        }
    }

    fn has_room(&self, asker: &Asker) -> bool {
        let window = (self.place)(asker);
        window.is_some_and(|window| !self.open.borrow().iter().any(|open| open.window == window))
    }

    fn show(self: &Rc<Self>, question: Question, window: gtk::Window) {
        let question_of_host = question.asker().guest.is_none();
        let uri = question.asker().uri.clone();
        let dialog = QuestionDialog::new(question);
        let weak: Weak<Self> = Rc::downgrade(self);
        dialog.connect_closed(move |closed| {
            if let Some(presenter) = weak.upgrade() {
                presenter
                    .open
                    .borrow_mut()
                    .retain(|open| open.dialog != *closed);
                presenter.look_soon();
            }
        });
        if question_of_host {
            // The main window turns to the connection; other windows show it already.
            let uri = uri.to_variant();
            let _ = WidgetExt::activate_action(&window, "win.select-connection", Some(&uri));
        }
        dialog.present(Some(&window));
        self.open.borrow_mut().push(Open { window, dialog });
    }
}

impl fmt::Debug for Presenter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Presenter")
            .field("open", &self.open.borrow().len())
            .finish_non_exhaustive()
    }
}

impl Drop for Presenter {
    fn drop(&mut self) {
        if let Some(heard) = self.heard.take() {
            self.desk.disconnect(heard);
        }
    }
}
