#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""What the pages name is there: functions and constants in the headers, files and links in the
checkout. NEWS.md tells of older versions, whose names are gone; only its links are checked. The
last column of a table of validation.md names tests.

usage: check_names.py SOURCE_ROOT
"""
import pathlib
import re
import sys

NAME = re.compile(r"\b(?:memqc_[a-z0-9_]+|MEMQC_[A-Z0-9_]+)")
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")
PATH = re.compile(r"`((?:lib|tests|examples|docs|include|bindings)/[\w./-]+)`")
# Variables of the environment, and words that stand for many names.
OTHER = ("MEMQC_DATA", "MEMQC_MIRROR", "MEMQC_BUILD", "MEMQC_STRICT", "MEMQC_ROUNDS", "MEMQC_LIBRARY",
         "MEMQC_SOURCE_ROOT", "MEMQC_TEST_MANY", "MEMQC_TAOX", "MEMQC_FUZZ_CALLS",
         "MEMQC_FUZZ_PYTHON", "MEMQC_REFERENCE", "MEMQC_PEER")


def known_names(root):
    text = "".join(path.read_text(encoding="utf-8") for path in root.glob("include/memqc/*.h"))
    return set(NAME.findall(text)) | set(OTHER)


def known_tests(root):
    """Names of Meson tests, some of which are put together in a loop."""
    text = "".join(path.read_text(encoding="utf-8") for path in root.glob("tests/**/meson.build"))
    names = set(re.findall(r"'(\w+)'", text))
    prefixes = set(re.findall(r"test\('(\w+_)' \+ name", text)) | {"digest_"}
    return (names | {prefix + name for prefix in prefixes for name in names}
            | {f"{name}_long" for name in names})


def tests_of(page, known):
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("|"):
            for name in re.findall(r"`(\w+)`", line.rstrip("| ").split("|")[-1]):
                if name not in known:
                    yield f"docs/{page.name}:{number}: no test is {name}"


def problems_of(page, root, known):
    text = page.read_text(encoding="utf-8")
    for number, line in enumerate(text.splitlines(), 1):
        where = f"{page.relative_to(root)}:{number}"
        for link in LINK.findall(line):
            if not (page.parent / link).exists():
                yield f"{where}: no file {link}"
        if page.name == "NEWS.md":
            continue
        for path in PATH.findall(line):
            if not (root / path).exists() and not list(root.glob(f"{path}.c")):
                yield f"{where}: no file {path}"
        for match in NAME.finditer(line):
            name, after = match.group(), line[match.end():match.end() + 3]
            begins = name.endswith("_") or after.startswith(("...", "*", "<"))
            if not any(other.startswith(name) for other in known) if begins else name not in known:
                yield f"{where}: no header has {name}"


def main():
    if len(sys.argv) != 2:
        print(__doc__)
        return 2
    root = pathlib.Path(sys.argv[1]).resolve()
    known = known_names(root)
    pages = [root / "README.md", *sorted(root.glob("docs/*.md")), *sorted(root.glob("examples/*.md"))]
    found = [problem for page in pages for problem in problems_of(page, root, known)]
    found += tests_of(root / "docs/validation.md", known_tests(root))
    print("\n".join(found) if found else f"{len(pages)} pages, {len(known)} names")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
