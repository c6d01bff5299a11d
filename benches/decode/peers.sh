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

# TigerVNC's decoder is in no package: the client's half of its library is built from Debian 12's source, without TLS.
if [ ! -e "$root/opt/tigervnc/client.a" ]; then
    echo "building TigerVNC's client library from source" >&2
    mkdir -p "$root/opt/tigervnc"
    sed -n 's/^deb \(.*\) trixie main/deb-src \1 bookworm main/p' "$root/etc/apt/sources.list" >"$root/etc/apt/sources.list.d/source.list"
    inside apt-get -o APT::Sandbox::User=root update -qq
    inside apt-get -o APT::Sandbox::User=root install -y -qq --no-install-recommends dpkg-dev libpixman-1-dev libjpeg-dev zlib1g-dev
    inside sh -ec '
        cd /opt/tigervnc
        apt-get -o APT::Sandbox::User=root source -qq --download-only tigervnc
        rm -rf source objects
        dpkg-source --no-check -x tigervnc_*.dsc source
        mkdir objects
        cd source/common
        ls os/*.cxx rdr/*.cxx rfb/*.cxx rfb/*.c |
            grep -vE "^rdr/TLS|^rfb/(S[CMS]|Scale|ServerCore|SecurityServer|VNCS|Win|Unix|pam|.*TLS|.*BPP)" |
            xargs -P 2 -I {} sh -c "gcc -O2 -w \$(pkg-config --cflags pixman-1) -I. -c {} -o ../../objects/\$(echo {} | tr / _).o"
        ar rcs ../../client.a ../../objects/*.o'
fi

# build PROGRAM SOURCE FLAGS...: again when a source is newer.
mkdir -p "$root/opt/decode"
build() {
    local program=$1 source=$2
    shift 2
    cp -u "$here/peers/$source" "$here"/peers/*.h "$root/opt/decode/"
    inside sh -c "cd /opt/decode && [ $program -nt $source ] && [ $program -nt report.h ] && [ $program -nt socket.h ] || gcc -O2 -o $program $source $*"
}
build_c() {
    build "$1" "$1.c" -Wno-deprecated-declarations "\$(pkg-config --cflags --libs $2)"
}
build_c libvncclient libvncclient
build_c gvnc gvnc-1.0
build tigervnc tigervnc.cxx -I/opt/tigervnc/source/common /opt/tigervnc/client.a -ljpeg -lz -lpixman-1 -lstdc++
