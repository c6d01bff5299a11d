//! Passwords of screens in the user's keyring (the Secret Service), under virt-manager's own attributes, so that
//! what it kept is found here too (features C6).
//!
//! A keyring that is missing, locked or broken is no error: the user is asked instead.

use std::{collections::HashMap, time::Duration};

use innkeeper_core::security::Secret;
use oo7::dbus::{Error, Service};
use uuid::Uuid;

use crate::app::runtime;

/// How long a keyring may take: a locked one shows a dialog of its own, and people look for their password.
const PATIENCE: Duration = Duration::from_mins(2);

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

/// Looks for a kept password. A user who keeps nothing here sees no dialog of a keyring.
pub(super) async fn find(identity: &Identity) -> Option<Secret> {
    match runtime::within(PATIENCE, search(identity)).await? {
        Ok(secret) => secret,
        Err(error) => {
            tracing::info!(%error, "no keyring answers");
            None
        }
    }
}

/// Unlocks a keyring only once it is known to hold the password; never makes one.
async fn search(identity: &Identity) -> Result<Option<Secret>, Error> {
    let service = Service::new().await?;
    let Some(collection) = service.with_alias(Service::DEFAULT_COLLECTION).await? else {
        return Ok(None);
    };
    let items = collection.search_items(&identity.attributes()).await?;
    let Some(item) = items.first() else {
        return Ok(None);
    };
    if item.is_locked().await? {
        item.unlock(None).await?;
    }
    let secret = item.secret().await?;
    Ok(String::from_utf8(secret.as_bytes().to_vec())
        .ok()
        .map(Secret::from))
}

/// Keeps a password, as the user asked: here a keyring is unlocked, or made where there is none.
pub(super) async fn store(identity: &Identity, secret: &Secret) {
    let keep = async {
        let collection = Service::new().await?.default_collection().await?;
        collection.unlock(None).await?;
        let label = format!("vm-console-{}", identity.uuid);
        collection
            .create_item(&label, &identity.attributes(), secret.reveal(), true, None)
            .await
    };
    if let Some(Err(error)) = runtime::within(PATIENCE, keep).await {
        tracing::warn!(%error, "the password could not be kept");
    }
}
