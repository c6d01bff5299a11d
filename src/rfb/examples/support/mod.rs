//! What the examples share: where a server is, and the words of their command lines.
#![allow(dead_code, unreachable_pub)]

use std::{io, str::FromStr};

use rfb::BoxedStream;
use tokio::net::{TcpStream, UnixStream};

/// Connects to `vnc://HOST:PORT`, `HOST:PORT` or `unix:PATH`.
pub async fn connect(address: &str) -> io::Result<BoxedStream> {
    if let Some(path) = address.strip_prefix("unix:") {
        return Ok(Box::new(UnixStream::connect(path).await?));
    }
    let host = address.strip_prefix("vnc://").unwrap_or(address);
    let stream = TcpStream::connect(host.trim_end_matches('/')).await?;
    stream.set_nodelay(true)?;
    Ok(Box::new(stream))
}

/// The host in an address; a socket is of this machine.
pub fn host_of(address: &str) -> String {
    if is_socket(address) {
        return "localhost".to_owned();
    }
    let host = address.strip_prefix("vnc://").unwrap_or(address);
    let host = host.rsplit_once(':').map_or(host, |(host, _)| host);
    host.trim_matches(['[', ']']).to_owned()
}

/// Says whether an address is a socket's.
pub fn is_socket(address: &str) -> bool {
    address.starts_with("unix:")
}

/// The words of a command line: some in order, some by name.
pub struct Words {
    pub plain: Vec<String>,
    named: Vec<(String, String)>,
    switches: Vec<String>,
}

impl Words {
    /// Reads the program's own. Every `--NAME` takes the word after it.
    pub fn read() -> Result<Self, String> {
        Self::read_with(&[])
    }

    /// Reads them where some names take no word: they are said or not.
    pub fn read_with(known_switches: &[&str]) -> Result<Self, String> {
        let (mut plain, mut named, mut switches) = (Vec::new(), Vec::new(), Vec::new());
        let mut words = std::env::args().skip(1);
        while let Some(word) = words.next() {
            match word.strip_prefix("--") {
                None => plain.push(word),
                Some(name) if known_switches.contains(&name) => switches.push(name.to_owned()),
                Some(name) => {
                    let value = words.next().ok_or(format!("--{name} needs a value"))?;
                    named.push((name.to_owned(), value));
                }
            }
        }
        Ok(Self {
            plain,
            named,
            switches,
        })
    }

    /// Says whether a name that takes no word was said.
    pub fn has(&self, switch: &str) -> bool {
        self.switches.iter().any(|said| said == switch)
    }

    /// Takes a named word out.
    pub fn take<T: FromStr>(&mut self, name: &str) -> Result<Option<T>, String> {
        let Some(at) = self.named.iter().position(|(key, _)| key == name) else {
            return Ok(None);
        };
        let (_, value) = self.named.remove(at);
        value
            .parse()
            .map(Some)
            .map_err(|_| format!("--{name} cannot be {value}"))
    }

    /// Makes sure that nothing is left that was not understood.
    pub fn done(&self) -> Result<(), String> {
        match self.named.first() {
            None => Ok(()),
            Some((name, _)) => Err(format!("--{name} is not known")),
        }
    }
}
