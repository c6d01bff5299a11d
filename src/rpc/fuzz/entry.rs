//! What the fuzz target does with an input; `tests/fuzz.rs` does the same with the checked-in corpus.
//!
//! The input is what a daemon sends. First every packet in it is decoded as results of many shapes, then all of it is
//! given to a connection with calls and a stream under way, which must end in order.

use std::time::Duration;

use bytes::Bytes;
use tokio::io::AsyncWriteExt;
use virt_rpc::procedure::types::Domain;
use virt_rpc::procedure::*;
use virt_rpc::wire::codec::{Decode, Encode};
use virt_rpc::wire::packet::Deframer;
use virt_rpc::wire::xdr::{Decoder, Encoder};
use virt_rpc::{Connection, Error, Keepalive, Options, RemoteError};

/// Runs one input. Panics when something is wrong.
pub(crate) fn packets(input: &[u8]) {
    let mut deframer = Deframer::default();
    deframer.buffer().extend_from_slice(input);
    while let Ok(Some(packet)) = deframer.next_packet() {
        decode_all(&packet.payload);
    }
    tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .expect("a runtime")
        .block_on(converse(input));
}

/// Decodes a payload as every kind of result that has a shape of its own.
fn decode_all(payload: &Bytes) {
    stable::<RemoteError>(payload);
    stable::<ret::ConnectGetAllDomainStats>(payload);
    stable::<ret::ConnectListAllDomains>(payload);
    stable::<ret::ConnectBaselineHypervisorCpu>(payload);
    stable::<ret::DomainGetXmlDesc>(payload);
    stable::<ret::DomainGetInfo>(payload);
    stable::<ret::DomainGetVcpus>(payload);
    stable::<ret::DomainGetFsinfo>(payload);
    stable::<ret::DomainInterfaceAddresses>(payload);
    stable::<ret::DomainListAllSnapshots>(payload);
    stable::<ret::NetworkGetDhcpLeases>(payload);
    stable::<ret::NodeGetInfo>(payload);
    stable::<ret::NodeGetCellsFreeMemory>(payload);
    stable::<ret::SecretGetValue>(payload);
    stable::<ret::StorageVolGetInfo>(payload);
    stable::<ret::AuthSaslStep>(payload);
    stable::<event::DomainGraphics>(payload);
    stable::<event::DomainMetadataChange>(payload);
}

/// What can be decoded can be sent, and is the same when it comes back.
fn stable<T: Encode + Decode>(payload: &Bytes) {
    let Ok(value) = T::decode(&mut Decoder::new(payload.clone())) else {
        return;
    };
    let mut first = Encoder::new();
    // Replacing what is not UTF-8 can make a string longer than its limit.
    if value.encode(&mut first).is_err() {
        return;
    }
    let first = first.finish();
    let again = T::decode(&mut Decoder::new(first.clone())).expect("our own bytes");
    let mut second = Encoder::new();
    again.encode(&mut second).expect("our own value");
    assert_eq!(first, second.finish());
}

async fn converse(input: &[u8]) {
    let (ours, mut theirs) = tokio::io::duplex(1 << 16);
    let options = Options::default()
        .with_keepalive(Keepalive::Off)
        .with_backlog(1 << 20, 1 << 20);
    let (conn, mut events) = Connection::from_stream(ours, options);
    let calls = tokio::spawn(calls(conn.clone()));
    let listening = tokio::spawn(async move { while events.recv().await.is_ok() {} });
    let closed = conn.clone();
    let end = async {
        while conn.stats().calls < 4 {
            tokio::task::yield_now().await;
        }
        // The client may hang up in the middle of it.
        let _ = theirs.write_all(input).await;
        drop(theirs);
        closed.closed().await;
        calls.await.expect("no panic in the calls");
        listening.await.expect("no panic with the events");
    };
    let patience = Duration::from_secs(1000);
    tokio::time::timeout(patience, end)
        .await
        .expect("everything ends with the connection");
}

/// Calls 1 to 4; the second opens a stream and reads it to its end.
async fn calls(conn: Connection) {
    let dom = Domain {
        name: "vm".into(),
        uuid: uuid::Uuid::nil(),
        id: 1,
    };
    let shot = DomainScreenshot {
        dom: dom.clone(),
        screen: 0,
        flags: 0,
    };
    let stats = ConnectGetAllDomainStats {
        doms: Vec::new(),
        stats: 1,
        flags: 0,
    };
    let stream = async {
        let Ok((_, mut stream)) = conn.open_stream(shot).await else {
            return;
        };
        while let Ok(Some(_)) = stream.recv().await {}
        let _ = stream.finish().await;
    };
    let (kind, (), stats, xml) = tokio::join!(
        conn.call(ConnectGetType),
        stream,
        conn.call(stats),
        conn.call(DomainGetXmlDesc { dom, flags: 0 }),
    );
    let outcomes = [kind.err(), stats.err(), xml.err()];
    for error in outcomes.into_iter().flatten() {
        assert!(!matches!(
            error,
            Error::Encode { .. } | Error::NoDescriptors
        ));
    }
}
