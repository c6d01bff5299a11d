//! Records what a server sends from the description of its desktop on, until it falls silent.
//!
//! `record ADDRESS OUT [--encoding raw|hextile|zlib|tight|zrle] [--compress 0-9] [--quality 0-9]
//! [--pseudo yes|no] [--size WxH] [--press KEYSYM] [--quiet MILLISECONDS] [--password PASSWORD]`
//!
//! `--pseudo no` asks for pixels alone, so that a client that knows little can replay the recording. `--size` connects again and again until the desktop has that size: a guest that boots. `--press`
//! presses a key once the first picture is complete. The recording can be pushed into an
//! [`Engine`](rfb::Engine) as it is.

mod support;

use std::{error::Error, sync::Arc, time::Duration};

use link_security::credentials::FixedPassword;
use rfb::{
    BoxedStream, Encoding, EncodingPolicy, Encodings, Engine, EngineEvent, Options, Size, client,
    handshake::handshake,
};
use support::{Words, connect};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    time::{Instant, sleep, timeout},
};

/// How long a guest may take to boot.
const BOOT: Duration = Duration::from_mins(1);

struct Wish {
    address: String,
    size: Option<Size>,
    press: Option<u32>,
    quiet: Duration,
    pixels_only: bool,
    encodings: Encodings,
    options: Options,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut words = Words::read()?;
    let [address, out] = <[String; 2]>::try_from(std::mem::take(&mut words.plain))
        .map_err(|_| "usage: record ADDRESS OUT [--encoding NAME] ...")?;
    let wish = wish(address, &mut words)?;
    words.done()?;
    let recording = record(&wish).await?;
    std::fs::write(out, recording)?;
    Ok(())
}

fn wish(address: String, words: &mut Words) -> Result<Wish, String> {
    let name = words
        .take("encoding")?
        .unwrap_or_else(|| "tight".to_owned());
    let mut encodings = Encodings::new(encoding(&name)?);
    encodings.compress = words.take("compress")?;
    encodings.quality = words.take("quality")?;
    let mut options = Options::default();
    if let Some(password) = words.take::<String>("password")? {
        options.credentials = Arc::new(FixedPassword::new(password));
    }
    Ok(Wish {
        address,
        size: words
            .take::<String>("size")?
            .map(|text| size(&text))
            .transpose()?,
        press: words.take("press")?,
        quiet: Duration::from_millis(words.take("quiet")?.unwrap_or(2000)),
        pixels_only: words
            .take::<String>("pseudo")?
            .is_some_and(|word| word == "no"),
        encodings,
        options,
    })
}

fn encoding(name: &str) -> Result<Encoding, String> {
    let wanted = |encoding: &Encoding| format!("{encoding:?}").eq_ignore_ascii_case(name);
    let found = Encoding::ALL.into_iter().find(wanted);
    found.ok_or(format!("{name} is no encoding"))
}

fn size(text: &str) -> Result<Size, String> {
    let wrong = || format!("{text} is no size");
    let (width, height) = text.split_once('x').ok_or_else(wrong)?;
    let number = |text: &str| text.parse().map_err(|_| wrong());
    Ok(Size::new(number(width)?, number(height)?))
}

/// Connects until the desktop has the wished size, and records it.
async fn record(wish: &Wish) -> Result<Vec<u8>, Box<dyn Error>> {
    let deadline = Instant::now() + BOOT;
    loop {
        match attempt(wish).await {
            Ok(Some(recording)) => return Ok(recording),
            Err(error) if Instant::now() > deadline => return Err(error),
            Ok(None) if Instant::now() > deadline => {
                return Err("the desktop never had this size".into());
            }
            // The guest has not come so far; its server is all that can be asked.
            Ok(None) | Err(_) => sleep(Duration::from_millis(200)).await,
        }
    }
}

async fn attempt(wish: &Wish) -> Result<Option<Vec<u8>>, Box<dyn Error>> {
    let stream = connect(&wish.address).await?;
    let mut stream = handshake(stream, &wish.options).await?;
    let mut engine = Engine::new(EncodingPolicy::Fixed(wish.encodings));
    let (mut recording, mut press, mut frames) = (Vec::new(), wish.press, 0);
    let mut bytes = vec![0; 1 << 16];
    while let Ok(count) = timeout(wish.quiet, stream.read(&mut bytes)).await {
        let new = &bytes[..count?];
        if new.is_empty() {
            return Err("the server has hung up".into());
        }
        recording.extend(new);
        engine.push(new)?;
        if wish
            .size
            .is_some_and(|size| engine.framebuffer().size() != size)
        {
            return Ok(None);
        }
        while let Some(event) = engine.poll_event() {
            let painted = event == EngineEvent::FrameEnd && !engine.take_damage().is_empty();
            frames += usize::from(painted);
        }
        if wish.pixels_only && !engine.output().is_empty() {
            ask_for_pixels(wish.encodings, engine.output());
        }
        answer(&mut engine, &mut stream).await?;
        if engine.is_complete()
            && let Some(keysym) = press.take()
        {
            type_key(keysym, &mut stream).await?;
        }
    }
    if !engine.is_idle() {
        return Err("the server fell silent in the middle of a message".into());
    }
    eprintln!("{} bytes, {frames} frames", recording.len());
    Ok(Some(recording))
}

/// Replaces what the engine says about its abilities.
fn ask_for_pixels(encodings: Encodings, out: &mut Vec<u8>) {
    const COMPRESS_0: i32 = -256;
    const QUALITY_0: i32 = -32;
    let mut numbers = vec![encodings.preferred.number()];
    numbers.extend(
        encodings
            .compress
            .map(|level| COMPRESS_0 + i32::from(level)),
    );
    numbers.extend(encodings.quality.map(|level| QUALITY_0 + i32::from(level)));
    out.clear();
    client::set_pixel_format(out);
    client::set_encodings(out, &numbers);
}

async fn answer(engine: &mut Engine, stream: &mut BoxedStream) -> Result<(), Box<dyn Error>> {
    let mut out = std::mem::take(engine.output());
    if let Some(request) = engine.take_request() {
        request.write(&mut out);
    }
    stream.write_all(&out).await?;
    Ok(stream.flush().await?)
}

async fn type_key(keysym: u32, stream: &mut BoxedStream) -> Result<(), Box<dyn Error>> {
    let mut out = Vec::new();
    client::key_event(&mut out, keysym, true);
    client::key_event(&mut out, keysym, false);
    Ok(stream.write_all(&out).await?)
}
