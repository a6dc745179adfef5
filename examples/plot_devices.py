#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Draws the pictures of docs/devices.md from what the example `devices` printed.

usage: devices >devices.csv; plot_devices.py devices.csv docs

It draws through the package memqc.plot, as plot.py does.
"""

import csv
import pathlib
import sys

import matplotlib
import numpy as np

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402

from memqc import plot  # noqa: E402

GREY = "#6b6b6b"
DPI = 90
LEVEL, PULSE = ("level (number of the RESET pulse)", ""), ("pulse", "")
MODELS = {"quantized": LEVEL, "constant": PULSE, "linear": PULSE, "soft_bounds": PULSE,
          "exponential": PULSE, "power": PULSE, "neurosim": PULSE, "table": PULSE}
CONDUCTANCE, TIME = ("conductance", "S"), ("time", "s")


def read(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def group(rows):
    """{picture: {curve: {kind: ([x], [y])}}}"""
    result = {}
    for row in rows:
        x, y = result.setdefault(row["picture"],
                                 {}).setdefault(row["curve"], {}).setdefault(row["kind"], ([], []))
        x.append(float(row["x"]))
        y.append(float(row["y"]))
    return result


def band(axes, kinds, xlabel, **how):
    """Mean ± sd."""
    x, mean = map(np.array, kinds["mean"])
    sd = np.array(kinds["sd"][1])
    plot.curve(x, mean, low=mean - sd, high=mean + sd, linestyle="-", xlabel=xlabel,
               ylabel=CONDUCTANCE, ax=axes, **how)


def staircase(axes, curve, kinds, xlabel):
    band(axes, kinds, xlabel, label="mean ± sd of 1000 cells")
    plot.curve(*kinds["nominal"], linewidth=1.2, zorder=5, label="nominal", xlabel=xlabel,
               ylabel=CONDUCTANCE, ax=axes)
    for kind in sorted(kind for kind in kinds if kind.startswith("trace")):
        plot.curve(*kinds[kind], color=plot.COLOURS[5], linestyle="-", linewidth=0.7,
                   zorder=1.5, label="single cells" if kind == "trace1" else None,
                   xlabel=xlabel, ylabel=CONDUCTANCE, ax=axes)
    axes.set_title(curve.replace(" / ", ", "), fontsize=9.5)
    axes.get_legend().remove()


def draw_staircases(curves, xlabel):
    picture, grid = plt.subplots(1, len(curves), figsize=(3.6 * len(curves) + 0.5, 3.3),
                                 sharey=True, squeeze=False)
    for axes, (curve, kinds) in zip(grid[0], curves.items()):
        staircase(axes, curve, kinds, xlabel)
        if axes is not grid[0][0]:
            axes.set_ylabel("")
    top = grid[0][0].get_ylim()[1]
    grid[0][0].set_ylim(0, top if xlabel is LEVEL else 1.3 * top)  # room above the curves
    grid[0][-1].legend(fontsize=8, loc="upper right")
    return picture


def draw_jumps(table, trains):
    """The table, and what cells do that draw from it and others."""
    picture, (left, *others) = plt.subplots(1, 1 + len(trains), figsize=(11.3, 3.3))
    for (way, kinds), colour in zip(table.items(), plot.COLOURS):
        for kind, (x, y) in kinds.items():
            half = kind == "50 %"
            plot.curve(x, y, color=colour, linestyle="-", linewidth=2 if half else 0.8,
                       label=way if half else None, xlabel=CONDUCTANCE, ylabel=("jump", "S"),
                       ax=left)
    left.set_title("quantiles: 5, 25, 50, 75, 95 %", fontsize=9.5)
    for axes, (curve, kinds) in zip(others, trains.items()):
        staircase(axes, curve, kinds, PULSE)
        axes.set_ylim(0, 145e-6)
    others[0].legend(fontsize=8, loc="upper right")
    return picture


def lines(axes, curves, title, xlabel, ylabel=CONDUCTANCE, **how):
    for curve, kinds in curves.items():
        plot.curve(*(kinds.get("mean") or kinds["trace1"]), linewidth=1.2, label=curve,
                   xlabel=xlabel, ylabel=ylabel, ax=axes, **how)
    axes.set_title(title)


def draw_effects(tables):
    picture, grid = plt.subplots(3, 3, figsize=(11, 8.2))
    (reads, slow, telegraph), (drift, relaxation, endurance), (faults, current, empty) = grid
    white, flicker = tables["read"].items()
    lines(reads, dict([white]), "read noise, 2 % of G, white", ("read", ""))
    lines(slow, dict([flicker]), "the same, " + flicker[0], ("read", ""))
    for axes in (reads, slow):
        axes.get_legend().remove()
    slow.set_ylim(reads.get_ylim())
    lines(telegraph, tables["telegraph"], "telegraph noise of three cells", TIME, linestyle="-")
    for curve, kinds in tables["drift"].items():
        band(drift, kinds, TIME, label=curve, xscale="log")
    drift.set_title("drift from 1 s on, nu = 0.03 ± 0.01")
    band(relaxation, tables["relaxation"]["300 K"], TIME, xscale="log")
    relaxation.set_title("relaxation in 100 s")
    lines(endurance, tables["endurance"], "endurance: the window's ends", ("cycles", ""),
          xscale="log")
    colours = {"healthy": GREY}
    for curve, kinds in tables["faults"].items():
        plot.curve(*kinds["trace1"], points=True, marker=".", markersize=4, label=curve,
                   xlabel=("cell", ""), ylabel=CONDUCTANCE, ax=faults,
                   **({"color": colours[curve]} if curve in colours else {}))
    faults.set_title("stuck cells among a thousand at 8 G₀")
    lines(current, tables["current"], "I-V, equal at 0.3 V", ("voltage", "V"), ("current", "A"))
    telegraph.set_ylim(60e-6, 115e-6)
    faults.set_ylim(top=1.8e-3)
    for axes in (telegraph, faults):
        axes.legend(fontsize=8.5, ncols=2, loc="upper center", columnspacing=1)
    for axes in (slow, telegraph, relaxation, endurance):
        axes.set_ylabel("" if axes is slow else axes.get_ylabel())
    empty.axis("off")
    return picture


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    out = pathlib.Path(sys.argv[2])
    out.mkdir(parents=True, exist_ok=True)
    tables = group(read(sys.argv[1]))
    with plot.style():
        pictures = {f"device-{model.replace('_', '-')}.png": draw_staircases(tables[model], xlabel)
                    for model, xlabel in MODELS.items()}
        pictures["device-jumps.png"] = draw_jumps(tables["jump_table"], tables["jumps"])
        pictures["device-after.png"] = draw_effects(tables)
        for name, picture in pictures.items():
            plot.save(picture, out / name, dpi=DPI)
            print(f"wrote {out / name}")


if __name__ == "__main__":
    try:
        main()
    except KeyError as error:
        sys.exit(f"plot_devices.py: the CSV file lacks {error}")
    except (OSError, ValueError) as error:
        sys.exit(f"plot_devices.py: {error}")
