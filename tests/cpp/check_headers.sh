#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# check_headers.sh CXX SOURCE_ROOT
#
# memqc.hpp without a warning: each header of bindings/cpp alone, and the tests of tests/cpp, which
# use every method: with CXX as C++20 (the build has them as C++17), and with clang++, where it is
# installed, as both.
# CXX may be a command with arguments. Exit status: 0, 1 where a check failed, 2 for wrong usage.
set -eu

if [ $# -ne 2 ] || [ ! -e "${2-}/bindings/cpp/memqc.hpp" ]; then
    echo "usage: $0 CXX SOURCE_ROOT" >&2
    exit 2
fi
cxx=$1 root=$2
flags="-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror -fsyntax-only
    -I $root/bindings/cpp -I $root/include"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM
failures=0
runs=0

# try WHAT COMPILER-AND-OPTIONS FILE
try() {
    runs=$((runs + 1))
    # shellcheck disable=SC2086  # commands and options, each of several words
    if ! $2 $flags -x c++ "$3" >"$tmp/out" 2>&1; then
        echo "FAIL: $1 does not compile with $2:"
        head -n 30 "$tmp/out" | sed 's/^/    /'
        failures=$((failures + 1))
    fi
}

for header in "$root"/bindings/cpp/memqc/*.hpp; do
    name=memqc/${header##*/}
    printf '#include <%s>\n#include <%s>\n' "$name" "$name" >"$tmp/alone.cpp"
    try "$name" "$cxx -std=c++17" "$tmp/alone.cpp"
    grep -q "'$name'" "$root/bindings/cpp/meson.build" || {
        echo "FAIL: bindings/cpp/meson.build does not install $name"
        failures=$((failures + 1))
    }
done

# tests COMPILER STANDARD
tests() {
    for source in "$root"/tests/cpp/*.cpp; do
        exceptions=
        [ "${source##*/}" != no_exceptions.cpp ] || exceptions=-fno-exceptions
        try "${source##*/}" "$1 -std=$2 $exceptions" "$source"
    done
}
tests "$cxx" c++20
if command -v clang++ >/dev/null; then
    tests clang++ c++17
    tests clang++ c++20
fi

[ "$failures" -eq 0 ] || exit 1
echo "ok: $runs compilations"
