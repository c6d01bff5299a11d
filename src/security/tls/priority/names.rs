//! The names of GnuTLS' priority strings: those that rustls has something for, and those that it only recognises.

use rustls::SignatureScheme;

/// Something that can be allowed or forbidden.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) name: &'static str,
    /// The words that mean it among others.
    pub(super) families: &'static [&'static str],
    /// Whether it reaches GnuTLS' level of 192 bits.
    high: bool,
}

const fn part(name: &'static str, families: &'static [&'static str], high: bool) -> Part {
    Part {
        name,
        families,
        high,
    }
}

const VERSION: &[&str] = &["VERS-ALL", "VERS-TLS-ALL"];
const CIPHER: &[&str] = &["CIPHER-ALL"];
const EXCHANGE: &[&str] = &["KX-ALL"];
const MAC: &[&str] = &["MAC-ALL"];
const GROUP: &[&str] = &["GROUP-ALL", "GROUP-EC-ALL"];
const HYBRID: &[&str] = &["GROUP-ALL"];
const SIGN: &[&str] = &["SIGN-ALL"];

/// All that rustls with aws-lc-rs has a counterpart for; the signatures in the order in which they are preferred.
pub(super) const PARTS: &[Part] = &[
    part("VERS-TLS1.3", VERSION, true),
    part("VERS-TLS1.2", VERSION, true),
    part("AES-256-GCM", CIPHER, true),
    part("AES-128-GCM", CIPHER, false),
    part("CHACHA20-POLY1305", CIPHER, true),
    part("ECDHE-RSA", EXCHANGE, true),
    part("ECDHE-ECDSA", EXCHANGE, true),
    part("AEAD", MAC, true),
    part("GROUP-X25519", GROUP, false),
    part("GROUP-SECP256R1", GROUP, false),
    part("GROUP-SECP384R1", GROUP, true),
    part("GROUP-X25519-MLKEM768", HYBRID, false),
    part("SIGN-EdDSA-Ed25519", SIGN, false),
    part("SIGN-ECDSA-SHA256", SIGN, false),
    part("SIGN-ECDSA-SECP256R1-SHA256", SIGN, false),
    part("SIGN-ECDSA-SHA384", SIGN, true),
    part("SIGN-ECDSA-SECP384R1-SHA384", SIGN, true),
    part("SIGN-ECDSA-SHA512", SIGN, true),
    part("SIGN-ECDSA-SECP521R1-SHA512", SIGN, true),
    part("SIGN-RSA-PSS-RSAE-SHA256", SIGN, false),
    part("SIGN-RSA-PSS-RSAE-SHA384", SIGN, true),
    part("SIGN-RSA-PSS-RSAE-SHA512", SIGN, true),
    part("SIGN-RSA-SHA256", SIGN, false),
    part("SIGN-RSA-SHA384", SIGN, true),
    part("SIGN-RSA-SHA512", SIGN, true),
    part("SIGN-ML-DSA-44", SIGN, false),
    part("SIGN-ML-DSA-65", SIGN, true),
    part("SIGN-ML-DSA-87", SIGN, true),
];

/// The names that allow a scheme. TLS 1.2 and 1.3 share its number but not its meaning, hence two for ECDSA.
pub(super) fn of_scheme(scheme: SignatureScheme) -> &'static [&'static str] {
    match scheme {
        SignatureScheme::RSA_PKCS1_SHA256 => &["SIGN-RSA-SHA256"],
        SignatureScheme::RSA_PKCS1_SHA384 => &["SIGN-RSA-SHA384"],
        SignatureScheme::RSA_PKCS1_SHA512 => &["SIGN-RSA-SHA512"],
        SignatureScheme::RSA_PSS_SHA256 => &["SIGN-RSA-PSS-RSAE-SHA256"],
        SignatureScheme::RSA_PSS_SHA384 => &["SIGN-RSA-PSS-RSAE-SHA384"],
        SignatureScheme::RSA_PSS_SHA512 => &["SIGN-RSA-PSS-RSAE-SHA512"],
        SignatureScheme::ECDSA_NISTP256_SHA256 => {
            &["SIGN-ECDSA-SHA256", "SIGN-ECDSA-SECP256R1-SHA256"]
        }
        SignatureScheme::ECDSA_NISTP384_SHA384 => {
            &["SIGN-ECDSA-SHA384", "SIGN-ECDSA-SECP384R1-SHA384"]
        }
        SignatureScheme::ECDSA_NISTP521_SHA512 => {
            &["SIGN-ECDSA-SHA512", "SIGN-ECDSA-SECP521R1-SHA512"]
        }
        SignatureScheme::ED25519 => &["SIGN-EdDSA-Ed25519"],
        SignatureScheme::ML_DSA_44 => &["SIGN-ML-DSA-44"],
        SignatureScheme::ML_DSA_65 => &["SIGN-ML-DSA-65"],
        SignatureScheme::ML_DSA_87 => &["SIGN-ML-DSA-87"],
        _ => &[],
    }
}

/// A keyword that a string begins with.
#[derive(Clone, Copy, Debug)]
pub(super) struct Level {
    chosen: Chosen,
    /// The strength of the keys in a chain that it asks for, in bits.
    pub(super) strength: u32,
}

#[derive(Clone, Copy, Debug)]
enum Chosen {
    All,
    High,
    These(&'static [&'static str]),
}

/// RSA with 2048 bits: what the verifier asks for in any case.
const MEDIUM: u32 = 112;

impl Level {
    /// What rustls offers without any wish.
    pub(super) const ALL: Self = Self {
        chosen: Chosen::All,
        strength: MEDIUM,
    };

    /// The level that a keyword means. Those below rustls' own level are rustls' own.
    pub(super) fn named(word: &str) -> Option<Self> {
        let (chosen, strength) = match word.to_ascii_uppercase().as_str() {
            "NORMAL" | "PERFORMANCE" | "PFS" | "LEGACY" | "SECURE128" | "SECURE" => {
                (Chosen::All, MEDIUM)
            }
            "SECURE192" | "SECURE256" => (Chosen::High, 128),
            "SUITEB128" => (Chosen::These(SUITE_B_128), 128),
            "SUITEB192" => (Chosen::These(SUITE_B_192), 192),
            "NONE" => (Chosen::These(&[]), MEDIUM),
            _ => return None,
        };
        Some(Self { chosen, strength })
    }

    pub(super) fn contains(self, part: &Part) -> bool {
        match self.chosen {
            Chosen::All => true,
            Chosen::High => part.high,
            Chosen::These(names) => names.contains(&part.name),
        }
    }
}

/// RFC 6460 §3.
const SUITE_B_128: &[&str] = &[
    "VERS-TLS1.2",
    "AES-128-GCM",
    "AES-256-GCM",
    "ECDHE-ECDSA",
    "AEAD",
    "GROUP-SECP256R1",
    "GROUP-SECP384R1",
    "SIGN-ECDSA-SHA256",
    "SIGN-ECDSA-SHA384",
];

const SUITE_B_192: &[&str] = &[
    "VERS-TLS1.2",
    "AES-256-GCM",
    "ECDHE-ECDSA",
    "AEAD",
    "GROUP-SECP384R1",
    "SIGN-ECDSA-SHA384",
];

/// The strength that a profile for certificates asks for, in bits (GnuTLS' manual, "Selecting cryptographic key sizes").
pub(super) fn profile_strength(option: &str) -> Option<u32> {
    Some(match option.strip_prefix("PROFILE_")? {
        "VERY_WEAK" | "LOW" | "LEGACY" | "MEDIUM" => MEDIUM,
        "HIGH" | "SUITEB128" => 128,
        "ULTRA" | "SUITEB192" => 192,
        "FUTURE" => 256,
        _ => return None,
    })
}

/// Options that say what rustls does anyway.
pub(super) const OPTIONS_HONOURED: [&str; 5] = [
    "SAFE_RENEGOTIATION",
    "DISABLE_SAFE_RENEGOTIATION",
    "PARTIAL_RENEGOTIATION",
    "SERVER_PRECEDENCE",
    "NO_TICKETS",
];

/// Options that cannot be honoured.
pub(super) const OPTIONS: [&str; 18] = [
    "COMPAT",
    "DUMBFW",
    "NO_EXTENSIONS",
    "NO_ETM",
    "FORCE_ETM",
    "NO_SESSION_HASH",
    "NO_STATUS_REQUEST",
    "NO_TICKETS_TLS12",
    "NO_SHUFFLE_EXTENSIONS",
    "FALLBACK_SCSV",
    "ALLOW_SMALL_RECORDS",
    "DISABLE_TLS13_COMPAT_MODE",
    "DISABLE_WILDCARDS",
    "KEYLOG",
    "LATEST_RECORD_VERSION",
    "SSL3_RECORD_VERSION",
    "STATELESS_COMPRESSION",
    "UNSAFE_RENEGOTIATION",
];

/// Whether GnuTLS knows a name for which rustls has nothing.
pub(super) fn is_known_elsewhere(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    let families = ["VERS-", "GROUP-", "CURVE-", "SIGN-", "COMP-", "CTYPE-"];
    let ciphers = [
        "AES-",
        "CAMELLIA-",
        "3DES-",
        "ARCFOUR-",
        "SALSA20-",
        "ESTREAM-",
        "GOST28147-",
        "RC2-",
        "DES-",
    ];
    families
        .iter()
        .chain(&ciphers)
        .any(|start| name.starts_with(start))
        || OTHERS.contains(&name.as_str())
}

const OTHERS: [&str; 33] = [
    "NULL",
    "RSA",
    "RSA-EXPORT",
    "RSA-PSK",
    "DHE-RSA",
    "DHE-DSS",
    "DHE-PSK",
    "ECDHE-PSK",
    "PSK",
    "SRP",
    "SRP-RSA",
    "SRP-DSS",
    "ANON-DH",
    "ANON-ECDH",
    "VKO-GOST-12",
    "MD5",
    "SHA1",
    "SHA256",
    "SHA384",
    "SHA512",
    "UMAC-96",
    "UMAC-128",
    "RIPEMD160",
    "GOSTR341194",
    "STREEBOG-256",
    "STREEBOG-512",
    "GOST28147-TC26Z-IMIT",
    "OMAC-1",
    "MAGMA-OMAC",
    "KUZNYECHIK-OMAC",
    "GOST",
    "CIPHER-GOST-ALL",
    "MAC-GOST-ALL",
];
