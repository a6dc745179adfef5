#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Memory of the cycle-to-cycle noise: how often of SEEDS a fit is within 2 standard errors of it.

Staircases of one device, of 12 and of 50 cycles, by NumPy's generator: the noise of a level is a
first-order autoregression from cycle to cycle (c), and the levels of a cycle share a part of it
(q). usage: fit_memory.py [seeds]
"""
import sys
import warnings

import numpy as np

import memqc

LEVELS = 32
CASES = ((0, 0), (0.3, 0), (0.6, 0), (0.9, 0), (-0.5, 0), (0, 0.5), (0, -0.5), (0.5, 0.5),
         (0.8, -0.4))


def staircases(seed, cycles, c, q):
    """Columns of a fit: k = 0.03 and sigma = 1 G0, as the paper's sample A."""
    random = np.random.default_rng(seed)
    level = np.arange(1, LEVELS + 1)
    sign = np.where((level == 1) & (q < 0), -1, 1)
    own, shared, g = None, 0.0, []
    for _ in range(cycles):
        fresh, common = random.standard_normal(LEVELS), random.standard_normal()
        own = fresh if own is None else c * own + np.sqrt(1 - c * c) * fresh
        shared = common if not g else c * shared + np.sqrt(1 - c * c) * common
        z = np.sqrt(1 - abs(q)) * own + np.sqrt(abs(q)) * sign * shared
        g.append(np.maximum(16.5 - 0.5 * level + (1 - 0.03 * level) * z, 0) * memqc.G0)
    return {"cycle": np.repeat(np.arange(cycles), LEVELS), "pulse": np.tile(level, cycles),
            "conductance": np.concatenate(g)}


def study(seeds, cycles, c, q):
    """Of so many fits: within 2 standard errors and kept in the device, c and q; sigma."""
    within, kept, sigma = np.zeros(2, int), np.zeros(2, int), 0
    for seed in range(seeds):
        device = memqc.Device.fit(staircases(seed, cycles, c, q), model="quantized-linear")
        for i, (name, truth) in enumerate((("cycle_correlation", c),
                                           ("set_reset_correlation", q))):
            error = device.fit_value("standard_error", name)
            within[i] += abs(device.fit_value(name) - truth) <= 2 * error
            kept[i] += device.get(name) != 0
        error = device.fit_value("standard_error", "sigma")
        sigma += abs(device.sigma - memqc.G0) <= 2 * error
    return within, kept, sigma


def main():
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    failed = False
    warnings.simplefilter("ignore", memqc.DeviceWarning)  # fitted levels above 16 G0
    print(f"of {seeds} seeds: c and q within 2 standard errors, kept in the device; sigma")
    for cycles in (12, 50):
        for c, q in CASES:
            within, kept, sigma = study(seeds, cycles, c, q)
            print(f"{cycles} cycles, c = {c:4.1f}, q = {q:4.1f}: c {within[0]}, q {within[1]}, "
                  f"kept {kept[0]}, {kept[1]}; sigma {sigma}", flush=True)
            failed |= 10 * min(within.min(), sigma) < 9 * seeds
            failed |= (c == 0 and 10 * kept[0] > seeds) or (q == 0 and 10 * kept[1] > seeds)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
