#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""fit_cell.py [seeds [networks]]

A cell whose readings are noisier than fifty of its steps, as electrochemical ones are: 1000 pulses up
and 1000 down, steps that shrink towards the bounds, 1/1150 of the window in the mean, and a noise of
the measurement of 8 or 50 mean steps, white or half of its variance slow (autoregressive, 0.9).
NumPy draws it, not the library. All candidates are fitted. Then the accuracy of one network on the
fitted device, against the interval in which one on the true device lies with a probability of 95 %,
by `networks` of those.
"""
from __future__ import annotations

import sys

import numpy as np

import memqc
import memqc.data

PULSES, LOW, HIGH, PHI = 1000, 40e-6, 130e-6, 0.9
PART = 1 / 490  # of the rest of the window, of one pulse: it covers 0.87 of it
MEAN_STEP = (1 - np.exp(-PULSES * PART)) / PULSES * (HIGH - LOW)
# Two-sided 95 % of Student's t, by degrees of freedom.
STUDENT = {2: 4.303, 3: 3.182, 4: 2.776, 5: 2.571, 7: 2.365, 9: 2.262}


def measure(white: float, slow: float, rng: np.random.Generator) -> np.ndarray:
    """Readings of a train up and one down; noises in mean steps."""
    states, drift = np.empty(2 * PULSES + 1), np.empty(2 * PULSES + 1)
    states[0], drift[0] = LOW, rng.normal()
    for i in range(1, 2 * PULSES + 1):
        step = PART * (HIGH - states[i - 1] if i <= PULSES else LOW - states[i - 1])
        states[i] = np.clip(states[i - 1] + step * (1 + 0.3 * rng.normal()), LOW, HIGH)
        drift[i] = PHI * drift[i - 1] + np.sqrt(1 - PHI**2) * rng.normal()
    return states + MEAN_STEP * (white * rng.normal(size=states.size) + slow * drift)


def accuracy(device: memqc.Device, data: memqc.data.Images, seed: int) -> float:
    mlp = memqc.MLP((784, 16, 10), device, rule="mixed-precision", mapping="differential",
                    w_max=0.5, activation="relu", loss="cross-entropy", batch=32,
                    learning_rate=0.3, input_bits=0, seed=seed)
    mlp.fit(data.train.x, data.train.labels, 2)
    return 100 * mlp.score(data.test.x, data.test.labels)


def study(size: float, is_slow: bool, seeds: int, networks: int) -> bool:
    white, slow = size * np.sqrt(0.5 if is_slow else 1), size * np.sqrt(0.5 if is_slow else 0)
    data = memqc.data.load(train=2000, test=1000)
    true = memqc.Device(model="soft-bounds", g_max=HIGH, g_min=LOW, states=1151,
                        step=PART * (HIGH - LOW), c2c_step=0.3, read_noise=white * MEAN_STEP,
                        read_noise_slow=slow * MEAN_STEP, read_noise_correlation=PHI)
    reached = np.array([accuracy(true, data, 100 + i) for i in range(networks)])
    half = STUDENT[networks - 1] * reached.std(ddof=1) * np.sqrt(1 + 1 / networks)
    print(f"{size:g} mean steps, {'slow' if is_slow else 'white'}: on the true device "
          f"{reached.mean():.1f} +- {half:.1f} %", flush=True)
    within = 0
    for seed in range(1, seeds + 1):
        g = measure(white, slow, np.random.default_rng(seed))
        pulse = np.arange(g.size)
        fitted = memqc.Device.fit(pulse, g, direction=np.where(pulse <= PULSES, 1, -1))
        found = accuracy(fitted, data, 200 + seed)
        within += abs(found - reached.mean()) <= half
        print(f"  seed {seed}: {fitted.fit_candidate}, {fitted.fit_verdict}, "
              f"window {(fitted.get('g_max') - fitted.get('g_min')) / (HIGH - LOW):.3f}, noise "
              f"{fitted.get('read_noise') / MEAN_STEP:.1f} white and "
              f"{fitted.get('read_noise_slow') / MEAN_STEP:.1f} slow: {found:.1f} %", flush=True)
    print(f"  within {within} of {seeds}", flush=True)
    return 10 * within >= 9 * seeds


def main() -> int:
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    networks = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    good = True
    for size in (8, 50):
        for is_slow in (False, True):
            good &= study(size, is_slow, seeds, networks)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
