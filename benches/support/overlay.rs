//! Opponents of a measurement, installed on demand beside the private root, which itself stays as it is.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

/// The root folder with further packages in it.
pub(crate) struct Overlay {
    /// The whole: for `chroot`.
    #[allow(dead_code, reason = "some benchmarks need only what was added")]
    pub(crate) root: PathBuf,
    /// What the packages added, in the same folders as in the whole.
    #[allow(dead_code, reason = "some benchmarks need only the whole")]
    pub(crate) added: PathBuf,
}

/// Makes a root folder that is this one plus some packages, and installs them the first time. Each set has a name.
///
/// # Panics
/// When that fails, above all outside of the private root.
pub(crate) fn install(name: &str, packages: &[&str]) -> Overlay {
    const SCRIPT: &str = r#"
        set -eu
        layer=$1 root=$2
        shift 2
        mkdir -p "$layer/upper" "$layer/work" "$root"
        mount -t overlay overlay -o "lowerdir=/,upperdir=$layer/upper,workdir=$layer/work" "$root"
        for folder in dev proc sys tmp run; do mount --rbind "/$folder" "$root/$folder"; done
        for file in resolv.conf hosts machine-id; do
            touch "$root/etc/$file"
            mount --bind "/etc/$file" "$root/etc/$file"
        done
        [ ! -e "$layer/complete" ] || exit 0
        echo "installing $* into an overlay of the private root" >&2
        chroot "$root" apt-get -o APT::Sandbox::User=root update -qq
        DEBIAN_FRONTEND=noninteractive chroot "$root" \
            apt-get -o APT::Sandbox::User=root install -y -qq --no-install-recommends "$@" >"$layer/log" 2>&1
        touch "$layer/complete"
    "#;
    let layer = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let root = PathBuf::from(format!("/run/innkeeper-bench-{name}"));
    let done = Command::new("bash")
        .args(["-c", SCRIPT, "install"])
        .args([&layer, &root])
        .args(packages)
        .status()
        .expect("bash");
    assert!(
        done.success(),
        "{packages:?} could not be installed; see {}/log, and run this with build-aux/dev",
        layer.display()
    );
    Overlay {
        root,
        added: layer.join("upper"),
    }
}
