# The private Debian 13 root: made once in the user's cache, then entered for every command.
# Sourced by environment.sh; knows nothing of what is built or run inside.
#
# Inside, the root itself is read-only; /etc, /run, /tmp, /var/log and libvirt's folders are fresh for every
# command, so commands that run at the same time do not meet. Processes, too, end with the command.

# Debian 13 packages that building, testing and the demonstration need.
ROOT_PACKAGES="
build-essential pkg-config ca-certificates git locales
libgtk-4-dev libadwaita-1-dev libsasl2-dev gettext meson desktop-file-utils appstream libxml2-utils
xvfb xserver-xorg-core xserver-xorg-video-dummy sway mutter xauth xdotool x11-utils dbus dbus-x11 at-spi2-core imagemagick metacity
adwaita-icon-theme librsvg2-common librsvg2-bin fonts-cantarell fonts-dejavu-core fonts-noto-cjk gsettings-desktop-schemas
libvirt-daemon-system libvirt-clients libvirt-daemon-driver-qemu libvirt-daemon-driver-network libvirt-daemon-driver-storage
qemu-system-x86 qemu-utils seabios nasm busybox-static cpio
polkitd dnsmasq-base iproute2 procps gnutls-bin
dconf-gsettings-backend gnome-keyring osinfo-db python3-gi gir1.2-atspi-2.0
openssh-client openssh-server netcat-openbsd fish tcsh
sasl2-bin libsasl2-modules libsasl2-modules-gssapi-mit krb5-kdc krb5-admin-server krb5-user
libvte-2.91-gtk4-dev
tigervnc-standalone-server x11vnc wayvnc weston libvncserver-dev
libgstreamer1.0-dev libgstreamer-plugins-base1.0-dev
gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-pulseaudio gstreamer1.0-pipewire
pipewire-pulse wireplumber pulseaudio-utils
"
# Further packages make a root of their own: the benchmarks install their opponents so.
[ -z "${INNKEEPER_EXTRA_PACKAGES:-}" ] || ROOT_PACKAGES+=" $INNKEEPER_EXTRA_PACKAGES"

root_cache() { printf '%s/innkeeper' "${XDG_CACHE_HOME:-$HOME/.cache}"; }

# The folder's name carries a hash of the package list: another list makes another root.
root_path() {
    printf '%s/root-%s' "$(root_cache)" "$(printf '%s' "$ROOT_PACKAGES" | sha256sum | cut -c1-12)"
}

# Makes the root unless it is there. What an interrupted run left is thrown away; of two runs at once the
# second waits for the first.
root_make() {
    local root cache
    root=$(root_path)
    if [ ! -e "$root/.complete" ]; then
        root_tools
        cache=$(root_cache)
        mkdir -p "$cache"
        (
            flock -n 9 || { say "another process is making the private root; waiting for it"; flock 9; }
            [ -e "$root/.complete" ] || root_build "$root"
        ) 9>"$cache/lock" || return 1
        root_forget_old "$root"
    fi
    touch "$root/.complete"
}

# What makes and enters the root, from the system's own package manager when it is missing.
root_tools() {
    local missing=() tools=(mmdebstrap:mmdebstrap bwrap:bubblewrap flock:util-linux) tool
    [ "$(id -u)" = 0 ] || tools+=(newuidmap:uidmap)
    for tool in "${tools[@]}"; do
        command -v "${tool%%:*}" >/dev/null || missing+=("${tool#*:}")
    done
    [ ${#missing[@]} = 0 ] || packages_install "${missing[@]}" || return 1
    root_may_enter
}

# Says what to do where the system forbids an ordinary user to make a namespace.
root_may_enter() {
    local why
    why=$(bwrap --ro-bind / / --unshare-user --unshare-pid --proc /proc true 2>&1) && return 0
    [ "$(id -u)" = 0 ] && bwrap --ro-bind / / --unshare-pid true 2>/dev/null && return 0
    die "this system does not let bubblewrap make a namespace ($why)." \
        "Allow unprivileged user namespaces, or run the command as root."
}

# Progress goes to the log; the screen gets a line for each stage.
root_build() {
    local root=$1 partial="$1.partial" log mirror include
    log=$(root_cache)/root.log
    mirror=$(root_mirror)
    include=$(echo $ROOT_PACKAGES | tr ' ' ',')
    say "making a private Debian 13 root in $root (1.9 GB; once, about two minutes)"
    say "packages come from $mirror; the log is $log"
    rm -rf --one-file-system "$partial"
    mkdir -p "$partial"
    if [ "$(id -u)" = 0 ]; then
        root_bootstrap "$log" --mode=root "$include" "$partial" "$mirror"
    else
        # Unpacked again as this user: every file is the user's own, and entering needs one user ID only.
        TMPDIR=/var/tmp root_bootstrap "$log" --mode=unshare "$include" - "$mirror" |
            tar -x -C "$partial" --no-same-owner --exclude='./dev/*'
    fi || {
        tail -n 5 "$log" >&2
        die "the private root could not be made; see $log and run the command again."
    }
    touch "$partial/.complete"
    rm -rf --one-file-system "$root"
    mv "$partial" "$root"
    say "the private root is ready"
}

root_bootstrap() {
    local log=$1 mode=$2 include=$3 target=$4 mirror=$5
    # mmdebstrap's lines say what it does ("I: downloading packages with apt..."): they are the progress.
    { mmdebstrap "$mode" --variant=minbase --format="$([ "$target" = - ] && echo tar || echo directory)" \
        --include="$include" \
        --aptopt='APT::Install-Recommends "false"' --dpkgopt=force-unsafe-io \
        --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
        trixie "$target" "deb $mirror trixie main" 2>&1 1>&3 |
        tee "$log" | { grep --line-buffered '^[IE]:' || true; } | sed -u 's/^I: /innkeeper:   /' >&2; } 3>&1
}

# The Debian mirror that the host itself uses, else Debian's default.
root_mirror() {
    local found
    found=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/*.sources /etc/apt/sources.list.d/*.list 2>/dev/null |
        grep -v '^ *#' | grep -oE 'https?://[^ ]+/debian/?( |$)' | head -n 1 | tr -d ' ')
    printf '%s' "${found:-http://deb.debian.org/debian}"
}

# Removes roots of other package lists that nothing has entered for a month.
root_forget_old() {
    local old
    for old in $(find "$(root_cache)" -maxdepth 2 -path '*/root-*/.complete' -mtime +30 ! -path "$1/*"); do
        say "removing the old root $(dirname "$old")"
        rm -rf --one-file-system "$(dirname "$old")"
    done
}

# Runs a command inside the root, in the current folder, with the host's Rust toolchain.
# ROOT_AS=root (default) is user 0 inside; ROOT_AS=user keeps the user's own ID and brings the desktop along.
# ROOT_BIND holds further bwrap arguments.
ROOT_BIND=()
root_enter() {
    local root top cargo rustup arguments prefix=()
    root=$(root_path)
    top=$1
    shift
    cargo=${CARGO_HOME:-$HOME/.cargo}
    rustup=${RUSTUP_HOME:-$HOME/.rustup}
    mkdir -p "$cargo" "$rustup"
    arguments=(
        --bind "$root" / --dev /dev --proc /proc --bind /sys /sys
        --tmpfs /run --tmpfs /var/log --tmpfs /tmp --chmod 1777 /tmp --tmpfs /var/tmp --chmod 1777 /var/tmp
        --tmpfs /var/lib/libvirt --tmpfs /var/cache/libvirt --tmpfs "$HOME"
        --ro-bind "$root/etc" /run/root-etc --tmpfs /etc
        --dev-bind-try /dev/dri /dev/dri --dev-bind-try /dev/net/tun /dev/net/tun
        --ro-bind /etc/resolv.conf /etc/resolv.conf --ro-bind-try /etc/hosts /etc/hosts
        --ro-bind-try /etc/ssl/certs /etc/ssl/certs
        --ro-bind-try /usr/local/share/ca-certificates /usr/local/share/ca-certificates
        --ro-bind-try /usr/share/ca-certificates /usr/share/ca-certificates
        --unshare-pid --die-with-parent
        --setenv PATH "$cargo/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        --setenv CARGO_TARGET_DIR "${CARGO_TARGET_DIR:-$top/target/root}"
        --setenv INNKEEPER_ROOT 1
    )
    [ "${ROOT_AS:-root}" != root ] || root_become_root
    # The user's folders come after the empty home, the repository last: it may lie anywhere.
    arguments+=("${ROOT_BIND[@]}")
    arguments+=(--bind "$cargo" "$cargo" --bind "$rustup" "$rustup" --bind "$top" "$top" --remount-ro /)
    case "$PWD/" in
    "$top"/*) arguments+=(--chdir "$PWD") ;;
    *) arguments+=(--bind "$PWD" /run/folder --chdir /run/folder) ;;
    esac
    # bwrap itself is process 1 and reaps what daemons leave: libvirt waits for QEMUs to vanish.
    exec "${prefix[@]}" bwrap "${arguments[@]}" /bin/bash "$top/build-aux/lib/inside.sh" "$@"
}

# User 0 inside. For an ordinary user that is a user namespace with a range of IDs, because libvirt and the system
# bus change theirs; where unshare cannot make one, the command keeps the user's ID, and the guests of the
# demonstration are those of the user's session.
root_become_root() {
    if [ "$(id -u)" != 0 ]; then
        unshare --user --map-root-user --map-auto true 2>/dev/null || return 0
        prefix=(unshare --user --map-root-user --map-auto)
    fi
    arguments+=(--cap-add ALL)
}
