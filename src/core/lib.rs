//! Hosts, their inventory, consoles and jobs: what Innkeeper does, without its windows.
//!
//! A [`Host`] is a handle to one libvirt host. It connects, keeps an inventory of domains true by events, and reports
//! what changed in batches ([`Changes`]). Acts on a domain are async calls of the host. A [`Console`] follows one
//! domain's screen through restarts and lost links, a [`TextConsole`] one of its serial lines.
//!
//! This crate knows libvirt's wire (`virt-rpc`), the VNC engine (`rfb`), XML (`virtxml`) and credentials
//! (`link-security`). It must not know GTK, translations or settings: every text for people is made above it.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod act;
pub mod askpass;
mod capabilities;
mod changes;
mod check;
mod check_step;
mod config;
mod console;
mod describe;
mod details;
mod details_read;
mod domain;
mod error;
mod error_from;
mod host;
mod host_sample;
mod interest;
mod link_info;
mod log;
mod options;
mod os_names;
mod patience;
mod polkit_agent;
mod progress;
mod screenshot;
mod serial;
mod snapshot;
mod snapshot_tree;
pub mod ssh_hosts;
mod state;
mod stats;
mod traffic;
mod transport;
pub mod uri;
pub mod wake;

pub use act::Act;
pub use capabilities::{Capabilities, GuestKind};
pub use changes::{Changes, DomainChange, HostFacts};
pub use check::{Check, CheckReceiver, check};
pub use check_step::{CheckStep, Outcome};
pub use config::ClientConfig;
pub use console::{
    Console, ConsoleEvent, ConsoleState, ScreenProtection, ScreenRoute, ScreenSettings, ScreenStep,
    ScreenWay, UnknownProtection,
};
pub use details::{Device, DeviceKind, DomainDetails, Property};
pub use domain::{Description, Domain, DomainState, GraphicsKind, StateReason};
pub use error::{Error, ErrorKind};
pub use host::{ChangesReceiver, Host, wait_for_farewells};
pub use host_sample::HostSample;
pub use interest::Interest;
pub use link_info::{AuthKind, LinkInfo, LinkWarning, SshWay, Transport};
pub use log::{LOG_LINES_MAX, LogEvent, LogLevel, LogLine};
pub use options::Options;
pub use screenshot::Screenshot;
pub use serial::{
    INPUT_MAX, NoTextDevice, TextConsole, TextConsoleEvent, TextConsoleState, TextDevice,
    TextDeviceId, TextKind, Unsent,
};
pub use snapshot::Snapshot;
pub use state::{HostState, Step};
pub use stats::Sample;
pub use traffic::Traffic;
pub use transport::{discover_local, remove_left_folders};
pub use uri::{Uri, UriParts};

/// Questions for passwords and their answers, for those above this crate.
pub use link_security as security;
/// The VNC engine's pictures, damage, cursors, keys and sessions, for those above this crate.
pub use rfb;
