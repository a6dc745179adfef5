#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# check_symbols.sh SHARED_LIB STATIC_LIB MAP HEADER_DIR
#
# What the built library shows to the linker:
#   1. exported dynamic symbols = global symbols of the map = functions that the headers declare with
#      MEMQC_API
#   2. the static archive defines no global symbol outside memqc_ and mqc_, and memqc_ only for what
#      is exported
#   3. neither library calls what a library must not: exit, printf, rand, setlocale, getenv, ...
#   4. the soname
#   5. no writable global variables (thread-local ones are fine)
# 3 and 5 are left out, with a note, for a library built with a sanitizer or for coverage: those add
# calls and state of their own. CC, NM and READELF choose other tools. Exit status: 0, 1 where a
# check failed, 2 for wrong usage.
set -eu
LC_ALL=C
export LC_ALL

soname=libmemqc.so.0

if [ $# -ne 4 ]; then
    echo "usage: $0 SHARED_LIB STATIC_LIB MAP HEADER_DIR" >&2
    exit 2
fi
shared=$1 static=$2 map=$3 headers=$4
[ -d "$headers/memqc" ] && headers=$headers/memqc
for path in "$shared" "$static" "$map" "$headers/memqc.h"; do
    [ -e "$path" ] || {
        echo "$0: $path does not exist" >&2
        exit 2
    }
done

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM
: >"$tmp/failures"

# complain TITLE: reads the offenders on stdin, one a line; none is a pass. It counts in a file: it
# may run in a subshell.
complain() {
    cat >"$tmp/offenders"
    [ -s "$tmp/offenders" ] || return 0
    echo "FAIL: $1:"
    sed 's/^/    /' "$tmp/offenders"
    echo "$1" >>"$tmp/failures"
}

# Names and types of symbols, from nm's POSIX format, without versions and the names of archive
# members.
symbols() {
    "${NM:-nm}" --format=posix "$@" | awk 'NF >= 2 { sub(/@.*/, "", $1); print $1, $2 }' | sort -u
}

# --- the three lists ------------------------------------------------------------------------------

# Version nodes are absolute symbols (A).
symbols -D --defined-only "$shared" | awk '$2 != "A"' >"$tmp/exported.typed"
cut -d ' ' -f 1 "$tmp/exported.typed" | sort -u >"$tmp/exported"

# A version script is a list of nodes: NAME { global: a; b; local: *; }; names before any label are
# global.
sed 's/#.*//' "$map" | tr '\n' ' ' | awk '{
    while ((from = index($0, "/*")) > 0) {
        rest = substr($0, from + 2)
        to = index(rest, "*/")
        $0 = substr($0, 1, from - 1) " " (to ? substr(rest, to + 2) : "")
    }
    gsub(/[{};:]/, " & ")
    for (i = 1; i <= NF; i++) {
        if ($i == "{") { inside = 1; section = "global" }
        else if ($i == "}") inside = 0
        else if (inside && $(i + 1) == ":") section = $i
        else if (inside && section == "global" && $i != ":" && $i != ";") print $i
    }
}' | sort -u >"$tmp/mapped"

# The headers, preprocessed without their own MEMQC_API, so that each declaration is one statement
# with a mark.
mkdir -p "$tmp/memqc"
for header in "$headers"/*.h; do
    name=${header##*/}
    sed '/^[[:space:]]*#[[:space:]]*define[[:space:]][[:space:]]*MEMQC_API/d' "$header" >"$tmp/memqc/$name"
    echo "#include <memqc/$name>"
done >"$tmp/all.c"
# shellcheck disable=SC2086  # CC may be a command with arguments
${CC:-cc} -E -P -DMEMQC_API=mqc_marked_api -I "$tmp" "$tmp/all.c" >"$tmp/all.i"
tr '\n' ' ' <"$tmp/all.i" | tr ';{}' '[\n*]' | awk '
    /^[ \t]*(__extension__[ \t]+)?typedef/ { next }
    {
        marked = / mqc_marked_api |^mqc_marked_api /
        found = match($0, /memqc_[A-Za-z0-9_]*[ \t]*\(/)
        if (found) {
            name = substr($0, RSTART, RLENGTH - 1)
            sub(/[ \t]+$/, "", name)
            print (marked ? "function" : "unmarked"), name
        } else if (marked)
            print "other", $0
    }' >"$tmp/declared.typed"
awk '$1 == "function" { print $2 }' "$tmp/declared.typed" | sort -u >"$tmp/declared"

awk '$1 == "unmarked" { print $2 }' "$tmp/declared.typed" | sort -u |
    complain "declared in a header without MEMQC_API"
sed -n 's/^other //p' "$tmp/declared.typed" |
    complain "a header marks something as MEMQC_API that is not a function named memqc_..."
[ -s "$tmp/declared" ] || echo "no function is declared with MEMQC_API" | complain "headers in $headers"
grep -vE '^memqc_[a-z0-9_]+$' "$tmp/mapped" |
    complain "global in the map, but not the name of one memqc_ function"
awk '$2 !~ /^[TiW]$/ { print $1 " (type " $2 " of nm)" }' "$tmp/exported.typed" |
    complain "exported, but not a function"
comm -23 "$tmp/exported" "$tmp/declared" | complain "exported, but declared in no header"
comm -13 "$tmp/exported" "$tmp/declared" | complain "declared in a header, but not exported"
comm -23 "$tmp/mapped" "$tmp/declared" | complain "in the map, but declared in no header"
comm -13 "$tmp/mapped" "$tmp/declared" | complain "declared in a header, but not in the map"
comm -13 "$tmp/exported" "$tmp/mapped" | complain "in the map, but not exported (not defined, or hidden)"

# --- the archive ----------------------------------------------------------------------------------

# What the tools add: position helpers of 32-bit x86, DWARF references, sanitizer and coverage
# records.
added='^(__x86\.|DW\.ref\.|__odr_asan|__asan_|__ubsan_|__tsan_|__gcov|__llvm_|__prof|__covrec)'
symbols -g --defined-only "$static" | cut -d ' ' -f 1 | sort -u >"$tmp/archive"
[ -s "$tmp/archive" ] || echo "no global symbol at all" | complain "$static"
grep -vE "^(memqc_|mqc_)|$added" "$tmp/archive" |
    complain "the archive defines a global symbol outside memqc_ and mqc_"
grep '^memqc_' "$tmp/archive" | comm -23 - "$tmp/declared" |
    complain "the archive defines a memqc_ name that no header declares (internals are named mqc_)"
comm -13 "$tmp/archive" "$tmp/declared" | complain "declared in a header, but not in the archive"

# --- calls that a library must not make -----------------------------------------------------------

{
    symbols -u -D "$shared" | sed 's/ .*/ (shared)/'
    symbols -u "$static" | sed 's/ .*/ (static)/'
} >"$tmp/undefined"
instrumented=$(grep -E '^__(asan|ubsan|tsan|msan|hwasan|lsan|gcov|llvm_profile|sanitizer)_' \
    "$tmp/undefined" | head -n 1)
if [ -n "$instrumented" ]; then
    echo "note: an instrumented build (it refers to ${instrumented%% *}):"
    echo "forbidden calls and global state not checked"
else
    awk '
        BEGIN {
            n = split("exit _exit _Exit quick_exit abort raise kill signal bsd_signal " \
                      "sysv_signal __sysv_signal sigaction sigset perror psignal stdin stdout " \
                      "stderr getchar putc putchar fputc putw puts fputs putc_unlocked " \
                      "putchar_unlocked fputc_unlocked fputs_unlocked _IO_putc _IO_puts err " \
                      "errx verr verrx warn warnx vwarn vwarnx error error_at_line syslog " \
                      "__syslog_chk rand rand_r srand random srandom drand48 erand48 lrand48 " \
                      "nrand48 mrand48 jrand48 srand48 setlocale uselocale localeconv atof " \
                      "wcstod wcstof wcstold getenv secure_getenv __secure_getenv setenv " \
                      "putenv unsetenv clearenv environ __environ", word, " ")
            for (i = 1; i <= n; i++) forbidden[word[i]] = 1
        }
        /^(memqc_|mqc_)/ { next }
        $1 in forbidden || $1 ~ /printf/ || $1 ~ /scanf/ || $1 ~ /^_*strto(d|f|ld|f[0-9]+x?)(_|$)/ ||
            $1 ~ /^__assert/ || $1 ~ /set_num_threads/ { print }' "$tmp/undefined" |
        complain "refers to a function or object that the library must not use"
fi

# --- soname ---------------------------------------------------------------------------------------

got=$("${READELF:-readelf}" -dW "$shared" | sed -n 's/.*(SONAME).*\[\(.*\)\].*/\1/p')
[ "$got" = "$soname" ] || echo "it is '$got', expected '$soname'" | complain "soname of $shared"

# --- writable global state ------------------------------------------------------------------------

# Sections that are allocated (A), writable (W), not thread-local (T), and stay writable after
# relocation.
"${READELF:-readelf}" -SW "$shared" | sed -n 's/^ *\[ *\([0-9][0-9]*\)\] */\1 /p' |
    awk '$8 ~ /W/ && $8 ~ /A/ && $8 !~ /T/ { print $1, $2 }' |
    grep -vE ' \.(data\.rel\.ro|(preinit|init|fini)_array|ctors|dtors|jcr|dynamic|got)' \
        >"$tmp/writable" || true
"${READELF:-readelf}" -sW "$shared" | awk '
    part == 1 { section[$1] = $2; next }
    /^Symbol table/ { table = $3 }
    table ~ /\.symtab/ && $1 ~ /^[0-9]+:$/ {
        seen = 1
        if ($4 != "OBJECT" || !($7 in section)) next
        # crtstuff.c, the dynamic linker and libgcc
        if (($8 ~ /^completed\.[0-9]+$/ && $3 == 1) ||
            $8 ~ /^__(dso_handle|TMC_END__|TMC_LIST__|EH_FRAME_BEGIN__|cpu_model|cpu_features2?)$/ ||
            $8 ~ /^__aarch64_(cpu_features|have_lse_atomics)$/) next
        print $8 " in " section[$7] ", " $3 " bytes"
    }
    END {
        if (!seen)
            print "the library has no symbol table (was it stripped?), so its variables cannot be seen"
    }
' part=1 "$tmp/writable" part=2 - >"$tmp/state"
if [ -z "$instrumented" ]; then
    complain "writable global state (make it const, thread-local, or part of a handle)" <"$tmp/state"
fi

if [ -s "$tmp/failures" ]; then
    echo "$(wc -l <"$tmp/failures" | tr -d ' ') check(s) of $shared and $static failed"
    exit 1
fi
echo "ok: $(wc -l <"$tmp/exported" | tr -d ' ') exported functions"
