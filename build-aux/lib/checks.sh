#!/usr/bin/env bash
# What build-aux/test runs, inside the environment. Stages, in this order:
#
#   format    rustfmt, shell syntax
#   lints     clippy with the workspace's lints; a warning is an error
#   data      desktop file, metainfo, schema, translations
#   tests     every test of every crate with every feature: unit, scripted peers, real libvirtd and QEMU, widgets,
#             the whole program; on a virtual display with the demonstration guests up
#   fuzz      what the network may send: each fuzz target a minute from its kept inputs, two at a time
#   install   meson setup, compile, install into a folder, and what must be there afterwards
#
# A stage that fails does not stop the others. The last line adds up every check and every test: "N passed, M failed".
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
cd "$top"
. "$here/say.sh"
. "$here/display.sh"

passed=0
failed=0
failures=()

# check NAME COMMAND...: one check, shown with what it says only when it fails.
check() {
    local name=$1 log status=0
    shift
    log=$(mktemp)
    "$@" >"$log" 2>&1 || status=$?
    if [ $status = 0 ]; then
        passed=$((passed + 1))
        echo "ok      $name (${SECONDS}s)"
    else
        failed=$((failed + 1))
        failures+=("$name")
        cat "$log"
        echo "FAILED  $name"
    fi
    rm -f "$log"
}

# ---- format -----------------------------------------------------------------------------------------------------

stage_format() {
    check "rustfmt" cargo fmt --all --check
    check "shell syntax" shell_syntax
}

shell_syntax() {
    local script
    for script in build-aux/run build-aux/dev build-aux/test build-aux/demo/{up,down,lib.sh} build-aux/lib/*.sh .ci/run; do
        bash -n "$script" || return 1
    done
}

# ---- lints ------------------------------------------------------------------------------------------------------

stage_lints() {
    check "clippy" cargo clippy --locked --workspace --all-targets --all-features -- -D warnings
}

# ---- data -------------------------------------------------------------------------------------------------------

stage_data() {
    check "desktop file" desktop_file
    check "metainfo" metainfo
    check "settings schema" glib-compile-schemas --strict --dry-run data
    check "icons are XML" xmllint --noout resources/icons/*.svg
    check "translations" translations
    check "man page" man_page
}

desktop_file() {
    local copy
    copy=$(mktemp -d)
    cp data/io.github.innkeeper.Innkeeper.desktop.in "$copy/io.github.innkeeper.Innkeeper.desktop"
    desktop-file-validate "$copy/io.github.innkeeper.Innkeeper.desktop"
}

# The project has no home page yet; everything else must be right.
metainfo() {
    local copy
    copy=$(mktemp -d)
    cp data/io.github.innkeeper.Innkeeper.metainfo.xml.in "$copy/io.github.innkeeper.Innkeeper.metainfo.xml"
    appstreamcli validate --no-net --explain --override=url-homepage-missing=info "$copy/io.github.innkeeper.Innkeeper.metainfo.xml"
}

# Every language listed is well formed and complete, and every file with a text to translate is listed.
translations() {
    "$here/translations.sh" check
}

# The page names every option that the program has.
man_page() {
    local option
    for option in connect show-domain-console show-domain-editor show-domain-performance show-domain-creator \
        show-host-summary debug version; do
        sed 's/\\-/-/g' data/innkeeper.1 | grep -q -- "--$option" || { echo "innkeeper.1 lacks --$option"; return 1; }
    done
}

# ---- tests ------------------------------------------------------------------------------------------------------

stage_tests() {
    check "build of the tests" cargo test --locked --workspace --all-features --no-run
    [ "${failures[*]+${failures[*]}}" != "build of the tests" ] || return
    local log
    log=$(mktemp)
    with_own_network "$here/checks.sh" --with-display-and-guests \
        cargo test --offline --locked --workspace --all-features --no-fail-fast 2>&1 | tee "$log"
    # cargo's own status: also a crash between two summaries counts.
    local status=${PIPESTATUS[0]}
    count_tests "$log" "$status"
    rm -f "$log"
}

# Adds up the lines "test result: ok. N passed; M failed; K ignored; ...".
count_tests() {
    local sums ok bad skipped
    sums=$(sed -n 's/^test result: [^.]*\. \([0-9]*\) passed; \([0-9]*\) failed; \([0-9]*\) ignored;.*/\1 \2 \3/p' "$1" |
        awk '{a += $1; b += $2; c += $3} END {print a + 0, b + 0, c + 0}')
    read -r ok bad skipped <<<"$sums"
    passed=$((passed + ok))
    failed=$((failed + bad))
    [ "$bad" = 0 ] || failures+=("$bad tests: $(sed -n 's/^test \(.*\) \.\.\. FAILED$/\1/p' "$1" | tr '\n' ' ')")
    if [ "$2" != 0 ] && [ "$bad" = 0 ]; then
        failed=$((failed + 1))
        failures+=("cargo test ended with status $2")
    fi
    # A test that is skipped says nothing: where it counts, it counts as failed.
    if [ "$skipped" != 0 ]; then
        echo "$skipped tests were skipped"
        [ -z "${CI:-}" ] || { failed=$((failed + skipped)); failures+=("$skipped tests were skipped"); }
    fi
}

# Runs a command in a network of its own, where no neighbour holds a port or a display's number; without the right
# to make one, in the network that is there.
with_own_network() {
    if unshare --net true 2>/dev/null; then
        # An address that is not the loopback's: without one the resolver takes no address in numbers (AI_ADDRCONFIG).
        unshare --net bash -c 'ip link set lo up && ip address add 192.0.2.254/32 dev lo && exec "$@"' network "$@"
    else
        "$@"
    fi
}

# Runs a command with a virtual display, a session bus and the demonstration's libvirtd, then ends them.
with_display_and_guests() {
    (
        INNKEEPER_DEMO_URI=$(build-aux/demo/up) || exit 1
        display_start
        trap display_stop EXIT
        display_environment
        export INNKEEPER_DEMO_URI RUST_BACKTRACE=1
        display_bus
        display_manager
        # Fatal for our own windows only: other programs of a bare machine have warnings of their own.
        G_DEBUG=fatal-warnings "$@"
    )
}

# ---- fuzz -------------------------------------------------------------------------------------------------------

stage_fuzz() {
    check "build of the fuzz targets" "$here/fuzz.sh" build
    [ "${failures[*]+${failures[*]}}" != "build of the fuzz targets" ] || return
    local log
    log=$(mktemp)
    "$here/fuzz.sh" run-all 60 | tee "$log"
    local targets ran
    targets=$("$here/fuzz.sh" list | wc -l)
    ran=$(grep -c ': Done [1-9]' "$log")
    passed=$((passed + ran))
    [ "$ran" = "$targets" ] || { failed=$((failed + targets - ran)); failures+=("$((targets - ran)) fuzz targets"); }
    rm -f "$log"
}

# ---- install ----------------------------------------------------------------------------------------------------

stage_install() {
    install_build=$(mktemp -d)
    check "meson setup" meson setup --prefix /usr -Dcargo_profile=dev -Dcargo_target="$CARGO_TARGET_DIR" "$install_build"
    check "meson compile" meson compile -C "$install_build"
    check "meson test" meson test -C "$install_build"
    check "meson install" env DESTDIR="$install_build/root" meson install -C "$install_build" --no-rebuild
    check "installed files" installed_files
    rm -rf "$install_build"
}

installed_files() {
    local share=$install_build/root/usr/share app=io.github.innkeeper.Innkeeper file language
    for file in "../bin/innkeeper" applications/$app.desktop metainfo/$app.metainfo.xml man/man1/innkeeper.1 \
        glib-2.0/schemas/$app.gschema.xml dbus-1/services/$app.service \
        icons/hicolor/scalable/apps/$app.svg icons/hicolor/symbolic/apps/$app-symbolic.svg; do
        [ -s "$share/$file" ] || { echo "$share/$file is missing"; return 1; }
    done
    for language in $(cat po/LINGUAS); do
        file=$share/locale/$language/LC_MESSAGES/innkeeper.mo
        [ -s "$file" ] || { echo "$file is missing"; return 1; }
    done
    grep -q /usr/share/locale "$share/../bin/innkeeper" || { echo "the binary does not know its locale folder"; return 1; }
    desktop-file-validate "$share/applications/$app.desktop"
    "$share/../bin/innkeeper" --version
}

# ---- all --------------------------------------------------------------------------------------------------------

if [ "${1:-}" = --with-display-and-guests ]; then
    shift
    with_display_and_guests "$@"
    exit
fi

# demo/up's libvirtd and its like end with the environment; where there is none, they are ended here.
[ -n "${INNKEEPER_ROOT:-}" ] || trap 'build-aux/demo/down' EXIT

[ $# -gt 0 ] || set -- format lints data tests fuzz install
for stage in "$@"; do
    echo "== $stage"
    "stage_$stage"
done

echo
for failure in "${failures[@]+"${failures[@]}"}"; do echo "failed: $failure"; done
echo "$passed passed, $failed failed"
[ $failed = 0 ]
