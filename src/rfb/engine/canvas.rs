//! The picture that is decoded into and, in a session, the one in front of it that painters see.
//!
//! At the end of an update the two change places: painters see whole frames, nothing is copied for that, and the lock is
//! held for a moment. The picture that comes back lacks what that update has painted. Of many small rectangles that is
//! copied at once, and not a pixel more; of a few large ones it stays *stale*, because what the next update paints over
//! needs no copy: in a film none is ever made.
//!
//! An engine without a session has no front and copies nothing.

use crate::{
    Damage, Encoding, Framebuffer, Rect, SharedFramebuffer, Size, limits::MAX_DAMAGE,
    region::Region, shared::Frame,
};

/// More rectangles than this are copied at once: comparing them with those of the next update would cost more.
const MAX_STALE: usize = 32;

/// More rectangles of an update than this are copied as one.
const MAX_FRESH: usize = 4096;

/// When painters see the next frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pace {
    /// Frames follow each other quickly: the next one may paint over what is stale.
    Quick,
    /// The next frame may come in parts that are to be shown: nothing stays stale.
    Slow,
}

/// See the [module](self).
#[derive(Debug, Default)]
pub(super) struct Canvas {
    picture: Framebuffer,
    /// What has changed, of an engine alone; in a session only that all has, with the size.
    damage: Damage,
    /// What the picture has and the front does not.
    fresh: Region,
    front: Option<SharedFramebuffer>,
    /// What the front has and the picture does not. Never a pixel that was decoded since.
    stale: Region,
    /// The rectangle whose pixels are coming.
    open: Option<Rect>,
    /// It is not black any more.
    painted: bool,
}

impl Canvas {
    /// Makes one for a session.
    pub(super) fn behind(front: SharedFramebuffer) -> Self {
        Self {
            front: Some(front),
            ..Self::default()
        }
    }

    pub(super) fn size(&self) -> Size {
        self.picture.size()
    }

    pub(super) fn picture(&self) -> &Framebuffer {
        &self.picture
    }

    /// Returns the picture for a decoder, which paints within the rectangle that was begun.
    pub(super) fn paint(&mut self) -> &mut Framebuffer {
        &mut self.picture
    }

    pub(super) fn take_damage(&mut self) -> Damage {
        self.damage.take()
    }

    /// Changes the size; what both sizes share stays, the rest is black, and all of it counts as changed.
    pub(super) fn resize(&mut self, size: Size) {
        self.freshen();
        self.picture.resize(size);
        self.fresh.clear();
        self.fresh.add(size.rect());
        self.damage.clear();
        self.damage.add(size.rect());
    }

    /// Begins a rectangle of pixels, all of which the decoder paints before it ends.
    pub(super) fn begin(&mut self, rect: Rect, encoding: Encoding) {
        if encoding == Encoding::CopyRect {
            // The only one that looks at pixels outside of its rectangle.
            self.freshen();
        }
        self.open = Some(rect);
        self.painted = true;
    }

    /// Ends it.
    pub(super) fn end(&mut self, rect: Rect) {
        self.open = None;
        if self.front.is_none() {
            self.damage.add(rect);
            return;
        }
        self.fresh.add(rect);
        if self.fresh.rects().len() > MAX_FRESH {
            self.fresh.collapse();
        }
        self.stale.subtract(rect);
        if self.stale.rects().len() > MAX_STALE {
            self.freshen();
        }
    }

    /// Shows painters what has changed; tells whether they have something new to see.
    ///
    /// In the middle of a rectangle its rows that have come are shown, unless the others are stale: then it is left for
    /// later.
    pub(super) fn show(&mut self, complete: bool, pace: Pace) -> bool {
        let Some(front) = self.front.clone() else {
            return false;
        };
        if let Some(open) = self.open {
            if self.stale.meets(open) {
                return false;
            }
            self.fresh.add(open);
        }
        if self.damage.is_empty() && self.fresh.rects().is_empty() {
            return false;
        }
        let frame = &mut *front.lock();
        frame.complete = complete;
        if frame.picture.size() == self.picture.size() {
            self.change_places(frame, pace);
        } else {
            self.begin_anew(frame);
        }
        self.damage.clear();
        self.fresh.clear();
        true
    }

    /// Gives painters a picture of the present size.
    fn begin_anew(&self, frame: &mut Frame) {
        let size = self.picture.size();
        // The old one goes first: there is never a third one.
        frame.picture = Framebuffer::default();
        frame.picture = if self.painted {
            self.picture.clone()
        } else {
            Framebuffer::new(size)
        };
        frame.damage.clear();
        frame.damage.add(size.rect());
    }

    fn change_places(&mut self, frame: &mut Frame, pace: Pace) {
        self.freshen_from(&frame.picture);
        self.tell(&mut frame.damage);
        std::mem::swap(&mut self.picture, &mut frame.picture);
        std::mem::swap(&mut self.stale, &mut self.fresh);
        let is_short = self.stale.rects().len() <= MAX_STALE;
        if pace == Pace::Slow || self.open.is_some() || !is_short {
            self.freshen_from(&frame.picture);
        }
    }

    /// Tells painters what has changed. Encoders go from the top to the bottom: rectangles that follow each other are
    /// near each other.
    fn tell(&self, damage: &mut Damage) {
        damage.extend(&self.damage);
        let rects = self.fresh.rects();
        let together = rects.len().div_ceil(MAX_DAMAGE).max(1);
        for near in rects.chunks(together) {
            damage.add(near.iter().copied().fold(Rect::default(), Rect::union));
        }
    }

    /// Copies what is stale from the front.
    fn freshen(&mut self) {
        if let Some(front) = self.front.clone()
            && !self.stale.rects().is_empty()
        {
            self.freshen_from(&front.lock().picture);
        }
    }

    fn freshen_from(&mut self, front: &Framebuffer) {
        for rect in self.stale.rects() {
            self.picture.copy_from(front, *rect);
        }
        self.stale.clear();
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    const SIDE: u16 = 12;

    /// What a server and the clock do.
    #[derive(Clone, Debug)]
    enum Act {
        /// A rectangle of one colour, of which so many rows come before an attempt to show it.
        Fill {
            rect: Rect,
            rows: u16,
            pace: Pace,
        },
        /// A copy of as many pixels from another place.
        Copy {
            from: (u16, u16),
            to: Rect,
        },
        Show(Pace),
        Resize(u16),
    }

    fn any_rect() -> impl Strategy<Value = Rect> {
        (0..SIDE, 0..SIDE, 1..=SIDE, 1..=SIDE).prop_map(|(x, y, width, height)| {
            Rect::new(x, y, width.min(SIDE - x), height.min(SIDE - y))
        })
    }

    fn any_pace() -> impl Strategy<Value = Pace> {
        prop::sample::select(vec![Pace::Quick, Pace::Slow])
    }

    fn any_act() -> impl Strategy<Value = Act> {
        let copy = (any_rect(), any::<[u16; 2]>()).prop_map(|(to, [x, y])| {
            let from = (x % (SIDE - to.width + 1), y % (SIDE - to.height + 1));
            Act::Copy { from, to }
        });
        prop_oneof![
            6 => (any_rect(), 0..SIDE, any_pace())
                .prop_map(|(rect, rows, pace)| Act::Fill { rect, rows, pace }),
            2 => copy,
            6 => any_pace().prop_map(Act::Show),
            1 => (SIDE..SIDE + 2).prop_map(Act::Resize),
        ]
    }

    /// A canvas, and the same picture painted without any of this.
    struct Pair {
        canvas: Canvas,
        front: SharedFramebuffer,
        plain: Framebuffer,
        /// What a painter has copied so far, by the damage that it was told.
        painted: Framebuffer,
    }

    impl Pair {
        fn new() -> Self {
            let front = SharedFramebuffer::default();
            let mut pair = Self {
                canvas: Canvas::behind(front.clone()),
                front,
                plain: Framebuffer::default(),
                painted: Framebuffer::default(),
            };
            pair.resize(SIDE);
            pair
        }

        fn resize(&mut self, side: u16) {
            self.canvas.resize(Size::new(side, side));
            self.plain.resize(Size::new(side, side));
        }

        /// Shows, and compares where all that has come is shown.
        fn show(&mut self, pace: Pace, whole: bool) -> Result<(), TestCaseError> {
            let shown = self.canvas.show(true, pace);
            let mut frame = self.front.lock();
            self.painted.resize(frame.picture().size());
            for rect in frame.take_damage().rects() {
                self.painted.copy_from(frame.picture(), *rect);
            }
            prop_assert!(frame.picture().bytes() == self.painted.bytes());
            if shown || whole {
                prop_assert!(frame.picture().bytes() == self.plain.bytes());
            }
            Ok(())
        }

        fn act(&mut self, act: &Act, colour: u32) -> Result<(), TestCaseError> {
            match *act {
                Act::Fill { rect, rows, pace } => {
                    self.canvas.begin(rect, Encoding::Raw);
                    let now = Rect {
                        height: rows.min(rect.height),
                        ..rect
                    };
                    self.canvas.paint().fill(now, colour);
                    self.plain.fill(now, colour);
                    self.show(pace, false)?;
                    self.canvas.paint().fill(rect, colour);
                    self.plain.fill(rect, colour);
                    self.canvas.end(rect);
                }
                Act::Copy { from, to } => {
                    self.canvas.begin(to, Encoding::CopyRect);
                    self.canvas.paint().copy_within(from, to);
                    self.plain.copy_within(from, to);
                    self.canvas.end(to);
                }
                Act::Show(pace) => self.show(pace, true)?,
                Act::Resize(side) => self.resize(side),
            }
            Ok(())
        }
    }

    proptest! {
        #[test]
        fn painters_see_what_was_decoded(acts in vec(any_act(), 0..40)) {
            let mut pair = Pair::new();
            for (colour, act) in (1..).zip(&acts) {
                pair.act(act, colour)?;
            }
            pair.show(Pace::Quick, true)?;
        }
    }

    #[test]
    fn where_everything_moves_nothing_is_copied() {
        let mut pair = Pair::new();
        let all = Rect::new(0, 0, SIDE, SIDE);
        for colour in 1..4 {
            pair.canvas.begin(all, Encoding::Raw);
            pair.canvas.paint().fill(all, colour);
            pair.canvas.end(all);
            assert!(pair.canvas.stale.rects().is_empty(), "painted over");
            assert!(pair.canvas.show(true, Pace::Quick));
        }
        assert_eq!(pair.canvas.stale.rects(), [all]);
        // A link that has become slow: from now on parts can be shown.
        pair.canvas.begin(all, Encoding::Raw);
        assert!(!pair.canvas.show(true, Pace::Slow), "most of it is stale");
        pair.canvas.end(all);
        assert!(pair.canvas.show(true, Pace::Slow));
        assert!(pair.canvas.stale.rects().is_empty());
        pair.canvas.begin(all, Encoding::Raw);
        assert!(pair.canvas.show(true, Pace::Slow), "rows that have come");
    }
}
