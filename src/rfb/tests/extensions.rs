//! What goes beyond RFC 6143, against a scripted server: clipboard in UTF-8, sound, power, buttons, fences, updates
//! without requests, and encodings that follow the link.

mod support;

use std::{io::Read, time::Duration};

use flate2::read::ZlibDecoder;
use rfb::{
    AudioFormat, ClipboardRefusal, Encoding, EncodingPolicy, Encodings, Error, Event, Events,
    Options, PowerAction, Session,
};
use support::{PATIENCE, Peer, rect, request, session, until, update};

const AUDIO: i32 = -259;
const EXTENDED_BUTTONS: i32 = -316;

/// A server's cut-text message of negative length.
fn word(flags: u32, body: &[u8]) -> Vec<u8> {
    let length = -(4 + body.len() as i32);
    [
        &[3, 0, 0, 0][..],
        &length.to_be_bytes(),
        &flags.to_be_bytes(),
        body,
    ]
    .concat()
}

/// The same as the client sends it.
fn answer(flags: u32, body: &[u8]) -> Vec<u8> {
    let mut bytes = word(flags, body);
    bytes[0] = 6;
    bytes
}

async fn begin(options: Options) -> (Session, Events, Peer) {
    let (session, events, mut peer) = session(options);
    peer.welcome(4, 2).await;
    (session, events, peer)
}

/// Sends an update of one rectangle, and takes the request for the next one.
async fn ability(peer: &mut Peer, encoding: i32) {
    peer.send(&[update(1), rect(0, 0, 4, 2, encoding, &[])].concat())
        .await;
    peer.expect(&request(true, 4, 2)).await;
}

#[tokio::test]
async fn text_goes_both_ways_as_utf_8() {
    let (session, mut events, mut peer) = begin(Options::default()).await;
    peer.send(&word(0x1b00_0001, &[0; 4])).await;
    peer.expect(&answer(0x1f00_0001, &[0; 4])).await;
    session.clipboard_offer("Grüße\n世界".to_owned());
    peer.expect(&answer(0x0800_0001, &[])).await;
    peer.send(&word(0x0400_0000, &[])).await;
    peer.expect(&answer(0x0800_0001, &[])).await;
    peer.send(&word(0x0200_0001, &[])).await;
    let provided = peer.message_of(6).await;
    assert_eq!(provided[..4], [0x10, 0, 0, 1]);
    let mut text = Vec::new();
    ZlibDecoder::new(&provided[4..])
        .read_to_end(&mut text)
        .unwrap();
    assert_eq!(text[4..], *"Grüße\r\n世界\0".as_bytes());
    assert_eq!(text[..4], (text.len() as u32 - 4).to_be_bytes());
    // The other way: what is offered is fetched.
    peer.send(&word(0x0800_0001, &[])).await;
    peer.expect(&answer(0x0200_0001, &[])).await;
    peer.send(&word(0x1000_0001, &provided[4..])).await;
    let text = until(&mut events, |event| match event {
        Event::ClipboardText(text) => Some(text),
        _ => None,
    });
    assert_eq!(text.await, "Grüße\n世界");
}

#[tokio::test]
async fn who_knows_latin_1_only_gets_latin_1_or_nothing() {
    let (session, mut events, mut peer) = begin(Options::default()).await;
    session.clipboard_offer("3 €".to_owned());
    session.key(0x61, 0, true);
    // The key went, and the text waits: the server may be about to say that it understands more.
    peer.expect(&[4, 1, 0, 0, 0, 0, 0, 0x61]).await;
    let picture = rect(0, 0, 4, 2, 0, &[0; 32]);
    peer.send(&[update(1), picture].concat()).await;
    peer.expect(&request(true, 4, 2)).await;
    assert_eq!(refusal(&mut events).await, ClipboardRefusal::Characters);
    session.clipboard_offer("x".repeat(rfb::limits::MAX_OFFERED_TEXT + 1));
    assert_eq!(refusal(&mut events).await, ClipboardRefusal::TooLong);
    session.clipboard_offer("3 £".to_owned());
    peer.expect(&[6, 0, 0, 0, 0, 0, 0, 3, b'3', b' ', 0xa3])
        .await;
}

async fn refusal(events: &mut Events) -> ClipboardRefusal {
    let refused = until(events, |event| match event {
        Event::ClipboardRefused(refusal) => Some(refusal),
        _ => None,
    });
    refused.await
}

#[tokio::test]
async fn side_buttons() {
    let (session, _events, mut peer) = begin(Options::default()).await;
    session.pointer(1, 2, 0x80);
    peer.expect(&[5, 0, 0, 1, 0, 2]).await;
    ability(&mut peer, EXTENDED_BUTTONS).await;
    session.pointer(1, 2, 0x40);
    peer.expect(&[5, 0x40, 0, 1, 0, 2]).await;
    session.pointer(1, 2, 0x80);
    peer.expect(&[5, 0x80, 0, 1, 0, 2, 1]).await;
}

#[tokio::test]
async fn sound_waits_for_its_offer_and_lies_in_the_queue() {
    let (session, mut events, mut peer) = begin(Options::default()).await;
    session.audio(Some(AudioFormat::default()));
    session.key(0x61, 0, true);
    // Nothing of sound went before the key.
    peer.expect(&[4, 1, 0, 0, 0, 0, 0, 0x61]).await;
    peer.send(&[update(1), rect(0, 0, 4, 2, AUDIO, &[])].concat())
        .await;
    let on = [255, 1, 0, 2, 3, 2, 0, 0, 0xac, 0x44, 255, 1, 0, 0];
    peer.expect(&[&on[..], &request(true, 4, 2)].concat()).await;
    let samples = [255, 1, 0, 2, 0, 0, 0, 6, 1, 2, 3, 4, 5, 6];
    peer.send(&[&[255, 1, 0, 1][..], &samples, &[255, 1, 0, 0]].concat())
        .await;
    let ended = |event| matches!(event, Event::AudioEnd).then_some(());
    until(&mut events, ended).await;
    let mut heard = [0; 10];
    assert_eq!(session.audio_queue().read(&mut heard), 6);
    assert_eq!(heard[..6], [1, 2, 3, 4, 5, 6]);
    session.audio(None);
    peer.expect(&[255, 1, 0, 1]).await;
}

#[tokio::test]
async fn sound_without_end_is_dropped_and_counted() {
    let (session, mut events, mut peer) = begin(Options::default()).await;
    ability(&mut peer, AUDIO).await;
    peer.send(&[255, 1, 0, 1, 255, 1, 0, 2, 0xff, 0xff, 0xff, 0xff])
        .await;
    for _ in 0..40 {
        peer.send(&vec![7; 64 << 10]).await;
    }
    let begun = std::time::Instant::now();
    while session.statistics().audio_dropped < (40 << 16) - 384_000 - 8 {
        assert!(begun.elapsed() < PATIENCE, "{:?}", session.statistics());
        tokio::task::yield_now().await;
    }
    assert!(session.audio_queue().len() <= 384_000);
    assert!(!matches!(events.try_recv(), Some(Event::Closed(_))));
}

#[tokio::test]
async fn sound_that_was_not_offered_is_the_end() {
    let (_session, mut events, mut peer) = begin(Options::default()).await;
    peer.send(&[255, 1, 0, 1]).await;
    let error = until(&mut events, closed).await;
    assert!(
        matches!(error, Error::Unexpected { number: 255, .. }),
        "{error:?}"
    );
}

fn closed(event: Event) -> Option<Error> {
    match event {
        Event::Closed(error) => Some(error),
        _ => None,
    }
}

#[tokio::test]
async fn acts_on_the_power() {
    let (session, mut events, mut peer) = begin(Options::default()).await;
    let refused = |event| matches!(event, Event::PowerRefused).then_some(());
    session.power(PowerAction::Reset);
    until(&mut events, refused).await;
    peer.send(&[250, 0, 1, 1]).await;
    let able = |event| matches!(event, Event::PowerActions).then_some(());
    until(&mut events, able).await;
    session.power(PowerAction::ShutDown);
    peer.expect(&[250, 0, 1, 2]).await;
    peer.send(&[250, 0, 1, 0]).await;
    until(&mut events, refused).await;
}

#[tokio::test]
async fn fences_are_answered_and_tell_the_round_trip() {
    let (session, _events, mut peer) = begin(Options::default()).await;
    let before = session.statistics().round_trip;
    assert!(before.is_some(), "the desktop's description is an answer");
    let fence = |flags: u32, payload: &[u8]| {
        [
            &[248, 0, 0, 0][..],
            &flags.to_be_bytes(),
            &[payload.len() as u8],
            payload,
        ]
        .concat()
    };
    peer.send(&fence(0xc000_0005, b"hello")).await;
    // What is not understood is not claimed.
    peer.expect(&fence(5, b"hello")).await;
    session.statistics();
    peer.expect(&fence(0x8000_0001, b"time")).await;
    tokio::time::sleep(Duration::from_millis(30)).await;
    peer.send(&fence(1, b"time")).await;
    let begun = std::time::Instant::now();
    while session.statistics().round_trip < Some(Duration::from_millis(30)) {
        assert!(begun.elapsed() < PATIENCE);
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_flood_of_fences_from_a_server_that_does_not_read_is_the_end() {
    let (_session, mut events, peer) = begin(Options::default()).await;
    let (_reader, mut writer) = tokio::io::split(peer.stream);
    let fence = [&[248, 0, 0, 0, 0x80, 0, 0, 0, 64][..], &[7; 64]].concat();
    let flood = fence.repeat(1000);
    let flooding = tokio::spawn(async move {
        // It ends with the session.
        while tokio::io::AsyncWriteExt::write_all(&mut writer, &flood)
            .await
            .is_ok()
        {}
    });
    let error = until(&mut events, closed).await;
    assert!(matches!(error, Error::Stalled), "{error:?}");
    flooding.await.unwrap();
}

#[tokio::test]
async fn updates_without_requests_where_the_server_can() {
    let (session, _events, mut peer) = begin(Options::default()).await;
    peer.send(&[150]).await;
    peer.expect(&[150, 1, 0, 0, 0, 0, 0, 4, 0, 2]).await;
    // The updates that follow are not asked for.
    peer.send(&[update(0), update(0)].concat()).await;
    session.key(0x61, 0, true);
    peer.expect(&[4, 1, 0, 0, 0, 0, 0, 0x61]).await;
    session.set_paused(true);
    peer.expect(&[150, 0, 0, 0, 0, 0, 0, 4, 0, 2]).await;
    peer.send(&[150]).await;
    session.set_paused(false);
    peer.expect(&[150, 1, 0, 0, 0, 0, 0, 4, 0, 2]).await;
    // Another size is asked for whole, and followed.
    peer.send(&[update(1), rect(0, 0, 8, 8, -223, &[])].concat())
        .await;
    peer.expect(&[150, 1, 0, 0, 0, 0, 0, 8, 0, 8]).await;
    peer.expect(&request(false, 8, 8)).await;
}

#[tokio::test]
async fn another_policy_is_told_at_once() {
    let (session, _events, mut peer) = begin(Options::default()).await;
    assert_eq!(session.statistics().policy, EncodingPolicy::Adaptive);
    assert_eq!(session.statistics().level, Some(2));
    session.set_encodings(EncodingPolicy::new(Encoding::Zrle).quality(3));
    let numbers = peer.encodings().await;
    assert_eq!(numbers[0], Encoding::Zrle.number());
    assert!(numbers.contains(&-29));
    let now = session.statistics();
    assert_eq!((now.level, now.quality), (None, Some(3)));
}

/// Sends whole pictures through a link of this rate until other encodings are asked for.
async fn slow(peer: &mut Peer, bytes_per_second: u64) -> Vec<i32> {
    const SIDE: u16 = 128;
    let piece = 2048;
    let pause = Duration::from_micros(piece as u64 * 1_000_000 / bytes_per_second);
    let picture = [
        update(1),
        rect(
            0,
            0,
            SIDE,
            SIDE,
            0,
            &vec![9; 4 * SIDE as usize * SIDE as usize],
        ),
    ]
    .concat();
    loop {
        for part in picture.chunks(piece) {
            peer.send(part).await;
            tokio::time::sleep(pause).await;
        }
        if let Some(numbers) = peer.encodings_among_requests().await {
            return numbers;
        }
    }
}

#[tokio::test]
async fn encodings_follow_a_slow_link() {
    let (session, _events, mut peer) = session(Options::default());
    // A description that is late is that of a server far away.
    peer.welcome_after(128, 128, Duration::from_millis(20))
        .await;
    let numbers = tokio::time::timeout(PATIENCE, slow(&mut peer, 300_000))
        .await
        .expect("the session looks at its link");
    let level = Encodings::WAN.compress.unwrap();
    assert!(
        numbers.contains(&(-256 + i32::from(level))),
        "{numbers:?} {:?}",
        session.statistics()
    );
    let now = session.statistics();
    assert_eq!(now.level, Some(level));
    assert!(now.link_rate.is_none() || now.link_rate < Some(2_000_000));
    assert!(now.rate > 10_000 && now.updates > 1, "{now:?}");
}
