//! The command line, as virt-manager's users know it (features C7).
//!
//! Reads arguments into a [`Request`]; what is then done stands in `application`.

use std::fmt;

use gtk::{gio, glib, prelude::*};
use innkeeper_core::ClientConfig;

use super::doctor;
use super::i18n::{gettext, gettext_f};

/// What an invocation asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Request {
    /// The connection to use; it is added when it is new.
    pub(super) connect: Option<String>,
    /// What to show instead of the main window.
    pub(super) show: Option<Show>,
}

/// A window that an invocation asks for in place of the main one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Show {
    /// A guest's screen.
    Console(String),
    /// A guest's hardware.
    Editor(String),
    /// A guest's figures.
    Performance(String),
    /// The dialog that makes a guest.
    Creator,
    /// The host's summary.
    HostSummary,
}

/// Why an invocation makes no sense.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum UsageError {
    /// A `--show-…` option says nothing about where.
    NeedsConnect,
    /// Two windows cannot both be the one that is shown.
    TooMany,
    /// There is an argument that no option takes.
    Unexpected(String),
}

impl fmt::Display for UsageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&match self {
            Self::NeedsConnect => gettext("the options --show-… need --connect"),
            Self::TooMany => gettext("only one of the options --show-… can be given"),
            Self::Unexpected(argument) => {
                gettext_f("unexpected argument: {argument}", &[("argument", argument)])
            }
        })
    }
}

const CONNECT: &str = "connect";
const CONSOLE: &str = "show-domain-console";
const EDITOR: &str = "show-domain-editor";
const PERFORMANCE: &str = "show-domain-performance";
const CREATOR: &str = "show-domain-creator";
const DOCTOR: &str = "doctor";
const HOST_SUMMARY: &str = "show-host-summary";

/// Declares the options.
pub(super) fn declare(application: &impl IsA<gio::Application>) {
    let flag = |name: &str, short: u8, text: String| {
        application.add_main_option(
            name,
            glib::Char::from(short),
            glib::OptionFlags::NONE,
            glib::OptionArg::None,
            &text,
            None,
        );
    };
    let value = |name: &str, short: u8, text: String, what: String| {
        application.add_main_option(
            name,
            glib::Char::from(short),
            glib::OptionFlags::NONE,
            glib::OptionArg::String,
            &text,
            Some(&what),
        );
    };
    let guest = || gettext("NAME|ID|UUID");
    flag("version", 0, gettext("Print the version"));
    flag("debug", 0, gettext("Print what happens"));
    value(
        CONNECT,
        b'c',
        gettext("Connect to a hypervisor"),
        gettext("URI"),
    );
    value(
        DOCTOR,
        0,
        gettext("Test the way to a hypervisor, step by step"),
        gettext("URI"),
    );
    value(
        CONSOLE,
        0,
        gettext("Show the screen of a virtual machine"),
        guest(),
    );
    value(
        EDITOR,
        0,
        gettext("Show the hardware of a virtual machine"),
        guest(),
    );
    value(
        PERFORMANCE,
        0,
        gettext("Show the figures of a virtual machine"),
        guest(),
    );
    flag(CREATOR, 0, gettext("Create a virtual machine"));
    flag(HOST_SUMMARY, 0, gettext("Show a summary of the host"));
}

/// Handles what needs no running instance: `--version`, `--debug` and `--doctor`.
///
/// Gives an exit status where the invocation ends here.
pub(super) fn handle_locally(options: &glib::VariantDict) -> Option<glib::ExitCode> {
    if options.contains("version") {
        println!("innkeeper {}", env!("CARGO_PKG_VERSION"));
        return Some(glib::ExitCode::SUCCESS);
    }
    if options.contains("debug") {
        super::logging::show_debug();
    }
    let address = options.lookup::<String>(DOCTOR).ok().flatten();
    address.map(|address| doctor::examine(&address))
}

/// Reads what an invocation asks for.
pub(super) fn read(
    options: &glib::VariantDict,
    arguments: &[String],
) -> Result<Request, UsageError> {
    if let Some(unexpected) = arguments.get(1) {
        return Err(UsageError::Unexpected(unexpected.clone()));
    }
    let text = |name: &str| options.lookup::<String>(name).ok().flatten();
    let shows = [
        text(CONSOLE).map(Show::Console),
        text(EDITOR).map(Show::Editor),
        text(PERFORMANCE).map(Show::Performance),
        options.contains(CREATOR).then_some(Show::Creator),
        options.contains(HOST_SUMMARY).then_some(Show::HostSummary),
    ];
    let mut shows = shows.into_iter().flatten();
    let request = Request {
        connect: text(CONNECT).map(resolved),
        show: shows.next(),
    };
    if shows.next().is_some() {
        return Err(UsageError::TooMany);
    }
    if request.show.is_some() && request.connect.is_none() {
        return Err(UsageError::NeedsConnect);
    }
    Ok(request)
}

/// Gives what an alias of libvirt's settings stands for; anything else stays as it is, and says later what is wrong.
fn resolved(address: String) -> String {
    let config = ClientConfig::read();
    match config.and_then(|config| config.resolve(&address)) {
        Ok(uri) => uri.to_string(),
        Err(error) => {
            tracing::debug!(%error, "the address stays as it was written");
            address
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dict(entries: &[(&str, Option<&str>)]) -> glib::VariantDict {
        let dict = glib::VariantDict::new(None);
        for (name, value) in entries {
            match value {
                Some(value) => dict.insert(name, *value),
                None => dict.insert(name, true),
            }
        }
        dict
    }

    #[test]
    fn a_window_needs_a_connection() {
        let options = dict(&[(CONSOLE, Some("vm"))]);
        assert_eq!(read(&options, &[]), Err(UsageError::NeedsConnect));
    }

    #[test]
    fn two_windows_are_too_many() {
        let options = dict(&[
            (CONNECT, Some("test:///default")),
            (CREATOR, None),
            (EDITOR, Some("1")),
        ]);
        assert_eq!(read(&options, &[]), Err(UsageError::TooMany));
    }

    #[test]
    fn options_are_read() {
        let options = dict(&[(CONNECT, Some("test:///default")), (EDITOR, Some("vm"))]);
        let request = read(&options, &["innkeeper".to_owned()]).expect("a good invocation");
        assert_eq!(request.connect.as_deref(), Some("test:///default"));
        assert_eq!(request.show, Some(Show::Editor("vm".to_owned())));
    }

    #[test]
    fn a_stray_argument_is_named() {
        let arguments = ["innkeeper".to_owned(), "vm".to_owned()];
        let expected = UsageError::Unexpected("vm".to_owned());
        assert_eq!(read(&dict(&[]), &arguments), Err(expected));
    }
}
