//! What an event of libvirt means for the list.
//!
//! A lifecycle event is believed at once, so that the list is never late; then the domain is read again, because an
//! event tells neither the flags nor every reason. Numbers: include/libvirt/libvirt-domain.h.

use uuid::Uuid;
use virt_rpc::{
    Event,
    procedure::{event::DomainLifecycle, types},
};

use super::inventory::Inventory;
use crate::{Domain, DomainState, StateReason};

/// The events to register, by `virDomainEventID`; a daemon that does not know one loses nothing by refusing it.
pub(crate) const WANTED: [i32; 14] = [
    0,  // lifecycle
    1,  // reboot
    9,  // disk change
    10, // tray change
    13, // balloon change
    15, // device removed
    17, // tunable
    18, // agent lifecycle
    19, // device added
    21, // job completed
    23, // metadata change
    26, // memory device size change
    27, // MAC address change (11.2)
    28, // virtual CPU removed (12.4)
];

/// What is to be read again after an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Again {
    /// Nothing.
    Nothing,
    /// State and flags.
    State(Uuid),
    /// State, flags and XML.
    Everything(Uuid),
    /// The same, and state and flags once more after a while: a host that has let a domain go to another may forget it a
    /// moment after it told of its stop, and of that there is no event (libvirt: `qemu_migration.c`).
    Departed(Uuid),
    /// The daemon lost its hypervisor: nothing it says is true any more.
    Lost,
}

/// Applies an event to the list and says what is to be read again.
pub(crate) fn apply(event: &Event, list: &mut Inventory) -> Again {
    use Again::{Lost, Nothing, State};
    match event {
        Event::DomainLifecycle(event) => lifecycle(event, list),
        Event::DomainReboot(event) => State(event.dom.uuid),
        Event::DomainJobCompleted(event) => State(event.dom.uuid),
        Event::DomainDeviceRemoved(event) => hardware(&event.dom, list),
        Event::DomainDeviceAdded(event) => hardware(&event.dom, list),
        Event::DomainMetadataChange(event) => hardware(&event.dom, list),
        Event::DomainMemoryDeviceSizeChange(event) => hardware(&event.dom, list),
        Event::DomainVcpuRemoved(event) => hardware(&event.dom, list),
        Event::DomainDiskChange(event) => revise(&event.dom, list),
        Event::DomainTrayChange(event) => revise(&event.dom, list),
        Event::DomainBalloonChange(event) => revise(&event.dom, list),
        Event::DomainTunable(event) => revise(&event.dom, list),
        Event::DomainAgentLifecycle(event) => revise(&event.dom, list),
        Event::DomainNicMacChange(event) => revise(&event.dom, list),
        Event::ConnectConnectionClosed(_) => Lost,
        _ => Nothing,
    }
}

/// Something changed that the list does not show, but the details do.
fn revise(dom: &types::Domain, list: &mut Inventory) -> Again {
    list.change(dom.uuid, |domain| domain.revision += 1);
    Again::Nothing
}

fn hardware(dom: &types::Domain, list: &mut Inventory) -> Again {
    revise(dom, list);
    Again::Everything(dom.uuid)
}

fn lifecycle(event: &DomainLifecycle, list: &mut Inventory) -> Again {
    const RENAMED: i32 = 1;
    let uuid = event.dom.uuid;
    match (event.event, event.detail) {
        (DEFINED, _) => {
            defined(&event.dom, list);
            Again::Everything(uuid)
        }
        // The same domain is defined again, under its new name, at once.
        (UNDEFINED, RENAMED) => Again::Nothing,
        (UNDEFINED, _) => undefined(&event.dom, list),
        (STOPPED, detail) => stopped(&event.dom, detail, list),
        // libvirt may tell of the guest's own end after the end of its process; then it is no news.
        (SHUTDOWN, _) if list.get(uuid).is_some_and(|d| !d.state.is_active()) => Again::State(uuid),
        (kind, detail) => match state_after(kind, detail) {
            Some((state, reason)) => {
                happened(&event.dom, state, reason, list);
                if kind == STARTED {
                    Again::Everything(uuid)
                } else {
                    Again::State(uuid)
                }
            }
            None => Again::State(uuid),
        },
    }
}

const DEFINED: i32 = 0;
const UNDEFINED: i32 = 1;
const STARTED: i32 = 2;
const SUSPENDED: i32 = 3;
const RESUMED: i32 = 4;
const STOPPED: i32 = 5;
const SHUTDOWN: i32 = 6;
const PMSUSPENDED: i32 = 7;
const CRASHED: i32 = 8;

/// Why a domain stopped: it runs on another host now.
const MIGRATED: i32 = 3;

/// The state that an event leaves behind, with the reason where the detail tells it.
fn state_after(kind: i32, detail: i32) -> Option<(DomainState, StateReason)> {
    use StateReason::{
        ApiError, Booted, ByUser, FromSnapshot, GuestPanicked, IoError, Migrated, Migration,
        PostCopy, PostCopyFailed, Restored, Unknown, Unpaused, Wakeup, Watchdog,
    };
    let nth = |reasons: &[StateReason]| {
        let index = usize::try_from(detail).ok();
        index
            .and_then(|index| reasons.get(index).copied())
            .unwrap_or(Unknown)
    };
    Some(match kind {
        STARTED => (
            DomainState::Running,
            nth(&[Booted, Migrated, Restored, FromSnapshot, Wakeup]),
        ),
        SUSPENDED => (
            DomainState::Paused,
            nth(&[
                ByUser,
                Migration,
                IoError,
                Watchdog,
                Unknown,
                FromSnapshot,
                ApiError,
                PostCopy,
                PostCopyFailed,
            ]),
        ),
        RESUMED => (
            DomainState::Running,
            nth(&[Unpaused, Migrated, FromSnapshot, PostCopy, PostCopyFailed]),
        ),
        SHUTDOWN => (DomainState::ShuttingDown, ByUser),
        PMSUSPENDED => (DomainState::PmSuspended, Unknown),
        CRASHED => (DomainState::Crashed, nth(&[GuestPanicked])),
        _ => return None,
    })
}

fn defined(dom: &types::Domain, list: &mut Inventory) {
    let known = list.change(dom.uuid, |domain| {
        domain.name.clone_from(&dom.name);
        domain.persistent = true;
        domain.revision += 1;
    });
    if !known {
        list.insert(Domain {
            uuid: dom.uuid,
            name: dom.name.clone(),
            id: Some(dom.id).filter(|id| *id >= 0),
            state: if dom.id >= 0 {
                DomainState::Running
            } else {
                DomainState::ShutOff
            },
            persistent: true,
            ..Domain::default()
        });
    }
}

fn undefined(dom: &types::Domain, list: &mut Inventory) -> Again {
    if !list.get(dom.uuid).is_some_and(|d| d.state.is_active()) {
        list.remove(dom.uuid);
        return Again::Nothing;
    }
    list.change(dom.uuid, |domain| {
        domain.persistent = false;
        domain.autostart = false;
    });
    Again::State(dom.uuid)
}

fn stopped(dom: &types::Domain, detail: i32, list: &mut Inventory) -> Again {
    use StateReason::{Crashed, Destroyed, Failed, FromSnapshot, Migrated, Saved, Shutdown};
    let reasons = [
        Shutdown,
        Destroyed,
        Crashed,
        Migrated,
        Saved,
        Failed,
        FromSnapshot,
    ];
    if list.get(dom.uuid).is_some_and(|domain| !domain.persistent) {
        list.remove(dom.uuid);
        // Should it be there nevertheless, reading it again brings it back.
        return Again::State(dom.uuid);
    }
    list.change(dom.uuid, |domain| {
        let index = usize::try_from(detail).ok();
        domain.id = None;
        domain.state = DomainState::ShutOff;
        domain.reason = index
            .and_then(|index| reasons.get(index).copied())
            .unwrap_or_default();
        domain.managed_save |= domain.reason == Saved;
        domain.revision += 1;
    });
    if detail == MIGRATED {
        Again::Departed(dom.uuid)
    } else {
        Again::Everything(dom.uuid)
    }
}

fn happened(dom: &types::Domain, state: DomainState, reason: StateReason, list: &mut Inventory) {
    let id = Some(dom.id).filter(|id| *id >= 0);
    let known = list.change(dom.uuid, |domain| {
        let was_active = domain.state.is_active();
        domain.state = state;
        domain.reason = reason;
        domain.id = id.or(domain.id);
        if !was_active {
            domain.managed_save = false;
            domain.revision += 1;
        }
    });
    if !known {
        list.insert(Domain {
            uuid: dom.uuid,
            name: dom.name.clone(),
            id,
            state,
            reason,
            ..Domain::default()
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn handle(id: i32) -> types::Domain {
        types::Domain {
            name: "guest".to_owned(),
            uuid: Uuid::from_u128(7),
            id,
        }
    }

    fn tell(list: &mut Inventory, kind: i32, detail: i32, id: i32) -> Again {
        let event = Event::DomainLifecycle(DomainLifecycle {
            callback_id: 0,
            dom: handle(id),
            event: kind,
            detail,
        });
        apply(&event, list)
    }

    fn guest(list: &Inventory) -> Option<&Domain> {
        list.get(Uuid::from_u128(7))
    }

    #[test]
    fn a_life_from_definition_to_its_end() {
        let mut list = Inventory::default();
        assert_eq!(
            tell(&mut list, DEFINED, 0, -1),
            Again::Everything(Uuid::from_u128(7))
        );
        assert!(guest(&list).unwrap().persistent);
        tell(&mut list, STARTED, 0, 3);
        let domain = guest(&list).unwrap();
        assert_eq!(
            (domain.state, domain.reason),
            (DomainState::Running, StateReason::Booted)
        );
        assert_eq!(domain.id, Some(3));
        tell(&mut list, SUSPENDED, 2, 3);
        assert_eq!(guest(&list).unwrap().reason, StateReason::IoError);
        tell(&mut list, RESUMED, 0, 3);
        assert_eq!(guest(&list).unwrap().reason, StateReason::Unpaused);
        tell(&mut list, SHUTDOWN, 0, 3);
        assert_eq!(guest(&list).unwrap().state, DomainState::ShuttingDown);
        tell(&mut list, STOPPED, 4, -1);
        let domain = guest(&list).unwrap();
        assert_eq!((domain.state, domain.id), (DomainState::ShutOff, None));
        assert!(domain.managed_save);
        assert_eq!(tell(&mut list, UNDEFINED, 0, -1), Again::Nothing);
        assert!(guest(&list).is_none());
    }

    #[test]
    fn the_end_of_the_guest_told_after_that_of_its_process_is_no_news() {
        let mut list = Inventory::default();
        tell(&mut list, DEFINED, 0, -1);
        tell(&mut list, STARTED, 0, 1);
        tell(&mut list, STOPPED, 1, -1);
        let again = tell(&mut list, SHUTDOWN, 0, 1);
        assert_eq!(again, Again::State(Uuid::from_u128(7)));
        let domain = guest(&list).unwrap();
        assert_eq!((domain.state, domain.id), (DomainState::ShutOff, None));
    }

    #[test]
    fn a_transient_domain_goes_when_it_stops() {
        let mut list = Inventory::default();
        tell(&mut list, STARTED, 0, 1);
        assert!(!guest(&list).unwrap().persistent);
        assert_eq!(
            tell(&mut list, STOPPED, 1, -1),
            Again::State(Uuid::from_u128(7))
        );
        assert!(guest(&list).is_none());
    }

    #[test]
    fn a_domain_that_has_moved_is_looked_for_twice() {
        let mut list = Inventory::default();
        tell(&mut list, DEFINED, 0, -1);
        tell(&mut list, STARTED, 0, 1);
        assert_eq!(
            tell(&mut list, STOPPED, MIGRATED, -1),
            Again::Departed(Uuid::from_u128(7))
        );
        assert_eq!(guest(&list).unwrap().reason, StateReason::Migrated);
    }

    #[test]
    fn a_running_domain_outlives_its_definition() {
        let mut list = Inventory::default();
        tell(&mut list, DEFINED, 0, -1);
        tell(&mut list, STARTED, 0, 1);
        tell(&mut list, UNDEFINED, 0, 1);
        assert!(!guest(&list).unwrap().persistent);
        tell(&mut list, STOPPED, 0, -1);
        assert!(guest(&list).is_none());
    }

    #[test]
    fn a_renamed_domain_stays_the_same() {
        let mut list = Inventory::default();
        tell(&mut list, DEFINED, 0, -1);
        tell(&mut list, UNDEFINED, 1, -1);
        assert!(guest(&list).is_some());
    }

    #[test]
    fn numbers_from_the_future_harm_nothing() {
        let mut list = Inventory::default();
        tell(&mut list, DEFINED, 99, -1);
        tell(&mut list, STARTED, -5, 1);
        tell(&mut list, SUSPENDED, i32::MAX, 1);
        assert_eq!(guest(&list).unwrap().state, DomainState::Paused);
        assert_eq!(tell(&mut list, 77, 0, 1), Again::State(Uuid::from_u128(7)));
    }
}
