# SPDX-License-Identifier: BSD-3-Clause
"""Devices of tables of jumps, against the same in NumPy."""
import os
import tempfile
import unittest

import support  # noqa: F401
import numpy as np

import memqc
import memqc.data
import jump_host
from jump_host import HIGH, LOW, WRONG, quantile, skewed as tables, uneven

TABLES = {"even": tables(), "few nodes": uneven(), "denser": tables(64, 17, power=2)}


def made(seed=3, **parameters):
    device = memqc.Device(model="jumps", g_min=LOW, g_max=HIGH, **parameters)
    device.seed = seed
    g, up, down = tables()
    device.set_jumps("up", g, up)
    device.set_jumps("down", g, down)
    return device


def uniforms(seed, n, draw=0):
    """What pulses on n cells draw: a table that is the uniform distribution adds it to 0 S."""
    device = memqc.Device(model="jumps", g_min=0, g_max=1, seed=seed)
    device.set_jumps("up", [0.0], [[0.0, 1.0]])
    return device.pulse(np.zeros(n), 1, draw=draw).state.astype(float)


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

    def test_jumps_are_fitted(self):
        """Pulses that NumPy draws from the tables; the quantiles at the middle of what was visited are
        those of the truth by 4 standard errors, from the density of 400 pulses."""
        rng = np.random.default_rng(5)
        g, up, down = tables()
        cycles, pulses, at, trace = 10, 100, LOW, []
        for i in range(2 * cycles * pulses):
            q = up if i // pulses % 2 == 0 else down
            change = quantile(g, q, np.array([at]), rng.uniform(size=1))[0]
            at = float(np.clip(at + change, LOW, HIGH))
            trace.append(at)
        trace = np.array(trace, np.float32).reshape(cycles, 2 * pulses)
        rows = {"cycle": np.repeat(np.arange(cycles), 2 * pulses),
                "pulse": np.tile(np.arange(2 * pulses), cycles),
                "direction": np.tile(np.repeat([1, -1], pulses), cycles)}
        fitted = memqc.Device.fit({**rows, "conductance": trace.ravel()})
        self.assertEqual(fitted.fit_candidate, "jumps")
        self.assertIn("nonparametric jumps", fitted.fit_verdict)
        self.assertGreater(fitted.fit_value("ks_p"), 0.01)
        for way, sign, true in (("up", 1, up), ("down", -1, down)):
            nodes, found = fitted.jumps(way)
            # The quantiles go on beyond the least and the largest change that were seen.
            inner = found[len(nodes) // 4:-len(nodes) // 4]
            self.assertTrue((np.diff(inner[:, [0, 1, 2]]) > 0).all())
            self.assertTrue((np.diff(inner[:, [-3, -2, -1]]) > 0).all())
            before = trace[:, :-1][:, rows["direction"][1:2 * pulses] == sign]
            middle = np.array([np.median(before)])
            for p in (0.25, 0.5, 0.75):
                one, exact, two = (quantile(g, true, middle, np.array([p + d]))[0]
                                   for d in (-0.1, 0, 0.1))
                error = np.sqrt(p * (1 - p) / 400) * (two - one) / 0.2
                here = quantile(nodes, found, middle, np.array([p]))[0]
                exact = np.clip(exact, LOW - middle[0], HIGH - middle[0])
                self.assertLess(abs(here - exact), 4 * error)
            low, high = fitted.fit_jump_bands(way)
            self.assertEqual(low.shape, found.shape)
            self.assertTrue((low <= high).all())
            drawn = fitted.fit_draw(1).jumps(way)[1]
            self.assertGreater(float(np.mean((low <= drawn) & (drawn <= high))), 0.8)
        with self.assertRaisesRegex(memqc.StateError, "tables of jumps"):
            made().fit_jump_bands("up")

    def test_a_pulse_is_the_inverse_transform(self):
        """From the library's own uniform numbers. Single precision rounds a state of 100 uS by 4e-12 S,
        and places u and G to 2e-6 of the way between quantiles, which differ by 4e-6 S at most."""
        n, most = 3000, 3e-11
        for name, (g, up, down) in TABLES.items():
            device = memqc.Device(model="jumps", g_min=LOW, g_max=HIGH, seed=3)
            device.set_jumps("up", g, up)
            device.set_jumps("down", g, down)
            start = np.linspace(LOW, HIGH, n, dtype=np.float32)
            for draw in (0, 5):
                for sign, q in ((1, up), (-1, down)):
                    found = device.pulse(start, sign, draw=draw).state
                    answers = {look_up: np.clip(start + look_up(g.astype(float), q.astype(float), start,
                                                                uniforms(3, n, draw)), LOW, HIGH)
                               for look_up in (quantile, *WRONG.values())}
                    self.assertLess(np.abs(found - answers.pop(quantile)).max(), most, name)
                    for wrong, answer in zip(WRONG, answers.values()):
                        if wrong != "an even grid" or name != "even":
                            self.assertGreater(np.abs(found - answer).max(), 1000 * most, wrong)

    def test_each_cell_has_one_of_several_tables(self):
        """The table of a cell is the one that answers; 5 deviations of a share bound each."""
        n, device = 3000, memqc.Device(model="jumps", g_min=LOW, g_max=HIGH, seed=3)
        for number, (g, up, down) in enumerate(TABLES.values()):
            device.set_jumps("up", g, up, table=number)
            device.set_jumps("down", g, down, table=number)
        start, which = np.linspace(4e-5, 6e-5, n, dtype=np.float32), []  # no jump meets a bound
        for sign in (1, -1):
            found = device.pulse(start, sign, draw=0).state
            answers = [start + quantile(g, up if sign > 0 else down, start, uniforms(3, n))
                       for g, up, down in TABLES.values()]
            which.append(np.abs(found - answers).argmin(axis=0))
            self.assertLess(np.abs(found - np.choose(which[-1], answers)).max(), 3e-11)
        np.testing.assert_array_equal(*which)
        share = 1 / len(TABLES)
        for count in np.bincount(which[0], minlength=len(TABLES)):
            self.assertLess(abs(count - n * share), 5 * np.sqrt(n * share * (1 - share)))

    def test_trains_are_those_of_numpy(self):
        """Kolmogorov-Smirnov of states after 1, 7 and 40 pulses, at a risk of 1e-6."""
        n = 4000
        g, up, down = tables()
        device = jump_host.Jumps([((g, up), (g, down))])
        for direction in (1, -1):
            for pulses in (1, 7, 40):
                start = np.full(n, 3e-5 if direction > 0 else 8e-5)
                ours = np.sort(made().pulse(start, direction * pulses).state)
                host = np.sort(device.pulse(np.random.default_rng(1), start,
                                            np.full(n, direction * pulses), np.zeros(n))
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
