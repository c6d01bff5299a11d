//! GObjects over the core: what windows bind to.
//!
//! Each batch of the core's changes becomes exact property notifications and `items_changed` here, and nowhere else.
//! This room knows the core and the leaves of `app`; it must not know any window or widget. Windows get the core's
//! plain data types through the re-exports below.

mod aliases;
mod certificate_files;
mod check;
mod connection;
mod connection_host;
mod connection_kept;
mod connection_list;
mod connection_profile;
mod connection_store;
mod console;
mod console_texts;
mod credentials;
mod guest;
mod guest_list;
mod guest_screen;
mod guest_search;
mod guest_settings;
mod host_name;
mod host_options;
mod import;
mod job;
mod kept_file;
mod keyring;
mod questions;
mod sound;
mod ssh_hosts;
mod text_console;
mod texts;
mod watch;

pub use aliases::uri_of_alias;
pub use certificate_files::CertificateFiles;
pub use check::{ConnectionCheck, check_step_text};
pub use connection::{Connection, ConnectionState};
pub use connection_host::HOST_HISTORY;
pub use connection_list::{ConnectionList, Side};
pub use connection_profile::{ConnectionColour, Pin, Profile, Service};
pub use console::{Console, ConsolePhase};
pub use console_texts::route_text;
pub use credentials::{UserCredentials, forget_remembered};
pub use guest::{Guest, GuestState, HISTORY};
pub use guest_list::GuestList;
pub use guest_screen::{ScreenHelp, TunnelHelp};
pub use guest_search::GuestSearch;
pub use guest_settings::GuestSettings;
pub use import::{Import, ImportedSetting};
pub use job::{Job, JobState};
pub use kept_file::{KeptFile, finish_writing};
pub use questions::{Asker, Question, Questions};
pub use sound::{Sound, SoundProblem};
pub use ssh_hosts::known_ssh_hosts;
pub use text_console::{TextConsole, TextConsolePhase};
pub use texts::{
    clock_text, guest_state_text, link_warning_text, memory_text, reason_text, unproven_screen_text,
};
pub use watch::{HostWatch, Watch};

/// What a list and a header need of a guest's XML.
pub use innkeeper_core::Description as DomainDescription;
/// The VNC engine's shared types that the console widget draws and speaks with.
pub use innkeeper_core::rfb;
/// What a question asks for.
pub use innkeeper_core::security::credentials::Question as QuestionKind;
/// A certificate as a person looks at it, where one lies, what is wrong with one, and why one is trusted.
pub use innkeeper_core::security::{
    certificate::CertificateInfo,
    pki::{PkiFile, PkiRoots},
    tls::{CertificateProblem, ClientCertificateProblem, Survey, TlsError, Trust},
};
pub use innkeeper_core::ssh_hosts::SshHost;
pub use innkeeper_core::{
    Act, AuthKind, Capabilities, CheckStep, Device, DeviceKind, DomainDetails, DomainState, Error,
    ErrorKind, GraphicsKind, GuestKind, HostFacts, HostSample, LinkInfo, LinkWarning, LogEvent,
    LogLevel, LogLine, Outcome, Property, ScreenRoute, ScreenWay, Screenshot, Snapshot, SshWay,
    Step, TextDevice, TextDeviceId, TextKind, Transport, Unsent, Uri, UriParts,
};
