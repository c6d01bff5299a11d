//! What a user can do to a domain's life, and in which states (features C3, rule 1).

use crate::{Domain, DomainState};

/// A lifecycle act on one domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Act {
    /// Start it, or restore its saved state.
    Run,
    /// Stop its CPUs.
    Pause,
    /// Let its CPUs go on.
    Resume,
    /// Ask the guest to shut down.
    ShutDown,
    /// Ask the guest to reboot.
    Reboot,
    /// Reset the machine at once, as its reset button does.
    ForceReset,
    /// End the machine at once, as pulling its plug does.
    ForceOff,
    /// Save its memory to disk and stop it (libvirt's managed save).
    Save,
}

impl Act {
    /// Every act, in the order of menus.
    pub const ALL: [Self; 8] = [
        Self::Run,
        Self::Pause,
        Self::Resume,
        Self::ShutDown,
        Self::Reboot,
        Self::ForceReset,
        Self::ForceOff,
        Self::Save,
    ];

    /// Says whether the domain's state allows the act.
    ///
    /// As virt-manager does, with one difference: a domain that hangs while it shuts down can be forced off.
    pub fn is_allowed(self, domain: &Domain) -> bool {
        use DomainState::{Crashed, Paused, PmSuspended, Running, ShutOff, ShuttingDown};
        match self {
            Self::Run => domain.state == ShutOff,
            Self::Resume => domain.state == Paused,
            Self::Pause => matches!(domain.state, Running | Crashed | PmSuspended),
            Self::ForceOff => matches!(
                domain.state,
                Running | Paused | Crashed | PmSuspended | ShuttingDown
            ),
            Self::Save => domain.persistent && Self::Reboot.is_allowed(domain),
            Self::ShutDown | Self::Reboot | Self::ForceReset => {
                matches!(domain.state, Running | Paused | Crashed | PmSuspended)
            }
        }
    }
}
