//! What a test works with: the program on its desktop, the daemon behind it, and eyes and hands.

use std::{
    env,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    rc::Rc,
    time::Duration,
};

use testbed::{Accessibility, Desktop, Element, Lab, Picture, Program, Screen, Verdict, until};

use crate::{guests::Guest, scope::Scope};

/// How long anything may take that a user waits for.
pub(crate) const PATIENCE: Duration = Duration::from_secs(15);
/// The main window's title.
pub(crate) const MANAGER: &str = "Innkeeper";

/// A desktop of its own for one test.
pub(crate) struct Stage<'a> {
    program: Option<Program>,
    a11y: Rc<Accessibility>,
    screen: Rc<Screen>,
    pub(crate) desktop: Desktop,
    pub(crate) lab: &'a Lab,
    folder: tempfile::TempDir,
    name: String,
    /// The renderer of GTK that programs are told to use; none is the one of all tests.
    renderer: Option<&'static str>,
}

impl<'a> Stage<'a> {
    pub(crate) fn new(lab: &'a Lab, desktop: Desktop, name: &str) -> Self {
        Self {
            program: None,
            a11y: Rc::new(Accessibility::of(&desktop)),
            screen: Rc::new(desktop.screen()),
            desktop,
            lab,
            folder: tempfile::tempdir().expect("a folder for the test"),
            name: name.trim_start_matches("e2e::").replace("::", "-"),
            renderer: None,
        }
    }

    /// Has programs draw with OpenGL from their next start on, as they do on users' desktops. Without a GPU that takes its
    /// time, which says nothing of the program: a main loop that is held is no fault then.
    pub(crate) fn draw_with_opengl(&mut self) {
        self.renderer = Some("ngl");
    }

    /// Starts Innkeeper with arguments; ends the one that ran before and judges it.
    #[track_caller]
    pub(crate) fn start(&mut self, arguments: &[&str]) {
        self.launch(None, arguments);
    }

    /// Starts Innkeeper with the console of a guest, and waits for its window.
    #[track_caller]
    pub(crate) fn open_console(&mut self, guest: Guest) -> Scope {
        self.start(&[
            "--connect",
            "qemu:///system",
            "--show-domain-console",
            guest.name,
        ]);
        self.window(guest.title)
    }

    /// Starts Innkeeper as [`Stage::start`] does, with more in its log: a filter as in `RUST_LOG`.
    #[track_caller]
    pub(crate) fn start_logging(&mut self, filter: &str, arguments: &[&str]) {
        self.launch(Some(filter), arguments);
    }

    #[track_caller]
    fn launch(&mut self, filter: Option<&str>, arguments: &[&str]) {
        self.stop();
        let mut command = self.desktop.command(program());
        command.args(arguments);
        command.envs(filter.map(|filter| ("RUST_LOG", filter)));
        command.envs(self.renderer.map(|renderer| ("GSK_RENDERER", renderer)));
        self.program = Some(Program::start(command));
    }

    /// The number of the program's process.
    pub(crate) fn program_id(&self) -> u32 {
        self.program.as_ref().expect("a started program").id()
    }

    /// How many lines of the program's log hold this text.
    pub(crate) fn said(&self, text: &str) -> usize {
        let lines = self.program.as_ref().map(Program::messages);
        let lines = lines.unwrap_or_default();
        lines.iter().filter(|line| line.contains(text)).count()
    }

    /// Ends Innkeeper, and judges what it said.
    #[track_caller]
    pub(crate) fn stop(&mut self) {
        self.check();
        self.program = None;
    }

    /// Runs a second invocation to its end: its exit status and what it printed on either output.
    #[track_caller]
    pub(crate) fn invoke(&self, arguments: &[&str]) -> (i32, String) {
        let mut command = self.desktop.command(program());
        let output = command.args(arguments).output().expect("innkeeper");
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said).into_owned();
        (output.status.code().unwrap_or(-1), said)
    }

    /// The running program.
    #[track_caller]
    pub(crate) fn program(&mut self) -> &mut Program {
        self.program.as_mut().expect("a started program")
    }

    /// The program's root in the accessibility tree.
    #[track_caller]
    pub(crate) fn root(&mut self) -> Element {
        let program = self.program.as_mut().expect("a started program");
        program.root(&self.a11y)
    }

    /// The main window.
    #[track_caller]
    pub(crate) fn manager(&mut self) -> Scope {
        self.window(MANAGER)
    }

    /// A window by its title; waits until it is on the screen.
    #[track_caller]
    pub(crate) fn window(&mut self, title: &str) -> Scope {
        let root = self.root();
        let what = format!("a window “{title}”");
        let is_window = |e: &Element| e.name == title && e.role != "application";
        let (element, window) = until(&what, PATIENCE, || {
            let element = self.a11y.find(&root, is_window)?;
            Some((element, self.screen.window(title)?))
        });
        Scope {
            a11y: Rc::clone(&self.a11y),
            screen: Rc::clone(&self.screen),
            root: element,
            window,
            test: self.name.clone(),
        }
    }

    /// Tells whether a window with this title is open.
    pub(crate) fn has_window(&self, title: &str) -> bool {
        self.screen.window(title).is_some()
    }

    /// The URI of the system's daemon through another socket.
    pub(crate) fn uri_through(socket: &Path) -> String {
        format!("qemu+unix:///system?socket={}", socket.display())
    }

    /// Keeps connections for the next start, as an earlier one would have; none of them connects by itself.
    pub(crate) fn keep_connections(&self, uris: &[&str]) {
        self.keep(uris, false);
    }

    /// Keeps connections that all connect at the next start.
    pub(crate) fn keep_automatic(&self, uris: &[String]) {
        self.keep(uris, true);
    }

    fn keep(&self, uris: &[impl AsRef<str>], connect: bool) {
        let entry = |uri: &_| {
            let uri = AsRef::<str>::as_ref(uri);
            format!(r#"{{"uri":"{uri}","autoconnect":{connect}}}"#)
        };
        let entries: Vec<String> = uris.iter().map(entry).collect();
        let text = format!(r#"{{"version":1,"connections":[{}]}}"#, entries.join(","));
        let folder = self.desktop.folder("config").join("innkeeper");
        fs::create_dir_all(&folder).expect("a folder");
        fs::write(folder.join("connections.json"), text).expect("a file");
    }

    /// Sets a setting for the next start, in the text form of `GVariant`.
    pub(crate) fn set_setting(&self, key: &str, value: &str) {
        let folder = self.desktop.folder("config").join("glib-2.0/settings");
        fs::create_dir_all(&folder).expect("a folder");
        let text = format!("[io/github/innkeeper/Innkeeper]\n{key}={value}\n");
        fs::write(folder.join("keyfile"), text).expect("a file");
    }

    /// Sets one more setting.
    pub(crate) fn set_setting_too(&self, key: &str, value: &str) {
        let file = self
            .desktop
            .folder("config")
            .join("glib-2.0/settings/keyfile");
        let mut text = fs::read_to_string(&file).expect("a setting before it");
        text.push_str(&[key, "=", value, "\n"].concat());
        fs::write(file, text).expect("a file");
    }

    /// A place for a file or a socket, in a folder that ends with the test.
    pub(crate) fn place(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Fails when the program said what it must not say.
    #[track_caller]
    pub(crate) fn check(&mut self) {
        let Some(program) = &self.program else { return };
        if let Verdict::Faults(mut faults) = program.verdict() {
            faults.retain(|fault| self.renderer.is_none() || !fault.contains("held_ms="));
            assert!(
                faults.is_empty(),
                "the program said:\n{}",
                faults.join("\n")
            );
        }
        eprintln!("     longest stall {} ms", program.longest_stall_ms());
        if env::var_os("INNKEEPER_E2E_LOG").is_some() {
            eprintln!("{}", program.messages().join("\n"));
        }
    }

    /// Keeps what helps to find out why a test failed.
    pub(crate) fn keep_evidence(&mut self) {
        self.screen.picture().save(&shot(&self.name, "failed"));
        let Some(program) = &self.program else { return };
        let log = program.messages().join("\n");
        let _ = fs::write(shot(&self.name, "failed").with_extension("log"), &log);
        if let Some(root) = self.a11y.program(program.id()) {
            let tree = self.a11y.outline(&root);
            let _ = fs::write(shot(&self.name, "failed").with_extension("tree"), tree);
        }
        let tail: Vec<&str> = log.lines().rev().take(15).collect();
        for line in tail.iter().rev() {
            eprintln!("     | {line}");
        }
    }
}

/// The program that is tested: the one just built, or another build that `INNKEEPER_E2E_PROGRAM` names.
pub(crate) fn program() -> OsString {
    let other = env::var_os("INNKEEPER_E2E_PROGRAM");
    other.unwrap_or_else(|| env!("CARGO_BIN_EXE_innkeeper").into())
}

/// Keeps a picture under the test's name.
pub(crate) fn keep(picture: &Picture, test: &str, what: &str) {
    picture.save(&shot(test, what));
}

fn shot(test: &str, what: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("e2e-shots");
    fs::create_dir_all(&folder).expect("a folder for pictures");
    folder.join(format!("{test}-{what}.png"))
}
