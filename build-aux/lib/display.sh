# A display, a session bus and a window manager of their own. Sourced by headless.sh and checks.sh.

# Starts Xvfb and sets DISPLAY. The server picks a number that is free on the whole machine: clients try the abstract
# socket first, which a sandbox shares with its neighbours. Nothing listens outside of this machine.
display_start() {
    local number
    command -v Xvfb >/dev/null || die "Xvfb is missing."
    display_folder=$(mktemp -d)
    mkfifo "$display_folder/number"
    Xvfb -displayfd 3 -screen 0 "${1:-1600x1000x24}" -nolisten tcp +extension GLX -noreset \
        3>"$display_folder/number" </dev/null >"$display_folder/log" 2>&1 &
    display_process=$!
    read -r -t 20 number <"$display_folder/number" || die "Xvfb did not start:" "$(tail -n 3 "$display_folder/log")"
    export DISPLAY=":$number"
    unset WAYLAND_DISPLAY XAUTHORITY
}

# Environment of a program whose windows shall look the same everywhere and touch nobody's settings.
display_environment() {
    local runtime=${XDG_RUNTIME_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}}
    export GDK_BACKEND=x11 GSK_RENDERER=cairo GTK_A11Y=atspi GSETTINGS_BACKEND=memory
    export NO_AT_BRIDGE=0 GIO_USE_VFS=local ADW_DISABLE_PORTAL=1
    export XDG_RUNTIME_DIR=$display_folder/runtime XDG_CONFIG_HOME=$display_folder/config
    export XDG_DATA_HOME=$display_folder/data XDG_CACHE_HOME=$display_folder/cache
    mkdir -p -m 700 "$XDG_RUNTIME_DIR" "$XDG_CONFIG_HOME" "$XDG_DATA_HOME" "$XDG_CACHE_HOME"
    mkdir -p "$XDG_CONFIG_HOME/gtk-4.0"
    printf '[Settings]\ngtk-font-name=Cantarell 11\n' >"$XDG_CONFIG_HOME/gtk-4.0/settings.ini"
    # The user's own libvirtd is found through the runtime folder.
    [ ! -d "$runtime/libvirt" ] || ln -s "$runtime/libvirt" "$XDG_RUNTIME_DIR/libvirt"
}

# A session bus of its own; what it starts (accessibility, keyring) writes into its log.
display_bus() {
    mkfifo "$display_folder/address"
    dbus-daemon --session --nofork --print-address=3 3>"$display_folder/address" \
        </dev/null >"$display_folder/bus.log" 2>&1 &
    display_bus_process=$!
    read -r -t 20 DBUS_SESSION_BUS_ADDRESS <"$display_folder/address" || die "the session bus did not start."
    export DBUS_SESSION_BUS_ADDRESS
}

# A window manager, as every desktop has one: without it no window has the focus.
display_manager() {
    command -v metacity >/dev/null || return 0
    metacity --no-composite </dev/null >"$display_folder/metacity.log" 2>&1 &
    display_manager_process=$!
    wait_until 10 eval 'xprop -root _NET_SUPPORTING_WM_CHECK 2>/dev/null | grep -q "window id"'
}

# Ends what display_start began.
display_stop() {
    local process
    for process in ${display_manager_process:-} ${display_bus_process:-} ${display_process:-}; do
        kill "$process" 2>/dev/null || true
    done
    rm -rf "${display_folder:?}"
}

# wait_until SECONDS COMMAND...: true as soon as the command succeeds, false when the time is over.
wait_until() {
    local end=$((SECONDS + $1))
    shift
    until "$@"; do
        [ $SECONDS -lt $end ] || return 1
        sleep 0.1
    done
}
