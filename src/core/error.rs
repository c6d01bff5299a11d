//! What can go wrong, sorted by what a user can do next.

use std::{fmt, path::PathBuf, time::SystemTime};

use link_security::{certificate::CertificateInfo, tls::CertificateProblem};

use crate::ScreenProtection;

/// A failure of a host, a console or an act.
#[derive(Clone, Debug)]
pub struct Error {
    /// What a user can do next follows from it.
    pub kind: ErrorKind,
    /// The raw message: libvirt's, the operating system's or the protocol's, for the details.
    pub message: String,
}

/// The kinds of failure; each has a text of its own above this crate.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The URI cannot be read, or contradicts itself.
    BadUri,
    /// The URI leads to another host, or by a transport, that this version does not reach.
    TransportUnsupported,
    /// The host's name has no address.
    HostNotFound {
        /// The name.
        host: String,
    },
    /// The host answers, and nothing listens at its port.
    PortClosed {
        /// The host's name or address.
        host: String,
        /// The port.
        port: u16,
    },
    /// Nothing comes back from the host: it is off, or a firewall drops what is sent.
    HostSilent {
        /// The host's name or address.
        host: String,
        /// The port.
        port: u16,
    },
    /// There is no `ssh` program on this machine.
    SshMissing,
    /// ssh was not let in.
    SshDenied,
    /// Nobody vouched for the host's key.
    SshHostKeyUnknown,
    /// The host has another key than it had: a new installation, or somebody in between.
    SshHostKeyChanged {
        /// The file that remembers the old key.
        file: String,
        /// The line in it, from 1.
        line: u32,
        /// The new key's fingerprint in OpenSSH's form.
        fingerprint: String,
    },
    /// The login worked, and nothing there leads to the daemon's socket.
    SshNoWay,
    /// ssh ended for another reason.
    SshFailed,
    /// There is no file of certificate authorities to check the host with.
    CaMissing {
        /// Where it was looked for.
        looked: Vec<PathBuf>,
    },
    /// The host wants a client certificate and there is none.
    ClientCertificateMissing {
        /// Where it was looked for.
        looked: Vec<PathBuf>,
    },
    /// The host refused our client certificate.
    ClientCertificateRefused,
    /// A private key's file cannot be read.
    KeyUnreadable {
        /// The file.
        path: PathBuf,
    },
    /// A file of certificates, of revoked ones or with a key is broken, or does not fit to the others.
    CertificateUnusable {
        /// The file.
        path: PathBuf,
    },
    /// The host's certificate is not trusted.
    CertificateUntrusted {
        /// Why not, and whether a person may trust it nevertheless.
        problem: CertificateProblem,
        /// The certificate, to be shown.
        certificate: Box<CertificateInfo>,
        /// Whether another certificate was trusted by hand for this host: it changed since.
        pin_changed: bool,
    },
    /// TLS could not be agreed on.
    TlsFailed,
    /// The SASL mechanism that is wanted, or any that may be used, is not offered.
    SaslMechanism {
        /// What the host offers.
        offered: Vec<String>,
        /// The one that the URI asks for.
        wanted: Option<String>,
    },
    /// The host's SASL mechanisms protect less than an open network needs.
    SaslTooWeak,
    /// Kerberos has no valid ticket.
    KerberosTicket,
    /// The program that the URI names as transport could not be run, or ended.
    CommandFailed,
    /// A daemon of this machine would need a password to reach the host in the driver's own way, and finds none in
    /// `auth.conf`.
    DriverCredentials {
        /// The service in `auth.conf`'s section `[auth-SERVICE-HOST]`: `esx`, `hyperv`.
        service: String,
        /// The host in it.
        host: String,
    },
    /// No socket is there: the daemon is not installed or not running. Names the socket that was looked for.
    DaemonMissing {
        /// The last path tried.
        socket: String,
    },
    /// A socket is there and nobody answers it: the daemon is not running.
    DaemonDown {
        /// The socket's path.
        socket: String,
    },
    /// The operating system forbids opening the socket.
    SocketForbidden {
        /// The socket's path.
        socket: String,
    },
    /// The user's own daemon could not be started.
    DaemonStart,
    /// Nothing came back in time.
    TimedOut,
    /// The link broke.
    Lost,
    /// The other side does not speak the protocol, or broke it.
    Protocol,
    /// polkit's rules deny it (libvirt's code 45).
    PolkitDenied,
    /// The polkit dialog was cancelled (79).
    PolkitCancelled,
    /// polkit has nobody to ask (94): no agent, or no session.
    PolkitNoAgent,
    /// The daemon wants a kind of authentication that this version does not speak.
    AuthUnsupported,
    /// A password or user was wrong.
    AuthFailed,
    /// The daemon has no driver for the URI, or the driver is not running.
    NoDriver,
    /// The domain is gone.
    NoDomain,
    /// The state does not allow it (55).
    WrongState,
    /// The hypervisor or daemon cannot do it.
    Unsupported,
    /// The connection is read-only or access control forbids it (29, 88).
    Forbidden,
    /// Somebody cancelled it. Never shown.
    Cancelled,
    /// There is no connection to do it over.
    NotConnected,
    /// The domain has no screen that can be shown.
    NoScreen,
    /// The domain has no such serial line or text console, or one that its host shows to nobody.
    NoTextConsole,
    /// A guest's console cannot be reached where it listens.
    ConsoleUnreachable,
    /// A guest's console listens only where its own host can reach it.
    ConsoleInside {
        /// The address or path; `None` where it listens nowhere.
        place: Option<String>,
        /// Whether its definition has been changed since, so that the next start lets it be reached.
        opens_at_next_start: bool,
    },
    /// The console offers only security that this version does not speak.
    ConsoleSecurity,
    /// The console offers TLS only without a certificate: whoever stands in between could read along. This build does not speak
    /// it (the feature `anonymous-tls`).
    ConsoleAnonymousTls,
    /// The console wants a password as it is, and nothing says who it is. It is not given.
    ConsoleExposesPassword,
    /// The console is protected less than it was before: its settings have changed, or it is another one. A person may
    /// take it so, through [`Console::accept_downgrade`](crate::Console::accept_downgrade).
    ConsoleDowngraded {
        /// How it was protected.
        before: ScreenProtection,
        /// How it is now.
        now: ScreenProtection,
    },
    /// The screen's password was good for some time only, and that is over. No password opens it until it has a new one.
    ScreenPasswordExpired {
        /// Until when it was good.
        at: SystemTime,
    },
    /// Anything else that libvirt reports, by its code.
    Libvirt {
        /// libvirt's `virErrorNumber`.
        code: i32,
    },
}

impl Error {
    /// Makes an error of a kind with its raw message.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}
