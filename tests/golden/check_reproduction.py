#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""examples/reproduction.py from end to end on tiny runs: each table of docs/reproduction.md has its
place and gets its rows, all else on the page stays, and what ran once is not run again.

usage: check_reproduction.py examples/reproduction.py BUILD/examples docs/reproduction.md
"""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

TABLE = re.compile(r"<!-- table (\w+) -->\n(.*?)<!-- end \1 -->", re.S)
# of tiny runs
ROWS = {"device": 13, "figures": 7, "search": 1 + 2 + 4 + 2, "steady": 2, "moves": 4 * 3 + 3,
        "beyond": 2}
MEASURED = {"figures": 2, "steady": 1, "beyond": 1}  # column of an accuracy


def make(script, programs, folder, page):
    done = subprocess.run([sys.executable, script, programs, "--out", folder, "--page", page,
                           "--quick"], stderr=subprocess.PIPE,
                          text=True)
    if done.returncode != 0:
        sys.exit(f"exit status {done.returncode}: {done.stderr}")
    return done.stderr


def rows_of(text):
    """Without headings and the lines below them."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    heads = {i - 1 for i, line in enumerate(lines) if line.startswith("| ---")}
    return [line.strip("| ").split(" | ") for i, line in enumerate(lines) if i not in heads
            and i - 1 not in heads]


def check_table(name, text):
    rows = rows_of(text)
    bad = [row for row in rows if not 0 <= float(row[MEASURED[name]].split()[
        0]) <= 100] if name in MEASURED else []
    if len(rows) != ROWS[name] or bad:
        print(f"table {name}: {len(rows)} rows, expected {ROWS[name]}; not percentages: {bad}")
    return len(rows) != ROWS[name] or bool(bad)


def main():
    script, programs, original = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        page = pathlib.Path(folder) / "page.md"
        shutil.copy(original, page)
        first = make(script, programs, f"{folder}/runs", page)
        made = page.read_text(encoding="utf-8")
        tables = {match[1]: match[2] for match in TABLE.finditer(made)}
        failed = sum(check_table(name, tables.get(name, "")) for name in ROWS)
        if TABLE.sub("", made) != TABLE.sub("", pathlib.Path(original).read_text(encoding="utf-8")):
            print("text outside the tables changed")
            failed += 1
        again = make(script, programs, f"{folder}/runs", page)
        if not first or again or page.read_text(encoding="utf-8") != made:
            print(f"the second time something ran, or came out otherwise:\n{again}")
            failed += 1
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
