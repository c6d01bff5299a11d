//! A screen's password as the domain's XML has it: who may manage the domain is not asked for what its XML says.
//!
//! It answers once. Where it is wrong — it was changed in the hypervisor behind libvirt's back, or is out of date — the
//! person is asked, who has answered nothing yet and must not read of a failure.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use link_security::{
    Credentials, Secret,
    credentials::{Answer, AskFuture, Question, Request},
};

/// Credentials that know one password and leave all else to a person.
pub(super) struct ToldPassword {
    password: Option<Secret>,
    is_used: AtomicBool,
    person: Arc<dyn Credentials>,
}

impl ToldPassword {
    /// Knows this password, if any.
    pub(super) fn new(password: Option<Secret>, person: Arc<dyn Credentials>) -> Arc<Self> {
        Arc::new(Self {
            password,
            is_used: AtomicBool::new(false),
            person,
        })
    }

    /// The password that was given as an answer, if it was.
    pub(super) fn used(&self) -> Option<&Secret> {
        let password = self.password.as_ref();
        password.filter(|_| self.is_used.load(Ordering::Relaxed))
    }
}

impl Credentials for ToldPassword {
    fn ask(&self, request: Request) -> AskFuture<'_> {
        match &self.password {
            Some(password) if request.question == Question::VncPassword => {
                self.is_used.store(true, Ordering::Relaxed);
                Box::pin(async { Ok(Answer::password(password.clone())) })
            }
            _ => self.person.ask(request),
        }
    }

    fn accepted(&self, request: &Request) {
        if self.used().is_none() {
            self.person.accepted(request);
        }
    }
}
