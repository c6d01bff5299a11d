//! Innkeeper: virtual machines on local and remote hosts, in windows.
//!
//! # The map of the house
//!
//! | room | what it is | what it may know |
//! |---|---|---|
//! | [`app`] | the application object, its actions, command line, settings, runtime bridge, translations, error texts | everything |
//! | [`model`] | GObjects over the core: connections, guests, consoles, jobs and their lists | the core, and the leaves of `app` |
//! | [`ui`] | one folder a window | the model, the widgets, and the leaves of `app` |
//! | [`widgets`] | what two or more windows use | the model, and the leaves of `app` |
//!
//! The leaves of `app` are [`app::runtime`], [`app::i18n`], [`app::settings`] and [`app::errors`]: small files that
//! know no other room of the application. `tests/architecture.rs` reads the `use` lines and holds all of this.
//!
//! # From wire to widget
//!
//! `innkeeper_core::Host` reports batches of changes; [`model::Connection`] applies each batch to its list of
//! [`model::Guest`]s as exact `items_changed` and property notifications; widgets are bound to properties. A user's
//! act goes the other way: `GAction` → model → an async call of the core → a toast, a dialog or nothing.

pub mod app;
pub mod model;
pub mod ui;
pub mod widgets;

/// The application's identity, in D-Bus' form.
pub const APP_ID: &str = "io.github.innkeeper.Innkeeper";

pub use app::main;
