# SPDX-License-Identifier: BSD-3-Clause
"""examples/integration/crosssim_device.py in CrossSim, or in a host that makes the same calls.

Means and standard deviations are held against the library's closed forms. Each region of
acceptance is 6 standard errors wide on both sides: of some 40 comparisons, one falls out of it by
chance in 1e7 runs; and the seeds are fixed.
"""
import contextlib
import io
import sys
import unittest

from support import ROOT, main
import numpy as np

import memqc

try:
    import simulator  # noqa: F401
except ImportError:
    import crosssim_host
    crosssim_host.install()
    print("CrossSim is not installed: its calls are made by crosssim_host.py")
from simulator import AnalogCore, CrossSimParameters
from simulator.devices.device import Device

EXAMPLE = ROOT / "examples/integration/crosssim_device.py"
sys.path.insert(0, str(EXAMPLE.parent))
import crosssim_device  # noqa: E402

CELLS, ERRORS = 40000, 6


def hfox(**parameters):
    return memqc.Device("hfox-a", states=64, **parameters)


def created(device, seed=1, **parameters):
    """What CrossSim makes of its parameters for one array, and those parameters."""
    params = CrossSimParameters()
    crosssim_device.use(device, params.xbar.device, seed)
    for name, value in parameters.items():
        setattr(params.xbar.device, name, value)
    return Device.create_device(params.xbar.device), params.xbar.device


class Statistics(unittest.TestCase):
    def agree(self, values, mean, sd):
        """Mean and standard deviation of a sample of independent numbers."""
        n = values.size
        off = values.astype(float) - mean
        self.assertLess(abs(off.mean()), ERRORS * sd / np.sqrt(n) + 1e-6 * mean)
        variance = np.mean(off ** 2)
        error = np.sqrt(np.var(off ** 2) / n)  # of the variance, from the fourth moment
        self.assertLess(abs(variance - sd ** 2), ERRORS * error + 1e-12 * mean ** 2)

    def closed_form(self, device, level, top):
        """Conductance of a level as CrossSim's target, and the mean and sd of what it becomes."""
        return tuple(value / top for value in device.level(level))

    def test_programming_error(self):
        pulsed = memqc.Device(model="constant", states=65, g_min=1e-6, g_max=65e-6, step=1e-6,
                              c2c_absolute=1e-7)
        for device in (hfox(), hfox(law="measured"), hfox(law="printed"), pulsed):
            model, params = created(device)
            top = device.level(1).nominal
            self.assertAlmostEqual(params.Rmin * top, 1)
            for level in (9, 20, 33):
                with self.subTest(device=repr(device), level=level):
                    target, mean, sd = self.closed_form(device, level, top)
                    wanted = np.full((CELLS // 200, 200), target)
                    got = model.apply_write_error(wanted.copy())
                    self.assertEqual((got.shape, got.dtype), (wanted.shape, wanted.dtype))
                    self.agree(got, mean, sd)

    def test_drift_error_has_programming_and_ageing(self):
        device = hfox(drift_nu=0.05, drift_t0=10, relaxation=0.2, relaxation_time=500,
                      relaxation_g=2e-4, relaxation_sd=2e-5)
        top, time = device.level(1).nominal, 1000.0
        covered = 0.2 * (1 - np.exp(-time / 500))
        factor = (time / 10) ** -0.05
        model, _ = created(device, time=time)
        for level in (1, 20):
            target, mean, sd = self.closed_form(device, level, top)
            spread = np.sqrt(((1 - covered) * sd) ** 2 +
                             (2e-5 / top) ** 2 * (1 - np.exp(-2 * time / 500)))
            self.agree(model.apply_write_error(np.full(CELLS, target)),
                       factor * ((1 - covered) * mean + covered * 2e-4 / top), factor * spread)

    def test_read_noise(self):
        device = hfox(read_noise=3e-6, read_noise_relative=0.02)
        top = device.level(1).nominal
        model, _ = created(device)
        for x in (0.3, 0.9):
            sd = np.hypot(3e-6 / top, 0.02 * x)
            self.agree(model.read_noise(np.full(CELLS, x, np.float32)), x, sd)

    def test_cells_arrays_and_reads_are_independent(self):
        device = hfox(read_noise=1e-5)
        params = CrossSimParameters()
        crosssim_device.use(device, params.xbar.device, seed=3)
        arrays = [Device.create_device(params.xbar.device) for _ in range(2)]
        target = np.full(CELLS, device.level(9).nominal / device.level(1).nominal)
        draws = [array.apply_write_error(target.copy()) for array in arrays]
        draws += [arrays[0].apply_write_error(target.copy())]
        draws += [arrays[0].read_noise(target.copy()) for _ in range(2)]
        draws += [np.roll(draws[0], 1)]
        off = np.corrcoef(draws) - np.eye(len(draws))
        self.assertLess(abs(off).max(), ERRORS / np.sqrt(CELLS))

    def test_error_of_a_product(self):
        device = hfox()
        params = CrossSimParameters()
        rng = np.random.default_rng(5)
        levels = rng.integers(1, 40, (400, 8))
        sign = rng.choice([-1, 1], levels.shape)
        top, low = device.level(1).nominal, device.level(64).nominal
        nominal, _, sds = np.array([device.level(int(level)) for level in range(1, 65)]).T
        w = sign * (nominal[levels - 1] - low) / (top - low)
        w[0, 0] = 1  # the largest weight, on which the host scales
        x = rng.uniform(0, 1, 8)
        crosssim_device.use(device, params.xbar.device, seed=2)
        off = AnalogCore(w, params) @ x - w @ x
        variance = (sds[levels - 1] ** 2 + sds[63] ** 2) @ x ** 2 / (top - low) ** 2
        ratio = off[1:] / np.sqrt(variance[1:])
        self.assertLess(abs(ratio.mean()), ERRORS / np.sqrt(ratio.size))
        self.assertLess(abs(np.mean(ratio ** 2) - 1), ERRORS * np.sqrt(2 / ratio.size))


class Currents(unittest.TestCase):
    def setUp(self):
        self.device = hfox(iv_nonlinearity=4, read_voltage=0.5)
        self.model, self.params = created(self.device)
        self.g = np.random.default_rng(0).uniform(self.params.Gmin_norm, 1, (5, 7))
        self.v = np.random.default_rng(1).uniform(-1, 1, (5, 7))

    def test_the_law(self):
        got = self.model.nonlinear_current(self.g, self.v)
        np.testing.assert_allclose(got, self.g * np.sinh(2 * self.v) / np.sinh(2), rtol=1e-6)
        np.testing.assert_allclose(self.model.nonlinear_current(self.g, np.ones((5, 7))), self.g,
                                   rtol=1e-6)

    def test_more_axes_of_voltages_and_sums(self):
        many = np.stack([self.v, -self.v, 0 * self.v], axis=2)
        got = self.model.nonlinear_current(self.g, many)
        for k in range(3):
            np.testing.assert_allclose(got[..., k],
                                       self.model.nonlinear_current(self.g, many[..., k]))
        sums = self.model.nonlinear_current_sum(self.g, self.v[0])
        cells = self.model.nonlinear_current(self.g, np.tile(self.v[0], (5, 1)))
        np.testing.assert_allclose(sums, cells.sum(axis=1), rtol=1e-6, atol=1e-7)
        batch = self.model.nonlinear_current_sum(self.g, self.v.T)
        np.testing.assert_allclose(batch[:, 0], sums, rtol=1e-6, atol=1e-7)

    def test_of_another_window(self):
        """CrossSim's on/off ratio may differ from the device's: the ends are the device's."""
        model, params = created(self.device, Rmax=self.params.Rmin * 4)
        self.assertEqual(params.Gmin_norm, 0.25)
        ohmic = model.nonlinear_current(np.array([0.25, 0.6, 1]), np.ones(3))
        np.testing.assert_allclose(ohmic, [0.25, 0.6, 1], rtol=1e-6)
        ends = model.models["programming_error"].siemens([0.25, 1]) if hasattr(
            model, "models") else model._programming_error_model.siemens([0.25, 1])
        np.testing.assert_allclose(ends, [self.device.level(64).nominal,
                                          self.device.level(1).nominal])
        sums = model.nonlinear_current_sum(np.array([[0.25, 0.6, 1]]), np.array([0.2, 1, -0.4]))
        cells = model.nonlinear_current(np.array([0.25, 0.6, 1]), np.array([0.2, 1, -0.4]))
        np.testing.assert_allclose(sums[0], cells.sum(), rtol=1e-6)


class Use(unittest.TestCase):
    def test_seeds_repeat_everything(self):
        target = np.linspace(0.1, 1, 50)

        def run(seed):
            model, _ = created(hfox(read_noise=1e-6), seed)
            written = [model.apply_write_error(target.copy()) for _ in range(2)]
            return np.array(written + [model.read_noise(written[0]) for _ in range(2)])
        first = run(7)
        self.assertTrue((run(7) == first).all())
        self.assertFalse((run(8) == first).any())

    def test_models_by_name(self):
        class Second(crosssim_device.MemqcDevice):
            device = memqc.Device("ideal")
        params = CrossSimParameters().xbar.device
        params.programming_error.model, params.programming_error.enable = "Second", True
        got = Device.create_device(params).apply_write_error(np.array([0.1, 1.0]))
        np.testing.assert_allclose(got, [0.1, 1], rtol=1e-6)
        params.programming_error.model = "Third"
        self.assertRaisesRegex(ValueError, "Third", Device.create_device, params)

    def test_clipping_and_window_are_the_host_s(self):
        device = hfox()
        model, params = created(device, clip_conductance=True)
        got = model.apply_write_error(np.full(1000, params.Gmin_norm))
        self.assertEqual(got.min(), params.Gmin_norm)
        self.assertGreater(got.max(), params.Gmin_norm)
        model, params = created(memqc.Device(model="constant", g_min=0, g_max=1e-4, states=11,
                                             step=1e-5))
        self.assertEqual(params.Gmin_norm, 0)
        self.assertFalse(params.nonlinear_IV.enable)
        np.testing.assert_allclose(model.apply_write_error(np.array([0, 0.52, 1])), [0, 0.5, 1],
                                   rtol=1e-6)

    def test_main(self):
        shown = io.StringIO()
        with contextlib.redirect_stdout(shown):
            crosssim_device.main()
        errors = [float(line.split()[-1]) for line in shown.getvalue().splitlines()]
        self.assertEqual(len(errors), 2)
        self.assertTrue(all(0.001 < error < 0.5 for error in errors), errors)


if __name__ == "__main__":
    main()
