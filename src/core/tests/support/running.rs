//! A real daemon with one running guest, and a host that is connected to it.

use innkeeper_core::{Host, Options};
use lab::{Daemon, guest};
use virt_rpc::procedure::types;

use super::{admin::Admin, uri, view::View};

/// The guest's screen in the XML that it is made from.
pub(crate) const PLAIN_SCREEN: &str = "<graphics type='vnc'><listen type='none'/></graphics>";

pub(crate) struct Running {
    pub(crate) daemon: Daemon,
    pub(crate) admin: Admin,
    pub(crate) dom: types::Domain,
    pub(crate) host: Host,
    pub(crate) view: View,
}

impl Running {
    /// Starts a guest whose XML has `new` in place of `old`; `DIR` in it is a folder of the daemon's.
    pub(crate) async fn with(name: &str, old: &str, new: &str, options: Options) -> Self {
        let daemon = Daemon::start().unwrap();
        let admin = Admin::connect(&daemon.socket(), Daemon::qemu_uri()).await;
        let xml = guest::prepare(daemon.path(), name).unwrap();
        assert!(xml.contains(old));
        let new = new.replace("DIR", &daemon.path().display().to_string());
        let dom = admin.define(xml.replace(old, &new)).await;
        admin.start(&dom).await;
        let host = Host::with_options(uri(Daemon::qemu_uri(), &daemon.socket()), options);
        let mut view = View::of(&host);
        host.connect();
        view.until_connected().await;
        Self {
            daemon,
            admin,
            dom,
            host,
            view,
        }
    }
}
