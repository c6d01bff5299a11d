//! Saves a VNC server's first full picture as a PNG.
//!
//! `shot vnc://HOST:PORT|unix:PATH OUT.png [--password PASSWORD]`

mod support;

use std::{error::Error, fs::File, io::BufWriter, sync::Arc, time::Duration};

use link_security::credentials::FixedPassword;
use rfb::{Event, Events, Framebuffer, Options, Session, SharedFramebuffer};
use support::{Words, connect};
use tokio::time::timeout;

/// How long the first picture may take.
const PATIENCE: Duration = Duration::from_secs(30);

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut words = Words::read()?;
    let [address, out] = <[String; 2]>::try_from(std::mem::take(&mut words.plain))
        .map_err(|_| "usage: shot vnc://HOST:PORT|unix:PATH OUT.png [--password PASSWORD]")?;
    let mut options = Options::default();
    options.target.clone_from(&address);
    if let Some(password) = words.take::<String>("password")? {
        options.credentials = Arc::new(FixedPassword::new(password));
    }
    words.done()?;
    let (session, mut events) = Session::connect(connect(&address).await?, options);
    let framebuffer = session.framebuffer();
    let first = first_frame(&mut events, &framebuffer);
    timeout(PATIENCE, first)
        .await
        .map_err(|_| "the server sent no picture in time")??;
    save(framebuffer.lock().picture(), &out)?;
    Ok(())
}

/// Waits until every pixel of the present size has been painted.
async fn first_frame(
    events: &mut Events,
    framebuffer: &SharedFramebuffer,
) -> Result<(), rfb::Error> {
    while let Some(event) = events.recv().await {
        match event {
            Event::Damage if framebuffer.lock().is_complete() => return Ok(()),
            Event::Closed(error) => return Err(error),
            _ => {}
        }
    }
    Err(rfb::Error::Closed)
}

fn save(picture: &Framebuffer, path: &str) -> Result<(), Box<dyn Error>> {
    let size = picture.size();
    let file = BufWriter::new(File::create(path)?);
    let mut encoder = png::Encoder::new(file, size.width.into(), size.height.into());
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    let swap = |bgrx: &[u8; 4]| [bgrx[2], bgrx[1], bgrx[0]];
    let rgb: Vec<u8> = picture
        .bytes()
        .as_chunks()
        .0
        .iter()
        .flat_map(swap)
        .collect();
    encoder.write_header()?.write_image_data(&rgb)?;
    Ok(())
}
