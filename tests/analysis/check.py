#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""check.py cppcheck|clang-tidy|fanalyzer SOURCE BUILD

Static analysis of lib/: what a tool finds must be in accepted.txt, with the reason why it is no fault,
and what is there must still be found. A finding is a file, what the tool calls it, and the text of the
line, so that it does not move with the lines above. Exit status 77 where the tool is not installed.
"""
from __future__ import annotations

import collections
import json
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Iterator

HERE = pathlib.Path(__file__).resolve().parent
LINE = re.compile(r"^(?P<path>[^:\s]+):(?P<line>\d+):\d+: (?:warning|error|performance|portability): "
                  r".*\[(?P<name>[^\]]+)\]$")
Finding = tuple[str, str, str]


def compile_commands(build: pathlib.Path) -> Iterator[tuple[pathlib.Path, list[str]]]:
    """Each source of the shared library, kernels by their first build, with its command."""
    seen = set()
    for entry in json.loads((build / "compile_commands.json").read_text()):
        path = (pathlib.Path(entry["directory"]) / entry["file"]).resolve()
        if re.match(r"lib/lib(memqc|kernels)", entry["output"]) and path not in seen:
            seen.add(path)
            yield path, shlex.split(entry["command"])


def run_each(build: pathlib.Path, command) -> str:  # type: ignore[no-untyped-def]
    def run(entry: tuple[pathlib.Path, list[str]]) -> str:
        done = subprocess.run(command(*entry), cwd=build, capture_output=True, text=True)
        return done.stdout + done.stderr

    with ThreadPoolExecutor(2) as pool:
        return "".join(pool.map(run, compile_commands(build)))


def cppcheck(source: pathlib.Path, build: pathlib.Path) -> str:
    done = subprocess.run(
        ["cppcheck", "--enable=warning,performance,portability", "--std=c11", "--quiet",
         "--template={file}:{line}:{column}: {severity}: {message} [{id}]", "-DMEMQC_API=",
         f"-I{source / 'include'}", f"-I{source / 'lib'}", str(source / "lib")],
        capture_output=True, text=True)
    return done.stdout + done.stderr


def clang_tidy(source: pathlib.Path, build: pathlib.Path) -> str:
    return run_each(build, lambda path, _: ["clang-tidy", "-p", str(build), "--quiet", str(path)])


def fanalyzer(source: pathlib.Path, build: pathlib.Path) -> str:
    def command(path: pathlib.Path, words: list[str]) -> list[str]:
        flags = [word for word in words if re.match(r"-(std|I|D|m|f)", word)]
        return ["gcc", *flags, "-fno-diagnostics-color", "-O2", "-fanalyzer", "-c", str(path),
                "-o", "/dev/null"]

    # Vector types are more than this version of the analyzer understands.
    return run_each(build, lambda path, words: ["true"] if "kernels" in path.name
                    else command(path, words))


TOOLS = {"cppcheck": ("cppcheck", cppcheck), "clang-tidy": ("clang-tidy", clang_tidy),
         "fanalyzer": ("gcc", fanalyzer)}


def findings(output: str, source: pathlib.Path, build: pathlib.Path) -> Iterator[Finding]:
    for line in output.splitlines():
        match = LINE.match(line)
        if not match:
            continue
        path = (build / match["path"]).resolve()
        name = re.sub(r"^CWE-\d+\] \[", "", match["name"])
        text = path.read_text().splitlines()[int(match["line"]) - 1].strip()
        yield str(path.relative_to(source)), name, text


def accepted(tool: str) -> dict[Finding, str]:
    """Blocks of lines: `tool: reason`, then `path [name] text` for each finding."""
    found, reason, mine = {}, "", False
    for line in (HERE / "accepted.txt").read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        if not line.startswith(" "):
            name, _, reason = line.partition(": ")
            assert name in TOOLS and reason, line
            mine = name == tool
        elif mine:
            path, name, text = re.match(r"\s+(\S+) \[([^\]]+)\] (.*)", line).groups()  # type: ignore
            found[path, name, text] = reason
    return found


def main() -> int:
    tool, source, build = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    program, run = TOOLS[tool]
    if not shutil.which(program):
        print(f"skipped: {program}")
        return 77
    found = collections.Counter(findings(run(source, build), source, build))
    known = accepted(tool)
    new = [finding for finding in found if finding not in known]
    gone = [finding for finding in known if finding not in found]
    for path, name, text in new:
        print(f"found:   {path} [{name}] {text}")
    for path, name, text in gone:
        print(f"no more: {path} [{name}] {text}")
    print(f"{tool}: {len(found)} findings, {len(new)} of them new; {len(gone)} accepted ones gone")
    return 1 if new or gone else 0


if __name__ == "__main__":
    sys.exit(main())
