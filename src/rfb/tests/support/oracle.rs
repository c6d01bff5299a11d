//! vnc-rs as a second opinion: plays a recording to it and keeps the picture that it makes of it.
//!
//! It starts at the version, so the recording gets a prologue; it reports pieces of the picture, so
//! they are put together here. Shared by tests and the benchmark.
#![allow(dead_code, unreachable_pub)]

use rfb::Encoding;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use vnc::{PixelFormat, Rect, VncConnector, VncEncoding, VncError, VncEvent};

/// Version 3.8, security None, accepted.
pub const PROLOGUE: &[u8] = b"RFB 003.008\n\x01\x01\0\0\0\0";

/// Plays a recording to a client and takes whatever the client sends, until it goes away.
pub async fn play<S: AsyncRead + AsyncWrite>(stream: S, recording: &[u8]) {
    let (mut reader, mut writer) = tokio::io::split(stream);
    let mut sink = vec![0; 1 << 16];
    let reading = async { while reader.read(&mut sink).await.is_ok_and(|count| count > 0) {} };
    let writing = async {
        // A client that has seen enough may be gone.
        let _ = writer.write_all(PROLOGUE).await;
        let _ = writer.write_all(recording).await;
        let _ = writer.flush().await;
    };
    tokio::join!(reading, writing);
}

/// The picture that vnc-rs makes, in B8G8R8X8.
#[derive(Default)]
pub struct Picture {
    pub width: usize,
    pub height: usize,
    pub bytes: Vec<u8>,
}

/// Lets vnc-rs decode until it has reported as many pixels as `pixels`.
pub async fn decode<S>(stream: S, encoding: Encoding, pixels: usize) -> Result<Picture, VncError>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + Sync + 'static,
{
    let preferred = match encoding {
        Encoding::Tight => VncEncoding::Tight,
        Encoding::Zrle => VncEncoding::Zrle,
        _ => VncEncoding::Raw,
    };
    let password = async { Ok::<_, VncError>(String::new()) };
    let client = VncConnector::new(stream)
        .set_auth_method(password)
        .add_encoding(preferred)
        .add_encoding(VncEncoding::Raw)
        .add_encoding(VncEncoding::CopyRect)
        .add_encoding(VncEncoding::DesktopSizePseudo)
        .allow_shared(true)
        .set_pixel_format(PixelFormat::bgra())
        .build()?
        .try_start()
        .await?
        .finish()?;
    let mut picture = Picture::default();
    let mut seen = 0;
    while seen < pixels {
        match client.recv_event().await? {
            VncEvent::SetResolution(screen) => {
                picture.resize(screen.width.into(), screen.height.into());
            }
            VncEvent::RawImage(rect, data) => {
                seen += usize::from(rect.width) * usize::from(rect.height);
                picture.paint(rect, &data);
            }
            VncEvent::Error(error) => return Err(VncError::General(error)),
            _ => {}
        }
    }
    Ok(picture)
}

impl Picture {
    fn resize(&mut self, width: usize, height: usize) {
        (self.width, self.height) = (width, height);
        self.bytes = vec![0; width * height * 4];
    }

    fn paint(&mut self, rect: Rect, data: &[u8]) {
        let stride = usize::from(rect.width) * 4;
        let first = usize::from(rect.y) * self.width * 4 + usize::from(rect.x) * 4;
        for (row, source) in data.chunks_exact(stride).enumerate() {
            let at = first + row * self.width * 4;
            self.bytes[at..at + stride].copy_from_slice(source);
        }
    }
}
