//! Links that delay, freeze and are cut: no answer is taken for another, no act reaches the daemon twice, nothing stalls,
//! and the host is always back. Needs the feature `daemon-tests`; `benches/cuts.rs` does the same for longer.

#![cfg(feature = "daemon-tests")]

mod support;

use std::time::Duration;

use support::storm::{Kind, Plan, weather};

/// Short enough for every run of the tests: the host's waits are shortened with the storms.
async fn storm(kind: Kind) {
    let plan = Plan {
        seed: 0x1abe,
        duration: Duration::from_secs(5),
        ping: Duration::from_millis(300),
        retries: [50, 100, 250, 500].map(Duration::from_millis).to_vec(),
        storm: Duration::from_millis(1_500),
    };
    weather(kind, &plan).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn over_a_socket() {
    storm(Kind::Unix).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn over_tcp_with_sasls_layer() {
    storm(Kind::Sasl).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn over_tls() {
    storm(Kind::Tls).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn over_ssh() {
    storm(Kind::Ssh).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn over_a_program() {
    storm(Kind::Ext).await;
}
