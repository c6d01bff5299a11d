//! A recording of a real QEMU as pictures: update by update, at the pace of whoever asks.

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::{Arc, Condvar, Mutex, PoisonError},
};

use innkeeper::model::rfb::{EncodingPolicy, Engine, EngineEvent};
use testbed::socket::Pictures;

/// The updates of a recording.
#[derive(Clone)]
pub(crate) struct Recording {
    parts: Arc<Vec<Vec<u8>>>,
}

impl Recording {
    /// Loads a window that is dragged over a desktop of 1920×1080, in an encoding; it is recorded when it is missing.
    pub(crate) fn drag(encoding: &str) -> Self {
        let top = Path::new(env!("CARGO_MANIFEST_DIR"));
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("decode");
        let name = format!("window-{encoding}");
        let file: PathBuf = folder.join(&name).with_extension("rfb");
        if !file.exists() {
            let done = Command::new(top.join("src/rfb/tests/guests/record.sh"))
                .arg(&folder)
                .arg(&name)
                .status()
                .expect("bash");
            assert!(done.success(), "{name} could not be recorded");
        }
        Self::cut(&std::fs::read(file).expect("it was recorded"))
    }

    /// Cuts it where our engine is done with the desktop's description and with each update.
    fn cut(bytes: &[u8]) -> Self {
        let mut engine = Engine::new(EncodingPolicy::LAN);
        let (mut parts, mut from) = (Vec::new(), 0);
        for (at, byte) in bytes.iter().enumerate() {
            engine
                .push(std::slice::from_ref(byte))
                .expect("a good recording");
            while let Some(event) = engine.poll_event() {
                if matches!(event, EngineEvent::Connected { .. } | EngineEvent::FrameEnd) {
                    parts.push(bytes[from..=at].to_vec());
                    from = at + 1;
                }
            }
        }
        assert!(parts.len() > 2, "a recording of several updates");
        Self {
            parts: Arc::new(parts),
        }
    }

    /// How many updates there are after the first, which is the whole picture.
    pub(crate) fn frames(&self) -> u64 {
        self.parts.len() as u64 - 2
    }

    /// Shows it to a client; after the first update the gate must be open.
    pub(crate) fn play(&self, gate: &Gate) -> Played {
        Played {
            recording: self.clone(),
            gate: gate.clone(),
            next: 1,
        }
    }
}

/// What one client is shown.
pub(crate) struct Played {
    recording: Recording,
    gate: Gate,
    next: usize,
}

impl Pictures for Played {
    fn desktop(&self) -> Vec<u8> {
        self.recording.parts[0].clone()
    }

    fn update(&mut self, _whole: bool) -> Option<Vec<u8>> {
        if self.next > 1 {
            self.gate.pass();
        }
        let part = self.recording.parts.get(self.next)?;
        self.next += 1;
        Some(part.clone())
    }
}

/// Holds a recording back until it is opened.
#[derive(Clone, Default)]
pub(crate) struct Gate(Arc<(Mutex<bool>, Condvar)>);

impl Gate {
    pub(crate) fn open(&self) {
        *self.0.0.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.0.1.notify_all();
    }

    fn pass(&self) {
        let open = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        drop(self.0.1.wait_while(open, |open| !*open));
    }
}
