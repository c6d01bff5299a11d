//! The way of sound from memory to the loudspeaker: the elements of `GStreamer`, and how far they may lag behind.
//!
//! A source that never fills beyond [`LAG`], a volume, and whatever the desktop plays with (`PipeWire`, `PulseAudio`, ALSA).
//! It knows no guest and no wire; opening and closing it can take as long as a sound server does, so neither happens on
//! the main thread.

use gstreamer::{self as gst, glib, prelude::*};
use gstreamer_app::{AppLeakyType, AppSrc};
use innkeeper_core::rfb::{AudioFormat, Sample};

use super::SoundProblem;
use crate::app::runtime;

/// The form of sound that is asked for: what sound servers play without converting it.
pub(super) const FORMAT: AudioFormat = AudioFormat {
    sample: Sample::S16,
    channels: 2,
    frequency: 48_000,
};

/// How much sound may wait to be played, so that it comes with its picture.
const LAG: gst::ClockTime = gst::ClockTime::from_mseconds(100);

/// How late sound is played: what the network's unevenness may take away.
const DELAY: gst::ClockTime = gst::ClockTime::from_mseconds(60);

/// What the sound server may keep, and the pieces that it takes, in microseconds: its own defaults are made for films.
const SERVER_KEEPS: i64 = 60_000;
const SERVER_TAKES: i64 = 10_000;

/// The bytes that [`LAG`] holds.
pub(super) const LAG_BYTES: usize =
    FORMAT.frequency as usize * FORMAT.frame_bytes() * LAG.mseconds() as usize / 1000;

/// A way to the loudspeaker that is open. Dropping it closes it, on another thread.
pub(super) struct Pipeline {
    whole: gst::Pipeline,
    source: AppSrc,
    volume: gst::Element,
}

impl Pipeline {
    /// Opens the desktop's sound for something of this name. Blocks for as long as the sound server takes.
    pub(super) fn open(name: &str, volume: f64) -> Result<Self, SoundProblem> {
        init()?;
        Self::with_output(element("autoaudiosink")?, name, volume)
    }

    fn with_output(output: gst::Element, name: &str, volume: f64) -> Result<Self, SoundProblem> {
        let source = source();
        let (convert, resample) = (element("audioconvert")?, element("audioresample")?);
        let pipeline = Self {
            whole: gst::Pipeline::new(),
            source,
            volume: element("volume")?,
        };
        pipeline.set_volume(volume);
        let name = name.to_owned();
        let hear = move |_: &gst::Pipeline, _: &gst::Bin, element: &gst::Element| {
            set_up_server(element, &name);
        };
        pipeline.whole.connect_deep_element_added(hear);
        let elements = [
            pipeline.source.upcast_ref(),
            &convert,
            &resample,
            &pipeline.volume,
            &output,
        ];
        let joined = pipeline
            .whole
            .add_many(elements)
            .and_then(|()| gst::Element::link_many(elements));
        joined.map_err(|error| SoundProblem::NoOutput(error.to_string()))?;
        let started = pipeline.whole.set_state(gst::State::Playing);
        // The message says more than the failure itself.
        pipeline.check()?;
        started.map_err(|error| SoundProblem::NoOutput(error.to_string()))?;
        Ok(pipeline)
    }

    /// Plays samples of [`FORMAT`], in whole frames. Never waits: of what the output does not take in time the oldest go.
    pub(super) fn push(&self, samples: Vec<u8>) -> Result<(), SoundProblem> {
        self.check()?;
        let pushed = self.source.push_buffer(gst::Buffer::from_slice(samples));
        pushed.map_err(|error| SoundProblem::NoOutput(error.to_string()))?;
        Ok(())
    }

    /// Sets the factor by which samples are multiplied.
    pub(super) fn set_volume(&self, factor: f64) {
        self.volume.set_property("volume", factor);
    }

    /// Looks whether the output has failed, or never was one.
    fn check(&self) -> Result<(), SoundProblem> {
        let Some(bus) = self.whole.bus() else {
            return Ok(());
        };
        // Without a sound server GStreamer warns, and plays to nobody.
        while let Some(message) =
            bus.pop_filtered(&[gst::MessageType::Error, gst::MessageType::Warning])
        {
            let error = match message.view() {
                gst::MessageView::Error(error) => error.error(),
                gst::MessageView::Warning(warning) if is_of_output(&warning.error()) => {
                    warning.error()
                }
                _ => continue,
            };
            return Err(SoundProblem::NoOutput(error.to_string()));
        }
        Ok(())
    }
}

impl Drop for Pipeline {
    fn drop(&mut self) {
        let whole = self.whole.clone();
        runtime::detach(runtime::blocking(move || {
            let _ = whole.set_state(gst::State::Null);
        }));
    }
}

/// Makes `GStreamer` ready; the first time on a computer takes a second.
pub(super) fn init() -> Result<(), SoundProblem> {
    gst::init().map_err(|error| SoundProblem::NoOutput(error.to_string()))
}

fn element(name: &'static str) -> Result<gst::Element, SoundProblem> {
    let made = gst::ElementFactory::make(name).build();
    made.map_err(|_| SoundProblem::Incomplete(name))
}

fn source() -> AppSrc {
    let caps = gst::Caps::builder("audio/x-raw")
        .field("format", "S16LE")
        .field("layout", "interleaved")
        .field("rate", FORMAT.frequency as i32)
        .field("channels", i32::from(FORMAT.channels))
        .build();
    AppSrc::builder()
        .caps(&caps)
        .format(gst::Format::Time)
        .is_live(true)
        .do_timestamp(true)
        .min_latency(DELAY.nseconds() as i64)
        .max_bytes(LAG_BYTES as u64)
        .leaky_type(AppLeakyType::Downstream)
        .build()
}

/// Tells the sound server, as soon as it is chosen, whose sound it is, and to keep little of it.
///
/// Desktops list what plays by the application's name, which here is the guest's.
fn set_up_server(element: &gst::Element, name: &str) {
    for (property, value) in [
        ("buffer-time", SERVER_KEEPS),
        ("latency-time", SERVER_TAKES),
    ] {
        if element.has_property_with_type(property, glib::Type::I64) {
            element.set_property(property, value);
        }
    }
    if element.has_property_with_type("stream-properties", gst::Structure::static_type()) {
        let properties = gst::Structure::builder("properties")
            .field("application.name", name)
            .field("application.icon_name", crate::APP_ID)
            .build();
        element.set_property("stream-properties", properties);
    }
}

fn is_of_output(error: &glib::Error) -> bool {
    [
        gst::ResourceError::NotFound,
        gst::ResourceError::OpenWrite,
        gst::ResourceError::OpenReadWrite,
        gst::ResourceError::Failed,
    ]
    .into_iter()
    .any(|kind| error.matches(kind))
}
