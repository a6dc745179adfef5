#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Runs the Python blocks of a page and saves the picture that each image link names: what the
variable axes holds there. It needs matplotlib and the package memqc.

usage: gallery.py docs/plots.md docs
"""

import pathlib
import re
import sys

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt  # noqa: E402

from memqc import plot  # noqa: E402

WIDTH = 560  # pixels
PART = re.compile(r"^```python\n(.*?)^```|^!\[[^\]]*\]\(([\w-]+\.png)\)", re.S | re.M)


def draw(page, each=lambda figure: None):
    """Yields the name of each picture and its figure. each is called with every figure of the
    page, those without a picture too."""
    names = {}
    for block, picture in PART.findall(page.read_text(encoding="utf-8")):
        if picture:
            yield picture, names["axes"].figure
            continue
        plt.close("all")
        exec(compile(block, str(page), "exec"), names)
        for number in plt.get_fignums():
            each(plt.figure(number))
    plt.close("all")


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    folder = pathlib.Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    for name, figure in draw(pathlib.Path(sys.argv[1])):
        plot.save(figure, folder / name, dpi=WIDTH / figure.get_figwidth())
        print(f"wrote {folder / name}")


if __name__ == "__main__":
    main()
