//! Paints the guest's picture: makes textures of the tiles that [`super::cutting`] has copied, and gives all of them to GTK.
//!
//! GTK is told which part of a tile differs from the tile before, and paints that part only: docs/measurements.md has
//! what this and other ways cost.

use gtk::{cairo, gdk, glib, graphene, gsk, prelude::*};

use super::{
    cutting::Cut,
    scaling::{Area, Filter, Placement},
    tile_memory::Pixels,
    tiles::{Grain, Grid},
};
use crate::model::rfb::{Rect, Size};

/// Bytes of a pixel.
const PIXEL: usize = 4;
/// What GTK's cairo renderer draws as it is. Pixels without opacity it converts one by one, which cost more than all the
/// rest of a picture; the other renderers take either.
const FORMAT: gdk::MemoryFormat = gdk::MemoryFormat::B8g8r8a8Premultiplied;
/// Pixels beside a changed one whose colours it is mixed into where the picture is scaled.
const REACH: u16 = 4;

/// Tells how pictures are to be cut for a renderer: GTK's cairo renderer copies all of a tile of which anything has changed.
pub(super) fn grain_for(renderer: Option<gsk::Renderer>) -> Grain {
    if renderer.is_some_and(|renderer| renderer.is::<gsk::CairoRenderer>()) {
        Grain::Fine
    } else {
        Grain::Coarse
    }
}

/// The picture as GTK has it.
#[derive(Debug, Default)]
pub(super) struct Picture {
    grid: Grid,
    tiles: Vec<Tile>,
    /// Where the tiles' nodes are.
    place: Option<Placement>,
}

/// A tile's texture, and the node that paints it where the picture was last.
#[derive(Clone, Debug, Default)]
struct Tile {
    texture: Option<gdk::Texture>,
    node: Option<gsk::RenderNode>,
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
        if cut.grid != self.grid {
            self.grid = cut.grid;
            self.tiles = vec![Tile::default(); self.grid.len()];
        }
        for new in cut.tiles {
            let held = self.grid.held(new.index);
            let Some(tile) = self.tiles.get_mut(new.index) else {
                continue;
            };
            let parts = within(held, &new.changed);
            let before = tile.texture.take();
            *tile = Tile {
                texture: Some(texture(held.size(), new.pixels, before, &parts)),
                node: None,
            };
        }
    }

    /// Paints the picture in its place.
    ///
    /// In pixels of the device: GTK's renderers scale such a texture to the size that it has in the coordinates of its
    /// node, and whatever the surface's scale is comes on top of that.
    pub(super) fn append_to(&mut self, snapshot: &gtk::Snapshot, place: &Placement) {
        self.place_nodes(place);
        let (corner, scale) = (place.corner(), place.scale());
        snapshot.save();
        snapshot.translate(&graphene::Point::new(corner.0 as f32, corner.1 as f32));
        snapshot.scale((1.0 / scale) as f32, (1.0 / scale) as f32);
        for node in self.tiles.iter().filter_map(|tile| tile.node.as_ref()) {
            snapshot.append_node(node);
        }
        snapshot.restore();
    }

    /// Makes the nodes of tiles that are new, or all where the picture has moved: GTK finds what is the same by its address.
    fn place_nodes(&mut self, place: &Placement) {
        if self.place.replace(*place) != Some(*place) {
            self.tiles.iter_mut().for_each(|tile| tile.node = None);
        }
        for (index, tile) in self.tiles.iter_mut().enumerate() {
            if let (Some(texture), None) = (&tile.texture, &tile.node) {
                let held = bounds(place.device_area(self.grid.held(index)));
                let shown = bounds(place.snapped_area(self.grid.shown(index)));
                // At a guest's own size as well: what is not scaled GTK's cairo renderer reads whole for each frame, even
                // where nothing of it is drawn.
                let node = gsk::TextureScaleNode::new(texture, &held, filter(place));
                tile.node = Some(gsk::ClipNode::new(node, &shown).upcast());
            }
        }
    }
}

fn filter(place: &Placement) -> gsk::ScalingFilter {
    match place.filter() {
        Filter::Nearest => gsk::ScalingFilter::Nearest,
        Filter::Linear => gsk::ScalingFilter::Linear,
        Filter::Trilinear => gsk::ScalingFilter::Trilinear,
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
