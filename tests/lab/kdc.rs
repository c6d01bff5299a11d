//! A private Kerberos realm, `LAB.TEST`: MIT's KDC on a loopback port, users, services and tickets.
//!
//! Nothing of the system's `/etc/krb5.conf` is read. Names are taken as they are: no DNS is asked.

use std::fs;
use std::io;
use std::net::{Ipv4Addr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::sasl::feed;

/// A running KDC; it ends when dropped.
#[derive(Debug)]
pub struct Kdc {
    dir: tempfile::TempDir,
    child: Child,
}

/// How long the KDC may take until it listens.
const START_DEADLINE: Duration = Duration::from_mins(1);

impl Kdc {
    /// Starts a KDC that knows `service` (`libvirt`, `vnc`) on `localhost`, at its address and under this machine's own
    /// name.
    ///
    /// # Errors
    /// When MIT Kerberos is missing or does not come up; the text has what it said.
    pub fn start(service: &str) -> io::Result<Self> {
        let dir = tempfile::Builder::new().prefix("kdc").tempdir()?;
        let port = crate::own_port()?;
        configure(dir.path(), port)?;
        let create = ["create", "-s", "-r", "LAB.TEST", "-P", "master"];
        feed(tool(dir.path(), "kdb5_util").args(create), "")?;
        let child = tool(dir.path(), "krb5kdc")
            .arg("-n")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(fs::File::create(dir.path().join("kdc.txt"))?)
            .spawn()?;
        let mut kdc = Self { dir, child };
        kdc.wait_until_listening(port)?;
        for host in ["localhost".to_owned(), "127.0.0.1".to_owned(), own_name()] {
            kdc.administer(&format!("addprinc -randkey {service}/{host}"))?;
            let keytab = kdc.keytab();
            kdc.administer(&format!("ktadd -k {} {service}/{host}", keytab.display()))?;
        }
        Ok(kdc)
    }

    fn wait_until_listening(&mut self, port: u16) -> io::Result<()> {
        let deadline = Instant::now() + START_DEADLINE;
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            let ended = self.child.try_wait()?;
            if ended.is_some() || Instant::now() > deadline {
                let said = fs::read_to_string(self.path().join("kdc.txt"))?;
                return Err(io::Error::other(format!("no KDC ({ended:?}): {said}")));
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Ok(())
    }

    fn administer(&self, query: &str) -> io::Result<()> {
        feed(tool(self.path(), "kadmin.local").args(["-q", query]), "")
    }

    /// Adds a user.
    pub fn add(&self, user: &str, password: &str) -> io::Result<()> {
        self.administer(&format!("addprinc -pw {password} {user}"))
    }

    /// Gets a ticket for a user, good for `lifetime` in kinit's words (`1h`, `2s`). Gives what `KRB5CCNAME` is to be.
    pub fn ticket(&self, user: &str, password: &str, lifetime: &str) -> io::Result<PathBuf> {
        let cache = self.path().join(format!("{user}.cache"));
        let mut kinit = tool(self.path(), "kinit");
        kinit.args(["-l", lifetime, "-c"]).arg(&cache).arg(user);
        feed(&mut kinit, &format!("{password}\n"))?;
        Ok(cache)
    }

    /// The services' keys, for `keytab:` in a SASL configuration.
    pub fn keytab(&self) -> PathBuf {
        self.path().join("services.keytab")
    }

    /// What `KRB5_CONFIG` is to be.
    pub fn config(&self) -> PathBuf {
        self.path().join("krb5.conf")
    }

    fn path(&self) -> &Path {
        self.dir.path()
    }
}

impl Drop for Kdc {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn configure(dir: &Path, port: u16) -> io::Result<()> {
    let host = own_name();
    // Which of its names a server was asked by does not matter: its keytab has them all.
    let client = format!(
        "[libdefaults]\n default_realm = LAB.TEST\n dns_lookup_kdc = false\n dns_lookup_realm = false\n rdns = false\n \
         dns_canonicalize_hostname = false\n qualify_shortname = \"\"\n ignore_acceptor_hostname = true\n\
         [realms]\n LAB.TEST = {{\n  kdc = 127.0.0.1:{port}\n }}\n\
         [domain_realm]\n localhost = LAB.TEST\n {host} = LAB.TEST\n"
    );
    let dir_name = dir.display();
    let server = format!(
        "[kdcdefaults]\n kdc_listen = 127.0.0.1:{port}\n kdc_tcp_listen = 127.0.0.1:{port}\n\
         [realms]\n LAB.TEST = {{\n  database_name = {dir_name}/principal\n  key_stash_file = {dir_name}/stash\n  \
         acl_file = {dir_name}/kadm5.acl\n  max_life = 10h\n }}\n"
    );
    fs::write(dir.join("krb5.conf"), client)?;
    fs::write(dir.join("kdc.conf"), server)
}

/// A user's PATH often lacks sbin.
fn tool(dir: &Path, name: &str) -> Command {
    let places = ["/usr/sbin", "/usr/bin"].map(|place| Path::new(place).join(name));
    let found = places.into_iter().find(|path| path.exists());
    let mut command = Command::new(found.unwrap_or_else(|| PathBuf::from(name)));
    command
        .env("KRB5_CONFIG", dir.join("krb5.conf"))
        .env("KRB5_KDC_PROFILE", dir.join("kdc.conf"));
    command
}

fn own_name() -> String {
    let uname = rustix::system::uname();
    uname.nodename().to_string_lossy().to_lowercase()
}
