//! Wayland compositors: wayvnc, which looks at sway's display and types into it, and weston, which is a VNC server itself.
//! Both speak by the library Neat VNC. Weston lets in by PAM who runs it, and has no clipboard.

use std::{cell::Cell, panic::resume_unwind, rc::Rc, sync::Arc, time::Duration};

use rfb::{DesktopSizeStatus, Encoding, Error, Event, Events, Options, Session};
use tokio::{task::LocalSet, time::timeout};

use super::{
    Input, LARGER, SCREEN, arrives, click, clipboard_works,
    compositors::{PASSWORD, Wayvnc, Weston},
    eventually, follows, preferring, press, shows,
    support::{
        pki::{Person, Pki},
        until,
    },
    takes_another_size,
    window::Window,
};

/// Waits for the reason why nobody is let in.
async fn refusal(events: &mut Events) -> Error {
    let closed = until(events, |event| match event {
        Event::Closed(error) => Some(Ok(error)),
        Event::Connected { .. } => Some(Err(())),
        _ => None,
    });
    closed.await.expect("a refusal")
}

/// Looks at what a server shows, by one of several connections.
///
/// Neat VNC 0.9.1 may fall silent for good: when its first measurement of the way is quicker than all of the handshake, it
/// divides by nothing, and takes endlessness for less than nothing (`src/bandwidth.c`). Another connection begins anew.
async fn sees<E>(connect: impl AsyncFn() -> (Session, E), mut look: impl AsyncFnMut(&Session)) {
    const CONNECTIONS: usize = 6;
    const SILENCE: Duration = Duration::from_secs(3);
    for _ in 0..CONNECTIONS {
        let (session, _events) = connect().await;
        if timeout(SILENCE, look(&session)).await.is_ok() {
            return;
        }
    }
    panic!("{CONNECTIONS} connections do not show it");
}

/// Waits until a session, or a later one, shows the larger screen.
async fn has_taken_it(
    session: Session,
    window: &mut Window,
    again: impl AsyncFn() -> (Session, Events),
) {
    let first = Cell::new(Some(session));
    let connect = async || {
        if let Some(session) = first.take() {
            return (session, None);
        }
        let (session, events) = again().await;
        (session, Some(events))
    };
    sees(connect, async |session| {
        shows(session, window).await;
        assert_eq!(session.size(), LARGER);
    })
    .await;
}

/// Presses a key by its symbol, and by its place if that is to count, and says what is to arrive: the place.
fn press_here(session: &Session, keysym: u32, evdev: u32, has_place: bool) -> [Input; 2] {
    press(session, keysym, if has_place { evdev } else { 0 });
    [true, false].map(|down| Input::Key { key: evdev, down })
}

/// Keys by their places and by their symbols, and a click.
async fn input_arrives(session: &Session, window: &mut Window) {
    for (keysym, evdev) in [(0x61, 30), (0xff0d, 28), (0xff51, 105)] {
        let sent = press_here(session, keysym, evdev, true);
        arrives(window, &sent).await;
    }
    let sent = press_here(session, 0x71, 16, false);
    arrives(window, &sent).await;
    let sent = click(session);
    arrives(window, &sent).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn wayvnc_shows_what_its_display_has() {
    let server = Wayvnc::start("").await;
    let mut window = server.window();
    for (seed, encoding) in (1..).zip(Encoding::ALL) {
        let connect = async || server.connect(preferring(encoding)).await;
        sees(connect, async |session| {
            follows(session, &mut window, seed).await;
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn wayvnc_takes_keys_clicks_and_text_and_another_size() {
    let server = Wayvnc::start("").await;
    let mut window = server.window();
    let (session, mut events) = server.connect(Options::default()).await;
    shows(&session, &mut window).await;
    assert_eq!(session.size(), SCREEN);
    input_arrives(&session, &mut window).await;
    let texts = ["Grüße, 世界", "Käse, 日本"];
    clipboard_works(&session, &mut events, &mut window, texts).await;
    let told = DesktopSizeStatus::Forwarded;
    takes_another_size(&session, &mut events, &mut window, told).await;
    let again = async || server.connect(Options::default()).await;
    has_taken_it(session, &mut window, again).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn wayvnc_lets_in_by_certificate_name_and_password() {
    let pki = Pki::new();
    let settings = format!(
        "enable_auth=true\nusername=lab\npassword={PASSWORD}\nprivate_key_file={}\ncertificate_file={}\n",
        pki.key().display(),
        pki.certificate().display()
    );
    let server = Wayvnc::start(&settings).await;
    let mut window = server.window();
    let options = viewer(&pki, "lab", PASSWORD);
    let (session, _events) = server.connect(options).await;
    shows(&session, &mut window).await;
    let security = session.statistics().security;
    assert_eq!(security.kind, "VeNCrypt X509Plain");

    let wrong = viewer(&pki, "lab", "wrong");
    is_refused(server.connect(wrong).await).await;
}

/// What a viewer wants that knows the authority and is asked for a name.
fn viewer(pki: &Pki, name: &'static str, password: &'static str) -> Options {
    let mut options = Options::default();
    options.security = vec![pki.vencrypt()];
    options.credentials = Arc::new(Person { name, password });
    options
}

async fn is_refused((_session, mut events): (Session, Events)) {
    let refused = refusal(&mut events).await;
    assert!(
        matches!(refused, Error::Authentication { .. }),
        "{refused:?}"
    );
}

/// Weston 14.0.2 now and then falls; what it was to show then is looked at anew, on another one.
#[tokio::test(flavor = "multi_thread")]
async fn weston_lets_in_who_runs_it_and_shows_what_its_display_has() {
    const FALLS: usize = 2;
    for fallen in 0..=FALLS {
        let pki = Rc::new(Pki::new());
        let server = Rc::new(Weston::in_tls(&pki).await);
        let looking = LocalSet::new();
        let look = looking.spawn_local(look_at_weston(Rc::clone(&server), pki));
        looking.await;
        let Err(fault) = look.await else { return };
        let server = Rc::into_inner(server).expect("nobody looks any more");
        if fallen == FALLS || !server.has_fallen().await {
            resume_unwind(fault.into_panic());
        }
    }
}

async fn look_at_weston(server: Rc<Weston>, pki: Rc<Pki>) {
    let mut options = viewer(&pki, "root", PASSWORD);
    let (session, mut events) = server.connect(options.clone()).await;
    // Weston 14.0.2 now and then falls over a window that comes before its first viewer has seen anything.
    eventually("a first picture", || session.is_complete().then_some(())).await;
    let mut window = server.window();
    shows(&session, &mut window).await;
    assert_eq!(session.size(), SCREEN);
    // Where the pointer is, there the keyboard goes by a click.
    let sent = click(&session);
    arrives(&mut window, &sent).await;
    input_arrives(&session, &mut window).await;
    let told = DesktopSizeStatus::Forwarded;
    takes_another_size(&session, &mut events, &mut window, told).await;
    let again = async || server.connect(options.clone()).await;
    has_taken_it(session, &mut window, again).await;
    for (seed, encoding) in (1..).zip(Encoding::ALL) {
        options.encodings = preferring(encoding).encodings;
        let connect = async || server.connect(options.clone()).await;
        sees(connect, async |session| {
            follows(session, &mut window, seed).await;
        })
        .await;
    }

    let wrong = viewer(&pki, "root", "wrong");
    is_refused(server.connect(wrong).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn weston_without_tls_offers_what_is_not_spoken() {
    let server = Weston::start(&["--disable-transport-layer-security"]).await;
    let (_session, mut events) = server.connect(Options::default()).await;
    let refused = refusal(&mut events).await;
    let Error::SecurityUnsupported { offered } = refused else {
        panic!("{refused:?}");
    };
    let names = ["RealVNC RA2", "RealVNC RA2", "Apple Diffie-Hellman"];
    assert_eq!(offered, names);
}
