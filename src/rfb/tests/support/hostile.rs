//! A connected engine and what a hostile server may send it; each piece can become a seed for the fuzzer.

use rfb::{EncodingPolicy, Engine, EngineEvent, Error, Result};

use super::{
    desktop, rect,
    server::{Deflate, sized},
    update,
};

pub const RAW: i32 = 0;
pub const COPY: i32 = 1;
pub const HEXTILE: i32 = 5;
pub const ZLIB: i32 = 6;
pub const TIGHT: i32 = 7;
pub const ZRLE: i32 = 16;
pub const PIXELS: [i32; 6] = [RAW, COPY, HEXTILE, ZLIB, TIGHT, ZRLE];

pub const WIDTH: u16 = 100;
pub const HEIGHT: u16 = 80;

pub fn engine() -> Engine {
    let mut engine = Engine::new(EncodingPolicy::LAN);
    engine.push(&desktop(WIDTH, HEIGHT, b"guest")).unwrap();
    engine
}

/// Sends one update of these rectangles.
pub fn send(rects: &[Vec<u8>]) -> Result<Engine> {
    let mut engine = engine();
    engine.push(&update(rects.len() as u16))?;
    engine.push(&rects.concat())?;
    Ok(engine)
}

/// Keeps an update as a seed for the fuzzer, one for each place that sends some:
/// `RFB_SEEDS=src/rfb/fuzz/corpus/engine cargo test -p rfb --test hostile --test hostile_pixels`.
#[track_caller]
pub fn keep(rects: &[Vec<u8>]) {
    let Some(folder) = std::env::var_os("RFB_SEEDS") else {
        return;
    };
    let bytes = [
        desktop(WIDTH, HEIGHT, b"guest"),
        update(rects.len() as u16),
        rects.concat(),
    ]
    .concat();
    if bytes.len() <= 4096 {
        let caller = std::panic::Location::caller();
        let test = std::path::Path::new(caller.file())
            .file_stem()
            .unwrap()
            .display();
        let line = caller.line();
        // Tests run in the package's folder, the command in the workspace's.
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../..")
            .join(folder);
        std::fs::write(folder.join(format!("{test}-{line:03}")), bytes).unwrap();
    }
}

/// Sends one update and expects it to be used up.
#[track_caller]
pub fn accept(rects: &[Vec<u8>]) -> Engine {
    keep(rects);
    let engine = send(rects).unwrap();
    assert!(engine.is_idle(), "something is left");
    engine
}

#[track_caller]
pub fn breaks(rects: &[Vec<u8>]) {
    keep(rects);
    let error = send(rects).map(|engine| engine.is_idle());
    assert!(matches!(error, Err(Error::Protocol(_))), "{error:?}");
}

#[track_caller]
pub fn exceeds(rects: &[Vec<u8>]) {
    keep(rects);
    let error = send(rects).map(|engine| engine.is_idle());
    assert!(matches!(error, Err(Error::Limit { .. })), "{error:?}");
}

pub fn zrle(deflated: &[u8]) -> Vec<u8> {
    rect(0, 0, 10, 10, ZRLE, &sized(deflated))
}

pub fn zrle_tile(tile: &[u8]) -> Vec<u8> {
    zrle(&Deflate::default().flush(tile))
}

pub fn events(mut engine: Engine) -> Vec<EngineEvent> {
    std::iter::from_fn(|| engine.poll_event()).collect()
}
