#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Looks for data races: builds the library and test_threads with ThreadSanitizer, and runs it.
#
#     sh tests/threads/race.sh FOLDER [TIMES]
#
# FOLDER is for the build, TIMES how often to run (1). OpenBLAS is not instrumented: race.supp says
# what of it is left out. Exit status: 0, 1 for a race or a failure, 77 (skipped) without the
# sanitizer.
set -eu

[ $# -ge 1 ] || {
    sed -n '3,9p' "$0" >&2
    exit 2
}
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
root=$here/../..
build=$1
times=${2:-1}

if ! printf 'int main(void) { return 0; }\n' |
    ${CC:-cc} -fsanitize=thread -x c -o /dev/null - 2>/dev/null; then
    echo "skipped: no ThreadSanitizer"
    exit 77
fi
[ -f "$build/build.ninja" ] || meson setup "$build" "$root" --buildtype=debug --optimization=1 \
    -Db_sanitize=thread -Db_lundef=false -Dtests=enabled -Dexamples=disabled \
    -Dbenchmarks=disabled -Dpython=disabled >/dev/null
ninja -C "$build" tests/threads/test_threads >"$build/race.txt" 2>&1 || {
    cat "$build/race.txt"
    exit 1
}
n=0
while [ "$n" -lt "$times" ]; do
    TSAN_OPTIONS="halt_on_error=1 exitcode=66 suppressions=$here/race.supp" OPENBLAS_NUM_THREADS=1 \
        "$build/tests/threads/test_threads"
    n=$((n + 1))
done
