#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Public functions that look at what they leave behind, for builds for debugging.

    checked.py names HEADER...  > checked_names.h
    checked.py calls HEADER...  > checked_calls.c

The first is included before each source of the library and gives every public function that changes
or makes an object another symbol, mqc_plain_NAME; its name in texts stays. The second defines the
public symbols: each calls the plain one, asks mqc_..._flaw() of lib/*/valid.h, and traps where an
object is none that the library may make. A debugger then stands in the call that spoilt it. An
object at work, whose progress function calls, is left alone.
"""
import re
import sys

NOUNS = {"memqc_device": "device", "memqc_crossbar": "crossbar", "memqc_mlp": "mlp"}


def functions(headers):
    """Names and parameters of all functions that return a status."""
    for header in headers:
        with open(header, encoding="utf-8") as file:
            text = re.sub(r"/\*.*?\*/", "", file.read(), flags=re.S)
        for name, parameters in re.findall(r"MEMQC_API\s+memqc_status\s+(\w+)\(([^)]*)\);", text):
            yield name, [re.sub(r"\s+", " ", part).strip() for part in parameters.split(",")]


def name_of(parameter):
    return re.search(r"(\w+)(\[[^\]]*\])?$", parameter).group(1)


def objects(parameters):
    """What a call may change or make: (noun, expression)."""
    found = []
    for parameter in parameters:
        match = re.match(r"(memqc_\w+) (\*\*?)(?:const )?(\w+)$", parameter)
        if match and match.group(1) in NOUNS:
            name = match.group(3)
            found.append((NOUNS[match.group(1)], name if match.group(2) == "*" else "made(%s)" % name))
    return found


def checked(headers):
    for name, parameters in functions(headers):
        found = objects(parameters)
        if found:
            yield name, parameters, found


def print_names(headers):
    # Before the first header of the system, as some sources have it.
    print("/* Made by lib/checked.py. */\n#define _POSIX_C_SOURCE 200809L\n#include <memqc/memqc.h>\n")
    for name, _, _ in checked(headers):
        print('extern __typeof__(%s) %s __asm__("mqc_plain_%s");' % (name, name, name))


CALLS = """/* Made by lib/checked.py. */
#include <memqc/memqc.h>

#include "crossbar/valid.h"
#include "device/valid.h"
#include "mlp/valid.h"

static void expect_device(const memqc_device *device) {
    if (device && mqc_device_flaw(device))
        __builtin_trap();
}

static void expect_crossbar(const memqc_crossbar *xb) {
    if (xb && !xb->busy && mqc_crossbar_flaw(xb))
        __builtin_trap();
}

static void expect_mlp(const memqc_mlp *mlp) {
    if (mlp && !mlp->busy && mqc_mlp_flaw(mlp))
        __builtin_trap();
}

/* What a call made, or NULL. */
#define made(out) ((out) ? *(out) : NULL)
"""


def print_calls(headers):
    print(CALLS)
    for name, parameters, found in checked(headers):
        arguments = ", ".join(name_of(parameter) for parameter in parameters)
        print("memqc_status mqc_plain_%s(%s);" % (name, ", ".join(parameters)))
        print("memqc_status %s(%s) {" % (name, ", ".join(parameters)))
        print("    const memqc_status status = mqc_plain_%s(%s);" % (name, arguments))
        for noun, expression in found:
            print("    expect_%s(%s);" % (noun, expression))
        print("    return status;\n}\n")


def main():
    if len(sys.argv) < 3 or sys.argv[1] not in ("names", "calls"):
        sys.exit(__doc__)
    (print_names if sys.argv[1] == "names" else print_calls)(sys.argv[2:])


if __name__ == "__main__":
    main()
