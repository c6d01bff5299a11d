//! What a hostile server can say while SASL is spoken: it must end in an error, never in a crash or in a login.
//! Needs the mechanisms of `libsasl2`, as every use of SASL does; those that are missing end in an error as well.

use link_security::credentials::{Answer, AskFuture, Credentials, Request};
use link_security::sasl::{Client, Policy, Reply, Setup};
use proptest::prelude::*;

struct Anybody;

impl Credentials for Anybody {
    fn ask(&self, _request: Request) -> AskFuture<'_> {
        Box::pin(async { Ok(Answer::user_password("lab", "labpass")) })
    }
}

const MECHANISMS: [&str; 8] = [
    "SCRAM-SHA-1",
    "SCRAM-SHA-256",
    "SCRAM-SHA-512",
    "DIGEST-MD5",
    "CRAM-MD5",
    "LOGIN",
    "NTLM",
    "GSSAPI",
];

/// A word of the server: nothing, noise, or noise in the mechanism's dress.
fn word() -> impl Strategy<Value = Option<Vec<u8>>> {
    let noise = proptest::collection::vec(any::<u8>(), 0..2000);
    let scram = "r=[a-zA-Z0-9,=]{0,40},s=[a-zA-Z0-9=+/,]{0,40},i=[0-9]{0,25}(,[a-z]=.{0,20})?";
    let digest = "(realm=\"?[^\\x00]{0,40}\"?,)?nonce=\"?[a-z0-9\",\\\\]{0,60}\"?,qop=\"?[a-z,\\-]{0,40}\"?,\
                  (maxbuf=[0-9]{0,12},)?(cipher=\"[a-z0-9,\\-]{0,30}\",)?(charset=utf-8,)?algorithm=md5-sess.{0,40}";
    prop_oneof![
        Just(None),
        noise.prop_map(Some),
        scram.prop_map(|text| Some(text.into_bytes())),
        digest.prop_map(|text| Some(text.into_bytes())),
        "(v|e|m|r)=.{0,90}".prop_map(|text| Some(text.into_bytes())),
    ]
}

/// Talks to a server that says these words, and tells whether it was let through.
async fn let_through(mechanism: &str, policy: Policy, words: &[(Option<Vec<u8>>, bool)]) -> bool {
    let mut client = Client::new(Setup::new("libvirt", "localhost", policy));
    if client.start(mechanism, &Anybody).await.is_err() {
        return false;
    }
    for (word, complete) in words {
        match client.answer(word.as_deref(), *complete, &Anybody).await {
            Ok(Reply::Send(_)) => {}
            Ok(Reply::Complete) => return client.finish(&Anybody).is_ok(),
            Err(_) => return false,
        }
    }
    false
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn noise_leads_nowhere(
        mechanism in 0..MECHANISMS.len(),
        bare in any::<bool>(),
        words in proptest::collection::vec((word(), any::<bool>()), 1..6),
    ) {
        let mechanism = MECHANISMS[mechanism];
        let policy = if bare { Policy::Bare } else { Policy::Protected };
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let through = runtime.block_on(let_through(mechanism, policy, &words));
        // These two prove nothing of the server: any server may say yes to them.
        let proves = !matches!(mechanism, "LOGIN" | "CRAM-MD5" | "NTLM");
        prop_assert!(!(through && (proves || bare)));
    }
}
