#!/usr/bin/env bash
# Makes the recordings in ../data anew: `build-aux/dev src/rfb/tests/guests/record.sh`.
# Each guest boots in QEMU, waits for the recorder's key, moves for some seconds and stops, so that
# recordings of one guest end with the same picture whatever the encoding.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
data=$here/../data
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$data"
cargo build --quiet -p rfb --example record

# guest size name: further words go to the recorder.
record() {
    local guest=$1 size=$2 name=$3
    shift 3
    nasm -f bin -i "$here/" -o "$work/$guest.img" "$here/$guest.asm"
    qemu-system-x86_64 -accel tcg -m 16 -nodefaults -vga std -display none -vnc "unix:$work/vnc" \
        -drive "file=$work/$guest.img,format=raw,if=floppy" -snapshot 2>/dev/null &
    local qemu=$!
    "${CARGO_TARGET_DIR:-target}/debug/examples/record" "unix:$work/vnc" "$data/$name.rfb" --size "$size" \
        --press 65293 "$@"
    kill "$qemu" 2>/dev/null
    wait "$qemu" || true
    rm -f "$work/vnc"
}

for encoding in raw hextile zlib zrle tight; do
    record pattern 320x200 "pattern-$encoding" --encoding "$encoding" --compress 9 --pseudo no
done
record pattern 320x200 pattern-everything --encoding tight --compress 9
for guest in terminal window; do
    record $guest 1024x768 "$guest-zrle" --encoding zrle --pseudo no
    record $guest 1024x768 "$guest-tight" --encoding tight --compress 2 --pseudo no
done
ls -l "$data"
