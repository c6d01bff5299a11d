//! How a host is to be reached, as the user's settings and what is kept of the connection say.

use std::{collections::BTreeMap, sync::Arc};

use innkeeper_core::{Options, ScreenProtection, security::certificate::Fingerprint};
use uuid::Uuid;

use super::{Pin, Profile, Service, UserCredentials};
use crate::app::settings::{Key, Settings};

/// Reads how screens were protected when they were last seen; what this version does not know counts as never seen.
pub(super) fn protections(screens: &BTreeMap<String, String>) -> Vec<(Uuid, ScreenProtection)> {
    let each = screens
        .iter()
        .filter_map(|(guest, protection)| Some((guest.parse().ok()?, protection.parse().ok()?)));
    each.collect()
}

/// Makes the options of a host whose questions these credentials answer. Reads the settings: main thread only.
pub(super) fn with(credentials: Arc<UserCredentials>, profile: &Profile, pins: &[Pin]) -> Options {
    let trusted = |service| fingerprints(pins, profile.certificate_host(), &service);
    Options {
        credentials,
        read_only: profile.read_only,
        screen_way: profile.screen_way,
        pins: trusted(Service::Daemon),
        screen_pins: trusted(Service::Screen),
        polkit_agent: Settings::get().boolean(Key::PolkitAgent),
        ..Options::default()
    }
}

/// Picks the certificates that are trusted for a service of a host: for no other service, and for no other host that the
/// connection's address leads to later.
fn fingerprints(pins: &[Pin], host: &str, service: &Service) -> Vec<Fingerprint> {
    let meant = pins
        .iter()
        .filter(|pin| pin.host == host && pin.service == *service);
    meant.filter_map(|pin| pin.sha256.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_is_trusted_for_one_service_of_one_host() {
        let digest = |digit: &str| digit.repeat(64);
        let pin = |service, host: &str, digit| Pin {
            service,
            host: host.to_owned(),
            sha256: digest(digit),
        };
        let pins = [
            pin(Service::Daemon, "h1", "1"),
            pin(Service::Screen, "h1", "2"),
            pin(Service::Screen, "h2", "3"),
            pin(Service::Other("migration".to_owned()), "h1", "4"),
            pin(Service::default(), "h1", "5"),
        ];
        let of = |host, service| fingerprints(&pins, host, &service);
        let read = |digit| digest(digit).parse::<Fingerprint>().expect("a fingerprint");
        assert_eq!(of("h1", Service::Daemon), [read("1")]);
        assert_eq!(of("h1", Service::Screen), [read("2")]);
        assert_eq!(of("h2", Service::Daemon), []);
        assert_eq!(of("h2", Service::Screen), [read("3")]);
    }
}
