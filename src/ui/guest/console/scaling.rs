//! Where the guest's picture lies in its widget, and which of its pixels is where. Pure numbers, no GTK.
//!
//! Lengths are application pixels unless a name says *device*; a surface has `scale` device pixels for each of them,
//! and that is often no whole number.

use crate::model::rfb::{Rect, Size};

/// How the picture's size follows the widget's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::ui::guest) enum Scaling {
    /// As large as the widget allows, sides kept in proportion.
    #[default]
    Fit,
    /// As `Fit`, for a guest that takes the widget's size: guests round it down to what suits their display, and some
    /// black lines beside the picture are better than a blurred one.
    Follow,
    /// The largest whole multiple of the device's pixels that the widget allows; at least one.
    Whole,
    /// So many percent of the device's pixels, whatever the widget allows.
    Percent(u16),
}

/// Pixels by which a guest that follows may miss the widget's size: EDID counts widths in eights.
const FOLLOW_SLACK: f64 = 16.0;

/// The place in which a picture is to be shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Canvas {
    /// The widget's width and height.
    pub(super) size: (f64, f64),
    /// Where the widget begins in its surface.
    pub(super) origin: (f64, f64),
    /// Device pixels for each application pixel.
    pub(super) scale: f64,
}

/// An area in the widget.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Area {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// How to find a colour between pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Filter {
    /// Whole multiples: pixels stay sharp.
    Nearest,
    /// Between two sizes.
    Linear,
    /// Less than half the size: several pixels make one.
    Trilinear,
}

/// Where a picture lies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Placement {
    guest: Size,
    canvas: Canvas,
    /// The picture's upper left corner in the widget.
    corner: (f64, f64),
    /// Device pixels for each pixel of the guest.
    zoom: f64,
}

impl Placement {
    /// Places a picture in the middle; `None` while there is nothing to place or no room.
    pub(super) fn new(guest: Size, canvas: Canvas, scaling: Scaling) -> Option<Self> {
        let room = (canvas.size.0 * canvas.scale, canvas.size.1 * canvas.scale);
        if guest.area() == 0 || room.0 < 1.0 || room.1 < 1.0 {
            return None;
        }
        let zoom = match scaling {
            Scaling::Percent(percent) => f64::from(percent) / 100.0,
            Scaling::Whole => whole_zoom(guest, room),
            Scaling::Fit => fitting_zoom(guest, room, 1.0),
            Scaling::Follow => fitting_zoom(guest, room, FOLLOW_SLACK),
        };
        let middle = |room: f64, guest: u16, origin: f64| {
            let free = (room - f64::from(guest) * zoom).max(0.0) / 2.0;
            // On a device pixel of the surface, so that whole multiples stay sharp.
            (origin * canvas.scale + free).round() / canvas.scale - origin
        };
        let corner = (
            middle(room.0, guest.width, canvas.origin.0),
            middle(room.1, guest.height, canvas.origin.1),
        );
        Some(Self {
            guest,
            canvas,
            corner,
            zoom,
        })
    }

    /// Gives the guest's pixel under a point of the widget; outside the picture, the nearest one.
    pub(super) fn guest_pixel(&self, x: f64, y: f64) -> (u16, u16) {
        let per_pixel = self.step();
        let find = |at: f64, corner: f64, count: u16| {
            let pixel = ((at - corner) / per_pixel).floor();
            pixel.clamp(0.0, f64::from(count) - 1.0) as u16
        };
        (
            find(x, self.corner.0, self.guest.width),
            find(y, self.corner.1, self.guest.height),
        )
    }

    /// Gives the area that a rectangle of the picture covers.
    #[cfg(test)]
    fn area(&self, rect: Rect) -> Area {
        let step = self.step();
        Area {
            x: self.corner.0 + f64::from(rect.x) * step,
            y: self.corner.1 + f64::from(rect.y) * step,
            width: f64::from(rect.width) * step,
            height: f64::from(rect.height) * step,
        }
    }

    /// Gives where the picture begins: always on a pixel of the device.
    pub(super) fn corner(&self) -> (f64, f64) {
        self.corner
    }

    /// Gives the area that a rectangle covers in pixels of the device, counted from the picture's corner.
    pub(super) fn device_area(&self, rect: Rect) -> Area {
        Area {
            x: f64::from(rect.x) * self.zoom,
            y: f64::from(rect.y) * self.zoom,
            width: f64::from(rect.width) * self.zoom,
            height: f64::from(rect.height) * self.zoom,
        }
    }

    /// Gives the same with its edges moved to whole pixels: neighbours meet without a gap.
    pub(super) fn snapped_area(&self, rect: Rect) -> Area {
        let exact = self.device_area(rect);
        let (x, y) = (exact.x.round(), exact.y.round());
        Area {
            x,
            y,
            width: (exact.x + exact.width).round() - x,
            height: (exact.y + exact.height).round() - y,
        }
    }

    /// Gives the way to find colours that suits the size.
    pub(super) fn filter(&self) -> Filter {
        if is_whole(self.zoom) {
            Filter::Nearest
        } else if self.zoom < 0.5 {
            Filter::Trilinear
        } else {
            Filter::Linear
        }
    }

    /// Device pixels for each pixel of the guest.
    pub(super) fn zoom(&self) -> f64 {
        self.zoom
    }

    /// Device pixels for each application pixel.
    pub(super) fn scale(&self) -> f64 {
        self.canvas.scale
    }

    /// Application pixels for each pixel of the guest.
    pub(super) fn step(&self) -> f64 {
        self.zoom / self.canvas.scale
    }
}

/// The largest zoom at which the picture fits. A whole multiple is taken where the picture misses the room by fewer
/// device pixels than `slack`, because a blurred picture is worse than lines that stay black, or one that is cut.
fn fitting_zoom(guest: Size, room: (f64, f64), slack: f64) -> f64 {
    let (width, height) = (f64::from(guest.width), f64::from(guest.height));
    let zoom = (room.0 / width).min(room.1 / height);
    let whole = zoom.round();
    let fits = whole * width <= room.0 + 0.5 && whole * height <= room.1 + 0.5;
    let free = (room.0 - whole * width).min(room.1 - whole * height);
    if whole >= 1.0 && fits && free < slack {
        whole
    } else {
        zoom
    }
}

fn whole_zoom(guest: Size, room: (f64, f64)) -> f64 {
    let fitting = (room.0 / f64::from(guest.width)).min(room.1 / f64::from(guest.height));
    // An application pixel may be a broken number of device pixels: half of one is no reason to halve the picture.
    let slack = 0.5 / f64::from(guest.width.max(guest.height));
    (fitting + slack).floor().max(1.0)
}

fn is_whole(zoom: f64) -> bool {
    zoom >= 1.0 && zoom.fract() == 0.0
}

/// Gives the least room that a picture needs, in whole application pixels: what it takes beyond the window scrolls.
pub(super) fn least_size(guest: Size, scale: f64, scaling: Scaling) -> (i32, i32) {
    match scaling {
        Scaling::Fit | Scaling::Follow => (0, 0),
        Scaling::Whole => size_at(guest, scale, 1.0),
        Scaling::Percent(percent) => size_at(guest, scale, f64::from(percent) / 100.0),
    }
}

/// Gives the room that a picture needs at its own size, in whole application pixels.
pub(super) fn actual_size(guest: Size, scale: f64) -> (i32, i32) {
    size_at(guest, scale, 1.0)
}

fn size_at(guest: Size, scale: f64, zoom: f64) -> (i32, i32) {
    let need = |count: u16| (f64::from(count) * zoom / scale.max(0.1)).ceil() as i32;
    (need(guest.width), need(guest.height))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCALES: [f64; 5] = [1.0, 1.25, 1.5, 1.75, 2.0];
    const GUESTS: [Size; 4] = [
        Size::new(800, 600),
        Size::new(1023, 767),
        Size::new(1, 1),
        Size::new(5120, 2160),
    ];

    fn canvas(width: f64, height: f64, scale: f64) -> Canvas {
        Canvas {
            size: (width, height),
            origin: (3.0, 47.0),
            scale,
        }
    }

    #[test]
    fn the_middle_of_each_pixel_leads_back_to_it() {
        for scale in SCALES {
            for guest in GUESTS {
                for scaling in [
                    Scaling::Fit,
                    Scaling::Follow,
                    Scaling::Whole,
                    Scaling::Percent(100),
                    Scaling::Percent(67),
                ] {
                    let canvas = canvas(1281.0, 713.0, scale);
                    let placed = Placement::new(guest, canvas, scaling).unwrap();
                    for x in [0, guest.width / 3, guest.width - 1] {
                        for y in [0, guest.height / 2, guest.height - 1] {
                            let area = placed.area(Rect::new(x, y, 1, 1));
                            let (mid_x, mid_y) =
                                (area.x + area.width / 2.0, area.y + area.height / 2.0);
                            assert_eq!(
                                placed.guest_pixel(mid_x, mid_y),
                                (x, y),
                                "{scale} {guest:?}"
                            );
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn outside_the_picture_the_edge_counts() {
        let placed = Placement::new(
            Size::new(800, 600),
            canvas(1000.0, 601.0, 1.25),
            Scaling::Fit,
        )
        .unwrap();
        assert_eq!(placed.guest_pixel(-5.0, -5.0), (0, 0));
        assert_eq!(placed.guest_pixel(0.0, 0.0), (0, 0));
        assert_eq!(placed.guest_pixel(999.9, 600.9), (799, 599));
        assert_eq!(placed.guest_pixel(5000.0, 5000.0), (799, 599));
    }

    #[test]
    fn a_pixel_of_the_guest_is_a_pixel_of_the_device() {
        for scale in SCALES {
            let guest = Size::new(641, 479);
            let placed =
                Placement::new(guest, canvas(1501.0, 997.0, scale), Scaling::Percent(100)).unwrap();
            let area = placed.area(guest.rect());
            assert!((area.width * scale - 641.0).abs() < 1e-6);
            assert!((area.height * scale - 479.0).abs() < 1e-6);
            for (at, origin) in [(area.x, 3.0), (area.y, 47.0)] {
                let device = (at + origin) * scale;
                assert!((device - device.round()).abs() < 1e-6, "{scale}: {device}");
            }
            assert_eq!(placed.filter(), Filter::Nearest);
        }
    }

    #[test]
    fn the_picture_fits_and_keeps_its_proportions() {
        for scale in SCALES {
            for guest in GUESTS {
                let (width, height) = (1279.0, 801.0);
                let placed =
                    Placement::new(guest, canvas(width, height, scale), Scaling::Fit).unwrap();
                let area = placed.area(guest.rect());
                let slack = 1.01 / scale;
                assert!(area.x >= -slack && area.x + area.width <= width + slack);
                assert!(area.y >= -slack && area.y + area.height <= height + slack);
                let proportion = f64::from(guest.width) / f64::from(guest.height);
                assert!((area.width / area.height - proportion).abs() < 1e-6);
                let full = (area.width - width).abs() < 2.0 * slack
                    || (area.height - height).abs() < 2.0 * slack;
                assert!(full, "{scale} {guest:?}: {area:?} leaves room");
            }
        }
    }

    #[test]
    fn neighbours_meet_on_device_pixels() {
        for scale in SCALES {
            let guest = Size::new(1023, 767);
            let placed = Placement::new(guest, canvas(777.0, 555.0, scale), Scaling::Fit).unwrap();
            let left = placed.snapped_area(Rect::new(0, 0, 256, 256));
            let right = placed.snapped_area(Rect::new(256, 0, 256, 256));
            assert!((left.x + left.width - right.x).abs() < 1e-9);
            assert!((right.x - right.x.round()).abs() < 1e-9);
            let corner = (placed.corner().0 + 3.0) * scale;
            assert!((corner - corner.round()).abs() < 1e-6);
        }
    }

    #[test]
    fn whole_multiples_stay_sharp() {
        let zoom = |guest: Size, width: f64, height: f64, scale: f64| {
            Placement::new(guest, canvas(width, height, scale), Scaling::Fit)
                .unwrap()
                .filter()
        };
        let vga = Size::new(800, 600);
        assert_eq!(zoom(vga, 800.0, 600.0, 1.0), Filter::Nearest);
        assert_eq!(zoom(vga, 800.0, 600.0, 2.0), Filter::Nearest);
        assert_eq!(zoom(vga, 640.0, 480.0, 1.25), Filter::Nearest);
        assert_eq!(zoom(vga, 900.0, 700.0, 1.0), Filter::Linear);
        assert_eq!(zoom(vga, 300.0, 200.0, 1.0), Filter::Trilinear);
    }

    #[test]
    fn a_guest_that_rounded_the_size_down_stays_sharp() {
        let place = |guest: Size, scaling: Scaling| {
            Placement::new(guest, canvas(1366.0, 768.0, 1.0), scaling)
                .unwrap()
                .zoom()
        };
        let rounded = Size::new(1360, 768);
        assert!((place(rounded, Scaling::Follow) - 1.0).abs() < 1e-9);
        assert!((place(Size::new(1360, 765), Scaling::Follow) - 1.0).abs() < 1e-9);
        // One that does not follow is not to lie in a frame that is no whole number either.
        assert!(place(Size::new(1024, 700), Scaling::Follow) > 1.05);
        // Larger than the window it must still fit.
        assert!(place(Size::new(1372, 768), Scaling::Follow) < 1.0);
    }

    #[test]
    fn whole_multiples_are_the_largest_that_fit() {
        let zoom = |width: f64, height: f64, scale: f64| {
            Placement::new(
                Size::new(640, 480),
                canvas(width, height, scale),
                Scaling::Whole,
            )
            .unwrap()
            .zoom()
        };
        assert!((zoom(1279.0, 960.0, 1.0) - 1.0).abs() < 1e-9);
        assert!((zoom(1280.0, 960.0, 1.0) - 2.0).abs() < 1e-9);
        assert!((zoom(1280.0, 960.0, 1.5) - 3.0).abs() < 1e-9);
        assert!((zoom(100.0, 100.0, 1.0) - 1.0).abs() < 1e-9);
        let guest = Size::new(640, 480);
        assert_eq!(least_size(guest, 1.0, Scaling::Fit), (0, 0));
        assert_eq!(least_size(guest, 2.0, Scaling::Whole), (320, 240));
        assert_eq!(least_size(guest, 1.0, Scaling::Percent(150)), (960, 720));
    }

    #[test]
    fn nothing_is_placed_where_nothing_is() {
        assert_eq!(
            Placement::new(Size::new(0, 0), canvas(9.0, 9.0, 1.0), Scaling::Fit),
            None
        );
        assert_eq!(
            Placement::new(Size::new(8, 8), canvas(0.0, 9.0, 1.0), Scaling::Fit),
            None
        );
        assert_eq!(actual_size(Size::new(801, 600), 1.25), (641, 480));
        assert_eq!(actual_size(Size::new(801, 600), 2.0), (401, 300));
    }
}
