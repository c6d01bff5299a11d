//! What was agreed on, for those who show it and for SASL, which counts on its strength.

use crate::certificate::CertificateInfo;

/// A protected stream as it was set up.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TlsReport {
    /// The version: `TLS 1.3` or `TLS 1.2`.
    pub version: String,
    /// The cipher suite by its registered name, such as `TLS_AES_256_GCM_SHA384`.
    pub cipher: String,
    /// The size of the cipher's key in bits: what SASL calls the external security strength.
    pub key_bits: u32,
    /// The key exchange, such as `X25519MLKEM768`.
    pub key_exchange: String,
    /// The other side's certificate.
    pub certificate: CertificateInfo,
    /// Why it is trusted.
    pub trust: Trust,
    /// What we showed of ourselves.
    pub client: ClientSide,
    /// The parts of the priority string that could not be honoured.
    pub ignored_priority: Vec<String>,
}

/// Why the other side is trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Trust {
    /// A trusted authority has signed its certificate, and it is for this host.
    Chain,
    /// As [`Trust::Chain`], but only its common name says which host it is for: an old form, worth replacing.
    CommonNameOnly,
    /// A person has decided to trust this very certificate for this host.
    Pinned,
    /// Nothing was checked, because the user asked for that: anybody may be on the other side.
    Unverified,
}

/// What the client showed of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ClientSide {
    /// Whether the host asked for a certificate. libvirtd always does, and refuses after the handshake who has none.
    pub asked: bool,
    /// The certificate that was sent.
    pub sent: Option<Box<CertificateInfo>>,
}
