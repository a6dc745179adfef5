#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Compiles and runs each program in a ```cpp block of the pages, against the library of a build.

usage: check_cpp.py SOURCE_ROOT LIBRARY CXX
"""
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile


def blocks(root):
    """Place and text of each block."""
    for page in [root / "README.md", *sorted(root.glob("docs/*.md"))]:
        text = page.read_text(encoding="utf-8")
        for match in re.finditer(r"^```cpp\n(.*?)^```", text, re.S | re.M):
            yield f"{page.name}:{text[:match.start()].count(chr(10)) + 1}", match[1]


def problem(text, root, library, cxx, folder):
    """What is wrong with a program, or None."""
    source, program = folder / "block.cpp", folder / "block"
    source.write_text(text, encoding="utf-8")
    flags = ["-std=c++17", "-Wall", "-Wextra", "-Werror", f"-I{root}/bindings/cpp",
             f"-I{root}/include", str(library), f"-Wl,-rpath,{library.parent}"]
    for command in ([*cxx, str(source), *flags, "-o", str(program)], [str(program)]):
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              check=False)
        if done.returncode:
            return done.stdout[-2000:]
    print(done.stdout, end="")
    return None if done.stdout else "it prints nothing"


def main():
    if len(sys.argv) != 4:
        print(__doc__)
        return 2
    root, library = (pathlib.Path(path).resolve() for path in sys.argv[1:3])
    found = list(blocks(root))
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        for place, text in found:
            wrong = problem(text, root, library, shlex.split(sys.argv[3]), pathlib.Path(folder))
            if wrong:
                print(f"FAIL: {place}: {wrong}")
                failures += 1
    print(f"{len(found)} programs, {failures} problems")
    return 1 if failures or not found else 0


if __name__ == "__main__":
    sys.exit(main())
