//! Reads the server's messages step by step (RFC 6143 §7.6).
//!
//! Each step looks at the bytes that have arrived and uses a whole header, a whole small body or a
//! part of a large one. It decides what may come; the decoders only see rectangles that fit.
//! Messages beyond the RFC, and the clipboard, are in [`extensions`](super::extensions).

use super::{
    Core, State,
    event::{EngineEvent, RectHeader},
    pseudo::{self, News},
};
use crate::{
    Encoding, Error, Rect, Result, Size, client,
    decode::Job,
    limits::MAX_NAME,
    wire::{Reader, Step},
};

/// Ends an update whose header could not say how many rectangles follow (rfbproto, "LastRect").
const UNTIL_LAST_RECT: u16 = 0xffff;

impl Core {
    /// Uses some of the input. `Done` after whole parts, `More` within a body.
    pub(super) fn step(&mut self, input: &[u8]) -> Result<Step> {
        match self.state {
            State::Init => self.init(input),
            State::Message => self.message(input),
            State::Update { left } => self.rect_header(left, input),
            State::Pseudo { left, header } => self.pseudo(left, header, input),
            State::Pixels { left, job } => self.pixels(left, job, input),
            State::Audio { left } => Ok(self.audio(left, input)),
            State::Skip { left } => Ok(self.skip(left, input)),
        }
    }

    /// Reads size, pixel format and name; answers with our format, encodings and the first request.
    fn init(&mut self, input: &[u8]) -> Result<Step> {
        let mut reader = Reader::new(input);
        let (Some(width), Some(height), Some(()), Some(length)) =
            (reader.u16(), reader.u16(), reader.skip(16), reader.u32())
        else {
            return Ok(Step::Need);
        };
        let size = Size::new(width, height).check_framebuffer()?;
        Error::check_limit("a desktop name", length as usize, MAX_NAME)?;
        let Some(name) = reader.take(length as usize) else {
            return Ok(Step::Need);
        };
        let name = String::from_utf8_lossy(name).into_owned();
        self.change_size(size);
        self.events.push_back(EngineEvent::Connected { name, size });
        client::set_pixel_format(&mut self.out);
        client::set_encodings(&mut self.out, &self.encodings.numbers());
        self.request(false);
        self.state = State::Message;
        Ok(Step::Done(reader.used()))
    }

    fn message(&mut self, input: &[u8]) -> Result<Step> {
        match input.first() {
            None => Ok(Step::Need),
            Some(0) => Ok(self.update_header(input)),
            Some(1) => Ok(self.colour_map(input)),
            Some(2) => {
                // A flood of bells costs no memory.
                if self.events.back() != Some(&EngineEvent::Bell) {
                    self.events.push_back(EngineEvent::Bell);
                }
                Ok(Step::Done(1))
            }
            Some(3) => self.cut_text(input),
            Some(150) => Ok(self.continuous_updates_end()),
            Some(248) => self.fence(input),
            Some(250) => self.power(input),
            Some(255) if self.audio_offered => self.qemu(input),
            Some(other) => Err(Error::Unexpected {
                what: "message",
                number: i32::from(*other),
            }),
        }
    }

    fn update_header(&mut self, input: &[u8]) -> Step {
        let mut reader = Reader::new(input);
        let (Some(()), Some(left)) = (reader.skip(2), reader.u16()) else {
            return Step::Need;
        };
        self.request(true);
        self.updates += 1;
        self.next_rect(left);
        Step::Done(4)
    }

    /// Skips a colour map: it has no meaning in true colour.
    fn colour_map(&mut self, input: &[u8]) -> Step {
        let mut reader = Reader::new(input);
        let (Some(()), Some(count)) = (reader.skip(4), reader.u16()) else {
            return Step::Need;
        };
        let left = usize::from(count) * 6;
        self.state = State::Skip { left };
        Step::Done(6)
    }

    fn rect_header(&mut self, left: u16, input: &[u8]) -> Result<Step> {
        const HEADER: usize = 12;
        let mut reader = Reader::new(input);
        let (Some(x), Some(y), Some(width), Some(height), Some(encoding)) = (
            reader.u16(),
            reader.u16(),
            reader.u16(),
            reader.u16(),
            reader.i32(),
        ) else {
            return Ok(Step::Need);
        };
        let rect = Rect::new(x, y, width, height);
        self.state = match Encoding::from_number(encoding) {
            None => State::Pseudo {
                left,
                header: RectHeader { rect, encoding },
            },
            Some(_) if !rect.fits(self.picture.size()) => {
                return Err(Error::Protocol("a rectangle lies outside the framebuffer"));
            }
            Some(encoding) => {
                let progress = 0;
                let job = Job {
                    encoding,
                    rect,
                    progress,
                };
                State::Pixels { left, job }
            }
        };
        Ok(Step::Done(HEADER))
    }

    fn pseudo(&mut self, left: u16, header: RectHeader, input: &[u8]) -> Result<Step> {
        let mut reader = Reader::new(input);
        let Some(news) = pseudo::parse(header, &mut reader)? else {
            return Ok(Step::Need);
        };
        let mut left = after(left);
        match news {
            News::Event(event) => {
                self.audio_offered |= event == EngineEvent::AudioOffered;
                self.events.push_back(event);
            }
            News::LastRect => left = 0,
            News::Size {
                size,
                screen,
                status,
            } => {
                self.events.extend(screen);
                self.events
                    .extend(status.map(EngineEvent::DesktopSizeStatus));
                self.resize(size)?;
            }
        }
        self.next_rect(left);
        Ok(Step::Done(reader.used()))
    }

    fn pixels(&mut self, left: u16, mut job: Job, input: &[u8]) -> Result<Step> {
        let step = self.decoders.step(&mut job, input, &mut self.picture)?;
        match step {
            Step::Done(_) => {
                self.damage.add(job.rect);
                self.received += job.rect.area() as u64;
                self.last_encoding = Some(job.encoding);
                self.next_rect(after(left));
            }
            Step::More(_) | Step::Need => self.state = State::Pixels { left, job },
        }
        Ok(step)
    }

    fn next_rect(&mut self, left: u16) {
        self.state = if left == 0 {
            self.ended = true;
            self.events.push_back(EngineEvent::FrameEnd);
            State::Message
        } else {
            State::Update { left }
        };
    }

    fn skip(&mut self, left: usize, input: &[u8]) -> Step {
        let now = left.min(input.len());
        self.state = match left - now {
            0 => State::Message,
            left => State::Skip { left },
        };
        match now {
            0 if left > 0 => Step::Need,
            _ => Step::More(now),
        }
    }
}

/// Counts one rectangle less, unless the number is not known.
fn after(left: u16) -> u16 {
    if left == UNTIL_LAST_RECT {
        left
    } else {
        left - 1
    }
}
