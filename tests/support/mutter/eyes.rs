//! The eyes of whoever looks at a desktop of mutter: the newest picture that it casts of its output, by `PipeWire`.

use std::{
    os::{fd::IntoRawFd, unix::net::UnixStream},
    path::Path,
    time::Duration,
};

use gstreamer::{self as gst, prelude::*};

use crate::{Picture, wait};

const PATIENCE: Duration = Duration::from_secs(20);

/// A cast that goes on until its value ends.
#[derive(Debug)]
pub(super) struct Eyes {
    pipeline: gst::Pipeline,
    sink: gst::Element,
    size: (u16, u16),
}

impl Eyes {
    /// Takes the pictures of a node of the `PipeWire` that listens on a socket, of this size. Mutter casts one when it has
    /// painted something.
    ///
    /// # Errors
    /// When nobody has passed it on: who does so may just be starting.
    pub(super) fn open(
        socket: &Path,
        node: u32,
        size: (u16, u16),
    ) -> Result<Self, gst::StateChangeError> {
        gst::init().expect("GStreamer");
        // Owned by the element from here on.
        let socket = UnixStream::connect(socket).expect("PipeWire’s socket");
        let (socket, (width, height)) = (socket.into_raw_fd(), size);
        let text = format!(
            "pipewiresrc fd={socket} path={node} always-copy=true ! \
             video/x-raw,format=BGRx,width={width},height={height},max-framerate=60/1 ! \
             appsink name=eyes sync=false max-buffers=1 drop=true"
        );
        let pipeline = gst::parse::launch(&text).expect("GStreamer’s parts");
        let pipeline = pipeline.downcast::<gst::Pipeline>().expect("a pipeline");
        let sink = pipeline.by_name("eyes").expect("the last part");
        let eyes = Self {
            pipeline,
            sink,
            size,
        };
        eyes.pipeline.set_state(gst::State::Playing)?;
        Ok(eyes)
    }

    /// The newest picture.
    pub(super) fn picture(&self) -> Picture {
        self.is_awake();
        let sample = wait::until("a picture of the screen", PATIENCE, || {
            self.sink.property::<Option<gst::Sample>>("last-sample")
        });
        let bytes = sample
            .buffer()
            .and_then(|buffer| buffer.map_readable().ok());
        let bytes = bytes.expect("a picture’s pixels");
        let (width, height) = (usize::from(self.size.0), usize::from(self.size.1));
        assert_eq!(bytes.len(), width * height * 4, "rows without gaps");
        Picture::from_bgrx(width, &bytes)
    }

    /// Fails when the cast has ended: the last picture would be shown for ever.
    fn is_awake(&self) {
        let bus = self.pipeline.bus().expect("a pipeline with a bus");
        let ends = [gst::MessageType::Error, gst::MessageType::Eos];
        let end = bus.pop_filtered(&ends);
        assert!(end.is_none(), "the cast of the screen has ended: {end:?}");
    }
}

impl Drop for Eyes {
    fn drop(&mut self) {
        let _ = self.pipeline.set_state(gst::State::Null);
    }
}
