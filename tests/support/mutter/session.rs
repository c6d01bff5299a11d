//! Whoever uses a desktop of mutter: a session of its remote desktop, with a keyboard, a pointer, fingers, and an output.
//!
//! After mutter's data/dbus-interfaces (org.gnome.Mutter.{RemoteDesktop,ScreenCast}.xml). Places are pixels
//! of the output.

use std::{
    collections::HashMap,
    path::Path,
    sync::{Mutex, PoisonError},
};

use futures_util::StreamExt;
use serde::Serialize;
use tokio::runtime::{Builder, Runtime};
use zbus::{
    Connection, Proxy,
    zvariant::{DynamicType, OwnedObjectPath, Value},
};

use super::{eyes::Eyes, monitor};
use crate::{
    Picture,
    touch::{Fingers, Touch},
};

/// The pointer's first, second and third button (Linux' input-event-codes.h).
const BUTTONS: [i32; 3] = [0x110, 0x112, 0x111];

pub(super) type Details<'a> = HashMap<&'a str, Value<'a>>;

/// A session with hands, and with eyes on its own output.
#[derive(Debug)]
pub(crate) struct Session {
    runtime: Runtime,
    connection: Connection,
    remote: Proxy<'static>,
    /// What places are told of.
    stream: OwnedObjectPath,
    eyes: Eyes,
    /// How many pixels of the output are one of those that programs count in.
    scale: Mutex<f64>,
}

impl Session {
    /// Begins one on the session's bus, with an output of so many pixels, whose pictures pass through the `PipeWire` that
    /// listens on a socket; `None` where a part of that is not ready.
    pub(super) fn open(bus: &str, pictures: &Path, size: (u16, u16)) -> Option<Self> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime");
        let (connection, remote, stream, node) = runtime.block_on(begin(bus)).ok()?;
        let session = Self {
            runtime,
            connection,
            remote,
            stream,
            // The output is there as long as somebody looks at it.
            eyes: Eyes::open(pictures, node, size).ok()?,
            scale: Mutex::new(1.0),
        };
        session.eyes.picture();
        session.set_scale(1.0);
        session.show_devices();
        Some(session)
    }

    /// Uses each device once: programs hear of one when it has done something.
    fn show_devices(&self) {
        const SHIFT: u32 = 42;
        self.keys(&[(SHIFT, true), (SHIFT, false)]);
        self.move_to(0, 0);
        self.touch(&[(0, Touch::Down, 0, 0), (0, Touch::Up, 0, 0)]);
    }

    /// The output's newest picture.
    pub(crate) fn picture(&self) -> Picture {
        self.eyes.picture()
    }

    /// Presses keys, by Linux' numbers, or lets them go.
    pub(crate) fn keys(&self, keys: &[(u32, bool)]) {
        self.tell("NotifyKeyboardKeycode", keys);
    }

    /// Moves the pointer to a pixel.
    pub(crate) fn move_to(&self, x: i32, y: i32) {
        let (x, y) = self.middle(x, y);
        self.tell(
            "NotifyPointerMotionAbsolute",
            &[(self.stream.as_str(), x, y)],
        );
    }

    /// Moves the mouse by so much, as programs count.
    pub(crate) fn nudge(&self, x: f64, y: f64) {
        self.tell("NotifyPointerMotionRelative", &[(x, y)]);
    }

    /// Presses a button, 1 to 3, or lets it go.
    pub(crate) fn button(&self, number: u8, down: bool) {
        let button = BUTTONS[usize::from(number) - 1];
        self.tell("NotifyPointerButton", &[(button, down)]);
    }

    /// Turns the wheel by so many steps, downwards.
    pub(crate) fn turn(&self, steps: i32) {
        const VERTICAL: u32 = 0;
        self.tell("NotifyPointerAxisDiscrete", &[(VERTICAL, steps)]);
    }

    /// The output's scale.
    pub(crate) fn scale(&self) -> f64 {
        *self.scale.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives the output another scale.
    pub(super) fn set_scale(&self, scale: f64) {
        let set = self
            .runtime
            .block_on(monitor::set_scale(&self.connection, scale));
        set.expect("another scale");
        *self.scale.lock().unwrap_or_else(PoisonError::into_inner) = scale;
    }

    /// The middle of a pixel, as programs count.
    fn middle(&self, x: i32, y: i32) -> (f64, f64) {
        let scale = self.scale();
        ((f64::from(x) + 0.5) / scale, (f64::from(y) + 0.5) / scale)
    }

    /// Has several events happen one right after the other; comes back when mutter has taken them.
    fn tell<B: Serialize + DynamicType>(&self, what: &str, each: &[B]) {
        self.runtime.block_on(async {
            for body in each {
                self.send(what, body).await;
            }
            self.settle().await;
        });
    }

    async fn send<B: Serialize + DynamicType>(&self, what: &str, body: &B) {
        let sent = self.remote.call_noreply(what, body).await;
        sent.expect("a living compositor");
    }

    /// Asks for something, which it answers when it has done what came before.
    async fn settle(&self) {
        let asked = (self.remote.interface().as_str(), "SessionId");
        let answer = self.connection.call_method(
            Some(self.remote.destination().as_str()),
            self.remote.path().as_str(),
            Some("org.freedesktop.DBus.Properties"),
            "Get",
            &asked,
        );
        answer.await.expect("a living compositor");
    }
}

impl Fingers for Session {
    fn touch(&self, events: &[(u32, Touch, i32, i32)]) {
        self.runtime.block_on(async {
            for (finger, touch, x, y) in events {
                let (x, y) = self.middle(*x, *y);
                let body = (self.stream.as_str(), *finger, x, y);
                match touch {
                    Touch::Down => self.send("NotifyTouchDown", &body).await,
                    Touch::Move => self.send("NotifyTouchMotion", &body).await,
                    Touch::Up => self.send("NotifyTouchUp", &(*finger,)).await,
                }
            }
            self.settle().await;
        });
    }
}

/// A part of mutter: its name on the bus, a path, and what follows both in the interface's name.
pub(super) async fn proxy(
    bus: &Connection,
    name: &str,
    path: &str,
    part: &str,
) -> zbus::Result<Proxy<'static>> {
    let service = format!("org.gnome.Mutter.{name}");
    let interface = format!("{service}{part}");
    Proxy::new(bus, service, path.to_owned(), interface).await
}

/// Begins a session of the remote desktop with an output of its own, and learns which node of `PipeWire` shows that.
async fn begin(bus: &str) -> zbus::Result<(Connection, Proxy<'static>, OwnedObjectPath, u32)> {
    let bus = zbus::connection::Builder::address(bus)?.build().await?;
    let desktop = proxy(&bus, "RemoteDesktop", "/org/gnome/Mutter/RemoteDesktop", "").await?;
    let path: OwnedObjectPath = desktop.call("CreateSession", &()).await?;
    let remote = proxy(&bus, "RemoteDesktop", &path, ".Session").await?;
    let id: String = remote.get_property("SessionId").await?;

    let caster = proxy(&bus, "ScreenCast", "/org/gnome/Mutter/ScreenCast", "").await?;
    let belongs = Details::from([
        ("remote-desktop-session-id", Value::from(id)),
        ("disable-animations", true.into()),
    ]);
    let path: OwnedObjectPath = caster.call("CreateSession", &(belongs,)).await?;
    let cast = proxy(&bus, "ScreenCast", &path, ".Session").await?;
    // As a monitor that is plugged in, without the pointer in its pictures.
    let details = Details::from([("is-platform", true.into())]);
    let stream: OwnedObjectPath = cast.call("RecordVirtual", &(details,)).await?;
    let added = proxy(&bus, "ScreenCast", &stream, ".Stream").await?;
    let mut added = added.receive_signal("PipeWireStreamAdded").await?;
    remote.call::<_, _, ()>("Start", &()).await?;
    let node = added.next().await.expect("a node of PipeWire");
    let node = node.body().deserialize()?;
    Ok((bus, remote, stream, node))
}
