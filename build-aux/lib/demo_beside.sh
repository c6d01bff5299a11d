# The demonstration beside a program on the user's desktop. Sourced by run.

# In the private root the guests live in a sandbox of their own, where they are user 0, and only libvirt's socket
# folder is shared; on the system itself they are guests of the user's own session. `demo_end` ends them.
demo_beside() {
    local ready
    if [ "$environment" != root ]; then
        environment_run "$top/build-aux/demo/up" >/dev/null
        demo_end() { environment_run "$top/build-aux/demo/down"; }
        return
    fi
    demo_folder=$(mktemp -d)
    mkfifo "$demo_folder/ready"
    mkdir "$demo_folder/libvirt"
    (
        ROOT_AS=root
        ROOT_BIND+=(--bind "$demo_folder/libvirt" /run/libvirt)
        environment_run bash -c '"$1/build-aux/demo/up" || echo failed; exec sleep infinity' demo "$top"
    ) >"$demo_folder/ready" &
    demo_process=$!
    demo_end() {
        kill "$demo_process" 2>/dev/null || true
        wait "$demo_process" 2>/dev/null || true
        rm -rf "$demo_folder"
    }
    read -r ready <"$demo_folder/ready" || ready=failed
    [ "$ready" != failed ] || die "the demonstration did not start; the messages above say why."
    ROOT_BIND+=(--bind "$demo_folder/libvirt" /run/libvirt)
}
