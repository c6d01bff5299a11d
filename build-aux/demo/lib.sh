# How the demonstration is made: the daemon, the disks from our own boot sectors, the guests' XML.
# Sourced by up and down; wants $here. Needs libvirtd, virsh, qemu-system-x86_64, qemu-img and nasm.

# Sets $uri and $folder (the disks, the logs, the pids).
demo_place() {
    if [ "$(id -u)" = 0 ] && { [ ! -S /run/libvirt/libvirt-sock ] || [ -e /run/innkeeper-demo ]; } &&
        [ ! -S /run/libvirt/virtqemud-sock ]; then
        uri=qemu:///system
        folder=/run/innkeeper-demo
    else
        uri=qemu:///session
        folder=${XDG_CACHE_HOME:-$HOME/.cache}/innkeeper/demo
    fi
}

demo_virsh() { LC_ALL=C virsh -q -c "$uri" "$@"; }

# True once the daemon answers; waits ten seconds at most.
demo_answers() {
    local _
    for _ in $(seq 100); do
        ! demo_virsh uri >/dev/null 2>&1 || return 0
        sleep 0.1
    done
    return 1
}

# The system bus, polkitd and libvirtd, as a system without systemd can have them.
demo_daemon() {
    [ ! -S /run/libvirt/libvirt-sock ] || return 0
    mkdir -p /run/libvirt /run/dbus
    demo_bus
    # Plain settings for a machine that is only a folder: no security driver, no cgroups, no virtlogd.
    cat >"$folder/qemu.conf" <<-END
	user = "root"
	group = "root"
	dynamic_ownership = 0
	remember_owner = 0
	security_driver = "none"
	namespaces = []
	cgroup_controllers = []
	stdio_handler = "file"
	max_core = 0
	vnc_listen = "127.0.0.1"
	END
    printf 'log_outputs = "3:file:%s/libvirtd.log"\n' "$folder" >"$folder/libvirtd.conf"
    demo_libvirtd
}

# polkit decides who may manage guests; where this user cannot start it (one user ID only), libvirtd still
# lets user 0 in.
demo_bus() {
    [ ! -S /run/dbus/system_bus_socket ] || return 0
    dbus-daemon --system --fork --nopidfile --print-pid=3 3>"$folder/dbus.pid" 2>"$folder/dbus.log" || return 0
    [ ! -x /usr/lib/polkit-1/polkitd ] || {
        setsid /usr/lib/polkit-1/polkitd --no-debug </dev/null >"$folder/polkitd.log" 2>&1 &
        echo $! >"$folder/polkitd.pid"
    }
}

# libvirtd in a mount namespace of its own, with our qemu.conf in the place where it looks and without the KVM
# device: the guests are emulated, and a KVM that does not work costs seconds at every probe.
# It is waited for by a process that reaps: libvirt waits until the QEMUs that it probes have vanished.
demo_libvirtd() {
    local reap=()
    [ -n "${INNKEEPER_ROOT:-}" ] || reap=(unshare --fork --pid --mount-proc --kill-child)
    setsid "${reap[@]}" unshare --mount --propagation private bash -c '
        mount --bind "$1/qemu.conf" /etc/libvirt/qemu.conf
        if [ -e /dev/kvm ]; then
            : >"$1/nothing"
            chmod 0 "$1/nothing"
            mount --bind "$1/nothing" /dev/kvm
        fi
        libvirtd -f "$1/libvirtd.conf" -p "$1/libvirtd.own.pid" &
        trap "kill $!" TERM
        wait
    ' libvirtd "$folder" </dev/null >"$folder/libvirtd.out" 2>&1 &
    echo $! >"$folder/libvirtd.pid"
}

# One disk for each guest, from our own boot sectors.
demo_images() {
    local program guest
    for program in animated terminal; do
        nasm -w-reloc-abs -f bin -I "$here/" -o "$folder/$program.raw" "$here/$program.asm"
        truncate -s 1M "$folder/$program.raw"
    done
    for guest in demo-animated:animated demo-password:terminal demo-off:terminal; do
        [ -e "$folder/${guest%:*}.qcow2" ] ||
            qemu-img convert -q -O qcow2 "$folder/${guest#*:}.raw" "$folder/${guest%:*}.qcow2"
    done
}

# Defines a guest: demo_guest NAME PROGRAM MEMORY-IN-MIB
demo_guest() {
    demo_virsh dominfo "$1" >/dev/null 2>&1 || demo_virsh define /dev/stdin < <(demo_xml "$@") >/dev/null
}

# Another daemon of this machine may take the free VNC port that libvirt has just found: then once more. Somebody else
# may be starting the guest, which is paused until it runs: then it is waited for.
demo_start() {
    local attempts=0 _
    for _ in {1..50}; do
        case $(demo_virsh domstate "$1") in
        running) return 0 ;;
        paused) sleep 0.2 ;;
        *)
            [ $attempts -lt 3 ] || break
            attempts=$((attempts + 1))
            ! demo_virsh start "$1" >/dev/null || return 0
            ;;
        esac
    done
    die "the guest $1 does not start."
}

demo_snapshot() {
    demo_virsh snapshot-info "$1" fresh >/dev/null 2>&1 ||
        demo_virsh snapshot-create-as "$1" fresh "As it was made" >/dev/null
}

demo_xml() {
    local name=$1 program=$2 memory=$3 title description password="" os=""
    # The text screen claims to be a Linux, so that one row of the list has an operating system's icon.
    [ "$program" != terminal ] || os='<metadata>
    <libosinfo:libosinfo xmlns:libosinfo="http://libosinfo.org/xmlns/libvirt/domain/1.0">
      <libosinfo:os id="http://libosinfo.org/linux/2022"/>
    </libosinfo:libosinfo>
  </metadata>'
    case $name in
    demo-animated)
        title="Demo: Moving Picture"
        description="Draws a lantern over colour bars and shows what is typed. Its serial line echoes it."
        ;;
    demo-password)
        title="Demo: Password"
        description="Its VNC server asks for a password: secret12."
        password="passwd='secret12'"
        ;;
    demo-off)
        title="Demo: Shut Off"
        description="Start it from the list. It has one snapshot."
        ;;
    esac
    cat <<END
<domain type='qemu'>
  <name>$name</name>
  <title>$title</title>
  <description>$description</description>
  $os
  <memory unit='MiB'>$memory</memory>
  <vcpu>1</vcpu>
  <os><type arch='x86_64' machine='pc'>hvm</type><boot dev='hd'/></os>
  <features><acpi/></features>
  <clock offset='utc'/>
  <on_poweroff>destroy</on_poweroff>
  <on_reboot>restart</on_reboot>
  <on_crash>destroy</on_crash>
  <devices>
    <disk type='file' device='disk'>
      <driver name='qemu' type='qcow2'/>
      <source file='$folder/$name.qcow2'/>
      <target dev='hda' bus='ide'/>
    </disk>
    <controller type='usb' model='none'/>
    <interface type='user'><model type='e1000'/></interface>
    <serial type='pty'><target port='0'/></serial>
    <console type='pty'><target type='serial' port='0'/></console>
    <graphics type='vnc' port='-1' autoport='yes' $password>
      <listen type='address' address='127.0.0.1'/>
    </graphics>
    <video><model type='vga' vram='16384' heads='1'/></video>
    <memballoon model='none'/>
  </devices>
</domain>
END
}
