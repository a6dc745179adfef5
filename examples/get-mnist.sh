#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Downloads MNIST to where the examples look for it, and checks what came.
#
# Exit status: 0 all four files are there and correct; 1 a file could not be had; 2 wrong usage,
# no folder or a missing tool.
set -u

amazon=https://ossci-datasets.s3.amazonaws.com/mnist
google=https://storage.googleapis.com/cvdf-datasets/mnist
mirrors=${MEMQC_MIRROR:-"$amazon $google"}
partial=
quiet=no
deadline=

say() {
    [ "$quiet" = yes ] || printf 'get-mnist: %s\n' "$*"
}

die() {
    status=$1
    shift
    [ "$quiet" = yes ] || printf 'get-mnist: %s\n' "$*" >&2
    exit "$status"
}

usage() {
    cat <<'END'
usage: get-mnist.sh [--quiet] [--seconds N] [FOLDER]

Downloads the four files of MNIST (11 MB) into FOLDER, by default $XDG_CACHE_HOME/memqc/mnist or
~/.cache/memqc/mnist, where the examples find them by themselves. A file that is there and correct
is left alone. $MEMQC_MIRROR names another place to download from: the URL of a folder, https:// or
file://. --seconds limits the time of all downloads together. --quiet prints nothing: only the exit
status tells.
END
}

have() {
    command -v "$1" >/dev/null 2>&1
}

# The sum of standard input.
sha256() {
    if have sha256sum; then
        sha256sum
    elif have shasum; then
        shasum -a 256
    else
        openssl dgst -sha256 -r
    fi | cut -d ' ' -f 1
}

# Is the content of file $1, uncompressed if $2 is gz, that with the sum $3?
correct() {
    if [ "$2" = gz ]; then
        # A file cut in its last bytes has the right content, but readers will report an error.
        gzip -t <"$1" 2>/dev/null || return 1
        [ "$(gzip -dc <"$1" 2>/dev/null | sha256)" = "$3" ]
    else
        [ "$(sha256 <"$1")" = "$3" ]
    fi
}

# Downloads URL $1 to file $2, by the deadline where there is one.
fetch() {
    if [ -z "$deadline" ]; then
        set -- "$1" "$2" 20 2
    else
        left=$((deadline - $(date +%s)))
        [ "$left" -gt 0 ] || return 1
        set -- "$1" "$2" "$left" 0
    fi
    if have curl; then
        curl -fsSL --connect-timeout "$3" --retry "$4" ${left:+--max-time "$left"} -o "$2" "$1" \
            2>"$errors"
    else
        # wget's own limits are for single steps.
        ${left:+timeout "$left"} wget -q -T "$3" -t $(($4 + 1)) -O "$2" "$1" 2>"$errors"
    fi
}

# Succeeds if the folder already has file $1 with the sum $2. The readers prefer the plain file.
present() {
    if [ -e "$folder/$1" ]; then
        set -- "$folder/$1" plain "$2"
    elif [ -e "$folder/$1.gz" ]; then
        set -- "$folder/$1.gz" gz "$2"
    else
        return 1
    fi
    if correct "$@"; then
        say "$1 is there and correct"
        return 0
    fi
    # The cache is ours to repair, but another folder may hold another data set under these names.
    [ "$own" = yes ] || die 1 "$1 is there, but is not MNIST's: remove it or name another folder"
    rm -f "$1" || die 1 "$1 is there, but is not MNIST's, and cannot be removed"
    say "$1 was there, but was not MNIST's: removed"
    return 1
}

# Gets file $1 with the sum $2 from the first mirror that has it.
get() {
    [ -w "$folder" ] || die 2 "$folder cannot be written to"
    partial=$folder/$1.gz.part.$$
    # shellcheck disable=SC2086 # a list of URLs
    for mirror in $mirrors; do
        say "downloading ${mirror%/}/$1.gz"
        if ! fetch "${mirror%/}/$1.gz" "$partial"; then
            say "this mirror does not give $1.gz"
        elif ! correct "$partial" gz "$2"; then
            say "what came as $1.gz is not MNIST's (wrong SHA-256) and is thrown away"
        elif ! mv -f "$partial" "$folder/$1.gz"; then
            die 1 "$folder/$1.gz cannot be written"
        else
            return 0
        fi
        rm -f "$partial"
    done
    die 1 "$1.gz could not be had from any mirror ($mirrors)"
}

ensure() {
    present "$1" "$2" || get "$1" "$2"
}

errors=/dev/stderr
while [ $# -gt 0 ]; do
    case $1 in
    --quiet) quiet=yes errors=/dev/null ;;
    --seconds)
        case ${2-} in
        '' | *[!0-9]*)
            usage >&2
            exit 2
            ;;
        esac
        deadline=$(($(date +%s) + $2))
        shift
        ;;
    *) break ;;
    esac
    shift
done
[ $# -le 1 ] || {
    usage >&2
    exit 2
}
own=no
case ${1-} in
-h | --help)
    usage
    exit 0
    ;;
-*)
    usage >&2
    exit 2
    ;;
?*) folder=$1 ;;
*)
    own=yes
    # The examples ignore a relative XDG_CACHE_HOME, as its specification demands.
    case ${XDG_CACHE_HOME-} in
    /*) folder=$XDG_CACHE_HOME/memqc/mnist ;;
    *)
        [ -n "${HOME-}" ] || die 2 "neither HOME nor XDG_CACHE_HOME is set: name a folder"
        folder=$HOME/.cache/memqc/mnist
        ;;
    esac
    ;;
esac
have curl || have wget || die 2 "needs curl or wget"
have gzip || die 2 "needs gzip"
have sha256sum || have shasum || have openssl || die 2 "needs sha256sum, shasum or openssl"
mkdir -p "$folder" 2>"$errors" || die 2 "the folder $folder cannot be made"

trap 'rm -f "$partial"' EXIT
trap 'exit 1' HUP INT TERM
ensure train-images-idx3-ubyte ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db
ensure train-labels-idx1-ubyte 65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5
ensure t10k-images-idx3-ubyte 0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7
ensure t10k-labels-idx1-ubyte ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2
say "MNIST is in $folder"
