//! GnuTLS' priority strings, as far as rustls can follow them.
//!
//! libvirt takes such a string from a URI (`tls_priority`) or from `libvirt.conf`; GnuTLS' manual describes it under
//! "Priority Strings". To forbid something that rustls does not have anyway is honoured by that; what cannot be honoured
//! is kept as a note, and what leaves nothing to speak is refused, as is a word that GnuTLS would not know.

mod names;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use rustls::{
    CipherSuite, NamedGroup, SignatureScheme, SupportedCipherSuite, SupportedProtocolVersion,
    crypto::{CryptoProvider, aws_lc_rs},
    version,
};

use super::TlsError;
use names::{Level, PARTS, Part};

/// What a priority string leaves of rustls.
#[derive(Clone, Debug)]
pub(super) struct Selection {
    pub(super) versions: Vec<&'static SupportedProtocolVersion>,
    pub(super) schemes: Vec<SignatureScheme>,
    /// TLS 1.2 only with RFC 7627.
    pub(super) require_session_hash: bool,
    /// The least strength of the keys in a chain, in bits as GnuTLS counts them for its profiles.
    pub(super) strength: u32,
    /// What could not be honoured, word by word.
    pub(super) ignored: Vec<String>,
    parts: BTreeSet<&'static str>,
}

impl Selection {
    /// Understands a priority string; `None` leaves all that rustls has.
    pub(super) fn read(priority: Option<&str>) -> Result<Self, TlsError> {
        let text = priority.unwrap_or("NORMAL");
        let refuse = |reason: String| TlsError::Priority {
            priority: text.to_owned(),
            reason,
        };
        let mut words = text.split(':');
        let first = words.next().unwrap_or_default();
        let mut selection = Self::from_level(first).map_err(refuse)?;
        for word in words {
            selection.apply(word).map_err(refuse)?;
        }
        selection.settle();
        selection.check().map_err(refuse)?;
        Ok(selection)
    }

    fn from_level(word: &str) -> Result<Self, String> {
        let mut ignored = Vec::new();
        // `@NAME,FALLBACK` stands for what the system's administrator has configured for GnuTLS.
        let level = if word.starts_with('@') || word.eq_ignore_ascii_case("SYSTEM") {
            ignored.push(word.to_owned());
            Level::ALL
        } else {
            Level::named(word).ok_or_else(|| format!("“{word}” is no keyword such as NORMAL"))?
        };
        let parts = PARTS.iter().filter(|part| level.contains(part));
        Ok(Self {
            versions: Vec::new(),
            schemes: Vec::new(),
            require_session_hash: false,
            strength: level.strength,
            ignored,
            parts: parts.map(|part| part.name).collect(),
        })
    }

    fn apply(&mut self, word: &str) -> Result<(), String> {
        if let Some(option) = word.strip_prefix('%') {
            return self.apply_option(word, option);
        }
        if Level::named(word).is_some() {
            // GnuTLS looks at the first keyword only.
            self.ignored.push(word.to_owned());
            return Ok(());
        }
        let (adds, name) = match (word.strip_prefix('+'), word.strip_prefix(['-', '!'])) {
            (Some(name), _) => (true, name),
            (_, Some(name)) => (false, name),
            _ => return Err(format!("“{word}” is not understood")),
        };
        let meant: Vec<_> = PARTS.iter().filter(|part| part.is_meant_by(name)).collect();
        if meant.is_empty() && !names::is_known_elsewhere(name) {
            return Err(format!("“{word}” is not understood"));
        }
        for part in &meant {
            if adds {
                self.parts.insert(part.name);
            } else {
                self.parts.remove(part.name);
            }
        }
        // To forbid what is not there is honoured; to add it is not. A certificate type cannot be chosen at all.
        if meant.is_empty() && (adds || name.to_ascii_uppercase().starts_with("CTYPE-")) {
            self.ignored.push(word.to_owned());
        }
        Ok(())
    }

    fn apply_option(&mut self, word: &str, option: &str) -> Result<(), String> {
        let option = option.to_ascii_uppercase();
        if option == "FORCE_SESSION_HASH" {
            self.require_session_hash = true;
        } else if let Some(strength) = names::profile_strength(&option) {
            self.strength = strength;
        } else if names::OPTIONS_HONOURED.contains(&option.as_str()) {
            // rustls does so always.
        } else if names::OPTIONS.contains(&option.as_str()) || option.starts_with("VERIFY_") {
            self.ignored.push(word.to_owned());
        } else {
            return Err(format!("“{word}” is not understood"));
        }
        Ok(())
    }

    /// Turns names into what rustls takes.
    fn settle(&mut self) {
        let all = [
            ("VERS-TLS1.3", &version::TLS13),
            ("VERS-TLS1.2", &version::TLS12),
        ];
        let mut provider = aws_lc_rs::default_provider();
        self.narrow(&mut provider);
        let suites = provider.cipher_suites;
        // A version without a cipher is not offered.
        let spoken = |name: &str| suites.iter().any(|suite| parts_of(suite.suite()).0 == name);
        let chosen = all.into_iter().filter(|(name, _)| spoken(name));
        self.versions = chosen.map(|(_, version)| version).collect();
        let algorithms = aws_lc_rs::default_provider().signature_verification_algorithms;
        let schemes = algorithms.supported_schemes().into_iter();
        let allowed = schemes.filter(|scheme| {
            let names = names::of_scheme(*scheme);
            names.iter().any(|name| self.parts.contains(name))
        });
        self.schemes = allowed.collect();
        // As GnuTLS: short digests first. A host with a short key fails at long ones before it shows its certificate.
        self.schemes.sort_by_key(|scheme| {
            let names = names::of_scheme(*scheme);
            PARTS.iter().position(|part| names.contains(&part.name))
        });
    }

    fn check(&self) -> Result<(), String> {
        let mut narrowed = aws_lc_rs::default_provider();
        self.narrow(&mut narrowed);
        let lacks = if !self.parts.iter().any(|name| name.starts_with("VERS-")) {
            "version of TLS"
        } else if self.versions.is_empty() {
            "cipher"
        } else if narrowed.kx_groups.is_empty() {
            "key exchange"
        } else if self.schemes.is_empty() {
            "kind of signature"
        } else {
            return Ok(());
        };
        Err(format!("it leaves no {lacks} that is spoken here"))
    }

    /// Takes away what may not be used.
    pub(super) fn narrow(&self, provider: &mut CryptoProvider) {
        let has = |name: &str| self.parts.contains(name);
        provider.cipher_suites.retain(|suite| {
            let (version, exchange, cipher) = parts_of(suite.suite());
            has(version) && has(cipher) && (exchange.is_empty() || has(exchange)) && has("AEAD")
        });
        provider
            .kx_groups
            .retain(|group| has(name_of_group(group.name())));
    }
}

/// The size of a cipher's key in bits.
pub(super) fn key_bits(suite: SupportedCipherSuite) -> u32 {
    match parts_of(suite.suite()).2 {
        "AES-128-GCM" => 128,
        "" => 0,
        _ => 256,
    }
}

/// The version, the key exchange (of TLS 1.2) and the cipher of a suite, by GnuTLS' names.
fn parts_of(suite: CipherSuite) -> (&'static str, &'static str, &'static str) {
    const NEW: &str = "VERS-TLS1.3";
    const OLD: &str = "VERS-TLS1.2";
    match suite {
        CipherSuite::TLS13_AES_256_GCM_SHA384 => (NEW, "", "AES-256-GCM"),
        CipherSuite::TLS13_AES_128_GCM_SHA256 => (NEW, "", "AES-128-GCM"),
        CipherSuite::TLS13_CHACHA20_POLY1305_SHA256 => (NEW, "", "CHACHA20-POLY1305"),
        CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384 => (OLD, "ECDHE-ECDSA", "AES-256-GCM"),
        CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 => (OLD, "ECDHE-ECDSA", "AES-128-GCM"),
        CipherSuite::TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256 => {
            (OLD, "ECDHE-ECDSA", "CHACHA20-POLY1305")
        }
        CipherSuite::TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384 => (OLD, "ECDHE-RSA", "AES-256-GCM"),
        CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 => (OLD, "ECDHE-RSA", "AES-128-GCM"),
        CipherSuite::TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256 => {
            (OLD, "ECDHE-RSA", "CHACHA20-POLY1305")
        }
        _ => ("", "", ""),
    }
}

fn name_of_group(group: NamedGroup) -> &'static str {
    match group {
        NamedGroup::X25519 => "GROUP-X25519",
        NamedGroup::secp256r1 => "GROUP-SECP256R1",
        NamedGroup::secp384r1 => "GROUP-SECP384R1",
        NamedGroup::X25519MLKEM768 => "GROUP-X25519-MLKEM768",
        _ => "",
    }
}

impl Part {
    /// Whether a word means this part: by its name, an older one, or as one of many.
    fn is_meant_by(&self, name: &str) -> bool {
        let name = name.to_ascii_uppercase();
        let older = name
            .strip_prefix("CURVE-")
            .map(|curve| format!("GROUP-{curve}"));
        let name = older.unwrap_or(name);
        self.name.to_ascii_uppercase() == name || self.families.contains(&name.as_str())
    }
}
