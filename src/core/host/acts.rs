//! What a user does to a domain, as calls. None is ever repeated by itself: after a lost link nobody knows whether the
//! hypervisor took it.

use uuid::Uuid;
use virt_rpc::procedure::{self, types};

use super::{Host, link::Link, live::handle_of};
use crate::{Act, Error, ErrorKind};

impl Host {
    /// Does a lifecycle act and waits until the hypervisor has taken it. It is never repeated by itself.
    ///
    /// A save takes as long as writing the guest's memory does.
    ///
    /// # Errors
    /// [`ErrorKind::WrongState`] without asking the host when the known state forbids it.
    ///
    /// # Cancel safety
    /// Dropping the future stops the waiting, not the act.
    pub async fn act(&self, uuid: Uuid, act: Act) -> Result<(), Error> {
        let link = self.link()?;
        let domain = self.known(uuid)?;
        if !act.is_allowed(&domain) {
            return Err(Error::new(
                ErrorKind::WrongState,
                format!("{act:?} is not possible while {:?}", domain.state),
            ));
        }
        let _again = self.doubt_afterwards(uuid);
        perform(&link, handle_of(&domain), act).await
    }

    /// Asks the hypervisor to give up what it does to the domain, such as a save.
    pub async fn cancel_job(&self, uuid: Uuid) -> Result<(), Error> {
        let (link, dom) = (self.link()?, handle_of(&self.known(uuid)?));
        link.main().call(procedure::DomainAbortJob { dom }).await?;
        Ok(())
    }

    /// How far a save has come, 0.0 to 1.0; `None` while nothing is going on.
    pub async fn job_progress(&self, uuid: Uuid) -> Result<Option<f32>, Error> {
        /// `VIR_DOMAIN_JOB_BOUNDED` and `_UNBOUNDED`.
        const RUNNING: [i32; 2] = [1, 2];
        let (link, dom) = (self.link()?, handle_of(&self.known(uuid)?));
        let job = link
            .main()
            .call(procedure::DomainGetJobInfo { dom })
            .await?;
        if !RUNNING.contains(&job.kind) {
            return Ok(None);
        }
        let share = if job.data_total == 0 {
            0.0
        } else {
            job.data_processed as f64 / job.data_total as f64
        };
        Ok(Some(share.clamp(0.0, 1.0) as f32))
    }

    /// Throws the saved state away, so that the next start boots.
    pub async fn discard_saved_state(&self, uuid: Uuid) -> Result<(), Error> {
        let (link, dom) = (self.link()?, handle_of(&self.known(uuid)?));
        let _again = self.doubt_afterwards(uuid);
        let call = procedure::DomainManagedSaveRemove { dom, flags: 0 };
        link.main().call(call).await?;
        Ok(())
    }

    /// Has the domain read again when the act is over, however it ends: not every driver tells of everything.
    fn doubt_afterwards(&self, uuid: Uuid) -> impl Drop + use<> {
        struct Doubt(Host, Uuid);
        impl Drop for Doubt {
            fn drop(&mut self) {
                self.0.shared().doubts.raise(self.1);
            }
        }
        Doubt(self.clone(), uuid)
    }
}

async fn perform(link: &Link, dom: types::Domain, act: Act) -> Result<(), Error> {
    let main = link.main();
    let flags = 0;
    match act {
        Act::Run => drop(
            main.call(procedure::DomainCreateWithFlags { dom, flags })
                .await?,
        ),
        Act::Pause => main.call(procedure::DomainSuspend { dom }).await?,
        Act::Resume => main.call(procedure::DomainResume { dom }).await?,
        Act::ShutDown => main.call(procedure::DomainShutdown { dom }).await?,
        Act::Reboot => main.call(procedure::DomainReboot { dom, flags }).await?,
        Act::ForceReset => main.call(procedure::DomainReset { dom, flags }).await?,
        Act::ForceOff => main.call(procedure::DomainDestroy { dom }).await?,
        // Minutes of writing must not take one of the main connection's few places for slow calls.
        Act::Save => {
            let save = procedure::DomainManagedSave { dom, flags };
            link.side().await?.call(save).await?;
        }
    }
    Ok(())
}
