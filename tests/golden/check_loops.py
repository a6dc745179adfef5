#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Figures 2a to 2c of the paper as `paper` writes them: the loops against the paper's resistances,
against the noise of the device and against the limit of the current; the scans against the pulses
of Figure 2d.

usage: check_loops.py PAPER_EXE
"""
import csv
import math
import pathlib
import statistics
import subprocess
import sys
import tempfile

G0 = 77.5e-6
R_ON, R_OFF = 300.0, 35e3  # the paper's
CYCLES, SIGMA, K = 500, 1.0, 0.03  # hfox-a, linear law
failures = 0


def check(good, text):
    global failures
    failures += not good
    print(f"{'ok    ' if good else 'FAILED'} {text}")


def near(value, expected, tolerance, text):
    check(abs(value - expected) <= tolerance,
          f"{text}: {value:.6g}, expected {expected:.6g} +- {tolerance:.2g}")


def figures(paper, *options):
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([paper, "--figure", "2a,2b,2c,2d", "--out", folder, *options], check=True,
                       stdout=subprocess.DEVNULL)
        tables = {}
        for path in pathlib.Path(folder).glob("*.csv"):
            with open(path, newline="", encoding="utf-8") as file:
                tables[path.stem.removeprefix("figure")] = list(csv.DictReader(file))
        return tables


def check_resistances(rows):
    """A resistance is the paper's times mu / (mu + sd f), mu and sd of the first or last level."""
    check(len(rows) == CYCLES, f"2b: {CYCLES} cycles")
    for name, paper, mu, pulse in (("r_on_ohm", R_ON, 16.0, 1), ("r_off_ohm", R_OFF, 0.5, 32)):
        part = SIGMA * (1 - K * pulse) / mu
        share = [paper / float(row[name]) for row in rows]
        near(statistics.mean(share), 1, 4 * part / math.sqrt(CYCLES), f"2b: {name}, conductance")
        near(statistics.stdev(share), part, 4 * part / math.sqrt(2 * CYCLES), f"2b: {name}, its sd")
    on, off = ([float(row[name]) for row in rows] for name in ("r_on_ohm", "r_off_ohm"))
    near(statistics.median(on), R_ON, 0.02 * R_ON, "2b: median of R_on")
    near(statistics.median(off), R_OFF, 0.02 * R_OFF, "2b: median of R_off")


def loop_of(rows, limit, top):
    """{cycle: [(V, A), ...]}"""
    found = {}
    for row in rows:
        if (row["limit_ma"], row["top_v"]) == (limit, top):
            found.setdefault(row["cycle"], []).append((float(row["voltage_v"]),
                                                       float(row["current_a"])))
    return found


def ohms(points, volts):
    """The last time the voltage came by: on the way back."""
    return [v / i for v, i in points if v == volts][-1]


def check_loops(rows, resistances):
    for limit, top in (("10", "2"), ("5", "2"), ("5", "1")):
        for cycle, points in loop_of(rows, limit, top).items():
            text = f"2a: {limit} mA to {top} V, cycle {cycle}"
            volts = [v for v, _ in points]
            check((max(volts), min(volts)) == (float(top), -1.5), f"{text}: ends")
            largest = max(abs(i) for _, i in points)
            # 300 ohm take 6.7 mA of 2 V, 16 G0 take 1.2 mA of 1 V: the limit is met in one loop.
            check(largest <= float(limit) / 1000 and
                  (largest > 0.999 * float(limit) / 1000) == ((limit, top) == ("5", "2")),
                  f"{text}: current of {1000 * largest:.2f} mA")
            check(all(i * v >= 0 for v, i in points), f"{text}: through zero")
    first = loop_of(rows, "10", "2")
    for cycle, row in zip(first, resistances):  # the same cell: 2b goes on where 2a ends
        near(ohms(first[cycle], 0.1), float(row["r_on_ohm"]), 0.01, f"2a, cycle {cycle}: R_on")
        near(ohms(first[cycle], -0.1), float(row["r_off_ohm"]), 1, f"2a, cycle {cycle}: R_off")
    for cycle, points in first.items():  # the first voltage of the ramp breaks a filament
        whole, broken = ([v / i for v, i in points if v == volts][0] for volts in (-0.58, -0.6))
        near(whole, ohms(points, 0.1), 0.01, f"2a, cycle {cycle}: at -0.58 V")
        near(broken, ohms(points, -0.1), 1, f"2a, cycle {cycle}: at -0.60 V")
    for points in loop_of(rows, "5", "2").values():  # a smaller limit, a thinner filament
        check(R_ON < ohms(points, 0.1) < 1 / (16 * G0), f"2a: {ohms(points, 0.1):.1f} ohm by 5 mA")
    gentle = loop_of(rows, "5", "1").values()
    near(statistics.mean(1 / ohms(points, 0.1) / G0 for points in gentle), 16,
         4 * 0.97 / math.sqrt(len(gentle)), "2a: G0 after the gentle SET")
    near(statistics.mean(1 / ohms(points, -0.1) / G0 for points in gentle), 2,
         4 * 0.13 / math.sqrt(len(gentle)), "2a: G0 after -1.5 V, level 29")


def check_scans(scans, steps, pulses):
    ideal, noisy = ([float(row["conductance_g0"]) for row in steps if row["sample"] == sample]
                    for sample in ("ideal", "A"))
    volts = [row["stop_v"] for row in steps if row["sample"] == "ideal"]
    check(ideal == [float(row["conductance_g0"]) for row in pulses], "2c: the staircase of 2d")
    check(volts == [row["voltage_v"] for row in pulses], "2c: at the voltages of 2d")
    off = [(g - mu) / (SIGMA * (1 - K * n)) for n, (g, mu) in enumerate(zip(noisy, ideal), 1)]
    check(max(map(abs, off)) < 4.5, "2c: sample A is around it")
    near(statistics.stdev(off), 1, 4 / math.sqrt(64), "2c: with the noise of its levels")
    for sample, staircase in (("ideal", ideal), ("A", noisy)):
        good, before = True, None
        for scan, g in enumerate(staircase, 1):
            points = [(float(row["voltage_v"]), float(row["current_a"])) for row in scans
                      if (row["sample"], row["scan"]) == (sample, str(scan))]
            good &= abs(ohms(points, -0.1) * g * G0 - 1) < 1e-3
            if before:  # up to where the last scan ended, the cell is as that one left it
                good &= abs(points[5][1] / points[5][0] / (before * G0) - 1) < 1e-3
            before = g
        check(good, f"2c, {sample}: currents are those of the conductances")


def check_law(paper):
    """Under the measured law a gap may have no conductance at all."""
    rows = figures(paper, "--law", "measured", "--samples", "B")["2b"]
    off = [float(row["r_off_ohm"]) for row in rows]
    check(not any(map(math.isnan, off)) and min(off) > 0, "2b: resistances, measured law")
    below = 0.5 * math.erfc(0.5 / 0.806 / math.sqrt(2))  # 2.619 G0 (1 - 0.0216 x 32) = 0.806 G0
    near(sum(map(math.isinf, off)) / len(off), below,
         4 * math.sqrt(below * (1 - below) / len(off)), "2b: gaps without conductance, sample B")


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    tables = figures(sys.argv[1])
    check_resistances(tables["2b"])
    check_loops(tables["2a"], tables["2b"])
    check_scans(tables["2c"], tables["2c-steps"], tables["2d"])
    check_law(sys.argv[1])
    print(f"{failures} failed" if failures else "all as they should be")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
