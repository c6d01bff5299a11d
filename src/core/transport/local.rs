//! Which sockets of this machine a URI may mean, and which daemon listens there.
//!
//! The rules are those of libvirt's `src/remote/remote_sockets.c`. Nothing here connects: [`mod@super::reach`] does.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

use crate::{Error, ErrorKind, Uri};

/// Where the system's daemons put their sockets. `/var/run`, as libvirt itself writes it.
const SYSTEM_SOCKETS: &str = "/var/run/libvirt";

/// Where daemons are installed, besides `PATH`.
const DAEMON_FOLDERS: [&str; 3] = ["/usr/sbin", "/usr/local/sbin", "/sbin"];

/// Drivers that live in a daemon of their own on a host with modular daemons (`docs/daemons.rst`).
const MODULAR_DRIVERS: [&str; 7] = ["qemu", "xen", "lxc", "vbox", "bhyve", "vz", "ch"];

/// What of the process and the machine decides about sockets; tests make their own.
#[derive(Clone, Debug)]
pub(crate) struct Surroundings {
    /// Whether the process is root.
    pub(crate) root: bool,
    /// The folder of the system daemons' sockets.
    pub(crate) system_sockets: PathBuf,
    /// The folder of the user's daemons' sockets; `None` without `XDG_RUNTIME_DIR` and home.
    pub(crate) session_sockets: Option<PathBuf>,
    /// The folders in which daemons are looked for.
    pub(crate) daemon_folders: Vec<PathBuf>,
    /// Reads an environment variable.
    pub(crate) variable: fn(&str) -> Option<OsString>,
}

/// The sockets that may lead to a URI's driver, best first, and the daemon to start if none is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Route {
    /// Paths to try in order; never empty.
    pub(crate) sockets: Vec<PathBuf>,
    /// The user's daemon that may be started.
    pub(crate) autostart: Option<Autostart>,
}

/// A daemon of the user's own and the socket that it will open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Autostart {
    /// The daemon's program.
    pub(crate) program: PathBuf,
    /// The socket it opens.
    pub(crate) socket: PathBuf,
    /// The lock that libvirt's clients take while they start it.
    pub(crate) lock: PathBuf,
}

impl Surroundings {
    /// Reads the real ones.
    pub(crate) fn of_this_process() -> Self {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let mut daemon_folders: Vec<PathBuf> = DAEMON_FOLDERS.iter().map(PathBuf::from).collect();
        daemon_folders.extend(std::env::split_paths(&path).filter(|folder| folder.is_absolute()));
        Self {
            root: rustix::process::geteuid().is_root(),
            system_sockets: PathBuf::from(SYSTEM_SOCKETS),
            session_sockets: session_sockets(),
            daemon_folders,
            variable: |name| std::env::var_os(name),
        }
    }

    /// Chooses the sockets for a local URI.
    ///
    /// # Errors
    /// [`ErrorKind::BadUri`] when the URI leads to another host or contradicts itself.
    pub(crate) fn route(&self, uri: &Uri, read_only: bool) -> Result<Route, Error> {
        if !uri.is_local() {
            let text = format!("{uri}: no socket of this machine leads there");
            return Err(Error::new(ErrorKind::BadUri, text));
        }
        let mode = Mode::of(uri)?;
        if let Some(socket) = uri.parameter("socket").filter(|path| !path.is_empty()) {
            return Ok(Route {
                sockets: vec![PathBuf::from(socket)],
                autostart: None,
            });
        }
        let session = self.is_session(uri);
        let folder = if session {
            self.session_sockets.clone().ok_or_else(|| {
                Error::new(
                    ErrorKind::BadUri,
                    format!("{uri}: XDG_RUNTIME_DIR is not set"),
                )
            })?
        } else {
            self.system_sockets.clone()
        };
        let daemons = mode.daemons(uri);
        // A user's own daemon has no socket for readers.
        let suffix = if read_only && !session { "-ro" } else { "" };
        Ok(Route {
            sockets: daemons
                .iter()
                .map(|daemon| folder.join(format!("{}{suffix}", daemon.socket)))
                .collect(),
            autostart: if session {
                self.autostart(&daemons, &folder)
            } else {
                None
            },
        })
    }

    /// Says whether the user's own daemon is meant: libvirt's client decides by the path and the user, and what its
    /// library itself would open is asked of whichever daemon the user may always reach.
    fn is_session(&self, uri: &Uri) -> bool {
        !self.root && (uri.is_session() || uri.is_library_driver())
    }

    fn autostart(&self, daemons: &[Daemon], folder: &Path) -> Option<Autostart> {
        if (self.variable)("LIBVIRT_AUTOSTART").is_some_and(|value| value == "0") {
            return None;
        }
        daemons.iter().find_map(|daemon| {
            Some(Autostart {
                program: self.program(daemon)?,
                socket: daemon.socket(folder),
                lock: folder.join(format!("{}.lock", daemon.name)),
            })
        })
    }

    /// Finds a daemon's program: where the variable says, as a folder or, as in older libvirts, as a file; else in the
    /// folders.
    fn program(&self, daemon: &Daemon) -> Option<PathBuf> {
        let named = ["VIRTD_PATH", "LIBVIRTD_PATH"]
            .into_iter()
            .find_map(self.variable)
            .filter(|path| !path.is_empty())
            .map(PathBuf::from);
        if let Some(named) = named {
            if named.file_name().is_some_and(|name| name == &*daemon.name) {
                return Some(named);
            }
            return Some(named.join(&daemon.name)).filter(|program| is_executable(program));
        }
        self.daemon_folders
            .iter()
            .map(|folder| folder.join(&daemon.name))
            .find(|program| is_executable(program))
    }
}

/// One daemon by its program's name, such as `virtqemud`.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Daemon {
    name: String,
    socket: String,
}

impl Daemon {
    fn modular(driver: &str) -> Self {
        Self {
            name: format!("virt{driver}d"),
            socket: format!("virt{driver}d-sock"),
        }
    }

    fn monolithic() -> Self {
        Self {
            name: "libvirtd".to_owned(),
            socket: "libvirt-sock".to_owned(),
        }
    }

    fn socket(&self, folder: &Path) -> PathBuf {
        folder.join(&self.socket)
    }
}

/// The URI's parameter `mode`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Auto,
    Legacy,
    Direct,
}

impl Mode {
    fn of(uri: &Uri) -> Result<Self, Error> {
        match uri.parameter("mode") {
            None | Some("" | "auto") => Ok(Self::Auto),
            Some("legacy") => Ok(Self::Legacy),
            Some("direct") if is_modular(uri.driver()) => Ok(Self::Direct),
            Some("direct") => Err(Error::new(
                ErrorKind::BadUri,
                format!(
                    "{uri}: the driver {} has no daemon of its own",
                    uri.driver()
                ),
            )),
            Some(other) => Err(Error::new(
                ErrorKind::BadUri,
                format!("{uri}: mode {other} is none of auto, legacy, direct"),
            )),
        }
    }

    fn daemons(self, uri: &Uri) -> Vec<Daemon> {
        let direct = is_modular(uri.driver()).then(|| Daemon::modular(uri.driver()));
        match self {
            Self::Auto => direct.into_iter().chain([Daemon::monolithic()]).collect(),
            Self::Legacy => vec![Daemon::monolithic()],
            Self::Direct => direct.into_iter().collect(),
        }
    }
}

/// The names of the sockets by which a URI's daemon may be known on any host, best first.
///
/// # Errors
/// [`ErrorKind::BadUri`] when the URI's mode has no meaning.
pub(crate) fn socket_names(uri: &Uri) -> Result<Vec<String>, Error> {
    let daemons = Mode::of(uri)?.daemons(uri);
    Ok(daemons.into_iter().map(|daemon| daemon.socket).collect())
}

fn is_modular(driver: &str) -> bool {
    MODULAR_DRIVERS.contains(&driver)
}

/// `$XDG_RUNTIME_DIR/libvirt`, and without that variable `~/.cache/libvirt` as libvirt (`src/util/virutil.c`) does.
fn session_sockets() -> Option<PathBuf> {
    let absolute = |name: &str| {
        std::env::var_os(name)
            .map(PathBuf::from)
            .filter(|p| p.is_absolute())
    };
    absolute("XDG_RUNTIME_DIR")
        .or_else(|| absolute("XDG_CACHE_HOME"))
        .or_else(|| absolute("HOME").map(|home| home.join(".cache")))
        .map(|base| base.join("libvirt"))
}

fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata()
        .is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}

/// Finds the hypervisors of this machine for a first start: `qemu:///system` where a system socket or daemon is found,
/// and for everyone but root `qemu:///session` where a daemon can be reached or started.
///
/// Looks at a handful of paths; opens and starts nothing.
pub fn discover_local() -> Vec<Uri> {
    discover(&Surroundings::of_this_process())
}

fn discover(surroundings: &Surroundings) -> Vec<Uri> {
    let daemons = [Daemon::modular("qemu"), Daemon::monolithic()];
    let installed = daemons
        .iter()
        .any(|daemon| surroundings.program(daemon).is_some());
    let listens = |folder: &Path| daemons.iter().any(|daemon| daemon.socket(folder).exists());
    let system = installed || listens(&surroundings.system_sockets);
    let session = !surroundings.root
        && surroundings
            .session_sockets
            .as_deref()
            .is_some_and(|folder| installed || listens(folder));
    [(system, "qemu:///system"), (session, "qemu:///session")]
        .into_iter()
        .filter(|(found, _)| *found)
        .filter_map(|(_, text)| text.parse().ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn surroundings(root: bool) -> Surroundings {
        Surroundings {
            root,
            system_sockets: PathBuf::from("/sys-run"),
            session_sockets: Some(PathBuf::from("/user-run")),
            daemon_folders: Vec::new(),
            variable: |_| None,
        }
    }

    fn sockets(uri: &str, root: bool) -> Vec<String> {
        let route = surroundings(root)
            .route(&uri.parse().unwrap(), false)
            .unwrap();
        route
            .sockets
            .iter()
            .map(|path| path.display().to_string())
            .collect()
    }

    fn refusal(uri: &str) -> ErrorKind {
        surroundings(true)
            .route(&uri.parse().unwrap(), false)
            .unwrap_err()
            .kind
    }

    #[test]
    fn modular_sockets_come_before_the_monolithic_one() {
        assert_eq!(
            sockets("qemu:///system", false),
            ["/sys-run/virtqemud-sock", "/sys-run/libvirt-sock"]
        );
        assert_eq!(
            sockets("qemu:///session", false),
            ["/user-run/virtqemud-sock", "/user-run/libvirt-sock"]
        );
        assert_eq!(
            sockets("lxc:///system", true),
            ["/sys-run/virtlxcd-sock", "/sys-run/libvirt-sock"]
        );
    }

    #[test]
    fn the_mode_narrows_the_choice() {
        assert_eq!(
            sockets("qemu:///system?mode=legacy", true),
            ["/sys-run/libvirt-sock"]
        );
        assert_eq!(
            sockets("qemu:///system?mode=direct", true),
            ["/sys-run/virtqemud-sock"]
        );
        assert_eq!(refusal("test:///default?mode=direct"), ErrorKind::BadUri);
        assert_eq!(refusal("qemu:///system?mode=sideways"), ErrorKind::BadUri);
    }

    #[test]
    fn a_socket_of_ones_own_is_the_only_one() {
        assert_eq!(
            sockets("qemu+unix:///system?socket=/a%20b/sock", false),
            ["/a b/sock"]
        );
    }

    #[test]
    fn the_test_driver_goes_through_the_daemon_that_the_user_reaches() {
        assert_eq!(sockets("test:///default", true), ["/sys-run/libvirt-sock"]);
        assert_eq!(
            sockets("test:///default", false),
            ["/user-run/libvirt-sock"]
        );
    }

    #[test]
    fn root_has_no_session() {
        assert_eq!(
            sockets("qemu:///session", true)[0],
            "/sys-run/virtqemud-sock"
        );
    }

    #[test]
    fn what_leads_elsewhere_has_no_socket_here() {
        for uri in [
            "qemu+ssh://host/system",
            "qemu://host/system",
            "qemu+tls:///system",
        ] {
            assert_eq!(refusal(uri), ErrorKind::BadUri);
        }
    }

    #[test]
    fn readers_have_a_socket_of_their_own_at_the_system_only() {
        let sockets = |uri: &str| {
            let route = surroundings(false).route(&uri.parse().unwrap(), true);
            route.unwrap().sockets
        };
        let system = ["/sys-run/virtqemud-sock-ro", "/sys-run/libvirt-sock-ro"];
        assert_eq!(sockets("qemu:///system"), system.map(PathBuf::from));
        let session = ["/user-run/virtqemud-sock", "/user-run/libvirt-sock"];
        assert_eq!(sockets("qemu:///session"), session.map(PathBuf::from));
        assert_eq!(sockets("qemu:///system?socket=/x"), [PathBuf::from("/x")]);
    }

    #[test]
    fn what_libvirts_library_would_open_goes_through_a_daemon_of_this_machine() {
        for uri in [
            "esx://me@host/?no_verify=1",
            "hyperv://host/",
            "openvz:///system",
        ] {
            assert_eq!(sockets(uri, true), ["/sys-run/libvirt-sock"], "{uri}");
            assert_eq!(sockets(uri, false), ["/user-run/libvirt-sock"], "{uri}");
        }
    }

    #[test]
    fn a_session_daemon_is_found_in_the_folders_or_by_its_variable() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("libvirtd");
        std::fs::write(&program, "").unwrap();
        let mut place = surroundings(false);
        place.daemon_folders = vec![folder.path().to_owned()];
        let uri = "qemu:///session".parse().unwrap();
        assert_eq!(
            place.route(&uri, false).unwrap().autostart,
            None,
            "not executable"
        );
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
        let found = place.route(&uri, false).unwrap().autostart.unwrap();
        assert_eq!(found.program, program);
        assert_eq!(found.socket, Path::new("/user-run/libvirt-sock"));
        assert_eq!(found.lock, Path::new("/user-run/libvirtd.lock"));
        place.variable = |name| (name == "LIBVIRTD_PATH").then(|| "/opt/virtqemud".into());
        let found = place.route(&uri, false).unwrap().autostart.unwrap();
        assert_eq!(found.program, Path::new("/opt/virtqemud"));
        assert_eq!(found.socket, Path::new("/user-run/virtqemud-sock"));
        place.variable = |name| (name == "LIBVIRT_AUTOSTART").then(|| "0".into());
        assert_eq!(place.route(&uri, false).unwrap().autostart, None);
    }

    #[test]
    fn discovery_finds_what_is_installed() {
        let texts = |place: &Surroundings| -> Vec<String> {
            discover(place).iter().map(ToString::to_string).collect()
        };
        let folder = tempfile::tempdir().unwrap();
        let mut place = surroundings(false);
        assert!(texts(&place).is_empty());
        place.system_sockets = folder.path().to_owned();
        std::fs::write(folder.path().join("libvirt-sock"), "").unwrap();
        assert_eq!(texts(&place), ["qemu:///system"]);
        place.variable = |name| (name == "LIBVIRTD_PATH").then(|| "/opt/libvirtd".into());
        assert_eq!(texts(&place), ["qemu:///system", "qemu:///session"]);
        place.root = true;
        assert_eq!(texts(&place), ["qemu:///system"]);
    }
}
