//! Passwords of screens in the user's keyring (the Secret Service), under virt-manager's own attributes, so that
//! what it kept is found here too (features C6).
//!
//! A keyring that is missing, locked or broken is no error: the user is asked instead.

use std::{collections::HashMap, time::Duration};

use innkeeper_core::security::Secret;
use uuid::Uuid;

use crate::app::runtime;

/// How long an unlocked keyring may take; a locked one shows a dialog of its own.
const PATIENCE: Duration = Duration::from_mins(1);

/// Whose password it is.
#[derive(Clone, Debug)]
pub(super) struct Identity {
    pub(super) uri: String,
    pub(super) uuid: Uuid,
}

impl Identity {
    fn attributes(&self) -> HashMap<&'static str, String> {
        HashMap::from([("uuid", self.uuid.to_string()), ("hvuri", self.uri.clone())])
    }
}

/// Looks for a kept password.
pub(super) async fn find(identity: &Identity) -> Option<Secret> {
    let search = async {
        let keyring = oo7::Keyring::new().await?;
        keyring.unlock().await?;
        let items = keyring.search_items(&identity.attributes()).await?;
        match items.first() {
            Some(item) => Ok(Some(item.secret().await?)),
            None => Ok::<_, oo7::Error>(None),
        }
    };
    let secret = match runtime::within(PATIENCE, search).await? {
        Ok(secret) => secret?,
        Err(error) => {
            tracing::info!(%error, "no keyring answers");
            return None;
        }
    };
    String::from_utf8(secret.as_bytes().to_vec())
        .ok()
        .map(Secret::from)
}

/// Keeps a password.
pub(super) async fn store(identity: &Identity, secret: &Secret) {
    let keep = async {
        let keyring = oo7::Keyring::new().await?;
        keyring.unlock().await?;
        let label = format!("vm-console-{}", identity.uuid);
        keyring
            .create_item(&label, &identity.attributes(), secret.reveal(), true)
            .await
    };
    if let Some(Err(error)) = runtime::within(PATIENCE, keep).await {
        tracing::warn!(%error, "the password could not be kept");
    }
}
