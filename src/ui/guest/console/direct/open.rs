//! Where a guest's picture is on its window, as GTK's last frame has left it, and nothing lies over it.

use gtk::{cairo, graphene, prelude::*};

use super::super::{scaling::Placement, widget::Screen};
use crate::model::rfb::Rect;

/// Pixels at the edges of what is seen that stay GTK's: the corners of windows are round, bars throw shadows, and
/// lines tell of the focus and of what can be scrolled to.
const EDGE: f32 = 16.0;
/// Pixels around a widget over the picture in which its shadow may be.
const SHADOW: f32 = 24.0;

/// The picture's place, and what is open of it.
#[derive(Debug)]
pub(super) struct Open {
    /// The picture's corner, in pixels of the window.
    pub(super) corner: (i32, i32),
    region: cairo::Region,
}

impl Open {
    /// Looks at a screen that GTK has just painted; `None` where its picture is scaled, faint or not to be seen.
    pub(super) fn of(screen: &Screen) -> Option<Self> {
        let native = screen.native().filter(|_| screen.is_mapped())?;
        if line(screen.upcast_ref()).any(|widget| widget.opacity() < 1.0) {
            return None;
        }
        let place = screen.placement().filter(is_exact)?;
        let own = screen.compute_bounds(&native)?;
        let region = cairo::Region::create_rectangle(&seen(screen, &native, &own)?);
        for widget in widgets_beside(screen.upcast_ref()) {
            let bounds = widget.compute_bounds(&native)?;
            if bounds.intersection(&own).is_some() {
                let covered = pixels(&bounds.inset_r(-SHADOW, -SHADOW));
                region.subtract_rectangle(&covered).ok()?;
            }
        }
        let (left, top) = native.surface_transform();
        region.translate(left as i32, top as i32);
        let corner = (
            (f64::from(own.x()) + left + place.corner().0).round() as i32,
            (f64::from(own.y()) + top + place.corner().1).round() as i32,
        );
        Some(Self { corner, region })
    }

    /// Says whether all of some parts of the picture is open.
    pub(super) fn has(&self, parts: impl Iterator<Item = Rect>) -> bool {
        let (left, top) = self.corner;
        let rects: Vec<_> = parts
            .map(|part| {
                let (width, height) = (part.width.into(), part.height.into());
                let (x, y) = (i32::from(part.x), i32::from(part.y));
                cairo::RectangleInt::new(left + x, top + y, width, height)
            })
            .collect();
        let covered = cairo::Region::create_rectangles(&rects);
        covered.subtract(&self.region).is_ok() && covered.is_empty()
    }
}

/// Says whether each of the guest's pixels is one of the device's and of the window's.
fn is_exact(place: &Placement) -> bool {
    let is_one = |number: f64| (number - 1.0).abs() < f64::EPSILON;
    is_one(place.scale()) && is_one(place.zoom())
}

/// Gives what is seen of a screen, without its edges.
fn seen(
    screen: &Screen,
    native: &gtk::Native,
    own: &graphene::Rect,
) -> Option<cairo::RectangleInt> {
    let mut seen = *own;
    for ancestor in line(screen.upcast_ref()) {
        seen = seen.intersection(&ancestor.compute_bounds(native)?)?;
    }
    Some(pixels(&seen.inset_r(EDGE, EDGE)))
}

/// Gives the widgets that are seen beside a widget or one of its ancestors: each of them may lie over it.
fn widgets_beside(widget: &gtk::Widget) -> impl Iterator<Item = gtk::Widget> {
    line(widget).flat_map(|one| {
        let first = one.parent().and_then(|parent| parent.first_child());
        let children = std::iter::successors(first, gtk::Widget::next_sibling);
        // What has a window of its own lies over nothing of this one.
        children
            .filter(move |child| *child != one && child.is_mapped() && !child.is::<gtk::Native>())
    })
}

/// Gives a widget and all those in which it is.
fn line(widget: &gtk::Widget) -> impl Iterator<Item = gtk::Widget> {
    std::iter::successors(Some(widget.clone()), gtk::Widget::parent)
}

fn pixels(area: &graphene::Rect) -> cairo::RectangleInt {
    let (left, top) = (area.x().floor(), area.y().floor());
    let (right, bottom) = (area.x() + area.width(), area.y() + area.height());
    cairo::RectangleInt::new(
        left as i32,
        top as i32,
        (right - left).ceil() as i32,
        (bottom - top).ceil() as i32,
    )
}
