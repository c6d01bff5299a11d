//! The header in fullscreen: out of the way, and back when the pointer touches the upper edge or a finger comes in from it,
//! or as long as the keyboard is the window's.

use std::{cell::Cell, cell::RefCell, time::Duration};

use gtk::{glib, prelude::*};

/// How long the header stays when fullscreen begins, so that a user sees where it goes.
const AT_FIRST: Duration = Duration::from_secs(2);
/// How long it stays once the pointer has left it.
const AFTERWARDS: Duration = Duration::from_secs(1);
/// How long it stays for a finger, which is over nothing while it is away.
const FOR_A_FINGER: Duration = Duration::from_secs(4);
/// Application pixels from the upper edge that bring it back.
const EDGE: f64 = 2.0;
/// The same for a finger, which is broader and has to go on downwards.
const FINGERS_EDGE: f64 = 12.0;

/// The header of one window.
#[derive(Debug, Default)]
pub(super) struct EdgeHeader {
    frame: glib::WeakRef<adw::ToolbarView>,
    fullscreen: Cell<bool>,
    /// It stays: Tab leads there.
    kept: Cell<bool>,
    hiding: RefCell<Option<glib::SourceId>>,
}

impl EdgeHeader {
    /// Takes care of the bars of a view. Lives as long as its window, which `owner` finds.
    pub(super) fn attach<W: IsA<gtk::Widget>>(
        &self,
        frame: &adw::ToolbarView,
        owner: &W,
        header_of: fn(&W) -> &Self,
    ) {
        self.frame.set(Some(frame));
        let motion = gtk::EventControllerMotion::new();
        motion.set_propagation_phase(gtk::PropagationPhase::Capture);
        let weak = owner.downgrade();
        motion.connect_motion(move |_, _, y| {
            if let Some(owner) = weak.upgrade() {
                header_of(&owner).follow(y, &owner, header_of);
            }
        });
        frame.add_controller(motion);
        frame.add_controller(swipe(owner, header_of));
    }

    /// Begins or ends fullscreen.
    pub(super) fn set_fullscreen<W: IsA<gtk::Widget>>(
        &self,
        fullscreen: bool,
        owner: &W,
        header_of: fn(&W) -> &Self,
    ) {
        self.fullscreen.set(fullscreen);
        let Some(frame) = self.frame.upgrade() else {
            return;
        };
        frame.set_extend_content_to_top_edge(fullscreen);
        frame.set_top_bar_style(if fullscreen {
            adw::ToolbarStyle::Raised
        } else {
            adw::ToolbarStyle::Flat
        });
        self.show();
        if fullscreen {
            self.hide_after(AT_FIRST, owner, header_of);
        }
    }

    /// Has it stay, or no longer.
    pub(super) fn set_kept<W: IsA<gtk::Widget>>(
        &self,
        kept: bool,
        owner: &W,
        header_of: fn(&W) -> &Self,
    ) {
        self.kept.set(kept);
        if !self.fullscreen.get() {
            return;
        }
        self.show();
        if !kept {
            self.hide_after(AFTERWARDS, owner, header_of);
        }
    }

    fn follow<W: IsA<gtk::Widget>>(&self, y: f64, owner: &W, header_of: fn(&W) -> &Self) {
        let Some(frame) = self.frame.upgrade() else {
            return;
        };
        if !self.fullscreen.get() {
            return;
        }
        if y < EDGE || (frame.reveals_top_bars() && y < f64::from(frame.top_bar_height())) {
            self.show();
        } else if frame.reveals_top_bars() && self.hiding.borrow().is_none() {
            self.hide_after(AFTERWARDS, owner, header_of);
        }
    }

    /// Says whether a finger that comes down so far from the upper edge may become one that brings the header back.
    fn begins_swipe(&self, y: f64) -> bool {
        let is_hidden = |frame: adw::ToolbarView| !frame.reveals_top_bars();
        self.fullscreen.get() && y < FINGERS_EDGE && self.frame.upgrade().is_some_and(is_hidden)
    }

    /// Has the header go once a finger comes down below it.
    fn leave_to_finger<W: IsA<gtk::Widget>>(&self, y: f64, owner: &W, header_of: fn(&W) -> &Self) {
        let is_below = |frame: adw::ToolbarView| {
            frame.reveals_top_bars() && y >= f64::from(frame.top_bar_height())
        };
        if self.fullscreen.get() && self.frame.upgrade().is_some_and(is_below) {
            self.hide_after(AFTERWARDS, owner, header_of);
        }
    }

    fn show(&self) {
        if let Some(source) = self.hiding.take() {
            source.remove();
        }
        if let Some(frame) = self.frame.upgrade() {
            frame.set_reveal_top_bars(true);
        }
    }

    fn hide_after<W: IsA<gtk::Widget>>(
        &self,
        delay: Duration,
        owner: &W,
        header_of: fn(&W) -> &Self,
    ) {
        let weak = owner.downgrade();
        let source = glib::timeout_add_local_once(delay, move || {
            if let Some(owner) = weak.upgrade() {
                header_of(&owner).hide();
            }
        });
        if let Some(previous) = self.hiding.replace(Some(source)) {
            previous.remove();
        }
    }

    /// Hides the header, unless it is to stay or a user is at work in it.
    fn hide(&self) {
        self.hiding.take();
        let Some(frame) = self.frame.upgrade() else {
            return;
        };
        if self.fullscreen.get() && !self.kept.get() && !is_in_use(&frame) {
            frame.set_reveal_top_bars(false);
        }
    }
}

/// Makes the gesture that brings the header back: a finger that comes in from the upper edge. Until it has come some way
/// it is whoever's lies below; afterwards that hears no more of it.
fn swipe<W: IsA<gtk::Widget>>(owner: &W, header_of: fn(&W) -> &EdgeHeader) -> gtk::GestureDrag {
    let swipe = gtk::GestureDrag::new();
    swipe.set_touch_only(true);
    swipe.set_exclusive(true);
    swipe.set_propagation_phase(gtk::PropagationPhase::Capture);
    let weak = owner.downgrade();
    swipe.connect_drag_begin(move |swipe, _, y| {
        let Some(owner) = weak.upgrade() else { return };
        let header = header_of(&owner);
        header.leave_to_finger(y, &owner, header_of);
        if !header.begins_swipe(y) {
            swipe.set_state(gtk::EventSequenceState::Denied);
        }
    });
    let weak = owner.downgrade();
    swipe.connect_drag_update(move |swipe, right, down| {
        let Some(owner) = weak.upgrade() else { return };
        if owner.drag_check_threshold(0, 0, right as i32, down as i32) {
            swipe.set_state(gtk::EventSequenceState::Claimed);
            header_of(&owner).show();
            header_of(&owner).hide_after(FOR_A_FINGER, &owner, header_of);
        }
    });
    swipe
}

/// Says whether the focus is in a bar or in a menu that hangs from one.
fn is_in_use(frame: &adw::ToolbarView) -> bool {
    let focus = frame.root().and_then(|root| root.focus());
    let Some(focus) = focus else { return false };
    let content = frame.content();
    focus.is_ancestor(frame)
        && !content.is_some_and(|content| focus.is_ancestor(&content) || focus == content)
}
