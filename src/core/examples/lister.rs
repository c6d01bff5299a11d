//! Prints every guest of a host and ends: `cargo run -p innkeeper-core --example lister -- URI`.
//!
//! `benches/connect` measures this beside `virsh list --all`.

use std::{
    io::{Write, stdout},
    process::ExitCode,
};

use innkeeper_core::{Domain, DomainChange, Error, Host, HostState, Uri, askpass};

fn main() -> ExitCode {
    // ssh starts this program again for its questions.
    if let Some(code) = askpass::run_if_asked() {
        return code;
    }
    let uri = std::env::args().nth(1);
    run(&uri.unwrap_or_else(|| "test:///default".to_owned()))
}

/// Prints the list, or why there is none.
pub(crate) fn run(uri: &str) -> ExitCode {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    match runtime.block_on(list(uri)) {
        Ok(guests) => {
            let line = |guest: &Domain| format!("{} {:?}\n", guest.name, guest.state);
            let text: String = guests.iter().map(line).collect();
            match stdout().write_all(text.as_bytes()) {
                Ok(()) => ExitCode::SUCCESS,
                Err(_) => ExitCode::FAILURE,
            }
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn list(uri: &str) -> Result<Vec<Domain>, Error> {
    let uri: Uri = uri.parse()?;
    let host = Host::new(uri);
    let mut changes = host.changes();
    host.connect();
    let mut guests = Vec::new();
    while let Some(batch) = changes.next().await {
        for change in batch.domains {
            if let DomainChange::Added(domain) = change {
                guests.push(domain);
            }
        }
        match batch.state {
            Some(HostState::Connected) => break,
            Some(HostState::Failed(error)) => return Err(Error::clone(&error)),
            _ => {}
        }
    }
    Ok(guests)
}
