//! A session's flow: requests, damage, input, pausing and the end, against a scripted server.

mod support;

use std::sync::{Arc, Mutex};

use rfb::{
    Damage, DesktopSizeStatus, Encoding, Error, Event, NextFrame, Options, Rect, Session, Size,
};
use support::{mirror::Mirror, next, rect, request, session, until, update};

const RAW: i32 = Encoding::Raw.number();

#[tokio::test]
async fn an_update_is_shown_and_the_next_is_asked_for_at_its_header() {
    let (session, mut events, mut peer) = session(Options::default());
    peer.welcome(4, 2).await;
    peer.send(&update(1)).await;
    peer.expect(&request(true, 4, 2)).await;
    peer.send(&rect(1, 1, 2, 1, RAW, &[3, 2, 1, 0, 6, 5, 4, 0]))
        .await;
    until(&mut events, |event| {
        matches!(event, Event::Damage).then_some(())
    })
    .await;
    let picture = session.picture().await.expect("a picture");
    assert_eq!(picture.colour(1, 1), Some([1, 2, 3]));
    assert_eq!(picture.colour(2, 1), Some([4, 5, 6]));
}

/// A painter that takes a frame when it is asked to, and writes down what it was shown.
fn slow_painter(session: &Session) -> Arc<Mutex<Vec<Damage>>> {
    let shown = Arc::new(Mutex::new(Vec::new()));
    let notes = Arc::clone(&shown);
    session.set_painter(Some(Box::new(move |_, damage| {
        notes.lock().unwrap().push(damage.clone());
        NextFrame::WhenAsked
    })));
    shown
}

#[tokio::test]
async fn what_changes_until_a_painter_asks_is_one_frame() {
    let (session, mut events, mut peer) = session(Options::default());
    let shown = slow_painter(&session);
    peer.welcome(4, 2).await;
    let dot = |x| [update(1), rect(x, 1, 1, 1, RAW, &[3, 2, 1, 0])].concat();
    for x in 0..3 {
        peer.send(&dot(x)).await;
        peer.expect(&request(true, 4, 2)).await;
    }
    peer.send(&[2]).await;
    let bell = |event| matches!(event, Event::Bell).then_some(());
    until(&mut events, bell).await;
    let whole = Rect::new(0, 0, 4, 2);
    assert_eq!(shown.lock().unwrap().len(), 1, "nobody asked for more");
    assert_eq!(shown.lock().unwrap()[0].rects(), [whole]);
    session.want_frame();
    let painted = |event| matches!(event, Event::Damage).then_some(());
    until(&mut events, painted).await;
    assert_eq!(shown.lock().unwrap()[1].rects(), [Rect::new(0, 1, 3, 1)]);
    // Asked for, it comes with the next change; another painter sees all of it.
    session.want_frame();
    peer.send(&dot(3)).await;
    until(&mut events, painted).await;
    assert_eq!(shown.lock().unwrap()[2].rects(), [Rect::new(3, 1, 1, 1)]);
    let other = slow_painter(&session);
    until(&mut events, painted).await;
    assert_eq!(other.lock().unwrap()[0].rects(), [whole]);
    assert_eq!(shown.lock().unwrap().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn painters_and_copies_see_no_half_of_an_update() {
    let (session, mut events, mut peer) = session(Options::default());
    let shown = slow_painter(&session);
    peer.welcome(4, 2).await;
    // After a while without news, and with a frame asked for.
    until(&mut events, |event| {
        matches!(event, Event::Damage).then_some(())
    })
    .await;
    session.want_frame();
    peer.send(&[update(2), rect(0, 0, 1, 1, RAW, &[3, 2, 1, 0])].concat())
        .await;
    peer.expect(&request(true, 4, 2)).await;
    let half = shown.lock().unwrap().len();
    let rest = async {
        tokio::task::yield_now().await;
        peer.send(&rect(1, 0, 1, 1, RAW, &[6, 5, 4, 0])).await;
    };
    let (picture, ()) = tokio::join!(session.picture(), rest);
    let picture = picture.expect("a picture");
    assert_eq!(picture.colour(0, 0), Some([1, 2, 3]));
    assert_eq!(picture.colour(1, 0), Some([4, 5, 6]));
    let shown = shown.lock().unwrap();
    assert_eq!((half, shown.len()), (1, 2));
    assert_eq!(shown[1].rects(), [Rect::new(0, 0, 2, 1)]);
}

#[tokio::test(start_paused = true)]
async fn an_update_that_stops_in_its_middle_is_shown_as_it_is() {
    let (session, _events, mut peer) = session(Options::default());
    peer.welcome(4, 2).await;
    peer.send(&[update(2), rect(0, 0, 1, 1, RAW, &[3, 2, 1, 0])].concat())
        .await;
    peer.expect(&request(true, 4, 2)).await;
    let picture = session.picture().await.expect("a picture");
    assert_eq!(picture.colour(0, 0), Some([1, 2, 3]));
}

#[tokio::test]
async fn a_painter_that_panics_ends_the_session_with_a_word() {
    let (session, mut events, mut peer) = session(Options::default());
    peer.welcome(4, 2).await;
    session.set_painter(Some(Box::new(|_, _| panic!("a fault of the painter"))));
    let error = until(&mut events, |event| match event {
        Event::Closed(error) => Some(error),
        _ => None,
    })
    .await;
    assert!(matches!(error, Error::Lost(_)), "{error:?}");
    assert!(session.picture().await.is_none());
}

#[tokio::test]
async fn after_the_end_there_is_no_picture_to_wait_for() {
    let (session, mut events, mut peer) = session(Options::default());
    peer.welcome(4, 2).await;
    session.close();
    let closed = |event| matches!(event, Event::Closed(_)).then_some(());
    until(&mut events, closed).await;
    assert!(session.picture().await.is_none());
}

#[tokio::test]
async fn while_paused_nothing_is_asked_for() {
    let (session, _events, mut peer) = session(Options::default());
    peer.welcome(4, 2).await;
    session.set_paused(true);
    peer.send(&update(0)).await;
    session.key(0x61, 0, true);
    // The key overtakes the request, which stays behind.
    peer.expect(&[4, 1, 0, 0, 0, 0, 0, 0x61]).await;
    session.key(0x61, 0, false);
    peer.expect(&[4, 0, 0, 0, 0, 0, 0, 0x61]).await;
    session.set_paused(false);
    peer.expect(&request(true, 4, 2)).await;
}

#[tokio::test]
async fn a_new_size_is_asked_for_once_and_never_in_a_loop() {
    let (_session, mut events, mut peer) = session(Options::default());
    peer.welcome(16, 2).await;
    let screens = [&[1, 0, 0, 0][..], &[0; 16]].concat();
    peer.send(&update(1)).await;
    peer.expect(&request(true, 16, 2)).await;
    peer.send(&rect(0, 0, 10, 4, -308, &screens)).await;
    peer.expect(&request(false, 10, 4)).await;
    let size = until(&mut events, |event| match event {
        Event::Resized(size) => Some(size),
        _ => None,
    });
    assert_eq!(size.await, Size::new(10, 4));
    // QEMU answers a full request with the same size once more.
    peer.send(&[update(1), rect(0, 0, 10, 4, -308, &screens), update(0)].concat())
        .await;
    peer.expect(&request(true, 10, 4)).await;
}

#[tokio::test]
async fn resizing_the_guest() {
    let (session, mut events, mut peer) = session(Options::default());
    peer.welcome(16, 2).await;
    session.set_desktop_size(800, 600);
    let status = until(&mut events, |event| match event {
        Event::DesktopSizeStatus(status) => Some(status),
        _ => None,
    });
    assert_eq!(status.await, DesktopSizeStatus::Unsupported);
    let screens = [&[1, 0, 0, 0, 0, 0, 0, 7][..], &[0; 12]].concat();
    peer.send(&[update(1), rect(0, 0, 16, 2, -308, &screens), vec![2]].concat())
        .await;
    peer.expect(&request(true, 16, 2)).await;
    until(&mut events, |event| {
        matches!(event, Event::Bell).then_some(())
    })
    .await;
    session.set_desktop_size(800, 600);
    peer.expect(&[
        251, 0, 3, 32, 2, 88, 1, 0, 0, 0, 0, 7, 0, 0, 0, 0, 3, 32, 2, 88, 0, 0, 0, 0,
    ])
    .await;
    peer.send(&[update(1), rect(1, 4, 16, 2, -308, &screens)].concat())
        .await;
    let status = until(&mut events, |event| match event {
        Event::DesktopSizeStatus(status) => Some(status),
        _ => None,
    });
    assert_eq!(status.await, DesktopSizeStatus::Forwarded);
}

#[tokio::test]
async fn closing_and_dropping_end_the_session() {
    let (handle, mut events, mut peer) = session(Options::default());
    peer.welcome(4, 2).await;
    handle.close();
    until(&mut events, |event| {
        matches!(event, Event::Closed(Error::Closed)).then_some(())
    })
    .await;

    let (handle, mut events, mut peer) = session(Options::default());
    peer.welcome(4, 2).await;
    let other = handle.clone();
    drop(handle);
    other.key(0x61, 0, true);
    peer.expect(&[4, 1, 0, 0, 0, 0, 0, 0x61]).await;
    drop(other);
    until(&mut events, |event| {
        matches!(event, Event::Closed(Error::Closed)).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_server_that_stops_reading_cannot_fill_the_memory() {
    let (session, mut events, mut peer) = session(Options::default());
    peer.welcome(4, 2).await;
    let mut keys = 0;
    let error = loop {
        // Little by little, so that the writer has long been waiting when the bound is met.
        for _ in 0..1000 {
            session.key(0x61, 0, true);
            keys += 1;
        }
        tokio::task::yield_now().await;
        if let Some(Event::Closed(error)) = events.try_recv() {
            break error;
        }
        assert!(keys < 1_000_000, "nothing stops the queue");
    };
    assert!(matches!(error, Error::Stalled), "{error:?}");
}

#[tokio::test]
async fn an_update_without_end_is_shown_in_parts() {
    let (session, mut events, mut peer) = session(Options::default());
    peer.welcome(64, 64).await;
    peer.send(&update(0xffff)).await;
    peer.expect(&request(true, 64, 64)).await;
    let mirror = Mirror::of(&session);
    let begun = std::time::Instant::now();
    while mirror.colour(5, 5) != Some([1, 2, 3]) {
        peer.send(&rect(
            5,
            5,
            1,
            1,
            Encoding::Tight.number(),
            &[0x80, 1, 2, 3],
        ))
        .await;
        while let Some(event) = events.try_recv() {
            assert!(!matches!(event, Event::Closed(_)), "{event:?}");
        }
        tokio::task::yield_now().await;
        assert!(begun.elapsed() < support::PATIENCE, "nothing is shown");
    }
}

#[tokio::test]
async fn one_byte_at_a_time_through_the_stream() {
    let (session, mut events, mut peer) = session(Options::default());
    peer.welcome(4, 2).await;
    for byte in [update(1), rect(1, 1, 1, 1, RAW, &[3, 2, 1, 0]), vec![2]].concat() {
        peer.send(&[byte]).await;
        tokio::task::yield_now().await;
    }
    until(&mut events, |event| {
        matches!(event, Event::Bell).then_some(())
    })
    .await;
    let picture = session.picture().await.expect("a picture");
    assert_eq!(picture.colour(1, 1), Some([1, 2, 3]));
}

#[tokio::test]
async fn a_broken_update_is_the_end_with_a_reason() {
    let (_session, mut events, mut peer) = session(Options::default());
    peer.welcome(4, 2).await;
    peer.send(&[update(1), rect(3, 0, 2, 1, RAW, &[0; 8])].concat())
        .await;
    loop {
        if let Event::Closed(error) = next(&mut events).await {
            assert!(matches!(error, Error::Protocol(_)), "{error:?}");
            break;
        }
    }
}
