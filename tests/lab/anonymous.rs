//! A server's side of TLS without certificates, by OpenSSL: for what a real QEMU cannot be made to do.

use std::{io, pin::Pin};

use openssl::{
    dh::Dh,
    error::ErrorStack,
    pkey::Params,
    ssl::{Ssl, SslContext, SslMethod, SslVersion},
};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_openssl::SslStream;

/// Puts TLS around streams, and shows no certificate.
#[derive(Clone)]
pub struct AnonymousTls(SslContext);

impl AnonymousTls {
    /// As QEMU does it: TLS 1.2, and a key exchange of 2048 bits.
    pub fn new() -> io::Result<Self> {
        Ok(Self(context(Dh::get_2048_256)?))
    }

    /// With a key exchange of 1024 bits, which can be undone.
    pub fn weak() -> io::Result<Self> {
        Ok(Self(context(Dh::get_1024_160)?))
    }

    /// Waits for a client's handshake.
    pub async fn accept<S>(&self, stream: S) -> io::Result<SslStream<S>>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let mut stream = SslStream::new(Ssl::new(&self.0)?, stream)?;
        let accepted = Pin::new(&mut stream).accept().await;
        accepted.map_err(io::Error::other)?;
        Ok(stream)
    }
}

fn context(exchange: fn() -> Result<Dh<Params>, ErrorStack>) -> Result<SslContext, ErrorStack> {
    let mut context = SslContext::builder(SslMethod::tls_server())?;
    context.set_max_proto_version(Some(SslVersion::TLS1_2))?;
    context.set_cipher_list("ADH:@SECLEVEL=0")?;
    let exchange = exchange()?;
    context.set_tmp_dh(&exchange)?;
    Ok(context.build())
}
