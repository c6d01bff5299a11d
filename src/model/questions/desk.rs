//! Where questions wait on the main loop: one at a time for each host with its screens, in the order in which they came.
//!
//! What an asker asks twice is answered once: the second question gets the first one's answer, or its cancelling.

use std::{cell::RefCell, collections::VecDeque, sync::LazyLock};

use gtk::{
    glib::{self, subclass::Signal},
    prelude::*,
    subclass::prelude::*,
};

use super::{
    kind,
    question::{Asked, Asker, Question, Reply, arrivals},
};
use crate::app::runtime;

thread_local! {
    /// The main loop's desk.
    static DESK: Questions = Questions::open();
}

mod imp {
    use super::*;

    #[derive(Debug, Default)]
    pub struct Questions {
        pub(super) waiting: RefCell<VecDeque<Asked>>,
        /// Who has a question before the user's eyes.
        pub(super) shown: RefCell<Vec<Asker>>,
    }

    #[glib::object_subclass]
    impl ObjectSubclass for Questions {
        const NAME: &'static str = "InnkeeperQuestions";
        type Type = super::Questions;
    }

    impl ObjectImpl for Questions {
        fn signals() -> &'static [Signal] {
            static SIGNALS: LazyLock<Vec<Signal>> =
                LazyLock::new(|| vec![Signal::builder("changed").build()]);
            &SIGNALS
        }
    }
}

glib::wrapper! {
    /// The questions that wait for a person. One desk serves the program.
    pub struct Questions(ObjectSubclass<imp::Questions>);
}

impl Questions {
    /// Gives the main loop's desk. Call it on the main thread only.
    pub fn get() -> Self {
        DESK.with(Self::clone)
    }

    fn open() -> Self {
        let desk: Self = glib::Object::new();
        let weak = desk.downgrade();
        runtime::local(async move {
            let arrivals = arrivals();
            while let Ok(asked) = arrivals.recv().await {
                let Some(desk) = weak.upgrade() else { return };
                desk.put(asked);
            }
        });
        desk
    }

    fn put(&self, asked: Asked) {
        let (weak, reply) = (self.downgrade(), asked.reply.clone());
        runtime::local(async move {
            reply.closed().await;
            if let Some(desk) = weak.upgrade() {
                desk.put_away(|waiting| !waiting.reply.is_closed());
                desk.tell();
            }
        });
        let mut waiting = self.imp().waiting.borrow_mut();
        // A keyring that was asked first may have let a later one pass.
        let place = waiting.partition_point(|other| other.begun <= asked.begun);
        waiting.insert(place, asked);
        drop(waiting);
        self.tell();
    }

    /// Takes the first question for which there is room, and whose host shows none yet: neither it nor its screens.
    pub fn take(&self, mut has_room: impl FnMut(&Asker) -> bool) -> Option<Question> {
        let imp = self.imp();
        let shown = imp.shown.borrow().clone();
        let mut passed: Vec<Asker> = Vec::new();
        let next = imp.waiting.borrow().iter().position(|asked| {
            let has_turn = shown.iter().all(|other| other.uri != asked.asker.uri);
            if asked.reply.is_closed() || !has_turn || passed.contains(&asked.asker) {
                return false;
            }
            // The questions of one asker keep their order, also while its window has no room. Others of the host go
            // first then: a screen whose window is not there holds nobody up.
            passed.push(asked.asker.clone());
            has_room(&asked.asker)
        })?;
        let asked = imp.waiting.borrow_mut().remove(next)?;
        let turn = Turn::of(self, &asked.asker);
        Some(Question::new(asked, turn))
    }

    /// Says how many answers a host, not its guests' screens, waits for.
    pub fn count(&self, uri: &str) -> usize {
        let imp = self.imp();
        let is_it = |asker: &Asker| asker.guest.is_none() && asker.uri == uri;
        let shown = imp.shown.borrow().iter().filter(|one| is_it(one)).count();
        let waiting = imp.waiting.borrow();
        shown + waiting.iter().filter(|asked| is_it(&asked.asker)).count()
    }

    /// Calls a function whenever a question came or went.
    pub fn connect_changed(&self, changed: impl Fn(&Self) + 'static) -> glib::SignalHandlerId {
        self.connect_local("changed", false, move |values| {
            if let Ok(desk) = values[0].get::<Self>() {
                changed(&desk);
            }
            None
        })
    }

    /// Drops the waiting questions that are not to stay, which cancels them.
    fn put_away(&self, stays: impl Fn(&Asked) -> bool) {
        self.imp().waiting.borrow_mut().retain(stays);
    }

    fn tell(&self) {
        self.emit_by_name::<()>("changed", &[]);
    }
}

/// An asker's right to show a question; given back when dropped.
#[derive(Debug)]
pub(super) struct Turn {
    desk: glib::WeakRef<Questions>,
    asker: Asker,
}

impl Turn {
    fn of(desk: &Questions, asker: &Asker) -> Self {
        desk.imp().shown.borrow_mut().push(asker.clone());
        Self {
            desk: desk.downgrade(),
            asker: asker.clone(),
        }
    }

    /// Gives an answer to what waits and asks alike. Whatever those met before, they met it with an older answer.
    pub(super) fn pass_on(&self, asked: &Asked, reply: &Reply) {
        let Some(desk) = self.desk.upgrade() else {
            return;
        };
        if !kind::lasts(&asked.request.question) {
            return;
        }
        desk.put_away(|waiting| {
            let alike = is_alike(asked, waiting);
            if alike {
                let _ = waiting.reply.try_send(reply.clone());
            }
            !alike
        });
    }

    /// Cancels what waits and asks alike: who has just declined is not asked again.
    pub(super) fn cancel_alike(&self, asked: &Asked) {
        if let Some(desk) = self.desk.upgrade() {
            desk.put_away(|waiting| !is_alike(asked, waiting));
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some(desk) = self.desk.upgrade() {
            desk.imp()
                .shown
                .borrow_mut()
                .retain(|asker| *asker != self.asker);
            desk.tell();
        }
    }
}

fn is_alike(one: &Asked, other: &Asked) -> bool {
    one.asker == other.asker && kind::is_same(&one.request.question, &other.request.question)
}
