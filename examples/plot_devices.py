#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Draws the pictures of docs/devices.md from what the example `devices` printed.

usage: devices >devices.csv; plot_devices.py devices.csv docs
"""

import io
import pathlib
import sys

from PIL import Image

from plot import COLOURS, GREY, STYLE, plt, read

MICRO = 1e6
MODELS = {"quantized": "level (number of the RESET pulse)", "constant": "pulse", "linear": "pulse",
          "soft_bounds": "pulse",
          "exponential": "pulse", "power": "pulse", "neurosim": "pulse", "table": "pulse"}


def group(rows):
    """{picture: {curve: {kind: ([x], [y])}}}"""
    result = {}
    for row in rows:
        x, y = result.setdefault(row["picture"],
                                 {}).setdefault(row["curve"], {}).setdefault(row["kind"], ([], []))
        x.append(float(row["x"]))
        y.append(float(row["y"]))
    return result


def band(axes, kinds, colour, label=None):
    x, mean = kinds["mean"]
    low = [MICRO * (m - s) for m, s in zip(mean, kinds["sd"][1])]
    high = [MICRO * (m + s) for m, s in zip(mean, kinds["sd"][1])]
    axes.fill_between(x, low, high, color=colour, alpha=0.22, linewidth=0)
    axes.plot(x, [MICRO * m for m in mean], color=colour, linewidth=1.8, zorder=4, label=label)


def draw_staircases(curves, xlabel):
    picture, grid = plt.subplots(1, len(curves), figsize=(3.6 * len(curves) + 0.5, 3.1),
                                 sharey=True, squeeze=False,
                                 constrained_layout=True)
    for axes, (curve, kinds) in zip(grid[0], curves.items()):
        for kind, (x, y) in kinds.items():
            if kind.startswith("trace"):
                axes.plot(x, [MICRO * v for v in y], color=COLOURS[5], linewidth=0.7, zorder=2,
                          label="single cells" if kind == "trace1" else None)
        band(axes, kinds, COLOURS[0], "mean ± sd of 1000 cells")
        x, nominal = kinds["nominal"]
        axes.plot(x, [MICRO * v for v in nominal], color=COLOURS[1], linewidth=1.1, linestyle="--",
                  zorder=5, label="nominal")
        axes.set_title(curve.replace(" / ", ", "), fontsize=9)
        axes.set_xlabel(xlabel)
    grid[0][0].set_ylim(bottom=0)
    grid[0][0].set_ylabel("conductance (µS)")
    grid[0][-1].legend(fontsize=7.5, loc="upper right" if xlabel != "pulse" else "lower center")
    return picture


def lines(axes, curves, title, xlabel, scale=MICRO, style="-"):
    for i, (curve, kinds) in enumerate(curves.items()):
        x, y = kinds.get("mean") or kinds["trace1"]
        axes.plot(x, [scale * v for v in y], style, color=COLOURS[i], linewidth=1.1, markersize=2,
                  label=curve)
    axes.set_title(title)
    axes.set_xlabel(xlabel)


def draw_effects(tables):
    picture, grid = plt.subplots(3, 3, figsize=(11, 8.2), constrained_layout=True)
    (reads, slow, telegraph), (drift, relaxation, endurance), (faults, current, empty) = grid
    white, flicker = tables["read"].items()
    lines(reads, dict([white]), "read noise, 2 % of G, white", "read")
    lines(slow, dict([flicker]), "the same, " + flicker[0], "read")
    slow.set_ylim(reads.get_ylim())
    lines(telegraph, tables["telegraph"], "telegraph noise of three cells", "time (s)")
    for i, (curve, kinds) in enumerate(tables["drift"].items()):
        band(drift, kinds, COLOURS[i], curve)
    drift.set(xscale="log", title="drift from 1 s on, nu = 0.03 ± 0.01", xlabel="time (s)")
    band(relaxation, tables["relaxation"]["300 K"], COLOURS[0])
    relaxation.set(xscale="log", title="relaxation in 100 s", xlabel="time (s)")
    lines(endurance, tables["endurance"], "endurance: the window's ends", "cycles")
    endurance.set_xscale("log")
    for i, (curve, kinds) in enumerate(tables["faults"].items()):
        x, y = kinds["trace1"]
        faults.plot(x, [MICRO * v for v in y], ".",
                    color=GREY if curve == "healthy" else COLOURS[i], markersize=3, label=curve)
    faults.set(title="stuck cells among a thousand at 8 $G_0$", xlabel="cell")
    lines(current, tables["current"], "I-V, equal at 0.3 V", "voltage (V)")
    for axes in (reads, drift, faults):
        axes.set_ylabel("conductance (µS)")
    current.set_ylabel("current (µA)")
    telegraph.set_ylim(60, 112)
    faults.set_ylim(top=1700)
    for axes in (drift, endurance, current):
        axes.legend(fontsize=7.5)
    for axes in (telegraph, faults):
        axes.legend(fontsize=7.5, ncols=2, loc="upper center", columnspacing=1)
    empty.axis("off")
    return picture


def save(picture, path):
    """As few colours as do: a quarter of the size."""
    buffer = io.BytesIO()
    picture.savefig(buffer)
    Image.open(buffer).convert("RGB").quantize(128, method=Image.Quantize.MAXCOVERAGE,
                                               dither=Image.Dither.NONE).save(path, optimize=True)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    out = pathlib.Path(sys.argv[2])
    out.mkdir(parents=True, exist_ok=True)
    tables = group(read(sys.argv[1]))
    plt.rcParams.update(STYLE)
    plt.rcParams.update({"savefig.dpi": 90, "font.size": 9})
    pictures = {f"device-{model.replace('_', '-')}.png": draw_staircases(tables[model], xlabel)
                for model, xlabel in MODELS.items()}
    pictures["device-after.png"] = draw_effects(tables)
    for name, picture in pictures.items():
        save(picture, out / name)
        print(f"wrote {out / name}")


if __name__ == "__main__":
    try:
        main()
    except KeyError as error:
        sys.exit(f"plot_devices.py: the CSV file lacks {error}")
    except (OSError, ValueError) as error:
        sys.exit(f"plot_devices.py: {error}")
