#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Everything: tests/run.sh, and then what takes hours. Each long part is a script or a suite of its
# own, named below; a part that fails does not keep the others from running.
#
#     sh tests/full.sh                 all parts, with 60 minutes of processor time for each fuzz target
#     sh tests/full.sh --minutes N     N minutes for each fuzz target; 0: none
set -u

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
minutes=60 failed=''

# part NAME COMMAND...
part() {
    name=$1
    shift
    printf '\n== %s: %s\n' "$name" "$*"
    status=0
    "$@" || status=$?
    case $status in
        0 | 77) ;; # 77: skipped, and the part says why
        *) failed="$failed $name" ;;
    esac
}

if [ "${1:-}" = --minutes ] && [ -n "${2:-}" ]; then
    minutes=$2
    shift 2
fi
if [ $# -gt 0 ]; then
    printf 'usage: sh tests/full.sh [--minutes N]\n' >&2
    exit 2
fi

part run sh "$root/tests/run.sh" --all
memcheck='valgrind -q --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite,indirect'
part valgrind meson test -C "$root/build-test" --suite fault --timeout-multiplier 10 --wrap "$memcheck"
part networks meson test -C "$root/build-test" mlp_numbers mlp_options mlp_rule_steps mlp_save mlp_training \
    convert circuit_limits \
    --timeout-multiplier 10 --wrap "$memcheck"
part sanitized env UBSAN_OPTIONS=halt_on_error=1 meson test -C "$root/build-sanitize" --suite examples \
    --suite statistics --timeout-multiplier 20
part many env MEMQC_TEST_MANY=1 meson test -C "$root/build-test" mlp_kill rules python_sweep_engines \
    --timeout-multiplier 20
part races sh "$root/tests/threads/race.sh" "$root/build-race" 50
part coverage sh "$root/tests/coverage.sh" "$root/build-coverage"
[ "$minutes" -eq 0 ] || part fuzz sh "$root/tests/fuzz.sh" --minutes "$minutes"

if [ -n "$failed" ]; then
    printf '\nfailed:%s\n' "$failed"
    exit 1
fi
printf '\nall parts passed\n'
