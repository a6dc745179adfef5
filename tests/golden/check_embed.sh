#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# 05_embed under every rule, on few images of whatever data there are: it learns, and bad arguments
# are refused. usage: check_embed.sh 05_EMBED
set -eu

if [ $# -ne 1 ]; then
    echo "usage: check_embed.sh 05_EMBED" >&2
    exit 2
fi
embed=$1

# learns LEAST DEVICE RATE RANGE IMAGES PARAMETER VALUE ...: at least so many % are told.
learns() {
    least=$1 device=$2 rate=$3 range=$4 images=$5
    shift 5
    told=$("$embed" "$device" "$rate" "$range" 1 "$images" "$@")
    echo "$*: $told" | awk -v least="$least" '
        { print; good = 100 * $(NF - 2) >= least * $NF }
        END { if (!good) print "FAIL: fewer than " least " %"; exit !good }'
}

learns 12 hfox-a 1 0.1 2000 rule nearest-level mapping differential w_max 0.5
learns 40 hfox-a 1 0.1 2000 rule stochastic mapping differential w_max 0.5
learns 40 hfox-a 3 0.1 2000 rule sign mapping differential w_max 0.25 sign_threshold 0.3
learns 40 hfox-a 1 0.1 2000 rule mixed-precision mapping differential w_max 0.5
learns 40 hfox-a 1 0.1 2000 rule one-directional mapping differential w_max 0.5
learns 20 rpu 0.5 0.1 2000 rule pulse-train
learns 0 soft-bounds 0.5 0.1 200 rule tiki-taka tiki_taka_pairs 20
learns 0 soft-bounds 0.5 0.1 200 rule tiki-taka-2 tiki_taka_pairs 20

if "$embed" hfox-a 1 0.1 1 10 rule none 2>/dev/null; then
    echo "FAIL: an unknown rule is accepted"
    exit 1
fi
