#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# check_abi.sh [--update] SHARED_LIB DUMP
#
# Compares the binary interface of the library (soname, exported functions, their parameters and
# results) with the dump in the repository. Only additions pass. With --update it writes the dump
# instead: do that when functions were added, never to silence a failure.
#
# Both sides go through the same abidw: no paths, no locations, no architecture, no libraries
# needed, and every struct opaque (the public headers define none; check_headers.sh sees to it), so
# that neither the compiler nor what is inside a handle matters. abidw keeps as public only the
# types of the given header folder; it compares base names, and the library has a device.h of its
# own, so the folder it gets is an empty one of ours.
#
# Exit status: 0, 1 where the interface changed, 2 for wrong usage, 77 (skipped) where libabigail is
# not installed, the library has no debug information or is not a 64-bit one as the dump is. With
# MEMQC_STRICT=1 a skip is a failure.
set -eu
LC_ALL=C
export LC_ALL

update=no
if [ "${1-}" = --update ]; then
    update=yes
    shift
fi
# A third argument, the header folder, is accepted and not needed.
if [ $# -lt 2 ] || [ $# -gt 3 ]; then
    echo "usage: $0 [--update] SHARED_LIB DUMP" >&2
    exit 2
fi
library=$1 dump=$2

skip() {
    echo "skipped: $1"
    [ "${MEMQC_STRICT-0}" != 1 ] || exit 1
    exit 77
}

[ -e "$library" ] || {
    echo "$0: $library does not exist" >&2
    exit 2
}
for tool in abidw abidiff readelf; do
    command -v "$tool" >/dev/null || skip "$tool is not installed (Debian: abigail-tools, binutils)"
done
readelf -SW "$library" | grep -qE '\.z?debug_info' ||
    skip "$library has no debug information (build with -Ddebug=true)"
readelf -hW "$library" | grep -q 'Class: *ELF64' ||
    skip "the dump describes a 64-bit library, and $library is none"

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM

mkdir "$tmp/no-types"
: >"$tmp/no-types/no-public-struct.h"
abidw --no-corpus-path --no-comp-dir-path --no-show-locs --no-elf-needed --no-architecture \
    --exported-interfaces-only \
    --drop-undefined-syms --drop-private-types --headers-dir "$tmp/no-types" --out-file "$tmp/raw" "$library"
# Names of source files as the compiler got them may lead through the build folder: keep them from
# lib/ on.
sed "s|path='[^']*/lib/|path='lib/|" "$tmp/raw" >"$tmp/now"

# The names of the functions in a dump.
functions() {
    sed -n "s/.*<elf-symbol name='\([^']*\)'.*/\1/p" "$1" | sort -u
}
functions "$tmp/now" >"$tmp/functions"
[ -s "$tmp/functions" ] || {
    echo "FAIL: abidw sees no exported function in $library"
    exit 1
}
# A function that the compiler merged with an equal one has a symbol and no description of its
# parameters.
sed -n "s/.*elf-symbol-id='\([^'@]*\).*/\1/p" "$tmp/now" | sort -u >"$tmp/described"
comm -23 "$tmp/functions" "$tmp/described" >"$tmp/bare"
if [ -s "$tmp/bare" ]; then
    echo "note: parameters not seen, for want of debug information (merged with an equal function?"
    echo "see -fno-ipa-icf):"
    sed 's/^/    /' "$tmp/bare"
fi

if [ $update = yes ]; then
    [ ! -s "$tmp/bare" ] || {
        echo "FAIL: $dump not written: it would say nothing about these functions"
        exit 1
    }
    cp "$tmp/now" "$dump"
    echo "wrote $dump: $(wc -l <"$tmp/functions" | tr -d ' ') functions"
    exit 0
fi
[ -s "$dump" ] || {
    echo "FAIL: there is no dump $dump to compare with; write it with: $0 --update $library $dump"
    exit 1
}
status=0
abidiff --no-default-suppression --no-added-syms "$dump" "$tmp/now" >"$tmp/diff" 2>&1 || status=$?
if [ $status -ne 0 ]; then
    cat "$tmp/diff"
    echo "FAIL: the binary interface is not that of $dump (abidiff gave $status)."
    echo "Programs built against an older"
    echo "library would break: bring the old interface back, and put the new one beside it."
    exit 1
fi
functions "$dump" | comm -13 - "$tmp/functions" >"$tmp/added"
if [ -s "$tmp/added" ]; then
    echo "note: not in the dump yet, add with $0 --update $library $dump:"
    sed 's/^/    /' "$tmp/added"
fi
echo "ok: $(wc -l <"$tmp/functions" | tr -d ' ') functions"
