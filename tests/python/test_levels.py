# SPDX-License-Identifier: BSD-3-Clause
"""Levels of a device one by one."""
import pickle
import unittest

import support  # noqa: F401
import numpy as np

import memqc

LADDER = np.geomspace(100e-6, 2e-6, 24).astype(np.float32)


class Levels(unittest.TestCase):
    def test_mean_and_sd_come_back(self):
        device = memqc.Device("hfox-a", seed=1)
        device.set_levels(LADDER[::-1], sd=1e-7)
        table = device.level_table()
        np.testing.assert_array_equal(table.conductance, LADDER)
        np.testing.assert_allclose(table.sd, 1e-7, rtol=1e-6)
        self.assertIsNone(table.quantiles)
        self.assertEqual((device.levels, device.get("law")), (24, "levels"))
        self.assertAlmostEqual(device.level(3).nominal, float(LADDER[2]))

    def test_quantiles_are_drawn(self):
        device = memqc.Device("hfox-a", seed=1)
        device.set_levels(LADDER, sd=0.05 * LADDER)
        measured = device.draw_levels(np.arange(1, 25), cells=500)
        quantiles = np.quantile(measured, np.linspace(0, 1, 21), axis=0).T
        device.set_levels(LADDER, quantiles=quantiles)
        np.testing.assert_allclose(device.level_table().quantiles, quantiles, rtol=1e-6)
        again = device.draw_levels(np.arange(1, 25), cells=2000)
        np.testing.assert_allclose(again.mean(0), measured.mean(0), rtol=0.02)
        np.testing.assert_allclose(again.std(0), measured.std(0), rtol=0.15)
        other = pickle.loads(pickle.dumps(device))
        np.testing.assert_array_equal(other.draw([5] * 9, cell=3, draw=2),
                                      device.draw([5] * 9, cell=3, draw=2))

    def test_levels_are_fitted(self):
        rng = np.random.default_rng(1)
        readings = LADDER + 0.3e-6 * rng.normal(size=(12, 24))
        fitted = memqc.Device.fit(np.tile(np.arange(1, 25), 12), readings.ravel(),
                                  cycle=np.repeat(np.arange(12), 24))
        self.assertEqual(fitted.fit_candidate, "quantized-levels")
        table, errors = fitted.level_table(), fitted.fit_level_errors()
        off = (table.conductance - LADDER) / errors.conductance
        self.assertLess(float(np.abs(off).max()), 4)
        self.assertLess(float(np.abs((table.sd - 0.3e-6) / errors.sd).max()), 4)
        drawn = fitted.fit_draw(1).level_table()
        self.assertTrue((np.diff(drawn.conductance) < 0).all())
        self.assertFalse((drawn.conductance == table.conductance).all())
        with self.assertRaisesRegex(memqc.StateError, "one by one"):
            memqc.Device("hfox-a").fit_level_errors()

    def test_shapes_of_the_noise_are_fitted(self):
        rng = np.random.default_rng(2)
        at = {"cycle": np.repeat(np.arange(100), 24), "pulse": np.tile(np.arange(1, 25), 100)}
        skewed = (rng.gamma(2, size=(100, 24)) - 2) / np.sqrt(2)
        for noise, has_quantiles in ((skewed, True), (rng.normal(size=(100, 24)), False)):
            readings = LADDER * (1 + 0.04 * noise)
            fitted = memqc.Device.fit({**at, "conductance": readings.ravel()}, model="quantized")
            self.assertEqual(fitted.fit_candidate, "quantized-levels")
            self.assertGreater(fitted.fit_value("ks_p"), 0.01)
            table = fitted.level_table()
            self.assertEqual(table.quantiles is not None, has_quantiles)
            np.testing.assert_allclose(table.sd, 0.04 * LADDER, rtol=0.2)
            drawn = fitted.draw_levels(np.arange(1, 25), cells=400)
            z = (drawn - table.conductance) / table.sd
            # Skewness of 9600 normal numbers: 0 +- 0.025; of the gamma law: 2 / sqrt(2).
            self.assertAlmostEqual(float((z**3).mean()), np.sqrt(2) * has_quantiles, delta=0.25)

    def test_bad_ones_are_refused(self):
        device = memqc.Device("hfox-a")
        with self.assertRaisesRegex(memqc.ArgumentError, "g\\[2\\]"):
            device.set_levels([1e-6, 2e-6, 2e-6])
        with self.assertRaisesRegex(memqc.ArgumentError, "shape"):
            device.set_levels([1e-6, 2e-6], quantiles=[[1e-6, 2e-6]])
        with self.assertRaises(memqc.ArgumentError):
            memqc.Device("rpu").set_levels([1e-6, 2e-6])


if __name__ == "__main__":
    unittest.main()
