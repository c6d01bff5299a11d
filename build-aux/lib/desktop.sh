# What a desktop user's program needs from outside of the private root: sockets, settings, keys, language.
# Sourced by environment.sh; fills ROOT_BIND, which root_enter hands to bwrap.

# True when there is a display to open windows on.
desktop_here() { [ -n "${WAYLAND_DISPLAY:-}" ] || [ -n "${DISPLAY:-}" ]; }

# True when a hypervisor's daemon is here, or can be started by a client.
hypervisor_here() {
    local socket
    for socket in /run/libvirt/virtqemud-sock /run/libvirt/libvirt-sock \
        "${XDG_RUNTIME_DIR:-/nowhere}/libvirt/virtqemud-sock" "${XDG_RUNTIME_DIR:-/nowhere}/libvirt/libvirt-sock"; do
        [ ! -S "$socket" ] || return 0
    done
    return 1
}

desktop_bind() {
    local runtime=${XDG_RUNTIME_DIR:-/run/user/$(id -u)} path
    ROOT_BIND+=(--dir "$runtime" --chmod 0700 "$runtime")
    # Wayland, X11, sound, the session's bus, the accessibility bus, the user's own libvirt.
    desktop_bind_path "$runtime/${WAYLAND_DISPLAY:-wayland-0}"
    case ${WAYLAND_DISPLAY:-} in /*) desktop_bind_path "$WAYLAND_DISPLAY" ;; esac
    for path in pipewire-0 pulse bus at-spi dconf gvfs doc libvirt; do desktop_bind_path "$runtime/$path"; done
    desktop_bind_path /tmp/.X11-unix
    [ -z "${XAUTHORITY:-}" ] || desktop_bind_path "$XAUTHORITY"
    desktop_bind_path "$HOME/.Xauthority"
    case ${DBUS_SESSION_BUS_ADDRESS:-} in
    unix:path=*) path=${DBUS_SESSION_BUS_ADDRESS#unix:path=} && desktop_bind_path "${path%%,*}" ;;
    esac
    [ -z "${SSH_AUTH_SOCK:-}" ] || desktop_bind_path "$SSH_AUTH_SOCK"
    desktop_bind_path /run/dbus/system_bus_socket
    desktop_bind_path /run/libvirt
    # Keys, certificates, settings, what programs keep.
    for path in .pki .ssh .config .local/share .cache/libvirt; do
        [ ! -d "$HOME/$path" ] || desktop_bind_path "$HOME/$path"
    done
    # The fonts and pointers that the user is used to.
    for path in fonts icons; do
        [ ! -d "/usr/share/$path" ] || ROOT_BIND+=(--ro-bind "/usr/share/$path" "/usr/local/share/$path")
    done
    for path in /etc/pki /etc/localtime /etc/machine-id /etc/libvirt/libvirt.conf; do
        [ ! -e "$path" ] || ROOT_BIND+=(--ro-bind "$path" "$path")
    done
}

# Binds a path unless it is missing or something is bound there already.
desktop_bind_path() {
    local i
    [ -e "$1" ] || return 0
    for ((i = 0; i < ${#ROOT_BIND[@]}; i++)); do
        [ "${ROOT_BIND[i]}" != --bind ] || [ "${ROOT_BIND[i + 2]}" != "$1" ] || return 0
    done
    ROOT_BIND+=(--bind "$1" "$1")
}

# Makes the user's own language inside the root, once for each.
desktop_locale() {
    local root name folder
    root=$(root_path)
    folder=$(root_cache)/locale
    for name in "${LC_ALL:-}" "${LC_MESSAGES:-}" "${LANG:-}"; do
        case $name in *_*.[uU][tT][fF]*8*) ;; *) continue ;; esac
        mkdir -p "$folder"
        [ -e "$folder/${name%%.*}.utf8" ] ||
            bwrap --ro-bind "$root" / --dev /dev --bind "$folder" /mnt \
                localedef -i "${name%%.*}" -f UTF-8 "/mnt/${name%%.*}.utf8" >/dev/null 2>&1 ||
            say "the language $name could not be made in the private root; texts will be English"
    done
    [ ! -d "$folder" ] || ROOT_BIND+=(--ro-bind "$folder" /run/locale --setenv LOCPATH /run/locale)
}
