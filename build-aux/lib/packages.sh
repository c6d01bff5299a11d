# The system's own package manager: whether its GTK is new enough, and installing from it.
# Sourced by environment.sh. Never touches the package sources, only the lists of what they offer.

GTK_NEEDED=4.18
ADWAITA_NEEDED=1.7

# What is needed, by package manager: to build and start; to test and to show the demonstration.
APT_BUILD="build-essential pkg-config libgtk-4-dev libadwaita-1-dev libvte-2.91-gtk4-dev libsasl2-dev gettext librsvg2-common adwaita-icon-theme gsettings-desktop-schemas
libgstreamer1.0-dev libgstreamer-plugins-base1.0-dev gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-pulseaudio"
APT_DEMO="libvirt-daemon-system libvirt-clients libvirt-daemon-driver-qemu qemu-system-x86 qemu-utils nasm
dbus dbus-x11 xvfb xdotool x11-utils imagemagick metacity at-spi2-core python3-gi gir1.2-atspi-2.0 fonts-cantarell procps"
APT_TEST="meson desktop-file-utils appstream gnutls-bin iproute2 polkitd gnome-keyring osinfo-db libvirt-daemon-driver-network
libvirt-daemon-driver-storage dnsmasq-base libxml2-utils sasl2-bin libsasl2-modules libsasl2-modules-gssapi-mit
krb5-kdc krb5-admin-server krb5-user sway mutter xserver-xorg-core xserver-xorg-video-dummy tigervnc-standalone-server x11vnc wayvnc weston libvncserver-dev
pipewire-pulse wireplumber pulseaudio-utils gstreamer1.0-pipewire"

DNF_BUILD="gcc pkgconf-pkg-config gtk4-devel libadwaita-devel vte291-gtk4-devel cyrus-sasl-devel glib2-devel gettext librsvg2 adwaita-icon-theme gsettings-desktop-schemas
gstreamer1-devel gstreamer1-plugins-base-devel gstreamer1-plugins-good"
DNF_DEMO="libvirt-daemon libvirt-daemon-driver-qemu libvirt-client qemu-system-x86-core qemu-img nasm
dbus-daemon xorg-x11-server-Xvfb xdotool xwininfo ImageMagick metacity at-spi2-core python3-gobject procps-ng"
DNF_TEST="meson desktop-file-utils appstream gnutls-utils iproute polkit gnome-keyring osinfo-db libvirt-daemon-driver-network
libvirt-daemon-driver-storage dnsmasq libxml2 cyrus-sasl cyrus-sasl-scram cyrus-sasl-md5 cyrus-sasl-plain cyrus-sasl-gssapi
krb5-server krb5-workstation sway mutter xorg-x11-server-Xorg xorg-x11-drv-dummy tigervnc-server-minimal x11vnc wayvnc weston libvncserver-devel
pipewire-pulseaudio wireplumber pulseaudio-utils pipewire-gstreamer"

PACMAN_BUILD="base-devel gtk4 libadwaita vte4 libsasl gettext librsvg adwaita-icon-theme gsettings-desktop-schemas
gstreamer gst-plugins-base gst-plugins-good"
PACMAN_DEMO="libvirt qemu-system-x86 qemu-img nasm dbus xorg-server-xvfb xdotool xorg-xwininfo imagemagick metacity at-spi2-core
python-gobject procps-ng"
PACMAN_TEST="meson desktop-file-utils appstream gnutls iproute2 polkit gnome-keyring osinfo-db dnsmasq libxml2 cyrus-sasl cyrus-sasl-gssapi krb5 sway mutter xorg-server xf86-video-dummy tigervnc x11vnc
wayvnc weston libvncserver pipewire-pulse wireplumber libpulse gst-plugin-pipewire"

ZYPPER_BUILD="gcc pkgconf-pkg-config gtk4-devel libadwaita-devel pkgconfig(vte-2.91-gtk4) cyrus-sasl-devel glib2-devel gettext-tools librsvg adwaita-icon-theme gsettings-desktop-schemas
gstreamer-devel gstreamer-plugins-base-devel gstreamer-plugins-good"
ZYPPER_DEMO="libvirt-daemon libvirt-daemon-driver-qemu libvirt-client qemu-x86 qemu-img nasm
dbus-1 dbus-1-daemon xorg-x11-server-Xvfb xdotool xwininfo ImageMagick metacity at-spi2-core python3-gobject procps"
ZYPPER_TEST="meson desktop-file-utils AppStream gnutls iproute2 polkit gnome-keyring osinfo-db libvirt-daemon-driver-network
libvirt-daemon-driver-storage dnsmasq libxml2-tools cyrus-sasl cyrus-sasl-scram cyrus-sasl-digestmd5 cyrus-sasl-plain
cyrus-sasl-gssapi krb5-server krb5-client sway mutter xorg-x11-server xf86-video-dummy xorg-x11-Xvnc x11vnc wayvnc weston LibVNCServer-devel
pipewire-pulseaudio wireplumber pulseaudio-utils gstreamer-plugin-pipewire"

# The name of the package manager, or nothing.
packages_manager() {
    local manager
    for manager in apt-get dnf pacman zypper; do
        ! command -v "$manager" >/dev/null || { echo "$manager"; return; }
    done
}

# True when the first version is at least the second.
version_reaches() { [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$2" ]; }

# True when GTK and libadwaita are installed and new enough, or the package manager offers such.
packages_new_enough() {
    packages_installed_reach && return 0
    local gtk adwaita
    case $(packages_manager) in
    apt-get)
        gtk=$(packages_apt_version libgtk-4-dev)
        adwaita=$(packages_apt_version libadwaita-1-dev)
        ;;
    dnf)
        gtk=$(dnf -q repoquery --latest-limit 1 --qf '%{version}\n' gtk4-devel 2>/dev/null | tail -n 1)
        adwaita=$(dnf -q repoquery --latest-limit 1 --qf '%{version}\n' libadwaita-devel 2>/dev/null | tail -n 1)
        ;;
    pacman)
        gtk=$(LC_ALL=C pacman -Si gtk4 2>/dev/null | sed -n 's/^Version *: *\([0-9]*:\)\?//p')
        adwaita=$(LC_ALL=C pacman -Si libadwaita 2>/dev/null | sed -n 's/^Version *: *\([0-9]*:\)\?//p')
        ;;
    zypper)
        gtk=$(LC_ALL=C zypper -q info gtk4-devel 2>/dev/null | sed -n 's/^Version *: *//p')
        adwaita=$(LC_ALL=C zypper -q info libadwaita-devel 2>/dev/null | sed -n 's/^Version *: *//p')
        ;;
    esac
    [ -n "${gtk:-}" ] && [ -n "${adwaita:-}" ] &&
        version_reaches "$gtk" "$GTK_NEEDED" && version_reaches "$adwaita" "$ADWAITA_NEEDED"
}

packages_installed_reach() {
    command -v pkg-config >/dev/null &&
        pkg-config --atleast-version="$GTK_NEEDED" gtk4 2>/dev/null &&
        pkg-config --atleast-version="$ADWAITA_NEEDED" libadwaita-1 2>/dev/null
}

# What apt offers, without the epoch; the distribution's name answers where apt's lists were never read.
packages_apt_version() {
    local offered
    offered=$(LC_ALL=C apt-cache policy "$1" 2>/dev/null | sed -n 's/^ *Candidate: \([0-9]*:\)\?//p')
    if [ -z "$offered" ] || [ "$offered" = "(none)" ]; then
        packages_apt_old || { packages_update && offered=$(LC_ALL=C apt-cache policy "$1" | sed -n 's/^ *Candidate: \([0-9]*:\)\?//p'); }
    fi
    [ "$offered" = "(none)" ] || printf '%s' "$offered"
}

# Releases known to be too old need no lists to be read.
packages_apt_old() {
    local ID="" VERSION_ID=""
    [ ! -r /etc/os-release ] || . /etc/os-release
    case $ID in
    debian) [ -n "$VERSION_ID" ] && ! version_reaches "$VERSION_ID" 13 ;;
    ubuntu) ! version_reaches "$VERSION_ID" 25.04 ;;
    *) false ;;
    esac
}

# Installs the groups of packages (BUILD, DEMO, TEST) that are not there yet.
packages_install_groups() {
    local manager group name wanted=() missing=() package
    manager=$(packages_manager)
    for group in "$@"; do
        name=$(echo "${manager%-get}" | tr a-z A-Z)_$group
        wanted+=(${!name})
    done
    for package in "${wanted[@]}"; do
        packages_has "$manager" "$package" || missing+=("$package")
    done
    [ ${#missing[@]} = 0 ] || packages_install "${missing[@]}"
}

packages_has() {
    case $1 in
    apt-get) dpkg-query -W -f '${db:Status-Status}' "$2" 2>/dev/null | grep -qx installed ;;
    pacman) pacman -Q "$2" >/dev/null 2>&1 || pacman -Qg "$2" >/dev/null 2>&1 ;;
    dnf | zypper) rpm -q --whatprovides "$2" >/dev/null 2>&1 ;;
    esac
}

# Says what will be installed, asks when there is somebody to ask, installs.
packages_install() {
    local manager
    manager=$(packages_manager)
    [ -n "$manager" ] || die "please install: $*" "(no package manager that this script knows is here)"
    say "to be installed with $manager: $*"
    packages_agreed || die "nothing was installed."
    packages_update
    case $manager in
    apt-get) as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@" ;;
    dnf) as_root dnf install -y "$@" ;;
    pacman) as_root pacman -S --needed --noconfirm "$@" ;;
    zypper) as_root zypper --non-interactive install --no-recommends "$@" ;;
    esac </dev/null >&2 || die "the packages could not be installed; the messages above say why."
}

packages_agreed() {
    local answer
    [ -z "${CI:-}" ] && [ "${assume_yes:-no}" = no ] && [ -t 0 ] || return 0
    read -r -p "innkeeper: install them? [Y/n] " answer
    case $answer in "" | y | Y | yes | j | J) ;; *) return 1 ;; esac
}

# Reads the lists of the sources that the system has. A list that cannot be read is no reason to stop.
packages_update() {
    case $(packages_manager) in
    apt-get) as_root apt-get update -q </dev/null >&2 || say "some package lists could not be read; going on" ;;
    pacman) as_root pacman -Sy </dev/null >&2 || true ;;
    esac
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        die "this needs the administrator; run as root:" "  $*"
    fi
}
