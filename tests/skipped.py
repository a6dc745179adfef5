#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Which tests were skipped, a line each, with the reason that they printed.

usage: skipped.py BUILD/meson-logs/testlog.json

A test that is skipped as a whole exits with 77; one that leaves something out passes. Both print
lines that begin with "skipped: ".
"""
import collections
import json
import re
import sys


def main():
    if len(sys.argv) != 2:
        print(__doc__)
        return 2
    with open(sys.argv[1], encoding="utf-8") as log:
        rows = [json.loads(line) for line in log]
    for row in rows:
        name = row["name"].split(" / ")[-1]
        text = (row.get("stdout") or "") + (row.get("stderr") or "")
        reasons = [line[len("skipped: "):] for line in text.splitlines()
                   if line.startswith("skipped: ")]
        if row["result"] == "SKIP" and not reasons:
            reasons = ["no reason given"]
        how = "wholly" if row["result"] == "SKIP" else "in part"
        # Of the parts of a Python test, whose names follow in brackets, the number is enough.
        parts = collections.Counter(re.sub(r" \(test_\w+\)$", "", reason) for reason in reasons)
        for reason, count in sorted(parts.items()):
            print(f"skipped {how}: {name}: {reason}" + (f" ({count} tests)" if count > 1 else ""))
    return 0


if __name__ == "__main__":
    sys.exit(main())
