//! Keys that the hypervisor presses itself: for a guest whose screen nobody has opened.

use uuid::Uuid;
use virt_rpc::procedure;

use super::{Host, live::handle_of};
use crate::{Error, ErrorKind};

/// `VIR_KEYCODE_SET_LINUX` (libvirt's `virkeycode.h`).
const LINUX: u32 = 0;
/// How long the keys are held, in milliseconds; what virsh takes where nothing is said.
const HOLD: u32 = 50;
/// `VIR_DOMAIN_SEND_KEY_MAX_KEYS`.
const MOST: usize = 16;

impl Host {
    /// Has the hypervisor press keys together and let go of them. Keys are Linux' numbers (`KEY_*`), 16 at most.
    ///
    /// # Errors
    /// [`ErrorKind::WrongState`] without asking the host for no keys, for too many, and for a domain that does not run.
    ///
    /// # Cancel safety
    /// Dropping the future stops the waiting, not the keys.
    pub async fn send_keys(&self, uuid: Uuid, keys: &[u32]) -> Result<(), Error> {
        let link = self.link()?;
        let domain = self.known(uuid)?;
        if !domain.state.is_active() || keys.is_empty() || keys.len() > MOST {
            return Err(Error::new(
                ErrorKind::WrongState,
                format!("{} keys while {:?}", keys.len(), domain.state),
            ));
        }
        let call = procedure::DomainSendKey {
            dom: handle_of(&domain),
            codeset: LINUX,
            holdtime: HOLD,
            keycodes: keys.to_vec(),
            flags: 0,
        };
        link.main().call(call).await?;
        Ok(())
    }
}
