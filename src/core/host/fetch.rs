//! Reads the list of domains: all of it in one flight of calls, or a few domains again.
//!
//! Nothing is asked domain by domain where one call answers for all: flags that no list carries are found by asking for
//! the list several times, filtered (`virConnectListAllDomainsFlags`).

use std::collections::{HashMap, HashSet};

use futures_util::future::join_all;
use uuid::Uuid;
use virt_rpc::{
    Connection, Deadline, Error as RpcError, TypedParam,
    procedure::{self, types},
    typed_param::find,
};

use crate::{Domain, DomainState, HostFacts, Options, StateReason};

const PERSISTENT: u32 = 4;
const MANAGED_SAVE: u32 = 256;
const AUTOSTART: u32 = 1_024;
const HAS_SNAPSHOT: u32 = 4_096;

/// `VIR_DOMAIN_STATS_STATE`: answered from the daemon's memory, without asking the guest's hypervisor process.
const STATS_STATE: u32 = 1;

/// What the host told of one domain.
pub(crate) enum Found {
    /// It is there.
    Domain(Box<Domain>),
    /// It is gone.
    Gone(Uuid),
    /// The host did not say; what is known stays.
    Unknown,
}

/// Reads every domain: five lists and the states, all at once.
pub(crate) async fn everything(
    connection: &Connection,
    options: &Options,
) -> Result<Vec<Domain>, RpcError> {
    let patience = Deadline::After(options.list);
    let list = |flags| {
        let need_results = 1;
        connection.call_with(
            procedure::ConnectListAllDomains {
                need_results,
                flags,
            },
            patience,
        )
    };
    let states = procedure::ConnectGetAllDomainStats {
        doms: Vec::new(),
        stats: STATS_STATE,
        flags: 0,
    };
    let (all, persistent, autostart, saved, snapshots, states) = tokio::join!(
        list(0),
        list(PERSISTENT),
        list(AUTOSTART),
        list(MANAGED_SAVE),
        list(HAS_SNAPSHOT),
        connection.call_with(states, patience),
    );
    let all = all?.domains;
    let states = match states {
        Ok(ret) => states_of(ret.ret_stats),
        Err(error @ RpcError::Closed(_)) => return Err(error),
        Err(_) => states_one_by_one(connection, &all).await,
    };
    let everybody = || all.iter().map(|domain| domain.uuid).collect();
    let persistent = uuids(persistent).unwrap_or_else(everybody);
    let [autostart, saved, snapshots] =
        [autostart, saved, snapshots].map(|list| uuids(list).unwrap_or_default());
    let flags = |uuid: &Uuid| Flags {
        persistent: persistent.contains(uuid),
        autostart: autostart.contains(uuid),
        managed_save: saved.contains(uuid),
        has_snapshots: snapshots.contains(uuid),
    };
    Ok(all
        .into_iter()
        .map(|handle| {
            let state = states.get(&handle.uuid).copied();
            let flags = flags(&handle.uuid);
            domain(handle, state, flags)
        })
        .collect())
}

/// Reads a few domains again, whatever the list said of them.
pub(crate) async fn some(connection: &Connection, handles: Vec<types::Domain>) -> Vec<Found> {
    join_all(handles.into_iter().map(|handle| one(connection, handle))).await
}

async fn one(connection: &Connection, handle: types::Domain) -> Found {
    let dom = || handle.clone();
    let by_uuid = procedure::DomainLookupByUuid { uuid: handle.uuid };
    let snapshots = procedure::DomainListAllSnapshots {
        dom: dom(),
        need_results: 0,
        flags: 0,
    };
    let (now, state, persistent, autostart, saved, snapshots) = tokio::join!(
        connection.call(by_uuid),
        connection.call(procedure::DomainGetState {
            dom: dom(),
            flags: 0
        }),
        connection.call(procedure::DomainIsPersistent { dom: dom() }),
        connection.call(procedure::DomainGetAutostart { dom: dom() }),
        connection.call(procedure::DomainHasManagedSaveImage {
            dom: dom(),
            flags: 0
        }),
        connection.call(snapshots),
    );
    let now = match now {
        Ok(ret) => ret.dom,
        Err(error) if error.code() == Some(virt_rpc::code::NO_DOMAIN) => {
            return Found::Gone(handle.uuid);
        }
        Err(_) => return Found::Unknown,
    };
    let Ok(state) = state else {
        // It went between two answers: its end will be told by an event.
        return Found::Unknown;
    };
    let flags = Flags {
        persistent: persistent.map_or(true, |ret| ret.persistent != 0),
        autostart: autostart.is_ok_and(|ret| ret.autostart != 0),
        managed_save: saved.is_ok_and(|ret| ret.result != 0),
        has_snapshots: snapshots.is_ok_and(|ret| ret.ret > 0),
    };
    let found = domain(now, Some((state.state, state.reason)), flags);
    Found::Domain(Box::new(found))
}

/// Asks what the host is; what it does not tell stays empty.
pub(crate) async fn facts(connection: &Connection) -> HostFacts {
    let (hostname, kind, version, libvirt, node) = tokio::join!(
        connection.call(procedure::ConnectGetHostname),
        connection.call(procedure::ConnectGetType),
        connection.call(procedure::ConnectGetVersion),
        connection.call(procedure::ConnectGetLibVersion),
        connection.call(procedure::NodeGetInfo),
    );
    let mut facts = HostFacts {
        hostname: hostname.map(|ret| ret.hostname).unwrap_or_default(),
        hypervisor: kind.map(|ret| ret.kind).unwrap_or_default(),
        hypervisor_version: version.map(|ret| ret.hv_ver).unwrap_or_default(),
        libvirt_version: libvirt.map(|ret| ret.lib_ver).unwrap_or_default(),
        ..HostFacts::default()
    };
    if let Ok(node) = node {
        let count = |number| u32::try_from(number).unwrap_or(0);
        facts.cpus = count(node.cpus);
        facts.nodes = count(node.nodes);
        facts.sockets = count(node.sockets);
        facts.cores = count(node.cores);
        facts.threads = count(node.threads);
        facts.mhz = count(node.mhz);
        facts.memory_kib = node.memory;
        facts.architecture = node.model.to_text();
    }
    facts
}

struct Flags {
    persistent: bool,
    autostart: bool,
    managed_save: bool,
    has_snapshots: bool,
}

fn domain(handle: types::Domain, state: Option<(i32, i32)>, flags: Flags) -> Domain {
    let id = Some(handle.id).filter(|id| *id >= 0);
    let (state, reason) = match state {
        Some((state, reason)) => {
            let state = DomainState::from_wire(state);
            (state, StateReason::from_wire(state, reason))
        }
        None if id.is_some() => (DomainState::Running, StateReason::Unknown),
        None => (DomainState::ShutOff, StateReason::Unknown),
    };
    Domain {
        uuid: handle.uuid,
        name: handle.name,
        id,
        state,
        reason,
        persistent: flags.persistent,
        autostart: flags.autostart,
        // While a restored domain starts, the file is still there.
        managed_save: flags.managed_save && !state.is_active(),
        has_snapshots: flags.has_snapshots,
        ..Domain::default()
    }
}

/// The identities of a filtered list; `None` where the driver does not know the filter.
fn uuids(list: Result<procedure::ret::ConnectListAllDomains, RpcError>) -> Option<HashSet<Uuid>> {
    let domains = list.ok()?.domains;
    Some(domains.into_iter().map(|domain| domain.uuid).collect())
}

fn states_of(records: Vec<types::DomainStatsRecord>) -> HashMap<Uuid, (i32, i32)> {
    records
        .into_iter()
        .filter_map(|record| Some((record.dom.uuid, state_of(&record.params)?)))
        .collect()
}

/// The state and its reason among bulk statistics.
pub(crate) fn state_of(params: &[TypedParam]) -> Option<(i32, i32)> {
    let number = |name| find(params, name)?.as_i64()?.try_into().ok();
    Some((number("state.state")?, number("state.reason").unwrap_or(0)))
}

/// For drivers without bulk statistics (libvirt's code 3).
async fn states_one_by_one(
    connection: &Connection,
    domains: &[types::Domain],
) -> HashMap<Uuid, (i32, i32)> {
    let asked = domains.iter().map(|dom| async move {
        let call = procedure::DomainGetState {
            dom: dom.clone(),
            flags: 0,
        };
        let ret = connection.call(call).await.ok()?;
        Some((dom.uuid, (ret.state, ret.reason)))
    });
    join_all(asked).await.into_iter().flatten().collect()
}
