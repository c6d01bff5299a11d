//! Security type VNC Authentication: a challenge encrypted with the password (RFC 6143 §7.2.2).
//!
//! It protects nothing that follows, and only the first eight bytes of the password count.

use des::{
    Des,
    cipher::{BlockCipherEncrypt, KeyInit},
};
use link_security::{Question, Secret};
use zeroize::Zeroizing;

use super::{BoxedStream, LayerFuture, Negotiated, Negotiation, SecurityLayer, stream::Deadline};

/// The type that asks for a password of eight characters.
#[derive(Clone, Copy, Debug, Default)]
pub struct VncPassword;

impl SecurityLayer for VncPassword {
    fn number(&self) -> u8 {
        2
    }

    fn negotiate<'a>(
        &'a self,
        mut stream: BoxedStream,
        negotiation: Negotiation<'a>,
    ) -> LayerFuture<'a> {
        Box::pin(async move {
            let deadline = Deadline::new(negotiation.timeout);
            let during = "checking the password";
            let challenge = deadline.read::<16>(&mut stream, during).await?;
            let request = negotiation.request(Question::VncPassword);
            let answer = negotiation.ask(&request).await?;
            let response = respond(&challenge, &answer.secret);
            deadline.write(&mut stream, &response, during).await?;
            Ok(Negotiated {
                asked: Some(request),
                ..stream.into()
            })
        })
    }
}

/// Encrypts both halves of the challenge with DES, whose key is the password with the bits of each byte reversed.
fn respond(challenge: &[u8; 16], password: &Secret) -> [u8; 16] {
    let mut key = Zeroizing::new([0; 8]);
    for (key, byte) in key.iter_mut().zip(password.reveal().bytes()) {
        *key = byte.reverse_bits();
    }
    let des = Des::new((&*key).into());
    let mut response = *challenge;
    for block in response.as_chunks_mut::<8>().0 {
        des.encrypt_block(block.into());
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made with OpenSSL: `openssl enc -des-ecb -nopad -K cea6c64ea62e0000` over the same challenge.
    #[test]
    fn a_known_response() {
        let challenge: [u8; 16] = std::array::from_fn(|i| i as u8);
        let response = respond(&challenge, &Secret::from("secret"));
        assert_eq!(response, KNOWN);
        assert_eq!(
            respond(&challenge, &"secretXY1".into()),
            respond(&challenge, &"secretXY2".into())
        );
        assert_ne!(respond(&challenge, &"secretX".into()), response);
    }

    const KNOWN: [u8; 16] = [
        0xee, 0x22, 0x53, 0x9f, 0x33, 0xa5, 0x98, 0x3e, 0xc1, 0x2f, 0x9c, 0x2e, 0xdb, 0xc9, 0x95,
        0xdd,
    ];
}
