//! Somebody who answers questions from a list, and remembers what was asked.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use innkeeper_core::security::{Answer, AskError, AskFuture, Credentials, Request};

/// A person with a list of answers; when it is at its end, the question is closed.
#[derive(Default)]
pub(crate) struct Person {
    answers: Mutex<VecDeque<(String, String)>>,
    asked: Mutex<Vec<Request>>,
    accepted: Mutex<Vec<Request>>,
}

impl Person {
    /// Somebody who gives these names with passwords, one after the other.
    pub(crate) fn with(answers: &[(&str, &str)]) -> Arc<Self> {
        let owned = |(user, password): &(&str, &str)| (user.to_string(), password.to_string());
        Arc::new(Self {
            answers: Mutex::new(answers.iter().map(owned).collect()),
            ..Self::default()
        })
    }

    /// What was asked so far.
    pub(crate) fn asked(&self) -> Vec<Request> {
        self.asked.lock().unwrap().clone()
    }

    /// What was accepted so far.
    pub(crate) fn accepted_count(&self) -> usize {
        self.accepted.lock().unwrap().len()
    }
}

impl Credentials for Person {
    fn ask(&self, request: Request) -> AskFuture<'_> {
        self.asked.lock().unwrap().push(request);
        let answer = self.answers.lock().unwrap().pop_front();
        Box::pin(async {
            let (user, password) = answer.ok_or(AskError::Cancelled)?;
            Ok(Answer::user_password(user, password))
        })
    }

    fn accepted(&self, request: &Request) {
        self.accepted.lock().unwrap().push(request.clone());
    }
}
