//! A window of an X server as a place to put pixels, which the server reads from memory that it shares with us (MIT-SHM).
//!
//! It has a connection of its own, because GDK's cannot be used without C: nothing orders what comes over the two, so
//! whoever also paints over the other one waits before and after. It knows neither GTK nor guests.

use std::{
    error::Error,
    io::IoSlice,
    os::fd::{AsFd, OwnedFd},
};

use rustix::fs::{MemfdFlags, ftruncate, memfd_create};
use x11rb::{
    connection::Connection,
    protocol::{
        Event,
        shm::{ConnectionExt as _, Seg},
        xproto::{ConnectionExt as _, CreateGCAux, Gcontext, ImageFormat, ImageOrder, Visualtype},
    },
    rust_connection::RustConnection,
};

/// Bytes of a pixel.
const PIXEL: usize = 4;
/// Bytes of the smallest memory to share.
const LEAST: usize = 1 << 20;
/// Bytes of the largest: a picture of 1920×1080 changes as a whole.
const MOST: usize = 1 << 23;
/// Rows that are written at a time (`IOV_MAX`).
const ROWS: usize = 1024;

pub(super) type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// Pixels (blue, green, red and an opacity of 255) and where they belong.
#[derive(Clone, Copy, Debug)]
pub(in crate::ui::guest::console) struct Block<'a> {
    /// From the corner of whatever the block is a part of.
    pub(in crate::ui::guest::console) x: i32,
    pub(in crate::ui::guest::console) y: i32,
    pub(in crate::ui::guest::console) width: u16,
    pub(in crate::ui::guest::console) height: u16,
    /// From the first pixel on.
    pub(in crate::ui::guest::console) bytes: &'a [u8],
    /// Bytes from one row to the next.
    pub(in crate::ui::guest::console) stride: usize,
}

impl<'a> Block<'a> {
    fn area(&self) -> usize {
        usize::from(self.width) * usize::from(self.height) * PIXEL
    }

    fn rows(&self) -> impl Iterator<Item = &'a [u8]> {
        let row = usize::from(self.width) * PIXEL;
        let rows = self
            .bytes
            .chunks(self.stride.max(1))
            .take(self.height.into());
        rows.filter_map(move |bytes| bytes.get(..row))
    }
}

/// A window of somebody else's, most often of GDK's.
#[derive(Debug)]
pub(super) struct Window {
    connection: RustConnection,
    id: u32,
    context: Gcontext,
    depth: u8,
    /// The server may still read one while the other is written.
    sheets: [Option<Sheet>; 2],
}

/// Memory that is shared with the server.
#[derive(Debug)]
struct Sheet {
    memory: OwnedFd,
    segment: Seg,
    size: usize,
    /// The server has not said that it has read what is in it.
    is_unread: bool,
}

impl Window {
    /// Opens a connection to the display on which a window is. Waits for the server.
    ///
    /// Fails where the server is not on this machine, or its pixels are others than ours.
    pub(super) fn open(display: &str, id: u32) -> Result<Self> {
        let (connection, _) = x11rb::connect(Some(display))?;
        let version = connection.shm_query_version()?.reply()?;
        if (version.major_version, version.minor_version) < (1, 2) {
            return Err("memory cannot be handed to the X server".into());
        }
        let depth = connection.get_geometry(id)?.reply()?.depth;
        let visual = connection.get_window_attributes(id)?.reply()?.visual;
        if !is_ours(&connection, depth, visual) {
            return Err("the window has other pixels".into());
        }
        let context = connection.generate_id()?;
        connection
            .create_gc(context, id, &CreateGCAux::new())?
            .check()?;
        Ok(Self {
            connection,
            id,
            context,
            depth,
            sheets: [None, None],
        })
    }

    /// Puts blocks on the window, from a corner on; returns whether that was done: not while the server is behind, and not
    /// with more than can be shared. Waits for nothing, but for the server to take memory that was not shared before.
    pub(super) fn put(&mut self, corner: (i32, i32), blocks: &[Block<'_>]) -> Result<bool> {
        self.hear()?;
        // The server would never say that it has read nothing.
        if blocks.is_empty() {
            return Ok(true);
        }
        let size = blocks.iter().map(Block::area).sum();
        let is_free = |sheet: &Option<Sheet>| sheet.as_ref().is_none_or(|it| !it.is_unread);
        let Some(free) = self
            .sheets
            .iter()
            .position(is_free)
            .filter(|_| size <= MOST)
        else {
            return Ok(false);
        };
        let mut sheet = match self.sheets[free].take() {
            Some(sheet) if sheet.size >= size => sheet,
            smaller => self.share(size, smaller)?,
        };
        sheet.write(blocks)?;
        let mut offset = 0;
        for (number, block) in blocks.iter().enumerate() {
            let is_last = number + 1 == blocks.len();
            self.put_block(corner, block, sheet.segment, offset, is_last)?;
            offset += block.area();
        }
        self.connection.flush()?;
        sheet.is_unread = true;
        self.sheets[free] = Some(sheet);
        Ok(true)
    }

    /// Waits until the server has done all that it was asked for.
    pub(super) fn wait(&mut self) -> Result<()> {
        self.connection.get_input_focus()?.reply()?;
        self.hear()
    }

    fn put_block(
        &self,
        corner: (i32, i32),
        block: &Block<'_>,
        segment: Seg,
        offset: usize,
        tell: bool,
    ) -> Result<()> {
        self.connection.shm_put_image(
            self.id,
            self.context,
            block.width,
            block.height,
            0,
            0,
            block.width,
            block.height,
            i16::try_from(corner.0 + block.x)?,
            i16::try_from(corner.1 + block.y)?,
            self.depth,
            ImageFormat::Z_PIXMAP.into(),
            tell,
            segment,
            u32::try_from(offset)?,
        )?;
        Ok(())
    }

    /// Shares memory for so many bytes, in the place of some that was too small.
    fn share(&self, size: usize, smaller: Option<Sheet>) -> Result<Sheet> {
        if let Some(smaller) = smaller {
            self.connection.shm_detach(smaller.segment)?;
        }
        let size = size.next_power_of_two().max(LEAST);
        let memory = memfd_create(c"innkeeper-screen", MemfdFlags::CLOEXEC)?;
        ftruncate(&memory, size as u64)?;
        let segment = self.connection.generate_id()?;
        // Not every way to a server on this machine hands memory over: what is refused later would be missing on the window.
        self.connection
            .shm_attach_fd(segment, memory.try_clone()?, true)?
            .check()?;
        Ok(Sheet {
            memory,
            segment,
            size,
            is_unread: false,
        })
    }

    /// Takes note of what the server has said; an error of its is one of ours.
    fn hear(&mut self) -> Result<()> {
        while let Some(event) = self.connection.poll_for_event()? {
            match event {
                Event::ShmCompletion(read) => {
                    let mut sheets = self.sheets.iter_mut().flatten();
                    if let Some(sheet) = sheets.find(|sheet| sheet.segment == read.shmseg) {
                        sheet.is_unread = false;
                    }
                }
                Event::Error(error) => return Err(format!("{error:?}").into()),
                _ => {}
            }
        }
        Ok(())
    }
}

impl Sheet {
    /// Writes blocks one after the other.
    fn write(&self, blocks: &[Block<'_>]) -> Result<()> {
        let rows: Vec<_> = blocks
            .iter()
            .flat_map(Block::rows)
            .map(IoSlice::new)
            .collect();
        let mut offset = 0;
        for rows in rows.chunks(ROWS) {
            let length: usize = rows.iter().map(|row| row.len()).sum();
            let written = rustix::io::pwritev(self.memory.as_fd(), rows, offset)?;
            if written != length {
                return Err("there is no memory left to share".into());
            }
            offset += written as u64;
        }
        Ok(())
    }
}

/// Says whether a window's pixels are four bytes of blue, green, red and one more.
fn is_ours(connection: &RustConnection, depth: u8, visual: u32) -> bool {
    let setup = connection.setup();
    let mut formats = setup.pixmap_formats.iter();
    let is_wide = formats.any(|format| format.depth == depth && format.bits_per_pixel == 32);
    let is_in_order =
        |it: &Visualtype| (it.red_mask, it.green_mask, it.blue_mask) == (0x00ff_0000, 0xff00, 0xff);
    let depths = setup.roots.iter().flat_map(|root| &root.allowed_depths);
    let mut visuals = depths.flat_map(|depth| &depth.visuals);
    setup.image_byte_order == ImageOrder::LSB_FIRST
        && is_wide
        && visuals.any(|it| it.visual_id == visual && is_in_order(it))
}
