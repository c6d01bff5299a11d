//! Saves the guest's picture as a PNG file: the viewer's, or where there is no viewer, the hypervisor's. Never leaves half
//! a file: it is written under another name first.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use adw::prelude::*;
use gtk::{gdk, gio, glib};

use super::GuestWindow;
use crate::{
    app::i18n::{gettext, gettext_f},
    model::{Error, Guest, Screenshot, rfb::Framebuffer},
    widgets::{show_error, show_message},
};

/// What hypervisors call the type of the files that are saved here.
const PNG: &str = "image/png";

/// A picture of the moment in which it was asked for.
pub(super) enum Picture {
    /// What the viewer showed.
    Viewer(Framebuffer),
    /// A file that the hypervisor made.
    Hypervisor(Screenshot),
}

/// Takes a picture, asks where to save it, saves it, and says how that went.
pub(super) async fn take(window: &GuestWindow) {
    let Some(guest) = window.guest() else { return };
    let shown = match window.session() {
        Some(session) => session.picture().await,
        None => None,
    };
    let picture = match shown {
        Some(shown) => Picture::Viewer(shown),
        None => match from_hypervisor(&guest).await {
            Ok(picture) => picture,
            Err(error) => {
                show_error(window, &gettext("Screenshot Not Taken"), &error);
                return;
            }
        },
    };
    save(window.upcast_ref(), &guest.name(), picture).await;
}

async fn from_hypervisor(guest: &Guest) -> Result<Picture, Error> {
    Ok(Picture::Hypervisor(guest.screenshot().await?))
}

async fn save(window: &gtk::Window, guest_name: &str, picture: Picture) {
    let filter = gtk::FileFilter::new();
    filter.set_name(Some(&gettext("PNG Images")));
    filter.add_mime_type("image/png");
    let filters = gio::ListStore::new::<gtk::FileFilter>();
    filters.append(&filter);
    let dialog = gtk::FileDialog::builder()
        .title(gettext("Save Screenshot"))
        .accept_label(gettext("_Save"))
        .initial_name(file_name(guest_name))
        .filters(&filters)
        .modal(true)
        .build();
    if let Some(folder) = glib::user_special_dir(glib::UserDirectory::Pictures) {
        dialog.set_initial_folder(Some(&gio::File::for_path(folder)));
    }
    // A dialog that is dismissed says so with an error.
    let Ok(file) = dialog.save_future(Some(window)).await else {
        return;
    };
    let result = match file.path() {
        Some(path) => write(picture, path).await,
        None => Err(io::Error::other(gettext(
            "Choose a folder of this computer.",
        ))),
    };
    let shown = file.basename().unwrap_or_default();
    match result {
        Ok(()) => show_message(
            window,
            &gettext_f("Saved as “{file}”", &[("file", &shown.to_string_lossy())]),
        ),
        Err(error) => report(window, &error),
    }
}

/// Says why nothing was saved.
fn report(window: &gtk::Window, error: &io::Error) {
    tracing::error!(%error, "a screenshot was not saved");
    let cause = match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            gettext("There is no space left. Free some, or choose another folder.")
        }
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            gettext("The folder cannot be written to. Choose another one.")
        }
        io::ErrorKind::NotFound => gettext("The folder is gone. Choose another one."),
        _ => error.to_string(),
    };
    let heading = gettext("Screenshot Not Saved");
    let dialog = adw::AlertDialog::new(Some(&heading), Some(&cause));
    dialog.add_response("close", &gettext("_Close"));
    dialog.set_close_response("close");
    dialog.present(Some(window));
}

/// Encodes the picture and writes it, on another thread.
async fn write(picture: Picture, path: PathBuf) -> io::Result<()> {
    gio::spawn_blocking(move || write_whole(&encode(picture)?, &path))
        .await
        .unwrap_or_else(|_| Err(io::Error::other("the picture could not be encoded")))
}

fn encode(picture: Picture) -> io::Result<glib::Bytes> {
    let texture = match picture {
        Picture::Viewer(picture) => gdk::MemoryTexture::new(
            picture.size().width.into(),
            picture.size().height.into(),
            gdk::MemoryFormat::B8g8r8x8,
            &glib::Bytes::from(picture.bytes()),
            picture.stride(),
        )
        .upcast(),
        Picture::Hypervisor(file) => {
            let bytes = glib::Bytes::from_owned(file.bytes);
            if file.mime == PNG {
                return Ok(bytes);
            }
            gdk::Texture::from_bytes(&bytes).map_err(io::Error::other)?
        }
    };
    Ok(texture.save_to_png_bytes())
}

/// Writes a file whole or not at all.
fn write_whole(bytes: &[u8], path: &Path) -> io::Result<()> {
    let mut part = path.as_os_str().to_owned();
    part.push(".part");
    let part = PathBuf::from(part);
    let written = fs::File::create(&part).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    let moved = written.and_then(|()| fs::rename(&part, path));
    if moved.is_err() {
        let _ = fs::remove_file(&part);
    }
    moved
}

/// Gives the name that virt-manager gives (features C5): `Screenshot_VM_DATE.png`.
fn file_name(guest_name: &str) -> String {
    let date = glib::DateTime::now_local()
        .and_then(|now| now.format("%Y-%m-%d_%H-%M-%S"))
        .unwrap_or_default();
    format!("Screenshot_{}_{date}.png", guest_name.replace('/', "_"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_written_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.png");
        write_whole(b"first", &path).unwrap();
        write_whole(b"second", &path).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"second");
        // A folder in its place cannot be replaced by a file; nothing may be left beside it.
        let taken = folder.path().join("b.png");
        fs::create_dir(&taken).unwrap();
        assert!(write_whole(b"third", &taken).is_err());
        let missing = folder.path().join("no").join("c.png");
        assert!(write_whole(b"fourth", &missing).is_err());
        let mut names: Vec<_> = fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        names.sort();
        assert_eq!(names, ["a.png", "b.png"]);
    }

    #[test]
    fn what_the_hypervisor_made_becomes_png() {
        let file = |mime: &str, bytes: &[u8]| {
            Picture::Hypervisor(Screenshot {
                mime: mime.to_owned(),
                bytes: bytes.to_vec().into(),
            })
        };
        let made = encode(file(
            "image/x-portable-pixmap",
            b"P6 2 1 255\n\x01\x02\x03\xff\0\0",
        ));
        let texture = gdk::Texture::from_bytes(&made.unwrap()).unwrap();
        assert_eq!((texture.width(), texture.height()), (2, 1));
        assert_eq!(
            encode(file(PNG, b"as it is")).unwrap().as_ref(),
            b"as it is"
        );
        assert!(encode(file("image/x-portable-pixmap", b"nonsense")).is_err());
    }

    #[test]
    fn a_name_holds_no_folder() {
        let name = file_name("a/b");
        assert!(name.starts_with("Screenshot_a_b_"), "{name}");
        assert_eq!(Path::new(&name).extension(), Some("png".as_ref()));
    }
}
