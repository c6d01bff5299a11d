//! Answers in the user's keyring (the Secret Service), under the attributes that [`place`] gives them.
//!
//! A keyring that is missing, locked or broken is no error: the user is asked instead. What another program has stored
//! is read and brought up to date, never deleted.

mod place;

use std::{collections::HashMap, time::Duration};

use innkeeper_core::security::Secret;
use oo7::dbus::{Collection, Error, Item, Service};

pub(super) use place::Place;

use crate::app::runtime;

/// How long a keyring may take: a locked one shows a dialog of its own, and people look for their password.
const PATIENCE: Duration = Duration::from_mins(2);
/// How long a keyring may take to say that it is there.
const PRESENCE: Duration = Duration::from_secs(5);

/// What a keyring knows of a question.
#[derive(Debug)]
pub(super) enum Found {
    /// An answer, with the user whose it is, where that matters.
    Kept {
        user: Option<String>,
        secret: Secret,
    },
    /// Nothing; it could keep something.
    Nothing,
    /// There is no keyring.
    NoKeyring,
}

/// Looks for a kept answer. A user who keeps nothing here sees no dialog of a keyring.
pub(super) async fn find(place: &Place) -> Found {
    match runtime::within(PATIENCE, search(place)).await {
        Some(Ok(Some((user, secret)))) => Found::Kept { user, secret },
        Some(Ok(None) | Err(Error::Dismissed)) | None => Found::Nothing,
        Some(Err(error)) => {
            tracing::info!(%error, "no keyring answers");
            Found::NoKeyring
        }
    }
}

/// Says whether there is a keyring at all.
pub(super) async fn is_there() -> bool {
    matches!(runtime::within(PRESENCE, Service::new()).await, Some(Ok(_)))
}

/// Unlocks a keyring only once it is known to hold the answer; never makes one.
async fn search(place: &Place) -> Result<Option<(Option<String>, Secret)>, Error> {
    let Some(collection) = collection().await? else {
        return Ok(None);
    };
    let Some(item) = newest(&collection, place, None).await? else {
        return Ok(None);
    };
    if item.is_locked().await? {
        item.unlock(None).await?;
    }
    let user = item.attributes().await?.remove("user");
    let secret = item.secret().await?;
    let text = String::from_utf8(secret.as_bytes().to_vec()).ok();
    Ok(text.map(|text| (user, Secret::from(text))))
}

/// Keeps an answer, as the user asked: here a keyring is unlocked, or made where there is none.
pub(super) async fn store(place: &Place, user: Option<&str>, secret: &Secret) {
    let keep = async {
        let collection = Service::new().await?.default_collection().await?;
        collection.unlock(None).await?;
        // virt-manager's own item is the one that both programs read.
        if let Some(item) = newest(&collection, place, user).await? {
            return item.set_secret(secret.reveal()).await;
        }
        let (label, attributes) = (place.label(user), place.stored(user));
        collection
            .create_item(&label, &attributes, secret.reveal(), true, None)
            .await
            .map(drop)
    };
    match runtime::within(PATIENCE, keep).await {
        Some(Ok(()) | Err(Error::Dismissed)) => {}
        Some(Err(error)) => tracing::warn!(%error, "the password could not be kept"),
        None => tracing::warn!("the keyring did not answer; the password is not kept"),
    }
}

/// Takes an answer out that proved wrong, if this program has put it in.
pub(super) async fn forget(place: &Place, user: Option<&str>) {
    let attributes = place.stored(user);
    match runtime::within(PATIENCE, delete(attributes)).await {
        Some(Ok(_)) | None => {}
        Some(Err(error)) => tracing::info!(%error, "a wrong password stays in the keyring"),
    }
}

/// Takes out all that this program has put in; says how many that were, `None` where the keyring did not let it.
pub(super) async fn forget_all() -> Option<u32> {
    let (name, value) = place::OWNER;
    let everything = HashMap::from([(name, value.to_owned())]);
    let deleted = runtime::within(PATIENCE, delete(everything)).await?;
    if let Err(error) = &deleted {
        tracing::warn!(%error, "the remembered passwords could not be deleted");
    }
    deleted.ok()
}

async fn delete(attributes: HashMap<&'static str, String>) -> Result<u32, Error> {
    let Some(collection) = collection().await? else {
        return Ok(0);
    };
    let mut deleted = 0;
    for item in collection.search_items(&attributes).await? {
        item.delete(None).await?;
        deleted += 1;
    }
    Ok(deleted)
}

/// The keyring that programs use unless told otherwise; `None` where there is none yet.
async fn collection() -> Result<Option<Collection>, Error> {
    let service = Service::new().await?;
    service.with_alias(Service::DEFAULT_COLLECTION).await
}

/// The item that was changed last among those that fit.
async fn newest(
    collection: &Collection,
    place: &Place,
    user: Option<&str>,
) -> Result<Option<Item>, Error> {
    let mut attributes = place.attributes.clone();
    if let Some(user) = user {
        attributes.insert("user", user.to_owned());
    }
    let mut newest = None;
    for item in collection.search_items(&attributes).await? {
        let modified = item.modified().await?;
        if newest.as_ref().is_none_or(|(time, _)| modified > *time) {
            newest = Some((modified, item));
        }
    }
    Ok(newest.map(|(_, item)| item))
}
