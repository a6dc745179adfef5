#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Runs all tests of libmemqc: installs what is missing through apt where it may, then builds and
# tests three times: plain, under valgrind, and with the address and undefined-behaviour sanitizers.
# One program of threads runs with the thread sanitizer, too.
# Ends with a line of counts.
#
#     sh tests/run.sh            all that the packages which are there allow
#     sh tests/run.sh --all      also installs what few tests need: 0.5 GB (PyTorch, Chromium, ...)
#     sh tests/run.sh --quick    the plain round only
#
# Tests that need a package which is not there are skipped, named and counted. What the script
# installs must be there: with --all, no test may be skipped for want of a package. CI=true means
# --all, and warnings are errors. $MEMQC_DATA may name a folder with MNIST, and $MEMQC_TAOX one with the
# measured tables of three TaOx devices; without them the tests that need those data are skipped.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
plain=$root/build-test
sanitized=$root/build-sanitize
program=run.sh
# shellcheck source=examples/common/packages.sh
. "$root/examples/common/packages.sh"

missing_packages() {
    missing_for_build
    has g++ || has clang++ || printf ' g++'
    links_with gfortran || printf ' gfortran' # openblas.pc names it for static linking
    package_config check || printf ' check'
    has abidiff || printf ' abigail-tools'
    has clang-format || printf ' clang-format'
    has valgrind || printf ' valgrind libc6-dbg'
    has curl || printf ' curl ca-certificates'
    tests_import numpy || printf ' python3-numpy'
    tests_import pip || printf ' python3-pip'
    tests_import setuptools || printf ' python3-setuptools'
    tests_import wheel || printf ' python3-wheel'
    tests_import mypy || printf ' mypy'
    tests_import scipy || printf ' python3-scipy'
    tests_import matplotlib || printf ' python3-matplotlib'
    [ "$all" = no ] || missing_heavy
}

# What a few tests need and most people do not have: 530 packages with what they depend on.
missing_heavy() {
    tests_import torch || printf ' python3-torch'
    tests_import sklearn || printf ' python3-sklearn'
    tests_import pandas || printf ' python3-pandas'
    tests_import tqdm || printf ' python3-tqdm'
    tests_import distributed || printf ' python3-distributed'
    tests_import mpi4py || printf ' python3-mpi4py'
    has mpiexec || printf ' openmpi-bin'
    package_config ompi-c || printf ' libopenmpi-dev'
    tests_import nbconvert || printf ' python3-nbconvert'
    tests_import ipykernel || printf ' python3-ipykernel'
    has chromium || printf ' chromium'
    has ngspice || printf ' ngspice'
    has cmake || printf ' cmake'
    has luajit || printf ' luajit'
}

# The Python that the tests of the package for Python run: see bindings/python/meson.build.
tests_import() {
    python=/usr/bin/python3
    [ -x "$python" ] || python=python3
    "$python" -c "import $1" >/dev/null 2>&1
}

links_with() {
    # shellcheck disable=SC2086
    printf 'int main(void) { return 0; }\n' | ${CC:-cc} -x c -o /dev/null - "-l$1" >/dev/null 2>&1
}

configure() {
    folder=$1
    shift
    if [ ! -f "$folder/build.ninja" ] || ! meson setup --reconfigure "$folder" "$root" "$@" >/dev/null; then
        rm -rf "$folder"
        meson setup "$folder" "$root" "$@"
    fi
}

passed=0 failed=0 skipped=0

# The count behind a word in Meson's summary; none where there is no such line.
counted() {
    sed -n "s/^$1: *\([0-9]*\).*/\1/p" "$log" | tail -n 1 | grep . || echo 0
}

# tests NAME FOLDER MESON-TEST-OPTIONS...: a round whose result goes into the sum.
tests() {
    say ""
    say "== $1"
    round=$1
    folder=$2
    shift 2
    log=$folder/round.txt
    meson test -C "$folder" --print-errorlogs "$@" >"$log" 2>&1 && status=0 || status=$?
    cat "$log"
    bad=$(($(counted Fail) + $(counted Timeout) + $(counted 'Unexpected Pass')))
    if [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; then
        bad=1
    fi
    passed=$((passed + $(counted Ok)))
    skipped=$((skipped + $(counted Skipped)))
    failed=$((failed + bad))
    sed -nE "s/^ *[0-9]+\/[0-9]+ (.*(FAIL|TIMEOUT|ERROR|UNEXPECTEDPASS).*)/$round: \1/p" "$log" \
        >>"$plain/failed.txt"
}

# What the plain round skipped, wholly or in part, and why. With --all, data are the only excuse.
show_skipped() {
    python3 "$root/tests/skipped.py" "$plain/meson-logs/testlog.json" >"$plain/skipped.txt"
    cat "$plain/skipped.txt"
    if [ "$all" = yes ] && grep -qvE 'MNIST|TaOx' "$plain/skipped.txt"; then
        say "run.sh: with --all, nothing but data (MNIST, the TaOx tables) may be missing"
        echo "plain: a test was skipped for want of a package" >>"$plain/failed.txt"
        failed=$((failed + 1))
    elif [ "$all" = no ] && [ -n "$(missing_heavy)" ]; then
        say "Not here, but installed by sh tests/run.sh --all:$(missing_heavy)"
    fi
}

quick=no all=no
[ "${CI:-}" != true ] || all=yes
for option in "$@"; do
    case $option in
        --quick) quick=yes ;;
        --all) all=yes ;;
        *)
            printf 'usage: sh tests/run.sh [--quick] [--all]\n' >&2
            exit 2
            ;;
    esac
done

install_missing
strict=
[ "${CI:-}" != true ] || strict=--werror

# shellcheck disable=SC2086
configure "$plain" $strict --buildtype=debugoptimized -Dtests=enabled -Dexamples=enabled -Dbenchmarks=enabled
meson compile -C "$plain"
: >"$plain/failed.txt"
# A busy machine takes several times as long as an idle one; that alone is no failure.
MEMQC_STRICT=1 tests "plain" "$plain" --timeout-multiplier 4
show_skipped
if [ "$quick" = no ]; then
    leaks=definite,indirect
    tests "valgrind" "$plain" --suite unit --timeout-multiplier 10 --num-processes 2 \
        --wrap "valgrind -q --error-exitcode=99 --leak-check=full \
--show-leak-kinds=$leaks --errors-for-leak-kinds=$leaks"
    # Building takes longer than the tests: with less optimization (kernels have their own), only the
    # lines of debugging, and, by `meson test`, only what these tests need.
    # shellcheck disable=SC2086
    configure "$sanitized" $strict --buildtype=debugoptimized -Doptimization=1 \
        -Dc_args=-g1 -Dcpp_args=-g1 \
        -Db_sanitize=address,undefined -Db_lundef=false \
        -Dtests=enabled -Dexamples=enabled -Dbenchmarks=disabled -Dpython=disabled
    UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1 \
        tests "address and undefined-behaviour sanitizers" "$sanitized" \
        --suite unit --suite heavy --suite fault --timeout-multiplier 5
fi

# Data races, in the one program that looks for them.
races() {
    say ""
    say "== thread sanitizer"
    status=0
    sh "$root/tests/threads/race.sh" "$root/build-race" || status=$?
    case $status in
        0) passed=$((passed + 1)) ;;
        77) skipped=$((skipped + 1)) ;;
        *)
            failed=$((failed + 1))
            echo "thread sanitizer: tests/threads/race.sh" >>"$plain/failed.txt"
            ;;
    esac
}

[ "$quick" = yes ] || races
say ""
[ ! -s "$plain/failed.txt" ] || say "Failed:"
cat "$plain/failed.txt"
say "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
