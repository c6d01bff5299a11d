//! Every kind of security that a screen can have, on every way to it: real libvirtd, QEMU, sshd, Cyrus and Kerberos.
//!
//! `docs/screens.md` has the tables that must come out. `stage` sets everything up, `verdict` opens a screen and says what
//! became of it; `faults` and `downgrades` are what goes wrong and what must never be taken.
//! Needs the features `daemon-tests` and `anonymous-tls` and root, and fails where a part is missing.

#![cfg(all(feature = "daemon-tests", feature = "anonymous-tls"))]

mod downgrades;
mod faults;
mod stage;
#[path = "../support/mod.rs"]
mod support;
mod verdict;

use std::process::Command;

use lab::{Kdc, document::expect_table};
use stage::{Auth, Stage, WAYS};
use support::guarded::USER;

/// Where services' keys lie, for the copy of this program that has a ticket.
const KEYTAB: &str = "INNKEEPER_TEST_KEYTAB";

/// Kerberos looks at the environment of its process: a copy of this program with a ticket does the work.
#[test]
fn every_screen_on_every_way() {
    if std::env::var_os(KEYTAB).is_some() {
        return with_a_ticket();
    }
    let kdc = Kdc::start("vnc").unwrap();
    kdc.add(USER.0, "pass").unwrap();
    let ticket = kdc.ticket(USER.0, "pass", "1h").unwrap();
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "every_screen_on_every_way", "--nocapture"])
        .env("KRB5_CONFIG", kdc.config())
        .env("KRB5CCNAME", ticket)
        .env(KEYTAB, kdc.keytab())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
}

#[tokio::main]
async fn with_a_ticket() {
    let stage = Stage::set_up().await;
    let rows = matrix(&stage).await;
    expect_table("docs/screens.md", "ways", &rows);
    expect_table("docs/screens.md", "faults", &faults::rows(&stage).await);
    downgrades::are_refused(&stage).await;
}

/// Opens each screen on each way.
async fn matrix(stage: &Stage) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for floor in &stage.floors {
        for auth in Auth::ALL {
            let Some(doors) = floor.doors.get(&auth) else {
                continue;
            };
            let mut row = vec![format!("{}, {}", floor.tls.words(), auth.words())];
            for way in WAYS {
                let outcome = verdict::open(floor, doors, way, &auth.answers()).await;
                row.push(outcome.words(auth));
            }
            rows.push(row);
        }
    }
    rows
}
