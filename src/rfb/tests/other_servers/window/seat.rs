//! The keyboards and the pointers of the seats that come.

use wayland_client::{
    Connection, Dispatch, Proxy, QueueHandle, WEnum,
    protocol::{
        wl_keyboard::{self, KeyState, WlKeyboard},
        wl_pointer::{self, ButtonState, WlPointer},
        wl_seat::{self, Capability, WlSeat},
    },
};

use super::State;
use crate::Input;

/// The left, the right and the middle button (Linux' input-event-codes.h), in the order of X's numbers.
const BUTTONS: [u32; 3] = [0x110, 0x112, 0x111];

impl Dispatch<WlSeat, ()> for State {
    fn event(
        state: &mut Self,
        seat: &WlSeat,
        event: wl_seat::Event,
        (): &(),
        _: &Connection,
        handle: &QueueHandle<Self>,
    ) {
        let wl_seat::Event::Capabilities {
            capabilities: WEnum::Value(has),
        } = event
        else {
            return;
        };
        let had = state.seats.insert(seat.id(), has);
        let new = has - had.unwrap_or(Capability::empty());
        if new.contains(Capability::Keyboard) {
            seat.get_keyboard(handle, ());
        }
        if new.contains(Capability::Pointer) {
            seat.get_pointer(handle, ());
        }
    }
}

impl Dispatch<WlKeyboard, ()> for State {
    fn event(
        state: &mut Self,
        _: &WlKeyboard,
        event: wl_keyboard::Event,
        (): &(),
        _: &Connection,
        _: &QueueHandle<Self>,
    ) {
        if let wl_keyboard::Event::Key {
            serial,
            key,
            state: WEnum::Value(how),
            ..
        } = event
        {
            state.serial = serial;
            let down = how == KeyState::Pressed;
            state.input.push(Input::Key { key, down });
        }
    }
}

impl Dispatch<WlPointer, ()> for State {
    fn event(
        state: &mut Self,
        pointer: &WlPointer,
        event: wl_pointer::Event,
        (): &(),
        _: &Connection,
        _: &QueueHandle<Self>,
    ) {
        use wl_pointer::Event;
        match event {
            Event::Enter {
                serial,
                surface_x: x,
                surface_y: y,
                ..
            } => {
                // Nothing lies over the picture.
                pointer.set_cursor(serial, None, 0, 0);
                state.at = (x as i16, y as i16);
            }
            Event::Motion {
                surface_x: x,
                surface_y: y,
                ..
            } => state.at = (x as i16, y as i16),
            Event::Button {
                button,
                state: WEnum::Value(how),
                ..
            } => {
                let number = BUTTONS.iter().position(|code| *code == button);
                state.input.push(Input::Button {
                    number: number.expect("one of three buttons") as u8 + 1,
                    down: how == ButtonState::Pressed,
                    at: state.at,
                });
            }
            _ => {}
        }
    }
}
