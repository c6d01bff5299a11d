//! The page with the certificates' files: what was found where, and what is wrong with it.

use std::{fs, path::Path};

use ::lab::certificates::{Authority, Wish, encrypt_key};
use adw::prelude::*;
use gtk::glib;
use innkeeper::{model::PkiRoots, ui::dialogs::CertificatesPage};

use crate::support::{self, tree, wait_until};

/// A page in a window, which looks below these folders.
struct Shown {
    window: adw::Window,
    page: CertificatesPage,
}

impl Shown {
    fn below(folder: &Path) -> Self {
        support::start();
        let page: CertificatesPage = glib::Object::new();
        page.look_below(PkiRoots {
            system: folder.join("etc"),
            user: Some(folder.join("home")),
            privileged: false,
        });
        let window = adw::Window::builder().content(&page).build();
        window.present();
        let shown = Self { window, page };
        wait_until("the rows", || shown.rows().len() == 8);
        shown
    }

    /// Title, text, and whether there is a warning, of each row.
    fn rows(&self) -> Vec<(String, String, bool)> {
        let rows = tree(&self.page).into_iter();
        let rows = rows.filter_map(|widget| widget.downcast::<adw::ActionRow>().ok());
        rows.map(|row| {
            let icons = tree(&row).into_iter();
            let mut icons = icons.filter_map(|icon| icon.downcast::<gtk::Image>().ok());
            let warns = icons.any(|icon| icon.has_css_class("warning"));
            let text = row.subtitle().unwrap_or_default();
            (row.title().into(), text.into(), warns)
        })
        .collect()
    }
}

impl Drop for Shown {
    fn drop(&mut self) {
        self.window.destroy();
    }
}

#[track_caller]
fn expect(row: &(String, String, bool), title: &str, texts: &[&str], warns: bool) {
    assert_eq!((row.0.as_str(), row.2), (title, warns), "{row:?}");
    for text in texts {
        assert!(row.1.contains(text), "{text}: {row:?}");
    }
}

#[gtk::test]
fn missing_files_say_where_they_were_looked_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let shown = Shown::below(folder.path());
    let rows = shown.rows();
    let own = ["home/libvirt/clientcert.pem", "etc/libvirt/clientcert.pem"];
    expect(
        &rows[0],
        "Authorities to Trust",
        &["home/libvirt/cacert.pem", "etc/CA/cacert.pem"],
        true,
    );
    expect(
        &rows[1],
        "Revoked Certificates",
        &["Not found", "cacrl.pem"],
        false,
    );
    expect(&rows[2], "Your Certificate", &own, false);
    expect(
        &rows[3],
        "Its Private Key",
        &["etc/libvirt/private/clientkey.pem"],
        false,
    );
    expect(
        &rows[4],
        "Authorities to Trust",
        &["home/CA/cacert.pem"],
        true,
    );
    expect(
        &rows[6],
        "Your Certificate",
        &["home/libvirt-vnc/clientcert.pem"],
        false,
    );
}

#[gtk::test]
fn files_that_are_there_say_whose_and_how_long() {
    let authority = Authority::new("the lab").expect("certtool works");
    let own = authority
        .sign("own", Wish::client("me"))
        .expect("certtool works");
    let old = authority
        .sign("old", Wish::client("me before").expired())
        .expect("certtool works");
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    for (from, to) in [
        (&authority.own().certificate, "etc/CA/cacert.pem"),
        (&own.certificate, "home/libvirt/clientcert.pem"),
        (&own.key, "home/libvirt/clientkey.pem"),
        (&old.certificate, "home/libvirt-vnc/clientcert.pem"),
        (&old.key, "home/libvirt-vnc/private/clientkey.pem"),
    ] {
        fs::create_dir_all(at(to).parent().expect("a folder")).expect("a folder");
        fs::copy(from, at(to)).expect("a file");
    }
    let shown = Shown::below(folder.path());
    let rows = shown.rows();
    expect(
        &rows[0],
        "Authorities to Trust",
        &["etc/CA/cacert.pem", "CN=the lab, valid until"],
        false,
    );
    expect(
        &rows[2],
        "Your Certificate",
        &["home/libvirt/clientcert.pem", "CN=me", "valid until"],
        false,
    );
    expect(
        &rows[3],
        "Its Private Key",
        &["clientkey.pem", "Belongs to the certificate"],
        false,
    );
    expect(
        &rows[6],
        "Your Certificate",
        &["CN=me before", "(expired)"],
        true,
    );

    // What is wrong now is told when the page is looked at again.
    encrypt_key(&at("home/libvirt/clientkey.pem")).expect("openssl works");
    fs::remove_file(at("home/libvirt-vnc/private/clientkey.pem")).expect("a file");
    shown.page.set_visible(false);
    shown.page.set_visible(true);
    wait_until("the faults", || shown.rows()[3].2);
    let rows = shown.rows();
    expect(
        &rows[3],
        "Its Private Key",
        &["locked with a passphrase"],
        true,
    );
    expect(
        &rows[6],
        "Your Certificate",
        &["its other half is not there"],
        true,
    );
}
