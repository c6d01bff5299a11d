//! The steps that every test against a real daemon begins with.

use std::time::Duration;

use tokio::net::UnixStream;
use tokio::time::timeout;
use virt_rpc::procedure::types::Domain;
use virt_rpc::procedure::{
    ConnectDomainEventCallbackRegisterAny, ConnectListAllDomains, ConnectOpen, Event,
};
use virt_rpc::{AuthType, Authentication, Connection, Events, Options};

use lab::Daemon;

/// No step of these tests takes longer.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);

pub(crate) type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

pub(crate) async fn open(
    daemon: &Daemon,
    uri: &str,
    options: Options,
) -> Result<(Connection, Events)> {
    let socket = UnixStream::connect(daemon.socket()).await?;
    let (conn, events) = Connection::from_unix(socket, options);
    let how = conn.authenticate(Authentication::default()).await?;
    assert_eq!(how.kind, AuthType::None);
    let name = Some(uri.to_owned());
    conn.call(ConnectOpen { name, flags: 0 }).await?;
    Ok((conn, events))
}

pub(crate) async fn domains(conn: &Connection) -> Result<Vec<Domain>> {
    let list = ConnectListAllDomains {
        need_results: 1,
        flags: 0,
    };
    Ok(conn.call(list).await?.domains)
}

pub(crate) async fn subscribe(conn: &Connection, event_id: i32) -> Result<i32> {
    let register = ConnectDomainEventCallbackRegisterAny {
        event_id,
        dom: None,
    };
    Ok(conn.call(register).await?.callback_id)
}

/// Waits for the lifecycle event of one kind (`virDomainEventType`), and gives what came before it as well.
pub(crate) async fn lifecycle(events: &mut Events, wanted: i32) -> Result<Vec<i32>> {
    let mut seen = Vec::new();
    while seen.last() != Some(&wanted) {
        if let Event::DomainLifecycle(event) = timeout(PATIENCE, events.recv()).await?? {
            seen.push(event.event);
        }
    }
    Ok(seen)
}
