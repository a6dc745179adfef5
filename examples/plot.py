#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Draws the figures of the paper example as PNG files, from the CSV files of `paper --out FOLDER`.

It draws through the package memqc.plot: PYTHONPATH=bindings/python, and MEMQC_LIBRARY names the
library, unless the package is installed.
"""

import argparse
import csv
import pathlib
import sys

try:
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt
    import numpy as np
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch
    from matplotlib.ticker import MaxNLocator

    from memqc import G0, plot
except ImportError as reason:
    print(
        f"plot.py: {reason}. It needs matplotlib (on Debian: apt-get install python3-matplotlib) "
        "and the package memqc (PYTHONPATH=bindings/python, MEMQC_LIBRARY=BUILD/lib/libmemqc.so.0)",
        file=sys.stderr)
    sys.exit(3)

GREY = "#6b6b6b"
BIN = 0.25  # width of a bin of the histograms, G0
FWHM = 2.3548200450309493  # of a normal distribution, in standard deviations

# What the paper reports, as (sample, states): [(epoch, accuracy in %), ...].
PAPER = {
    "5c": {("A", 4): [(10, 10.0)], ("A", 16): [(6, 71.2), (10, 10.0)], ("A", 32): [(10, 86.8)],
           ("A", 64): [(10, 93.5)]},
    "5d": {("ideal", 32): [(10, 86.1)], ("A", 32): [(10, 86.0)], ("B", 32): [(10, 84.0)]},
}


def read(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def curves(rows):
    """{(sample, states): accuracies, (seeds, epochs)}, in the order of the file."""
    table = {}
    for row in rows:
        seeds = table.setdefault((row["sample"], int(row["states"])), {})
        seeds.setdefault(row["seed"], {})[int(row["epoch"])] = float(row["test_accuracy"]) / 100
    result = {}
    for key, seeds in table.items():
        epochs = sorted(set.intersection(*map(set, seeds.values())))
        result[key] = np.array([[seed[epoch] for epoch in epochs] for seed in seeds.values()])
    return result


def name(key, others):
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


def paper_points(axes, points, colour, x):
    """The paper's figures stand in a strip of their own, right of the last epoch: some coincide."""
    for epoch, percent in points:
        axes.plot(x, percent / 100, marker="*", markersize=12, color="white",
                  markeredgecolor=colour, markeredgewidth=1.5, linestyle="none", zorder=5,
                  clip_on=False)
        if epoch < 10:
            axes.annotate(f"peak, epoch {epoch}", (x, percent / 100), (0, -8),
                          textcoords="offset points", ha="center", va="top", fontsize=8.5,
                          color=colour, rotation=90)


def paper_strip(axes, left, right):
    axes.axvspan(left, right, color="#f3f3f3", linewidth=0, zorder=0)
    axes.text((left + right) / 2, 0.02, "paper", transform=axes.get_xaxis_transform(), ha="center",
              va="bottom", fontsize=9.5, color=GREY)


def accuracy_legend(axes, lines, seeds, stars):
    """Right of the axes, with what bands and stars are."""
    handles = list(lines)
    if seeds > 1:
        handles.append(Patch(color=GREY, alpha=0.25, linewidth=0, label=f"± sd of {seeds} seeds"))
    if stars:
        handles.append(Line2D([], [], color="white", marker="*", markersize=12,
                              markeredgecolor=GREY, markeredgewidth=1.4, linestyle="none",
                              label="paper, on MNIST"))
    axes.legend(handles=handles, loc="upper left", bbox_to_anchor=(1.02, 1.0), borderaxespad=0.0,
                handlelength=2.2, labelspacing=0.7)


def draw_accuracy(axes, figure, rows, title):
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
    axes.set_xticks([t for t in MaxNLocator(integer=True, nbins=10).tick_values(1, last)
                     if 1 <= t <= last])
    axes.set(xlabel="training epoch", ylabel="test accuracy (%)", title=title)
    accuracy_legend(axes, lines, max(len(seeds) for seeds in data.values()), stars)


def table_of(rows, column):
    """A column in S, (cycles, pulses)."""
    cycles = {}
    for row in rows:
        cycles.setdefault(int(row["cycle"]), {})[int(row["pulse"])] = float(row[column]) * G0
    return np.array([[cycle[pulse] for pulse in sorted(cycle)] for cycle in cycles.values()])


def draw_staircases(rows, title):
    samples = list(dict.fromkeys(row["sample"] for row in rows))
    picture, grid = plt.subplots(1, len(samples), figsize=(4.4 * len(samples) + 0.4, 4.2),
                                 sharey=True, squeeze=False)
    for axes, sample in zip(grid[0], samples):
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
        if axes is not grid[0][0]:
            axes.set_ylabel("")
    grid[0][0].set_ylim(bottom=0)
    picture.suptitle(title, x=0.01, ha="left", fontsize=12)
    return picture


def draw_histograms(rows, widths):
    panels = sorted({(row["sample"], int(row["pulse"])) for row in widths})
    picture, grid = plt.subplots(1, len(panels), figsize=(3.6 * len(panels) + 0.4, 3.6),
                                 squeeze=False)
    for axes, (sample, pulse) in zip(grid[0], panels):
        own = [row for row in widths if (row["sample"], int(row["pulse"])) == (sample, pulse)]
        own.sort(key=lambda row: -int(row["cycles"]))
        for row in own:
            same = [r for r in rows if all(r[key] == row[key] for key in ("sample", "pulse",
                                                                          "cycles"))]
            centres = np.array([float(r["g_over_g0"]) for r in same]) * G0
            samples = np.repeat(centres, [int(r["count"]) for r in same])
            edges = np.append(centres - BIN * G0 / 2, centres[-1:] + BIN * G0 / 2)
            mean, sd = float(row["fit_mean_g0"]), float(row["fwhm_fit_g0"]) / FWHM
            plot.level_histogram(samples, bins=edges, normal=[(mean * G0, sd * G0)], density=True,
                                 unit="G0", label=f"{int(row['cycles']):,} cycles", ax=axes)
        reach = max(2 * float(row["fwhm_fit_g0"]) for row in own)
        centre = 16.5 - 0.5 * pulse
        axes.set_xlim(G0 * max(-0.5, centre - reach), G0 * (centre + reach))
        axes.set_title(f"{sample if sample == 'ideal' else 'sample ' + sample}, pulse {pulse}")
        axes.legend(loc="upper left", fontsize=8.5, handlelength=1.2)
        if axes is not grid[0][0]:
            axes.set_ylabel("")
    return picture


def draw_ramp(rows):
    pulse = [int(row["pulse"]) for row in rows]
    picture, (top, bottom) = plt.subplots(2, 1, figsize=(6.2, 5.2), sharex=True,
                                          gridspec_kw={"height_ratios": [2, 1]})
    number = ("pulse number", "")
    plot.curve(pulse, [float(row["conductance_s"]) for row in rows], xlabel=number, step=True,
               ylabel=("conductance", "G0"), marker="o", markersize=4, linewidth=1.2, ax=top)
    plot.curve(pulse, [float(row["voltage_v"]) for row in rows], xlabel=number,
               ylabel=("pulse voltage", "V"), marker="s", markersize=3.5, linewidth=1.2,
               color=plot.COLOURS[1], ax=bottom)
    top.set(xlabel="", title="Nominal staircase and RESET pulses (Figure 2d)")
    return picture


def title_5c(rows):
    samples = sorted({row["sample"] for row in rows})
    return "Number of states" + (f", sample {samples[0]}" if samples in (["A"], ["B"])
                                 else "") + " (Figure 5c)"


def title_5d(rows):
    states = {row["states"] for row in rows} - {"0"}
    return "Device noise" + (f", {states.pop()} states" if len(states) == 1
                             else "") + " (Figure 5d)"


def pictures(tables):
    """Yields the name and the picture of everything that the tables are there for."""
    accuracy = [(f, title) for f, title in (("5c", title_5c), ("5d", title_5d)) if f in tables]
    for figure, title in accuracy:
        picture, axes = plt.subplots(figsize=(7.2, 4.2))
        draw_accuracy(axes, figure, tables[figure], title(tables[figure]))
        yield f"figure{figure}.png", picture
    if len(accuracy) == 2:
        picture, grid = plt.subplots(1, 2, figsize=(12.4, 4.2))
        for axes, (figure, title) in zip(grid, accuracy):
            draw_accuracy(axes, figure, tables[figure], title(tables[figure]))
        yield "accuracy.png", picture
    if "3" in tables:
        yield "figure3.png", draw_staircases(tables["3"],
                                             "Repeated staircases, steps of 0.5 G₀ (Figure 3)")
    if "4" in tables:
        yield "figure4.png", draw_staircases(tables["4"],
                                             "Repeated staircases, steps of 0.25 G₀ (Figure 4)")
    if "3c" in tables and "3c-widths" in tables:
        yield "figure3c.png", draw_histograms(tables["3c"], tables["3c-widths"])
    if "2d" in tables:
        yield "figure2d.png", draw_ramp(tables["2d"])


def read_tables(folder):
    tables = {}
    for figure in ("2d", "3", "3c", "3c-widths", "4", "5c", "5d"):
        path = folder / f"figure{figure}.csv"
        if path.is_file():
            tables[figure] = read(path)
            if not tables[figure]:
                sys.exit(f"plot.py: {path} has no rows")
    if not tables:
        sys.exit(f"plot.py: {folder} has none of figure2d.csv, figure3.csv, figure3c.csv, "
                 "figure4.csv, figure5c.csv, figure5d.csv")
    return tables


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path, help="where figure5c.csv and the others are")
    parser.add_argument("--out", type=pathlib.Path, help="where the PNG files go (the same folder)")
    parser.add_argument("--note", default="",
                        help="a line below the accuracy curves, such as the data set")
    arguments = parser.parse_args()
    out = arguments.out or arguments.folder
    tables = read_tables(arguments.folder)
    out.mkdir(parents=True, exist_ok=True)
    with plot.style():
        for file, picture in pictures(tables):
            if arguments.note and (file.startswith("figure5") or file == "accuracy.png"):
                picture.supxlabel(arguments.note, x=0.01, ha="left", fontsize=8.5, color=GREY)
            plot.save(picture, out / file, dpi=160)
            plt.close(picture)
            print(f"wrote {out / file}")


if __name__ == "__main__":
    try:
        main()
    except KeyError as error:
        sys.exit(f"plot.py: a CSV file lacks the column {error}")
    except (OSError, ValueError) as error:
        sys.exit(f"plot.py: {error}")
