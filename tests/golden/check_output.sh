#!/bin/sh
# Runs a program and compares what it prints with a file.
# usage: check_output.sh PROGRAM EXPECTED [ARGUMENT ...]
set -eu

if [ $# -lt 2 ]; then
    echo "usage: check_output.sh PROGRAM EXPECTED [ARGUMENT ...]" >&2
    exit 2
fi
program=$1
expected=$2
shift 2
actual=$(mktemp)
trap 'rm -f "$actual"' EXIT

"$program" "$@" >"$actual" && status=0 || status=$?
if [ "$status" -eq 77 ]; then # skipped
    cat "$actual"
    exit 77
elif [ "$status" -ne 0 ]; then
    echo "$program failed; it had printed:" >&2
    cat "$actual" >&2
    exit 1
fi
if ! diff -u "$expected" "$actual"; then
    echo "$program: output differs from $expected" >&2
    exit 1
fi
