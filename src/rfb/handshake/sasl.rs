//! Security type SASL (20), as QEMU defines it: a list of mechanisms, then words to and fro.
//!
//! Each word has a length of four bytes that counts a zero at its end, which is no part of it; a length of
//! nothing is no word, which differs from an empty one. A layer begins behind the server's verdict.
//! The mechanisms are `link_security::sasl`'s.

use std::io::ErrorKind;

use link_security::sasl::{
    Client, External, MESSAGE_MAX, Message, Policy, Reply, SaslError, Setup,
};

use super::{BoxedStream, LayerFuture, Negotiated, Negotiation, SecurityLayer, stream::Deadline};
use crate::{Error, Result};

/// The security type SASL.
#[derive(Clone, Debug)]
pub struct Sasl {
    /// The host as the user named it. Kerberos' principal is made of it.
    pub host: String,
    /// How strong SASL must be. QEMU wants a layer on every TCP socket without TLS, also behind an ssh tunnel
    /// ([`Policy::Bare`]), and none on a local socket or inside TLS ([`Policy::Protected`]).
    pub policy: Policy,
    /// The name to suggest.
    pub user: Option<String>,
}

/// The longest list of mechanisms, in bytes.
const LIST_MAX: usize = 4096;
const DURING: &str = "proving who we are";

impl SecurityLayer for Sasl {
    fn number(&self) -> u8 {
        20
    }

    fn negotiate<'a>(
        &'a self,
        stream: BoxedStream,
        negotiation: Negotiation<'a>,
    ) -> LayerFuture<'a> {
        Box::pin(self.exchange(stream, negotiation, None))
    }
}

impl Sasl {
    /// Carries the exchange to its end; `external` is what protects the stream already.
    pub(super) async fn exchange(
        &self,
        stream: BoxedStream,
        negotiation: Negotiation<'_>,
        external: Option<External>,
    ) -> Result<Negotiated> {
        let mut setup = Setup::new("vnc", self.host.as_str(), self.policy);
        setup.external = external;
        setup.user.clone_from(&self.user);
        negotiation.target.clone_into(&mut setup.target);
        setup.previous_failure = negotiation.previous_failure.map(str::to_owned);
        let mut client = Client::new(setup);
        let deadline = Deadline::new(negotiation.timeout);
        let mut wire = Wire { stream, deadline };
        match carry(&mut client, &mut wire, negotiation).await {
            Ok(()) => {}
            // QEMU hangs up on a wrong password without a word.
            Err(Error::Lost(error)) if hung_up(error.kind()) && client.has_asked() => {
                let reason = "the server did not accept the name or password".to_owned();
                return Err(Error::Authentication { reason });
            }
            Err(error) => return Err(error),
        }
        let outcome = client.finish(negotiation.credentials).map_err(refused)?;
        let mut negotiated = Negotiated::from(wire.stream);
        negotiated.layer = outcome.layer;
        negotiated.report.mechanism = Some(outcome.mechanism);
        negotiated.report.ssf = outcome.ssf;
        Ok(negotiated)
    }
}

fn hung_up(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset | ErrorKind::BrokenPipe
    )
}

async fn carry(client: &mut Client, wire: &mut Wire, negotiation: Negotiation<'_>) -> Result<()> {
    let offered = match wire.list().await {
        // QEMU hangs up when nothing of what it has is strong enough for the link by its own rules.
        Err(Error::Lost(error)) if hung_up(error.kind()) => {
            return Err(refused(SaslError::nothing_offered(client.policy())));
        }
        list => list?,
    };
    let opening = client.start(&offered, negotiation.credentials).await;
    let opening = opening.map_err(refused)?;
    wire.mechanism(&opening.mechanism).await?;
    wire.send(opening.message).await?;
    loop {
        let (challenge, complete) = wire.receive().await?;
        let reply = client
            .answer(challenge.as_deref(), complete, negotiation.credentials)
            .await;
        match reply.map_err(refused)? {
            Reply::Send(message) => wire.send(message).await?,
            Reply::Complete => return Ok(()),
        }
    }
}

fn refused(error: SaslError) -> Error {
    match error {
        SaslError::Cancelled => Error::Cancelled,
        SaslError::CredentialsUnavailable => Error::CredentialsUnavailable,
        other => Error::Sasl(other),
    }
}

/// The stream and how words go over it.
struct Wire {
    stream: BoxedStream,
    deadline: Deadline,
}

impl Wire {
    async fn bytes(&mut self, limit: usize) -> Result<Vec<u8>> {
        let length = self.deadline.read::<4>(&mut self.stream, DURING).await?;
        let length = u32::from_be_bytes(length) as usize;
        Error::check_limit("SASL data", length, limit)?;
        let mut bytes = vec![0; length];
        self.deadline
            .fill(&mut self.stream, &mut bytes, DURING)
            .await?;
        Ok(bytes)
    }

    async fn list(&mut self) -> Result<String> {
        let list = self.bytes(LIST_MAX).await?;
        Ok(String::from_utf8_lossy(&list).into_owned())
    }

    /// Takes the server's word, and whether it is content.
    async fn receive(&mut self) -> Result<(Option<Vec<u8>>, bool)> {
        let mut bytes = self.bytes(MESSAGE_MAX + 1).await?;
        let challenge = match bytes.pop() {
            None => None,
            Some(0) => Some(bytes),
            Some(_) => return Err(Error::Protocol("SASL data does not end with zero")),
        };
        let [complete] = self.deadline.read::<1>(&mut self.stream, DURING).await?;
        Ok((challenge, complete != 0))
    }

    async fn mechanism(&mut self, name: &str) -> Result<()> {
        let mut bytes = (name.len() as u32).to_be_bytes().to_vec();
        bytes.extend_from_slice(name.as_bytes());
        self.deadline.write(&mut self.stream, &bytes, DURING).await
    }

    async fn send(&mut self, message: Message) -> Result<()> {
        let length = message.as_ref().map_or(0, |bytes| bytes.len() as u32 + 1);
        let length = length.to_be_bytes();
        self.deadline
            .write(&mut self.stream, &length, DURING)
            .await?;
        let Some(bytes) = message else {
            return Ok(());
        };
        self.deadline
            .write(&mut self.stream, &bytes, DURING)
            .await?;
        self.deadline.write(&mut self.stream, &[0], DURING).await
    }
}
