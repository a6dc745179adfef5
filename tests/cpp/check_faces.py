#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Every public C function has its C++ face, and the tests of memqc.hpp call it.

Compares the functions of lib/memqc.map with those that the headers of bindings/cpp name, and with
those that the program of tests/cpp takes from the library. The sources of that program name none,
so that it has each of them through memqc.hpp.

usage: check_faces.py SOURCE_ROOT PROGRAM
"""
import os
import pathlib
import re
import subprocess
import sys

# Functions without a face, each with the reason.
WITHOUT = {}
NAME = re.compile(r"\bmemqc_[a-z0-9_]+\b")


def code(path):
    """A source without its comments and strings."""
    text = path.read_text(encoding="utf-8")
    return re.sub(r"/\*.*?\*/|//[^\n]*|\"(?:\\.|[^\"\\\n])*\"|<[\w/.]+>", " ", text, flags=re.S)


def names(paths):
    return {name for path in paths for name in NAME.findall(code(path))}


def taken(program):
    """The functions that a program takes from a shared library."""
    output = subprocess.run([os.environ.get("NM", "nm"), "-D", "--undefined-only", program],
                            stdout=subprocess.PIPE, text=True, check=True).stdout
    return set(NAME.findall(output))


def main():
    if len(sys.argv) != 3:
        print(__doc__)
        return 2
    root = pathlib.Path(sys.argv[1])
    exported = set(re.findall(r"\b(memqc_\w+);", (root / "lib/memqc.map").read_text()))
    headers = names([root / "bindings/cpp/memqc.hpp", *root.glob("bindings/cpp/memqc/*.hpp")])
    sources = names([*root.glob("tests/cpp/*.cpp"), *root.glob("tests/cpp/*.hpp")])
    wanted = exported - set(WITHOUT)
    problems = [f"{name}: no header of bindings/cpp calls it" for name in wanted - headers]
    problems += [f"{name}: no test calls its C++ face" for name in wanted - taken(sys.argv[2])]
    problems += [f"{name}: a test names it, beside memqc.hpp" for name in sources & exported]
    problems += [f"{name}: it has a face, yet stands in WITHOUT" for name in headers & set(WITHOUT)]
    print("\n".join(sorted(problems)) if problems else f"ok: {len(wanted)} functions")
    return 1 if problems or not wanted else 0


if __name__ == "__main__":
    sys.exit(main())
