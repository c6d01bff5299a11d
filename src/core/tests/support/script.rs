//! Credentials that give prepared answers, and remember what they were asked.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use innkeeper_core::security::{Answer, AskError, AskFuture, Credentials, Question, Request};

/// Prepared answers, and what was asked.
#[derive(Default)]
pub(crate) struct Script {
    answers: Mutex<VecDeque<Option<&'static str>>>,
    asked: Mutex<Vec<Request>>,
    accepted: Mutex<Vec<Question>>,
    open: AtomicUsize,
}

/// Counts a question as closed.
struct Closing<'a>(&'a AtomicUsize);

impl Drop for Closing<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Script {
    /// `None` is a cancelled dialog; when the answers are used up, the dialog stays open.
    pub(crate) fn of(answers: &[Option<&'static str>]) -> Arc<Self> {
        Arc::new(Self {
            answers: Mutex::new(answers.iter().copied().collect()),
            ..Self::default()
        })
    }

    pub(crate) fn asked(&self) -> Vec<Request> {
        self.asked.lock().unwrap().clone()
    }

    pub(crate) fn questions(&self) -> Vec<Question> {
        self.asked()
            .into_iter()
            .map(|request| request.question)
            .collect()
    }

    /// Which answers led through.
    pub(crate) fn accepted(&self) -> Vec<Question> {
        self.accepted.lock().unwrap().clone()
    }

    /// How many questions are open.
    pub(crate) fn open(&self) -> usize {
        self.open.load(Ordering::SeqCst)
    }

    /// Whether each question came after a failure.
    pub(crate) fn failures(&self) -> Vec<bool> {
        let asked = self.asked();
        asked
            .iter()
            .map(|request| request.previous_failure.is_some())
            .collect()
    }
}

impl Credentials for Script {
    fn ask(&self, request: Request) -> AskFuture<'_> {
        self.asked.lock().unwrap().push(request);
        let answer = self.answers.lock().unwrap().pop_front();
        self.open.fetch_add(1, Ordering::SeqCst);
        let closing = Closing(&self.open);
        Box::pin(async move {
            let _closing = closing;
            match answer {
                Some(Some(password)) => Ok(Answer::password(password)),
                Some(None) => Err(AskError::Cancelled),
                None => std::future::pending().await,
            }
        })
    }

    fn accepted(&self, request: &Request) {
        self.accepted.lock().unwrap().push(request.question.clone());
    }
}
