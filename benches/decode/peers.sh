#!/usr/bin/env bash
# Installs the other clients of the decoding benchmark into an overlay of the private root and builds the programs in
# peers/: peers.sh LAYER ROOT. The layer keeps what was installed; ROOT is where the two are seen together.
set -euo pipefail
layer=$1 root=$2
here=$(cd "$(dirname "$0")" && pwd)

mkdir -p "$layer/upper" "$layer/work" "$root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$layer/upper,workdir=$layer/work" "$root"
for folder in dev proc sys tmp run; do mount --rbind "/$folder" "$root/$folder"; done
for file in resolv.conf hosts machine-id; do
    touch "$root/etc/$file"
    mount --bind "/etc/$file" "$root/etc/$file"
done

inside() { DEBIAN_FRONTEND=noninteractive chroot "$root" "$@" >>"$layer/log" 2>&1; }

if [ ! -e "$layer/installed" ]; then
    echo "installing libvncclient and libgvnc into an overlay of the private root" >&2
    inside apt-get -o APT::Sandbox::User=root update -qq
    inside apt-get -o APT::Sandbox::User=root install -y -qq --no-install-recommends libvncserver-dev libgvnc-1.0-dev
    touch "$layer/installed"
fi

# build PROGRAM PACKAGE: again when its source is newer.
mkdir -p "$root/opt/decode"
build() {
    cp -u "$here/peers/$1.c" "$here/peers/report.h" "$root/opt/decode/"
    inside sh -c "cd /opt/decode && [ $1 -nt $1.c ] && [ $1 -nt report.h ] ||
        gcc -O2 -Wno-deprecated-declarations -o $1 $1.c \$(pkg-config --cflags --libs $2)"
}
build libvncclient libvncclient
build gvnc gvnc-1.0
