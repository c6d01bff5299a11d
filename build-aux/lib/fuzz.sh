#!/usr/bin/env bash
# Fuzzing with the stable toolchain: libFuzzer (crate libfuzzer-sys) and the coverage that LLVM adds for it. No
# cargo-fuzz, no nightly; and no sanitizer, for our own code is safe.
#
#   build-aux/dev build-aux/lib/fuzz.sh                          all targets a minute each, two at a time; what CI runs
#   build-aux/dev build-aux/lib/fuzz.sh build
#   build-aux/dev build-aux/lib/fuzz.sh run rfb/engine SECONDS   one target, from its kept inputs
#   build-aux/dev build-aux/lib/fuzz.sh keep rfb/engine          adds to the kept inputs what new ones have reached
#
# Kept inputs lie in src/*/fuzz/corpus and are run by the plain tests as well. New ones, and the input that made a target
# fail, lie in target/.../fuzz.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
cd "$top"

TARGETS="rfb/clipboard rfb/engine rfb/rectangles rfb/jpeg rfb/security rpc/packets"
machine=$(rustc -vV | sed -n 's/^host: //p')
work=${CARGO_TARGET_DIR:-$top/target}/fuzz

build() {
    local room flags=(
        -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4
        -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table
        -Cllvm-args=-sanitizer-coverage-trace-compares -Cdebug-assertions -Coverflow-checks
    )
    # With a target named, the flags are not those of build scripts. Both workspaces share what they have in common.
    for room in rfb rpc; do
        CARGO_TARGET_DIR=$work RUSTFLAGS="${flags[*]}" CARGO_PROFILE_RELEASE_DEBUG=line-tables-only \
            cargo build --quiet --locked --release --target "$machine" --manifest-path "src/$room/fuzz/Cargo.toml"
    done
}

# run TARGET SECONDS: says how many inputs were run; fails when one fails, and says where that is.
run() {
    local target=$1 seconds=$2 name=${1#*/} log=$work/${1//\//-}.log
    mkdir -p "$work/corpus/$target" "$work/failures"
    "$work/$machine/release/$name" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=1024 \
        -artifact_prefix="$work/failures/${target//\//-}-" \
        "$work/corpus/$target" "src/${target%/*}/fuzz/corpus/$name" >"$log" 2>&1 || {
        tail -n 40 "$log"
        return 1
    }
    echo "$target: $(tail -n 1 "$log")"
}

# Two at a time: the targets need a processor each.
run_all() {
    local status=0 target
    export -f run
    export work machine
    printf '%s\n' $TARGETS | xargs -P 2 -I TARGET bash -c "run TARGET $1" || status=1
    return $status
}

keep() {
    local target=$1
    "$work/$machine/release/${target#*/}" -merge=1 "src/${target%/*}/fuzz/corpus/${target#*/}" "$work/corpus/$target"
}

case ${1:-all} in
build) build ;;
run) build && run "$2" "$3" ;;
keep) keep "$2" ;;
all) build && run_all 60 ;;
run-all) run_all "$2" ;;
list) printf '%s\n' $TARGETS ;;
*) sed -n '2,11s/^# \?//p' "$0" && exit 2 ;;
esac
