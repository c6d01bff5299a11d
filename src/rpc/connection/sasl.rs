//! SASL's exchange: calls 67 to 69 (`remoteAuthSASL` in libvirt's `remote_driver.c`), and the layer that may begin behind
//! it. Knows no mechanism; `link_security::sasl` does.
//!
//! The layer begins with the first byte behind the reply that ends the exchange, both ways. So the reader stops behind each
//! reply until it is known whether a layer begins there, and no ping goes out before.

use link_security::Credentials;
use link_security::sasl::{Client, Layer, Message, Policy, Reply, SaslError};
use tokio::sync::oneshot;

use super::auth::{AuthType, Authenticated, Authentication, refusal};
use super::call::{Extra, decode};
use super::shared::{Gate, Quiet};
use super::{Connection, Deadline};
use crate::error::Error;
use crate::procedure::{AuthSaslInit, AuthSaslStart, AuthSaslStep, Procedure, ret};
use crate::remote_error::code;

/// What the daemon said.
struct Turn<'a> {
    challenge: Option<Vec<u8>>,
    /// There when the daemon is content.
    crossing: Option<Crossing<'a>>,
}

/// The place in the byte stream where a layer begins or does not. Dropped, it lets both ways go on without one.
struct Crossing<'a> {
    reader: oneshot::Sender<Layer>,
    quiet: Quiet<'a>,
}

impl Crossing<'_> {
    fn protect(self, layer: Layer) {
        self.quiet.protect(layer.clone());
        // A failure means that the reader has ended, which the next call learns.
        let _ = self.reader.send(layer);
    }
}

impl Connection {
    /// Asks again while the daemon refuses what somebody has answered.
    pub(super) async fn authenticate_sasl(
        &self,
        how: Authentication,
    ) -> Result<Authenticated, Error> {
        let Some((mut setup, credentials)) = how.sasl else {
            return Err(Error::AuthUnsupported(vec![AuthType::Sasl]));
        };
        let mut refused = None;
        loop {
            let client = Client::new(setup.clone());
            let (error, asked) = match self.exchange_sasl(client, &*credentials).await {
                Ok(authenticated) => return Ok(authenticated),
                Err(failed) => failed,
            };
            match (error, refused.take()) {
                (Error::SaslRefused(error), _) if asked => {
                    setup.previous_failure = Some(error.to_string());
                    refused = Some(Error::SaslRefused(error));
                }
                (Error::Sasl(SaslError::Cancelled), _) => {
                    return Err(Error::Sasl(SaslError::Cancelled));
                }
                // Nobody knows better, or the daemon does not listen any more: what counts is the refusal.
                (_, Some(refusal)) => return Err(refusal),
                (error, None) => return Err(error),
            }
        }
    }

    /// Makes one attempt. A failure comes with whether somebody was asked.
    async fn exchange_sasl(
        &self,
        mut client: Client,
        credentials: &dyn Credentials,
    ) -> Result<Authenticated, (Error, bool)> {
        match self.carry(&mut client, credentials).await {
            Ok(crossing) => finish(client, crossing, credentials).map_err(|error| (error, false)),
            Err(error) => Err((error, client.has_asked())),
        }
    }

    /// Carries words to and fro until both sides are content.
    async fn carry(
        &self,
        client: &mut Client,
        credentials: &dyn Credentials,
    ) -> Result<Crossing<'_>, Error> {
        let patience = Deadline::After(self.shared().options.read_deadline);
        let init = self.call_with(AuthSaslInit, patience).await;
        let init = init.map_err(|error| no_list(error, client.policy()));
        let offered = init?.mechlist;
        let opening = client.start(&offered, credentials).await;
        let opening = opening.map_err(Error::Sasl)?;
        let (nil, data) = wire(opening.message);
        let mech = opening.mechanism;
        let mut turn = self.turn(AuthSaslStart { mech, nil, data }).await?;
        loop {
            let (challenge, complete) = (turn.challenge.as_deref(), turn.crossing.is_some());
            let reply = client.answer(challenge, complete, credentials).await;
            match (reply.map_err(Error::Sasl)?, turn.crossing) {
                (Reply::Complete, Some(crossing)) => return Ok(crossing),
                (Reply::Complete, None) => {
                    let reason = "it is not over".to_owned();
                    return Err(Error::Sasl(SaslError::Protocol { reason }));
                }
                (Reply::Send(message), _) => {
                    let (nil, data) = wire(message);
                    turn = self.turn(AuthSaslStep { nil, data }).await?;
                }
            }
        }
    }

    /// Says our words and hears the daemon's.
    async fn turn<P>(&self, args: P) -> Result<Turn<'_>, Error>
    where
        P: Procedure,
        P::Ret: Words,
    {
        let shared = self.shared();
        let (reader, decision) = oneshot::channel();
        let extra = Extra {
            gate: Gate::until(decision),
            ..Extra::default()
        };
        let quiet = shared.be_quiet();
        let patience = Deadline::After(shared.options.read_deadline);
        let reply = self.exchange(&args, extra, patience).await;
        let reply = reply.map_err(told_apart)?;
        let (complete, challenge) = decode::<P>(shared, reply.payload)?.words();
        let crossing = complete.then_some(Crossing { reader, quiet });
        Ok(Turn {
            challenge,
            crossing,
        })
    }
}

fn finish(
    client: Client,
    crossing: Crossing<'_>,
    credentials: &dyn Credentials,
) -> Result<Authenticated, Error> {
    let outcome = client.finish(credentials).map_err(Error::Sasl)?;
    if let Some(layer) = outcome.layer {
        crossing.protect(layer);
    }
    Ok(Authenticated {
        kind: AuthType::Sasl,
        mechanism: Some(outcome.mechanism),
        ssf: outcome.ssf,
    })
}

/// The results of START and STEP, which are alike: whether the daemon is content, and its words. No words and empty ones
/// differ.
trait Words {
    fn words(self) -> (bool, Option<Vec<u8>>);
}

impl Words for ret::AuthSaslStart {
    fn words(self) -> (bool, Option<Vec<u8>>) {
        (self.complete != 0, (self.nil == 0).then_some(self.data))
    }
}

impl Words for ret::AuthSaslStep {
    fn words(self) -> (bool, Option<Vec<u8>>) {
        (self.complete != 0, (self.nil == 0).then_some(self.data))
    }
}

fn wire(message: Message) -> (i32, Vec<u8>) {
    match message {
        None => (1, Vec::new()),
        Some(bytes) => (0, bytes.to_vec()),
    }
}

/// libvirtd refuses when nothing of what it has is strong enough for the link by its own rules.
fn no_list(error: Error, policy: Policy) -> Error {
    match told_apart(error) {
        Error::SaslRefused(_) => Error::Sasl(SaslError::nothing_offered(policy)),
        other => other,
    }
}

fn told_apart(error: Error) -> Error {
    match error {
        Error::Remote(error) if error.code == code::AUTH_FAILED => Error::SaslRefused(error),
        Error::Remote(error) => refusal(error),
        other => other,
    }
}
