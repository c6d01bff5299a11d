//! What real QEMU has sent: recordings of guests that end with a known picture (guests/record.sh).

mod support;

use rfb::{EncodingPolicy, Engine, EngineEvent, Leds, Size};
use support::{
    colours,
    oracle::{decode, play},
    recording,
};

fn replay(bytes: &[u8], piece: usize) -> Engine {
    let mut engine = Engine::new(EncodingPolicy::LAN);
    for piece in bytes.chunks(piece) {
        engine.push(piece).expect("QEMU's bytes are good");
    }
    assert!(engine.is_idle() && engine.is_complete());
    engine
}

fn picture(name: &str) -> Vec<[u8; 3]> {
    colours(replay(&recording(name), usize::MAX).framebuffer().bytes())
}

#[test]
fn every_encoding_ends_with_the_same_picture() {
    let raw = picture("pattern-raw");
    assert!(raw.iter().collect::<std::collections::HashSet<_>>().len() > 1000);
    for encoding in ["hextile", "zlib", "zrle", "tight", "everything"] {
        assert!(picture(&format!("pattern-{encoding}")) == raw, "{encoding}");
    }
    for guest in ["terminal", "window"] {
        let (zrle, tight) = (
            picture(&format!("{guest}-zrle")),
            picture(&format!("{guest}-tight")),
        );
        assert!(zrle == tight, "{guest}");
    }
}

#[test]
fn pieces_of_any_size_make_the_same_picture() {
    for encoding in ["raw", "hextile", "zlib", "zrle", "tight", "everything"] {
        let bytes = recording(&format!("pattern-{encoding}"));
        let whole = replay(&bytes, usize::MAX);
        for piece in [1, 7, 4096] {
            let pieces = replay(&bytes, piece);
            assert!(
                pieces.framebuffer().bytes() == whole.framebuffer().bytes(),
                "{encoding} by {piece}"
            );
        }
    }
}

#[test]
fn qemu_acknowledges_what_it_was_asked_for() {
    let mut engine = replay(&recording("pattern-everything"), usize::MAX);
    let mut events = Vec::new();
    while let Some(event) = engine.poll_event() {
        events.push(event);
    }
    assert!(
        matches!(&events[0], EngineEvent::Connected { name, size } if name == "QEMU" && *size == Size::new(320, 200))
    );
    assert!(events.contains(&EngineEvent::ExtendedKeys));
    assert!(events.contains(&EngineEvent::Screen { id: 0, flags: 0 }));
    assert!(events.contains(&EngineEvent::PointerMode { absolute: false }));
    assert!(events.contains(&EngineEvent::Leds(Leds::default())));
    assert!(
        !events
            .iter()
            .any(|event| matches!(event, EngineEvent::Resized(_)))
    );
}

/// Plays a recording to vnc-rs and compares its picture with ours, frame by frame at the end.
async fn compare(name: &str, encoding: rfb::Encoding) {
    let bytes = recording(name);
    let ours = replay(&bytes, usize::MAX);
    let pixels = support::pixels(&bytes);
    let (client, server) = tokio::io::duplex(1 << 20);
    let playing = tokio::spawn(async move { play(server, &bytes).await });
    let theirs = tokio::time::timeout(support::PATIENCE, decode(client, encoding, pixels));
    let theirs = theirs
        .await
        .expect("vnc-rs comes to the end")
        .expect("vnc-rs decodes it");
    assert_eq!((theirs.width, theirs.height), {
        let size = ours.framebuffer().size();
        (size.width.into(), size.height.into())
    });
    assert!(
        colours(&theirs.bytes) == colours(ours.framebuffer().bytes()),
        "{name}"
    );
    playing.await.unwrap();
}

#[tokio::test]
async fn vnc_rs_agrees() {
    use rfb::Encoding::{Raw, Tight, Zrle};
    compare("pattern-raw", Raw).await;
    for guest in ["pattern", "terminal", "window"] {
        compare(&format!("{guest}-zrle"), Zrle).await;
        compare(&format!("{guest}-tight"), Tight).await;
    }
}
