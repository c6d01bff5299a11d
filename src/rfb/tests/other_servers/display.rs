//! An X display as a program on it sees it: pixels, keys, the pointer, the clipboard. The other side of a VNC server
//! that shows a display.

use std::time::Instant;

use x11rb::{
    connection::Connection,
    protocol::{
        Event,
        xproto::{
            Atom, AtomEnum, ConnectionExt as _, CreateGCAux, CreateWindowAux, EventMask,
            ImageFormat, InputFocus, PropMode, SELECTION_NOTIFY_EVENT, SelectionNotifyEvent,
            SelectionRequestEvent, Window, WindowClass,
        },
    },
    rust_connection::RustConnection,
    wrapper::ConnectionExt as _,
};

use super::{Input, Shown, colours, pattern::pixel, support::PATIENCE};

x11rb::atom_manager! {
    /// The names that clipboards use.
    Atoms: AtomsCookie {
        CLIPBOARD,
        TARGETS,
        UTF8_STRING,
        TIMESTAMP,
        INNKEEPER_TEXT,
    }
}

/// A window over the whole display, which has the keyboard and owns the clipboard when it is told to.
pub(crate) struct Display {
    connection: RustConnection,
    root: Window,
    window: Window,
    atoms: Atoms,
    text: Option<String>,
}

impl Display {
    pub(crate) fn open(name: &str) -> Self {
        let (connection, number) = x11rb::connect(Some(name)).expect("the X server answers");
        let screen = &connection.setup().roots[number];
        let (root, visual) = (screen.root, screen.root_visual);
        let (width, height) = (screen.width_in_pixels, screen.height_in_pixels);
        let atoms = Atoms::new(&connection).unwrap().reply().unwrap();
        let window = connection.generate_id().unwrap();
        let mask = EventMask::KEY_PRESS
            | EventMask::KEY_RELEASE
            | EventMask::BUTTON_PRESS
            | EventMask::BUTTON_RELEASE;
        let look = CreateWindowAux::new()
            .override_redirect(1)
            .background_pixel(0x0020_4060)
            .event_mask(mask);
        connection
            .create_window(
                x11rb::COPY_DEPTH_FROM_PARENT,
                window,
                root,
                0,
                0,
                width,
                height,
                0,
                WindowClass::INPUT_OUTPUT,
                visual,
                &look,
            )
            .unwrap();
        connection.map_window(window).unwrap();
        connection
            .set_input_focus(InputFocus::PARENT, window, x11rb::CURRENT_TIME)
            .unwrap();
        connection.sync().unwrap();
        Self {
            connection,
            root,
            window,
            atoms,
            text: None,
        }
    }

    /// The size of the screen.
    fn extent(&self) -> (u16, u16) {
        let geometry = self.connection.get_geometry(self.root).unwrap();
        let geometry = geometry.reply().unwrap();
        (geometry.width, geometry.height)
    }

    /// What X had before there were clipboards: text in Latin-1 that lies on the screen itself.
    pub(crate) fn cut_buffer(&self) -> String {
        let latin1 = self.property(self.root, AtomEnum::CUT_BUFFER0.into());
        latin1.into_iter().map(char::from).collect()
    }

    /// The text in a window's property.
    fn property(&self, window: Window, name: Atom) -> Vec<u8> {
        let text = self
            .connection
            .get_property(false, window, name, AtomEnum::ANY, 0, 1 << 16);
        text.unwrap().reply().unwrap().value
    }

    /// The keyboard may have got another key for a symbol that it did not have: it is asked each time.
    fn key(&self, code: u8, down: bool) -> Input {
        let mapping = self.connection.get_keyboard_mapping(code, 1).unwrap();
        let keysym = mapping.reply().unwrap().keysyms[0];
        Input::Key { key: keysym, down }
    }

    fn next(&mut self) -> Option<Event> {
        let event = self.connection.poll_for_event().unwrap()?;
        if let Event::SelectionRequest(request) = event {
            self.hand_over(request);
        }
        Some(event)
    }

    /// Answers one who asks for the clipboard's text, or for the forms that it has.
    fn hand_over(&self, request: SelectionRequestEvent) {
        let text = self.text.as_deref().unwrap_or_default();
        let property = match request.property {
            x11rb::NONE => request.target,
            property => property,
        };
        let string: Atom = AtomEnum::STRING.into();
        let put = |kind: Atom, bytes: &[u8]| {
            self.connection
                .change_property8(PropMode::REPLACE, request.requestor, property, kind, bytes)
                .unwrap();
            property
        };
        let given = if request.target == self.atoms.TARGETS {
            let forms = [self.atoms.TARGETS, self.atoms.UTF8_STRING, string];
            self.connection
                .change_property32(
                    PropMode::REPLACE,
                    request.requestor,
                    property,
                    AtomEnum::ATOM,
                    &forms,
                )
                .unwrap();
            property
        } else if request.target == self.atoms.UTF8_STRING {
            put(self.atoms.UTF8_STRING, text.as_bytes())
        } else if request.target == string {
            let latin1: Vec<u8> = text.chars().map(|c| c as u8).collect();
            put(string, &latin1)
        } else {
            x11rb::NONE
        };
        let answer = SelectionNotifyEvent {
            response_type: SELECTION_NOTIFY_EVENT,
            sequence: 0,
            time: request.time,
            requestor: request.requestor,
            selection: request.selection,
            target: request.target,
            property: given,
        };
        self.connection
            .send_event(false, request.requestor, EventMask::NO_EVENT, answer)
            .unwrap();
        self.connection.flush().unwrap();
    }
}

impl Shown for Display {
    fn size(&mut self) -> (u16, u16) {
        self.extent()
    }

    fn picture(&mut self) -> Vec<[u8; 3]> {
        let (width, height) = self.extent();
        let image = self
            .connection
            .get_image(ImageFormat::Z_PIXMAP, self.root, 0, 0, width, height, !0)
            .unwrap()
            .reply()
            .unwrap();
        colours(&image.data)
    }

    fn draw(&mut self, seed: u32) {
        const ROWS: u16 = 32;
        let (width, height) = self.extent();
        let context = self.connection.generate_id().unwrap();
        self.connection
            .create_gc(context, self.window, &CreateGCAux::new())
            .unwrap();
        for top in (0..height).step_by(ROWS.into()) {
            let rows = ROWS.min(height - top);
            let pixels: Vec<u8> = (top..top + rows)
                .flat_map(|y| (0..width).map(move |x| pixel(x.into(), y.into(), seed)))
                .flat_map(u32::to_le_bytes)
                .collect();
            self.connection
                .put_image(
                    ImageFormat::Z_PIXMAP,
                    self.window,
                    context,
                    width,
                    rows,
                    0,
                    top as i16,
                    0,
                    24,
                    &pixels,
                )
                .unwrap();
        }
        self.connection.free_gc(context).unwrap();
        self.connection.sync().unwrap();
    }

    fn scroll(&mut self) {
        let (width, height) = self.extent();
        let context = self.connection.generate_id().unwrap();
        self.connection
            .create_gc(context, self.window, &CreateGCAux::new())
            .unwrap();
        let window = self.window;
        self.connection
            .copy_area(window, window, context, 0, 40, 0, 0, width, height - 40)
            .unwrap();
        self.connection.free_gc(context).unwrap();
        self.connection.sync().unwrap();
    }

    fn input(&mut self) -> Vec<Input> {
        let mut input = Vec::new();
        while let Some(event) = self.next() {
            match event {
                Event::KeyPress(key) => input.push(self.key(key.detail, true)),
                Event::KeyRelease(key) => input.push(self.key(key.detail, false)),
                Event::ButtonPress(button) => input.push(Input::Button {
                    number: button.detail,
                    down: true,
                    at: (button.root_x, button.root_y),
                }),
                Event::ButtonRelease(button) => input.push(Input::Button {
                    number: button.detail,
                    down: false,
                    at: (button.root_x, button.root_y),
                }),
                _ => {}
            }
        }
        input
    }

    fn copy(&mut self, text: &str) {
        self.text = Some(text.to_owned());
        for selection in [self.atoms.CLIPBOARD, AtomEnum::PRIMARY.into()] {
            self.connection
                .set_selection_owner(self.window, selection, x11rb::CURRENT_TIME)
                .unwrap();
        }
        self.connection.sync().unwrap();
    }

    fn paste(&mut self) -> Option<String> {
        let (window, atoms) = (self.window, self.atoms);
        let (form, property) = (atoms.UTF8_STRING, atoms.INNKEEPER_TEXT);
        self.connection
            .convert_selection(window, atoms.CLIPBOARD, form, property, x11rb::CURRENT_TIME)
            .unwrap();
        self.connection.flush().unwrap();
        let deadline = Instant::now() + PATIENCE;
        let notify = loop {
            assert!(
                Instant::now() < deadline,
                "nobody answers for the clipboard"
            );
            match self.next() {
                Some(Event::SelectionNotify(notify)) => break notify,
                _ => std::thread::yield_now(),
            }
        };
        if notify.property == x11rb::NONE {
            return None;
        }
        Some(String::from_utf8(self.property(window, property)).expect("UTF-8"))
    }
}
