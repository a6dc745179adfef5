# SPDX-License-Identifier: BSD-3-Clause
"""Devices of tables of jumps, against the same in NumPy."""
import os
import tempfile
import unittest

import support  # noqa: F401
import numpy as np

import memqc
import memqc.data

LOW, HIGH = 1e-5, 1e-4


def tables(nodes=9, quantiles=33, size=4e-6):
    """Skewed jumps that shrink along the window, as SET and RESET of a filament have them."""
    g = np.linspace(LOW, HIGH, nodes)
    x = (g - LOW) / (HIGH - LOW)
    spread = -np.log1p(-0.97 * np.linspace(0, 1, quantiles)) - 0.4
    up = size * (1.2 - x)[:, None] * (0.6 + spread)
    down = -size * (0.3 + 0.7 * x)[:, None] * (0.8 + spread)[::-1]
    return g.astype(np.float32), up.astype(np.float32), np.sort(down, axis=1).astype(np.float32)


def made(seed=3, **parameters):
    device = memqc.Device(model="jumps", g_min=LOW, g_max=HIGH, **parameters)
    device.seed = seed
    g, up, down = tables()
    device.set_jumps("up", g, up)
    device.set_jumps("down", g, down)
    return device


def quantile(g, q, at, u):
    """Bilinear, as device_measured.h has it."""
    p = u * (q.shape[1] - 1)
    j = np.minimum(p.astype(int), q.shape[1] - 2)
    x = np.clip(np.interp(at, g, np.arange(len(g))), 0, len(g) - 1)
    i = np.minimum(x.astype(int), len(g) - 2)
    low, high = (q[k, j] + (p - j) * (q[k, j + 1] - q[k, j]) for k in (i, i + 1))
    return low + (x - i) * (high - low)


class Host:
    """The same device in NumPy, with random numbers of its own."""

    def __init__(self, seed):
        self.random = np.random.default_rng(seed)
        self.g, self.up, self.down = tables()

    def pulse(self, state, counts):
        """Pulses of either sign, one after the other."""
        for k in range(int(np.abs(counts).max(initial=0))):
            u = self.random.random(state.shape)
            up = quantile(self.g, self.up, state, u)
            down = quantile(self.g, self.down, state, u)
            jump = np.where(counts > 0, up, down) * (np.abs(counts) > k)
            state = np.clip(state + jump, LOW, HIGH)
        return state


class Jumps(unittest.TestCase):
    def test_tables_come_back(self):
        device = made()
        g, up, down = tables()
        for direction, q in (("up", up), ("down", down)):
            for found, given in zip(device.jumps(direction), (g, q)):
                np.testing.assert_array_equal(found, given)
        device.set_jumps("up", g, 2 * up, table=1)
        self.assertEqual(device.jump_tables, 2)
        np.testing.assert_array_equal(device.jumps("down", table=1)[1], down)
        np.testing.assert_array_equal(device.copy().jumps("up", table=1)[1], 2 * up)
        with self.assertRaisesRegex(memqc.ArgumentError, "must be \\(9, quantiles\\)"):
            device.set_jumps("up", g, up[:4])

    def test_trains_are_those_of_numpy(self):
        """Kolmogorov-Smirnov of states after 1, 7 and 40 pulses, at a risk of 1e-6."""
        n = 4000
        for direction in (1, -1):
            for pulses in (1, 7, 40):
                start = np.full(n, 3e-5 if direction > 0 else 8e-5)
                ours = np.sort(made().pulse(start, direction * pulses).state)
                host = np.sort(Host(1).pulse(start, np.full(n, direction * pulses))
                               .astype(np.float32))
                both = np.concatenate([ours, host])
                apart = np.abs(np.searchsorted(ours, both, "right")
                               - np.searchsorted(host, both, "right")).max() / n
                self.assertLess(apart, 2.7 * np.sqrt(2 / n))

    def test_csv_files(self):
        g, up, down = tables()
        with tempfile.TemporaryDirectory() as folder:
            names = []
            for name, q in (("up", up), ("down", down)):
                names.append(os.path.join(folder, name))
                rows = ["q," + ",".join(f"{float(x):.9e}" for x in g)]
                rows += [",".join(f"{x:.9e}" for x in (p, *map(float, row)))
                         for p, row in zip(np.linspace(0, 1, q.shape[1]), q.T)]
                with open(names[-1], "w", encoding="utf-8") as file:
                    file.write("\n".join(rows))
            device = memqc.Device.jumps_from_csv(*names, states=16)
            np.testing.assert_array_equal(device.jumps("down")[1], down)
            self.assertAlmostEqual(device.get("g_max"), HIGH, delta=1e-10)
            self.assertEqual(device.get("states"), 16)
            with open(names[0], "a", encoding="utf-8") as file:
                file.write("\n1.1,2")
            with self.assertRaisesRegex(memqc.FormatError, "not a table"):
                memqc.data.read_jumps(names[0])
        with self.assertRaises(memqc.FileError):
            memqc.data.read_jumps(names[0])

    def test_measured_tables(self):
        """The published TaOx tables, where $MEMQC_TAOX is the folder that has them."""
        folder = os.environ.get("MEMQC_TAOX")
        if not folder:
            self.skipTest("MEMQC_TAOX does not name the folder of the TaOx tables")
        for number in (1, 2, 3):
            files = [os.path.join(folder, f"device{number}-{way}.csv") for way in ("up", "down")]
            device = memqc.Device.jumps_from_csv(*files)
            for way, name in zip((1, -1), files):
                g, q = memqc.data.read_jumps(name)
                start = np.full(4000, g[50])
                change = np.sort(device.pulse(start, way).state - start)
                clipped = np.clip(q[50], device.get("g_min") - g[50], device.get("g_max") - g[50])
                below = np.searchsorted(change, clipped[1:-1] + 1e-10, "right") / change.size
                p = np.linspace(0, 1, q.shape[1])[1:-1]
                strictly = np.diff(clipped)[1:] > 1e-10
                self.assertLess(np.abs(below - p)[strictly].max(), 0.05)


if __name__ == "__main__":
    unittest.main()
