//! Priority strings beside GnuTLS' own understanding of them.

use rustls::ProtocolVersion::{TLSv1_2, TLSv1_3};

use super::*;

fn selection(text: &str) -> Selection {
    Selection::read(Some(text)).unwrap()
}

fn refusal(text: &str) -> String {
    match Selection::read(Some(text)) {
        Err(TlsError::Priority { reason, .. }) => reason,
        other => panic!("{text}: {other:?}"),
    }
}

#[test]
fn what_cannot_be_honoured_is_said() {
    assert!(selection("NORMAL").ignored.is_empty());
    // To forbid what is not there is honoured.
    let forbids = "NORMAL:-VERS-TLS1.0:-3DES-CBC:-SHA1:-RSA:!ANON-DH:-GROUP-FFDHE2048";
    assert!(selection(forbids).ignored.is_empty());
    let text = "@LIBVIRT,SYSTEM:+VERS-TLS1.1:+AES-128-CBC:%COMPAT:-CTYPE-X509:SECURE256";
    let ignored = [
        "@LIBVIRT,SYSTEM",
        "+VERS-TLS1.1",
        "+AES-128-CBC",
        "%COMPAT",
        "-CTYPE-X509",
        "SECURE256",
    ];
    assert_eq!(selection(text).ignored, ignored);
}

#[test]
fn options_are_honoured_where_rustls_has_them() {
    assert!(selection("NORMAL:%FORCE_SESSION_HASH").require_session_hash);
    let strengths = [
        ("NORMAL", 112),
        ("NORMAL:%PROFILE_HIGH", 128),
        ("SECURE192", 128),
        ("NORMAL:%PROFILE_LOW", 112),
    ];
    for (text, strength) in strengths {
        assert_eq!(selection(text).strength, strength, "{text}");
    }
}

#[test]
fn what_leaves_nothing_or_means_nothing_is_refused() {
    let nothing = "it leaves no";
    for text in [
        "NONE",
        "NORMAL:-VERS-ALL:+VERS-TLS1.1",
        "NORMAL:-CIPHER-ALL:+AES-256-CBC",
        "NORMAL:-GROUP-ALL",
        "NORMAL:-SIGN-ALL",
        "NORMAL:-MAC-ALL",
    ] {
        assert!(
            refusal(text).starts_with(nothing),
            "{text}: {}",
            refusal(text)
        );
    }
    for text in [
        "",
        "-VERS-TLS1.3",
        "NORMAL:FOO",
        "NORMAL:-FOO",
        "NORMAL:%FOO",
        "NORMAL:",
        "NORMAL:+",
    ] {
        assert!(
            !refusal(text).starts_with(nothing),
            "{text}: {}",
            refusal(text)
        );
    }
}

#[test]
fn a_forbidden_version_or_cipher_is_not_offered() {
    let versions = |text| {
        selection(text)
            .versions
            .iter()
            .map(|one| one.version)
            .collect::<Vec<_>>()
    };
    assert_eq!(versions("NORMAL"), [TLSv1_3, TLSv1_2]);
    assert_eq!(versions("normal:-vers-tls1.3"), [TLSv1_2]);
    assert_eq!(versions("NORMAL:-VERS-ALL:+VERS-TLS1.3"), [TLSv1_3]);
    assert_eq!(versions("NORMAL:-KX-ALL"), [TLSv1_3]);
    let mut provider = aws_lc_rs::default_provider();
    selection("NORMAL:-CIPHER-ALL:+CHACHA20-POLY1305:-CURVE-ALL:+CURVE-X25519")
        .narrow(&mut provider);
    assert_eq!(provider.cipher_suites.len(), 3);
    assert_eq!(provider.kx_groups.len(), 1);
}

#[cfg(feature = "daemon-tests")]
mod oracle {
    use std::{collections::BTreeSet, process::Command};

    use super::*;

    /// The suites and groups that gnutls-cli lists; `None` when it refuses the string.
    fn listed(text: &str) -> Option<(BTreeSet<u16>, BTreeSet<String>)> {
        let output = Command::new("gnutls-cli")
            .args(["--list", "--priority", text])
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let suite = |line: &str| {
            let (_, numbers) = line.split_once("0x")?;
            let (high, rest) = numbers.split_once(", 0x")?;
            let low = rest.get(..2)?;
            u16::from_str_radix(&format!("{high}{low}"), 16).ok()
        };
        let list = |name: &str| -> BTreeSet<String> {
            let line = said
                .lines()
                .find_map(|line| line.strip_prefix(name))
                .unwrap_or_default();
            line.split(", ").map(str::to_owned).collect()
        };
        // DTLS keeps suites in the list that TLS may not use.
        let protocols = list("Protocols: ");
        let spoken = |suite: &u16| {
            let version = if *suite >> 8 == 0x13 {
                "VERS-TLS1.3"
            } else {
                "VERS-TLS1.2"
            };
            protocols.contains(version)
        };
        let suites = said.lines().filter_map(suite).filter(spoken).collect();
        output.status.success().then(|| (suites, list("Groups: ")))
    }

    /// The suites and groups of ours.
    fn ours(text: &str) -> Option<(BTreeSet<u16>, BTreeSet<String>)> {
        let selection = Selection::read(Some(text)).ok()?;
        let mut provider = aws_lc_rs::default_provider();
        selection.narrow(&mut provider);
        let suites = provider
            .cipher_suites
            .iter()
            .map(|suite| u16::from(suite.suite()));
        let groups = provider
            .kx_groups
            .iter()
            .map(|group| name_of_group(group.name()).to_owned());
        Some((
            suites.collect(),
            groups.filter(|name| !name.contains("MLKEM")).collect(),
        ))
    }

    #[test]
    fn a_string_leaves_what_gnutls_leaves_of_what_rustls_has() {
        let (all_suites, all_groups) = ours("NORMAL").unwrap();
        // Not `-VERS-TLS1.2` alone: GnuTLS gives up 1.3 as well where 1.1 is left, which is never left here.
        let words = [
            "",
            ":-VERS-TLS1.3",
            ":-AES-128-GCM",
            ":-CHACHA20-POLY1305:-AES-256-GCM",
            ":-ECDHE-RSA",
            ":-KX-ALL",
            ":-GROUP-X25519",
            ":-GROUP-ALL:+GROUP-SECP384R1",
            ":!CURVE-SECP256R1",
            ":-CIPHER-ALL:+AES-128-GCM",
            ":-VERS-ALL:+VERS-TLS1.2",
            ":-VERS-TLS-ALL:+VERS-TLS1.3:%SERVER_PRECEDENCE",
            ":-MAC-ALL:+AEAD",
            ":-RSA:-DHE-RSA",
        ];
        let levels = [
            "NORMAL",
            "PERFORMANCE",
            "PFS",
            "SECURE128",
            "SECURE192",
            "SECURE256",
            "SUITEB128",
            "SUITEB192",
            "LEGACY",
        ];
        let mut compared = 0;
        for text in levels
            .iter()
            .flat_map(|level| words.iter().map(move |word| format!("{level}{word}")))
        {
            // It refuses a string that leaves nothing.
            let theirs = listed(&text).unwrap_or_default();
            let suites: BTreeSet<_> = theirs.0.intersection(&all_suites).copied().collect();
            let groups: BTreeSet<_> = theirs.1.intersection(&all_groups).cloned().collect();
            match ours(&text) {
                Some(ours) => assert_eq!(ours, (suites, groups), "{text}"),
                None => assert!(
                    suites.is_empty() || groups.is_empty(),
                    "{text} leaves {suites:x?} and {groups:?}"
                ),
            }
            compared += 1;
        }
        assert_eq!(compared, words.len() * levels.len());
    }

    #[test]
    fn gnutls_refuses_what_we_do_not_understand() {
        for text in [
            "",
            "-VERS-TLS1.3",
            "NORMAL:FOO",
            "NORMAL:-FOO",
            "NORMAL:%FOO",
            "NONE",
            "NORMAL:-MAC-ALL",
        ] {
            assert_eq!(listed(text), None, "{text}");
            assert!(Selection::read(Some(text)).is_err(), "{text}");
        }
    }
}
