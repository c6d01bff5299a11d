//! A server's half of the handshake, from the version to its verdict, with every security type that we know.

use std::{path::PathBuf, sync::Arc, time::Duration};

use link_security::{
    Answer, AskFuture, Credentials, Question, Request,
    pki::{PkiFiles, PkiRoots},
    sasl::Policy,
};
use rfb::{
    Anonymous, NoSecurity, Options, Sasl, SecurityLayer, VeNCrypt, VncPassword,
    handshake::handshake,
};
use tokio::io::AsyncWriteExt;

/// Answers every question at once.
struct Eager;

impl Credentials for Eager {
    fn ask(&self, request: Request) -> AskFuture<'_> {
        let answer = match request.question {
            Question::UserPassword { .. } => Answer::user_password("user", "password"),
            _ => Answer::password("password"),
        };
        Box::pin(async { Ok(answer) })
    }
}

/// Runs one input.
pub(crate) fn run(input: &[u8]) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build();
    runtime.expect("a runtime").block_on(converse(input));
}

async fn converse(input: &[u8]) {
    let (ours, mut theirs) = tokio::io::duplex(1 << 16);
    let server = async {
        // The client may hang up in the middle of it; what it says is of no interest.
        let _ = theirs.write_all(input).await;
        let _ = theirs.shutdown().await;
        let _ = tokio::io::copy(&mut theirs, &mut tokio::io::sink()).await;
    };
    let options = options();
    let client = async {
        // The stream goes with the result, and the server sees its end.
        drop(handshake(Box::new(ours), &options).await);
    };
    let both = async { tokio::join!(server, client) };
    tokio::time::timeout(Duration::from_secs(1000), both)
        .await
        .expect("the handshake ends");
}

/// Every type, those without protection last.
fn options() -> Options {
    let roots = PkiRoots {
        system: PathBuf::from("/nowhere"),
        user: None,
        privileged: false,
    };
    let files = PkiFiles::vnc(&roots);
    let sasl = Sasl {
        host: "localhost".to_owned(),
        policy: Policy::Bare,
        user: None,
    };
    let mut vencrypt = VeNCrypt::new("localhost", files);
    vencrypt.anonymous = Some(Anonymous {
        policy: Policy::Protected,
        only_with_login: false,
    });
    let layers: Vec<Arc<dyn SecurityLayer>> = vec![
        Arc::new(vencrypt),
        Arc::new(sasl),
        Arc::new(VncPassword),
        Arc::new(NoSecurity),
    ];
    let mut options = Options::default();
    options.credentials = Arc::new(Eager);
    options.security = layers;
    options
}
