//! What a server may be asked to do to its guest (rfbproto, "xvp").

/// An act on the guest's power. QEMU takes them where its `power-control` is on; libvirt never sets that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PowerAction {
    /// Asks the guest to shut down.
    ShutDown,
    /// Asks the guest to start anew. QEMU always refuses it.
    Reboot,
    /// Starts the machine anew, whatever the guest is doing.
    Reset,
}

impl PowerAction {
    pub(crate) const fn number(self) -> u8 {
        match self {
            Self::ShutDown => 2,
            Self::Reboot => 3,
            Self::Reset => 4,
        }
    }
}
