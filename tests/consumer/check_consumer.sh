#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# check_consumer.sh pkg-config|cmake BUILD_DIR
#
# Another project's view: installs the build to a DESTDIR, and builds and runs C and C++ programs,
# one of them with memqc.hpp, against the shared and against the static library.
#   pkg-config  with the flags that it gives; all-static where the system's libraries allow it, else
#               with libmemqc.a alone
#   cmake       with find_package(memqc)
#
# CC, CXX, PKG_CONFIG, CMAKE and MESON choose other tools. Exit status: 0, 1 where a check failed, 2 for
# wrong usage, 77 (skipped) where there is no pkg-config or cmake, or for a library built with a sanitizer or
# for coverage: a consumer would need the same flags.
set -eu
LC_ALL=C
export LC_ALL
unset DESTDIR

usage() {
    echo "usage: $0 pkg-config|cmake BUILD_DIR (of Meson, already built)" >&2
    exit 2
}
case $# in
2) [ -d "$2/meson-private" ] || usage ;;
*) usage ;;
esac
way=$1
build=$(cd "$2" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
pkg_config=${PKG_CONFIG:-pkg-config}
cmake=${CMAKE:-cmake}
case $way in
pkg-config) needed=$pkg_config ;;
cmake) needed="$pkg_config $cmake" ;;
*) usage ;;
esac
for tool in $needed; do
    command -v "$tool" >/dev/null || {
        echo "skipped: there is no $tool"
        exit 77
    }
done

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
    "$(query --variable=includedir)/memqc/memqc.h" "$(query --variable=includedir)/memqc.hpp"; do
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

check_pkg_config() {
    check C "${CC:-cc}" c11 "$here/consumer.c"
    if has_cxx; then
        check C++ "${CXX:-c++}" c++11 "$here/consumer.cpp"
        check memqc.hpp "${CXX:-c++}" c++17 "$here/consumer_hpp.cpp"
    else
        echo "note: no C++ compiler, C++ not checked"
    fi
}
has_cxx() {
    command -v "${CXX:-c++}" >/dev/null || [ -n "${CXX-}" ]
}

# --- CMake ----------------------------------------------------------------------------------------

# configure FOLDER OPTIONS...: a project that asks for the installed package
configure() {
    folder=$tmp/$1
    shift
    "$cmake" -S "$here" -B "$folder" "-DCMAKE_PREFIX_PATH=$dest$prefix" "$@" >"$tmp/log" 2>&1
}

# The same programs, and the versions of the package
check_cmake() {
    ! has_cxx || cxx=CXX
    if ! configure cmake "-DLANGUAGES=C;${cxx-}" || ! "$cmake" --build "$tmp/cmake" >>"$tmp/log" 2>&1; then
        fail "CMake: find_package(memqc) does not build"
        explain "$tmp/log"
        return
    fi
    for program in "$tmp"/cmake/consumer-*; do
        name=${program##*/}
        case $name in
        *-static) ! uses_shared "$program" || fail "CMake: $name asks for libmemqc.so.0" ;;
        *) uses_shared "$program" || fail "CMake: $name does not ask for libmemqc.so.0" ;;
        esac
        run "CMake, $name" "$program"
    done
    for bad in 99.0 0.1 "$version;EXACT;COMPONENTS;no-such"; do
        ! configure bad -DLANGUAGES=C "-DVERSION=$bad" || fail "CMake: find_package(memqc $bad) succeeds"
    done
    for good in "$version;EXACT" "${version%.*}" "0.3...<9" "$version;COMPONENTS;static;shared"; do
        configure good -DLANGUAGES=C "-DVERSION=$good" || {
            fail "CMake: find_package(memqc $good) fails"
            explain "$tmp/log"
        }
    done
}

case $way in
pkg-config) check_pkg_config ;;
cmake) check_cmake ;;
esac

[ "$failures" -eq 0 ] || exit 1
