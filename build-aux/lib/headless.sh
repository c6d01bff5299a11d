#!/usr/bin/env bash
# Shows Innkeeper on a machine without a display: starts it on a virtual one, waits until the manager window
# lists the guests and the console window shows a guest's moving screen, and writes a picture of each.
#
#   headless.sh PROGRAM yes|no ARGS     (yes: with the demonstration guests)
#
# Runs where Innkeeper was built (environment_run); the pictures go to the current folder.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/say.sh"
. "$here/display.sh"

program=$1
demo=$2
shift 2
# The guests first: their session daemon, if that is what it becomes, needs the user's own folders.
uri=""
[ "$demo" = no ] || uri=$("$here/../demo/up")
say "starting a virtual display"
display_start
trap display_stop EXIT
display_environment
display_bus
log=$display_folder/innkeeper.log

# The visible windows of the program: "WINDOW WIDTH HEIGHT TITLE".
windows() {
    local window
    for window in $(xdotool search --onlyvisible --pid "$innkeeper" 2>/dev/null); do
        xdotool getwindowgeometry --shell "$window" 2>/dev/null |
            awk -F= -v w="$window" -v t="$(xdotool getwindowname "$window" 2>/dev/null)" \
                '/^WIDTH/ {x = $2} /^HEIGHT/ {y = $2} END {if (x > 200 && y > 200) print w, x, y, t}'
    done
}

manager_window() { windows | awk '$4 == "Innkeeper" && NF == 4 {print $1; exit}'; }
other_window() { windows | awk '!($4 == "Innkeeper" && NF == 4) {print $1; exit}'; }
has_manager() { running; [ -n "$(manager_window)" ]; }
has_console() { running; [ -n "$(other_window)" ]; }

running() {
    kill -0 "$innkeeper" 2>/dev/null || die "Innkeeper ended before it had shown its windows:" "$(tail -n 15 "$log")"
}

# Takes the picture of the window $1 into the file $2. Without a window import would wait for a click.
shoot() { [ -n "$1" ] && timeout 20 import -window "$1" "$2" 2>/dev/null; }

# True when the manager window names every guest that libvirt names.
lists_guests() { running; "$here/shows.py" Innkeeper "${guests[@]}"; }

# How many colours a picture has: a window that says "connecting" has few, a guest's gradient has many.
colours() { identify -format %k "$1" 2>/dev/null || echo 0; }

# True when the console window shows a picture rich in colours that moves.
shows_guest() {
    running
    local window before=$display_folder/before.png after=$display_folder/after.png
    window=$(other_window)
    [ -n "$window" ] || return 1
    shoot "$window" "$before" && sleep 0.5 && shoot "$window" "$after" || return 1
    [ "$(colours "$after")" -ge 600 ] || return 1
    [ "$(compare -metric AE -fuzz 2% "$before" "$after" null: 2>&1 | sed 's/[ (].*//; s/e+.*//; s/\..*//')" -ge 1000 ]
}

picture() {
    running
    shoot "$1" "$display_folder/picture.png" || die "the picture of the window could not be taken."
    [ "$(colours "$display_folder/picture.png")" -ge 16 ] || die "the window stayed blank; its log:" "$(tail -n 15 "$log")"
    cat "$display_folder/picture.png" >"$2" || die "$2 could not be written into $PWD."
}

manager_changed() {
    running
    shoot "$(manager_window)" "$display_folder/later.png" &&
        ! cmp -s <(convert "$display_folder/first.png" rgb:-) <(convert "$display_folder/later.png" rgb:-)
}

explain() {
    shoot root "$display_folder/root.png" && cat "$display_folder/root.png" >innkeeper-failed.png || true
    die "$1 (innkeeper-failed.png shows the display). The last lines of its log:" "$(tail -n 15 "$log")"
}

display_manager || say "no window manager; going on without"
guests=()
if [ -n "$uri" ]; then
    # A guest is shown by its title, or by its name where it has none.
    for guest in $(virsh -q -c "$uri" list --all --name); do
        guests+=("$guest|$(virsh -q -c "$uri" desc --title "$guest")")
    done
    set -- "$@" --connect "$uri"
fi
say "starting Innkeeper"
"$program" "$@" </dev/null >"$log" 2>&1 &
innkeeper=$!
trap 'kill $innkeeper 2>/dev/null || true; display_stop' EXIT

wait_until 60 has_manager || explain "no window with the title Innkeeper appeared"
[ ${#guests[@]} = 0 ] || wait_until 60 lists_guests || explain "the window did not list the guests ${guests[*]}"
picture "$(manager_window)" innkeeper-manager.png
say "the manager window is up: innkeeper-manager.png"
[ -n "$uri" ] || exit 0

# Once more with the load of the running guests, which takes two readings, each some seconds after the other.
cp innkeeper-manager.png "$display_folder/first.png"
! wait_until 10 manager_changed || { sleep 4; picture "$(manager_window)" innkeeper-manager.png; }
"$program" --connect "$uri" --show-domain-console demo-animated </dev/null >>"$log" 2>&1 &
wait_until 30 has_console || explain "no window for the guest demo-animated appeared"
wait_until 60 shows_guest || explain "the window of demo-animated did not show its moving screen"
picture "$(other_window)" innkeeper-console.png
say "the guest's screen moves in its window: innkeeper-console.png"
