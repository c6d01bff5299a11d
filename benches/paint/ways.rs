//! The ways of cutting a picture into textures that are compared.

use gtk::{cairo, gdk, glib, graphene, gsk, prelude::*};
use innkeeper::model::rfb::{Framebuffer, OpaquePixels, Rect, Size};

const PIXEL: usize = 4;

/// A way of keeping a picture as textures.
pub(crate) trait Way {
    /// Takes what has changed; gives the bytes that it copied for that.
    fn take(&mut self, picture: &Framebuffer, changed: Rect) -> usize;

    /// Gives everything to GTK.
    fn append_to(&self, snapshot: &gtk::Snapshot);
}

/// The name of a way, and how to make one.
pub(crate) type Entry = (&'static str, fn(Size) -> Box<dyn Way>);

/// All ways, in the order of the table.
pub(crate) const ALL: &[Entry] = &[
    ("one texture", |size| {
        Box::new(Tiles::new(size, u16::MAX, false))
    }),
    ("one, damaged", |size| {
        Box::new(Tiles::new(size, u16::MAX, true))
    }),
    ("tiles 512", |size| Box::new(Tiles::new(size, 512, false))),
    ("tiles 256", |size| Box::new(Tiles::new(size, 256, false))),
    ("tiles 256, damaged", |size| {
        Box::new(Tiles::new(size, 256, true))
    }),
    ("tiles 128", |size| Box::new(Tiles::new(size, 128, false))),
    ("tiles 128, damaged", |size| {
        Box::new(Tiles::new(size, 128, true))
    }),
    ("tiles 64", |size| Box::new(Tiles::new(size, 64, false))),
    ("patches on 512", |size| Box::new(Patches::new(size, 512))),
    ("patches on 256", |size| Box::new(Patches::new(size, 256))),
];

/// Square textures of one size, each made anew when something in it has changed.
struct Tiles {
    tiles: Vec<(Rect, Option<gdk::Texture>)>,
    /// GTK is told which part of a new texture differs from the one before.
    tells_damage: bool,
}

impl Tiles {
    fn new(size: Size, length: u16, tells_damage: bool) -> Self {
        Self {
            tiles: cut(size, length).map(|area| (area, None)).collect(),
            tells_damage,
        }
    }
}

impl Way for Tiles {
    fn take(&mut self, picture: &Framebuffer, changed: Rect) -> usize {
        let mut copied = 0;
        for (area, tile) in &mut self.tiles {
            let part = area.intersection(changed);
            if part.is_empty() && tile.is_some() {
                continue;
            }
            copied += area.area() * PIXEL;
            let before = tile.take().filter(|_| self.tells_damage);
            *tile = Some(texture(picture, *area, before.map(|before| (before, part))));
        }
        copied
    }

    fn append_to(&self, snapshot: &gtk::Snapshot) {
        for (area, tile) in &self.tiles {
            append(snapshot, tile.as_ref(), *area);
        }
    }
}

/// Tiles, and textures of what has changed above them until they are a quarter of a tile.
struct Patches {
    tiles: Vec<Patched>,
}

struct Patched {
    area: Rect,
    ground: Option<gdk::Texture>,
    patches: Vec<(Rect, gdk::Texture)>,
}

/// More patches than this are no gain for a renderer.
const MOST_PATCHES: usize = 8;

impl Patches {
    fn new(size: Size, length: u16) -> Self {
        let tiles = cut(size, length).map(|area| Patched {
            area,
            ground: None,
            patches: Vec::new(),
        });
        Self {
            tiles: tiles.collect(),
        }
    }
}

impl Way for Patches {
    fn take(&mut self, picture: &Framebuffer, changed: Rect) -> usize {
        self.tiles
            .iter_mut()
            .map(|tile| tile.take(picture, changed))
            .sum()
    }

    fn append_to(&self, snapshot: &gtk::Snapshot) {
        for tile in &self.tiles {
            append(snapshot, tile.ground.as_ref(), tile.area);
            for (area, patch) in &tile.patches {
                append(snapshot, Some(patch), *area);
            }
        }
    }
}

impl Patched {
    fn take(&mut self, picture: &Framebuffer, changed: Rect) -> usize {
        let part = self.area.intersection(changed);
        if part.is_empty() && self.ground.is_some() {
            return 0;
        }
        self.patches.retain(|(area, _)| !part.contains(*area));
        let patched: usize = self.patches.iter().map(|(area, _)| area.area()).sum();
        let is_full = self.patches.len() >= MOST_PATCHES;
        if self.ground.is_none() || is_full || (patched + part.area()) * 4 > self.area.area() {
            self.patches.clear();
            self.ground = Some(texture(picture, self.area, None));
            return self.area.area() * PIXEL;
        }
        self.patches.push((part, texture(picture, part, None)));
        part.area() * PIXEL
    }
}

fn cut(size: Size, length: u16) -> impl Iterator<Item = Rect> {
    let starts = move |side: u16| (0..side).step_by(length.into());
    starts(size.height)
        .flat_map(move |y| starts(size.width).map(move |x| Rect::new(x, y, length, length)))
        .map(move |area| area.intersection(size.rect()))
}

fn texture(
    picture: &Framebuffer,
    area: Rect,
    before: Option<(gdk::Texture, Rect)>,
) -> gdk::Texture {
    let stride = usize::from(area.width) * PIXEL;
    let mut pixels = OpaquePixels::default();
    picture.copy_opaque(area, &mut pixels);
    let builder = gdk::MemoryTextureBuilder::new()
        .set_bytes(Some(&glib::Bytes::from_owned(pixels)))
        .set_format(gdk::MemoryFormat::B8g8r8a8Premultiplied)
        .set_width(area.width.into())
        .set_height(area.height.into())
        .set_stride(stride);
    let Some((before, part)) = before else {
        return builder.build();
    };
    let region = cairo::Region::create_rectangle(&cairo::RectangleInt::new(
        i32::from(part.x) - i32::from(area.x),
        i32::from(part.y) - i32::from(area.y),
        part.width.into(),
        part.height.into(),
    ));
    builder
        .set_update_texture(Some(&before))
        .set_update_region(Some(&region))
        .build()
}

fn append(snapshot: &gtk::Snapshot, texture: Option<&gdk::Texture>, area: Rect) {
    let bounds = graphene::Rect::new(
        area.x.into(),
        area.y.into(),
        area.width.into(),
        area.height.into(),
    );
    if let Some(texture) = texture {
        snapshot.append_scaled_texture(texture, gsk::ScalingFilter::Nearest, &bounds);
    }
}
