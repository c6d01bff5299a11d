//! The application: one instance, its actions, its command line, and the leaves that the other rooms share.
//!
//! Everything here may know every room; no room may know anything here but the four leaves [`runtime`], [`i18n`],
//! [`settings`] and [`errors`].

mod application;
mod asking;
mod command_line;
mod doctor;
pub mod errors;
pub mod i18n;
mod logging;
mod on_terminal;
pub mod runtime;
pub mod settings;
mod watchdog;

use std::process::ExitCode;

use gtk::{gio, glib, prelude::*};

pub use application::Application;

/// Runs the program until its last window is closed.
///
/// ssh runs this same program for its questions: then it does that and nothing else.
pub fn main() -> ExitCode {
    if let Some(status) = innkeeper_core::askpass::run_if_asked() {
        return status;
    }
    logging::init();
    i18n::init();
    register_resources();
    glib::set_application_name(&i18n::gettext("Innkeeper"));
    let status = Application::new().run();
    if status == glib::ExitCode::SUCCESS {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Makes templates, icons and style known to GTK.
pub fn register_resources() {
    gio::resources_register_include!("innkeeper.gresource")
        .expect("the resources are part of the program");
}
