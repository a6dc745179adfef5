#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Builds libmemqc and makes the paper's figures: installs what is missing through apt where it may,
# builds into build-run/, runs examples/paper, draws its figures into out/ and shows them on a page.
# Options are handed on to paper (paper --help).
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
build=${MEMQC_BUILD:-$root/build-run}
out=$root/out
own_data=${MEMQC_DATA:-}
fashion=/usr/share/datasets/fashion-mnist

program=run.sh
# shellcheck source=examples/common/packages.sh
. "$root/examples/common/packages.sh"

# The two options of paper that matter here too.
read_options() {
    while [ $# -gt 0 ]; do
        case $1 in
            --out=*) out=${1#--out=} ;;
            --data=*) own_data=${1#--data=} ;;
            --out | --data)
                [ $# -ge 2 ] || fail "$1 needs a value: the name of a folder"
                if [ "$1" = --out ]; then out=$2; else own_data=$2; fi
                shift
                ;;
        esac
        shift
    done
}

# The Debian packages whose tools or files cannot be found.
missing_packages() {
    missing_for_build
    find_python matplotlib || printf ' python3-matplotlib'
}

has_images() {
    for images in train-images-idx3-ubyte train-labels-idx1-ubyte t10k-images-idx3-ubyte \
        t10k-labels-idx1-ubyte; do
        [ -e "$1/$images" ] || [ -e "$1/$images.gz" ] || return 1
    done
}

# The figures to compare with are of MNIST: 20 seconds are spent to get it. Real pictures of other
# things are nicer than the built-in synthetic digits, but those will do.
offer_images() {
    case ${XDG_CACHE_HOME:-} in
        /*) cache=$XDG_CACHE_HOME/memqc/mnist ;;
        *) cache=${HOME:-}/.cache/memqc/mnist ;;
    esac
    if [ -n "$own_data" ] || has_images "$cache"; then
        return 0
    fi
    say "Looking for MNIST (11 MB, 20 seconds at most)"
    if sh "$root/examples/get-mnist.sh" --quiet --seconds 20; then
        return 0
    fi
    if has_images "$fashion" || ! may_install; then
        return 0
    fi
    say "It cannot be had (later: sh examples/get-mnist.sh): installing Fashion-MNIST instead"
    update
    install dataset-fashion-mnist || say "run.sh: not to be had; going on with synthetic digits"
}

build() {
    if [ -f "$build/build.ninja" ] && meson compile -C "$build"; then
        return 0
    fi
    # Left by another version of Meson, or the checkout has moved.
    rm -rf "$build"
    meson setup "$build" "$root" --buildtype=release -Dexamples=enabled -Dtests=disabled \
        -Dbenchmarks=disabled -Ddocs=disabled -Dpython=disabled
    meson compile -C "$build"
}

# POSIX pipes lose the status of all but their last command.
run_paper() {
    mkdir -p "$out"
    {
        status=0
        OPENBLAS_NUM_THREADS=1 "$build/examples/paper" --figure all --seeds 3 "$@" \
            --out "$out" || status=$?
        printf '%s\n' "$status" >"$out/.status"
    } | tee "$out/paper.txt"
    read -r status <"$out/.status"
    rm -f "$out/.status"
    [ "$status" -eq 0 ] || exit "$status"
}

# The package memqc of this checkout with the library that was built, for the programs in Python.
use_package() {
    for name in libmemqc.so.0 libmemqc.0.dylib; do
        if [ -e "$build/lib/$name" ]; then
            export MEMQC_LIBRARY="$build/lib/$name"
        fi
    done
    export PYTHONPATH="$root/bindings/python${PYTHONPATH:+:$PYTHONPATH}"
}

for argument in "$@"; do
    if [ "$argument" = --help ]; then
        say "usage: sh examples/run.sh [options of paper: --seeds N, --epochs N, --data DIR, ...]"
        say "Builds libmemqc, trains the paper's network and draws its figures into out/."
        exit 0
    fi
done
read_options "$@"
install_missing
offer_images
build
say ""
run_paper "$@"
note=$(sed -n 's| in /[^:]*:|:|; s|^data: ||p' "$out/paper.txt" | head -n 1)
find_python matplotlib
use_package
"$python" "$root/examples/plot.py" "$out" --note "$note"
"$python" -m memqc paper --quiet --tables "$out" --note "$note" -o "$out/paper.html" >/dev/null
say ""
say "Tables, CSV files and pictures are in $out. Open this page in a browser:"
say "$out/paper.html"
