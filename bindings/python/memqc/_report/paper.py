# SPDX-License-Identifier: BSD-3-Clause
"""The page of the paper's figures."""

from __future__ import annotations

import re
from typing import Any, Callable, Iterator, Optional

from .. import __version__, plot
from . import paper_drawing, paper_tables, words
from .drawing import Picture, encoded
from .html import Markup, figure, page, paragraph, section, table, tag, tile
from .paper_drawing import PAPER, Rows
from .training import mean_of

Told = Callable[[float, str], Any]
CITED = ("Chen et al., Improving the Recognition Accuracy of Memristive Neural Networks via "
         "Homogenized Analog Type Conductance Quantization, Micromachines 2020, 11, 427")
MANY_MARKS = ("figure2a", "figure2c", "figure3", "figure3c", "figure4")
TEXTS = {
    "figure2a": ("Magnitude of the current of a cell that is swept through SET and RESET. The "
                 "dashed line is the limit of the source. Behind a SET to 2 V stands a filament "
                 "that breaks at once; one to 1 V leaves a contact that goes down level by level."),
    "figure2b": ("Resistances of 500 cycles, read at 0.1 V after the SET to 2 V and after the "
                 "RESET."),
    "figure2c": ("Scans of the RESET, each to a further voltage than the one before: currents, and "
                 "the conductance after each scan."),
    "figure2d": ("Conductance of a cell that is RESET pulse by pulse, in units of G₀ = 77.5 µS, "
                 "and the voltage of each pulse."),
    "figure3": ("The staircase of 32 levels, driven again and again: what was drawn, its median "
                "and its 5 to 95 % band."),
    "figure3c": ("How the conductances of one pulse scatter over the cycles. Fewer quanta scatter "
                 "less."),
    "figure4": "The same with 63 levels, half as far apart.",
    "figure5c": ("Test accuracy by epoch for 4 to 64 levels. Bands are one standard deviation of "
                 "the seeds, stars what the paper reports."),
    "figure5d": "Test accuracy by epoch on an ideal device and on both samples.",
}


def drawn(tables: dict[str, Rows]) -> dict[str, Picture]:
    """The figures, light and dark."""
    uris: dict[str, list[str]] = {}
    sizes = {}
    for dark in (False, True):
        with plot.style(dark=dark):
            for name, picture in paper_drawing.pictures(tables, together=False):
                uris.setdefault(name, []).append(encoded(picture, name not in MANY_MARKS))
                sizes[name] = [round(96 * length) for length in picture.get_size_inches()]
    return {name: Picture(both[0], both[1], TEXTS[name], *sizes[name])
            for name, both in uris.items()}


def reported(name: str, key: tuple[str, int]) -> str:
    """What the paper says, in words."""
    points = PAPER[name].get(key, [])
    if not points:
        return "–"
    texts = [f"{percent:g} %" + (f" at epoch {epoch}" if epoch < 10 else "")
             for epoch, percent in points]
    return ", then ".join(texts)


def accuracy_rows(name: str, rows: Rows) -> Iterator[list[str]]:
    data = paper_drawing.curves(rows)
    for key, seeds in data.items():
        mean = mean_of(seeds[:, -1])
        low_high = "–" if mean.low is None or mean.high is None else \
            f"{100 * mean.low:.2f} to {100 * mean.high:.2f}"
        yield [paper_drawing.name(key, data), words.percent(mean.mean), low_high,
               f"{mean.count}", reported(name, key)]


def accuracy_table(name: str, rows: Rows) -> Markup:
    return table("Accuracy after the last epoch with its 95 % interval (Student's t over the "
                 "seeds, cut at 0 and 100 %)",
                 ["device", "here", "95 % interval, %", "seeds", "the paper, on MNIST"],
                 list(accuracy_rows(name, rows)))


def tiles(tables: dict[str, Rows]) -> Markup:
    found = []
    for name in ("5c", "5d"):
        for row in accuracy_rows(name, tables.get(name, [])):
            if name == "5c" or row[0] == "sample B":
                found.append(tile(row[0] + (", sample A" if name == "5c" else ""), row[1],
                                  f"the paper: {row[4]}"))
    return tag("dl", found, class_="tiles")


def render(tables: dict[str, Rows], note: str) -> str:
    """The page."""
    pictures = drawn(tables)
    parts = []
    if "5c" in tables or "5d" in tables:
        parts.append(section("summary", "In short", tiles(tables), paragraph(
            "More levels help as long as the noise lets the device tell them apart. The networks "
            "learn on the devices by the paper's own rule, each weight going to the nearest "
            "level.")))
    for name, title in (("figure5c", "How many levels"), ("figure5d", "How much noise"),
                        ("figure2a", "Switching"), ("figure2b", "ON and OFF"),
                        ("figure2c", "Down in scans"), ("figure2d", "The device"),
                        ("figure3", "Thirty-two levels"),
                        ("figure3c", "The noise of a level"), ("figure4", "Sixty-three levels")):
        if name in pictures:
            key = name[len("figure"):]
            numbers = accuracy_table(key, tables[key]) if key in PAPER else None
            shown = f"Figure {key}: {TEXTS[name]}"
            parts.append(section(name, title, figure(pictures[name], shown, "wide"), numbers))
    parts.append(section(
        "next", "Your own device", paragraph("The same questions about pulses that you measured:"),
        paragraph(tag("code", "memqc report my_device.csv -o report.html"))))
    data = re.sub(r" in /[^:]*:", ":", note)
    lead = paragraph(f"The figures of {CITED}, computed by libmemqc.", class_="lead")
    return page("Memristors that learn: the paper's figures", lead, parts,
                paragraph(f"Made by memqc {__version__} (libmemqc). ", f"Data: {data}." if data
                          else ""))


def make(folder: Optional[str], data: Optional[str], quick: bool, told: Told,
         note: str = "") -> str:
    """The page, from the tables of a folder or from what is computed now."""
    if folder is None:
        told(0.0, "drawing from the devices")
        tables, note = paper_tables.compute(data, quick, told)
    else:
        tables = paper_drawing.read_tables(folder)
    told(0.9, "drawing the figures")
    return render(tables, note)
