#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# The example files are what fit --generate prints, byte for byte, and fit tells their models; one
# is trained on for a moment. usage: check_fit.sh FIT FOLDER
set -eu

if [ $# -ne 2 ]; then
    echo "usage: check_fit.sh FIT FOLDER" >&2
    exit 2
fi
fit=$1 folder=$2
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

for name in hfox-a soft-bounds; do
    "$fit" --generate "$name" >"$tmp/$name.csv"
    cmp "$tmp/$name.csv" "$folder/$name.csv"
    "$fit" "$folder/$name.csv" --seeds 0 >"$tmp/$name.txt"
done
grep -q '^quantized-linear .*<- taken$' "$tmp/hfox-a.txt"
grep -q '^soft-bounds .*<- taken$' "$tmp/soft-bounds.txt"
grep -q '^384 rows: 1 device, 12 cycles; 372 points fitted' "$tmp/hfox-a.txt"
grep -q '^2048 rows: 8 devices, 32 cycles; 2016 points fitted' "$tmp/soft-bounds.txt"

# All the way to an accuracy, on few images.
"$fit" "$folder/hfox-a.csv" --model quantized --seeds 2 --epochs 1 --train 200 --test 100 >"$tmp/accuracy.txt"
grep -q '^accuracy [0-9.]* % (95 % confidence [0-9.]* \.\. [0-9.]*, mean of 2 seeds)$' "$tmp/accuracy.txt"
sed -n 's/.*confidence \([0-9.]*\) \.\. \([0-9.]*\),.*/\1 \2/p' "$tmp/accuracy.txt" |
    awk '$1 < 0 || $2 > 100 || $1 > $2 { exit 1 }' # cut at what is possible

# What no device can do is left out, and listed.
sed '10s/[^,]*$/9.9e37/;100s/[^,]*$//' "$folder/hfox-a.csv" >"$tmp/dirty.csv"
"$fit" "$tmp/dirty.csv" --model quantized --seeds 0 >"$tmp/dirty.txt"
grep -q '^2 rows left out$' "$tmp/dirty.txt"
grep -q '^row 7  .* S  overflow of the instrument$' "$tmp/dirty.txt"
grep -q '^row 97 .* S  not a finite number$' "$tmp/dirty.txt"

# What cannot be read or fitted is said, with a nonzero status.
printf 'cycle,pulse,conductance [S]\n1,1,x\n' >"$tmp/bad.csv"
if "$fit" "$tmp/bad.csv" >/dev/null 2>"$tmp/error.txt"; then
    echo "fit accepts a damaged file" >&2
    exit 1
fi
grep -q 'bad.csv: line 2, column 3: "x" is no number' "$tmp/error.txt"
