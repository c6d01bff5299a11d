//! How a host connects: how long it waits for each thing, whom it asks, and which ways it takes.

use std::{path::PathBuf, sync::Arc, time::Duration};

use link_security::{
    Credentials, certificate::Fingerprint, credentials::NoCredentials, pki::PkiRoots,
};
use uuid::Uuid;

use crate::ScreenProtection;

use crate::ScreenWay;

/// How a host behaves. The defaults suit people; tests shorten the times.
#[derive(Clone, Debug)]
pub struct Options {
    /// The longest wait for a name's addresses.
    pub resolve: Duration,
    /// The longest wait for a socket or port to take the connection.
    pub reach: Duration,
    /// The longest wait for TLS to be agreed on.
    pub secure: Duration,
    /// The longest wait for the user's own daemon to be started and answer.
    pub start_daemon: Duration,
    /// The longest time that a person may take over a polkit dialog.
    pub authenticate: Duration,
    /// The longest wait for the hypervisor's driver to open.
    pub open: Duration,
    /// The longest wait for the whole list.
    pub list: Duration,
    /// The longest wait for a single read, the daemon's first answer among them.
    pub read: Duration,
    /// The longest wait for each step on the way to a screen: libvirt's descriptor, each place that is tried, each
    /// message of the handshake, the next part of the first picture.
    pub console: Duration,
    /// On a link to another host, the time without a byte after which the daemon is asked whether it is there. A link that
    /// was frozen is lost after four of them at most.
    pub ping: Duration,
    /// The waits before attempts to get a lost link back; the last one repeats. Each varies by a fifth at random.
    pub retries: Vec<Duration>,
    /// The waits before attempts to get a lost screen back; the last one repeats.
    pub console_retries: Vec<Duration>,
    /// Whether screens of this machine come through libvirt's descriptor. Otherwise, and where the hypervisor
    /// cannot do it, through the address that the domain's XML names.
    pub graphics_descriptor: bool,
    /// Which ways to the screens of a host over ssh are tried.
    pub screen_way: ScreenWay,
    /// Who is asked for passwords and the like, after `auth.conf`. Asked one question at a time.
    pub credentials: Arc<dyn Credentials>,
    /// The certificates that a person has decided to trust for this host's daemon.
    pub pins: Vec<Fingerprint>,
    /// The certificates that a person has decided to trust for the screens of this host's guests.
    pub screen_pins: Vec<Fingerprint>,
    /// How the guests' screens were protected when they were last seen, from an earlier handle of the same host. What is set
    /// later has no effect.
    pub protections: Vec<(Uuid, ScreenProtection)>,
    /// Where certificates lie; `None` for the places of the user who runs this.
    pub pki: Option<PkiRoots>,
    /// Whether the connection may only look: the daemon's read-only socket, where there is one, and a driver that refuses to
    /// change anything.
    pub read_only: bool,
    /// The program that ssh runs to ask its questions; it calls `askpass::run_if_asked` first. `None` for this
    /// process's own.
    pub askpass: Option<PathBuf>,
    /// Whether we ask for polkit's passwords ourselves where the desktop has nobody who does.
    pub polkit_agent: bool,
    /// A file in `libvirt.conf`'s form that is read instead of the one that libvirt looks for.
    pub client_config: Option<PathBuf>,
    /// A file in `auth.conf`'s form that is read instead of those that libvirt looks for.
    pub auth_file: Option<PathBuf>,
}

impl Default for Options {
    fn default() -> Self {
        let milliseconds = |list: &[u64]| list.iter().copied().map(Duration::from_millis).collect();
        Self {
            resolve: Duration::from_secs(10),
            reach: Duration::from_secs(10),
            secure: Duration::from_secs(10),
            start_daemon: Duration::from_secs(20),
            authenticate: Duration::from_mins(5),
            open: Duration::from_mins(1),
            list: Duration::from_mins(1),
            read: Duration::from_secs(20),
            console: Duration::from_secs(15),
            ping: Duration::from_secs(3),
            retries: milliseconds(&[250, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000]),
            console_retries: milliseconds(&[200, 500, 1_000, 2_000, 4_000, 8_000]),
            graphics_descriptor: true,
            screen_way: ScreenWay::default(),
            credentials: Arc::new(NoCredentials),
            pins: Vec::new(),
            screen_pins: Vec::new(),
            protections: Vec::new(),
            pki: None,
            read_only: false,
            askpass: None,
            polkit_agent: false,
            client_config: None,
            auth_file: None,
        }
    }
}
