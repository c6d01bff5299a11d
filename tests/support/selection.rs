//! Another X client that asks for the clipboard's text, in the form that it names, as the programs of a desktop do.
//!
//! It speaks the protocol of selections itself (ICCCM §2), with texts in pieces (§2.7.2): toolkits hide which form they ask
//! for, and what becomes of one that is never answered.

use std::time::Duration;

use x11rb::{
    COPY_DEPTH_FROM_PARENT, COPY_FROM_PARENT, CURRENT_TIME, NONE,
    connection::Connection,
    protocol::{
        Event,
        xproto::{
            Atom, AtomEnum, ConnectionExt as _, CreateWindowAux, EventMask, GetPropertyReply,
            Property, Window, WindowClass,
        },
    },
    rust_connection::RustConnection,
};

use crate::wait;

x11rb::atom_manager! {
    Atoms: AtomsCookie {
        CLIPBOARD,
        INCR,
        PASTED,
    }
}

/// The largest property that is read, in units of four bytes: more than an X server takes.
const LARGEST: u32 = 1 << 24;

/// What the clipboard's owner gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pasted {
    /// The bytes, and in how many pieces they came.
    Bytes(Vec<u8>, usize),
    /// It has nothing in this form, or there is no owner.
    Refused,
    /// It did not answer in time, or stopped in the middle of what it gave.
    Silence,
}

/// Asks for the clipboard in a form, such as `UTF8_STRING`. The time counts anew for each piece.
///
/// # Panics
/// Where there is no such X display.
pub fn paste(display: &str, form: &str, patience: Duration) -> Pasted {
    let asker = Asker::open(display, patience);
    let form = asker.connection.intern_atom(false, form.as_bytes());
    let form = form.expect("a request").reply().expect("an atom").atom;
    asker.ask(form)
}

struct Asker {
    connection: RustConnection,
    window: Window,
    atoms: Atoms,
    patience: Duration,
}

impl Asker {
    fn open(display: &str, patience: Duration) -> Self {
        let (connection, number) = x11rb::connect(Some(display)).expect("an X display");
        let root = connection.setup().roots[number].root;
        let window = connection.generate_id().expect("a number");
        connection
            .create_window(
                COPY_DEPTH_FROM_PARENT,
                window,
                root,
                0,
                0,
                1,
                1,
                0,
                WindowClass::INPUT_OUTPUT,
                COPY_FROM_PARENT,
                &CreateWindowAux::new().event_mask(EventMask::PROPERTY_CHANGE),
            )
            .expect("a request");
        let atoms = Atoms::new(&connection).expect("a request").reply();
        Self {
            connection,
            window,
            atoms: atoms.expect("atoms"),
            patience,
        }
    }

    fn ask(&self, form: Atom) -> Pasted {
        let (selection, property) = (self.atoms.CLIPBOARD, self.atoms.PASTED);
        self.connection
            .convert_selection(self.window, selection, form, property, CURRENT_TIME)
            .expect("a request");
        let answer = self.wait(|event| match event {
            Event::SelectionNotify(answer) => Some(answer.property),
            _ => None,
        });
        match answer {
            None => Pasted::Silence,
            Some(NONE) => Pasted::Refused,
            Some(_) => {
                let whole = self.take();
                if whole.type_ == self.atoms.INCR {
                    self.take_pieces()
                } else {
                    Pasted::Bytes(whole.value, 1)
                }
            }
        }
    }

    /// Takes one piece after the other; an empty one is the end.
    fn take_pieces(&self) -> Pasted {
        let (mut bytes, mut count) = (Vec::new(), 0);
        let is_piece = |event: &Event| match event {
            Event::PropertyNotify(news) => {
                let is_new = news.atom == self.atoms.PASTED && news.state == Property::NEW_VALUE;
                is_new.then(|| self.take().value)
            }
            _ => None,
        };
        loop {
            match self.wait(is_piece) {
                None => return Pasted::Silence,
                Some(piece) if piece.is_empty() => return Pasted::Bytes(bytes, count),
                Some(piece) => {
                    bytes.extend(piece);
                    count += 1;
                }
            }
        }
    }

    /// Reads the property and deletes it, by which the owner learns that it may go on.
    fn take(&self) -> GetPropertyReply {
        let (window, property) = (self.window, self.atoms.PASTED);
        self.connection
            .get_property(true, window, property, AtomEnum::ANY, 0, LARGEST)
            .expect("a request")
            .reply()
            .expect("a property")
    }

    fn wait<T>(&self, mut is_it: impl FnMut(&Event) -> Option<T>) -> Option<T> {
        self.connection.flush().expect("a living X server");
        wait::attempt(self.patience, || {
            while let Some(event) = self.connection.poll_for_event().expect("an X server") {
                if let Some(found) = is_it(&event) {
                    return Some(found);
                }
            }
            None
        })
    }
}
