#!/bin/sh
# Runs a program and compares what it prints with a file.
# usage: check_output.sh PROGRAM EXPECTED
set -eu

if [ $# -ne 2 ]; then
    echo "usage: check_output.sh PROGRAM EXPECTED" >&2
    exit 2
fi
actual=$(mktemp)
trap 'rm -f "$actual"' EXIT

if ! "$1" >"$actual"; then
    echo "$1 failed; it had printed:" >&2
    cat "$actual" >&2
    exit 1
fi
if ! diff -u "$2" "$actual"; then
    echo "$1: output differs from $2" >&2
    exit 1
fi
