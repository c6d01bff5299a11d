//! Names of operating systems, from osinfo-db's files on this machine.
//!
//! The database is one XML file a system, found by the system's identity: `http://debian.org/debian/13` stands in
//! `os/debian.org/debian-13.xml` (osinfo-db-tools' layout). A machine without it shows the identity itself.

use std::path::{Path, PathBuf};

use virtxml::Document;

/// Where the database is installed; a later folder's file counts before an earlier one's.
const FOLDERS: [&str; 2] = ["/usr/share/osinfo", "/usr/local/share/osinfo"];

/// The largest file that is read, in bytes; the database's own stay below 100 KB.
const FILE_MAX: u64 = 1024 * 1024;

/// Finds the name of an operating system, such as “Debian 13”.
///
/// # Cancel safety
/// Only reads.
pub(crate) async fn os_name(id: &str) -> Option<String> {
    let file = file_of(id)?;
    for folder in FOLDERS.iter().rev() {
        if let Some(name) = name_in(&Path::new(folder).join(&file)).await {
            return Some(name);
        }
    }
    None
}

/// The file of an identity below a database's folder; `None` for one that could lead elsewhere.
fn file_of(id: &str) -> Option<PathBuf> {
    let rest = id
        .strip_prefix("http://")
        .or_else(|| id.strip_prefix("https://"))?;
    let (vendor, system) = rest.split_once('/')?;
    let is_plain = |part: &str| {
        let allowed = |c: char| c.is_ascii_alphanumeric() || "-_+.".contains(c);
        !part.is_empty() && part.chars().all(allowed) && !part.starts_with('.')
    };
    let system = system.replace('/', "-");
    (is_plain(vendor) && is_plain(&system))
        .then(|| Path::new("os").join(vendor).join(format!("{system}.xml")))
}

async fn name_in(path: &Path) -> Option<String> {
    let size = tokio::fs::metadata(path).await.ok()?.len();
    if size > FILE_MAX {
        return None;
    }
    let text = tokio::fs::read_to_string(path).await.ok()?;
    let document = Document::parse(&text).ok()?;
    let system = document.root().first("os")?;
    let plain = system
        .all("name")
        .find(|name| name.attribute("xml:lang").is_none())?;
    Some(plain.text())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identity_names_its_file() {
        let file = file_of("http://debian.org/debian/13");
        assert_eq!(file, Some(PathBuf::from("os/debian.org/debian-13.xml")));
        let file = file_of("http://microsoft.com/win/11");
        assert_eq!(file, Some(PathBuf::from("os/microsoft.com/win-11.xml")));
    }

    #[test]
    fn an_identity_cannot_lead_out_of_the_database() {
        for id in [
            "http://../../etc/passwd",
            "http://a/../b",
            "file:///etc",
            "",
            "http://a",
        ] {
            assert_eq!(file_of(id), None, "{id}");
        }
    }

    #[tokio::test]
    async fn the_name_is_read_from_the_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("x.xml");
        let text = "<libosinfo><os id='http://a/b'><name xml:lang='ja'>い</name><name>B One</name></os></libosinfo>";
        std::fs::write(&path, text).expect("a file");
        assert_eq!(name_in(&path).await.as_deref(), Some("B One"));
    }
}
