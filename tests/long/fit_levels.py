#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""fit_levels.py [seeds [networks]]

Are levels one by one found? Ladders of 32 levels, log-spaced, quadratic and random, are read 12 times,
drawn by NumPy and not by the library, and fitted with all candidates. Of each ladder and noise:
how often levels are taken, and the residuals pass; how many means and deviations of single levels
are within 2 standard errors; how often the rms deviation is; chi-squared of the deviations, by level.
Then the accuracy of one network on the fitted device, against the interval in which one on the true
device lies with a probability of 95 %, by `networks` of those (0: none are trained). It fails where
levels are taken in less than 48 of 50, or less than 90 % of the deviations, or of the networks,
are within.
"""
from __future__ import annotations

import sys
from collections import Counter

import numpy as np

import memqc
import memqc.data

LEVELS, CYCLES = 32, 12
HIGH, LOW = 100e-6, 2e-6
SPACING = (HIGH - LOW) / (LEVELS - 1)
KINDS = ("log", "quadratic", "random")
NOISES = ("constant", "proportional", "each")
# Two-sided 95 % of Student's t, by degrees of freedom.
STUDENT = {4: 2.776, 5: 2.571, 7: 2.365, 9: 2.262, 14: 2.145, 19: 2.093}


def ladder(kind: str, rng: np.random.Generator) -> np.ndarray:
    x = np.arange(LEVELS) / (LEVELS - 1)
    if kind == "log":
        return HIGH * (LOW / HIGH) ** x
    if kind == "quadratic":
        return LOW + (HIGH - LOW) * (1 - x) ** 2
    steps = rng.uniform(0.1, 2, LEVELS - 1)
    return HIGH - (HIGH - LOW) * np.concatenate([[0], np.cumsum(steps) / steps.sum()])


def deviations(kind: str, g: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    if kind == "constant":
        return np.full(LEVELS, 0.3 * SPACING)
    if kind == "proportional":
        return 0.6 * SPACING * g / HIGH
    return 0.2 * SPACING * np.exp(rng.uniform(-1, 1, LEVELS))


def accuracy(device: memqc.Device, data: memqc.data.Images, seed: int) -> float:
    mlp = memqc.MLP((784, 16, 10), device, rule="mixed-precision", mapping="differential",
                    w_max=0.5, activation="relu", loss="cross-entropy", batch=32,
                    learning_rate=0.3, input_bits=0, seed=seed)
    mlp.fit(data.train.x, data.train.labels, 2)
    return mlp.score(data.test.x, data.test.labels)


class Tally:
    """What is counted over the seeds of one ladder and one noise."""

    def __init__(self) -> None:
        self.candidates: Counter[str] = Counter()
        self.passed = self.rms = self.trained = 0
        self.sd: list[np.ndarray] = []
        self.mean: list[np.ndarray] = []

    def add(self, fitted: memqc.Device, g: np.ndarray, sd: np.ndarray) -> None:
        self.candidates[fitted.fit_candidate] += 1
        if fitted.fit_candidate != "quantized-levels":
            return
        self.passed += fitted.fit_value("ks_p") >= 0.01
        table, errors = fitted.level_table(), fitted.fit_level_errors()
        self.sd.append((table.sd - sd) / errors.sd)
        self.mean.append((table.conductance - g) / errors.conductance)
        rms, error = fitted.get("sigma"), fitted.fit_value("standard_error", "sigma")
        self.rms += abs(rms - np.sqrt((sd**2).mean())) <= 2 * error


def study(kind: str, noise: str, seeds: int, networks: int) -> bool:
    tally = Tally()
    own = 1000 * (3 * NOISES.index(noise) + KINDS.index(kind))  # numbers of this study alone
    data = memqc.data.load(train=2000, test=1000) if networks else None
    for seed in range(1, seeds + 1):
        rng = np.random.default_rng(own + seed)
        g = ladder(kind, rng)
        sd = deviations(noise, g, rng)
        readings = np.maximum(g + sd * rng.normal(size=(CYCLES, LEVELS)), 0)
        fitted = memqc.Device.fit(np.tile(np.arange(1, LEVELS + 1), CYCLES), readings.ravel(),
                                  cycle=np.repeat(np.arange(CYCLES), LEVELS))
        tally.add(fitted, g, sd)
        if data is not None:
            true = memqc.Device("hfox-a")
            true.set_levels(g, sd=sd)
            reached = [accuracy(true, data, 100 * (own + seed) + i) for i in range(networks)]
            half = (STUDENT[networks - 1] * np.std(reached, ddof=1)
                    * np.sqrt(1 + 1 / networks))
            found = accuracy(fitted, data, 100 * (own + seed) + 99)
            tally.trained += bool(abs(found - np.mean(reached)) <= half)
    near = np.mean(np.abs(tally.sd) <= 2)
    chi = np.mean(np.square(tally.sd))
    print(f"{kind}, {noise} noise: {dict(tally.candidates)}, residuals pass {tally.passed}; within 2 "
          f"errors: deviations {100 * near:.1f} %, means {100 * np.mean(np.abs(tally.mean) <= 2):.1f} "
          f"%, rms {tally.rms} of {seeds}; chi-squared a deviation {chi:.2f}"
          + (f"; networks within {tally.trained} of {seeds}" if networks else ""), flush=True)
    taken = tally.candidates["quantized-levels"]
    return (50 * taken >= 48 * seeds and near >= 0.9
            and (not networks or 10 * tally.trained >= 9 * seeds))


def main() -> int:
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    networks = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    good = True
    for noise in NOISES:
        for kind in KINDS:
            good &= study(kind, noise, seeds, networks)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
