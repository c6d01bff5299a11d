#!/usr/bin/env bash
# Records what a real QEMU sends. Each guest boots, waits for the recorder's key, moves for some seconds and stops, so
# that recordings of one guest end with the same picture whatever the encoding.
#
#   build-aux/dev src/rfb/tests/guests/record.sh                   those in ../data, for the tests
#   build-aux/dev src/rfb/tests/guests/record.sh FOLDER NAME...    larger ones for benches/decode, named CONTENT-ENCODING
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cargo build --quiet -p rfb --example record

# boot GUEST SIZE OUT: what is assembled in is in the array "defines", more of QEMU's command line in "machine"; further
# words go to the recorder.
defines=()
machine=(-m 16)
lossy=
boot() {
    local guest=$1 size=$2 out=$3
    shift 3
    nasm -f bin -i "$here/" "${defines[@]}" -o "$work/$guest.img" "$here/$guest.asm"
    qemu-system-x86_64 -accel tcg "${machine[@]}" -nodefaults -vga std -display none -vnc "unix:$work/vnc$lossy" \
        -drive "file=$work/$guest.img,format=raw,if=floppy" -snapshot 2>/dev/null &
    local qemu=$!
    "${CARGO_TARGET_DIR:-target}/debug/examples/record" "unix:$work/vnc" "$out" --size "$size" --press 65293 "$@"
    kill "$qemu" 2>/dev/null
    wait "$qemu" || true
    rm -f "$work/vnc"
}

for_tests() {
    local data=$here/../data encoding guest
    mkdir -p "$data"
    for encoding in raw hextile zlib zrle tight; do
        boot pattern 320x200 "$data/pattern-$encoding.rfb" --encoding "$encoding" --compress 9 --pseudo no
    done
    boot pattern 320x200 "$data/pattern-everything.rfb" --encoding tight --compress 9
    for guest in terminal window; do
        boot $guest 1024x768 "$data/$guest-zrle.rfb" --encoding zrle --pseudo no
        boot $guest 1024x768 "$data/$guest-tight.rfb" --encoding tight --compress 2 --pseudo no
    done
    ls -l "$data"
}

# for_bench OUT CONTENT ENCODING: at 1920×1080. "jpeg" is tight of a QEMU that may lose detail.
for_bench() {
    local out=$1 guest=$2 encoding=$3 words=(--pseudo no --quiet 5000)
    case $encoding in
    jpeg) lossy=,lossy=on words+=(--encoding tight --compress 2 --quality 8) ;;
    *) lossy='' words+=(--encoding "$encoding" --compress 2) ;;
    esac
    defines=(-DMODE=0x192 -DWIDTH=1920 -DHEIGHT=1080)
    machine=(-m 16)
    case $guest in
    terminal) defines+=(-DFRAMES=100) ;;
    window) defines+=(-DFRAMES=150) ;;
    boot) defines+=(-DFRAMES=60) ;;
    video) defines+=(-DFRAMES=12 -DLEFT=480 -DTOP=270 -DACROSS=960 -DDOWN=540 -DRIGHTWARDS=7 -DDOWNWARDS=3) ;;
    photo) defines+=(-DFRAMES=4 -DLEFT=0 -DTOP=0 -DACROSS=1920 -DDOWN=1080 -DRIGHTWARDS=100 -DDOWNWARDS=60) ;;
    esac
    case $guest in
    video | photo)
        photograph
        guest=photo machine=(-m 64 -device "loader,file=$work/photograph,addr=0x1000000,force-raw=on")
        ;;
    esac
    boot "$guest" 1920x1080 "$out" "${words[@]}"
}

# What has a photograph's smooth parts, edges and grain; the same at each run.
photograph() {
    [ ! -e "$work/photograph" ] || return 0
    convert -size 2400x1400 -seed 7 plasma:tomato-steelblue -swirl 90 \
        \( -size 2400x1400 -seed 9 plasma:grey30-grey90 -colorspace gray -posterize 5 -blur 0x1 \) \
        -compose multiply -composite -seed 11 -attenuate 0.15 +noise Gaussian -depth 8 "bgra:$work/photograph"
}

if [ $# = 0 ]; then
    for_tests
else
    folder=$1
    shift
    mkdir -p "$folder"
    for name in "$@"; do
        for_bench "$work/recording" "${name%-*}" "${name##*-}"
        mv "$work/recording" "$folder/$name.rfb"
    done
fi
