# SPDX-License-Identifier: BSD-3-Clause
"""What somebody meets who knows the package from its pages alone: mistakes are told, not taken."""
import datetime
import os
import tempfile
import unittest

from support import WEIGHTS, main, samples
import numpy as np

import memqc

DEVICE = memqc.Device("hfox-a", states=16)


def array(**parameters):
    return memqc.Crossbar(DEVICE, WEIGHTS, seed=1, **parameters)


class Assignments(unittest.TestCase):
    def test_elements_of_a_copy_cannot_be_set(self):
        """crossbar.conductances[0][1, 1] = 0 would change a copy, and nothing else."""
        crossbar = array()
        for planes in (crossbar.conductances, crossbar.levels, crossbar.stuck):
            with self.assertRaisesRegex(ValueError, "read-only"):
                planes[0][1, 1] = 0
        g = crossbar.conductances[0].copy()
        g[1, 1] = 0
        crossbar.conductances[0] = g
        self.assertEqual(crossbar.conductances[0][1, 1], 0)


class Numbers(unittest.TestCase):
    def test_arguments_that_are_no_numbers_are_named(self):
        crossbar, hour = array(), datetime.timedelta(hours=1)
        for name, call in (
                ("seconds", lambda: crossbar.advance(hour)),
                ("alpha", lambda: crossbar.update(np.ones((3, 2)), "1")),
                ("alpha", lambda: crossbar.update_outer(np.ones(3), np.ones(2), None)),
                ("percentile", lambda: array(adc_bits=4, adc_range="calibrated").calibrate(
                    np.ones((1, 3)), "99")),
                ("seconds", lambda: DEVICE.age([1e-4], hour)),
                ("cycles", lambda: DEVICE.age([1e-4], 1, None)),
                ("volts", lambda: DEVICE.apply([1], "1 V")),
                ("start", lambda: DEVICE.response("down", None, 3)),
                ("seconds", lambda: DEVICE.telegraph_advance([0], hour)),
                ("level", lambda: DEVICE.level("1")),
                ("level", lambda: DEVICE.level(1.5)),
                ("n", lambda: DEVICE.cells("g_max", None)),
                ("plane", lambda: crossbar.currents(np.ones(3), "0")),
                ("seed", lambda: memqc.Device("hfox-a", seed="1"))):
            with self.subTest(name):
                self.assertRaisesRegex(memqc.ArgumentError, rf"^{name} = .*; it must be", call)

    def test_rows_of_different_lengths_are_named(self):
        ragged = [[1, 2, 3], [4]]
        for name, call in (("w", lambda: memqc.Crossbar(DEVICE, ragged)),
                           ("x", lambda: array() @ ragged),
                           ("x", lambda: ragged @ array()),
                           ("w", lambda: array().program(ragged)),
                           ("x", lambda: memqc.MLP((3, 2)).predict(ragged))):
            with self.subTest(name):
                self.assertRaisesRegex(memqc.ArgumentError, "holds rows of different lengths", call)

    def test_whole_numbers_may_come_as_floats(self):
        x, labels = samples()
        device = memqc.Device("ideal", states=16)
        networks = [memqc.MLP((4, 3), device, seed=1).fit(x, y) for y in
                    (labels, labels.astype(float))]
        self.assertTrue((networks[0].weights(0)[0] == networks[1].weights(0)[0]).all())
        memqc.MLP((4, 2), device).fit(x, labels == 1)
        self.assertEqual(device.draw(3.0).tolist(), device.draw(3).tolist())
        self.assertEqual(device.level(3.0), device.level(3))
        for bad in (0.5, np.nan, np.inf, 1e12):
            with self.assertRaises(memqc.ArgumentError):
                memqc.MLP((4, 3), device).fit(x, np.full(len(x), bad))


class Curves(unittest.TestCase):
    def setUp(self):
        self.pulse = np.tile(np.arange(1, 17), 6)
        self.cycle = np.repeat(np.arange(6), 16)
        self.g = memqc.Device("hfox-a", states=16, seed=3).staircase(6).ravel().astype(float)

    def test_columns_have_the_titles_of_files(self):
        wanted = memqc.Device.fit(self.pulse, self.g, cycle=self.cycle)
        for titles in ({"Conductance (uS)": self.g * 1e6}, {"g [mS]": self.g * 1e3},
                       {"R (kohm)": 1e-3 / self.g},
                       {"I (uA)": 0.1e6 * self.g, "read voltage (mV)": np.full(96, 100.0)}):
            with self.subTest(list(titles)):
                found = memqc.Device.fit({"pulse": self.pulse.astype(float), "Cycle": self.cycle,
                                          "note": ["x"] * 96, **titles})
                self.assertEqual(found.fit_candidate, wanted.fit_candidate)
                self.assertAlmostEqual(found.sigma / wanted.sigma, 1, 4)
        self.assertRaisesRegex(memqc.DataError, 'unit of conductance is "A"', memqc.Device.fit,
                               {"pulse": self.pulse, "conductance (A)": self.g})
        self.assertRaisesRegex(memqc.ArgumentError, "there are pulse, what", memqc.Device.fit,
                               {"pulse": self.pulse, "what": self.g})

    def test_siemens_that_are_hardly_meant(self):
        with self.assertWarnsRegex(UserWarning, r"up to 1\d\d.* S.*conductance \(uS\)"):
            memqc.Device.fit(self.pulse, self.g * 1e5, cycle=self.cycle)

    def test_a_file_that_is_not_there_is_named(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "nowhere.csv")
            with self.assertRaisesRegex(memqc.FileError, "nowhere.csv") as caught:
                memqc.Device.fit(path)
        self.assertIn("No such file", str(caught.exception))


class Texts(unittest.TestCase):
    def test_choices_are_named_in_errors(self):
        for name, call in (
                ("both", lambda: array(driven_ends="both")),
                ("calibrated", lambda: np.ones(3) @ array(adc_bits=4, adc_range="calibrated")),
                ("worst-case", lambda: array(adc_bits=4).calibrate(np.ones((1, 3))))):
            self.assertRaisesRegex(memqc.Error, rf"= \d+ \({name}\)", call)

    def test_seeds(self):
        for seed in (None, 0.5, np.random.RandomState(0)):
            self.assertRaisesRegex(memqc.ArgumentError, "whole number or a numpy Generator",
                                   memqc.Device, "hfox-a", seed=seed)

    def test_short_ones(self):
        self.assertEqual(repr(memqc.Device("hfox-a")), "<memqc.Device quantized>")
        self.assertRaisesRegex(memqc.ArgumentError, "an mlp has no parameter", memqc.MLP, (4, 3),
                               DEVICE, epoch=3)
        self.assertRaisesRegex(memqc.ArgumentError, r"^sizes ", memqc.MLP, 784, DEVICE)


if __name__ == "__main__":
    main()
