//! Authenticates to a daemon, by libvirt's rules (`remoteAuthenticate` in its `src/remote/remote_driver.c`).

use std::{sync::Arc, time::Duration};

use link_security::sasl::{External, Policy, Setup};
use tokio::time::timeout;
use virt_rpc::{AuthType, Authenticated, Authentication, Connection};

use super::link::slow;
use crate::{
    AuthKind, CheckStep, Error, ErrorKind, LinkWarning, Options, Step, Uri, config::auth_file,
    polkit_agent, progress::Progress, transport::Shield,
};

/// How long an authentication may take to say why it failed once the link has gone.
const LAST_WORDS: Duration = Duration::from_millis(500);

/// Below this SASL's encryption is weak (libvirt's daemons warn of it, and are to refuse it).
const GOOD_SSF: u32 = 112;

/// Proves who the user is in the way that the daemon wants.
pub(super) async fn log_in(
    connection: &Connection,
    uri: &Uri,
    options: &Options,
    shield: Shield,
    progress: &Progress,
) -> Result<AuthKind, Error> {
    progress.step(Step::Authenticating);
    progress.begin(CheckStep::Authentication);
    let how = authentication(uri, options, shield).await?;
    // A person may take minutes over the answer; when the link goes meanwhile, nobody needs it any more.
    let attempt = async {
        let mut answered = std::pin::pin!(authenticate(connection, uri, options, how));
        let reason = tokio::select! {
            biased;
            outcome = &mut answered => return outcome,
            reason = connection.closed() => reason,
        };
        // What the daemon said before it went counts more than that it went.
        let last_words = timeout(LAST_WORDS, answered).await;
        last_words.unwrap_or_else(|_| Err(Error::from(reason)))
    };
    let auth = timeout(options.authenticate, attempt)
        .await
        .map_err(|_| slow("authentication", options.authenticate))??;
    let auth = match auth.kind {
        AuthType::Polkit => AuthKind::Polkit,
        AuthType::Sasl => AuthKind::Sasl {
            mechanism: auth.mechanism.unwrap_or_default(),
            ssf: auth.ssf,
        },
        _ => AuthKind::None,
    };
    let detail = match &auth {
        AuthKind::None => String::new(),
        AuthKind::Polkit => "polkit".to_owned(),
        AuthKind::Sasl { mechanism, ssf: 0 } => mechanism.clone(),
        AuthKind::Sasl { mechanism, ssf } => format!("{mechanism}, {ssf} bits"),
    };
    progress.warned(CheckStep::Authentication, warnings(shield, &auth), detail);
    Ok(auth)
}

/// Authenticates; where polkit of this machine has nobody to ask, and the user wants it so, with us as its agent.
async fn authenticate(
    connection: &Connection,
    uri: &Uri,
    options: &Options,
    how: Authentication,
) -> Result<Authenticated, Error> {
    if !(options.polkit_agent && uri.is_local()) {
        return Ok(connection.authenticate(how).await?);
    }
    let credentials = Arc::clone(&options.credentials);
    let authenticate = || connection.authenticate(how.clone());
    // On the heap: it is large, and hardly ever needed.
    Box::pin(polkit_agent::stand_by(
        credentials,
        uri.to_string(),
        authenticate,
    ))
    .await
}

/// Says what this side may do, by the URI's parameter `auth` and by what protects the stream.
async fn authentication(
    uri: &Uri,
    options: &Options,
    shield: Shield,
) -> Result<Authentication, Error> {
    let (only, mechanism) = wanted(uri)?;
    let host = uri.host().unwrap_or("localhost");
    let policy = match shield {
        Shield::Protected { .. } => Policy::Protected,
        Shield::Unknown | Shield::Bare => Policy::Bare,
    };
    let file = auth_file::locate(options.auth_file.as_deref(), uri);
    let known = auth_file::look_up(file, "libvirt", host).await;
    let mut setup = Setup::new("libvirt", host, policy);
    setup.mechanism = mechanism;
    setup.user = uri.user().map(str::to_owned).or(known.user);
    setup.realm = known.realm;
    if let Shield::Protected {
        strength: ssf @ 1..,
    } = shield
    {
        let identity = None;
        setup.external = Some(External { ssf, identity });
    }
    let how = Authentication::default().with_sasl(setup, Arc::clone(&options.credentials));
    Ok(match only {
        Some(kind) => how.only(kind),
        None => how,
    })
}

/// Reads the parameter `auth`: the only kind to use, and SASL's only mechanism.
fn wanted(uri: &Uri) -> Result<(Option<AuthType>, Option<String>), Error> {
    let Some(text) = uri.parameter("auth") else {
        return Ok((None, None));
    };
    let (kind, mechanism) = match text.split_once('.') {
        Some((kind, mechanism)) => (kind, Some(mechanism.to_owned())),
        None => (text, None),
    };
    match (kind.to_ascii_lowercase().as_str(), mechanism) {
        ("sasl", mechanism) => Ok((Some(AuthType::Sasl), mechanism)),
        ("polkit", None) => Ok((Some(AuthType::Polkit), None)),
        _ => Err(Error::new(
            ErrorKind::BadUri,
            format!("{uri}: auth={text} is none of sasl, sasl.MECHANISM, polkit"),
        )),
    }
}

/// What a person should know of a stream that nothing else protects.
pub(super) fn warnings(shield: Shield, auth: &AuthKind) -> Vec<LinkWarning> {
    match (shield, auth) {
        (Shield::Protected { .. } | Shield::Unknown, _) => Vec::new(),
        (Shield::Bare, AuthKind::Sasl { ssf: 1.., .. }) => weakness(auth),
        (Shield::Bare, _) => vec![LinkWarning::Unencrypted],
    }
}

fn weakness(auth: &AuthKind) -> Vec<LinkWarning> {
    match auth {
        AuthKind::Sasl { ssf, .. } if *ssf < GOOD_SSF => vec![LinkWarning::WeakSasl { ssf: *ssf }],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parameter_auth_narrows_the_choice() {
        let read = |auth: &str| wanted(&format!("qemu:///system?auth={auth}").parse().unwrap());
        assert_eq!(read("polkit").unwrap(), (Some(AuthType::Polkit), None));
        assert_eq!(read("SASL").unwrap(), (Some(AuthType::Sasl), None));
        let gssapi = Some("GSSAPI".to_owned());
        assert_eq!(read("sasl.GSSAPI").unwrap(), (Some(AuthType::Sasl), gssapi));
        for other in ["none", "polkit.x", ""] {
            assert_eq!(read(other).unwrap_err().kind, ErrorKind::BadUri, "{other}");
        }
    }

    #[test]
    fn only_what_nothing_protects_is_warned_of() {
        let sasl = |ssf| AuthKind::Sasl {
            mechanism: "DIGEST-MD5".to_owned(),
            ssf,
        };
        let protected = Shield::Protected { strength: 0 };
        assert!(warnings(protected, &AuthKind::None).is_empty());
        assert!(warnings(Shield::Unknown, &AuthKind::None).is_empty());
        let unencrypted = [LinkWarning::Unencrypted];
        assert_eq!(warnings(Shield::Bare, &AuthKind::None), unencrypted);
        assert_eq!(warnings(Shield::Bare, &sasl(0)), unencrypted);
        assert_eq!(
            warnings(Shield::Bare, &sasl(56)),
            [LinkWarning::WeakSasl { ssf: 56 }]
        );
        assert!(warnings(Shield::Bare, &sasl(256)).is_empty());
    }
}
