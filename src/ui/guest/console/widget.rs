//! The widget that shows a guest's screen and takes the user's input.
//!
//! It holds the parts and the life of the widget; each part has a file of its own. It knows nothing of connections or
//! phases: [`super::view`] gives it a session and takes it away.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use gtk::{gdk, glib, prelude::*, subclass::prelude::*};

use super::{
    clipboard::Clipboard,
    cursor, cutting,
    direct::DirectPainter,
    focus::Grab,
    follow::Follow,
    keyboard::Keyboard,
    pointer::{self, Pointer},
    rendering::{Picture, grain_for},
    scaling::{self, Canvas, Placement, Scaling},
};
use crate::model::rfb;

mod imp {
    use super::*;

    #[derive(Debug, Default)]
    pub struct Screen {
        pub(super) session: RefCell<Option<rfb::Session>>,
        pub(super) picture: RefCell<Picture>,
        pub(super) scaling: Cell<Scaling>,
        /// Takes what the session's painter has copied.
        pub(super) taking: RefCell<Option<glib::JoinHandle<()>>>,
        /// What was taken is to be painted before there is more.
        pub(super) is_unpainted: Cell<bool>,
        pub(super) pointer: Pointer,
        pub(super) keyboard: Keyboard,
        pub(super) follow: Follow,
        /// The guest's pointer as it came, while it shows one.
        pub(super) guest_pointer: RefCell<Option<Rc<rfb::Cursor>>>,
        /// Application pixels for a pixel of the guest, when the pointer was made.
        pub(super) pointer_step: Cell<f64>,
        pub(super) grab: Grab,
        pub(super) clipboard: Clipboard,
        pub(super) direct: DirectPainter,
        pub(super) surface_scale: RefCell<Option<(gdk::Surface, glib::SignalHandlerId)>>,
    }

    #[glib::object_subclass]
    impl ObjectSubclass for Screen {
        const NAME: &'static str = "InnkeeperScreen";
        type Type = super::Screen;
        type ParentType = gtk::Widget;

        fn class_init(class: &mut Self::Class) {
            class.set_accessible_role(gtk::AccessibleRole::Img);
            class.set_css_name("guest-screen");
        }
    }

    impl ObjectImpl for Screen {
        fn constructed(&self) {
            self.parent_constructed();
            let obj = self.obj();
            obj.set_overflow(gtk::Overflow::Hidden);
            pointer::attach(&obj);
            obj.watch_focus();
            Keyboard::watch_settings(&obj);
            Clipboard::watch_settings(&obj);
        }

        fn signals() -> &'static [glib::subclass::Signal] {
            static SIGNALS: std::sync::LazyLock<Vec<glib::subclass::Signal>> =
                std::sync::LazyLock::new(|| {
                    vec![
                        // The screen has the keyboard now.
                        glib::subclass::Signal::builder("keyboard-taken").build(),
                        // The screen has the focus, and Enter would give it the keyboard.
                        glib::subclass::Signal::builder("keyboard-offered").build(),
                        // Enter gives it the keyboard no more, or has done so.
                        glib::subclass::Signal::builder("keyboard-declined").build(),
                    ]
                });
            &SIGNALS
        }
    }

    impl WidgetImpl for Screen {
        fn realize(&self) {
            self.parent_realize();
            self.keyboard.attach(&self.obj());
            self.clipboard.attach(&self.obj());
            self.direct.attach(&self.obj());
            self.obj().watch_surface();
        }

        fn unrealize(&self) {
            self.keyboard.detach();
            self.clipboard.detach();
            self.direct.detach();
            if let Some((surface, handler)) = self.surface_scale.take() {
                surface.disconnect(handler);
            }
            self.parent_unrealize();
        }

        fn focus(&self, _direction: gtk::DirectionType) -> bool {
            self.obj().visit()
        }

        fn unmap(&self) {
            self.obj().let_go();
            self.parent_unmap();
        }

        fn measure(&self, orientation: gtk::Orientation, _for_size: i32) -> (i32, i32, i32, i32) {
            let (guest, scale) = (self.picture.borrow().size(), self.obj().surface_scale());
            let actual = scaling::actual_size(guest, scale);
            let least = scaling::least_size(guest, scale, self.scaling.get());
            let (least, actual) = match orientation {
                gtk::Orientation::Horizontal => (least.0, actual.0),
                _ => (least.1, actual.1),
            };
            (least, actual.max(least), -1, -1)
        }

        fn snapshot(&self, snapshot: &gtk::Snapshot) {
            let obj = self.obj();
            let (width, height) = (obj.width() as f32, obj.height() as f32);
            let all = gtk::graphene::Rect::new(0.0, 0.0, width, height);
            snapshot.append_color(&gdk::RGBA::BLACK, &all);
            obj.fit_pointer();
            if let Some(place) = obj.placement() {
                self.picture.borrow_mut().append_to(snapshot, &place);
            }
            obj.want_frame();
        }
    }
}

glib::wrapper! {
    /// The screen of a guest.
    pub struct Screen(ObjectSubclass<imp::Screen>)
        @extends gtk::Widget,
        @implements gtk::Accessible, gtk::Buildable, gtk::ConstraintTarget;
}

impl Screen {
    /// Shows a session, or takes it away. The last picture stays until [`clear`](Self::clear).
    pub(super) fn set_session(&self, session: Option<rfb::Session>) {
        if session == self.session() {
            return;
        }
        self.set_focusable(session.is_some());
        let before = self.imp().session.replace(session);
        if self.session().is_none() {
            self.imp().keyboard.forget();
            self.imp().clipboard.forget();
            self.imp().pointer.set_relative(self, false);
            self.imp().guest_pointer.take();
            self.imp().pointer.set_shape(self, None);
        } else if before.is_none() {
            self.imp().follow.begin(self);
        }
        self.take_frames(before);
    }

    /// Gives the session that is shown.
    pub(super) fn session(&self) -> Option<rfb::Session> {
        self.imp().session.borrow().clone()
    }

    /// Forgets the picture.
    pub(super) fn clear(&self) {
        self.imp().picture.borrow_mut().clear();
        self.queue_resize();
    }

    /// Says whether there is a picture, live or not.
    pub(super) fn has_picture(&self) -> bool {
        self.imp().picture.borrow().size().area() > 0
    }

    /// Sets how the picture's size follows the widget's.
    pub(super) fn set_scaling(&self, scaling: Scaling) {
        if self.imp().scaling.replace(scaling) != scaling {
            self.queue_resize();
        }
    }

    /// Gives the size of what is shown of the guest, in percent of the device's pixels.
    pub(super) fn zoom(&self) -> Option<f64> {
        Some(self.placement()?.zoom() * 100.0)
    }

    /// Gives the room that the picture needs at its own size, in application pixels; `None` without a picture.
    pub(super) fn actual_size(&self) -> Option<(i32, i32)> {
        let guest = self.imp().picture.borrow().size();
        (guest.area() > 0).then(|| scaling::actual_size(guest, self.surface_scale()))
    }

    /// Gives the room that the window has for the screen, whatever the picture takes of it.
    pub(super) fn room(&self) -> Option<(i32, i32)> {
        let viewport = self.parent()?;
        let room = (viewport.width(), viewport.height());
        (room.0 > 0 && room.1 > 0).then_some(room)
    }

    pub(super) fn follow(&self) -> &Follow {
        &self.imp().follow
    }

    /// Takes news of the session.
    pub(super) fn take_event(&self, event: &rfb::Event) {
        match event {
            rfb::Event::Cursor(cursor) => {
                let cursor = cursor.clone().map(Rc::new);
                let shape = cursor::from_guest(cursor.as_ref(), 1.0);
                self.imp().pointer.set_shape(self, shape);
                self.imp().guest_pointer.replace(cursor);
                self.imp().pointer_step.set(1.0);
                self.fit_pointer();
            }
            rfb::Event::PointerMode { absolute } => {
                self.imp().pointer.set_relative(self, !absolute);
            }
            rfb::Event::Leds(leds) => self.imp().keyboard.hear_lamps(self, *leds),
            rfb::Event::ClipboardText(text) => self.imp().clipboard.take(self, text),
            rfb::Event::ClipboardRefused(refusal) => {
                self.imp().clipboard.refused(self, *refusal);
            }
            rfb::Event::Bell => self.display().beep(),
            _ => {}
        }
    }

    /// Has the session's picture copied, frame by frame, in the place of the one's before it.
    fn take_frames(&self, before: Option<rfb::Session>) {
        let imp = self.imp();
        if let Some(taking) = imp.taking.take() {
            taking.abort();
        }
        if let Some(before) = before {
            before.set_painter(None);
        }
        let Some(session) = self.session() else {
            return;
        };
        // The painter hands over one frame and waits until it is painted: there is never a second one to wait for.
        let (sender, receiver) = async_channel::bounded(1);
        let hand_over = move |cut| drop(sender.try_send(cut));
        let grain = grain_for(self.native().and_then(|native| native.renderer()));
        session.set_painter(Some(cutting::painter(grain, hand_over)));
        let weak = self.downgrade();
        let taking = glib::spawn_future_local(async move {
            while let Ok(cut) = receiver.recv().await {
                let Some(screen) = weak.upgrade() else { return };
                screen.take_frame(cut);
            }
        });
        imp.taking.replace(Some(taking));
    }

    fn take_frame(&self, cut: cutting::Cut) {
        let imp = self.imp();
        let before = imp.picture.borrow().size();
        let resized = before != cut.grid.size();
        let change = imp.picture.borrow_mut().take(cut);
        imp.is_unpainted.set(true);
        self.follow().picture_came(self);
        if resized {
            self.queue_resize();
        } else if imp.direct.paint(&imp.picture.borrow(), &change) {
            self.want_frame();
            return;
        }
        self.queue_draw();
    }

    /// Asks for what has changed since the frame that is painted now. A screen that nobody sees is not painted, and so costs
    /// nothing.
    fn want_frame(&self) {
        if self.imp().is_unpainted.take()
            && let Some(session) = self.session()
        {
            session.want_frame();
        }
    }

    /// Gives the guest's pixel under a point of the widget.
    pub(super) fn guest_pixel(&self, x: f64, y: f64) -> Option<(u16, u16)> {
        Some(self.placement()?.guest_pixel(x, y))
    }

    /// Gives the application pixels for each pixel of the guest.
    pub(super) fn step(&self) -> Option<f64> {
        Some(self.placement()?.step())
    }

    /// Makes the guest's pointer as large as the rest of its picture.
    fn fit_pointer(&self) {
        let imp = self.imp();
        let step = self.step().unwrap_or(1.0);
        if (imp.pointer_step.get() - step).abs() < f64::EPSILON {
            return;
        }
        if let Some(cursor) = &*imp.guest_pointer.borrow() {
            imp.pointer_step.set(step);
            let shape = cursor::from_guest(Some(cursor), step);
            imp.pointer.set_shape(self, shape);
        }
    }

    pub(super) fn placement(&self) -> Option<Placement> {
        let imp = self.imp();
        let canvas = Canvas {
            size: (self.width().into(), self.height().into()),
            origin: self.origin(),
            scale: self.surface_scale(),
        };
        Placement::new(imp.picture.borrow().size(), canvas, imp.scaling.get())
    }

    /// Gives where the widget begins in its surface.
    fn origin(&self) -> (f64, f64) {
        let Some(native) = self.native() else {
            return (0.0, 0.0);
        };
        let (left, top) = native.surface_transform();
        self.compute_point(&native, &gtk::graphene::Point::zero())
            .map_or((left, top), |point| {
                (left + f64::from(point.x()), top + f64::from(point.y()))
            })
    }

    /// Gives the device pixels for each application pixel; often no whole number.
    pub(super) fn surface_scale(&self) -> f64 {
        self.native()
            .and_then(|native| native.surface())
            .map_or(1.0, |surface| surface.scale())
    }

    fn watch_surface(&self) {
        let Some(surface) = self.native().and_then(|native| native.surface()) else {
            return;
        };
        let weak = self.downgrade();
        let handler = surface.connect_scale_notify(move |_| {
            if let Some(screen) = weak.upgrade() {
                screen.queue_resize();
                screen.follow().room_changed(&screen);
            }
        });
        self.imp().surface_scale.replace(Some((surface, handler)));
    }

    pub(super) fn pointer(&self) -> &Pointer {
        &self.imp().pointer
    }

    pub(super) fn keyboard(&self) -> &Keyboard {
        &self.imp().keyboard
    }

    pub(super) fn clipboard_link(&self) -> &Clipboard {
        &self.imp().clipboard
    }

    pub(super) fn direct_painter(&self) -> &DirectPainter {
        &self.imp().direct
    }

    pub(super) fn grab(&self) -> &Grab {
        &self.imp().grab
    }
}
