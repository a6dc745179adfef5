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

# All the way to an accuracy, on few images: both rules, on devices drawn from the fit.
"$fit" "$folder/hfox-a.csv" --model quantized --draws 3 --epochs 1 --train 200 \
    --test 100 >"$tmp/accuracy.txt"
grep -q '^3 devices, drawn from the errors of the fit$' "$tmp/accuracy.txt"
test "$(grep -c '^\(mixed\|nearest\), device [123] of 3: [0-9.]* [0-9.]* %$' "$tmp/accuracy.txt")" = 6
number='[0-9][0-9]*\.[0-9][0-9]'
row=" *$number % *$number \.\. *$number  *$number *$number *$number *[0-9.]*\$"
grep -q "^mixed precision $row" "$tmp/accuracy.txt"
grep -q "^nearest level, the paper's $row" "$tmp/accuracy.txt"
grep "^mixed precision \|^nearest level" "$tmp/accuracy.txt" | sed 's/^[^%]* \([0-9.]*\) %/\1/' |
    awk '$2 < 0 || $4 > 100 || $2 > $1 || $4 < $1 { exit 1 }' # about the mean, and possible

# The paper's rule by itself, on one network: all its uncertainty counts as that of the fit.
"$fit" "$folder/hfox-a.csv" --model quantized --quick --rule nearest --seeds 1 --train 200 \
    --test 100 >"$tmp/one.txt"
test "$(grep -c '^nearest, device [1234] of 4: [0-9.]* %$' "$tmp/one.txt")" = 4
if grep -q '^mixed' "$tmp/one.txt"; then
    echo "fit trains a rule that was not asked for" >&2
    exit 1
fi
if "$fit" "$folder/hfox-a.csv" --draws 0 2>"$tmp/error.txt"; then
    echo "fit accepts 0 devices" >&2
    exit 1
fi
grep -q 'draws 0: it takes 1 device or more' "$tmp/error.txt"

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
