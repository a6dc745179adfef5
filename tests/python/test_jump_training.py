# SPDX-License-Identifier: BSD-3-Clause
"""Training on tables of jumps: updates and networks of the library against the same in NumPy.

A mean of n instances is compared with that of n others, and so is the variance, each difference in
its standard errors. 5 of them are passed by chance in 6e-7 of the cases, and about 370 are compared
here: a right library fails for one choice of seeds in 4500. With n = 1000 a mean that is off by 0.28
of the scatter of an instance, or a variance that is off by two fifths, is found in 9 cases of 10.
"""
import os
import unittest

import support
import numpy as np

import memqc.data
from jump_host import (Arrays, Jumps, MixedPrecision, PulseTrain, TikiTaka, accuracies,
                       skewed, uneven, WRONG)

MOST = 5  # standard errors
RULES = ((PulseTrain, 1, {}), (PulseTrain, 5, {}), (MixedPrecision, 1, {}), (MixedPrecision, 5, {}),
         (TikiTaka, 8, {"pairs": 20, "every": 1, "rate": 0.5}))


def tables(*made, **options):
    """A device of such tables, each (conductances, quantiles up, quantiles down)."""
    return Jumps([((g, up), (g, down)) for g, up, down in made], **options)


def measured(number):
    """A published TaOx table."""
    up, down = (memqc.data.read_jumps(os.path.join(os.environ["MEMQC_TAOX"],
                                                   f"device{number}-{way}.csv"))
                for way in ("up", "down"))
    return Jumps([(up, down)], (min(up[0][0], down[0][0]), max(up[0][-1], down[0][-1])))


def moments(change):
    """Mean and variance over instances, each with its standard error."""
    apart = change - change.mean(axis=0)
    squares = apart**2
    root = np.sqrt(len(change))
    return ((change.mean(axis=0), apart.std(axis=0) / root),
            (squares.mean(axis=0), squares.std(axis=0) / root))


def apart(ours, host):
    """By name of the moment: the differences in standard errors, and both values."""
    return {name: ((a - b) / np.hypot(np.hypot(of_a, of_b), 1e-9), a, b)
            for name, (a, of_a), (b, of_b)
            in zip(("mean", "variance"), moments(ours), moments(host))}


def lines(random, count):
    """Inputs and errors of a sample, the same for all instances."""
    x, d = (random.uniform(low, high, n) * random.choice([-1, 1], n)
            for low, high, n in ((0.1, 1, 4), (0.02, 0.3, 3)))
    return (np.tile(each, (count, 1)).astype(np.float32) for each in (x, d))


def changed(make, jumps, random, count, steps):
    """Changes of the cells, in windows, by some updates of arrays of 4 x 3."""
    levels = random.integers(0, jumps.states, (4, 3))
    start = np.broadcast_to((jumps.low + levels * jumps.spacing).astype(np.float32), (count, 4, 3))
    arrays = make(start)
    for _ in range(steps):
        x, d = lines(random, count)
        arrays.update(x, d, -1)
    return (arrays.g - start) / jumps.range


class JumpTraining(unittest.TestCase):
    def equal(self, ours, host, what):
        """Means and variances, over instances, of changes in windows."""
        for name, (z, a, b) in apart(ours, host).items():
            self.assertLess(np.abs(z).max(), MOST, f"{name} of {what}: {a} against {b}")

    def updates(self, jumps, name, count):
        for number, (rule, steps, options) in enumerate(RULES):
            ours, host = (
                changed(lambda start, make=make: make(start, **options), jumps,
                        np.random.default_rng(number), count, steps)
                for make in (lambda start, **keys: Arrays(rule, jumps, start, 1, **keys),
                             lambda start, **keys: rule(jumps, start, 5, **keys)))
            if steps > 1:  # the first step may be none of any coarse pulse
                self.assertGreater(np.abs(ours).max(), 0.01)
            self.equal(ours, host, f"{steps} updates of {rule.rule} on {name}")

    def test_updates_of_an_even_grid(self):
        self.updates(tables(skewed()), "the skewed table", 1000)

    def test_updates_of_an_uneven_grid(self):
        self.updates(tables(uneven()), "the uneven table", 1000)

    def test_updates_from_device_to_device(self):
        jumps = tables(skewed(size=2e-6), uneven(), skewed(nodes=5, quantiles=9, size=8e-6))
        self.updates(jumps, "three tables", 600)

    def test_wrong_interpolation_is_found(self):
        """Updates of a wrong table differ from the right ones by more than is accepted above."""
        def updates(seed, **options):
            jumps = tables(uneven(), **options)
            return changed(lambda start: PulseTrain(jumps, start, seed), jumps,
                           np.random.default_rng(1), 1000, 5)
        right = updates(1)
        self.equal(right, updates(2), "the same in NumPy")
        for name, look_up in WRONG.items():
            found = apart(right, updates(3, look_up=look_up))
            self.assertGreater(max(np.abs(z).max() for z, _, _ in found.values()), MOST, name)

    @unittest.skipUnless(os.environ.get("MEMQC_TAOX"), "MEMQC_TAOX does not name the TaOx tables")
    def test_updates_of_measured_tables(self):
        for number in (1, 2, 3):
            self.updates(measured(number), f"TaOx device {number}", 200)

    def test_networks(self):
        jumps, count = tables(skewed()), 10
        for rule, steps, options in RULES:
            if steps == 1:
                continue
            both = [accuracies(lambda g, seed, make=make: make(jumps, g, seed, **options), jumps,
                               count, steps=250)
                    for make in (lambda *given, **keys: Arrays(rule, *given, **keys), rule)]
            self.equal(*(found[:, None] for found in both), f"accuracy of {rule.rule}")


if __name__ == "__main__":
    support.main()
