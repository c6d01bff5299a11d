//! Prints `state<TAB>name<TAB>uuid` for every guest of a daemon.
//!
//! `cargo run -p virt-rpc --example list -- URI-OR-SOCKET [URI]`: `qemu:///system`, `qemu:///session`, `test:///default`
//! (through the local daemon), or the path of a socket, with the URI that the daemon is to open behind it.

use std::path::PathBuf;
use std::process::ExitCode;

use tokio::net::UnixStream;
use virt_rpc::procedure::{ConnectGetAllDomainStats, ConnectListAllDomains, ConnectOpen};
use virt_rpc::{Authentication, Connection, Options, typed_param};

/// `VIR_DOMAIN_STATS_STATE`.
const STATS_STATE: u32 = 1;

/// What `virDomainState` calls its numbers, in virsh's words.
const STATES: [&str; 8] = [
    "no state",
    "running",
    "idle",
    "paused",
    "in shutdown",
    "shut off",
    "crashed",
    "pmsuspended",
];

#[tokio::main]
async fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let Some(target) = args.next() else {
        eprintln!("usage: list URI-OR-SOCKET [URI]");
        return ExitCode::from(2);
    };
    match list(&target, args.next()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{target}: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn list(target: &str, name: Option<String>) -> Result<(), Box<dyn std::error::Error>> {
    let (sockets, name) = if target.contains("://") {
        (sockets(target), name.or_else(|| Some(target.to_owned())))
    } else {
        (vec![PathBuf::from(target)], name.or(Some(String::new())))
    };
    let (conn, _events) = Connection::from_unix(connect(&sockets).await?, Options::default());
    conn.authenticate(Authentication::default()).await?;
    conn.call(ConnectOpen { name, flags: 0 }).await?;
    let guests = ConnectListAllDomains {
        need_results: 1,
        flags: 0,
    };
    let stats = ConnectGetAllDomainStats {
        doms: Vec::new(),
        stats: STATS_STATE,
        flags: 0,
    };
    let (guests, stats) = tokio::join!(conn.call(guests), conn.call(stats));
    let stats = stats?.ret_stats;
    for guest in guests?.domains {
        let word = stats
            .iter()
            .find(|record| record.dom.uuid == guest.uuid)
            .and_then(|record| typed_param::find(&record.params, "state.state"))
            .and_then(virt_rpc::TypedValue::as_u64)
            .and_then(|state| STATES.get(usize::try_from(state).ok()?))
            .unwrap_or(&"unknown");
        println!("{word}\t{}\t{}", guest.name, guest.uuid);
    }
    conn.close().await;
    Ok(())
}

/// Opens the first socket that somebody listens on.
async fn connect(sockets: &[PathBuf]) -> Result<UnixStream, String> {
    let mut failures = Vec::new();
    for path in sockets {
        match UnixStream::connect(path).await {
            Ok(socket) => return Ok(socket),
            Err(error) => failures.push(format!("{}: {error}", path.display())),
        }
    }
    Err(failures.join("; "))
}

/// The sockets where a URI's daemon may listen: the driver's own daemon first, then libvirtd.
fn sockets(uri: &str) -> Vec<PathBuf> {
    let (driver, rest) = uri.split_once("://").unwrap_or((uri, ""));
    let own = format!("virt{driver}d-sock");
    let names = [own.as_str(), "libvirt-sock"];
    let runtime = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from);
    let cache = || std::env::home_dir().map(|home| home.join(".cache"));
    let session = runtime.or_else(cache).map(|dir| dir.join("libvirt"));
    let system = PathBuf::from("/var/run/libvirt");
    let dirs: Vec<PathBuf> = match rest {
        "/session" => session.into_iter().collect(),
        "/system" => vec![system],
        _ => [system].into_iter().chain(session).collect(),
    };
    dirs.iter()
        .flat_map(|dir| names.map(|name| dir.join(name)))
        .collect()
}
