# SPDX-License-Identifier: BSD-3-Clause
"""The figures of the paper, from the tables of `examples/paper --out FOLDER`."""

from __future__ import annotations

import csv
import os
from typing import Any, Iterator

import numpy as np

from .. import plot
from .._constants import G0
from .._errors import DataError
from ..plot._style import module, theme
from . import paper_loop_drawing

TABLES = ("2a", "2b", "2c", "2c-steps", "2d", "3", "3c", "3c-widths", "4", "5c", "5d")
BIN = 0.25  # width of a bin of the histograms, G0
FWHM = 2.3548200450309493  # of a normal distribution, in standard deviations

# What the paper reports, as (sample, states): [(epoch, accuracy in %), ...].
PAPER: dict[str, dict[tuple[str, int], list[tuple[int, float]]]] = {
    "5c": {("A", 4): [(10, 10.0)], ("A", 16): [(6, 71.2), (10, 10.0)], ("A", 32): [(10, 86.8)],
           ("A", 64): [(10, 93.5)]},
    "5d": {("ideal", 32): [(10, 86.1)], ("A", 32): [(10, 86.0)], ("B", 32): [(10, 84.0)]},
}

Rows = list[dict[str, str]]
Key = tuple[str, int]  # sample and states


def read_tables(folder: str) -> dict[str, Rows]:
    """The tables that a folder has, by the names of their figures."""
    tables = {}
    for figure in TABLES:
        path = os.path.join(folder, f"figure{figure}.csv")
        if os.path.isfile(path):
            with open(path, newline="", encoding="utf-8") as file:
                tables[figure] = list(csv.DictReader(file))
            if not tables[figure]:
                raise DataError(f"{path} has no rows")
    if not tables:
        raise DataError(f"{folder} has none of the tables "
                        + ", ".join(f"figure{figure}.csv" for figure in TABLES))
    return tables


def curves(rows: Rows) -> dict[Key, Any]:
    """{(sample, states): accuracies, (seeds, epochs)}, in the order of the file."""
    table: dict[Key, dict[str, dict[int, float]]] = {}
    for row in rows:
        seeds = table.setdefault((row["sample"], int(row["states"])), {})
        seeds.setdefault(row["seed"], {})[int(row["epoch"])] = float(row["test_accuracy"]) / 100
    result = {}
    for key, seeds in table.items():
        epochs = sorted(set.intersection(*(set(seed) for seed in seeds.values())))
        result[key] = np.array([[seed[epoch] for epoch in epochs] for seed in seeds.values()])
    return result


def name(key: Key, others: Any) -> str:
    """What tells a curve from the others: its number of states, its sample, or both."""
    sample, states = key
    if sample == "float":
        return "float weights"
    texts = []
    if len({s for s, _ in others}) > 1 or len({n for _, n in others}) == 1:
        texts.append(sample if sample == "ideal" else f"sample {sample}")
    if len({n for _, n in others}) > 1:
        texts.append(f"{states} states")
    return ", ".join(texts)


def paper_points(axes: Any, points: list[tuple[int, float]], colour: str, x: float) -> None:
    """The paper's figures stand in a strip of their own, right of the last epoch: some coincide."""
    for epoch, percent in points:
        axes.plot(x, percent / 100, marker="*", markersize=12, color=theme().ground,
                  markeredgecolor=colour, markeredgewidth=1.5, linestyle="none", zorder=5,
                  clip_on=False)
        if epoch < 10:
            axes.annotate(f"peak, epoch {epoch}", (x, percent / 100), (0, -8),
                          textcoords="offset points", ha="center", va="top", fontsize=8.5,
                          color=colour, rotation=90)


def paper_strip(axes: Any, left: float, right: float) -> None:
    axes.axvspan(left, right, color=theme().grid, alpha=0.5, linewidth=0, zorder=0)
    axes.text((left + right) / 2, 0.02, "paper", transform=axes.get_xaxis_transform(), ha="center",
              va="bottom", fontsize=9.5, color=theme().grey)


def accuracy_legend(axes: Any, lines: list[Any], seeds: int, stars: int) -> None:
    """Right of the axes, with what bands and stars are."""
    handles, grey = list(lines), theme().grey
    if seeds > 1:
        handles.append(module("matplotlib.patches").Patch(
            color=grey, alpha=0.25, linewidth=0, label=f"± sd of {seeds} seeds"))
    if stars:
        handles.append(module("matplotlib.lines").Line2D(
            [], [], color=theme().ground, marker="*", markersize=12, markeredgecolor=grey,
            markeredgewidth=1.4, linestyle="none", label="paper, on MNIST"))
    axes.legend(handles=handles, loc="upper left", bbox_to_anchor=(1.02, 1.0), borderaxespad=0.0,
                handlelength=2.2, labelspacing=0.7)


def draw_accuracy(axes: Any, figure: str, rows: Rows, title: str) -> None:
    data = curves(rows)
    plot.accuracy_epochs({name(key, data): seeds for key, seeds in data.items()}, band="sd",
                         ax=axes)
    lines = list(axes.lines)
    last = max(seeds.shape[1] for seeds in data.values())
    slot, stars, right = 0.055 * last, 0, last + 0.6
    lowest = axes.dataLim.y0
    for line, key in zip(lines, data):
        points = PAPER[figure].get(key, [])
        paper_points(axes, points, line.get_color(), last + 0.6 + (stars + 0.8) * slot)
        stars += bool(points)
        lowest = min([lowest] + [percent / 100 for _, percent in points])
    if stars:
        right += (stars + 0.6) * slot
        paper_strip(axes, last + 0.6, right)
    highest = 1.0 if lowest < 0.5 else min(1.0, 0.05 * (max(axes.dataLim.y1, 0.88) // 0.05 + 1))
    axes.set_ylim(0 if lowest < 0.5 else 0.1 * (lowest // 0.1), highest)
    axes.set_xlim(0.6, right)
    ticks = module("matplotlib.ticker").MaxNLocator(integer=True, nbins=10).tick_values(1, last)
    axes.set_xticks([t for t in ticks if 1 <= t <= last])
    axes.set(xlabel="training epoch", ylabel="test accuracy (%)", title=title)
    accuracy_legend(axes, lines, max(len(seeds) for seeds in data.values()), stars)


def table_of(rows: Rows, column: str) -> Any:
    """A column in S, (cycles, pulses)."""
    cycles: dict[int, dict[int, float]] = {}
    for row in rows:
        cycles.setdefault(int(row["cycle"]), {})[int(row["pulse"])] = float(row[column]) * G0
    return np.array([[cycle[pulse] for pulse in sorted(cycle)] for cycle in cycles.values()])


def panels_of(count: int, size: tuple[float, float], **how: Any) -> tuple[Any, Any]:
    """A figure with so many axes side by side."""
    figure = module("matplotlib.figure").Figure(figsize=size)
    return figure, figure.subplots(1, count, squeeze=False, **how)[0]


def draw_staircases(rows: Rows, title: str) -> Any:
    samples = list(dict.fromkeys(row["sample"] for row in rows))
    picture, grid = panels_of(len(samples), (4.4 * len(samples) + 0.4, 4.2), sharey=True)
    for axes, sample in zip(grid, samples):
        own = [row for row in rows if row["sample"] == sample]
        g = table_of(own, "conductance_g0")
        plot.staircase(g, g, unit="G0", ax=axes)
        nominal = table_of(own, "nominal_g0")[0]
        plot.curve(np.arange(1, nominal.size + 1), nominal, step=True, label="nominal", zorder=5,
                   linestyle="-", linewidth=1.4, xlabel=("pulse number", ""),
                   ylabel=("conductance", "G0"), ax=axes)
        axes.set_title("ideal device" if sample == "ideal" else f"sample {sample}")
        handles, labels = axes.get_legend_handles_labels()
        axes.legend(handles, [f"{len(g)} cycles" if text == "measured" else text
                              for text in labels], loc="upper right")
        if axes is not grid[0]:
            axes.set_ylabel("")
    grid[0].set_ylim(bottom=0)
    picture.suptitle(title, x=0.01, ha="left", fontsize=12)
    return picture


def draw_histograms(rows: Rows, widths: Rows) -> Any:
    panels = sorted({(row["sample"], int(row["pulse"])) for row in widths})
    picture, grid = panels_of(len(panels), (3.6 * len(panels) + 0.4, 3.6))
    for axes, (sample, pulse) in zip(grid, panels):
        own = [row for row in widths if (row["sample"], int(row["pulse"])) == (sample, pulse)]
        own.sort(key=lambda row: -int(row["cycles"]))
        for row in own:
            draw_histogram(axes, row, [r for r in rows if all(
                r[key] == row[key] for key in ("sample", "pulse", "cycles"))])
        reach = max(2 * float(row["fwhm_fit_g0"]) for row in own)
        centre = 16.5 - 0.5 * pulse
        axes.set_xlim(G0 * max(-0.5, centre - reach), G0 * (centre + reach))
        axes.set_title(f"{sample if sample == 'ideal' else 'sample ' + sample}, pulse {pulse}")
        axes.legend(loc="upper left", fontsize=8.5, handlelength=1.2)
        if axes is not grid[0]:
            axes.set_ylabel("")
    return picture


def draw_histogram(axes: Any, width: dict[str, str], bins: Rows) -> None:
    """The histogram of a pulse in so many cycles, and the normal distribution over it."""
    centres = np.array([float(row["g_over_g0"]) for row in bins]) * G0
    samples = np.repeat(centres, [int(row["count"]) for row in bins])
    edges = np.append(centres - BIN * G0 / 2, centres[-1:] + BIN * G0 / 2)
    mean, sd = float(width["fit_mean_g0"]), float(width["fwhm_fit_g0"]) / FWHM
    plot.level_histogram(samples, bins=edges, normal=[(mean * G0, sd * G0)], density=True,
                         unit="G0", label=f"{int(width['cycles']):,} cycles", ax=axes)


def draw_ramp(rows: Rows) -> Any:
    pulse = [int(row["pulse"]) for row in rows]
    picture = module("matplotlib.figure").Figure(figsize=(6.2, 5.2))
    top, bottom = picture.subplots(2, 1, sharex=True, gridspec_kw={"height_ratios": [2, 1]})
    number = ("pulse number", "")
    plot.curve(pulse, [float(row["conductance_s"]) for row in rows], xlabel=number, step=True,
               ylabel=("conductance", "G0"), marker="o", markersize=4, linewidth=1.2, ax=top)
    plot.curve(pulse, [float(row["voltage_v"]) for row in rows], xlabel=number,
               ylabel=("pulse voltage", "V"), marker="s", markersize=3.5, linewidth=1.2,
               color=theme().colours[1], ax=bottom)
    top.set(xlabel="", title="Nominal staircase and RESET pulses (Figure 2d)")
    return picture


def accuracy_title(figure: str, rows: Rows) -> str:
    if figure == "5c":
        samples = sorted({row["sample"] for row in rows})
        sample = f", sample {samples[0]}" if samples in (["A"], ["B"]) else ""
        return f"Number of states{sample} (Figure 5c)"
    states = {row["states"] for row in rows} - {"0"}
    number = f", {states.pop()} states" if len(states) == 1 else ""
    return f"Device noise{number} (Figure 5d)"


def accuracies(tables: dict[str, Rows], figures: list[str]) -> Any:
    """One figure of accuracies, or both side by side."""
    size = (7.2, 4.2) if len(figures) == 1 else (12.4, 4.2)
    picture, grid = panels_of(len(figures), size)
    for axes, figure in zip(grid, figures):
        draw_accuracy(axes, figure, tables[figure], accuracy_title(figure, tables[figure]))
    return picture


def pictures(tables: dict[str, Rows], together: bool = True) -> Iterator[tuple[str, Any]]:
    """The name and the picture of everything that the tables are there for; together adds one with
    both figures of accuracies."""
    trained = [figure for figure in ("5c", "5d") if figure in tables]
    for figure in trained:
        yield f"figure{figure}", accuracies(tables, [figure])
    if together and len(trained) == 2:
        yield "accuracy", accuracies(tables, trained)
    yield from paper_loop_drawing.pictures(tables)
    if "3" in tables:
        yield "figure3", draw_staircases(tables["3"],
                                         "Repeated staircases, steps of 0.5 G₀ (Figure 3)")
    if "4" in tables:
        yield "figure4", draw_staircases(tables["4"],
                                         "Repeated staircases, steps of 0.25 G₀ (Figure 4)")
    if "3c" in tables and "3c-widths" in tables:
        yield "figure3c", draw_histograms(tables["3c"], tables["3c-widths"])
    if "2d" in tables:
        yield "figure2d", draw_ramp(tables["2d"])
