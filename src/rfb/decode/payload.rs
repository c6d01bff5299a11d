//! A compressed payload with its length in four bytes, which is decoded as it arrives.

use super::inflate::ENDED;
use crate::{
    Error, Rect, Result,
    limits::max_payload,
    wire::{Reader, Step},
};

/// What is left of the payload of the present rectangle.
#[derive(Debug, Default)]
pub(super) struct Payload {
    left: usize,
}

impl Payload {
    /// Reads the length; returns whether it is there.
    pub(super) fn begin(&mut self, reader: &mut Reader<'_>, rect: Rect) -> Result<bool> {
        let Some(length) = reader.u32() else {
            return Ok(false);
        };
        self.left = length as usize;
        Error::check_limit(
            "a compressed rectangle",
            self.left,
            max_payload(rect.area()),
        )?;
        Ok(true)
    }

    /// Takes as much of it as has arrived.
    pub(super) fn take<'a>(&mut self, reader: &mut Reader<'a>) -> &'a [u8] {
        let now = self.left.min(reader.rest().len());
        self.left -= now;
        reader.take(now).unwrap_or_default()
    }

    /// Tells whether all of it was taken.
    pub(super) fn is_over(&self) -> bool {
        self.left == 0
    }

    /// Ends a step: `painted` tells whether the whole rectangle is.
    pub(super) fn step(&self, reader: &Reader<'_>, painted: bool) -> Result<Step> {
        Ok(match reader.used() {
            used if self.is_over() && painted => Step::Done(used),
            _ if self.is_over() => return Err(ENDED),
            0 => Step::Need,
            used => Step::More(used),
        })
    }
}
