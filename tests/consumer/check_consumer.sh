#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# check_consumer.sh BUILD_DIR
#
# Another project's view: installs the build to a DESTDIR, asks pkg-config for the flags, and builds
# and runs a C and a C++ program with them, against the shared and against the static library (all-
# static where the system's libraries allow it, else with libmemqc.a alone).
#
# CC, CXX, PKG_CONFIG and MESON choose other tools. Exit status: 0, 1 where a check failed, 2 for
# wrong usage, 77 (skipped) where there is no pkg-config, or for a library built with a sanitizer or
# for coverage: a consumer would need the same flags.
set -eu
LC_ALL=C
export LC_ALL
unset DESTDIR

if [ $# -ne 1 ] || [ ! -d "${1-}/meson-private" ]; then
    echo "usage: $0 BUILD_DIR (of Meson, already built)" >&2
    exit 2
fi
build=$(cd "$1" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
pkg_config=${PKG_CONFIG:-pkg-config}
command -v "$pkg_config" >/dev/null || {
    echo "skipped: there is no $pkg_config"
    exit 77
}

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM
failures=0

fail() {
    echo "FAIL: $1"
    failures=$((failures + 1))
}

stop() {
    echo "FAIL: $1"
    exit 1
}

# --- installation ---------------------------------------------------------------------------------

dest=$tmp/dest
DESTDIR=$dest ${MESON:-meson} install -C "$build" --no-rebuild --quiet >"$tmp/install" 2>&1 || {
    cat "$tmp/install"
    stop "meson install failed"
}
found=$(find "$dest" -name memqc.pc)
[ -f "$found" ] || stop "not one memqc.pc was installed, but: '$found'"

PKG_CONFIG_PATH=$(dirname "$found")${PKG_CONFIG_PATH:+:$PKG_CONFIG_PATH}
export PKG_CONFIG_PATH
prefix=$("$pkg_config" --variable=prefix memqc) || stop "pkg-config cannot read memqc.pc or what it requires"
# Only the prefix is redefined: libdir, even a multiarch one, hangs on it, and OpenBLAS has a libdir
# of its own.
query() {
    "$pkg_config" "--define-variable=prefix=$dest$prefix" "$@" memqc
}
libdir=$(query --variable=libdir)
case $libdir in
"$dest"/*) ;;
*) stop "libdir of memqc.pc does not hang on its prefix: $(sed -n 's/^libdir=//p' "$found")" ;;
esac
version=$(query --modversion)
for file in "$libdir/libmemqc.so" "$libdir/libmemqc.so.0" "$libdir/libmemqc.a" \
    "$(query --variable=includedir)/memqc/memqc.h"; do
    [ -e "$file" ] || stop "not installed: ${file#"$dest"}"
done
if nm -u "$libdir/libmemqc.a" | grep -qE ' __(asan|ubsan|tsan|msan|hwasan|gcov|llvm_profile|sanitizer)_'; then
    echo "skipped: the library is instrumented"
    exit 77
fi
if readelf -dW "$libdir/libmemqc.so" | grep -E '\((RPATH|RUNPATH)\)' | grep -qF "$build"; then
    fail "the installed library has a run path into the build folder"
fi
case " $(query --libs) " in
*openblas*) fail "pkg-config --libs names OpenBLAS, which is private: $(query --libs)" ;;
esac

# --- consumers ------------------------------------------------------------------------------------

warnings='-Wall -Wextra -Wpedantic -Werror'

# compile COMPILER STANDARD SOURCE OBJECT, link COMPILER OBJECT PROGRAM FLAGS: messages go to
# $tmp/log. Only what the compiler says of the consumer itself counts as an error.
compile() {
    # shellcheck disable=SC2046,SC2086  # commands and flags, each of several words
    $1 -std=$2 $warnings $(query --cflags) -c "$3" -o "$4" >"$tmp/log" 2>&1
}
link() {
    # shellcheck disable=SC2086
    $1 "$2" -o "$3" $4 >"$tmp/log" 2>&1
}

# explain LOG...
explain() {
    cat "$@" | head -n 30 | sed 's/^/    /'
}

# run LABEL PROGRAM
run() {
    if OPENBLAS_NUM_THREADS=1 "$2" "$version" >"$tmp/log" 2>&1; then
        echo "ok: $1"
    else
        fail "$1: the program failed with status $?"
        explain "$tmp/log"
    fi
}

# uses_shared PROGRAM: does it load libmemqc when it starts?
uses_shared() {
    readelf -dW "$1" | grep -q 'NEEDED.*\[libmemqc\.so'
}

# check LANGUAGE COMPILER STANDARD SOURCE
check() {
    program=$tmp/$1
    if ! compile "$2" "$3" "$4" "$program.o"; then
        fail "$1: does not compile with $(query --cflags)"
        explain "$tmp/log"
        return
    fi

    if ! link "$2" "$program.o" "$program-shared" "$(query --libs)"; then
        fail "$1, shared: does not link with $(query --libs)"
        explain "$tmp/log"
    elif ! uses_shared "$program-shared"; then
        fail "$1, shared: the program does not ask for libmemqc.so.0"
    else
        LD_LIBRARY_PATH=$libdir${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH} run "$1, shared" "$program-shared"
    fi

    flags=$(query --static --libs)
    if link "$2" "$program.o" "$program-static" "-static $flags"; then
        run "$1, all static" "$program-static"
        return
    fi
    mv "$tmp/log" "$tmp/log-static"
    flags=$(echo " $flags " | sed 's/ -lmemqc / -l:libmemqc.a /g')
    if ! link "$2" "$program.o" "$program-static" "$flags"; then
        fail "$1, static: links neither with -static nor with $flags"
        explain "$tmp/log-static" "$tmp/log"
    elif uses_shared "$program-static"; then
        fail "$1, static: the program still asks for libmemqc.so.0"
    else
        run "$1, libmemqc.a with shared system libraries" "$program-static"
    fi
}

check C "${CC:-cc}" c11 "$here/consumer.c"
if command -v "${CXX:-c++}" >/dev/null || [ -n "${CXX-}" ]; then
    check C++ "${CXX:-c++}" c++11 "$here/consumer.cpp"
else
    echo "note: no C++ compiler, C++ not checked"
fi

[ "$failures" -eq 0 ] || exit 1
