//! Tests a connection step by step: `cargo run -p innkeeper-core --example doctor -- URI`.
//!
//! Without a URI it takes libvirt's default one. Nobody is asked for passwords: they come from `auth.conf`, keys, agents
//! and tickets. Exit status: 0 when the host is ready, 1 when a step failed, 2 when the address makes no sense.

use std::process::ExitCode;

use innkeeper_core::{CheckStep, ClientConfig, Error, ErrorKind, Options, Outcome, Uri, check};

#[tokio::main]
async fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::from_default_env())
        .with_writer(std::io::stderr)
        .init();
    match address(std::env::args().nth(1)) {
        Ok(uri) => examine(uri).await,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

/// Reads the address as libvirt's own clients do, aliases included.
fn address(argument: Option<String>) -> Result<Uri, Error> {
    let config = ClientConfig::read()?;
    match argument {
        Some(text) => config.resolve(&text),
        None => config.default_uri().unwrap_or_else(|| {
            let message = "which host? For example: doctor qemu:///system";
            Err(Error::new(ErrorKind::BadUri, message))
        }),
    }
}

async fn examine(uri: Uri) -> ExitCode {
    println!("{uri}");
    let mut test = check(uri, Options::default());
    let mut is_ready = true;
    while let Some(news) = test.next().await {
        let name = name(news.step);
        match news.outcome {
            Outcome::Passed { detail } => println!("✓ {name:<15} {detail}"),
            Outcome::Warned { warnings, detail } => {
                println!("! {name:<15} {detail}");
                for warning in warnings {
                    println!("  {:<15} {warning}", "");
                }
            }
            Outcome::Failed(error) => {
                is_ready = false;
                println!("✗ {name:<15} {error}");
                println!("  {:<15} {:?}", "", error.kind);
            }
            Outcome::Skipped => println!("- {name:<15} not tried"),
            _ => {}
        }
    }
    if is_ready {
        println!("ready");
        return ExitCode::SUCCESS;
    }
    ExitCode::FAILURE
}

fn name(step: CheckStep) -> String {
    match step {
        CheckStep::Address => "address".to_owned(),
        CheckStep::Resolve => "host name".to_owned(),
        CheckStep::Port => "port".to_owned(),
        CheckStep::SshLogin => "ssh login".to_owned(),
        CheckStep::FarSocket => "far socket".to_owned(),
        CheckStep::Tls => "certificates".to_owned(),
        CheckStep::Socket => "socket".to_owned(),
        CheckStep::Authentication => "authentication".to_owned(),
        CheckStep::Driver => "driver".to_owned(),
        CheckStep::Daemon => "daemon".to_owned(),
        other => format!("{other:?}"),
    }
}
