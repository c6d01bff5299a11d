//! The clients, each a process, and the server that plays a recording to them.

use std::{
    io::{BufRead, BufReader, ErrorKind, Read, Write},
    os::unix::net::{UnixListener, UnixStream},
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use tempfile::TempDir;

use crate::{
    content::{Content, Wire},
    oracle::PROLOGUE,
};

/// The word by which this program becomes a client: `ROLE NAME SOCKET COUNT ENCODING PIXELS`.
pub(crate) const ROLE: &str = "--client";

/// Connections of one process. The first warms it up and does not count.
const CONNECTIONS: usize = 4;

/// A VNC client. Its process gets a socket's path, how often to connect, the encoding and the pixels that will come; it
/// writes a line for each connection: nanoseconds of processor time, and a sum of the colours of the picture.
pub(crate) struct Client {
    pub(crate) name: &'static str,
    words: Vec<String>,
    lacks: &'static [Wire],
}

impl Client {
    fn rust(name: &'static str, lacks: &'static [Wire]) -> Self {
        let this = std::env::current_exe().expect("a program");
        let words = [this.display().to_string(), ROLE.to_owned(), name.to_owned()];
        Self {
            name,
            words: words.into(),
            lacks,
        }
    }

    fn peer(root: &Path, name: &'static str, lacks: &'static [Wire]) -> Self {
        let program = format!("/opt/decode/{name}");
        Self {
            name,
            words: vec!["chroot".to_owned(), root.display().to_string(), program],
            lacks,
        }
    }

    /// Tells whether it knows the encoding.
    pub(crate) fn decodes(&self, wire: Wire) -> bool {
        !self.lacks.contains(&wire)
    }
}

/// Makes all clients, or those with these names. Ours come first: the session, the same with a painter, and its decoder alone.
pub(crate) fn all(names: &[String]) -> Vec<Client> {
    let wanted = |name: &str| names.is_empty() || names.iter().any(|other| other == name);
    let mut clients = vec![
        Client::rust("session", &[]),
        Client::rust("painted", &[]),
        Client::rust("decoder", &[]),
        Client::rust("vnc-rs", &[Wire::Hextile, Wire::Zlib, Wire::Jpeg]),
    ];
    let peers: [(&str, &[Wire]); 3] = [
        ("libvncclient", &[]),
        ("gvnc", &[Wire::Zlib]),
        ("tigervnc", &[Wire::Zlib]),
    ];
    if peers.iter().any(|(name, _)| wanted(name)) {
        let root = install();
        clients.extend(peers.map(|(name, lacks)| Client::peer(&root, name, lacks)));
    }
    clients.retain(|client| wanted(client.name));
    clients
}

/// Installs the libraries and builds the programs in peers/, the first time.
fn install() -> std::path::PathBuf {
    let layer = Path::new(env!("CARGO_TARGET_TMPDIR")).join("decode-peers");
    let root = std::path::PathBuf::from("/run/innkeeper-decode-peers");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../benches/decode/peers.sh");
    let done = Command::new(script)
        .args([&layer, &root])
        .status()
        .expect("bash");
    assert!(
        done.success(),
        "the other clients could not be installed; see {}/log, and run this with build-aux/dev",
        layer.display()
    );
    root
}

/// What one process reports.
pub(crate) struct Sample {
    /// The median of its connections, the first one left out.
    pub(crate) time: Duration,
    pub(crate) picture: String,
}

/// Where recordings are played.
pub(crate) struct Stage {
    folder: TempDir,
}

impl Stage {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        Self { folder }
    }

    /// Plays a recording to a client several times.
    pub(crate) fn play(&self, client: &Client, content: &Content) -> Sample {
        let path = self.folder.path().join("vnc");
        let listener = UnixListener::bind(&path).expect("a socket");
        let mut process = Command::new(&client.words[0])
            .args(&client.words[1..])
            .arg(&path)
            .arg(CONNECTIONS.to_string())
            .arg(content.wire.asked_as())
            .arg(content.pixels.to_string())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the client starts");
        for _ in 0..CONNECTIONS {
            serve(accept(&listener, &mut process), &content.bytes);
        }
        std::fs::remove_file(&path).expect("the socket's file");
        let lines = BufReader::new(process.stdout.take().expect("a pipe")).lines();
        let lines: Vec<String> = lines.map(|line| line.expect("a line")).collect();
        let status = process.wait().expect("it ends");
        assert!(
            status.success(),
            "{} fails with {}",
            client.name,
            content.name
        );
        sample(&lines)
    }
}

/// Waits for the client's next connection, unless it has ended.
fn accept(listener: &UnixListener, process: &mut Child) -> UnixStream {
    listener.set_nonblocking(true).expect("a socket");
    loop {
        match listener.accept() {
            Ok((stream, _)) => {
                stream.set_nonblocking(false).expect("a socket");
                return stream;
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                let ended = process.try_wait().expect("a process");
                assert!(ended.is_none(), "the client has ended: {ended:?}");
                std::thread::sleep(Duration::from_micros(200));
            }
            Err(error) => panic!("{error}"),
        }
    }
}

fn sample(lines: &[String]) -> Sample {
    assert_eq!(lines.len(), CONNECTIONS);
    let words = lines.iter().map(|line| line.split_once(' '));
    let (mut times, pictures): (Vec<u64>, Vec<&str>) = words
        .map(|words| words.expect("two words"))
        .map(|(time, picture)| (time.parse::<u64>().expect("nanoseconds"), picture))
        .unzip();
    let counted = &mut times[1..];
    counted.sort_unstable();
    Sample {
        time: Duration::from_nanos(counted[counted.len() / 2]),
        picture: pictures[0].to_owned(),
    }
}

/// Plays all at once and takes whatever the client sends, until it goes.
fn serve(mut stream: UnixStream, recording: &[u8]) {
    let mut reader = stream.try_clone().expect("a second handle");
    std::thread::scope(|scope| {
        scope.spawn(move || {
            let mut sink = [0; 1 << 12];
            while reader.read(&mut sink).is_ok_and(|count| count > 0) {}
        });
        // A client that has seen enough may be gone.
        let _ = stream.write_all(PROLOGUE);
        let _ = stream.write_all(recording);
    });
}
