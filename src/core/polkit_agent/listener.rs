//! The object on the bus that polkit calls.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use zbus::{
    DBusError, interface,
    message::Header,
    names::{OwnedUniqueName, UniqueName},
};

use super::{
    account::{self, Identity},
    conversation::{End, Wanted},
    desk,
};

/// polkit's own name on the bus, once it is known: nobody else may ask for passwords.
pub(super) type Polkit = Arc<Mutex<Option<OwnedUniqueName>>>;

/// What the bus sees of us.
pub(super) struct Listener(pub(super) Polkit);

impl Listener {
    fn check(&self, header: &Header<'_>) -> Result<(), Refusal> {
        let polkit = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let sender = header.sender().map(UniqueName::as_str);
        if sender.is_some() && sender == polkit.as_ref().map(|name| name.as_str()) {
            return Ok(());
        }
        Err(Refusal::NotAuthorized("you are not polkit".to_owned()))
    }
}

/// polkit's errors, as far as an agent answers with them. `Cancelled` becomes libvirt's code 79.
#[derive(Debug, DBusError)]
#[zbus(prefix = "org.freedesktop.PolicyKit1.Error")]
pub(super) enum Refusal {
    #[zbus(error)]
    ZBus(zbus::Error),
    Cancelled(String),
    Failed(String),
    NotAuthorized(String),
}

#[interface(name = "org.freedesktop.PolicyKit1.AuthenticationAgent")]
impl Listener {
    #[allow(clippy::too_many_arguments, reason = "polkit's own signature")]
    async fn begin_authentication(
        &self,
        action_id: String,
        message: String,
        icon_name: String,
        details: HashMap<String, String>,
        cookie: String,
        identities: Vec<Identity>,
        #[zbus(header)] header: Header<'_>,
    ) -> Result<(), Refusal> {
        self.check(&header)?;
        tracing::debug!(action_id, icon_name, details = details.len(), "polkit asks");
        let wanted = Wanted {
            message,
            cookie,
            accounts: account::names(identities).await,
        };
        match desk::serve(&wanted).await {
            // Whether it is granted, polkit's helper has told polkit; we only say that we are done.
            Ok(()) => Ok(()),
            Err(End::Cancelled) => Err(Refusal::Cancelled("the question was closed".to_owned())),
            Err(End::NobodyToAsk) => Err(Refusal::Failed("nobody can be asked".to_owned())),
            Err(End::Wrong(why) | End::Broken(why)) => Err(Refusal::Failed(why)),
        }
    }

    fn cancel_authentication(
        &self,
        cookie: String,
        #[zbus(header)] header: Header<'_>,
    ) -> Result<(), Refusal> {
        self.check(&header)?;
        desk::cancel(&cookie);
        Ok(())
    }
}
