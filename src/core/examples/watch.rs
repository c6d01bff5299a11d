//! Prints what a host tells: `cargo run -p innkeeper-core --example watch -- URI`.

use innkeeper_core::{DomainChange, Host, Interest, Uri};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::from_default_env())
        .with_writer(std::io::stderr)
        .init();
    let uri: Uri = std::env::args()
        .nth(1)
        .unwrap_or_else(|| "test:///default".to_owned())
        .parse()?;
    let host = Host::new(uri);
    let mut changes = host.changes();
    host.connect();
    let mut seen = Vec::new();
    while let Some(batch) = changes.next().await {
        if let Some(state) = batch.state {
            println!("host     {state:?}");
        }
        if let Some(facts) = batch.facts {
            println!("facts    {facts:?}");
        }
        for change in batch.domains {
            match change {
                DomainChange::Added(domain) => {
                    seen.push(domain.uuid);
                    println!("added    {domain:?}");
                }
                DomainChange::Changed(domain) => println!("changed  {domain:?}"),
                DomainChange::Removed(uuid) => {
                    seen.retain(|known| *known != uuid);
                    println!("removed  {uuid}");
                }
            }
        }
        for (uuid, sample) in batch.samples {
            println!("sample   {uuid} {sample:?}");
        }
        host.set_interest(Interest {
            visible: seen.clone(),
            ticking: true,
            ..Interest::default()
        });
    }
    Ok(())
}
