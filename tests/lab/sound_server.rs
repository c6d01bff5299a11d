//! A desktop's sound without a sound card: `PipeWire` with its session manager and its `PulseAudio` side, playing
//! into nothing, from where it can be recorded.

use std::fs;
use std::io::{self, Read};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long its parts may take to start.
const START_DEADLINE: Duration = Duration::from_secs(30);

/// The only loudspeaker.
const SINK: &str = r#"
context.objects = [{
    factory = adapter
    args = {
        factory.name = support.null-audio-sink
        node.name = "loudspeaker"
        media.class = "Audio/Sink"
        audio.position = [FL FR]
        object.linger = true
    }
}]
"#;

/// A running sound server; it ends when dropped.
#[derive(Debug)]
pub struct SoundServer {
    runtime: PathBuf,
    folder: tempfile::TempDir,
    parts: Vec<Child>,
}

impl SoundServer {
    /// Samples of a second in a recording.
    pub const RATE: usize = 8000;

    /// Starts a server that listens where programs with this runtime folder (`XDG_RUNTIME_DIR`) look for one.
    ///
    /// # Errors
    /// When a part of it is missing or does not come up.
    pub fn start(runtime: &Path) -> io::Result<Self> {
        let folder = tempfile::tempdir()?;
        let settings = folder.path().join("pipewire/pipewire.conf.d");
        fs::create_dir_all(&settings)?;
        fs::write(settings.join("loudspeaker.conf"), SINK)?;
        let mut server = Self {
            runtime: runtime.to_owned(),
            folder,
            parts: Vec::new(),
        };
        server.add("pipewire", "pipewire-0")?;
        server.add("wireplumber", "pipewire-0")?;
        server.add("pipewire-pulse", "pulse/native")?;
        server.wait_for_loudspeaker()?;
        Ok(server)
    }

    /// Records what is played from now on, for so many samples of one channel.
    ///
    /// # Errors
    /// When the server has gone.
    pub fn record(&self, samples: usize) -> io::Result<Vec<i16>> {
        let mut recorder = self
            .command("parec")
            .args(["--device=loudspeaker.monitor", "--format=s16le"])
            .args(["--channels=1", "--latency-msec=20"])
            .arg(format!("--rate={}", Self::RATE))
            .stdout(Stdio::piped())
            .spawn()?;
        let mut bytes = vec![0; samples * 2];
        let mut output = recorder.stdout.take().expect("it is piped");
        let read = output.read_exact(&mut bytes);
        recorder.kill()?;
        recorder.wait()?;
        read?;
        let pairs = bytes.as_chunks::<2>().0;
        Ok(pairs.iter().map(|pair| i16::from_le_bytes(*pair)).collect())
    }

    /// Who plays now: what `pactl list sink-inputs` says of it.
    ///
    /// # Errors
    /// When the server has gone.
    pub fn players(&self) -> io::Result<String> {
        let output = self
            .command("pactl")
            .args(["list", "sink-inputs"])
            .output()?;
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    fn add(&mut self, program: &str, socket: &str) -> io::Result<()> {
        let child = self.command(program).stdout(Stdio::null()).spawn()?;
        self.parts.push(child);
        let socket = self.runtime.join(socket);
        let end = Instant::now() + START_DEADLINE;
        while UnixStream::connect(&socket).is_err() {
            let ended = self.parts.last_mut().map(Child::try_wait).transpose()?;
            if Instant::now() > end || ended.flatten().is_some() {
                return Err(io::Error::other(format!("{program} did not start")));
            }
            std::thread::yield_now();
        }
        Ok(())
    }

    fn wait_for_loudspeaker(&self) -> io::Result<()> {
        let end = Instant::now() + START_DEADLINE;
        loop {
            let output = self.command("pactl").args(["get-default-sink"]).output()?;
            if String::from_utf8_lossy(&output.stdout).trim() == "loudspeaker" {
                return Ok(());
            }
            if Instant::now() > end {
                return Err(io::Error::other("no loudspeaker came"));
            }
        }
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command
            .env("XDG_RUNTIME_DIR", &self.runtime)
            .env("XDG_CONFIG_HOME", self.folder.path())
            .env("XDG_STATE_HOME", self.folder.path().join("state"))
            .env_remove("PULSE_SERVER")
            .env_remove("PIPEWIRE_REMOTE")
            .env("PIPEWIRE_DEBUG", "0")
            .env("WIREPLUMBER_DEBUG", "0")
            .env_remove("G_DEBUG")
            .stdin(Stdio::null());
        command
    }
}

impl Drop for SoundServer {
    fn drop(&mut self) {
        for mut part in self.parts.drain(..).rev() {
            let _ = part.kill();
            let _ = part.wait();
        }
        for socket in ["pipewire-0", "pipewire-0-manager", "pulse/native"] {
            let _ = fs::remove_file(self.runtime.join(socket));
        }
    }
}
