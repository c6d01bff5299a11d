//! What is known of the link to a host: its transport, who answers, and how well it is protected.

use std::fmt;

use link_security::tls::TlsReport;

/// The ways to a daemon (libvirt's `docs/uri.rst`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Transport {
    /// A socket of this machine.
    #[default]
    Unix,
    /// The user's OpenSSH.
    Ssh,
    /// TLS with certificates.
    Tls,
    /// Plain TCP, protected by SASL or not at all.
    Tcp,
    /// A program of the user's.
    Ext,
}

impl fmt::Display for Transport {
    /// Prints the transport's name in a URI.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unix => "unix",
            Self::Ssh => "ssh",
            Self::Tls => "tls",
            Self::Tcp => "tcp",
            Self::Ext => "ext",
        })
    }
}

/// How an ssh login leads to the far daemon's socket.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SshWay {
    /// sshd forwards the socket at this path itself.
    Forwarded {
        /// The socket's path on the other host.
        socket: String,
    },
    /// `virt-ssh-helper` runs there.
    Helper,
    /// `nc -U`, or the program that the URI names, runs there.
    Netcat {
        /// The socket's path on the other host.
        socket: String,
    },
}

/// What let us in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum AuthKind {
    /// Nothing was asked: who can reach the daemon may use it.
    #[default]
    None,
    /// polkit allowed it.
    Polkit,
    /// SASL.
    Sasl {
        /// The mechanism's name, such as `SCRAM-SHA-256`.
        mechanism: String,
        /// The strength of SASL's own encryption in bits; 0 for none.
        ssf: u32,
    },
}

/// What a person should know about a link for as long as it is up.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LinkWarning {
    /// Everything passes over the network in the clear.
    Unencrypted,
    /// The other side's certificate was not checked, because the URI says so.
    Unverified,
    /// The certificate names its host in a way that was given up in 2000 (RFC 2818 §3.1); libvirt accepts it, browsers
    /// do not.
    CommonNameOnly,
    /// Parts of `tls_priority` that cannot be honoured.
    PriorityIgnored(Vec<String>),
    /// SASL's encryption is weaker than 112 bits, which libvirt's daemons are about to refuse.
    WeakSasl {
        /// Its strength in bits.
        ssf: u32,
    },
}

impl fmt::Display for LinkWarning {
    /// Says it in plain English, for a log that is sent to somebody.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unencrypted => f.write_str("nothing is encrypted"),
            Self::Unverified => f.write_str("the host's certificate is not checked"),
            Self::CommonNameOnly => {
                f.write_str("the host's certificate names it in its common name only")
            }
            Self::PriorityIgnored(parts) => {
                write!(
                    f,
                    "parts of tls_priority have no effect: {}",
                    parts.join(", ")
                )
            }
            Self::WeakSasl { ssf } => write!(f, "SASL encrypts with {ssf} bits only"),
        }
    }
}

/// A link that is up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct LinkInfo {
    /// The way to the daemon.
    pub transport: Transport,
    /// Who answers: the socket's path, an address with its port, `user@host`, or the command.
    pub peer: String,
    /// What let us in.
    pub auth: AuthKind,
    /// What TLS agreed on.
    pub tls: Option<Box<TlsReport>>,
    /// How ssh leads to the daemon's socket.
    pub ssh: Option<SshWay>,
    /// What a person should know about it.
    pub warnings: Vec<LinkWarning>,
}
