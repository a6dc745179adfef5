#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Fuzzes libmemqc: builds the targets of tests/fuzz with clang, libFuzzer and the address and
# undefined-behaviour sanitizers, and runs one after the other.
#
#     sh tests/fuzz.sh --minutes N [TARGET...]   all targets, or those, N minutes of processor time each
#     sh tests/fuzz.sh --minimize [TARGET...]    what was found becomes the committed corpus, less
#                                                what adds nothing to the coverage
#
# A target begins with the committed corpus, tests/fuzz/corpus/TARGET, and with what earlier runs
# found, build-fuzz/corpus/TARGET. Inputs that crash, take over 10 s, or allocate over 64 MB at once
# go to build-fuzz/crashes/TARGET. Prints a line for each target; exit status 1 after any crash.
# CC names clang if it has another name.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
build=$root/build-fuzz
usage='usage: sh tests/fuzz.sh --minutes N [TARGET...] | --minimize [TARGET...]'

fail() {
    printf 'fuzz.sh: %s\n' "$1" >&2
    exit 2
}

build_targets() {
    if [ ! -f "$build/build.ninja" ]; then
        cache=$(command -v ccache || :)
        CC=${CC:-${cache:+ccache }clang} meson setup "$build" "$root" --buildtype=debugoptimized -Dfuzz=true \
            -Db_sanitize=address,undefined -Db_lundef=false -Dc_args=-fsanitize=fuzzer-no-link \
            -Dtests=enabled -Dexamples=enabled -Dbenchmarks=disabled -Dpython=disabled >&2
    fi
    # shellcheck disable=SC2046
    ninja -C "$build" $(for target in $targets; do printf 'tests/fuzz/fuzz_%s ' "$target"; done) >&2
}

all_targets() {
    find "$root/tests/fuzz" -name 'fuzz_*.c' | sed 's/.*fuzz_//; s/\.c$//' | sort
}

# The last number behind a word in the log of libFuzzer.
figure() {
    sed -n "s/.*$1:* *\([0-9][0-9]*\).*/\1/p" "$build/$2.log" | tail -n 1 | grep . || echo 0
}

# Processor time of the processes that have ended, in seconds. Without a pipe: a part of a pipe is a
# process of its own, whose children have not run.
used() {
    times >"$build/times.$$"
    sed -n '2{s/[ms]/ /g; p}' "$build/times.$$" | {
        read -r minute second minute_of_system second_of_system
        echo $((60 * (minute + minute_of_system) + ${second%.*} + ${second_of_system%.*}))
    }
}

fuzz() {
    target=$1
    found=$build/corpus/$target crashes=$build/crashes/$target
    mkdir -p "$found" "$crashes"
    before=$(find "$crashes" -type f | wc -l)
    # A crash ends the process, and a busy machine gives it less than its time: the next one goes on.
    used >"$build/used.$$"
    end=$(($(cat "$build/used.$$") + 60 * minutes)) runs=0
    longest=65536 growth=100
    case $target in # bytes that choose calls: long ones from the start
        calls | device_fit) longest=2048 growth=0 ;;
    esac
    while used >"$build/used.$$" && left=$((end - $(cat "$build/used.$$"))) && [ "$left" -gt 0 ]; do
        "$build/tests/fuzz/fuzz_$target" "$found" "$root/tests/fuzz/corpus/$target" \
            -max_total_time="$left" -timeout=10 -malloc_limit_mb=64 -rss_limit_mb=2048 \
            -max_len="$longest" -len_control="$growth" \
            -artifact_prefix="$crashes/" -print_final_stats=1 \
            -report_slow_units=5 >"$build/$target.log" 2>&1 || :
        runs=$((runs + $(figure stat::number_of_executed_units "$target")))
        [ "$(find "$crashes" -type f | wc -l)" -lt $((before + 20)) ] || break
    done
    new=$(($(find "$crashes" -type f ! -name 'slow-unit-*' | wc -l)))
    printf '%-16s %10d executions  %6d edges  %6d features  %3d crashes, hangs or large allocations\n' \
        "$target" "$runs" "$(figure cov "$target")" "$(figure ft "$target")" "$new"
    [ "$new" -eq 0 ] || failed=1
}

minimize() {
    target=$1
    committed=$root/tests/fuzz/corpus/$target
    mkdir -p "$committed" "$build/corpus/$target"
    rm -rf "$build/merged"
    mkdir -p "$build/merged"
    "$build/tests/fuzz/fuzz_$target" -merge=1 -max_len=8192 -malloc_limit_mb=64 -timeout=10 \
        "$build/merged" "$committed" "$build/corpus/$target" >"$build/$target.log" 2>&1
    # Crashes that were mended keep their names, and stay.
    find "$committed" -type f ! -name 'crash-*' -delete
    cp -n "$build/merged"/* "$committed"
    printf '%-16s %5d files, %s\n' "$target" "$(find "$committed" -type f | wc -l)" \
        "$(du -sh --apparent-size "$committed" | cut -f 1)"
}

mode='' minutes=0 failed=0
case ${1:-} in
    --minutes)
        mode=fuzz minutes=${2:-}
        case $minutes in '' | *[!0-9]*) fail "$usage" ;; esac
        shift 2
        ;;
    --minimize)
        mode=minimize
        shift
        ;;
    *) fail "$usage" ;;
esac
targets=${*:-$(all_targets)}
export OPENBLAS_NUM_THREADS=1
export UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
export ASAN_OPTIONS=allocator_may_return_null=1:detect_leaks=1
build_targets
for one in $targets; do
    if [ "$mode" = fuzz ]; then
        fuzz "$one"
    else
        minimize "$one"
    fi
done
exit "$failed"
