#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# check_constants.sh CONSTANTS_C HEADER_DIR
#
# Every public constant - enumerators and #define MEMQC_... with a value, of all headers - has its
# line in constants.c, or in a list beside it (update_constants.py): CONSTANT(name, value),
# VERSION_PART(name) or DOUBLE_BITS(name, bits).
# Enumerators must be given explicit values, and no constant may stand twice. (A line for a constant
# that is gone does not compile.) CC chooses another compiler. Exit status: 0, 1 where a check
# failed, 2 for wrong usage.
set -eu
LC_ALL=C
export LC_ALL

if [ $# -ne 2 ]; then
    echo "usage: $0 CONSTANTS_C HEADER_DIR" >&2
    exit 2
fi
constants=$1 headers=$2
[ -d "$headers/memqc" ] && headers=$headers/memqc
for path in "$constants" "$headers/memqc.h"; do
    [ -e "$path" ] || {
        echo "$0: $path does not exist" >&2
        exit 2
    }
done

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM
: >"$tmp/failures"

# complain TITLE: reads the offenders on stdin, one a line; none is a pass.
complain() {
    cat >"$tmp/offenders"
    [ -s "$tmp/offenders" ] || return 0
    echo "FAIL: $1:"
    sed 's/^/    /' "$tmp/offenders"
    echo "$1" >>"$tmp/failures"
}

# Macros with a value and no parameters, without MEMQC_API. Include guards have no value.
mkdir -p "$tmp/memqc"
cp "$headers"/*.h "$tmp/memqc"
for header in "$headers"/*.h; do
    echo "#include <memqc/${header##*/}>"
done >"$tmp/all.c"
# shellcheck disable=SC2086  # CC may be a command with arguments
${CC:-cc} -E -dM -I "$tmp" "$tmp/all.c" | awk '
    $1 == "#define" && $2 ~ /^MEMQC_[A-Za-z0-9_]*$/ && $2 != "MEMQC_API" && NF > 2 {
        print $2
    }' >"$tmp/macros"

# Enumerators: what stands between "enum ... {" and "}" in the preprocessed headers.
# shellcheck disable=SC2086
${CC:-cc} -E -P -I "$tmp" "$tmp/all.c" | tr '\n' ' ' | awk '{
    while (match($0, /(^|[^A-Za-z0-9_])enum([ \t]+[A-Za-z0-9_]+)?[ \t]*\{[^}]*\}/)) {
        body = substr($0, RSTART, RLENGTH)
        $0 = substr($0, RSTART + RLENGTH)
        sub(/^[^{]*\{/, "", body)
        sub(/\}$/, "", body)
        n = split(body, item, ",")
        for (i = 1; i <= n; i++) {
            gsub(/[ \t]+/, "", item[i])
            if (item[i] != "") print item[i]
        }
    }
}' >"$tmp/enumerators"
grep -v '=' "$tmp/enumerators" | complain "an enumerator without an explicit value"
sed 's/=.*//' "$tmp/enumerators" | grep -v '^MEMQC_' | complain "an enumerator that is not named MEMQC_..."

sed 's/=.*//' "$tmp/enumerators" | cat - "$tmp/macros" | sort -u >"$tmp/public"
sed -nE 's/^[[:space:]]*(CONSTANT|VERSION_PART|DOUBLE_BITS)\(([A-Za-z0-9_]*).*/\2/p' \
    "${constants%.c}".c "${constants%.c}"_*.h |
    sort >"$tmp/asserted"
[ -s "$tmp/public" ] || echo "no constant at all" | complain "headers in $headers"
comm -23 "$tmp/public" "$tmp/asserted" |
    complain "in the headers, but without a line in ${constants##*/} or its lists"
uniq -d "$tmp/asserted" | complain "more than one line in ${constants##*/} or its lists"

[ ! -s "$tmp/failures" ] || exit 1
echo "ok: $(wc -l <"$tmp/public" | tr -d ' ') constants"
