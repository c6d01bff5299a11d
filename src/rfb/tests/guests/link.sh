#!/usr/bin/env bash
# Measures encodings over links of several rates: `build-aux/dev src/rfb/tests/guests/link.sh`.
# The terminal of record.sh, which here never stops; docs/measurements.md has the table.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# Without optimisation our own decoder would be the slowest link.
optimised=()
for package in rfb zlib-rs flate2 zune-jpeg; do
    optimised+=(--config "profile.dev.package.$package.opt-level=3")
done
cargo build --quiet "${optimised[@]}" -p rfb --example link

sed 's/^FRAMES equ .*/FRAMES equ 60000/' "$here/terminal.asm" >"$work/guest.asm"
nasm -f bin -i "$here/" -o "$work/guest.img" "$work/guest.asm"
qemu-system-x86_64 -accel tcg -m 16 -nodefaults -vga std -display none -vnc "unix:$work/vnc" \
    -drive "file=$work/guest.img,format=raw,if=floppy" -snapshot 2>/dev/null &
qemu=$!
until [ -S "$work/vnc" ]; do sleep 0.1; done
"${CARGO_TARGET_DIR:-target}/debug/examples/link" "unix:$work/vnc"
kill "$qemu"
wait "$qemu" || true
