//! Opens the hypervisor's driver in the daemon.
//!
//! Drivers that reach another host in their own way (ESX, vCenter, Hyper-V) sign in there by themselves, and a daemon has
//! nobody to ask: it reads `auth.conf`. Who is asked here is the user; the answer goes to the daemon in such a file, which is
//! readable for this user only, named by the URI's parameter `authfile` and gone when the driver is open.

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
};

use link_security::{Answer, AskError, Question, Request};
use tempfile::NamedTempFile;
use virt_rpc::{Connection, Deadline, Error as RpcError, RemoteError, code, procedure};

use crate::{CheckStep, Error, ErrorKind, Options, Step, Uri, progress::Progress};

/// `VIR_CONNECT_RO`, the only bit of OPEN's flags that a daemon reads.
const READ_ONLY: u32 = 1;

/// `VIR_FROM_AUTH`: the error is about credentials (include/libvirt/virterror.h).
const FROM_AUTH: i32 = 46;

/// Opens the driver, asking for what it needs to sign in elsewhere.
pub(super) async fn open(
    connection: &Connection,
    uri: &Uri,
    options: &Options,
    progress: &Progress,
) -> Result<(), Error> {
    progress.step(Step::Opening);
    progress.begin(CheckStep::Driver);
    let name = uri.driver_uri();
    let first = call(connection, &name, options).await;
    match first {
        Err(RpcError::Remote(remote)) if wants_credentials(uri, &remote) => {
            sign_in(connection, uri, options, &remote).await?;
        }
        result => result?,
    }
    progress.passed(CheckStep::Driver, name);
    Ok(())
}

async fn call(connection: &Connection, name: &str, options: &Options) -> Result<(), RpcError> {
    let open = procedure::ConnectOpen {
        name: Some(name.to_owned()),
        flags: if options.read_only { READ_ONLY } else { 0 },
    };
    let patience = Deadline::After(options.open);
    connection.call_with(open, patience).await
}

fn wants_credentials(uri: &Uri, remote: &RemoteError) -> bool {
    uri.is_through_local_daemon()
        && (remote.domain == FROM_AUTH || remote.code == code::AUTH_FAILED)
}

/// Asks for a name and a password until the driver takes them or nobody answers.
async fn sign_in(
    connection: &Connection,
    uri: &Uri,
    options: &Options,
    missing: &RemoteError,
) -> Result<(), Error> {
    let login = Login::of(uri);
    let mut failure: Option<RemoteError> = None;
    loop {
        let reason = failure.as_ref().map(ToString::to_string);
        let request = login.request().after_failure(reason);
        let answer = match options.credentials.ask(request.clone()).await {
            Ok(answer) => answer,
            Err(AskError::Cancelled) => {
                return Err(Error::new(ErrorKind::Cancelled, "the question was closed"));
            }
            Err(_) => return Err(login.refusal(failure.as_ref().unwrap_or(missing))),
        };
        let file = login.write(&answer).map_err(|error| {
            let text = format!("the daemon cannot be told the password: {error}");
            Error::new(login.kind(), text)
        })?;
        match call(connection, &name_with(uri, file.path())?, options).await {
            Ok(()) => {
                options.credentials.accepted(&request);
                return Ok(());
            }
            Err(RpcError::Remote(remote)) if wants_credentials(uri, &remote) => {
                failure = Some(*remote);
            }
            Err(error) => return Err(error.into()),
        }
    }
}

/// For which service on which host a driver needs a password, in `auth.conf`'s words.
struct Login {
    service: &'static str,
    host: String,
    user: Option<String>,
}

impl Login {
    fn of(uri: &Uri) -> Self {
        Self {
            // libvirt's src/esx/esx_driver.c and src/hyperv/hyperv_driver.c; all of VMware's go by one name.
            service: if uri.driver() == "hyperv" {
                "hyperv"
            } else {
                "esx"
            },
            host: uri.host().unwrap_or("localhost").to_owned(),
            user: uri.user().map(str::to_owned),
        }
    }

    fn request(&self) -> Request {
        let question = Question::UserPassword {
            user: self.user.clone(),
            realm: Some(self.service.to_owned()),
        };
        Request::new(question, self.host.as_str())
    }

    fn kind(&self) -> ErrorKind {
        ErrorKind::DriverCredentials {
            service: self.service.to_owned(),
            host: self.host.clone(),
        }
    }

    fn refusal(&self, remote: &RemoteError) -> Error {
        Error::new(self.kind(), remote.to_string())
    }

    fn write(&self, answer: &Answer) -> io::Result<NamedTempFile> {
        let user = answer.user.as_deref().or(self.user.as_deref());
        let user = user.unwrap_or_default();
        let password = answer.secret.reveal();
        if [user, password]
            .iter()
            .any(|text| text.contains(['\n', '\r', '\0']))
        {
            return Err(io::Error::other("it has more than one line"));
        }
        // Readable for this user only, and removed when dropped.
        let mut file = tempfile::Builder::new()
            .prefix("innkeeper-")
            .tempfile_in(private_folder())?;
        for piece in ["[credentials-x]\nusername=", user, "\npassword=", password] {
            file.write_all(piece.as_bytes())?;
        }
        write!(
            file,
            "\n[auth-{}-{}]\ncredentials=x\n",
            self.service, self.host
        )?;
        file.flush()?;
        Ok(file)
    }
}

/// The driver's name with the file that has its password.
fn name_with(uri: &Uri, file: &Path) -> Result<String, Error> {
    let mut parts = uri.parts().clone();
    parts.set_parameter("authfile", Some(&file.display().to_string()));
    Ok(Uri::try_from(parts)?.to_string())
}

/// The user's folder in memory, or the system's for what passes.
fn private_folder() -> PathBuf {
    std::env::var_os("XDG_RUNTIME_DIR")
        .map(PathBuf::from)
        .filter(|folder| folder.is_absolute() && folder.is_dir())
        .unwrap_or_else(std::env::temp_dir)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn login(uri: &str) -> Login {
        Login::of(&uri.parse().unwrap())
    }

    #[test]
    fn the_daemon_is_told_the_password_in_a_private_file_that_goes() {
        let vcenter = login("vpx://me@vc.example/dc/host");
        let file = vcenter.write(&Answer::password("let me=in")).unwrap();
        let path = file.path().to_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains("username=me\npassword=let me=in\n"), "{text}");
        assert!(
            text.contains("[auth-esx-vc.example]\ncredentials=x\n"),
            "{text}"
        );
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        drop(file);
        assert!(!path.exists());
        assert!(vcenter.write(&Answer::password("a\n[x]")).is_err());
    }

    #[test]
    fn each_driver_has_its_service() {
        assert_eq!(login("hyperv://h/").service, "hyperv");
        for uri in ["esx://h/", "gsx://h/", "vpx://h/dc/x"] {
            assert_eq!(login(uri).service, "esx");
        }
    }
}
