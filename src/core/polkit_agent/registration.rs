//! Being an agent in polkit's eyes: the connection to the system bus, and what is registered for this process.
//!
//! One agent serves the process from the moment that polkit has nobody to ask until nobody is being authenticated.

use std::{
    collections::HashMap,
    io,
    sync::{Arc, PoisonError},
    time::Duration,
};

use tokio::{runtime::Handle, sync::Mutex};
use zbus::{
    Connection, connection::Builder, fdo::DBusProxy, names::OwnedUniqueName, proxy, zvariant::Value,
};

use super::{
    desk,
    listener::{Listener, Polkit},
};

/// How long the bus and polkit may take to answer; polkit may have to be started.
const PATIENCE: Duration = Duration::from_secs(15);

/// Where our object lies on the bus.
const PATH: &str = "/io/github/innkeeper/PolkitAgent";

/// The process' agent, while there is one.
static AGENT: Mutex<Option<Agent>> = Mutex::const_new(None);

/// How we stand towards other agents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// The desktop's agent wins; polkit ignores us where the process has no session.
    Fallback,
    /// We are asked, whoever else is there.
    Alone,
}

#[proxy(
    interface = "org.freedesktop.PolicyKit1.Authority",
    default_service = "org.freedesktop.PolicyKit1",
    default_path = "/org/freedesktop/PolicyKit1/Authority",
    gen_blocking = false
)]
trait Authority {
    fn register_authentication_agent_with_options(
        &self,
        subject: &Subject<'_>,
        locale: &str,
        object_path: &str,
        options: HashMap<&str, Value<'_>>,
    ) -> zbus::Result<()>;

    fn unregister_authentication_agent(
        &self,
        subject: &Subject<'_>,
        object_path: &str,
    ) -> zbus::Result<()>;
}

/// Whom polkit is asked about (polkit's `Subject` structure): kind and details.
type Subject<'a> = (&'a str, HashMap<&'a str, Value<'a>>);

/// Our connection to polkit.
struct Agent {
    bus: Connection,
    polkit: Polkit,
    registered: Option<Registered>,
}

/// What polkit knows of us.
struct Registered {
    standing: Standing,
    /// The polkit that knows it: another one, after a restart, knows nothing.
    owner: OwnedUniqueName,
}

/// Registers at polkit, or changes how we stand there.
///
/// # Errors
/// When there is no system bus, or polkit is missing or refuses.
pub(super) async fn stand(standing: Standing) -> zbus::Result<()> {
    let mut shared = AGENT.lock().await;
    let mut agent = match shared.take() {
        Some(agent) => agent,
        None => Agent::start().await?,
    };
    // One that fails is not kept: the next begins with a new connection.
    agent.stand(standing).await?;
    *shared = Some(agent);
    Ok(())
}

/// Leaves polkit soon, unless somebody comes before that.
pub(super) fn leave_soon() {
    let stands = AGENT.try_lock().map_or(true, |agent| agent.is_some());
    if let (true, Ok(runtime)) = (stands, Handle::try_current()) {
        runtime.spawn(leave());
    }
}

async fn leave() {
    let mut shared = AGENT.lock().await;
    if !desk::is_empty() {
        return;
    }
    if let Some(agent) = shared.take()
        && let Err(error) = agent.leave().await
    {
        // Its connection ends here, which polkit notices as well.
        tracing::debug!(%error, "leaving polkit");
    }
}

impl Agent {
    async fn start() -> zbus::Result<Self> {
        let polkit = Polkit::default();
        let connecting = Builder::system()?
            .method_timeout(PATIENCE)
            .serve_at(PATH, Listener(Arc::clone(&polkit)))?
            .build();
        let bus = tokio::time::timeout(PATIENCE, connecting).await;
        let silent = |_| zbus::Error::from(io::Error::from(io::ErrorKind::TimedOut));
        Ok(Self {
            bus: bus.map_err(silent)??,
            polkit,
            registered: None,
        })
    }

    async fn stand(&mut self, standing: Standing) -> zbus::Result<()> {
        let polkit = AuthorityProxy::new(&self.bus).await?;
        let owner = self.owner(&polkit).await?;
        if let Some(known) = self.registered.take_if(|known| known.owner == owner) {
            // Who stands alone already is not put back: somebody found that the fallback is ignored.
            if known.standing == standing || known.standing == Standing::Alone {
                self.registered = Some(known);
                return Ok(());
            }
            polkit
                .unregister_authentication_agent(&subject()?, PATH)
                .await?;
        }
        *self.polkit.lock().unwrap_or_else(PoisonError::into_inner) = Some(owner.clone());
        let options = HashMap::from([("fallback", (standing == Standing::Fallback).into())]);
        polkit
            .register_authentication_agent_with_options(&subject()?, &locale(), PATH, options)
            .await?;
        tracing::debug!(?standing, "registered as polkit's agent for this process");
        self.registered = Some(Registered { standing, owner });
        Ok(())
    }

    async fn leave(self) -> zbus::Result<()> {
        let polkit = AuthorityProxy::new(&self.bus).await?;
        polkit
            .unregister_authentication_agent(&subject()?, PATH)
            .await
    }

    /// Asks the bus who polkit is. The first call may start it.
    async fn owner(&self, polkit: &AuthorityProxy<'_>) -> zbus::Result<OwnedUniqueName> {
        let bus = DBusProxy::new(&self.bus).await?;
        let name = polkit.inner().destination();
        if let Ok(owner) = bus.get_name_owner(name.clone()).await {
            return Ok(owner);
        }
        bus.start_service_by_name(name.as_str().try_into()?, 0)
            .await?;
        Ok(bus.get_name_owner(name.clone()).await?)
    }
}

/// This process, as libvirt's daemon names it to polkit: by its id and the time of its start.
fn subject() -> zbus::Result<Subject<'static>> {
    let process = HashMap::from([
        ("pid", Value::from(std::process::id())),
        ("start-time", Value::from(start_time()?)),
        (
            "uid",
            Value::from(rustix::process::getuid().as_raw() as i32),
        ),
    ]);
    Ok(("unix-process", process))
}

/// The start of this process in clock ticks after the machine's: field 22 of `/proc/self/stat` (proc(5)).
fn start_time() -> io::Result<u64> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    // The program's name is in brackets and may have anything in it, brackets and blanks too.
    let after_name = stat.rsplit_once(')').map(|(_, after)| after);
    let field = after_name.and_then(|after| after.split_whitespace().nth(19));
    let ticks = field.and_then(|field| field.parse().ok());
    ticks.ok_or_else(|| io::Error::other("/proc/self/stat has no time of the start"))
}

/// The language that polkit shall write its message in.
fn locale() -> String {
    ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .filter_map(|name| std::env::var(name).ok())
        .find(|value| !value.is_empty())
        .unwrap_or_else(|| "C".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_of_the_start_is_the_kernels() {
        let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
        let ticks = start_time().unwrap();
        assert!(ticks > 0 && stat.contains(&format!(" {ticks} ")));
    }
}
