//! One domain as the list shows it: identity, state, flags, and what its XML adds once that has been read.

use uuid::Uuid;

use crate::TextDevice;

/// What is known of one domain, cheap to clone and to compare.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Domain {
    /// libvirt's lasting identity of the domain on its host.
    pub uuid: Uuid,
    /// The name, unique on its host at one time; it can change.
    pub name: String,
    /// The number of the running instance; `None` while shut off.
    pub id: Option<i32>,
    /// What the domain does now.
    pub state: DomainState,
    /// Why it does that.
    pub reason: StateReason,
    /// Whether the host keeps its definition when it stops.
    pub persistent: bool,
    /// Whether the host starts it at boot.
    pub autostart: bool,
    /// Whether a saved state waits, so that the next start restores it.
    pub managed_save: bool,
    /// Whether it has snapshots.
    pub has_snapshots: bool,
    /// What its XML says; `None` until it has been read.
    pub description: Option<Description>,
    /// Grows when something happened that its details may show and this list does not.
    pub revision: u32,
}

/// The part of a domain's XML that lists and headers need.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Description {
    /// A short text that users see in place of the name.
    pub title: Option<String>,
    /// A longer note.
    pub note: Option<String>,
    /// The operating system's identity in osinfo-db, such as `http://debian.org/debian/13`.
    pub os_id: Option<String>,
    /// Memory that the domain may have at most, in KiB.
    pub memory_kib: u64,
    /// Virtual CPUs at most.
    pub vcpus: u32,
    /// The graphical displays that are defined, in the order of the XML.
    pub graphics: Vec<GraphicsKind>,
    /// Which of these displays carry the sound of a sound device, by their places.
    pub sounding: Vec<usize>,
    /// The serial ports and consoles that speak text, each line once, in the order of the XML.
    pub text_devices: Vec<TextDevice>,
}

/// The protocol of a graphical display.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GraphicsKind {
    /// VNC, which the console shows.
    Vnc,
    /// SPICE.
    Spice,
    /// RDP.
    Rdp,
    /// D-Bus, to a program on the host.
    Dbus,
    /// A window on the host (SDL, and libvirt's `desktop`).
    Window,
    /// None: a picture is drawn, and another display shows it (EGL headless).
    Headless,
    /// Anything else.
    Other,
}

/// libvirt's `virDomainState`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum DomainState {
    /// No state is known.
    #[default]
    Unknown,
    /// The guest runs (also libvirt's BLOCKED).
    Running,
    /// Its CPUs are stopped.
    Paused,
    /// The guest is shutting down.
    ShuttingDown,
    /// It does not exist on the hypervisor.
    ShutOff,
    /// It crashed.
    Crashed,
    /// The guest's own power management suspended it.
    PmSuspended,
}

/// Why a domain is in its state: libvirt's `virDomain*Reason` enums, told apart by state.
///
/// A reason that this version does not know keeps its number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StateReason {
    /// libvirt gives none.
    #[default]
    Unknown,
    /// Started by its firmware.
    Booted,
    /// Came from another host, or went to one.
    Migrated,
    /// Went on from a saved state.
    Restored,
    /// Came from a snapshot, or was stopped by one.
    FromSnapshot,
    /// Was paused and goes on.
    Unpaused,
    /// A migration was given up.
    MigrationCanceled,
    /// A save was given up.
    SaveCanceled,
    /// Was woken up.
    Wakeup,
    /// Runs again after a crash.
    AfterCrash,
    /// In the second phase of a migration.
    PostCopy,
    /// The second phase of a migration failed.
    PostCopyFailed,
    /// A person asked for it.
    ByUser,
    /// Being migrated.
    Migration,
    /// Being saved.
    Save,
    /// Being dumped.
    Dump,
    /// A disk or another device reported an error.
    IoError,
    /// A watchdog fired.
    Watchdog,
    /// A snapshot is being taken.
    Snapshot,
    /// The guest shuts down.
    ShuttingDown,
    /// The guest panicked.
    GuestPanicked,
    /// Just being started.
    StartingUp,
    /// The hypervisor limits the API's time.
    ApiError,
    /// The guest shut itself down.
    Shutdown,
    /// Was forced off.
    Destroyed,
    /// The hypervisor process crashed.
    Crashed,
    /// A saved state was made.
    Saved,
    /// It did not start.
    Failed,
    /// The daemon that ran it is gone.
    Daemon,
    /// A number that this version does not know.
    Other(i32),
}

impl Domain {
    /// The text by which users know the domain: its title where it has one, else its name.
    pub fn shown_name(&self) -> &str {
        self.description
            .as_ref()
            .and_then(|d| d.title.as_deref())
            .filter(|title| !title.trim().is_empty())
            .unwrap_or(&self.name)
    }
}

impl DomainState {
    /// Reads libvirt's number (`virDomainState`, include/libvirt/libvirt-domain.h).
    pub fn from_wire(number: i32) -> Self {
        match number {
            1 | 2 => Self::Running,
            3 => Self::Paused,
            4 => Self::ShuttingDown,
            5 => Self::ShutOff,
            6 => Self::Crashed,
            7 => Self::PmSuspended,
            _ => Self::Unknown,
        }
    }

    /// Says whether a hypervisor process exists for a domain in this state.
    pub fn is_active(self) -> bool {
        !matches!(self, Self::ShutOff | Self::Unknown)
    }
}

impl StateReason {
    /// Reads libvirt's number, whose meaning depends on the state (`virDomainRunningReason` and its siblings).
    pub fn from_wire(state: DomainState, number: i32) -> Self {
        let table: &[Self] = match state {
            DomainState::Running => &[
                Self::Unknown,
                Self::Booted,
                Self::Migrated,
                Self::Restored,
                Self::FromSnapshot,
                Self::Unpaused,
                Self::MigrationCanceled,
                Self::SaveCanceled,
                Self::Wakeup,
                Self::AfterCrash,
                Self::PostCopy,
                Self::PostCopyFailed,
            ],
            DomainState::Paused => &[
                Self::Unknown,
                Self::ByUser,
                Self::Migration,
                Self::Save,
                Self::Dump,
                Self::IoError,
                Self::Watchdog,
                Self::FromSnapshot,
                Self::ShuttingDown,
                Self::Snapshot,
                Self::AfterCrash,
                Self::StartingUp,
                Self::PostCopy,
                Self::PostCopyFailed,
                Self::ApiError,
            ],
            DomainState::ShuttingDown => &[Self::Unknown, Self::ByUser],
            DomainState::ShutOff => &[
                Self::Unknown,
                Self::Shutdown,
                Self::Destroyed,
                Self::Crashed,
                Self::Migrated,
                Self::Saved,
                Self::Failed,
                Self::FromSnapshot,
                Self::Daemon,
            ],
            DomainState::Crashed => &[Self::Unknown, Self::GuestPanicked],
            DomainState::PmSuspended | DomainState::Unknown => &[Self::Unknown],
        };
        usize::try_from(number)
            .ok()
            .and_then(|index| table.get(index).copied())
            .unwrap_or(Self::Other(number))
    }
}
