//! The list stays true whatever the order in which events and answers come, against a scripted daemon.

mod support;

use std::time::Duration;

use innkeeper_core::{Act, DomainState, ErrorKind, Host, Interest, Options};
use support::{
    fake::{Fake, Told, UUID, lifecycle},
    uri,
    view::View,
};
use virt_rpc::{Event, procedure::event};

const RUNNING: i32 = 1;
const SHUT_OFF: i32 = 5;

const STARTED: i32 = 2;
const STOPPED: i32 = 5;

struct Stage {
    _folder: tempfile::TempDir,
    fake: Fake,
    host: Host,
    view: View,
}

async fn stage(told: Told) -> Stage {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sock");
    let fake = Fake::start(&path, told);
    let options = Options {
        read: Duration::from_millis(500),
        ..Options::default()
    };
    let host = Host::with_options(uri("test:///default", &path), options);
    let mut view = View::of(&host);
    host.connect();
    view.until_connected().await;
    Stage {
        _folder: folder,
        fake,
        host,
        view,
    }
}

fn told(state: Option<i32>) -> Told {
    Told {
        state,
        auth: 0,
        bulk: true,
        answers_state: true,
        after_first_lists: None,
    }
}

fn state(view: &View) -> Option<DomainState> {
    view.domains.get(&UUID).map(|domain| domain.state)
}

#[tokio::test]
async fn a_driver_without_bulk_statistics_still_has_states_and_is_not_asked_again() {
    let mut stage = stage(Told {
        bulk: false,
        ..told(Some(RUNNING))
    })
    .await;
    assert_eq!(state(&stage.view), Some(DomainState::Running));
    stage.host.set_interest(Interest {
        visible: vec![UUID],
        ticking: true,
        interval: Duration::from_millis(10),
        ..Interest::default()
    });
    let asked = || {
        let calls = stage.fake.calls.lock().unwrap();
        calls.iter().filter(|number| **number == 344).count()
    };
    // Two for the two lists, one tick with the flag and one without: then it is known to be of no use.
    while asked() < 4 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(asked(), 4);
    stage.fake.change(|told| told.state = Some(SHUT_OFF));
    stage.fake.tell(lifecycle(STOPPED, 0));
    stage
        .view
        .until("the stop", |view| state(view) == Some(DomainState::ShutOff))
        .await;
}

#[tokio::test]
async fn what_happened_between_the_list_and_the_events_is_found_by_the_second_list() {
    // No event tells of it: as if it happened before the daemon had registered us.
    let mut stage = stage(Told {
        after_first_lists: Some(RUNNING),
        ..told(None)
    })
    .await;
    stage
        .view
        .until("the domain", |view| {
            state(view) == Some(DomainState::Running)
        })
        .await;
}

#[tokio::test]
async fn the_last_event_of_a_storm_is_what_stays() {
    let mut stage = stage(told(Some(SHUT_OFF))).await;
    for _ in 0..20_000 {
        stage.fake.tell(lifecycle(STARTED, 0));
        stage.fake.tell(lifecycle(STOPPED, 0));
    }
    stage.fake.change(|told| told.state = Some(RUNNING));
    stage.fake.tell(lifecycle(STARTED, 0));
    // A marker behind the storm: a second domain appears.
    let marker = uuid::Uuid::from_u128(9);
    stage
        .fake
        .tell(Event::DomainLifecycle(event::DomainLifecycle {
            callback_id: 0,
            dom: virt_rpc::procedure::types::Domain {
                name: "marker".to_owned(),
                uuid: marker,
                id: 2,
            },
            event: STARTED,
            detail: 0,
        }));
    stage
        .view
        .until("the end of the storm", |view| {
            view.domains.contains_key(&marker) && state(view) == Some(DomainState::Running)
        })
        .await;
}

#[tokio::test]
async fn an_answer_that_never_comes_leaves_what_the_event_said() {
    let mut stage = stage(Told {
        answers_state: false,
        ..told(Some(SHUT_OFF))
    })
    .await;
    stage.fake.tell(lifecycle(STARTED, 0));
    stage
        .view
        .until("the start", |view| {
            state(view) == Some(DomainState::Running)
        })
        .await;
    stage.fake.change(|told| {
        told.answers_state = true;
        told.state = Some(RUNNING);
    });
    stage.fake.tell(lifecycle(STOPPED, 1));
    stage.fake.tell(lifecycle(STARTED, 0));
    stage
        .view
        .until("the reading after the silence", |view| {
            let domain = view.domains.get(&UUID);
            domain.is_some_and(|domain| domain.persistent && domain.state == DomainState::Running)
        })
        .await;
}

#[tokio::test]
async fn a_domain_that_is_gone_without_an_event_goes_when_it_is_read() {
    let mut stage = stage(told(Some(RUNNING))).await;
    stage.fake.change(|told| told.state = None);
    let refused = stage.host.act(UUID, Act::ForceOff).await.unwrap_err();
    assert_eq!(
        refused.kind,
        ErrorKind::Unsupported,
        "the script knows no acts"
    );
    stage
        .view
        .until("its end", |view| view.domains.is_empty())
        .await;
}

#[tokio::test]
async fn a_daemon_that_lost_its_hypervisor_is_lost_and_connected_anew() {
    let mut stage = stage(told(Some(RUNNING))).await;
    stage.fake.tell(Event::ConnectConnectionClosed(
        event::ConnectConnectionClosed { reason: 1 },
    ));
    stage.view.until("the loss", View::is_lost).await;
    stage.view.until_connected().await;
    assert_eq!(state(&stage.view), Some(DomainState::Running));
}

#[tokio::test]
async fn a_lost_link_does_not_ask_a_person_over_and_over() {
    let mut stage = stage(told(Some(RUNNING))).await;
    stage.fake.change(|told| told.auth = 2);
    stage.fake.tell(Event::ConnectConnectionClosed(
        event::ConnectConnectionClosed { reason: 1 },
    ));
    let error = stage.view.until_failed().await;
    assert_eq!(error.kind, ErrorKind::PolkitCancelled);
    assert_eq!(stage.view.domains.len(), 1, "what was known stays");
    let greeted = || {
        let calls = stage.fake.calls.lock().unwrap();
        calls.iter().filter(|number| **number == 66).count()
    };
    let before = greeted();
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(greeted(), before);
    stage.fake.change(|told| told.auth = 0);
    stage.host.connect();
    stage.view.until_connected().await;
}
