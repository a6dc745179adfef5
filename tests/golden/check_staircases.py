#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Figures 2d and 3 of the paper as `paper` writes them: the ramp, and the histograms at pulses 5
and 29 against the widths that the paper reports and against the staircases of Figure 3.

usage: check_staircases.py PAPER_EXE
"""
import csv
import math
import pathlib
import statistics
import subprocess
import sys
import tempfile

FWHM_PER_SD = 2 * math.sqrt(2 * math.log(2))
BIN = 0.25  # G0
REPORTED = {("A", 5): 4.4, ("A", 29): 1.2, ("B", 5): 5.5, ("B", 29): 2.3}  # FWHM in G0
CYCLES = (12, 100000)

failures = 0


def check(good, text):
    global failures
    failures += not good
    print(f"{'ok    ' if good else 'FAILED'} {text}")


def near(value, expected, tolerance, text):
    check(abs(value - expected) <= tolerance,
          f"{text}: {value:.5g}, expected {expected:.5g} +- {tolerance:.2g}")


def figures(paper, law, folder):
    subprocess.run([paper, "--figure", "2d,3,3c", "--law", law, "--out", folder], check=True)
    tables = {}
    for name in ("figure2d", "figure3", "figure3c", "figure3c-widths"):
        with open(pathlib.Path(folder) / f"{name}.csv", newline="", encoding="utf-8") as file:
            tables[name] = list(csv.DictReader(file))
    return tables


def check_ramp(rows):
    good = len(rows) == 32
    for pulse, row in enumerate(rows, 1):
        volts = -0.60 - 0.02 * (pulse - 1) if pulse <= 13 else -0.84 - 0.04 * (pulse - 13)
        good &= int(row["pulse"]) == pulse and abs(float(row["voltage_v"]) - volts) < 1e-9
        good &= abs(float(row["conductance_g0"]) - (16.5 - 0.5 * pulse)) < 1e-9
    check(good, "figure 2d: 32 pulses of the ramp lead from 16 G0 down to 0.5 G0")


def clamped_moments(mu, sd):
    """Mean and sd of max(X, 0), X normal."""
    a = mu / sd
    density, above = math.exp(-a * a / 2) / math.sqrt(2 * math.pi), 0.5 * math.erfc(-a / 2**0.5)
    mean = mu * above + sd * density
    return mean, math.sqrt((mu * mu + sd * sd) * above + mu * sd * density - mean * mean)


def check_widths(tables):
    for row in tables["figure3c-widths"]:
        pulse, n = int(row["pulse"]), int(row["cycles"])
        reported = REPORTED[row["sample"], pulse]
        sd, mu = reported / FWHM_PER_SD, 16.5 - 0.5 * pulse
        name = f"sample {row['sample']}, pulse {pulse}, {n} cycles"
        # The fit sees bins, not values, which costs the sd a share BIN^2 / (6 sd^2) of its
        # information, and not how far below zero the clamped draws were: less than another tenth.
        error = reported / math.sqrt(2 * n) * math.sqrt(1.1 + BIN**2 / (6 * sd**2))
        near(float(row["fwhm_fit_g0"]), reported, 5 * error, f"{name}: FWHM of the fitted Gaussian")
        near(float(row["fit_mean_g0"]), mu, 5 * sd * math.sqrt((1.1 + BIN**2 / (12 * sd**2)) / n),
             f"{name}: its mean")
        mean, clamped_sd = clamped_moments(mu, sd)
        near(float(row["mean_g0"]), mean, 5 * clamped_sd / math.sqrt(n), f"{name}: mean")
        near(float(row["fwhm_sd_g0"]), FWHM_PER_SD * clamped_sd, 5 * reported / math.sqrt(2 * n),
             f"{name}: FWHM from the sd")
        below = 0.5 * math.erfc(mu / sd / math.sqrt(2))
        near(int(row["clamped"]) / n, below,
             5 * math.sqrt(below * (1 - below) / n) + 1e-9 + (n == 12), f"{name}: clamped")


def check_counts(tables):
    for sample, pulse in REPORTED:
        for cycles in CYCLES:
            rows = [r for r in tables["figure3c"]
                    if (r["sample"], int(r["pulse"]), int(r["cycles"])) == (sample, pulse, cycles)]
            check(sum(int(r["count"]) for r in rows) == cycles,
                  f"sample {sample}, pulse {pulse}: counts add up to {cycles}")
        # Twelve cycles are those of Figure 3, value for value.
        values = [float(r["conductance_g0"]) for r in tables["figure3"] if r["sample"] == sample
                  and int(r["pulse"]) == pulse]
        bins = {}
        for value in values:
            centre = f"{math.floor(value / BIN + 0.5) * BIN or (BIN / 4 if value > 0 else 0):.4f}"
            bins[centre] = bins.get(centre, 0) + 1
        twelve = {r["g_over_g0"]: int(r["count"]) for r in tables["figure3c"]
                  if r["sample"] == sample and int(r["pulse"]) == pulse and r["cycles"] == "12"}
        check(bins == twelve, f"sample {sample}, pulse {pulse}: the 12 cycles of Figure 3")
        row = next(r for r in tables["figure3c-widths"]
                   if (r["sample"], r["pulse"], r["cycles"]) == (sample, str(pulse), "12"))
        near(float(row["sd_g0"]), statistics.stdev(values), 1e-4,
             f"sample {sample}, pulse {pulse}: their sd")


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as folder:
        tables = figures(sys.argv[1], "measured", folder)
    check_ramp(tables["figure2d"])
    check_widths(tables)
    check_counts(tables)
    print(f"{failures} failed" if failures else "all as they should be")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
