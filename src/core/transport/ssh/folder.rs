//! The folders for ssh's sockets: nobody else can enter them, and none stays behind for ever.
//!
//! Each holds a file that its process has locked. Whatever ends the process gives the lock free, so that a later one
//! knows whose time is over, whatever numbers processes have by then, and in other namespaces, too.

use std::{
    env,
    fs::{self, DirBuilder, File, Permissions},
    io,
    os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt},
    path::{Path, PathBuf},
    time::Duration,
};

use rustix::process::geteuid;
use tempfile::TempDir;

/// How the folders' names begin.
const PREFIX: &str = "ssh-";
/// The file that tells whether a folder is in use.
const OWNER: &str = "owner";
/// How long a folder may be without that file: the time between two calls, with much to spare.
const BEING_MADE: Duration = Duration::from_mins(1);
/// The longest path of a control socket: OpenSSH adds 17 characters while it makes it, and 108 are the system's limit.
const CONTROL_MAX: usize = 90;

/// A folder of our own for sockets. It goes with its value.
#[derive(Debug)]
pub(super) struct PrivateFolder {
    folder: TempDir,
    /// Locked; closed after the folder has gone.
    _owner: File,
}

impl PrivateFolder {
    /// Makes one that nobody else can enter.
    pub(super) fn make() -> io::Result<Self> {
        let base = base().filter(|base| {
            let mut builder = DirBuilder::new();
            let made = builder.recursive(true).mode(0o700).create(base);
            made.is_ok() && is_own(base)
        });
        Self::make_in(base.as_deref().unwrap_or(Path::new("/tmp")))
    }

    fn make_in(base: &Path) -> io::Result<Self> {
        let folder = tempfile::Builder::new()
            .prefix(PREFIX)
            .permissions(Permissions::from_mode(0o700))
            .tempdir_in(base)?;
        // It gets its name when it is locked: under that name it is never seen free.
        let unnamed = folder.path().join("new");
        let owner = File::create(&unnamed)?;
        owner.lock()?;
        fs::rename(&unnamed, folder.path().join(OWNER))?;
        Ok(Self {
            folder,
            _owner: owner,
        })
    }

    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// Removes what processes have left in the user's runtime folder that were killed: folders for ssh's sockets whose
/// owner is dead. Those in use, and all else, stay. Blocks for some calls of the file system.
pub fn remove_left_folders() {
    if let Some(base) = base().filter(|base| is_own(base)) {
        sweep(&base);
    }
}

fn sweep(base: &Path) {
    let entries = fs::read_dir(base).into_iter().flatten().flatten();
    for entry in entries {
        let is_named = entry.file_name().to_string_lossy().starts_with(PREFIX);
        let folder = entry.path();
        if is_named && is_own(&folder) {
            let removed = remove_if_left(&folder);
            tracing::debug!(folder = %folder.display(), ?removed, "looked at");
        }
    }
}

fn remove_if_left(folder: &Path) -> io::Result<()> {
    match File::open(folder.join(OWNER)) {
        Ok(owner) => {
            owner.try_lock()?;
            fs::remove_dir_all(folder)
        }
        // An earlier version made it, or somebody is making it. Only an empty one goes.
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let age = folder.metadata()?.modified()?.elapsed();
            match age {
                Ok(age) if age > BEING_MADE => fs::remove_dir(folder),
                _ => Ok(()),
            }
        }
        Err(error) => Err(error),
    }
}

/// The folder for our folders, where the user has one that ssh can name sockets in.
fn base() -> Option<PathBuf> {
    let runtime = env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from);
    runtime
        .filter(|base| base.is_absolute() && is_own(base))
        .map(|base| base.join("innkeeper"))
        .filter(|base| has_room(base))
}

/// Says whether nobody else can put anything there.
fn is_own(folder: &Path) -> bool {
    folder.symlink_metadata().is_ok_and(|meta| {
        meta.is_dir() && meta.uid() == geteuid().as_raw() && meta.mode() & 0o022 == 0
    })
}

/// Says whether a control socket below the folder can have a name, and one that ssh leaves as it is.
fn has_room(base: &Path) -> bool {
    let text = base.as_os_str().to_string_lossy();
    let plain = !text.contains(['%', '$', '"', '\\', ' ']);
    plain && text.len() + "/ssh-XXXXXX/control".len() <= CONTROL_MAX
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::*;

    #[test]
    fn control_sockets_have_names_that_ssh_can_make() {
        assert!(has_room(Path::new("/run/user/1000/innkeeper")));
        assert!(!has_room(Path::new("/run/user/50%/innkeeper")));
        assert!(!has_room(&Path::new("/").join("x".repeat(80))));
        let folder = PrivateFolder::make().unwrap();
        assert!(is_own(folder.path()));
        assert_eq!(folder.path().metadata().unwrap().mode() & 0o777, 0o700);
    }

    #[test]
    fn what_the_dead_have_left_goes_and_all_else_stays() {
        let base = tempfile::tempdir().unwrap();
        let living = PrivateFolder::make_in(base.path()).unwrap();
        let PrivateFolder {
            folder: dead,
            _owner: owner,
        } = PrivateFolder::make_in(base.path()).unwrap();
        let left = dead.keep();
        fs::write(left.join("control"), "").unwrap();
        drop(owner);
        // Of an earlier version, long ago; just being made; somebody else's.
        let private = |name: &str| {
            let folder = base.path().join(name);
            DirBuilder::new().mode(0o700).create(&folder).unwrap();
            folder
        };
        let old = private("ssh-before");
        let long_ago = SystemTime::now() - BEING_MADE * 2;
        File::open(&old).unwrap().set_modified(long_ago).unwrap();
        let (new, other) = (private("ssh-new"), private("other"));

        sweep(base.path());
        assert!(!left.exists() && !old.exists());
        assert!(living.path().exists() && new.exists() && other.exists());
    }
}
