# The private Debian 13 root: made once in the user's cache, then entered for every command.
# Sourced by the commands beside this folder; knows nothing of what is built or run inside.

# Debian 13 packages that building, testing and the demonstration need.
ROOT_PACKAGES="
build-essential pkg-config ca-certificates git
libgtk-4-dev libadwaita-1-dev libsasl2-dev gettext meson desktop-file-utils appstream libxml2-utils
xvfb xauth xdotool x11-utils dbus dbus-x11 at-spi2-core imagemagick metacity
adwaita-icon-theme fonts-cantarell fonts-dejavu-core fonts-noto-cjk gsettings-desktop-schemas
libvirt-daemon-system libvirt-clients libvirt-daemon-driver-qemu libvirt-daemon-driver-network libvirt-daemon-driver-storage
qemu-system-x86 qemu-utils seabios nasm busybox-static cpio
polkitd dnsmasq-base iproute2 procps gnutls-bin
"

root_cache() { printf '%s/innkeeper' "${XDG_CACHE_HOME:-$HOME/.cache}"; }

# The folder's name carries a hash of the package list: another list makes another root.
root_path() {
    printf '%s/root-%s' "$(root_cache)" "$(printf '%s' "$ROOT_PACKAGES" | sha256sum | cut -c1-12)"
}

# Makes the root unless it is there. A root that was interrupted half-way is thrown away.
root_make() {
    local root partial mirror
    root=$(root_path)
    [ -e "$root/.complete" ] && return 0
    partial="$root.partial"
    rm -rf "$partial"
    mkdir -p "$(root_cache)"
    mirror=$(root_mirror)
    echo "innkeeper: making a private Debian 13 root in $root (about 2 GB)" >&2
    mmdebstrap --variant=minbase \
        --include="$(echo $ROOT_PACKAGES | tr ' ' ',')" \
        --aptopt='APT::Install-Recommends "false"' \
        trixie "$partial" "deb $mirror trixie main" >&2
    touch "$partial/.complete"
    rm -rf "$root"
    mv "$partial" "$root"
}

# The Debian mirror that the host itself uses, else Debian's default.
root_mirror() {
    local found
    found=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/*.sources /etc/apt/sources.list.d/*.list 2>/dev/null |
        grep -oE 'https?://[^ ]+/debian/?( |$)' | head -n 1 | tr -d ' ')
    printf '%s' "${found:-http://deb.debian.org/debian}"
}

# Runs a command inside the root, in the repository's folder, with the host's Rust toolchain.
root_enter() {
    local root top cargo rustup
    root=$(root_path)
    top=$1
    shift
    cargo=${CARGO_HOME:-$HOME/.cargo}
    rustup=${RUSTUP_HOME:-$HOME/.rustup}
    mkdir -p "$cargo" "$rustup"
    exec bwrap --bind "$root" / --dev-bind /dev /dev --proc /proc --bind /sys /sys \
        --tmpfs /run --tmpfs /tmp --cap-add ALL --unshare-pid --as-pid-1 --die-with-parent \
        --bind "$top" "$top" --bind "$cargo" "$cargo" --bind "$rustup" "$rustup" \
        --ro-bind /etc/resolv.conf /etc/resolv.conf \
        --ro-bind-try /etc/ssl/certs /etc/ssl/certs \
        --ro-bind-try /usr/local/share/ca-certificates /usr/local/share/ca-certificates \
        --ro-bind-try /usr/share/ca-certificates /usr/share/ca-certificates \
        --setenv PATH "$cargo/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" \
        --setenv CARGO_TARGET_DIR "${CARGO_TARGET_DIR:-$top/target/root}" \
        --chdir "$PWD" "$@"
}
