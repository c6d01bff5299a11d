//! The whole program, driven from outside: real libvirtd, real QEMU guests, a private desktop.
//!
//! Each test starts the built program, finds things by accessible role and name, presses them and looks at what comes
//! of it. A test also fails when the program says something that it must not: a warning of the toolkit, or a main loop
//! that was held for more than 200 ms. Pictures and, on failure, the tree and the log lie in `target/…/e2e-shots`.
//!
//! `build-aux/dev cargo test --test e2e --features e2e [NAME…]`; one after the other, because they share the host.

mod checkerboard;
mod guests;
mod neighbour;
mod runner;
mod scope;
mod shown;
mod stage;

mod clipboard;
mod command_line;
mod connections;
mod console;
mod direct;
mod far;
mod first_start;
mod input;
mod list;
mod many;
mod monitor;
mod moving_screens;
mod mutter;
mod scale;
mod screens;
mod signing_in;
mod text_console;
mod touch;
mod touch_relative;
mod trouble;
mod wayland;

use runner::Test;

fn main() -> std::process::ExitCode {
    if let Some(status) = neighbour::serve() {
        return status;
    }
    let tests: Vec<Test> = [
        first_start::TESTS,
        list::TESTS,
        console::TESTS,
        direct::TESTS,
        text_console::TESTS,
        input::TESTS,
        clipboard::TESTS,
        command_line::TESTS,
        connections::TESTS,
        far::TESTS,
        touch::TESTS,
        touch_relative::TESTS,
        trouble::TESTS,
        many::TESTS,
        monitor::TESTS,
        moving_screens::TESTS,
        mutter::TESTS,
        scale::TESTS,
        screens::TESTS,
        signing_in::TESTS,
        wayland::TESTS,
    ]
    .concat();
    runner::run(&tests)
}
