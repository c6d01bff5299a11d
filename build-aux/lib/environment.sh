# Where things are built and run: the system itself where its GTK is new enough, else the private root.
# Sourced by the three commands; wants $top. INNKEEPER_ENVIRONMENT=system|root overrules the choice.

. "$top/build-aux/lib/say.sh"
. "$top/build-aux/lib/packages.sh"
. "$top/build-aux/lib/root.sh"
. "$top/build-aux/lib/desktop.sh"

# Chooses, and installs what is missing: environment_prepare GROUP... (BUILD, DEMO, TEST)
environment_prepare() {
    command -v cargo >/dev/null || [ -x "${CARGO_HOME:-$HOME/.cargo}/bin/cargo" ] ||
        die "Rust is missing: install its toolchain from https://rustup.rs and run the command again."
    environment=${INNKEEPER_ENVIRONMENT:-}
    if [ -n "${INNKEEPER_ROOT:-}" ]; then
        environment=inside
    elif [ -z "$environment" ]; then
        if [ -e "$(root_path)/.complete" ] && ! packages_installed_reach; then
            environment=root
        elif packages_new_enough; then
            environment=system
        else
            environment=root
        fi
    fi
    case $environment in
    system) packages_install_groups "$@" ;;
    root)
        # The crates come while the root is made.
        [ -e "$(root_path)/.complete" ] ||
            (cd "$top" && PATH="${CARGO_HOME:-$HOME/.cargo}/bin:$PATH" cargo fetch --locked --quiet) </dev/null >/dev/null 2>&1 &
        root_make
        wait
        desktop_locale
        ;;
    esac
}

# Runs a command there and returns its status.
environment_run() {
    if [ "$environment" = root ]; then
        (root_enter "$top" "$@")
    else
        PATH="${CARGO_HOME:-$HOME/.cargo}/bin:$PATH" CARGO_TARGET_DIR=$(environment_target) "$@"
    fi
}

# Cargo's target folder, as both sides see it.
environment_target() {
    if [ "$environment" = root ]; then
        echo "${CARGO_TARGET_DIR:-$top/target/root}"
    else
        echo "${CARGO_TARGET_DIR:-$top/target}"
    fi
}
