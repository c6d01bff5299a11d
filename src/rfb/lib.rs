//! A VNC client engine: handshake, encodings, framebuffer and input (RFC 6143, and what QEMU adds to it).
//!
//! # The map
//! - [`Engine`] is the protocol without input and output: push the server's bytes, fetch events, send
//!   its output. Inside it, `decode` turns rectangles into pixels, [`client`] builds the client's messages.
//! - [`handshake`] comes before it: version, security type, password. A [`SecurityLayer`] is one type.
//! - [`Session`] joins both with a stream on tokio's tasks. A [`Painter`] copies what has changed of the picture, its
//!   [`Damage`]; news are [`Event`]s, sound lies in an [`AudioQueue`]. It can be called from any thread and never waits. It follows its link ([`EncodingPolicy`]) and tells of it ([`Statistics`]).
//! - [`limits`] has every bound that a server meets; [`keys`] the numbers of keys.
//!
//! # A viewer in short
//! ```no_run
//! # async fn viewer(stream: tokio::net::TcpStream) {
//! use rfb::{Event, NextFrame, Options, Session};
//!
//! let (session, mut events) = Session::connect(stream, Options::default());
//! let mut pixels = rfb::OpaquePixels::default();
//! session.set_painter(Some(Box::new(move |picture, damage| {
//!     for rect in damage.rects() {
//!         picture.copy_opaque(*rect, &mut pixels);
//!         println!("{} bytes for {rect:?}", pixels.as_ref().len());
//!     }
//!     NextFrame::AtOnce
//! })));
//! while let Some(event) = events.recv().await {
//!     match event {
//!         Event::Resized(size) | Event::Connected { size, .. } => println!("{size:?}"),
//!         Event::Closed(error) => eprintln!("{error}"),
//!         _ => {}
//!     }
//! }
//! # }
//! ```

#![forbid(unsafe_code)]
#![warn(missing_docs)]
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic
    )
)]

mod audio;
pub mod client;
mod clipboard;
mod damage;
mod decode;
mod driver;
mod engine;
mod error;
mod framebuffer;
mod geometry;
pub mod handshake;
pub mod keys;
pub mod limits;
mod painter;
mod policy;
mod power;
mod wire;

pub use audio::{AudioFormat, AudioQueue, Sample};
pub use clipboard::ClipboardAbility;
pub use damage::Damage;
pub use driver::{Events, Options, Session, Statistics};
pub use engine::{
    Engine, UpdateRequest,
    event::{ClipboardRefusal, Cursor, DesktopSizeStatus, EngineEvent, Event, Leds},
};
pub use error::{Error, Result};
pub use framebuffer::{Framebuffer, OpaquePixels};
pub use geometry::{Rect, Size};
pub use handshake::{
    Anonymous, BoxedStream, Negotiated, Negotiation, NoSecurity, SPEAKS_ANONYMOUS_TLS, Sasl,
    SecurityLayer, SecurityReport, Stream, VeNCrypt, VncPassword,
};
pub use painter::{NextFrame, Painter};
pub use policy::{Encoding, EncodingPolicy, Encodings};
pub use power::PowerAction;
