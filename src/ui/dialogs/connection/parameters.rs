//! Every parameter that a way knows: one table, from which the rows under Advanced are made.
//!
//! Facts: libvirt's `docs/uri.rst` and `src/remote/remote_driver.c`; those of the hypervisors' own ways are in
//! `docs/drvesx.rst` and `docs/drvhyperv.rst`. Parameters that are not here pass on unchanged.

use super::ways::Way;
use crate::app::i18n::gettext;

/// A parameter of a URI, as a field.
pub(super) struct Parameter {
    /// Its name in a URI.
    pub(super) name: &'static str,
    /// The ways that know it.
    pub(super) ways: &'static [Way],
    /// What kind of value it takes.
    pub(super) kind: Kind,
    title: fn() -> String,
    hint: Option<fn() -> String>,
    /// The value that makes the connection unsafe, and why.
    unsafe_if: Option<Danger>,
    /// Whether the way cannot do without; then it stands beside the host rather than under Advanced.
    pub(super) is_needed: bool,
}

/// A value of a parameter, and why it is unsafe.
type Danger = (&'static str, fn() -> String);

/// What kind of value a parameter takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    /// Any text.
    Text,
    /// The path of a file of this computer.
    File,
    /// The path of a folder of this computer.
    Folder,
    /// 0 or 1; any other number counts as 1.
    Switch,
    /// One of a few words; the first one is taken where the parameter is missing.
    Choice(&'static [Choice]),
}

/// A word that a parameter may have.
#[derive(Clone, Copy, Debug)]
pub(super) struct Choice {
    /// The word itself.
    pub(super) value: &'static str,
    title: fn() -> String,
}

impl PartialEq for Choice {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl Choice {
    /// Names it.
    pub(super) fn title(&self) -> String {
        (self.title)()
    }
}

const fn choice(value: &'static str, title: fn() -> String) -> Choice {
    Choice { value, title }
}

/// What most parameters are; each row says only how it differs.
const PLAIN: Parameter = Parameter {
    name: "",
    ways: &[],
    kind: Kind::Text,
    title: String::new,
    hint: None,
    unsafe_if: None,
    is_needed: false,
};

fn posing() -> String {
    gettext(
        "Unsafe: whoever controls the network can pose as the host and take over the connection.",
    )
}

fn automatic() -> String {
    gettext("Automatic")
}

const AUTHENTICATION: &[Choice] = &[
    choice("", automatic),
    choice("sasl", || gettext("SASL, any mechanism")),
    choice("sasl.SCRAM-SHA-512", || "SASL SCRAM-SHA-512".to_owned()),
    choice("sasl.SCRAM-SHA-256", || "SASL SCRAM-SHA-256".to_owned()),
    choice("sasl.GSSAPI", || "SASL GSSAPI (Kerberos)".to_owned()),
    choice("sasl.DIGEST-MD5", || "SASL DIGEST-MD5".to_owned()),
    choice("sasl.PLAIN", || "SASL PLAIN".to_owned()),
    choice("sasl.EXTERNAL", || "SASL EXTERNAL".to_owned()),
    choice("polkit", || "polkit".to_owned()),
];

const MODES: &[Choice] = &[
    choice("auto", automatic),
    choice("legacy", || gettext("The one daemon libvirtd")),
    choice("direct", || gettext("The hypervisor’s own daemon")),
];

/// Every parameter, in the order of the rows.
pub(super) const PARAMETERS: &[Parameter] = &[
    Parameter {
        name: "command",
        ways: &[Way::Program],
        kind: Kind::File,
        title: || gettext("_Program"),
        is_needed: true,
        ..PLAIN
    },
    Parameter {
        name: "keyfile",
        ways: &[Way::Ssh],
        kind: Kind::File,
        title: || gettext("_Key File"),
        hint: Some(|| gettext("The private key to sign in with, besides those that SSH finds")),
        ..PLAIN
    },
    Parameter {
        name: "sshauth",
        ways: &[Way::Ssh],
        title: || gettext("Ways to Sign _In"),
        hint: Some(|| {
            gettext(
                // Translators: Keep the words in quotation marks as they are.
                "In order, with commas: “agent”, “privkey”, “password”, “keyboard-interactive”",
            )
        }),
        ..PLAIN
    },
    Parameter {
        name: "no_tty",
        ways: &[Way::Ssh],
        kind: Kind::Switch,
        title: || gettext("Never Ask _Questions"),
        hint: Some(|| gettext("Fail where SSH would ask for a password")),
        ..PLAIN
    },
    Parameter {
        name: "known_hosts",
        ways: &[Way::Ssh],
        kind: Kind::File,
        title: || gettext("Known _Hosts File"),
        hint: Some(|| gettext("The file that holds the keys of hosts, in place of SSH’s own")),
        ..PLAIN
    },
    Parameter {
        name: "known_hosts_verify",
        ways: &[Way::Ssh],
        kind: Kind::Choice(&[
            choice("normal", || gettext("Ask about new ones")),
            choice("auto", || gettext("Accept new ones")),
            choice("ignore", || gettext("Accept any")),
        ]),
        title: || gettext("Host Keys"),
        unsafe_if: Some(("ignore", posing)),
        ..PLAIN
    },
    Parameter {
        name: "no_verify",
        ways: &[Way::Ssh],
        kind: Kind::Switch,
        title: || gettext("Do Not _Verify the Host’s Key"),
        unsafe_if: Some(("1", posing)),
        ..PLAIN
    },
    Parameter {
        name: "proxy",
        ways: &[Way::Ssh],
        kind: Kind::Choice(&[
            choice("auto", automatic),
            choice("native", || "virt-ssh-helper".to_owned()),
            choice("netcat", || "netcat".to_owned()),
        ]),
        title: || gettext("Way to the Daemon"),
        hint: Some(|| gettext("The program on the host that leads to the daemon’s socket")),
        ..PLAIN
    },
    Parameter {
        name: "netcat",
        ways: &[Way::Ssh],
        title: || gettext("_Netcat on the Host"),
        hint: Some(|| gettext("The program to use as nc there")),
        ..PLAIN
    },
    Parameter {
        name: "command",
        ways: &[Way::Ssh],
        kind: Kind::File,
        title: || gettext("SSH _Program"),
        hint: Some(|| gettext("The program to use as ssh on this computer")),
        ..PLAIN
    },
    Parameter {
        name: "pkipath",
        ways: &[Way::Tls],
        kind: Kind::Folder,
        title: || gettext("Certificates _Folder"),
        hint: Some(|| {
            gettext(
                // Translators: Keep the file names as they are.
                "Holds cacert.pem, clientcert.pem and clientkey.pem, in place of the usual folders",
            )
        }),
        ..PLAIN
    },
    Parameter {
        name: "no_verify",
        ways: &[Way::Tls],
        kind: Kind::Switch,
        title: || gettext("Do Not _Verify the Host’s Certificate"),
        unsafe_if: Some(("1", posing)),
        ..PLAIN
    },
    Parameter {
        name: "no_sanity",
        ways: &[Way::Tls],
        kind: Kind::Switch,
        title: || gettext("Do Not _Check Own Certificates"),
        hint: Some(|| gettext("Use them even where their dates or purposes look wrong")),
        ..PLAIN
    },
    Parameter {
        name: "tls_priority",
        ways: &[Way::Tls],
        title: || gettext("TLS _Priority"),
        hint: Some(|| gettext("A GnuTLS priority string, such as NORMAL:-VERS-TLS1.2")),
        ..PLAIN
    },
    Parameter {
        name: "no_verify",
        ways: &[Way::Vendor],
        kind: Kind::Switch,
        title: || gettext("Do Not _Verify the Host’s Certificate"),
        unsafe_if: Some(("1", posing)),
        ..PLAIN
    },
    Parameter {
        name: "transport",
        ways: &[Way::Vendor],
        kind: Kind::Choice(&[
            choice("https", || "HTTPS".to_owned()),
            choice("http", || "HTTP".to_owned()),
        ]),
        title: || gettext("Protocol"),
        unsafe_if: Some(("http", || {
            gettext("Unsafe: others on the network can read the password.")
        })),
        ..PLAIN
    },
    Parameter {
        name: "vcenter",
        ways: &[Way::Vendor],
        title: || gettext("_vCenter"),
        hint: Some(|| gettext("The vCenter that manages the host, or * for the one it names")),
        ..PLAIN
    },
    Parameter {
        name: "auto_answer",
        ways: &[Way::Vendor],
        kind: Kind::Switch,
        title: || gettext("_Answer Its Questions"),
        hint: Some(|| gettext("Take the default where a virtual machine waits for an answer")),
        ..PLAIN
    },
    Parameter {
        name: "proxy",
        ways: &[Way::Vendor],
        title: || gettext("Pro_xy"),
        hint: Some(|| gettext("Such as socks5://proxy.example:1080")),
        ..PLAIN
    },
    Parameter {
        name: "auth",
        ways: &[
            Way::ThisComputer,
            Way::Ssh,
            Way::Tls,
            Way::Tcp,
            Way::Program,
        ],
        kind: Kind::Choice(AUTHENTICATION),
        title: || gettext("Sign In to the Daemon By"),
        ..PLAIN
    },
    Parameter {
        name: "authfile",
        ways: &[
            Way::ThisComputer,
            Way::Ssh,
            Way::Tls,
            Way::Tcp,
            Way::Program,
            Way::Vendor,
        ],
        kind: Kind::File,
        // Translators: The file that libvirt calls auth.conf.
        title: || gettext("Pass_words File"),
        hint: Some(|| gettext("In the format of libvirt’s auth.conf")),
        ..PLAIN
    },
    Parameter {
        name: "mode",
        ways: &[Way::ThisComputer, Way::Ssh],
        kind: Kind::Choice(MODES),
        title: || gettext("Daemon"),
        ..PLAIN
    },
    Parameter {
        name: "socket",
        ways: &[Way::ThisComputer],
        kind: Kind::File,
        title: || gettext("_Socket"),
        hint: Some(|| gettext("The daemon’s socket, in place of the usual one")),
        ..PLAIN
    },
    Parameter {
        name: "socket",
        ways: &[Way::Ssh],
        title: || gettext("_Socket on the Host"),
        hint: Some(|| gettext("The daemon’s socket, in place of the usual one")),
        ..PLAIN
    },
    Parameter {
        name: "name",
        ways: &[
            Way::ThisComputer,
            Way::Ssh,
            Way::Tls,
            Way::Tcp,
            Way::Program,
        ],
        title: || gettext("Name That the _Daemon Opens"),
        hint: Some(|| gettext("Such as xen:///system, in place of what the address says")),
        ..PLAIN
    },
];

impl Parameter {
    /// Names it, with a mnemonic where its row takes one.
    pub(super) fn title(&self) -> String {
        (self.title)()
    }

    /// Says what it is for.
    pub(super) fn hint(&self) -> Option<String> {
        self.hint.map(|hint| hint())
    }

    /// Says whether a way knows it.
    pub(super) fn applies_to(&self, way: Way) -> bool {
        self.ways.contains(&way)
    }

    /// Says why a value makes the connection unsafe.
    pub(super) fn danger(&self, value: Option<&str>) -> Option<String> {
        let (unsafe_value, why) = self.unsafe_if?;
        let is_unsafe = match self.kind {
            Kind::Switch => value.is_some_and(is_on),
            _ => value.is_some_and(|value| value.eq_ignore_ascii_case(unsafe_value)),
        };
        is_unsafe.then(why)
    }

    /// Says why some value of it would make the connection unsafe.
    pub(super) fn possible_danger(&self) -> Option<String> {
        self.unsafe_if.map(|(_, why)| why())
    }
}

/// Says whether a switch is on: any number but 0, as libvirt reads it.
pub(super) fn is_on(value: &str) -> bool {
    value.parse::<i32>().is_ok_and(|number| number != 0)
}

/// Says whether a parameter stays behind when the way changes, because it means something else to the next one: what
/// no way knows, or both know as the same, goes along.
pub(super) fn stays_behind(name: &str, before: Way, next: Way) -> bool {
    PARAMETERS
        .iter()
        .filter(|parameter| parameter.name.eq_ignore_ascii_case(name))
        .any(|parameter| parameter.applies_to(before) != parameter.applies_to(next))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_way_knows_a_parameter_twice() {
        for (index, parameter) in PARAMETERS.iter().enumerate() {
            assert!(!parameter.ways.is_empty() && !parameter.name.is_empty());
            for way in parameter.ways {
                let again = PARAMETERS[index + 1..]
                    .iter()
                    .any(|other| other.name == parameter.name && other.applies_to(*way));
                assert!(!again, "{} by {way:?}", parameter.name);
            }
        }
    }

    #[test]
    fn a_switch_is_a_number() {
        for (value, on) in [
            ("1", true),
            ("2", true),
            ("-1", true),
            ("0", false),
            ("yes", false),
        ] {
            assert_eq!(is_on(value), on, "{value}");
        }
    }

    #[test]
    fn what_means_something_else_elsewhere_stays_behind() {
        assert!(stays_behind("KeyFile", Way::Ssh, Way::Tls));
        assert!(stays_behind("command", Way::Program, Way::Ssh));
        assert!(!stays_behind("auth", Way::Tcp, Way::Tls));
        assert!(stays_behind("keyfile", Way::Tls, Way::Ssh));
        assert!(!stays_behind("keyfile", Way::Tls, Way::Tcp));
        assert!(!stays_behind("unheard-of", Way::Tls, Way::Ssh));
    }
}
