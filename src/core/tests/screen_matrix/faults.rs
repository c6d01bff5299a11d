//! What goes wrong: wrong words, old words, missing or strange certificates. It is the same on every way, or the table
//! would have columns for them.

use std::{env, fs, path::PathBuf};

use innkeeper_core::security::pki::PkiRoots;

use crate::{
    stage::{Auth, Floor, PASSWORD, Stage, Tls, Way},
    support::guarded::{Pki, USER, roots},
    verdict::{self, Outcome, refusal},
};

/// The ways on which a screen asks: what libvirt hands over does not.
const ASKING: [Way; 4] = [Way::Port, Way::Socket, Way::SshToPort, Way::SshToSocket];

/// Tries everything that goes wrong. A row has all guards for which a fault has the same verdict.
pub(crate) async fn rows(stage: &Stage) -> Vec<Vec<String>> {
    let mut all = passwords(stage).await;
    all.extend(logins(stage).await);
    all.extend(tickets(stage).await);
    all.extend(certificates(stage).await);
    let mut rows: Vec<Vec<String>> = Vec::new();
    for one in all {
        let same = |row: &&mut Vec<String>| row[0] == one[0] && row[2] == one[2];
        match rows.iter_mut().find(same) {
            Some(row) => row[1] = format!("{}; {}", row[1], one[1]),
            None => rows.push(one),
        }
    }
    rows
}

fn row(tls: Tls, auth: Auth, fault: &str, verdict: String) -> Vec<String> {
    let screen = format!("{}, {}", tls.words(), auth.words());
    vec![fault.to_owned(), screen, verdict]
}

async fn passwords(stage: &Stage) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    let answers = [("", "open"), ("", PASSWORD)];
    for floor in &stage.floors {
        let Some(expired) = &floor.expired else {
            continue;
        };
        let said = everywhere(floor, Auth::Password, &answers).await;
        rows.push(row(floor.tls, Auth::Password, "wrong password", said));
        let outcome = verdict::open_domain(floor, expired, Way::Port, &answers[1..]).await;
        assert_eq!(outcome.asked.len(), 1);
        let said = refusal(&outcome.refusal.unwrap());
        rows.push(row(floor.tls, Auth::Password, "expired password", said));
    }
    rows
}

async fn logins(stage: &Stage) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for floor in &stage.floors {
        for auth in [Auth::Digest, Auth::Scram] {
            if !floor.doors.contains_key(&auth) {
                continue;
            }
            for (fault, wrong) in [
                ("wrong password", (USER.0, "wrong")),
                ("wrong user", ("nobody", USER.1)),
            ] {
                let said = everywhere(floor, auth, &[wrong, USER]).await;
                rows.push(row(floor.tls, auth, fault, said));
            }
            let said = everywhere(floor, auth, &[]).await;
            rows.push(row(floor.tls, auth, "question closed", said));
        }
    }
    rows
}

/// Takes the ticket away for a while.
async fn tickets(stage: &Stage) -> Vec<Vec<String>> {
    let cache = PathBuf::from(env::var_os("KRB5CCNAME").unwrap());
    let aside = cache.with_extension("aside");
    fs::rename(&cache, &aside).unwrap();
    let mut rows = Vec::new();
    for floor in &stage.floors {
        if floor.doors.contains_key(&Auth::Kerberos) {
            let said = everywhere(floor, Auth::Kerberos, &[]).await;
            rows.push(row(floor.tls, Auth::Kerberos, "no ticket", said));
        }
    }
    fs::rename(&aside, &cache).unwrap();
    rows
}

async fn certificates(stage: &Stage) -> Vec<Vec<String>> {
    let other = Pki::new();
    let nowhere = tempfile::tempdir().unwrap();
    let folders = |name: &str, own| stage.pki.viewer(name, own);
    let one_sided = [
        ("no file of authorities", roots(nowhere.path())),
        ("another authority", other.viewer("viewer", None)),
    ];
    let both_sides = [
        ("no certificate of ours", folders("without", None)),
        (
            "our certificate of another authority",
            folders("strange", Some(&other.client())),
        ),
    ];
    let mut rows = Vec::new();
    for floor in &stage.floors {
        let faults: &[(&str, PkiRoots)] = match floor.tls {
            Tls::Plain | Tls::Anonymous => &[],
            Tls::Certificate => &one_sided,
            Tls::OursToo => &both_sides,
        };
        for (fault, places) in faults {
            floor.look_at(places);
            for auth in Auth::ALL {
                if floor.doors.contains_key(&auth) {
                    let said = everywhere(floor, auth, &auth.answers()).await;
                    rows.push(row(floor.tls, auth, fault, said));
                }
            }
        }
        floor.look_at(&stage.viewer);
    }
    rows
}

/// Tries it on every way that asks, and says what happens on all of them.
async fn everywhere(floor: &Floor, auth: Auth, answers: &[(&str, &str)]) -> String {
    let doors = &floor.doors[&auth];
    let mut said: Vec<(Way, String)> = Vec::new();
    for way in ASKING {
        let outcome = verdict::open(floor, doors, way, answers).await;
        said.push((way, words(&outcome)));
    }
    let ports = said.iter().filter(|(way, _)| !is_socket(*way));
    let sockets = said.iter().filter(|(way, _)| is_socket(*way));
    let (at_port, at_socket) = (same(ports), same(sockets));
    if at_port == at_socket {
        at_port
    } else {
        format!("{at_port} (at a socket: {at_socket})")
    }
}

fn is_socket(way: Way) -> bool {
    matches!(way, Way::Socket | Way::SshToSocket)
}

/// What is said on each of these ways; all say the same.
fn same<'a>(said: impl Iterator<Item = &'a (Way, String)>) -> String {
    let all: Vec<_> = said.collect();
    assert!(
        all.windows(2).all(|two| two[0].1 == two[1].1),
        "the ways differ: {all:?}"
    );
    all[0].1.clone()
}

/// Says what came of a fault.
fn words(outcome: &Outcome) -> String {
    if let Some(kind) = &outcome.refusal {
        return refusal(kind);
    }
    let again = outcome.asked.get(1);
    assert_eq!(outcome.asked.len(), 2, "{outcome:?}");
    assert_eq!(outcome.accepted, 1, "{outcome:?}");
    assert!(again.is_some_and(|request| request.previous_failure.is_some()));
    "asked again".to_owned()
}
