//! Lets the guest's screen follow the window: asks the guest for the room's size in device pixels, once the user has
//! stopped pulling at the window.
//!
//! A server that refuses is not asked again until its next session, or until the user switches this on anew. What the
//! refusal is called is [`super::view`]'s.

use std::{
    cell::{Cell, RefCell},
    time::Duration,
};

use gtk::{glib, prelude::*};

use super::widget::Screen;
use crate::model::rfb::{DesktopSizeStatus, Size};

/// How long the window must keep its size.
const QUIET: Duration = Duration::from_millis(250);
/// Guests do badly below this, and nobody reads them.
const LEAST: Size = Size::new(320, 200);
/// More than any hypervisor shows.
const MOST: Size = Size::new(16_384, 16_384);

/// Why a guest cannot take the window's size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// Its display device cannot be resized.
    Device,
    /// The server forbids it.
    Forbidden,
    /// The display has too little memory for so many pixels.
    Memory,
    /// The server cannot be asked at all.
    Unknown,
}

impl Refusal {
    /// Reads an answer. QEMU's usual one, that the wish was passed on, is no refusal: the guest may take its time.
    fn of(status: DesktopSizeStatus) -> Option<Self> {
        match status {
            DesktopSizeStatus::Invalid => Some(Self::Device),
            DesktopSizeStatus::Prohibited => Some(Self::Forbidden),
            DesktopSizeStatus::OutOfResources => Some(Self::Memory),
            DesktopSizeStatus::Done | DesktopSizeStatus::Forwarded => None,
            _ => Some(Self::Unknown),
        }
    }
}

/// What one screen asks of its guest.
#[derive(Debug, Default)]
pub(super) struct Follow {
    is_on: Cell<bool>,
    is_refused: Cell<bool>,
    /// The last wish of this session.
    asked: Cell<Option<Size>>,
    pending: RefCell<Option<glib::SourceId>>,
}

impl Follow {
    /// Says whether the guest is to follow.
    pub(super) fn is_on(&self) -> bool {
        self.is_on.get()
    }

    /// Begins or ends to ask.
    pub(super) fn set_on(&self, screen: &Screen, on: bool) {
        self.is_on.set(on);
        self.begin(screen);
    }

    /// Begins anew: with a session, or because the user says so.
    pub(super) fn begin(&self, screen: &Screen) {
        self.is_refused.set(false);
        self.asked.set(None);
        self.room_changed(screen);
    }

    /// The window has another size, or the desktop another scale.
    pub(super) fn room_changed(&self, screen: &Screen) {
        if let Some(pending) = self.pending.take() {
            pending.remove();
        }
        if !self.is_on() || self.is_refused.get() {
            return;
        }
        let weak = screen.downgrade();
        let source = glib::timeout_add_local_once(QUIET, move || {
            if let Some(screen) = weak.upgrade() {
                let follow = screen.follow();
                follow.pending.take();
                follow.ask(&screen);
            }
        });
        self.pending.replace(Some(source));
    }

    /// A picture of the session has come: from now on the server has said what it can.
    pub(super) fn picture_came(&self, screen: &Screen) {
        let waits = self.is_on() && self.asked.get().is_none() && self.pending.borrow().is_none();
        if waits {
            self.room_changed(screen);
        }
    }

    /// Reads the server's answer; gives a refusal once.
    pub(super) fn answered(&self, status: DesktopSizeStatus) -> Option<Refusal> {
        let refusal = Refusal::of(status)?;
        // A wish of nobody's here: another viewer's, or one from before this was switched off.
        if !self.is_on() || self.asked.get().is_none() || self.is_refused.replace(true) {
            return None;
        }
        Some(refusal)
    }

    fn ask(&self, screen: &Screen) {
        let (Some(session), Some(room)) = (screen.session(), screen.room()) else {
            return;
        };
        // A window that is not on the screen has no size that anybody chose.
        if !screen.is_mapped() || !self.is_on() {
            return;
        }
        let wanted = wanted(room, screen.surface_scale());
        if !session.is_complete() || self.asked.get() == Some(wanted) {
            return;
        }
        self.asked.set(Some(wanted));
        if session.size() == wanted {
            return;
        }
        session.set_desktop_size(wanted.width, wanted.height);
    }
}

/// Gives the size to ask for, in device pixels, whole ones that the room really has.
fn wanted(room: (i32, i32), scale: f64) -> Size {
    // A product that should be whole may come out a breath below it.
    let pixels = |length: i32, least: u16, most: u16| {
        let length = (f64::from(length) * scale + 0.001).floor();
        length.clamp(f64::from(least), f64::from(most)) as u16
    };
    Size::new(
        pixels(room.0, LEAST.width, MOST.width),
        pixels(room.1, LEAST.height, MOST.height),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guest_is_asked_for_device_pixels() {
        assert_eq!(wanted((1280, 800), 1.0), Size::new(1280, 800));
        assert_eq!(wanted((1280, 800), 1.25), Size::new(1600, 1000));
        assert_eq!(wanted((1281, 801), 1.5), Size::new(1921, 1201));
        assert_eq!(wanted((1000, 700), 1.1), Size::new(1100, 770));
        assert_eq!(wanted((10, 10), 1.0), LEAST);
        assert_eq!(wanted((30_000, 10), 2.0), Size::new(16_384, 200));
    }

    #[test]
    fn refusals_are_told_apart() {
        let all = [
            (DesktopSizeStatus::Done, None),
            (DesktopSizeStatus::Forwarded, None),
            (DesktopSizeStatus::Invalid, Some(Refusal::Device)),
            (DesktopSizeStatus::Prohibited, Some(Refusal::Forbidden)),
            (DesktopSizeStatus::OutOfResources, Some(Refusal::Memory)),
            (DesktopSizeStatus::Unsupported, Some(Refusal::Unknown)),
            (DesktopSizeStatus::Other(9), Some(Refusal::Unknown)),
        ];
        for (status, refusal) in all {
            assert_eq!(Refusal::of(status), refusal, "{status:?}");
        }
    }

    #[test]
    fn a_refusal_is_told_once_and_only_to_whom_it_concerns() {
        let follow = Follow::default();
        assert_eq!(follow.answered(DesktopSizeStatus::Invalid), None);
        follow.is_on.set(true);
        assert_eq!(follow.answered(DesktopSizeStatus::Invalid), None);
        follow.asked.set(Some(LEAST));
        assert_eq!(follow.answered(DesktopSizeStatus::Forwarded), None);
        assert_eq!(
            follow.answered(DesktopSizeStatus::Invalid),
            Some(Refusal::Device)
        );
        assert_eq!(follow.answered(DesktopSizeStatus::Invalid), None);
    }
}
