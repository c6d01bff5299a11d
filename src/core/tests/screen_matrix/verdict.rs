//! Opens a screen with somebody to ask, and says in a few words what became of it.

use std::sync::Arc;

use innkeeper_core::{
    Console, ConsoleState, ErrorKind, ScreenProtection,
    security::{Question, Request},
};
use virt_rpc::procedure::types::Domain;

use crate::{
    stage::{Auth, Doors, Floor, Way},
    support::{person::Person, screen::until},
};

/// What became of an attempt.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// Why there is no picture; `None` where there is one.
    pub(crate) refusal: Option<ErrorKind>,
    /// What the picture is protected by; `None` where libvirt handed it over, or there is none.
    pub(crate) protection: Option<ScreenProtection>,
    /// What was asked.
    pub(crate) asked: Vec<Request>,
    /// How many answers were told to be right.
    pub(crate) accepted: usize,
}

/// Opens the screen behind one of two doors.
pub(crate) async fn open(
    floor: &Floor,
    doors: &Doors,
    way: Way,
    answers: &[(&str, &str)],
) -> Outcome {
    let dom = match way {
        Way::Port | Way::Descriptor | Way::SshToPort => &doors.at_port,
        Way::Socket | Way::SshToSocket => &doors.at_socket,
    };
    open_domain(floor, dom, way, answers).await
}

/// Opens a domain's screen.
pub(crate) async fn open_domain(
    floor: &Floor,
    dom: &Domain,
    way: Way,
    answers: &[(&str, &str)],
) -> Outcome {
    let person = Person::with(answers);
    let console = floor.host(way).console(dom.uuid, person.clone());
    settled(&console, &person).await
}

/// Waits for a picture or for a failure that lasts.
pub(crate) async fn settled(console: &Console, person: &Arc<Person>) -> Outcome {
    until(console, "a picture or a failure", |state| {
        matches!(state, ConsoleState::Connected | ConsoleState::Failed(_))
    })
    .await;
    let refusal = match console.state() {
        ConsoleState::Failed(error) => Some(error.kind.clone()),
        _ => None,
    };
    Outcome {
        refusal,
        protection: console.protection(),
        asked: person.asked(),
        accepted: person.accepted_count(),
    }
}

impl Outcome {
    /// Says it as the table of ways does.
    pub(crate) fn words(&self, auth: Auth) -> String {
        if let Some(kind) = &self.refusal {
            assert!(self.asked.is_empty(), "nothing was sent: {self:?}");
            return refusal(kind);
        }
        let asked = self.asked.iter().map(|request| match request.question {
            Question::VncPassword => "password asked",
            Question::UserPassword { .. } => "login asked",
            _ => panic!("{request:?}"),
        });
        let asked: Vec<_> = asked.collect();
        assert_eq!(self.accepted, asked.len(), "{self:?}");
        let Some(protection) = self.protection else {
            assert!(asked.is_empty(), "{self:?}");
            return "handed over".to_owned();
        };
        let told = match asked.as_slice() {
            [] if auth == Auth::Kerberos => "ticket",
            [] => "",
            [asked] => *asked,
            more => panic!("{more:?}"),
        };
        let around = match protection {
            ScreenProtection::Certificate => "in TLS",
            ScreenProtection::Anonymous | ScreenProtection::AnonymousLogin => "in anonymous TLS",
            ScreenProtection::Nothing if auth == Auth::Nothing => "open",
            ScreenProtection::Password | ScreenProtection::Login if !told.is_empty() => "",
            other => panic!("{other:?}: {self:?}"),
        };
        // Without TLS' certificate what is inside counts.
        let has_login = matches!(
            protection,
            ScreenProtection::Login | ScreenProtection::AnonymousLogin
        );
        assert!(protection == ScreenProtection::Certificate || has_login == auth.is_login());
        let both = [around, told].into_iter().filter(|word| !word.is_empty());
        both.collect::<Vec<_>>().join(", ")
    }
}

/// Says why there is no picture.
pub(crate) fn refusal(kind: &ErrorKind) -> String {
    match kind {
        ErrorKind::SaslTooWeak => "refused: the login would not encrypt".to_owned(),
        ErrorKind::KerberosTicket => "refused: no ticket".to_owned(),
        ErrorKind::CaMissing { .. } => "refused: no authority’s file".to_owned(),
        ErrorKind::CertificateUntrusted { problem, .. } => format!("refused: {problem}"),
        ErrorKind::ClientCertificateMissing { .. } => "refused: wants our certificate".to_owned(),
        ErrorKind::ClientCertificateRefused => "refused: not this certificate".to_owned(),
        ErrorKind::ScreenPasswordExpired { .. } => "refused: the password has expired".to_owned(),
        ErrorKind::Cancelled => "closed without a word".to_owned(),
        other => format!("{other:?}"),
    }
}
