//! A process that ends, with all that it started in its group, when its value is dropped.

use std::{
    io::{BufRead, BufReader},
    os::unix::process::CommandExt,
    process::{Child, ChildStdout, Command, ExitStatus, Stdio},
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process_group};

use crate::wait;

/// How long a process may take to end when it is asked to.
const FAREWELL: Duration = Duration::from_secs(3);

/// A running process, leader of its own group.
#[derive(Debug)]
pub struct Process {
    name: String,
    child: Child,
    errors: Arc<Mutex<Vec<String>>>,
}

impl Process {
    /// Starts a command. Its standard error is collected, its standard output can be taken.
    ///
    /// # Panics
    /// When the program cannot be started: a missing tool is a failure.
    #[track_caller]
    pub fn start(mut command: Command) -> Self {
        let name = command.get_program().to_string_lossy().into_owned();
        command
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command
            .spawn()
            .unwrap_or_else(|error| panic!("{name} could not be started: {error}"));
        let errors = Arc::default();
        if let Some(stderr) = child.stderr.take() {
            let errors = Arc::clone(&errors);
            thread::spawn(move || collect(BufReader::new(stderr), &errors));
        }
        Self {
            name,
            child,
            errors,
        }
    }

    /// The process ID.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Takes the standard output, once.
    ///
    /// # Panics
    /// The second time.
    pub fn output(&mut self) -> BufReader<ChildStdout> {
        BufReader::new(self.child.stdout.take().expect("taken once"))
    }

    /// What it has said on standard error so far, line by line.
    pub fn errors(&self) -> Vec<String> {
        self.errors
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// What it has said on standard error after so many lines.
    pub(crate) fn errors_since(&self, count: usize) -> Vec<String> {
        let said = self.errors.lock().unwrap_or_else(PoisonError::into_inner);
        said.get(count..).unwrap_or_default().to_vec()
    }

    /// Waits until it has ended by itself.
    ///
    /// # Panics
    /// When it does not.
    #[track_caller]
    pub fn ended(&mut self, patience: Duration) -> ExitStatus {
        let what = format!("the end of {}", self.name);
        wait::until(&what, patience, || self.exit())
    }

    /// Its exit status, once it has ended.
    pub fn exit(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// Asks it to end and makes sure that it does.
    pub fn end(&mut self) {
        self.signal(Signal::TERM);
        if wait::attempt(FAREWELL, || self.exit()).is_none() {
            self.signal(Signal::KILL);
            let _ = self.child.wait();
        }
        // What it started itself.
        self.signal(Signal::KILL);
    }

    fn signal(&self, signal: Signal) {
        let group = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw);
        if let Some(group) = group {
            let _ = kill_process_group(group, signal);
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.end();
    }
}

fn collect(lines: impl BufRead, into: &Mutex<Vec<String>>) {
    for line in lines.split(b'\n').map_while(Result::ok) {
        let line = String::from_utf8_lossy(&line).into_owned();
        into.lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(line);
    }
}
