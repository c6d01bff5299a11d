//! What the system bus tells: logind's `PrepareForSleep`, NetworkManager's `StateChanged` and active connections.
//!
//! Where there is no bus, or neither service, nothing is told and nothing is wrong. Signals are believed without proof
//! of their sender: the worst that a forged one does is a connection attempt.

use std::{collections::HashMap, time::Duration};

use futures_util::{Stream, StreamExt};
use tokio::time::timeout;
use zbus::{
    Connection, MatchRule, Message, MessageStream, connection::Builder, message::Type,
    zvariant::Value,
};

use super::{Inbox, Woken, tell};

/// How long the bus may take to let us in.
const GREETING: Duration = Duration::from_secs(10);

/// How many signals may wait to be read; they are tiny and read at once.
const QUEUE: usize = 16;

/// `NM_STATE_CONNECTED_LOCAL` (NetworkManager's `nm-dbus-interface.h`): from here on some network is there.
const CONNECTED: u32 = 50;

/// Listens on the system bus (`DBUS_SYSTEM_BUS_ADDRESS`) as long as it is there.
pub(super) async fn listen(inbox: &Inbox) {
    let connecting = async { Builder::system()?.build().await };
    match timeout(GREETING, connecting).await {
        Ok(Ok(bus)) => {
            if let Err(error) = follow(&bus, inbox).await {
                tracing::debug!(%error, "the system bus");
            }
        }
        Ok(Err(error)) => tracing::debug!(%error, "no system bus"),
        Err(_) => tracing::debug!("the system bus does not answer"),
    }
}

async fn follow(bus: &Connection, inbox: &Inbox) -> zbus::Result<()> {
    let logind = "/org/freedesktop/login1";
    let network = "/org/freedesktop/NetworkManager";
    let sleep = signal(
        bus,
        logind,
        "org.freedesktop.login1.Manager",
        "PrepareForSleep",
    );
    let state = signal(
        bus,
        network,
        "org.freedesktop.NetworkManager",
        "StateChanged",
    );
    let properties = "org.freedesktop.DBus.Properties";
    let active = signal(bus, network, properties, "PropertiesChanged");
    let (sleep, state, active) = tokio::try_join!(sleep, state, active)?;
    let mut all = futures_util::stream::select_all([
        sleep.map(|message| woke_up(&message)).boxed(),
        state.map(|message| is_connected(&message)).boxed(),
        active.map(|message| changed_connections(&message)).boxed(),
    ]);
    while let Some(news) = all.next().await {
        if let Some(woken) = news {
            tell(inbox, woken);
        }
    }
    Ok(())
}

/// Asks the bus for a signal.
async fn signal(
    bus: &Connection,
    path: &'static str,
    interface: &'static str,
    member: &'static str,
) -> zbus::Result<impl Stream<Item = Message> + use<>> {
    let rule = MatchRule::builder()
        .msg_type(Type::Signal)
        .path(path)?
        .interface(interface)?
        .member(member)?
        .build();
    let stream = MessageStream::for_match_rule(rule, bus, Some(QUEUE)).await?;
    Ok(stream.filter_map(|message| async { message.ok() }))
}

/// `PrepareForSleep(false)` comes after sleep, `true` before it.
fn woke_up(message: &Message) -> Option<Woken> {
    let before = message.body().deserialize::<bool>().ok()?;
    (!before).then_some(Woken::Resumed)
}

fn is_connected(message: &Message) -> Option<Woken> {
    let state = message.body().deserialize::<u32>().ok()?;
    (state >= CONNECTED).then_some(Woken::NetworkChanged)
}

/// A VPN that comes up changes no state, but the list of active connections.
fn changed_connections(message: &Message) -> Option<Woken> {
    let body = message.body();
    let (_, changed, _): (&str, HashMap<&str, Value<'_>>, Vec<&str>) = body.deserialize().ok()?;
    let lists = changed.contains_key("ActiveConnections");
    lists.then_some(Woken::NetworkChanged)
}
