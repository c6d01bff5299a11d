//! A claimed length allocates nothing: memory grows with the bytes that arrived. One test, because it counts what the
//! whole process allocates.

mod support;

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::{BufMut, BytesMut};
use support::peer::{answer, pair, wire};
use virt_rpc::procedure::*;
use virt_rpc::wire::packet::{PACKET_MAX, Status};
use virt_rpc::{Error, Options};

struct Largest;

static LARGEST: AtomicUsize = AtomicUsize::new(0);

// SAFETY: everything is handed to the system's allocator unchanged.
unsafe impl GlobalAlloc for Largest {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        LARGEST.fetch_max(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller keeps the contract of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the pointer came from `System` with this layout.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Largest = Largest;

/// Says how large the largest allocation was while `future` ran, in bytes.
async fn largest<T>(future: impl Future<Output = T>) -> (T, usize) {
    LARGEST.store(0, Ordering::Relaxed);
    let output = future.await;
    (output, LARGEST.load(Ordering::Relaxed))
}

#[tokio::test]
async fn claims_do_not_allocate() {
    let (conn, _events, mut peer) = pair(Options::default());
    // Lists and strings that claim to be long inside of a small packet.
    for claim in [0xffff_ffff_u32, 0x0040_0000, 262_144, 16_384] {
        for nested in [false, true] {
            let mut payload = BytesMut::new();
            if nested {
                payload.put_u32(1);
                payload.put_slice(&wire(&support::peer::domain("vm")));
            }
            payload.put_u32(claim);
            payload.put_bytes(0, 64);
            let script = async {
                let call = peer.expect(344).await;
                peer.send(&answer(&call, Status::Ok, &payload)).await;
            };
            let call = conn.call(ConnectGetAllDomainStats {
                doms: Vec::new(),
                stats: 1,
                flags: 0,
            });
            let both = async { tokio::join!(call, script).0 };
            let (answer, largest) = largest(both).await;
            assert!(matches!(answer, Err(Error::Decode { .. })), "{answer:?}");
            assert!(largest < 200_000, "{claim} allocated {largest}");
        }
    }
    // A packet that claims 32 MiB and brings half a MiB.
    let mut packet = BytesMut::new();
    packet.put_u32(PACKET_MAX as u32);
    packet.put_bytes(0, 512 * 1024);
    let arrived = packet.len() as u64 + conn.stats().bytes_in;
    let taken = async {
        peer.send(&packet).await;
        while conn.stats().bytes_in < arrived {
            tokio::task::yield_now().await;
        }
    };
    let ((), largest) = largest(taken).await;
    assert!(largest < 3 * 1024 * 1024, "allocated {largest}");
}
