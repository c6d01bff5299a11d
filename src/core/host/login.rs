//! Authenticates to a daemon and opens its driver.

use std::sync::Arc;

use tokio::time::timeout;
use virt_rpc::{AuthType, Authenticated, Authentication, Connection, Deadline, procedure};

use super::link::slow;
use crate::{
    AuthKind, CheckStep, Error, LinkWarning, Options, Step, Uri, polkit_agent, progress::Progress,
    transport::Shield,
};

/// `VIR_CONNECT_RO`, the only bit of OPEN's flags that a daemon reads.
const READ_ONLY: u32 = 1;

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
    let auth = timeout(
        options.authenticate,
        authenticate(connection, uri, options, Authentication::default()),
    )
    .await
    .map_err(|_| slow("authentication", options.authenticate))??;
    let auth = match auth.kind {
        AuthType::Polkit => AuthKind::Polkit,
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
    polkit_agent::stand_by(credentials, uri.to_string(), authenticate).await
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

/// Opens the hypervisor's driver.
pub(super) async fn open_driver(
    connection: &Connection,
    uri: &Uri,
    options: &Options,
    progress: &Progress,
) -> Result<(), Error> {
    progress.step(Step::Opening);
    progress.begin(CheckStep::Driver);
    let name = uri.driver_uri();
    let open = procedure::ConnectOpen {
        name: Some(name.clone()),
        flags: if options.read_only { READ_ONLY } else { 0 },
    };
    let patience = Deadline::After(options.open);
    connection.call_with(open, patience).await?;
    progress.passed(CheckStep::Driver, name);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

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
