# How the commands talk to the person who typed them.

say() { echo "innkeeper: $*" >&2; }

# Says what failed, then what to do, and ends.
die() {
    local line
    for line in "$@"; do say "$line"; done
    exit 1
}
