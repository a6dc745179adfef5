#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Which lines and branches of lib/ the tests run: at least 99 % and 92 %.
#
#     sh tests/coverage.sh [FOLDER]
#
# FOLDER is for the build (build-coverage). FOLDER/coverage.txt lists the files, the one with most
# lines that nothing ran last; FOLDER/coverage.json has every line and branch. Exit status: 0, 1 for
# too few or a test that fails, 77 (skipped) without gcovr.
#
# The build is without optimization, kernels included: an optimizer merges and copies branches, and
# then they are no longer those of the sources. Counters are atomic, since studies have threads. A
# branch is one way out of a condition in the machine code: a && b has four. Only branches on lines
# without code are left out; no line of lib/ is marked as one that does not count.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
root=$(CDPATH='' cd -- "$here/.." && pwd)
build=${1:-$root/build-coverage}

command -v gcovr >/dev/null || {
    echo "skipped: no gcovr"
    exit 77
}
[ -f "$build/build.ninja" ] || meson setup "$build" "$root" -Dbuildtype=plain -Ddebug=true \
    -Doptimization=0 -Db_coverage=true -Dc_args=-fprofile-update=atomic \
    -Dtests=enabled -Dexamples=enabled -Dbenchmarks=disabled -Dpython=disabled >/dev/null
ninja -C "$build" >"$build/ninja.txt" || {
    cat "$build/ninja.txt"
    exit 1
}
find "$build" -name '*.gcda' -exec rm -f {} +

# Tests of statistics take minutes and reach what others do, but for these four.
failed=0
meson test -C "$build" --no-rebuild --print-errorlogs --timeout-multiplier 20 \
    --suite unit --suite heavy --suite property --suite fault --suite golden || failed=1
meson test -C "$build" --no-rebuild --print-errorlogs --timeout-multiplier 20 \
    nested mlp_shapley crossbar_programming currents || failed=1

gcovr --root "$root" --filter "$root/lib/" --object-directory "$build" \
    --exclude-unreachable-branches --exclude-throw-branches \
    --fail-under-line 99 --fail-under-branch 92 --print-summary \
    --sort-uncovered --txt "$build/coverage.txt" --json "$build/coverage.json" \
    "$build/lib" "$build/tests/libmemqc_private.a.p" || failed=1
exit "$failed"
