#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# check_headers.sh CC CXX INCLUDE_DIR
#
# The public headers, each by itself:
#   1. it compiles alone, and included twice, as C99, C11, C17 and C++11 without a warning
#   2. it includes nothing but the other public headers (as "x.h"), <stddef.h> and <stdint.h>
#   3. memqc.h includes it
#   4. it defines no struct or union (handles are opaque), and declares with no bool, long, or FILE
# CC and CXX may be commands with arguments; an empty CXX leaves out C++. Exit status: 0, 1 where a
# check failed, 2 for wrong usage.
set -eu
LC_ALL=C
export LC_ALL

if [ $# -ne 3 ] || [ ! -e "${3-}/memqc/memqc.h" ]; then
    echo "usage: $0 CC CXX INCLUDE_DIR (the folder that holds memqc/memqc.h)" >&2
    exit 2
fi
cc=$1 cxx=$2 include=$3
warnings='-Wall -Wextra -Wpedantic -Werror'

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM
failures=0
runs=0

fail() {
    echo "FAIL: $1"
    failures=$((failures + 1))
}

# try WHAT COMPILER-AND-OPTIONS FILE
try() {
    runs=$((runs + 1))
    # shellcheck disable=SC2086  # a command with arguments
    if ! $2 $warnings -I "$include" -fsyntax-only "$3" >"$tmp/out" 2>&1; then
        fail "$1 does not compile with $2 $warnings:"
        sed 's/^/    /' "$tmp/out"
    fi
}

for path in "$include"/memqc/*.h; do
    name=${path##*/}
    echo "#include <memqc/$name>" >"$tmp/once.c"
    cat "$tmp/once.c" "$tmp/once.c" >"$tmp/twice.c"
    cp "$tmp/once.c" "$tmp/once.cpp"
    cp "$tmp/twice.c" "$tmp/twice.cpp"
    for times in once twice; do
        for std in c99 c11 c17; do
            try "$name, included $times" "$cc -std=$std -Wstrict-prototypes" "$tmp/$times.c"
        done
        if [ -n "$cxx" ]; then
            try "$name, included $times" "$cxx -std=c++11" "$tmp/$times.cpp"
        fi
    done

    sed -n 's/^[[:space:]]*#[[:space:]]*include[[:space:]]*//p' "$path" |
        sed 's/[[:space:]].*//' >"$tmp/includes"
    while read -r what; do
        case $what in
        '<stddef.h>' | '<stdint.h>') ;;
        \"*/*\") fail "$name includes $what: name its neighbours without a folder" ;;
        \"*\")
            what=${what#\"}
            what=${what%\"}
            [ -e "$include/memqc/$what" ] || fail "$name includes \"$what\", which is no public header"
            ;;
        *) fail "$name includes $what: allowed are the other public headers, <stddef.h> and <stdint.h>" ;;
        esac
    done <"$tmp/includes"

    [ "$name" = memqc.h ] || grep -q "^#include \"$name\"" "$include/memqc/memqc.h" ||
        fail "memqc.h does not include $name"

    # The header's own text: comments and preprocessor lines away.
    awk '{
        line = $0
        out = ""
        while (line != "") {
            if (inside) {
                end = index(line, "*/")
                if (!end) break
                inside = 0
                line = substr(line, end + 2)
            } else {
                start = index(line, "/*")
                if (!start) { out = out line; break }
                out = out substr(line, 1, start - 1) " "
                inside = 1
                line = substr(line, start + 2)
            }
        }
        sub(/\/\/.*/, "", out)
        if (out !~ /^[ \t]*#/) print out
    }' "$path" | tr '\n' ' ' >"$tmp/text"
    if grep -qE '(^|[^A-Za-z0-9_])(struct|union)([[:space:]]+[A-Za-z0-9_]+)?[[:space:]]*\{' "$tmp/text"; then
        fail "$name defines a struct or union: the ABI has none"
    fi
    word=$(tr -c 'A-Za-z0-9_' '[\n*]' <"$tmp/text" |
        grep -xE 'long|short|unsigned|bool|_Bool|FILE|va_list|time_t' |
        sort -u | tr '\n' ' ')
    [ -z "$word" ] || fail "$name declares with a type that is not of the library's fixed ones: $word"
done

[ "$failures" -eq 0 ] || exit 1
echo "ok: $runs compilations"
