//! Tests of windows and widgets, on a display: `build-aux/test` gives them one, and makes every warning fatal.

#[cfg(feature = "anonymous-tls")]
mod anonymous_screen;
mod certificates;
mod connection_dialog;
mod connection_test;
mod connections;
mod failures;
mod guest;
mod guest_size;
mod help;
mod host;
mod import;
mod input;
mod lab;
mod manager;
mod manager_lab;
mod moving;
mod out_of_reach;
mod questions;
mod sound;
mod support;
mod templates;
mod terminal;
mod toasts;
mod waiting;
