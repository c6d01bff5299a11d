//! A small JSON file in the user's configuration folder, in which the program keeps something across starts.
//!
//! Read once, on the main thread; written on another one, whole to a new file that then takes the old one's place, so that
//! a full disk or a crash loses nothing. It does not know what it keeps.

use std::{
    fs,
    future::Future,
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{
        Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use gtk::{gio, glib};
use serde::{Serialize, de::DeserializeOwned};

/// How long the end of the program may wait for a disk.
const LAST_WAIT: Duration = Duration::from_secs(5);

/// How many writes are under way, and who waits for their end.
static UNDER_WAY: (Mutex<usize>, Condvar) = (Mutex::new(0), Condvar::new());

/// A kept file; there is one for each name, a static of whoever keeps something in it.
#[derive(Debug)]
pub struct KeptFile {
    name: &'static str,
    /// Counts the states that were to be written.
    asked: AtomicU64,
    /// The newest one that was.
    written: Mutex<u64>,
}

impl KeptFile {
    /// Names a file, such as `guests.json`. Nothing is read yet.
    pub const fn named(name: &'static str) -> Self {
        Self {
            name,
            asked: AtomicU64::new(0),
            written: Mutex::new(0),
        }
    }

    /// Reads what is kept; `None` where nothing ever was. A file that cannot be read is moved aside, never overwritten.
    pub fn read<T: DeserializeOwned>(&self) -> Option<T> {
        read(&self.path())
    }

    /// Writes what is to be kept, never an older state over a newer one. It starts at once, whether or not anybody waits
    /// for the result.
    ///
    /// # Errors
    /// What the system says of the disk.
    ///
    /// # Cancel safety
    /// Dropping the future changes nothing.
    pub fn write<T: Serialize>(
        &'static self,
        content: &T,
    ) -> impl Future<Output = io::Result<()>> + use<T> {
        let number = self.asked.fetch_add(1, Ordering::Relaxed) + 1;
        let text = serde_json::to_vec_pretty(content);
        let ticket = Ticket::take();
        let writing = gio::spawn_blocking(move || {
            let _until_its_end = ticket;
            let mut newest = lock(&self.written);
            if number < *newest {
                return Ok(());
            }
            *newest = number;
            write(&self.path(), &text?)
        });
        async move {
            writing
                .await
                .unwrap_or_else(|_| Err(io::ErrorKind::Other.into()))
        }
    }

    fn path(&self) -> PathBuf {
        glib::user_config_dir().join("innkeeper").join(self.name)
    }
}

/// Waits until everything is written, for a few seconds at most: for the end of the program.
pub fn finish_writing() {
    let (count, ended) = &UNDER_WAY;
    let wait = ended.wait_timeout_while(lock(count), LAST_WAIT, |count| *count > 0);
    if wait.is_ok_and(|(_, timeout)| timeout.timed_out()) {
        tracing::error!("what was to be kept is not all on the disk");
    }
}

/// One write that is under way.
struct Ticket;

impl Ticket {
    fn take() -> Self {
        *lock(&UNDER_WAY.0) += 1;
        Self
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        *lock(&UNDER_WAY.0) -= 1;
        UNDER_WAY.1.notify_all();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(super) fn read<T: DeserializeOwned>(path: &Path) -> Option<T> {
    let text = match fs::read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return None,
        text => text,
    };
    match text.and_then(|text| Ok(serde_json::from_slice(&text)?)) {
        Ok(content) => Some(content),
        Err(error) => {
            tracing::error!(%error, ?path, "a kept file cannot be read; it is moved aside");
            let _ = fs::rename(path, path.with_extension("json.broken"));
            None
        }
    }
}

fn write(path: &Path, text: &[u8]) -> io::Result<()> {
    let new = path.with_extension("json.new");
    fs::create_dir_all(path.parent().unwrap_or(path))?;
    let mut file = fs::File::create(&new)?;
    file.write_all(text)?;
    file.sync_all()?;
    fs::rename(new, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> tempfile::TempDir {
        tempfile::tempdir().expect("a folder")
    }

    #[test]
    fn what_is_written_is_read_again() {
        let folder = folder();
        let path = folder.path().join("deeper/kept.json");
        assert_eq!(read::<Vec<u8>>(&path), None);
        write(&path, b"[1, 2]").expect("written");
        assert_eq!(read(&path), Some(vec![1, 2]));
        assert!(!path.with_extension("json.new").exists());
    }

    #[test]
    fn a_broken_file_is_moved_aside() {
        let folder = folder();
        let path = folder.path().join("kept.json");
        fs::write(&path, "[1,").expect("a file");
        assert_eq!(read::<Vec<u8>>(&path), None);
        assert!(!path.exists());
        assert!(path.with_extension("json.broken").exists());
    }

    #[test]
    fn what_cannot_be_read_at_all_is_moved_aside() {
        let folder = folder();
        let path = folder.path().join("kept.json");
        // As unreadable for root as for anybody.
        fs::create_dir(&path).expect("a folder");
        assert_eq!(read::<Vec<u8>>(&path), None);
        assert!(path.with_extension("json.broken").exists());
        write(&path, b"[]").expect("written");
    }

    #[test]
    fn a_disk_that_is_full_leaves_what_was() {
        let folder = folder();
        let path = folder.path().join("kept.json");
        write(&path, b"[1]").expect("written");
        // The new file cannot be made.
        fs::create_dir(path.with_extension("json.new")).expect("a folder");
        assert!(write(&path, b"[2]").is_err());
        assert_eq!(read(&path), Some(vec![1]));
    }
}
