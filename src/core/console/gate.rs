//! What a screen may ask of us before it shows its picture, and what we ask of it.
//!
//! A [`Gate`] serves one attempt: it gives the security types that fit to the way ([`super::route`]), sees which one
//! the screen takes, turns away one that protects less than the screen did before, and explains what went wrong.
//! The types themselves are the crate `rfb`'s.

use std::{
    sync::{Arc, OnceLock},
    time::SystemTime,
};

use link_security::{
    pki::{PkiFiles, PkiRoots},
    sasl::{Policy, SaslError},
    tls::{HandshakeProblem, TlsError, TlsOptions},
};
use rfb::{
    Anonymous, BoxedStream, NoSecurity, SPEAKS_ANONYMOUS_TLS, Sasl, SecurityLayer, SecurityReport,
    VeNCrypt, VncPassword,
    handshake::{LayerFuture, Negotiation},
};

use super::{ScreenProtection, route::Way};
use crate::{Error, ErrorKind, Options, transport::certificate_refused};

/// The guard of one attempt.
pub(super) struct Gate {
    files: PkiFiles,
    vencrypt: Arc<VeNCrypt>,
    sasl: Arc<Sasl>,
    /// The least protection that is taken.
    least: ScreenProtection,
    /// Whether libvirt handed the stream over: then the screen waives everything, and nothing is learned of it.
    is_waived: bool,
    /// Until when the screen's password is good, where that is limited.
    password_end: Option<SystemTime>,
    /// What the screen took; for all kinds of TLS the best of them.
    chosen: Arc<OnceLock<ScreenProtection>>,
}

impl Gate {
    /// Prepares for a screen at the end of this way, which protected itself so the last time.
    pub(super) fn new(way: &Way, options: &Options, before: Option<ScreenProtection>) -> Self {
        let roots = options.pki.clone().unwrap_or_else(PkiRoots::of_this_user);
        let files = PkiFiles::vnc(&roots);
        let mut vencrypt = VeNCrypt::new(way.host.as_str(), files.clone());
        vencrypt.tls = TlsOptions {
            pins: options.screen_pins.clone(),
            ..TlsOptions::default()
        };
        let least = before
            .filter(|_| !way.is_descriptor)
            .unwrap_or(ScreenProtection::Nothing);
        // QEMU looks at its own end: the end of a tunnel is a TCP socket to it.
        let policy = if way.is_port {
            Policy::Bare
        } else {
            Policy::Protected
        };
        let sasl = Sasl {
            host: way.host.clone(),
            policy,
            user: None,
        };
        // Whoever stands in between could have taken the certificate away: what was better is not taken so.
        vencrypt.anonymous = (least <= ScreenProtection::AnonymousLogin).then_some(Anonymous {
            policy,
            only_with_login: least > ScreenProtection::Anonymous,
        });
        Self {
            files,
            vencrypt: Arc::new(vencrypt),
            sasl: Arc::new(sasl),
            least,
            is_waived: way.is_descriptor,
            password_end: way.password_end,
            chosen: Arc::default(),
        }
    }

    /// The security types, the most wanted first. One that is too weak stands at the end, to be recognised.
    pub(super) fn layers(&self) -> Vec<Arc<dyn SecurityLayer>> {
        let all: [(ScreenProtection, Arc<dyn SecurityLayer>); 4] = [
            (ScreenProtection::Certificate, self.vencrypt.clone()),
            (ScreenProtection::Login, self.sasl.clone()),
            // Of two that protect nothing on the way, the one that asks nothing.
            (ScreenProtection::Nothing, Arc::new(NoSecurity)),
            (ScreenProtection::Password, Arc::new(VncPassword)),
        ];
        let watched = all.map(|(protection, layer)| Watched {
            layer,
            protection,
            is_enough: protection >= self.least,
            chosen: Arc::clone(&self.chosen),
        });
        let (enough, too_weak): (Vec<_>, Vec<_>) =
            watched.into_iter().partition(|layer| layer.is_enough);
        let sorted = enough.into_iter().chain(too_weak);
        sorted
            .map(|layer| Arc::new(layer) as Arc<dyn SecurityLayer>)
            .collect()
    }

    /// How the screen that let us in protects itself, for the next time; `None` where it did not have to.
    pub(super) fn learned(&self, agreed: &SecurityReport) -> Option<ScreenProtection> {
        let chosen = *self.chosen.get().filter(|_| !self.is_waived)?;
        Some(match agreed.mechanism {
            _ if !agreed.is_anonymous => chosen,
            None => ScreenProtection::Anonymous,
            Some(_) => ScreenProtection::AnonymousLogin,
        })
    }

    /// How the screen would protect itself, where that is less than before.
    fn too_weak(&self, error: &rfb::Error) -> Option<ScreenProtection> {
        let now = match error {
            rfb::Error::AnonymousTls { with_login, .. } if SPEAKS_ANONYMOUS_TLS => {
                if *with_login {
                    ScreenProtection::AnonymousLogin
                } else {
                    ScreenProtection::Anonymous
                }
            }
            _ => *self.chosen.get()?,
        };
        (now < self.least).then_some(now)
    }

    /// Says what a failure before the picture means.
    pub(super) fn explain(&self, error: &rfb::Error) -> Error {
        if let Some(now) = self.too_weak(error) {
            let before = self.least;
            let text = format!("the screen was protected by {before:?}, and is by {now:?} now");
            return Error::new(ErrorKind::ConsoleDowngraded { before, now }, text);
        }
        match error {
            rfb::Error::Authentication { .. } => self.expired().unwrap_or_else(|| error.into()),
            rfb::Error::Tls(tls) => match &**tls {
                TlsError::Handshake(problem) if problem.is_about_our_certificate() => {
                    certificate_refused(&self.files, problem.to_string())
                }
                _ => error.into(),
            },
            // A screen that looks at certificates ends what it does not like behind the handshake, as TLS 1.3 has it.
            rfb::Error::Lost(_) if self.was_asked_for_certificate() => {
                certificate_refused(&self.files, error.to_string())
            }
            rfb::Error::Sasl(SaslError::Mechanism { offered, .. })
                if offered.is_empty() && self.was_asked_for_certificate() =>
            {
                certificate_refused(&self.files, error.to_string())
            }
            _ => error.into(),
        }
    }

    /// Says so where the screen's password has expired: QEMU's words are those for a wrong one.
    fn expired(&self) -> Option<Error> {
        let at = self.password_end.filter(|end| *end <= SystemTime::now())?;
        let text = "the password was refused, and has expired";
        Some(Error::new(ErrorKind::ScreenPasswordExpired { at }, text))
    }

    fn was_asked_for_certificate(&self) -> bool {
        let report = self.vencrypt.report();
        report.is_some_and(|report| report.client.asked)
    }
}

/// Says whether trying again by itself may help.
pub(super) fn may_pass(error: &rfb::Error) -> bool {
    match error {
        rfb::Error::Cancelled
        | rfb::Error::CredentialsUnavailable
        | rfb::Error::Sasl(_)
        | rfb::Error::AnonymousTls { .. }
        | rfb::Error::PasswordExposed { .. }
        | rfb::Error::SecurityUnsupported { .. } => false,
        rfb::Error::Tls(error) => matches!(
            &**error,
            TlsError::Handshake(HandshakeProblem::Cut | HandshakeProblem::Io(_))
        ),
        _ => true,
    }
}

/// A security type that tells when it is taken, and is not when it is too weak.
struct Watched {
    layer: Arc<dyn SecurityLayer>,
    protection: ScreenProtection,
    is_enough: bool,
    chosen: Arc<OnceLock<ScreenProtection>>,
}

impl SecurityLayer for Watched {
    fn number(&self) -> u8 {
        self.layer.number()
    }

    fn silent_before_3_8(&self) -> bool {
        self.layer.silent_before_3_8()
    }

    fn negotiate<'a>(
        &'a self,
        stream: BoxedStream,
        negotiation: Negotiation<'a>,
    ) -> LayerFuture<'a> {
        // One attempt chooses once.
        let _ = self.chosen.set(self.protection);
        if self.is_enough {
            return self.layer.negotiate(stream, negotiation);
        }
        let offered = vec![format!("{:?}", self.protection)];
        Box::pin(async { Err(rfb::Error::SecurityUnsupported { offered }) })
    }
}
