//! What QEMU speaks beyond RFC 6143: clipboard text in UTF-8, sound, acts on the power, and how long it takes to answer.
//!
//! Needs QEMU and nasm: `build-aux/dev cargo test -p rfb --features qemu-tests`.
#![cfg(feature = "qemu-tests")]

mod support;

use std::time::{Duration, Instant};

use rfb::{AudioFormat, Event, Events, Options, PowerAction, Sample, Session, limits};
use support::{PATIENCE, guest::Guest, until};

const VGA: [&str; 2] = ["-vga", "std"];

/// Connects, and waits for the first whole picture.
async fn viewer(guest: &Guest) -> (Session, Events) {
    let (session, mut events) = guest.connect(Options::default()).await;
    until(&mut events, |_| session.is_complete().then_some(())).await;
    (session, events)
}

#[tokio::test(flavor = "multi_thread")]
async fn text_goes_from_one_viewer_to_another() {
    let guest = Guest::boot("pattern", "", &VGA);
    let (one, mut one_hears) = viewer(&guest).await;
    let (other, mut other_hears) = viewer(&guest).await;
    let mut long = "Grüße, 世界 🖥\n".repeat(limits::MAX_OFFERED_TEXT / 22);
    long.extend(std::iter::repeat_n(
        '.',
        limits::MAX_OFFERED_TEXT - long.len(),
    ));
    passes(&one, &mut other_hears, "Grüße, 世界\nzwei\n").await;
    passes(&other, &mut one_hears, "Antwort").await;
    passes(&one, &mut other_hears, &long).await;
}

/// Offers text on one side and waits for it on the other.
async fn passes(speaker: &Session, hearer: &mut Events, text: &str) {
    speaker.clipboard_offer(text.to_owned());
    let heard = until(hearer, |event| match event {
        Event::ClipboardText(heard) => Some(heard),
        _ => None,
    });
    assert!(heard.await == text);
}

/// A form in which counting is easy.
const HEARD: AudioFormat = AudioFormat {
    sample: Sample::S16,
    channels: 1,
    frequency: 8000,
};

/// A hundred times as long as QEMU waits between two of its messages with sound.
const QUIET: Duration = Duration::from_secs(1);

#[tokio::test(flavor = "multi_thread")]
async fn a_tone_is_heard_as_it_was_sounded() {
    let sound = [
        "-vga",
        "std",
        "-audiodev",
        "none,id=sound",
        "-machine",
        "pcspk-audiodev=sound",
    ];
    let guest = Guest::boot("tone", ",audiodev=sound", &sound);
    let (session, mut events) = guest.connect(Options::default()).await;
    session.audio(Some(HEARD));
    let mut offered = false;
    until(&mut events, |event| {
        offered |= matches!(event, Event::AudioOffered);
        matches!(event, Event::AudioBegin).then_some(())
    })
    .await;
    assert!(offered);
    let samples = hear(&session, &mut events, 8000).await;
    // Each wave goes through nought twice. What comes first may be silence.
    let rising = samples
        .windows(2)
        .filter(|pair| pair[0] < 0 && pair[1] >= 0);
    let seconds = samples.len() as f64 / f64::from(HEARD.frequency);
    let frequency = rising.count() as f64 / seconds;
    assert!((950.0..=1050.0).contains(&frequency), "{frequency} Hz");
    assert_eq!(session.statistics().audio_dropped, 0);

    // Without a listener QEMU sends no more of it, while the guest sounds on.
    session.audio(None);
    quiet(&mut events).await;
    session.audio_queue().take();
    session.audio(Some(HEARD));
    hear(&session, &mut events, 800).await;
}

/// Waits until there has been no sound for as long as a hundred messages would take.
async fn quiet(events: &mut Events) {
    let mut last = Instant::now();
    let begun = last;
    while let Ok(event) = tokio::time::timeout_at((last + QUIET).into(), events.recv()).await {
        let event = event.expect("news go on");
        if matches!(event, Event::AudioData | Event::AudioBegin) {
            last = Instant::now();
        }
        assert!(begun.elapsed() < PATIENCE, "it sounds on");
    }
}

/// Takes this many samples, from the first that is not silence on.
async fn hear(session: &Session, events: &mut Events, count: usize) -> Vec<i16> {
    let (queue, mut samples) = (session.audio_queue(), Vec::new());
    let begun = Instant::now();
    while samples.len() < count {
        assert!(begun.elapsed() < PATIENCE, "{} samples", samples.len());
        let data = |event| matches!(event, Event::AudioData).then_some(());
        until(events, data).await;
        let mut bytes = vec![0; queue.len() / 2 * 2];
        let taken = queue.read(&mut bytes);
        assert_eq!(taken, bytes.len());
        let pairs = bytes.as_chunks::<2>().0;
        let new = pairs.iter().map(|pair| i16::from_le_bytes(*pair));
        samples.extend(new);
        if samples.iter().all(|sample| *sample == 0) {
            samples.clear();
        }
    }
    samples
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_sound_device_there_is_none_and_nothing_is_asked() {
    let guest = Guest::boot("pattern", "", &VGA);
    let (session, mut events) = guest.connect(Options::default()).await;
    session.audio(Some(AudioFormat::default()));
    session.power(PowerAction::Reset);
    let mut refused = false;
    until(&mut events, |event| {
        refused |= matches!(event, Event::PowerRefused);
        assert!(!matches!(
            event,
            Event::AudioOffered | Event::PowerActions | Event::Closed(_)
        ));
        session.is_complete().then_some(())
    })
    .await;
    assert!(refused);
}

#[tokio::test(flavor = "multi_thread")]
async fn acts_on_the_power_where_they_are_allowed() {
    let guest = Guest::boot("pattern", ",power-control=on", &VGA);
    let (session, mut events) = guest.connect(Options::default()).await;
    let able = |event| matches!(event, Event::PowerActions).then_some(());
    until(&mut events, able).await;
    let pattern = rfb::Size::new(320, 200);
    while session.size() != pattern {
        support::next(&mut events).await;
    }
    session.power(PowerAction::Reboot);
    let refused = |event| matches!(event, Event::PowerRefused).then_some(());
    until(&mut events, refused).await;
    session.power(PowerAction::Reset);
    // The firmware's own screen is of another size.
    let firmware = until(&mut events, |event| match event {
        Event::Resized(size) if size != pattern => Some(()),
        _ => None,
    });
    tokio::select! {
        () = firmware => {}
        () = stay_awake(&session) => {}
    }
}

/// Moves the mouse all the time: QEMU looks at a screen on which nothing happens every three seconds only, and what
/// comes and goes between two looks is never shown.
async fn stay_awake(session: &Session) {
    let mut ticks = tokio::time::interval(Duration::from_millis(20));
    for x in (0..100).cycle() {
        ticks.tick().await;
        session.pointer(x, 0, 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_round_trip_is_measured_again_and_again() {
    let guest = Guest::boot("pattern", "", &VGA);
    let (session, mut events) = viewer(&guest).await;
    let first = session.statistics();
    assert_eq!(first.security.kind, "None");
    let begun = Instant::now();
    while session.statistics().round_trip == first.round_trip {
        assert!(begun.elapsed() < PATIENCE, "no other answer");
        if let Some(Event::Closed(error)) = events.try_recv() {
            panic!("{error}");
        }
        tokio::task::yield_now().await;
    }
    let now = session.statistics();
    assert!(now.round_trip < Some(PATIENCE));
    assert!(now.updates > 0 && now.bytes_received > 0);
    assert!(now.encoding.is_some());
}
