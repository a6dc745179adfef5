# shellcheck shell=sh
# SPDX-License-Identifier: BSD-3-Clause
# Sourced by examples/run.sh and tests/run.sh: finds what is missing and installs it through apt
# where it may. The script that sources it sets program to its own name, and has a function
# missing_packages, which prints the Debian packages whose tools or files cannot be found.

say() {
    printf '%s\n' "$*"
}

fail() {
    printf '%s: %s\n' "$program" "$*" >&2
    exit 1
}

has() {
    command -v "$1" >/dev/null 2>&1
}

compiler() {
    # CC may hold a compiler with its options.
    # shellcheck disable=SC2086
    printf '#include <stdio.h>\nint main(void) { return 0; }\n' |
        ${CC:-cc} -x c -o /dev/null - >/dev/null 2>&1
}

# A python3 that has a module: one of the user's own may lack what the system's has.
find_python() {
    for python in python3 /usr/bin/python3; do
        if "$python" -c "import $1" >/dev/null 2>&1; then
            return 0
        fi
    done
    return 1
}

# What every build of the library and its examples needs.
missing_for_build() {
    compiler || printf ' gcc libc6-dev'
    has meson || printf ' meson'
    has ninja || has ninja-build || has samu || printf ' ninja-build'
    has pkg-config || printf ' pkg-config'
    package_config openblas || printf ' libopenblas-dev'
    package_config zlib || printf ' zlib1g-dev'
    has python3 || printf ' python3'
}

package_config() {
    has pkg-config && pkg-config --exists "$1"
}

# Without pkg-config nothing can be found through it: what Debian itself says to have is not missing.
not_installed() {
    for package in "$@"; do
        if ! has dpkg || ! dpkg -s "$package" 2>/dev/null | grep -q '^Status: install ok installed'; then
            printf ' %s' "$package"
        fi
    done
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    else
        sudo -n "$@"
    fi
}

may_install() {
    has apt-get && { [ "$(id -u)" -eq 0 ] || { has sudo && sudo -n true 2>/dev/null; }; }
}

install() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=120 install -y \
        --no-install-recommends "$@" >/dev/null
}

update() {
    [ -n "${updated:-}" ] || as_root apt-get -qq update >/dev/null ||
        say "$program: apt-get update failed; going on with the lists there are"
    updated=yes
}

install_missing() {
    missing=$(missing_packages)
    if [ -z "$missing" ]; then
        return 0
    fi
    # shellcheck disable=SC2086
    packages=$(not_installed $missing)
    if [ -n "$packages" ] && may_install; then
        say "Installing:$packages (this takes a minute or two)"
        update
        # shellcheck disable=SC2086
        install $packages || say "$program: apt-get could not install all of it"
        missing=$(missing_packages)
    fi
    if [ -n "$missing" ]; then
        fail "missing:$missing
These are the names of Debian's packages. As root: apt-get update && apt-get install -y$missing
On other systems install what they stand for under its name there."
    fi
}

