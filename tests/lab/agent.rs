//! A guest with an agent: it shares the clipboard of its screen as spice-vdagent does, over QEMU's own vdagent channel.
//!
//! A Multiboot kernel of three C files (`guests/`) that needs no operating system. What it is to copy and to paste it is
//! told over its first serial line, a Unix socket; [`Line`] is the other end.

use std::{
    io::{self, BufRead, BufReader, Write},
    os::unix::net::UnixStream,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use crate::kernel;

/// The text of which `fill` makes long ones.
const PATTERN: &str = "Grüße, 日本語 ";
/// How long the guest may take to answer.
const PATIENCE: Duration = Duration::from_secs(20);
/// After which silence it is asked once more whether it is ready.
const ASK_AGAIN: Duration = Duration::from_millis(250);
/// How long a guest that starts is left alone between two looks.
const PACE: Duration = Duration::from_millis(20);

/// Builds the guest's kernel into a folder and gives its XML: a VNC screen on the loopback address, and no channel yet.
///
/// # Errors
/// When the compiler is missing or refuses.
pub fn prepare(dir: &Path, name: &str, title: &str) -> io::Result<String> {
    let kernel = kernel::build(dir, name, &["agent.c", "channel.c"])?;
    Ok(format!(
        "<domain type='qemu'><name>{name}</name><title>{title}</title><memory unit='MiB'>32</memory>\
         <os><type arch='x86_64' machine='pc'>hvm</type><kernel>{}</kernel></os><features><acpi/></features><devices>\
         <controller type='usb' model='none'/>\
         <graphics type='vnc' port='-1' autoport='yes'><listen type='address' address='127.0.0.1'/></graphics>\
         <video><model type='vga'/></video>\
         <serial type='unix'><source mode='bind' path='{}'/></serial>\
         <memballoon model='none'/></devices></domain>",
        kernel.display(),
        socket(dir, name).display()
    ))
}

fn socket(dir: &Path, name: &str) -> PathBuf {
    dir.join(format!("{name}.line"))
}

/// The text that `fill` makes: `length` bytes.
pub fn filling(length: usize) -> String {
    let mut text = PATTERN.repeat(length / PATTERN.len());
    text.extend(std::iter::repeat_n('.', length - text.len()));
    text
}

/// The serial line of a running guest.
#[derive(Debug)]
pub struct Line {
    writer: UnixStream,
    reader: BufReader<UnixStream>,
}

impl Line {
    /// Waits until the guest runs and its agent has made itself known to QEMU.
    ///
    /// # Errors
    /// When the guest does not start, or has no channel.
    pub fn open(dir: &Path, name: &str) -> io::Result<Self> {
        let deadline = Instant::now() + PATIENCE;
        let writer = loop {
            match UnixStream::connect(socket(dir, name)) {
                Err(_) if Instant::now() < deadline => std::thread::sleep(PACE),
                connected => break connected?,
            }
        };
        let reader = BufReader::new(writer.try_clone()?);
        let mut line = Self { writer, reader };
        // The firmware swallows what is asked too early. Each question has a number, so that no answer is left over.
        line.writer.set_read_timeout(Some(ASK_AGAIN))?;
        for number in 0_u32.. {
            if line.is_ready(number)? {
                break;
            }
            if Instant::now() > deadline {
                return Err(io::Error::other("the agent does not become ready"));
            }
        }
        line.writer.set_read_timeout(Some(PATIENCE))?;
        Ok(line)
    }

    /// Asks whether the agent is ready, and hears whatever the guest says until it answers that; not for long.
    fn is_ready(&mut self, number: u32) -> io::Result<bool> {
        self.tell(&format!("state {number}"))?;
        let ready = format!("ready {number}");
        let waiting = format!("waiting {number}");
        loop {
            match self.heard() {
                Ok(said) if said == ready => return Ok(true),
                Ok(said) if said == waiting => return Ok(false),
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(false),
                Err(error) => return Err(error),
            }
        }
    }

    /// Gives the guest an order, one line.
    ///
    /// # Errors
    /// When the guest is gone.
    pub fn tell(&mut self, order: &str) -> io::Result<()> {
        self.writer.write_all(format!("{order}\n").as_bytes())
    }

    /// The next thing that the guest says, one line.
    ///
    /// # Errors
    /// When nothing comes in time.
    pub fn heard(&mut self) -> io::Result<String> {
        let mut line = String::new();
        if self.reader.read_line(&mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(line.trim_end_matches(['\r', '\n']).to_owned())
    }

    /// Pastes in the guest: what arrives there is told by its length and its hash ([`Line::mark`]).
    ///
    /// # Errors
    /// When nothing comes in time, or the guest has had something else to say before.
    pub fn paste(&mut self) -> io::Result<String> {
        self.tell("paste")?;
        let said = self.heard()?;
        let mark = said.strip_prefix("pasted ").map(str::to_owned);
        mark.ok_or_else(|| io::Error::other(format!("the guest says {said}")))
    }

    /// By what the guest tells a text: its length in bytes and its FNV-1a hash.
    pub fn mark(text: &str) -> String {
        let hash = text.bytes().fold(2_166_136_261_u32, |hash, byte| {
            (hash ^ u32::from(byte)).wrapping_mul(16_777_619)
        });
        format!("{} {hash}", text.len())
    }
}
