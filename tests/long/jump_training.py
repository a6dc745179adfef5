#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""What networks reach that train on tables of jumps, and why: the table of docs/devices.md.

Each line is the mean accuracy over networks, with its standard error, of the library and of the
same updates in NumPy; and whether the two differ. The tables are a synthetic one and, where
MEMQC_TAOX names their folder, the three TaOx ones: as they are; with equal mean jumps up and down
at each conductance; with jumps a tenth as large; with both.

usage: jump_training.py [networks]
"""
import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "python"))
import support  # noqa: E402, F401
import numpy as np  # noqa: E402

from jump_host import (Arrays, Jumps, MixedPrecision, PulseTrain, TikiTaka,  # noqa: E402
                       Weights, accuracies, skewed)
from test_jump_training import measured, tables  # noqa: E402

NETWORKS = 10
RULES = {"float": (None, {}), "pulse-train": (PulseTrain, {}),
         "tiki-taka": (TikiTaka, {"pairs": 200, "every": 1, "rate": 0.5}),
         "mixed-precision": (MixedPrecision, {})}


class Float(Weights):
    """Weights without a device, which only the window bounds."""

    def update(self, x, d, alpha):
        change = alpha * x[:, :, None] * d[:, None, :]
        self.g = np.clip(self.g + change / self.unit, self.jumps.low, self.jumps.high)


def variants(jumps):
    """Tables like this one, by name."""
    (up, down), = jumps.tables
    window = jumps.low, jumps.high
    sizes = [jumps.size(up[0], way) for way in (True, False)]
    equal = [q + (sum(sizes) / 2 - size)[:, None] * sign
             for (_, q), size, sign in zip((up, down), sizes, (1, -1))]
    for name, quantiles in (("as it is", (up[1], down[1])), ("equal up and down", equal)):
        for divisor in (1, 10):
            tables = [(up[0], quantiles[0] / divisor), (down[0], quantiles[1] / divisor)]
            yield name + (", a tenth" if divisor > 1 else ""), Jumps([tables], window)


def standard_error(found):
    return found.std(ddof=1) / np.sqrt(len(found))


def study(name, jumps, count):
    apart = 0
    for rule, (simulated, options) in RULES.items():
        host = accuracies(lambda *g: (simulated or Float)(jumps, *g, **options), jumps, count)
        ours = host
        if simulated:
            ours = accuracies(lambda *g: Arrays(simulated, jumps, *g, **options), jumps, count)
        z = ((ours.mean() - host.mean()) /
             max(np.hypot(standard_error(ours), standard_error(host)), 1e-9))
        apart += abs(z) > 4
        print(f"{name:42} {rule:16} library {ours.mean():.3f} +- {standard_error(ours):.3f}  "
              f"NumPy {host.mean():.3f} +- {standard_error(host):.3f}  z {z:5.2f}", flush=True)
    return apart


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else NETWORKS
    devices = {"skewed": tables(skewed())}
    if os.environ.get("MEMQC_TAOX"):
        devices.update({f"TaOx {number}": measured(number) for number in (1, 2, 3)})
    apart = sum(study(f"{table}, {variant}", jumps, count) for table, first in devices.items()
                for variant, jumps in variants(first))
    print(f"{apart} of {4 * (len(RULES) - 1) * len(devices)} pairs differ by more than 4 standard errors")
    return int(apart > 0)


if __name__ == "__main__":
    sys.exit(main())
