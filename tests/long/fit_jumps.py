#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""fit_jumps.py [seeds [folder]]

Are tables of jumps found? Traces of 10 cycles of 200 pulses up and 200 down are drawn by NumPy, and not
by the library, from tables of jumps: those of the folder, named deviceN-up.csv and deviceN-down.csv
as memqc.data.read_jumps() takes them, and without a folder those of three devices made here. All
candidates are fitted. Of each device, over the seeds:

- how often "jumps" is taken, and with which verdict;
- the Kolmogorov distance between the changes of the fitted and of the true table, given that the
  conductance is in a neighbourhood: adjacent nodes, as few as have 200 pulses, or 1000, together;
- how often the residuals of held-out cycles pass at p > 0.01: those of the report, and those of the last
  two cycles, predicted by a fit of the others;
- how often the bands of the bootstrap hold the true quantiles, at nodes with 200 pulses;
- seconds of processor time that the candidate takes.

It fails where the table is taken, or passes, in less than 9 of 10, or where a distance is more than 0.1
at 200 pulses or 0.05 at 1000 in more than one neighbourhood of 50.
"""
from __future__ import annotations

import pathlib
import sys
import time
from typing import Optional

import numpy as np

import memqc
import memqc.data

CYCLES, PULSES = 10, 200
Rows = dict[str, np.ndarray]


class Table:
    """Quantiles of the change, linear in the probability and in the conductance."""

    def __init__(self, g: np.ndarray, quantiles: np.ndarray) -> None:
        self.g, self.quantiles = np.asarray(g, float), np.asarray(quantiles, float)

    def at(self, g: np.ndarray) -> np.ndarray:
        if len(self.g) == 1:
            return np.repeat(self.quantiles, len(g), axis=0)
        x = np.clip(g, self.g[0], self.g[-1])
        i = np.clip(np.searchsorted(self.g, x, side="right") - 1, 0, len(self.g) - 2)
        part = ((x - self.g[i]) / (self.g[i + 1] - self.g[i]))[:, None]
        return (1 - part) * self.quantiles[i] + part * self.quantiles[i + 1]

    def draw(self, g: float, u: float) -> float:
        q = self.at(np.array([g]))[0]
        at = u * (len(q) - 1)
        i = min(int(at), len(q) - 2)
        return float(q[i] + (at - i) * (q[i + 1] - q[i]))


def made(number: int) -> dict[int, Table]:
    """A device whose jumps are skewed: gamma-like, of a mean that falls along the window."""
    p = (np.arange(101) + 0.5) / 101
    g = np.linspace(10e-6, 110e-6, 51)
    up = ((g[-1] - g) / 100e-6 * (3e-6, 12e-6, 6e-6)[number - 1])[:, None] + 0.1e-6
    down = ((g - g[0]) / 100e-6 * (4e-6, 5e-6, 20e-6)[number - 1])[:, None] + 0.2e-6
    skewed = -np.log1p(-p)
    return {1: Table(g, up * (0.3 + 0.7 * skewed) - 0.3e-6),
            -1: Table(g, 0.3e-6 - down * (0.1 + 0.9 * skewed))}


def read(folder: Optional[str], number: int) -> dict[int, Table]:
    if folder is None:
        return made(number)
    path = pathlib.Path(folder)
    return {sign: Table(*memqc.data.read_jumps(path / f"device{number}-{name}.csv"))
            for sign, name in ((1, "up"), (-1, "down"))}


def trace(tables: dict[int, Table], rng: np.random.Generator) -> Rows:
    low, high = tables[1].g[0], tables[1].g[-1]
    n = 2 * CYCLES * PULSES
    direction = np.tile(np.repeat([1, -1], PULSES), CYCLES)
    g, now = np.empty(n), low
    for i, u in enumerate(rng.uniform(size=n)):
        now = min(max(now + tables[direction[i]].draw(now, u), low), high)
        g[i] = now
    return {"cycle": np.repeat(np.arange(CYCLES), 2 * PULSES),
            "pulse": np.tile(np.arange(1, 2 * PULSES + 1), CYCLES), "direction": direction,
            "conductance": g.astype(np.float32)}


def pairs(rows: Rows, sign: int, cycles: range = range(CYCLES)) -> tuple[np.ndarray, np.ndarray]:
    """Conductances before and after the pulses of a direction."""
    g = rows["conductance"].astype(float)
    good = ((rows["cycle"][1:] == rows["cycle"][:-1]) & (rows["direction"][1:] == sign)
            & np.isin(rows["cycle"][1:], cycles))
    return g[:-1][good], g[1:][good]


def below(table: Table, g: np.ndarray, ends: tuple[float, float], x: np.ndarray) -> np.ndarray:
    """The probability that pulses at g, one of them picked, change it by x or less; cut at the
    ends."""
    sums = np.zeros(len(x))
    for row, at in zip(table.at(g), g):
        row = np.clip(row, ends[0] - at, ends[1] - at)
        p = np.linspace(0, 1, len(row))
        n = np.searchsorted(row, x, side="right")
        i = np.clip(n, 1, len(row) - 1)
        part = (x - row[i - 1]) / np.maximum(row[i] - row[i - 1], 1e-30)
        inside = p[i - 1] + np.clip(part, 0, 1) * (p[i] - p[i - 1])
        sums += np.where(n == 0, 0, np.where(n == len(row), 1, inside))
    return sums / len(g)


def distances(fitted: Table, true: Table, before: np.ndarray, ends: tuple[float, float],
              least: int) -> list[float]:
    """Kolmogorov distances in neighbourhoods of adjacent nodes that have so many pulses."""
    middles = 0.5 * (fitted.g[1:] + fitted.g[:-1])
    cells = [before[np.searchsorted(middles, before) == i] for i in range(len(fitted.g))]
    found, here = [], np.empty(0)
    for cell in cells:
        here = np.concatenate([here, cell])
        if len(here) < least:
            continue
        some = here[::max(1, len(here) // 150)]
        x = np.unique(np.concatenate([fitted.at(some[::5]).ravel(), true.at(some[::5]).ravel()]))
        x = x[:: max(1, len(x) // 1000)] + 1e-12  # beyond the jump of a bound
        found.append(float(np.abs(below(fitted, some, ends, x) - below(true, some, ends, x)).max()))
        here = np.empty(0)
    return found


def kolmogorov(u: np.ndarray) -> float:
    """Probability of a larger distance of u from the uniform law."""
    n = len(u)
    u = np.sort(u)
    d = max((np.arange(1, n + 1) / n - u).max(), (u - np.arange(n) / n).max())
    scaled = (np.sqrt(n) + 0.12 + 0.11 / np.sqrt(n)) * d
    k = np.arange(1, 101)
    return float(min(1, max(0, 2 * ((-1.0) ** (k - 1) * np.exp(-2 * (k * scaled) ** 2)).sum())))


def places(table: Table, before: np.ndarray, after: np.ndarray, ends: tuple[float, float],
           rng: np.random.Generator) -> np.ndarray:
    """Probabilities of less than what came; on a bound, of any of them beyond."""
    u = np.empty(len(before))
    slack = 1e-6 * (ends[1] - ends[0])
    for i, (g, x) in enumerate(zip(before, after - before)):
        at = np.array([g])
        low = below(table, at, ends, np.array([x - slack]))[0] if after[i] <= ends[0] + slack or \
            after[i] >= ends[1] - slack else below(table, at, ends, np.array([x]))[0]
        high = below(table, at, ends, np.array([x + slack]))[0] if low < 1 else 1.0
        u[i] = low + (high - low) * rng.uniform()
    return u


def held_out(rows: Rows, ends: tuple[float, float], rng: np.random.Generator) -> float:
    """p of the last two cycles, predicted by the others."""
    known = rows["cycle"] < CYCLES - 2
    device = memqc.Device.fit({name: column[known] for name, column in rows.items()},
                              model="jumps")
    u = [places(Table(*device.jumps(sign)), *pairs(rows, sign, range(CYCLES - 2, CYCLES)), ends, rng)
         for sign in (1, -1)]
    return kolmogorov(np.concatenate(u))


def study(number: int, seeds: int, folder: Optional[str]) -> bool:
    true = read(folder, number)
    ends = (true[1].g[0], true[1].g[-1])
    taken = table = passed = later = 0
    seconds = 0.0
    far: dict[int, list[float]] = {200: [], 1000: []}
    for seed in range(1, seeds + 1):
        rng = np.random.default_rng(1000 * number + seed)
        rows = trace(true, rng)
        fitted = memqc.Device.fit(rows)
        taken += fitted.fit_candidate == "jumps"
        table += "nonparametric" in fitted.fit_verdict
        passed += fitted.fit_value("ks_p", "jumps") > 0.01
        began = time.process_time()
        alone = memqc.Device.fit(rows, model="jumps")
        seconds += (time.process_time() - began) / seeds
        later += held_out(rows, ends, rng) > 0.01
        for sign in (1, -1):
            found, before = Table(*alone.jumps(sign)), pairs(rows, sign)[0]
            for least, list_of in far.items():
                list_of += distances(found, true[sign], before, ends, least)
    beyond = {200: np.mean(np.array(far[200]) > 0.1), 1000: np.mean(np.array(far[1000]) > 0.05)}
    print(f"device {number}: taken {taken} of {seeds}, the verdict is the table {table}; held-out "
          f"cycles pass {passed}, the last two {later}; distance at 200 pulses: mean "
          f"{np.mean(far[200]):.3f}, most {max(far[200]):.3f}, beyond 0.1 {100 * beyond[200]:.1f} % "
          f"of {len(far[200])}; at 1000: mean {np.mean(far[1000]):.3f}, most "
          f"{max(far[1000]):.3f}, beyond 0.05 {100 * beyond[1000]:.1f} % of {len(far[1000])}; "
          f"{seconds:.2f} s", flush=True)
    return (10 * taken >= 9 * seeds and 10 * passed >= 9 * seeds and 10 * later >= 9 * seeds
            and max(beyond.values()) <= 0.02)


def main() -> int:
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    folder = sys.argv[2] if len(sys.argv) > 2 else None
    good = [study(number, seeds, folder) for number in (1, 2, 3)]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
