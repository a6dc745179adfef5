# SPDX-License-Identifier: BSD-3-Clause
"""Figures 2a to 2c, from their tables."""

from __future__ import annotations

from typing import Any, Iterator

import numpy as np

from .. import plot
from .._constants import G0
from ..plot._style import legend, module, theme
from ..plot._units import amount, units

Rows = list[dict[str, str]]

# Resistances that the paper names, ohm.
PAPER = {"r_on_ohm": 300.0, "r_off_ohm": 35e3}


def panels(count: int, size: tuple[float, float], **how: Any) -> tuple[Any, Any]:
    figure = module("matplotlib.figure").Figure(figsize=size)
    return figure, figure.subplots(1, count, squeeze=False, **how)[0]


def named(sample: str) -> str:
    return "ideal device" if sample == "ideal" else f"sample {sample}"


def column(rows: Rows, name: str) -> Any:
    return np.array([float(row[name]) for row in rows])


def groups(rows: Rows, *keys: str) -> dict[tuple[str, ...], Rows]:
    """Rows that agree in some columns, in the order of the file."""
    found: dict[tuple[str, ...], Rows] = {}
    for row in rows:
        found.setdefault(tuple(row[key] for key in keys), []).append(row)
    return found


def draw_loops(rows: Rows) -> Any:
    """A panel for each loop."""
    loops = groups(rows, "sample", "limit_ma", "top_v")
    picture, grid = panels(len(loops), (4.2 * len(loops) + 0.4, 4.0), sharey=True)
    for axes, ((sample, limit, top), own) in zip(grid, loops.items()):
        cycles = list(groups(own, "cycle").values())
        volts, amps = (np.array([column(cycle, name) for cycle in cycles])
                       for name in ("voltage_v", "current_a"))
        plot.iv_loop(volts, amps, log=True, ax=axes)
        axes.axhline(float(limit) / 1000, color=theme().grey, linewidth=0.9, linestyle=(0, (4, 3)))
        axes.set_title(f"{named(sample)}, SET to {float(top):g} V, {float(limit):g} mA",
                       fontsize=10.5)
        if axes is not grid[0]:
            axes.set_ylabel("")
    for axes in grid:  # shared axes got them back; a third of the time of the picture
        axes.minorticks_off()
    return picture


def draw_resistances(rows: Rows) -> Any:
    """A panel for each state: how the resistances of the cycles scatter."""
    samples = groups(rows, "sample")
    picture, grid = panels(2, (8.6, 3.8))
    for axes, (name, state) in zip(grid, (("r_on_ohm", "ON"), ("r_off_ohm", "OFF"))):
        values = {sample: column(own, name) for (sample,), own in samples.items()}
        finite = np.concatenate([ohms[np.isfinite(ohms)] for ohms in values.values()])
        edges = np.histogram_bin_edges(finite, "fd") if finite.size else 1
        for (sample, ohms), colour in zip(values.items(), theme().colours):
            middle = float(np.median(ohms))
            axes.hist(ohms[np.isfinite(ohms)], bins=edges, color=colour, alpha=0.75,
                      label=f"{named(sample)}: {amount(middle, 'Ω')}")
        axes.axvline(PAPER[name], color=theme().ink, linewidth=1.4, linestyle=(0, (4, 2)),
                     label=f"the paper: {amount(PAPER[name], 'Ω')}")
        axes.set_title(f"{state} state")
        units(axes, ("resistance", "Ω"), ("cycles", ""))
        axes.set_ylim(0, 1.3 * axes.get_ylim()[1])
        legend(axes)
    return picture


def draw_scans(rows: Rows, steps: Rows) -> Any:
    """The currents of the scans of each sample, and what the cell conducts after each."""
    samples = groups(rows, "sample")
    picture, grid = panels(len(samples) + 1, (4.1 * (len(samples) + 1) + 0.4, 4.0))
    for axes, ((sample,), own) in zip(grid, samples.items()):
        scans = list(groups(own, "scan").values())
        shades = module("matplotlib.colors").LinearSegmentedColormap.from_list(
            "scans", theme().colours[:2])
        for scan, colour in zip(scans, shades(np.linspace(0, 1, len(scans)))):
            axes.plot(column(scan, "voltage_v"), column(scan, "current_a"), color=colour,
                      linewidth=0.9)
        axes.set_title(f"{named(sample)}: {len(scans)} scans")
        units(axes, ("voltage", "V"), ("current", "A"))
    for (sample,), own in groups(steps, "sample").items():
        plot.curve(column(own, "scan"), column(own, "conductance_g0") * G0, step=True,
                   xlabel=("scan", ""), ylabel=("conductance", "G0"), label=named(sample),
                   linewidth=1.3, ax=grid[-1])
    grid[-1].set_title("after each scan")
    return picture


def pictures(tables: dict[str, Rows]) -> Iterator[tuple[str, Any]]:
    """Those that the tables are there for."""
    if "2a" in tables:
        yield "figure2a", draw_loops(tables["2a"])
    if "2b" in tables:
        yield "figure2b", draw_resistances(tables["2b"])
    if "2c" in tables and "2c-steps" in tables:
        yield "figure2c", draw_scans(tables["2c"], tables["2c-steps"])
