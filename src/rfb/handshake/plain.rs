//! VeNCrypt's Plain: a name and a password as they are. Only ever inside TLS.

use link_security::{Question, Request};
use zeroize::Zeroizing;

use super::{BoxedStream, Negotiation, stream::Deadline};
use crate::{Error, Result};

/// Asks for name and password and sends them. Gives the question back, for when its answer turns out right.
pub(super) async fn send(
    stream: &mut BoxedStream,
    negotiation: Negotiation<'_>,
    user: Option<&str>,
) -> Result<Request> {
    let question = Question::UserPassword {
        user: user.map(str::to_owned),
        realm: None,
    };
    let request = negotiation.request(question);
    let answer = negotiation.ask(&request).await?;
    let user = answer.user.as_deref().or(user);
    let user = user.ok_or(Error::CredentialsUnavailable)?.as_bytes();
    let password = answer.secret.reveal().as_bytes();
    let lengths = [user.len() as u32, password.len() as u32].map(u32::to_be_bytes);
    let parts = [lengths.as_flattened(), user, password];
    let mut bytes = Zeroizing::new(Vec::with_capacity(
        parts.iter().map(|part| part.len()).sum(),
    ));
    for part in parts {
        bytes.extend_from_slice(part);
    }
    let deadline = Deadline::new(negotiation.timeout);
    deadline
        .write(stream, &bytes, "sending the name and password")
        .await?;
    Ok(request)
}
