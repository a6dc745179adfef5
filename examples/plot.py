#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Draws the figures of the paper example as PNG files, from the CSV files of `paper --out FOLDER`.

It draws as `memqc paper` does: PYTHONPATH=bindings/python, and MEMQC_LIBRARY names the library,
unless the package is installed.
"""

import argparse
import pathlib
import sys

try:
    from memqc import plot
    from memqc._report import paper_drawing
except ImportError as reason:
    print(
        f"plot.py: {reason}. It needs matplotlib (on Debian: apt-get install python3-matplotlib) "
        "and the package memqc (PYTHONPATH=bindings/python, MEMQC_LIBRARY=BUILD/lib/libmemqc.so.0)",
        file=sys.stderr)
    sys.exit(3)

GREY = "#6b6b6b"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path, help="where figure5c.csv and the others are")
    parser.add_argument("--out", type=pathlib.Path, help="where the PNG files go (the same folder)")
    parser.add_argument("--note", default="",
                        help="a line below the accuracy curves, such as the data set")
    arguments = parser.parse_args()
    out = arguments.out or arguments.folder
    tables = paper_drawing.read_tables(arguments.folder)
    out.mkdir(parents=True, exist_ok=True)
    with plot.style():
        for name, picture in paper_drawing.pictures(tables):
            if arguments.note and (name.startswith("figure5") or name == "accuracy"):
                picture.supxlabel(arguments.note, x=0.01, ha="left", fontsize=8.5, color=GREY)
            path = out / f"{name}.png"
            plot.save(picture, path, dpi=160)
            print(f"wrote {path}")


if __name__ == "__main__":
    try:
        main()
    except KeyError as error:
        sys.exit(f"plot.py: a CSV file lacks the column {error}")
    except (OSError, ValueError) as error:
        sys.exit(f"plot.py: {error}")
