#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# limits on a small network: every property has its row, whatever the number of threads, and bad
# options are refused. usage: check_limits.sh LIMITS
set -eu

if [ $# -ne 1 ]; then
    echo "usage: check_limits.sh LIMITS" >&2
    exit 2
fi
limits=$1
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

"$limits" --instances 3 --images 100 --train 1000 --epochs 2 --hidden 8 --loss 3 >"$tmp/one.txt"
"$limits" --instances 3 --images 100 --train 1000 --epochs 2 --hidden 8 --loss 3 --threads 3 >"$tmp/three.txt"
cmp "$tmp/one.txt" "$tmp/three.txt"
for name in levels 'programming noise' 'device to device' asymmetry 'read noise' \
    'wires, a segment' 'stuck cells' drift 'all together'; do
    rows=$(grep -c "^$name  *-*[0-9]*\.[0-9]" "$tmp/one.txt") || true
    [ "$rows" = 2 ] || {
        echo "\"$name\" has $rows rows, not one for each of two samples" >&2
        exit 1
    }
done
grep -q '^device hfox-a$' "$tmp/one.txt"
grep -q '^device hfox-b$' "$tmp/one.txt"
grep -q '^accuracy [0-9.]* % (95 % confidence [0-9.]* \.\. [0-9.]*), sd' "$tmp/one.txt"

# One device of another model, with wires.
"$limits" --instances 2 --images 50 --train 500 --epochs 1 --hidden 4 --devices taox-hfox --wire 1 \
    --loss 50 >"$tmp/other.txt"
grep -q '^wires, a segment .* 1 ' "$tmp/other.txt"

status=0
"$limits" --instances 1 >"$tmp/usage.txt" 2>&1 || status=$?
[ "$status" = 2 ] && grep -q '^usage: limits' "$tmp/usage.txt"
status=0
"$limits" --devices nothing --instances 2 --images 10 --train 10 --epochs 1 --hidden 2 \
    >"$tmp/error.txt" 2>&1 || status=$?
[ "$status" = 1 ] && grep -q 'no preset is named "nothing"' "$tmp/error.txt"
