//! Paints the guest's picture: copies the tiles that changed, and gives all of them to GTK at once.

use gtk::{gdk, glib, graphene, gsk, prelude::*};

use super::{
    scaling::{Area, Filter, Placement},
    tiles::Grid,
};
use crate::model::rfb::{SharedFramebuffer, Size};

/// Bytes of a pixel.
const PIXEL: usize = 4;

/// The picture as GTK has it.
#[derive(Debug, Default)]
pub(super) struct Picture {
    grid: Grid,
    tiles: Vec<Option<gdk::MemoryTexture>>,
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

    /// Takes what has changed. Holds the lock only while it copies. Says whether anything is to be painted.
    pub(super) fn update(&mut self, framebuffer: &SharedFramebuffer) -> bool {
        let mut copies = Vec::new();
        {
            let mut frame = framebuffer.lock();
            let size = frame.picture().size();
            if size != self.grid.size() {
                self.grid = Grid::new(size);
                self.tiles = vec![None; self.grid.len()];
            }
            let mut changed: Vec<bool> = self.tiles.iter().map(Option::is_none).collect();
            for rect in frame.take_damage().rects() {
                self.grid.mark(*rect, &mut changed);
            }
            for index in (0..changed.len()).filter(|index| changed[*index]) {
                let held = self.grid.held(index);
                let stride = usize::from(held.width) * PIXEL;
                let mut bytes = vec![0; stride * usize::from(held.height)];
                frame.picture().copy_to(held, &mut bytes, stride);
                copies.push((index, held.size(), bytes));
            }
        }
        let any = !copies.is_empty();
        for (index, size, bytes) in copies {
            self.tiles[index] = Some(texture(size, bytes));
        }
        any
    }

    /// Paints the picture in its place.
    pub(super) fn append_to(&self, snapshot: &gtk::Snapshot, place: &Placement) {
        let filter = match place.filter() {
            Filter::Nearest => gsk::ScalingFilter::Nearest,
            Filter::Linear => gsk::ScalingFilter::Linear,
            Filter::Trilinear => gsk::ScalingFilter::Trilinear,
        };
        for (index, tile) in self.tiles.iter().enumerate() {
            let Some(tile) = tile else { continue };
            snapshot.push_clip(&bounds(place.snapped_area(self.grid.shown(index))));
            let held = bounds(place.area(self.grid.held(index)));
            snapshot.append_scaled_texture(tile, filter, &held);
            snapshot.pop();
        }
    }
}

fn texture(size: Size, bytes: Vec<u8>) -> gdk::MemoryTexture {
    gdk::MemoryTexture::new(
        size.width.into(),
        size.height.into(),
        gdk::MemoryFormat::B8g8r8x8,
        &glib::Bytes::from_owned(bytes),
        usize::from(size.width) * PIXEL,
    )
}

fn bounds(area: Area) -> graphene::Rect {
    graphene::Rect::new(
        area.x as f32,
        area.y as f32,
        area.width as f32,
        area.height as f32,
    )
}
