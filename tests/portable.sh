#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Is libmemqc the same elsewhere? Builds it by other compilers and for other processors, compares the
# hashes of its results with tests/golden/digest.txt, loads the files of tests/golden/saved, writes
# them there to the last bit, and runs the unit tests on request.
#
#     sh tests/portable.sh                    everything below
#     sh tests/portable.sh compilers          gcc and clang, -O0 and -O3, C11, C17 and C23
#     sh tests/portable.sh clang-O3-c2x ...   one of these
#     sh tests/portable.sh aarch64 i386 ...   processors: aarch64, i386, s390x (its highest byte first),
#                                             and x86-64 without and with AVX2, by QEMU
#     sh tests/portable.sh musl               another C library
#     sh tests/portable.sh --unit s390x       also the unit tests, which take half an hour each
#
# Installs what is missing through apt where it may: clang, QEMU, Debian's cross compilers and
# mmdebstrap, which unpacks the libraries of another processor into the build folder. Everything is
# built below build-portable/. Ends with a line of counts.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
work=$root/build-portable
program=portable.sh
# shellcheck source=examples/common/packages.sh
. "$root/examples/common/packages.sh"

wants() {
    case " $what " in *" $1 "*) return 0 ;; esac
    return 1
}

missing_packages() {
    missing_for_build
    package_config check || printf ' check'
    case $builds in *clang*) has clang || printf ' clang' ;; esac
    ! wants qemu || has qemu-x86_64 || printf ' qemu-user'
    ! wants musl || has musl-gcc || printf ' musl-tools'
    ! wants musl || [ -f "$reference" ] || printf ' libblas-dev'
    for name in $processors; do
        processor "$name"
        has "$emulator" || printf ' qemu-user'
        has "$triplet-gcc" || printf ' gcc-%s' "$triplet"
        has mmdebstrap || printf ' mmdebstrap'
    done
}

# What is known of a processor: Debian's name, its compiler, its libraries, Meson's name, byte order.
processor() {
    case $1 in
        aarch64) set -- arm64 aarch64-linux-gnu aarch64-linux-gnu aarch64 little ;;
        i386) set -- i386 i686-linux-gnu i386-linux-gnu x86 little ;;
        s390x) set -- s390x s390x-linux-gnu s390x-linux-gnu s390x big ;;
    esac
    debian=$1 triplet=$2 libraries=$3 family=$4 order=$5
    emulator=qemu-$4
    [ "$4" != x86 ] || emulator=qemu-i386
}

# Libraries of another processor, unpacked and not installed: scripts that would make links are not
# run, and absolute links would lead to this machine's files.
unpack() {
    there=$work/$name/root
    [ ! -f "$there/.whole" ] || return 0
    rm -rf "$there"
    mkdir -p "$work/$name"
    mmdebstrap --quiet --variant=extract --architectures="$debian" \
        --include=libc6-dev,libgcc-12-dev,libopenblas-dev,check bookworm "$there" \
        'deb http://deb.debian.org/debian bookworm main'
    find "$there" -type l -lname '/*' | while IFS= read -r link; do
        ln -sfn "$there$(readlink "$link")" "$link"
    done
    lib=$there/usr/lib/$libraries
    ln -s ../openblas-pthread/pkgconfig/openblas.pc "$lib/pkgconfig/openblas.pc"
    ln -s openblas-pthread/libopenblas.so "$lib/libopenblas.so"
    ln -s openblas-pthread/libopenblas.so.0 "$lib/libopenblas.so.0"
    : >"$there/.whole"
}

cross_file() {
    cat >"$work/$name.ini" <<EOF
[binaries]
c = '$triplet-gcc'
ar = '$triplet-ar'
strip = '$triplet-strip'
pkgconfig = 'pkg-config'
exe_wrapper = ['$emulator', '-L', '$there']
[properties]
sys_root = '$there'
pkg_config_libdir = '$there/usr/lib/$libraries/pkgconfig'
[built-in options]
c_args = ['--sysroot=$there']
c_link_args = ['--sysroot=$there', '-B$there/usr/lib/$libraries', '-L$there/usr/lib/$libraries']
[host_machine]
system = 'linux'
cpu_family = '$family'
cpu = '$family'
endian = '$order'
EOF
}

# OpenBLAS is linked to the GNU C library. Debian's reference BLAS calls it for error texts alone: with
# error handlers of our own, it takes the place of OpenBLAS. Unit tests are not built: Check, too, is
# linked to the GNU C library.
reference=/usr/lib/$(gcc -print-multiarch 2>/dev/null)/blas/libblas.a
musl_libraries() {
    mkdir -p "$work/musl/lib"
    cat >"$work/musl/xerbla.c" <<EOF
#include <stdlib.h>
void xerbla_(void) { abort(); }
void cblas_xerbla(void) { abort(); }
EOF
    musl-gcc -O2 -c -o "$work/musl/xerbla.o" "$work/musl/xerbla.c"
    cp "$reference" "$work/musl/lib/libopenblas.a"
    ar d "$work/musl/lib/libopenblas.a" xerbla.o cblas_xerbla.o
    ar r "$work/musl/lib/libopenblas.a" "$work/musl/xerbla.o"
    cat >"$work/musl/lib/openblas.pc" <<EOF
Name: openblas
Description: reference BLAS under the name that the library asks for
Version: $(pkg-config --modversion openblas)
Cflags: $(pkg-config --cflags openblas)
Libs: -L$work/musl/lib -lopenblas
EOF
    printf 'Name: check\nDescription: not linked\nVersion: 0\n' >"$work/musl/lib/check.pc"
}

configure() {
    folder=$1
    shift
    [ -f "$folder/build.ninja" ] || meson setup "$folder" "$root" -Dtests=enabled -Dexamples=disabled \
        -Dpython=disabled -Dbenchmarks=disabled "$@" >"$work/setup.txt" 2>&1 || {
        cat "$work/setup.txt"
        return 1
    }
}

passed=0 failed=0

# compare NAME FOLDER [EMULATOR ...]: the hashes of the build in FOLDER, and the saved files.
compare() {
    label=$1 folder=$2
    rm -f "$folder/digest.txt" "$folder/saved.txt" "$folder/errors.txt"
    shift 2
    if ninja -C "$folder" tests/golden/digest tests/golden/saved >"$work/build.txt" 2>&1 &&
        "$@" "$folder/tests/golden/digest" >"$folder/digest.txt" &&
        cmp -s "$folder/digest.txt" "$root/tests/golden/digest.txt" &&
        sh "$root/tests/golden/check_saved.sh" "$root" "$@" "$folder/tests/golden/saved" \
            >"$folder/saved.txt" 2>"$folder/errors.txt"; then
        say "$label: the $(grep -c . "$folder/digest.txt") hashes of tests/golden/digest.txt," \
            "$(cat "$folder/saved.txt")"
        passed=$((passed + 1))
    else
        say "$label: FAILED"
        grep -E '(error|warning|undefined reference)' "$work/build.txt" | grep -v '^\[' |
            cut -c 1-200 | head -n 20 || true
        diff "$folder/digest.txt" "$root/tests/golden/digest.txt" | head -n 20 || true
        cat "$folder/saved.txt" "$folder/errors.txt" 2>/dev/null | head -n 20
        failed=$((failed + 1))
    fi
}

unit_tests() {
    if meson test -C "$folder" --suite unit --timeout-multiplier 30 >"$folder/unit.txt" 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
    fi
    counts=$(sed -nE 's/^(Ok|Fail|Timeout|Skipped): *([0-9]+) *$/\1 \2/p' "$folder/unit.txt")
    say "$label: unit tests, $(printf '%s' "$counts" | tr '\n' ' ')"
    grep -E '^ *[0-9]+/[0-9]+ .*(FAIL|TIMEOUT|ERROR)' "$folder/unit.txt" || true
}

unit=no what='' processors='' builds=''
[ $# -gt 0 ] || set -- compilers musl aarch64 i386 s390x qemu
for name in "$@"; do
    case $name in
        --unit) unit=yes ;;
        musl | qemu) what="$what $name" ;;
        compilers)
            for compiler in gcc clang; do
                for level in 0 3; do
                    for standard in 11 17 2x; do
                        builds="$builds $compiler-O$level-c$standard"
                    done
                done
            done
            ;;
        gcc-O[03]-c?? | clang-O[03]-c??) builds="$builds $name" ;;
        aarch64 | i386 | s390x) processors="$processors $name" ;;
        *)
            say "usage: sh tests/portable.sh [--unit] [compilers] [musl] [aarch64] [i386] [s390x] [qemu]" >&2
            exit 2
            ;;
    esac
done
install_missing
mkdir -p "$work"
OPENBLAS_NUM_THREADS=1
export OPENBLAS_NUM_THREADS
unset LD_LIBRARY_PATH

for name in $builds; do
    level=${name#*-O}
    # Meson 1.0 does not know C23 of these compilers by that name.
    CC=${name%%-*} configure "$work/$name" -Dc_std=none -Ddebug=false --optimization="${level%-*}" \
        "-Dc_args=-std=c${name##*-c}"
    compare "$name" "$work/$name"
done
for name in $processors; do
    processor "$name"
    unpack
    cross_file
    configure "$work/$name/build" --cross-file "$work/$name.ini"
    compare "$name" "$work/$name/build" "$emulator" -L "$work/$name/root"
    [ "$unit" = no ] || unit_tests
done
if wants musl; then
    musl_libraries
    CC=musl-gcc PKG_CONFIG_LIBDIR=$work/musl/lib configure "$work/musl/build"
    compare musl "$work/musl/build"
fi
if wants qemu; then
    configure "$work/x86-64"
    # QEMU has no AVX-512. The first has none of AVX either. It warns of what else it lacks.
    for kind in qemu64 Haswell; do
        compare "x86-64, $kind" "$work/x86-64" qemu-x86_64 -cpu "$kind"
    done
fi
say "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
