#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""The tables of parameters in docs/devices.md against the library: each parameter has a row `name`,
unit, default, range.

usage: check_device_tables.py DEVICES_EXE docs/devices.md [--update]
--update fills in unit, default and range
"""
import csv
import re
import subprocess
import sys

G0 = 77.5e-6
ROW = re.compile(r"^\| `([a-z0-9_]+)` \|([^|\n]*)\|([^|\n]*)\|([^|\n]*)\|([^|\n]+\|)$", re.M)


def number(value, unit):
    """As short as it gets; conductances in G0 where that is a round number."""
    quanta = value / G0
    if unit == "S" and value != 0 and abs(quanta - round(quanta,
                                                         1)) < 1e-9 and 0.1 <= quanta <= 100:
        return f"{quanta:g} G0"
    return f"{value:g}".replace("e-0", "e-").replace("e+0", "e").replace("e+", "e")


def cells(row):
    unit = row["unit"]
    if row["choices"]:
        choices = row["choices"].split(";")
        return unit, choices[int(row["default"]) - int(row["min"])], ", ".join(choices)
    low, high, initial = (float(row[k]) for k in ("min", "max", "default"))
    return unit, number(initial, unit), f"{number(low, unit)} .. {number(high, unit)}"


def main():
    if len(sys.argv) not in (3, 4) or sys.argv[3:] not in ([], ["--update"]):
        sys.exit(__doc__)
    output = subprocess.run([sys.argv[1], "--parameters"], check=True, stdout=subprocess.PIPE,
                            text=True).stdout
    parameters = {row["name"]: cells(row) for row in csv.DictReader(output.splitlines())}
    with open(sys.argv[2], encoding="utf-8") as file:
        page = file.read()
    seen, wrong = [], []

    def check(match):
        name, *found, meaning = match.groups()
        seen.append(name)
        expected = parameters.get(name, ())
        if expected and tuple(cell.strip() for cell in found) != expected:
            wrong.append(
                f"{name}: the page says {' | '.join(c.strip() for c in found)}, "
                f"the library {' | '.join(expected)}")
        row = f"| `{name}` | {' | '.join(expected)} |{meaning}".replace("|  |", "| |")
        return row if expected else match.group(0)

    updated = ROW.sub(check, page)
    if sys.argv[3:]:
        with open(sys.argv[2], "w", encoding="utf-8") as file:
            file.write(updated)
        wrong = []
    wrong += [f"{name}: on the page and not in the library" for name in seen
              if name not in parameters]
    wrong += [f"{name}: {seen.count(name)} rows on the page" for name in parameters
              if seen.count(name) != 1]
    print("\n".join(wrong) if wrong
          else f"all {len(parameters)} parameters are on the page, as they are in the library")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
