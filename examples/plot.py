#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Draws the figures of the paper example as PNG files, from the CSV files of `paper --out FOLDER`."""

import argparse
import csv
import math
import pathlib
import statistics
import sys

try:
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch
    from matplotlib.ticker import MaxNLocator
except ImportError as reason:
    print(
        f"plot.py: matplotlib is missing ({reason}); on Debian: apt-get install python3-matplotlib",
        file=sys.stderr)
    sys.exit(3)

# Okabe and Ito's colours, told apart under every common colour blindness.
COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"]
MARKERS = ["o", "s", "^", "D", "v", "P", "X"]
INK, GREY = "#222222", "#6b6b6b"

# What the paper reports, as (sample, states): [(epoch, accuracy in %), ...].
PAPER = {
    "5c": {("A", 4): [(10, 10.0)], ("A", 16): [(6, 71.2), (10, 10.0)], ("A", 32): [(10, 86.8)],
           ("A", 64): [(10, 93.5)]},
    "5d": {("ideal", 32): [(10, 86.1)], ("A", 32): [(10, 86.0)], ("B", 32): [(10, 84.0)]},
}

STYLE = {
    "font.size": 10,
    "font.family": "DejaVu Sans",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "axes.titlesize": 11,
    "axes.titlelocation": "left",
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#e4e4e4",
    "grid.linewidth": 0.8,
    "text.color": INK,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "legend.frameon": False,
    "legend.fontsize": 9,
    "savefig.dpi": 160,
}


def read(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def curves(rows):
    """{(sample, states): {epoch: [accuracy of each seed]}}, in the order of the file."""
    result = {}
    for row in rows:
        key = (row["sample"], int(row["states"]))
        result.setdefault(key, {}).setdefault(int(row["epoch"]),
                                              []).append(float(row["test_accuracy"]))
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


def paper_points(axes, figure, key, colour, x):
    """The paper's figures stand in a strip of their own, right of the last epoch: some coincide."""
    points = PAPER[figure].get(key, [])
    for epoch, y in points:
        axes.plot(x, y, marker="*", markersize=12, color="white", markeredgecolor=colour,
                  markeredgewidth=1.5,
                  linestyle="none", zorder=5, clip_on=False)
        if epoch < 10:
            axes.annotate(f"peak, epoch {epoch}", (x, y), (0, -8), textcoords="offset points",
                          ha="center", va="top",
                          fontsize=7.5, color=colour, rotation=90)
    return [y for _, y in points]


def paper_strip(axes, left, right):
    axes.axvspan(left, right, color="#f3f3f3", linewidth=0, zorder=0)
    axes.text((left + right) / 2, 1.01, "paper", transform=axes.get_xaxis_transform(), ha="center",
              va="bottom",
              fontsize=9, color=GREY)


def accuracy_legend(axes, entries, seeds, stars):
    handles = [Line2D([], [], color=c, marker=m, markersize=5, linewidth=1.8, label=text)
               for text, c, m in entries]
    if seeds > 1:
        handles.append(Patch(color=GREY, alpha=0.25, linewidth=0, label=f"± sd of {seeds} seeds"))
    if stars:
        handles.append(Line2D([], [], color="white", marker="*", markersize=12,
                              markeredgecolor=GREY,
                              markeredgewidth=1.4, linestyle="none", label="paper, on MNIST"))
    axes.legend(handles=handles, loc="upper left", bbox_to_anchor=(1.02, 1.0), borderaxespad=0.0,
                handlelength=2.2, labelspacing=0.7)


def draw_curve(axes, epochs, colour, marker):
    """Draws the mean with a band of +- sd, and returns the lowest and highest value drawn."""
    x = sorted(epochs)
    mean = [statistics.fmean(epochs[e]) for e in x]
    sd = [statistics.stdev(epochs[e]) if len(epochs[e]) > 1 else 0.0 for e in x]
    low, high = [m - s for m, s in zip(mean, sd)], [m + s for m, s in zip(mean, sd)]
    axes.fill_between(x, low, high, color=colour, alpha=0.16, linewidth=0)
    axes.plot(x, mean, color=colour, marker=marker, markersize=4.5, linewidth=1.8, zorder=3)
    return min(low), max(high)


def draw_accuracy(axes, figure, rows, title):
    data = curves(rows)
    last = max(epoch for epochs in data.values() for epoch in epochs)
    slot = 0.055 * last
    entries, ends, stars = [], [], 0
    for i, (key, epochs) in enumerate(data.items()):
        colour, marker = COLOURS[i % len(COLOURS)], MARKERS[i % len(MARKERS)]
        ends += draw_curve(axes, epochs, colour, marker)
        points = paper_points(axes, figure, key, colour, last + 0.6 + (stars + 0.8) * slot)
        stars += bool(points)
        ends += points
        entries.append((name(key, data), colour, marker))
    right = last + 0.6
    if stars:
        right += (stars + 0.6) * slot
        paper_strip(axes, last + 0.6, right)
    axes.set_ylim(*((0, 100) if min(ends) < 50
                    else (10 * (min(ends) // 10), min(100, 5 * (max(ends + [88]) // 5 + 1)))))
    axes.set_xlim(0.6, right)
    axes.set_xticks([t for t in MaxNLocator(integer=True, nbins=10).tick_values(1, last)
                     if 1 <= t <= last])
    axes.set_xlabel("training epoch")
    axes.set_ylabel("test accuracy (%)")
    axes.set_title(title)
    accuracy_legend(axes, entries, max(len(v) for epochs in data.values() for v in epochs.values()),
                    stars)


def draw_staircases(figure, rows, title):
    cells = {}
    for row in rows:
        cycle = cells.setdefault(row["sample"], {}).setdefault(int(row["cycle"]), [])
        cycle.append((int(row["pulse"]), float(row["conductance_g0"]), float(row["nominal_g0"])))
    picture, grid = plt.subplots(1, len(cells), figsize=(4.6 * len(cells) + 0.6, 4.2), sharey=True,
                                 squeeze=False,
                                 constrained_layout=True)
    for axes, (sample, cycles) in zip(grid[0], cells.items()):
        for i, steps in enumerate(cycles.values()):
            shade = plt.cm.viridis(0.9 * i / max(1, len(cycles) - 1))
            x, y, nominal = zip(*steps)
            axes.plot(x, y, color=shade, linewidth=0.5, marker="o", markersize=2.4, alpha=0.8)
        axes.step(x, nominal, where="mid", color="#D55E00", linewidth=1.8, label="nominal",
                  zorder=4)
        axes.set_xlabel("pulse number")
        axes.set_title("ideal device" if sample == "ideal" else f"sample {sample}")
        axes.legend(loc="upper right")
    grid[0][0].set_ylabel("conductance ($G_0$ = 77.5 µS)")
    grid[0][0].set_ylim(bottom=0)
    scale = plt.cm.ScalarMappable(plt.Normalize(1, max(len(c) for c in cells.values())),
                                  matplotlib.colors.ListedColormap(
                                      plt.cm.viridis([0.9 * i / 255 for i in range(256)])))
    bar = picture.colorbar(scale, ax=list(grid[0]), label="cycle", shrink=0.8, pad=0.02, aspect=28)
    bar.locator = MaxNLocator(integer=True)
    bar.update_ticks()
    picture.suptitle(title, x=0.01, ha="left", fontsize=12)
    return picture


def draw_histograms(rows, widths):
    panels = sorted({(row["sample"], int(row["pulse"])) for row in widths})
    picture, grid = plt.subplots(1, len(panels), figsize=(3.2 * len(panels) + 0.4, 3.4),
                                 squeeze=False, constrained_layout=True)
    for axes, (sample, pulse) in zip(grid[0], panels):
        reach = 0
        for row in widths:
            if (row["sample"], int(row["pulse"])) != (sample, pulse):
                continue
            many = int(row["cycles"]) > 100
            colour = COLOURS[0 if many else 1]
            mean, fwhm = float(row["fit_mean_g0"]), float(row["fwhm_fit_g0"])
            bins = [(float(r["g_over_g0"]), int(r["count"]) / int(row["cycles"]) / 0.25)
                    for r in rows
                    if (r["sample"], r["pulse"], r["cycles"]) == (row["sample"], row["pulse"],
                                                                  row["cycles"])]
            if many:
                axes.bar(*zip(*bins), width=0.25, color=colour, alpha=0.4, linewidth=0, zorder=2)
            else:
                axes.plot([x for x, _ in bins], [0] * len(bins), marker="|", color=colour,
                          markersize=12, markeredgewidth=1.6,
                          linestyle="none", zorder=5, clip_on=False)
            reach = max(reach, 2 * fwhm)
            if fwhm > 0:
                sd = fwhm / 2.3548200450309493
                x = [mean + fwhm * (i / 50 - 2) for i in range(201)]
                axes.plot(x, [math.exp(-((v - mean) / sd) ** 2 / 2) / sd / math.sqrt(2 * math.pi)
                              for v in x], color=colour,
                          linewidth=1.6, zorder=4,
                          label=f"{int(row['cycles']):,} cycles: FWHM {fwhm:.2f}")
        axes.set_xlim(max(-0.5, 16.5 - 0.5 * pulse - reach), 16.5 - 0.5 * pulse + reach)
        axes.set_ylim(0, 1.35 * axes.get_ylim()[1])
        axes.set_title(f"{sample if sample == 'ideal' else 'sample ' + sample}, pulse {pulse}")
        axes.set_xlabel("conductance ($G_0$)")
        axes.legend(loc="upper left", fontsize=8, handlelength=1.2)
    grid[0][0].set_ylabel("density ($1/G_0$)")
    return picture


def draw_ramp(rows):
    pulse = [int(row["pulse"]) for row in rows]
    picture, (top, bottom) = plt.subplots(2, 1, figsize=(5.6, 5.2), sharex=True,
                                          constrained_layout=True,
                                          gridspec_kw={"height_ratios": [2, 1]})
    top.step(pulse, [float(row["conductance_g0"]) for row in rows], where="mid", color=COLOURS[0],
             linewidth=1.2)
    top.plot(pulse, [float(row["conductance_g0"]) for row in rows], "o", color=COLOURS[0],
             markersize=4)
    top.set_ylabel("conductance ($G_0$ = 77.5 µS)")
    top.set_yticks(range(0, 17, 2))
    top.set_title("Nominal staircase and RESET pulses (Figure 2d)")
    bottom.plot(pulse, [float(row["voltage_v"]) for row in rows], "s-", color=COLOURS[1],
                markersize=3.5, linewidth=1.2)
    bottom.set_ylabel("pulse voltage (V)")
    bottom.set_xlabel("pulse number")
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
        picture, axes = plt.subplots(figsize=(7.2, 4.2), constrained_layout=True)
        draw_accuracy(axes, figure, tables[figure], title(tables[figure]))
        yield f"figure{figure}.png", picture
    if len(accuracy) == 2:
        picture, grid = plt.subplots(1, 2, figsize=(12.4, 4.2), constrained_layout=True)
        for axes, (figure, title) in zip(grid, accuracy):
            draw_accuracy(axes, figure, tables[figure], title(tables[figure]))
        yield "accuracy.png", picture
    if "3" in tables:
        yield "figure3.png", draw_staircases("3", tables["3"],
                                             "Repeated staircases, steps of 0.5 $G_0$ (Figure 3)")
    if "4" in tables:
        yield "figure4.png", draw_staircases("4", tables["4"],
                                             "Repeated staircases, steps of 0.25 $G_0$ (Figure 4)")
    if "3c" in tables and "3c-widths" in tables:
        yield "figure3c.png", draw_histograms(tables["3c"], tables["3c-widths"])
    if "2d" in tables:
        yield "figure2d.png", draw_ramp(tables["2d"])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=pathlib.Path, help="where figure5c.csv and the others are")
    parser.add_argument("--out", type=pathlib.Path, help="where the PNG files go (the same folder)")
    parser.add_argument("--note", default="",
                        help="a line below the accuracy curves, such as the data set")
    arguments = parser.parse_args()
    out = arguments.out or arguments.folder
    tables = {}
    for figure in ("2d", "3", "3c", "3c-widths", "4", "5c", "5d"):
        path = arguments.folder / f"figure{figure}.csv"
        if path.is_file():
            tables[figure] = read(path)
            if not tables[figure]:
                sys.exit(f"plot.py: {path} has no rows")
    if not tables:
        sys.exit(
            f"plot.py: {arguments.folder} has none of figure2d.csv, figure3.csv, figure3c.csv, "
            "figure4.csv, figure5c.csv, "
                 "figure5d.csv")
    out.mkdir(parents=True, exist_ok=True)
    plt.rcParams.update(STYLE)
    for file, picture in pictures(tables):
        if arguments.note and (file.startswith("figure5") or file == "accuracy.png"):
            picture.supxlabel(arguments.note, x=0.01, ha="left", fontsize=8, color=GREY)
        picture.savefig(out / file)
        plt.close(picture)
        print(f"wrote {out / file}")


if __name__ == "__main__":
    try:
        main()
    except KeyError as error:
        sys.exit(f"plot.py: a CSV file lacks the column {error}")
    except (OSError, ValueError) as error:
        sys.exit(f"plot.py: {error}")
