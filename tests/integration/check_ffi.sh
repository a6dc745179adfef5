#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# check_ffi.sh FFI_LUA LIBRARY INCLUDE_DIR PRODUCT
#
# LuaJIT with examples/integration/ffi.lua: its product is that of the C program PRODUCT, to the bit,
# and a failure has its status and its text. Exit status: 0, 1 where a check failed, 2 for wrong
# usage, 77 (skipped) where there is no luajit.
set -eu

if [ $# -ne 4 ]; then
    echo "usage: $0 FFI_LUA LIBRARY INCLUDE_DIR PRODUCT" >&2
    exit 2
fi
command -v luajit >/dev/null || {
    echo "skipped: there is no luajit"
    exit 77
}
printed=$(luajit "$1" "$2" "-I$3")
wanted=$("$4")
echo "$printed"
if [ "$(echo "$printed" | head -n 4)" != "$wanted" ]; then
    echo "FAIL: C has
$wanted"
    exit 1
fi
case $(echo "$printed" | tail -n 1) in
*"MEMQC_ERROR_ARGUMENT: "*"states = 1"*4096*) ;;
*)
    echo "FAIL: the last line is not the error text"
    exit 1
    ;;
esac
