//! Paints the guest's picture: makes textures of the tiles that [`super::cutting`] has copied, and gives all of them to GTK.
//!
//! GTK is told which part of a tile differs from the tile before, and paints that part only: docs/measurements.md has
//! what this and other ways cost.

use gtk::{cairo, gdk, glib, graphene, gsk, prelude::*};

use super::{
    cutting::{Cut, Pixels},
    scaling::{Area, Filter, Placement},
    tiles::Grid,
};
use crate::model::rfb::{Rect, Size};

/// Bytes of a pixel.
const PIXEL: usize = 4;
/// What GTK's cairo renderer draws as it is. Pixels without opacity it converts one by one, which cost more than all the
/// rest of a picture; the other renderers take either.
const FORMAT: gdk::MemoryFormat = gdk::MemoryFormat::B8g8r8a8Premultiplied;
/// Pixels beside a changed one whose colours it is mixed into where the picture is scaled.
const REACH: u16 = 4;

/// The picture as GTK has it.
#[derive(Debug, Default)]
pub(super) struct Picture {
    grid: Grid,
    tiles: Vec<Option<gdk::Texture>>,
}

impl Picture {
    /// Gives its size; 0×0 while there is none.
    pub(super) fn size(&self) -> Size {
        self.grid.size()
    }

    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Takes what has changed.
    pub(super) fn take(&mut self, cut: Cut) {
        if cut.size != self.grid.size() {
            self.grid = Grid::new(cut.size);
            self.tiles = vec![None; self.grid.len()];
        }
        for new in cut.tiles {
            let held = self.grid.held(new.index);
            let Some(tile) = self.tiles.get_mut(new.index) else {
                continue;
            };
            let parts = within(held, &new.changed);
            *tile = Some(texture(held.size(), new.pixels, tile.take(), &parts));
        }
    }

    /// Paints the picture in its place.
    ///
    /// In pixels of the device: GTK's renderers scale such a texture to the size that it has in the coordinates of its
    /// node, and whatever the surface's scale is comes on top of that.
    pub(super) fn append_to(&self, snapshot: &gtk::Snapshot, place: &Placement) {
        let filter = match place.filter() {
            Filter::Nearest => gsk::ScalingFilter::Nearest,
            Filter::Linear => gsk::ScalingFilter::Linear,
            Filter::Trilinear => gsk::ScalingFilter::Trilinear,
        };
        let (corner, scale) = (place.corner(), place.scale());
        snapshot.save();
        snapshot.translate(&graphene::Point::new(corner.0 as f32, corner.1 as f32));
        snapshot.scale((1.0 / scale) as f32, (1.0 / scale) as f32);
        for (index, tile) in self.tiles.iter().enumerate() {
            let Some(tile) = tile else { continue };
            let held = bounds(place.device_area(self.grid.held(index)));
            snapshot.push_clip(&bounds(place.snapped_area(self.grid.shown(index))));
            // At a guest's own size as well: what is only appended GTK's cairo renderer reads whole for each frame, even where
            // nothing of it is drawn.
            snapshot.append_scaled_texture(tile, filter, &held);
            snapshot.pop();
        }
        snapshot.restore();
    }
}

/// Gives the parts of some rectangles that lie in a tile, as seen from its corner.
fn within(tile: Rect, rects: &[Rect]) -> Vec<cairo::RectangleInt> {
    let parts = rects.iter().map(|rect| grown(*rect).intersection(tile));
    parts
        .filter(|part| !part.is_empty())
        .map(|part| {
            cairo::RectangleInt::new(
                i32::from(part.x) - i32::from(tile.x),
                i32::from(part.y) - i32::from(tile.y),
                part.width.into(),
                part.height.into(),
            )
        })
        .collect()
}

/// Gives a rectangle with all that is mixed with its colours.
fn grown(rect: Rect) -> Rect {
    let (left, top) = (rect.x.saturating_sub(REACH), rect.y.saturating_sub(REACH));
    Rect::new(
        left,
        top,
        (rect.x - left)
            .saturating_add(rect.width)
            .saturating_add(REACH),
        (rect.y - top)
            .saturating_add(rect.height)
            .saturating_add(REACH),
    )
}

/// Makes a texture that differs from the one before it in some parts only.
fn texture(
    size: Size,
    pixels: Pixels,
    before: Option<gdk::Texture>,
    parts: &[cairo::RectangleInt],
) -> gdk::Texture {
    let builder = gdk::MemoryTextureBuilder::new()
        .set_bytes(Some(&glib::Bytes::from_owned(pixels)))
        .set_format(FORMAT)
        .set_width(size.width.into())
        .set_height(size.height.into())
        .set_stride(usize::from(size.width) * PIXEL);
    if before.is_none() {
        return builder.build();
    }
    builder
        .set_update_texture(before.as_ref())
        .set_update_region(Some(&cairo::Region::create_rectangles(parts)))
        .build()
}

fn bounds(area: Area) -> graphene::Rect {
    graphene::Rect::new(
        area.x as f32,
        area.y as f32,
        area.width as f32,
        area.height as f32,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_reaches_its_neighbours_in_its_own_tile() {
        let tile = Rect::new(255, 0, 258, 257);
        let parts = within(tile, &[Rect::new(300, 2, 10, 10), Rect::new(0, 0, 9, 9)]);
        assert_eq!(parts.len(), 1);
        let part = &parts[0];
        assert_eq!((part.x(), part.y()), (41, 0));
        assert_eq!((part.width(), part.height()), (18, 16));
        let all = within(tile, &[Rect::new(0, 0, u16::MAX, u16::MAX)]);
        assert_eq!((all[0].width(), all[0].height()), (258, 257));
    }
}
