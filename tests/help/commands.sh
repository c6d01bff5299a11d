# Types what the help pages "With TLS certificates" and "With a user name and password" say, on a host of its own, and
# connects as they say with libvirt's own client. Started by main.rs in namespaces of its own; $1 is the pages' folder.
set -eu
pages=$1

# Prints the commands of a page that are for one computer.
commands() {
    awk -v tag="$2" '/^```/ { if (on) on = 0; else if ($0 == "```sh " tag) { on = 1; next } } on' "$pages/$1.md"
}

# An administrator is who runs this; a password is typed.
sudo() { "$@"; }
saslpasswd2() { printf secret | command saslpasswd2 -p "$@"; }

own_computer() {
    mount --make-rprivate /
    mount -t tmpfs tmpfs /mnt
    cp -a /etc /mnt/etc
    printf '127.0.0.1 localhost host.example\n' >/mnt/etc/hosts
    mount --bind /mnt/etc /etc
    mount -t tmpfs tmpfs /run
    mount -t tmpfs tmpfs /var/lib/libvirt
    ip link set lo up
    hostname host.example
    # libvirt takes root's certificates from the system only: the person here has a folder of their own.
    export HOME=/mnt/home
    mkdir -p "$HOME" /mnt/work
    cd /mnt/work
}

# Starts the service with a configuration and waits until it listens for TLS.
listen() {
    libvirtd --listen -f "$1" >/mnt/libvirtd.log 2>&1 &
    daemon=$!
    local tries=600
    until ss -Hltn 'sport = :16514' | grep -q .; do
        kill -0 "$daemon" && [ $((tries -= 1)) -gt 0 ] || { cat /mnt/libvirtd.log; exit 1; }
        sleep 0.1
    done
}

connects() {
    virsh -c "qemu+tls://host.example/system?pkipath=$HOME/.pki/libvirt" list --all
}

own_computer
eval "$(commands connect-tls authority)"
eval "$(commands connect-tls server)"
eval "$(commands connect-tls client | grep -v virsh)"

echo "== with a certificate"
: >/mnt/libvirtd.conf
listen /mnt/libvirtd.conf
connects

echo "== with a certificate that was withdrawn"
kill "$daemon" && wait "$daemon" || true
install -D -m 644 cacrl.pem /etc/pki/CA/cacrl.pem
listen /mnt/libvirtd.conf
! connects
kill "$daemon" && wait "$daemon" || true
rm /etc/pki/CA/cacrl.pem

echo "== with a user name and password"
eval "$(commands connect-sasl server)"
printf 'auth_tls = "sasl"\ntls_no_verify_certificate = 1\n' >/mnt/libvirtd.conf
listen /mnt/libvirtd.conf
rm "$HOME/.pki/libvirt/clientcert.pem" "$HOME/.pki/libvirt/clientkey.pem"
! connects </dev/null
cat >/mnt/auth.conf <<'END'
[credentials-mine]
authname=operator
password=secret

[auth-libvirt-host.example]
credentials=mine
END
LIBVIRT_AUTH_FILE=/mnt/auth.conf connects
echo "== done"
