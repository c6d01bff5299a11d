//! A screen that offers less than it did is not taken, whichever way it was protected: somebody between us and the daemon
//! names the port of another, weaker screen.

use innkeeper_core::{ErrorKind, Host, ScreenProtection};

use crate::{
    stage::{Auth, Doors, Floor, Stage, Tls, Way},
    support::person::Person,
    verdict::settled,
};

/// Puts each weaker screen in the place of each screen that was protected better before.
pub(crate) async fn are_refused(stage: &Stage) {
    let door = |tls, auth| {
        let mut same = stage.floors.iter().filter(|floor| floor.tls == tls);
        let found = same.find_map(|floor| floor.doors.get(&auth));
        found.unwrap().port
    };
    let weak = [
        (ScreenProtection::Nothing, door(Tls::Plain, Auth::Nothing)),
        (ScreenProtection::Password, door(Tls::Plain, Auth::Password)),
        (
            ScreenProtection::Anonymous,
            door(Tls::Anonymous, Auth::Nothing),
        ),
        (ScreenProtection::Login, door(Tls::Plain, Auth::Digest)),
        (
            ScreenProtection::AnonymousLogin,
            door(Tls::Anonymous, Auth::Digest),
        ),
    ];
    let mut refused = 0;
    for floor in &stage.floors {
        for (auth, doors) in &floor.doors {
            // What could not be shown at a port was not learned of.
            let Some(before) = protection(floor, *auth) else {
                continue;
            };
            for (now, port) in weak.iter().filter(|(now, _)| *now < before) {
                floor.impostor.swap(Some((doors.port, *port)));
                expect_refusal(floor.host(Way::Port), doors, before, *now).await;
                floor.impostor.swap(None);
                refused += 1;
            }
            // Nothing but a person lowers what is expected, and the true screen is taken as ever.
            let person = Person::with(&auth.answers());
            let console = floor
                .host(Way::Port)
                .console(doors.at_port.uuid, person.clone());
            let outcome = settled(&console, &person).await;
            assert_eq!(outcome.protection, Some(before), "{outcome:?}");
        }
    }
    assert_eq!(refused, 1 + 2 * 2 + 2 * 3 + 2 * 4 + 10 * 5);
}

/// How a screen at a port is protected.
fn protection(floor: &Floor, auth: Auth) -> Option<ScreenProtection> {
    Some(match (floor.tls, auth) {
        (Tls::Certificate | Tls::OursToo, _) => ScreenProtection::Certificate,
        (Tls::Plain | Tls::Anonymous, Auth::Scram) => return None,
        (Tls::Plain, Auth::Nothing) => ScreenProtection::Nothing,
        (Tls::Plain, Auth::Password) => ScreenProtection::Password,
        (Tls::Plain, Auth::Digest | Auth::Kerberos) => ScreenProtection::Login,
        (Tls::Anonymous, Auth::Nothing | Auth::Password) => ScreenProtection::Anonymous,
        (Tls::Anonymous, Auth::Digest | Auth::Kerberos) => ScreenProtection::AnonymousLogin,
    })
}

async fn expect_refusal(
    host: &Host,
    doors: &Doors,
    before: ScreenProtection,
    now: ScreenProtection,
) {
    let person = Person::with(&[]);
    let console = host.console(doors.at_port.uuid, person.clone());
    let outcome = settled(&console, &person).await;
    assert_eq!(
        outcome.refusal,
        Some(ErrorKind::ConsoleDowngraded { before, now })
    );
    assert!(
        outcome.asked.is_empty(),
        "an impostor is told no password: {outcome:?}"
    );
}
