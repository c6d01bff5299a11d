//! Authorities and certificates, good and bad, made by certtool and openssl as an administrator makes them.
//!
//! Knows no daemon and no client: it gives files, and folders as libvirt's `pkipath` and its daemon want them.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The kind of a key, in openssl's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// RSA with a number of bits.
    Rsa(u32),
    /// An elliptic curve by its name: `P-256`, `P-384`, `P-521`.
    Curve(&'static str),
    /// An algorithm that says all: `ED25519`, `ED448`.
    Named(&'static str),
}

/// A certificate with its key.
#[derive(Clone, Debug)]
pub struct Pair {
    /// The certificate's file, perhaps with those of authorities behind it.
    pub certificate: PathBuf,
    /// The key's file.
    pub key: PathBuf,
}

/// A wish for a certificate.
#[derive(Clone, Debug)]
pub struct Wish {
    key: Key,
    template: String,
    arguments: Vec<&'static str>,
}

/// In the past: when what has expired was valid.
const PAST: &str = "activation_date = \"2020-01-01 00:00:00 UTC\"\nexpiration_date = \"2020-02-01 00:00:00 UTC\"\n";
/// In the future, as far as all can count.
const FUTURE: &str = "activation_date = \"2100-01-01 00:00:00 UTC\"\nexpiration_date = \"2101-01-01 00:00:00 UTC\"\n";

impl Wish {
    /// A certificate as libvirt's documentation makes one for servers, for `localhost` and `127.0.0.1`.
    pub fn server() -> Self {
        Self::server_named(
            "localhost",
            &["dns_name = localhost", "ip_address = 127.0.0.1"],
        )
    }

    /// A server's certificate with a common name, and with lines of certtool's templates for its other names.
    pub fn server_named(common: &str, names: &[&str]) -> Self {
        let wish = Self::plain(&format!("cn = {common}")).line("tls_www_server");
        names.iter().fold(wish, |wish, name| wish.line(name))
    }

    /// A certificate as libvirt's documentation makes one for clients.
    pub fn client(common: &str) -> Self {
        Self::plain(&format!("cn = {common}")).line("tls_www_client")
    }

    /// A certificate for signing and encryption, which says nothing of its purpose.
    pub fn plain(subject: &str) -> Self {
        let wish = Self {
            key: Key::Rsa(2_048),
            template: String::new(),
            arguments: Vec::new(),
        };
        wish.line(subject)
            .line("organization = Lab")
            .line("encryption_key")
            .line("signing_key")
    }

    /// An authority's certificate.
    pub fn authority(common: &str) -> Self {
        let wish = Self {
            key: Key::Rsa(2_048),
            template: String::new(),
            arguments: Vec::new(),
        };
        let wish = wish.line(&format!("cn = {common}")).line("ca");
        wish.line("cert_signing_key").line("crl_signing_key")
    }

    /// With another kind of key.
    #[must_use]
    pub fn key(mut self, key: Key) -> Self {
        self.key = key;
        // Only RSA can encrypt.
        if !matches!(key, Key::Rsa(_)) {
            self.template = self.template.replace("encryption_key\n", "");
        }
        self
    }

    /// With another line in certtool's template.
    #[must_use]
    pub fn line(mut self, line: &str) -> Self {
        self.template += line;
        self.template.push('\n');
        self
    }

    /// Without a line of the template.
    #[must_use]
    pub fn without(mut self, line: &str) -> Self {
        self.template = self.template.replace(&format!("{line}\n"), "");
        self
    }

    /// With an argument of certtool's: `--v1`, `--hash=SHA1`.
    #[must_use]
    pub fn argument(mut self, argument: &'static str) -> Self {
        self.arguments.push(argument);
        self
    }

    /// Valid in the year 2020 only.
    #[must_use]
    pub fn expired(mut self) -> Self {
        self.template += PAST;
        self
    }

    /// Valid from the year 2100 on.
    #[must_use]
    pub fn not_yet(mut self) -> Self {
        self.template += FUTURE;
        self
    }
}

/// An authority with its key, and what it has signed; its files go with it.
#[derive(Debug)]
pub struct Authority {
    dir: tempfile::TempDir,
    own: Pair,
}

impl Authority {
    /// Makes an authority of the usual kind.
    ///
    /// # Errors
    /// When certtool or openssl is missing or fails; the text has what it said.
    pub fn new(common: &str) -> io::Result<Self> {
        Self::of(Wish::authority(common))
    }

    /// Makes an authority that vouches for itself.
    pub fn of(wish: Wish) -> io::Result<Self> {
        let dir = tempfile::Builder::new().prefix("pki").tempdir()?;
        let own = self_signed(dir.path(), "ca", wish)?;
        Ok(Self { dir, own })
    }

    /// Makes an authority below this one.
    pub fn authority(&self, common: &str) -> io::Result<Self> {
        let dir = tempfile::Builder::new().prefix("pki").tempdir()?;
        let signed = self.sign(common, Wish::authority(common))?;
        let own = Pair {
            certificate: dir.path().join("ca.pem"),
            key: dir.path().join("ca.key"),
        };
        fs::copy(signed.certificate, &own.certificate)?;
        fs::copy(signed.key, &own.key)?;
        Ok(Self { dir, own })
    }

    /// Signs a certificate; `name` is that of its files.
    pub fn sign(&self, name: &str, wish: Wish) -> io::Result<Pair> {
        let pair = prepare(self.dir.path(), name, &wish)?;
        let template = write_template(self.dir.path(), name, &wish.template)?;
        let mut command = Command::new("certtool");
        command
            .args(["--generate-certificate", "--load-ca-certificate"])
            .arg(&self.own.certificate)
            .arg("--load-ca-privkey")
            .arg(&self.own.key);
        generate(&mut command, &pair, &template, &wish)?;
        Ok(pair)
    }

    /// Revokes certificates, with a list that is to be replaced until `next`, in certtool's words.
    pub fn revoke(&self, name: &str, pairs: &[&Pair], lines: &str) -> io::Result<PathBuf> {
        let list = self.dir.path().join(format!("{name}.crl"));
        let all = self.dir.path().join(format!("{name}.revoked"));
        let texts = pairs
            .iter()
            .map(|pair| fs::read_to_string(&pair.certificate));
        fs::write(&all, texts.collect::<io::Result<String>>()?)?;
        let template =
            write_template(self.dir.path(), name, &format!("{lines}\ncrl_number = 1\n"))?;
        let mut command = Command::new("certtool");
        command
            .args(["--generate-crl", "--load-ca-certificate"])
            .arg(&self.own.certificate)
            .arg("--load-ca-privkey")
            .arg(&self.own.key)
            .arg("--load-certificate")
            .arg(&all)
            .arg("--template")
            .arg(template)
            .arg("--outfile")
            .arg(&list);
        run(&mut command)?;
        Ok(list)
    }

    /// The authority's own certificate and key.
    pub fn own(&self) -> &Pair {
        &self.own
    }

    /// Where its files lie.
    pub fn path(&self) -> &Path {
        self.dir.path()
    }
}

/// Makes a certificate that vouches for itself.
pub fn self_signed(dir: &Path, name: &str, wish: Wish) -> io::Result<Pair> {
    let pair = prepare(dir, name, &wish)?;
    let template = write_template(dir, name, &wish.template)?;
    let mut command = Command::new("certtool");
    command.arg("--generate-self-signed");
    generate(&mut command, &pair, &template, &wish)?;
    Ok(pair)
}

/// Makes a folder with libvirt's names for a client's files, for `pkipath`.
pub fn client_folder(
    dir: &Path,
    ca: &Path,
    crl: Option<&Path>,
    own: Option<&Pair>,
) -> io::Result<()> {
    fs::create_dir_all(dir)?;
    fs::copy(ca, dir.join("cacert.pem"))?;
    if let Some(crl) = crl {
        fs::copy(crl, dir.join("cacrl.pem"))?;
    }
    if let Some(own) = own {
        fs::copy(&own.certificate, dir.join("clientcert.pem"))?;
        fs::copy(&own.key, dir.join("clientkey.pem"))?;
    }
    Ok(())
}

/// Encrypts a key with a passphrase, as `openssl genpkey -aes256` would have.
pub fn encrypt_key(key: &Path) -> io::Result<()> {
    let plain = key.with_extension("plain");
    fs::rename(key, &plain)?;
    let mut command = Command::new("openssl");
    command
        .args(["pkcs8", "-topk8", "-passout", "pass:lab", "-in"])
        .arg(&plain)
        .arg("-out")
        .arg(key);
    run(&mut command)
}

fn prepare(dir: &Path, name: &str, wish: &Wish) -> io::Result<Pair> {
    let pair = Pair {
        certificate: dir.join(format!("{name}.pem")),
        key: dir.join(format!("{name}.key")),
    };
    let mut command = Command::new("openssl");
    command.args(["genpkey", "-quiet", "-algorithm"]);
    match wish.key {
        Key::Rsa(bits) => command.args(["RSA", "-pkeyopt", &format!("rsa_keygen_bits:{bits}")]),
        Key::Curve(curve) => {
            command.args(["EC", "-pkeyopt", &format!("ec_paramgen_curve:{curve}")])
        }
        Key::Named(algorithm) => command.arg(algorithm),
    };
    run(command.arg("-out").arg(&pair.key))?;
    Ok(pair)
}

fn write_template(dir: &Path, name: &str, lines: &str) -> io::Result<PathBuf> {
    let path = dir.join(format!("{name}.template"));
    let dated = lines.contains("expiration_da");
    let days = if dated { "" } else { "expiration_days = 100\n" };
    fs::write(&path, format!("{lines}{days}"))?;
    Ok(path)
}

fn generate(command: &mut Command, pair: &Pair, template: &Path, wish: &Wish) -> io::Result<()> {
    command
        .args(&wish.arguments)
        .arg("--load-privkey")
        .arg(&pair.key)
        .arg("--template")
        .arg(template)
        .arg("--outfile")
        .arg(&pair.certificate);
    run(command)
}

fn run(command: &mut Command) -> io::Result<()> {
    let output = command.output()?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(io::Error::other(format!("{command:?}: {said}")))
}
