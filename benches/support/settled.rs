//! Innkeeper on a desktop as an earlier start would have left it: one host, how pictures are scaled, and the size of the
//! guests' windows.

use std::fs;

use lab::ScreenHost;
use testbed::Desktop;

/// Writes its files. `scaling` is a value of the setting `console-scaling`; `window` is in pixels.
///
/// # Panics
/// When that fails.
pub(crate) fn settle(desktop: &Desktop, host: &ScreenHost, scaling: &str, window: (u16, u16)) {
    let uri = host.uri();
    let (width, height) = window;
    let size = |number| {
        let uuid = ScreenHost::uuid(number);
        format!(r#""{uri} {uuid}":{{"width":{width},"height":{height}}}"#)
    };
    let sizes: Vec<String> = (0..host.count()).map(size).collect();
    let files = [
        (
            "innkeeper/connections.json",
            format!(r#"{{"version":1,"connections":[{{"uri":"{uri}","autoconnect":true}}]}}"#),
        ),
        (
            "innkeeper/windows.json",
            format!(r#"{{"version":1,"windows":{{{}}}}}"#, sizes.join(",")),
        ),
        (
            "glib-2.0/settings/keyfile",
            format!("[io/github/innkeeper/Innkeeper]\nconsole-scaling='{scaling}'\n"),
        ),
    ];
    for (name, text) in files {
        let path = desktop.folder("config").join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
}
