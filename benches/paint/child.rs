//! The process that paints: one renderer, one size, every way, every kind of change.

use std::cell::{Cell, RefCell};

use gtk::{glib, prelude::*, subclass::prelude::*};
use innkeeper::model::rfb::{Framebuffer, Rect, Size};

use crate::{
    measure::Spent,
    ways::{self, Way},
};

/// Frames before measuring begins: the first ones bring the whole picture.
const WARM_UP: u32 = 6;

/// What a guest changes, by the number of the frame.
type Change = fn(Size, u32) -> Rect;

const CHANGES: [(&str, Change); 3] = [
    // A text cursor.
    ("blink", |_, _| Rect::new(600, 400, 8, 16)),
    // A window of 640×400 that is dragged: its old and its new place.
    ("drag", |size, frame| {
        let step = |frame: u32, room: u16| (frame * 8 % u32::from(room)) as u16;
        let x = step(frame, size.width - 648);
        let y = step(frame, size.height - 408);
        Rect::new(x, y, 648, 408)
    }),
    // A film.
    ("full", |size, _| size.rect()),
];

mod imp {
    use super::*;

    #[derive(Default)]
    pub struct Canvas {
        pub(super) way: RefCell<Option<Box<dyn Way>>>,
        pub(super) painted: Cell<u32>,
    }

    #[glib::object_subclass]
    impl ObjectSubclass for Canvas {
        const NAME: &'static str = "PaintBenchCanvas";
        type Type = super::Canvas;
        type ParentType = gtk::Widget;
    }

    impl ObjectImpl for Canvas {}

    impl WidgetImpl for Canvas {
        fn snapshot(&self, snapshot: &gtk::Snapshot) {
            self.painted.set(self.painted.get() + 1);
            if let Some(way) = &*self.way.borrow() {
                way.append_to(snapshot);
            }
        }
    }
}

glib::wrapper! {
    /// A widget that shows a picture in one of the ways.
    pub struct Canvas(ObjectSubclass<imp::Canvas>)
        @extends gtk::Widget,
        @implements gtk::Accessible, gtk::Buildable, gtk::ConstraintTarget;
}

/// Measures everything; the arguments are width, height, the X server's process and the number of frames.
pub(crate) fn run(arguments: &[String]) {
    let number = |at: usize| -> u32 { arguments[at].parse().expect("a number") };
    let size = Size::new(number(0) as u16, number(1) as u16);
    let (server, frames) = (number(2), number(3));
    gtk::init().expect("a display");
    // What is in it matters to nobody here.
    let picture = Framebuffer::new(size);
    print!("{:<20}", "");
    for (name, _) in CHANGES {
        print!("{name:>26}");
    }
    println!();
    for (name, make) in ways::ALL {
        print!("{name:<20}");
        for (_, change) in CHANGES {
            let stage = Stage::new(size, make(size));
            let (spent, copied) = stage.play(&picture, change, server, frames);
            let cell = format!("{:.2}+{:.2} ({copied:.2})", spent.0, spent.1);
            print!("{cell:>26}");
        }
        println!();
    }
}

/// A window that shows one way.
struct Stage {
    window: gtk::Window,
    canvas: Canvas,
    size: Size,
}

impl Stage {
    fn new(size: Size, way: Box<dyn Way>) -> Self {
        let canvas: Canvas = glib::Object::new();
        canvas.imp().way.replace(Some(way));
        canvas.set_size_request(size.width.into(), size.height.into());
        let window = gtk::Window::builder()
            .decorated(false)
            .child(&canvas)
            .build();
        window.present();
        Self {
            window,
            canvas,
            size,
        }
    }

    /// Paints so many frames; gives a frame's time, ours and the server's, and the megabytes copied for it.
    fn play(
        &self,
        picture: &Framebuffer,
        change: Change,
        server: u32,
        frames: u32,
    ) -> ((f64, f64), f64) {
        let mut copied = 0;
        for frame in 0..WARM_UP {
            self.frame(picture, change(self.size, frame));
        }
        let before = Spent::until_now(server);
        for frame in WARM_UP..WARM_UP + frames {
            copied += self.frame(picture, change(self.size, frame));
        }
        let spent = Spent::until_now(server).per_frame_since(before, frames);
        (spent, copied as f64 / f64::from(frames) / 1e6)
    }

    /// Changes the picture and waits until that is painted.
    fn frame(&self, picture: &Framebuffer, changed: Rect) -> usize {
        let canvas = &self.canvas;
        let copied = canvas
            .imp()
            .way
            .borrow_mut()
            .as_mut()
            .map_or(0, |way| way.take(picture, changed));
        let painted = canvas.imp().painted.get();
        canvas.queue_draw();
        let context = glib::MainContext::default();
        while canvas.imp().painted.get() == painted {
            context.iteration(true);
        }
        copied
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.window.destroy();
    }
}
