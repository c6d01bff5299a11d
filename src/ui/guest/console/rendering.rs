//! Paints the guest's picture: makes textures of the tiles that [`super::cutting`] has copied, and gives all of them to GTK.
//! The pixels of what has changed it gives to [`super::direct`], which may paint them without GTK.
//!
//! GTK is told which part of a tile differs from the tile before, and paints that part only: docs/measurements.md has
//! what this and other ways cost.

use gtk::{cairo, gdk, glib, graphene, gsk, prelude::*};

use super::{
    cutting::{self, Cut},
    direct::Block,
    scaling::{Area, Filter, Placement},
    tiles::{Grain, Grid},
};
use crate::model::rfb::{Rect, Size};

/// Bytes of a pixel.
const PIXEL: usize = 4;
/// What GTK's cairo renderer draws as it is. Pixels without opacity it converts one by one, which cost more than all the
/// rest of a picture; the other renderers take either.
const FORMAT: gdk::MemoryFormat = gdk::MemoryFormat::B8g8r8a8Premultiplied;
/// Parts of a tile that are remembered one by one until there is a texture of them.
const MISSED: usize = 64;
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

/// Where a picture has changed: parts of it, each with the tile that shows it.
#[derive(Debug, Default)]
pub(super) struct Change(Vec<(usize, Rect)>);

impl Change {
    /// Gives the parts.
    pub(super) fn parts(&self) -> impl Iterator<Item = Rect> {
        self.0.iter().map(|(_, part)| *part)
    }
}

/// A tile's pixels, the last texture of them, and the node that paints that where the picture was last.
#[derive(Clone, Debug, Default)]
struct Tile {
    pixels: Option<glib::Bytes>,
    texture: Option<gdk::Texture>,
    /// What has changed in the picture since that texture was made.
    missed: Vec<Rect>,
    node: Option<gsk::RenderNode>,
}

impl Tile {
    fn take(&mut self, new: cutting::Tile, held: Rect) {
        self.node = None;
        self.pixels = Some(glib::Bytes::from_owned(new.pixels));
        self.missed.extend(new.changed.iter());
        if self.missed.len() > MISSED {
            self.missed = vec![held];
        }
    }

    /// Gives a texture of all there is now; a tile that nobody paints with GTK needs none.
    fn renew(&mut self, held: Rect) -> Option<gdk::Texture> {
        if self.texture.is_none() || !self.missed.is_empty() {
            let parts = within(held, &std::mem::take(&mut self.missed));
            let before = self.texture.take();
            self.texture = Some(texture(held.size(), self.pixels.as_ref()?, before, &parts));
        }
        self.texture.clone()
    }
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

    /// Takes what has changed, and tells where that is.
    pub(super) fn take(&mut self, cut: Cut) -> Change {
        let mut change = Change::default();
        if cut.grid != self.grid {
            self.grid = cut.grid;
            self.tiles = vec![Tile::default(); self.grid.len()];
        }
        for new in cut.tiles {
            let held = self.grid.held(new.index);
            let Some(tile) = self.tiles.get_mut(new.index) else {
                continue;
            };
            let shown = self.grid.shown(new.index);
            let seen = new.changed.iter().map(|rect| rect.intersection(shown));
            let seen = seen.filter(|part| !part.is_empty());
            change.0.extend(seen.map(|part| (new.index, part)));
            tile.take(new, held);
        }
        change
    }

    /// Gives the pixels of what has changed, from the picture's corner on.
    pub(super) fn blocks(&self, change: &Change) -> Vec<Block<'_>> {
        let block = |(index, part): &(usize, Rect)| {
            let held = self.grid.held(*index);
            let pixels = self.tiles.get(*index)?.pixels.as_ref()?;
            let stride = usize::from(held.width) * PIXEL;
            let first =
                usize::from(part.y - held.y) * stride + usize::from(part.x - held.x) * PIXEL;
            Some(Block {
                x: part.x.into(),
                y: part.y.into(),
                width: part.width,
                height: part.height,
                bytes: pixels.get(first..)?,
                stride,
            })
        };
        change.0.iter().filter_map(block).collect()
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
            if tile.node.is_some() {
                continue;
            }
            let held = self.grid.held(index);
            if let Some(texture) = tile.renew(held) {
                let held = bounds(place.device_area(held));
                let shown = bounds(place.snapped_area(self.grid.shown(index)));
                // At a guest's own size as well: what is not scaled GTK's cairo renderer reads whole for each frame, even
                // where nothing of it is drawn.
                let node = gsk::TextureScaleNode::new(&texture, &held, filter(place));
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
    pixels: &glib::Bytes,
    before: Option<gdk::Texture>,
    parts: &[cairo::RectangleInt],
) -> gdk::Texture {
    let builder = gdk::MemoryTextureBuilder::new()
        .set_bytes(Some(pixels))
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
    use crate::model::rfb::{Damage, Framebuffer};

    #[test]
    fn what_has_changed_is_given_tile_by_tile() {
        const RED: u32 = 0x00ff_0000;
        let (sender, cuts) = async_channel::unbounded();
        let mut painter = cutting::painter(Grain::Fine, move |cut| sender.try_send(cut).unwrap());
        let mut guest = Framebuffer::new(Size::new(300, 200));
        guest.fill(guest.size().rect(), 0x00ff_ffff);
        let mut damage = Damage::default();
        damage.add(guest.size().rect());
        painter(&guest, &damage);
        let mut picture = Picture::default();
        picture.take(cuts.try_recv().unwrap());

        let dot = Rect::new(126, 5, 4, 2);
        guest.fill(dot, RED);
        damage = Damage::default();
        damage.add(dot);
        painter(&guest, &damage);
        let change = picture.take(cuts.try_recv().unwrap());
        let parts: Vec<_> = change.parts().collect();
        assert_eq!(parts, [Rect::new(126, 5, 2, 2), Rect::new(128, 5, 2, 2)]);
        for (block, x) in picture.blocks(&change).iter().zip([126, 128]) {
            let place = (block.x, block.y, block.width, block.height);
            assert_eq!(place, (x, 5, 2, 2));
            for row in block.bytes.chunks(block.stride).take(2) {
                assert_eq!(row[..8], [0, 0, 255, 255, 0, 0, 255, 255]);
            }
        }
    }

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
