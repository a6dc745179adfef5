# SPDX-License-Identifier: BSD-3-Clause
"""Devices: levels, draws, pulses, ageing, and fits of measured curves."""
import math
import unittest
import warnings

import support
import numpy as np

import memqc

PULSED = "soft-bounds"


class Devices(unittest.TestCase):
    def test_presets_and_levels(self):
        self.assertIn("hfox-a", memqc.Device.presets())
        with self.assertRaisesRegex(memqc.ArgumentError, 'call memqc.Device\\(model="jumps"\\)'):
            memqc.Device("jumps")
        device = memqc.Device("hfox-a", states=64)
        self.assertEqual(device.levels, 64)
        first, last = device.level(1), device.level(64)
        self.assertAlmostEqual(first.nominal, 16 * memqc.G0)
        self.assertLess(last.nominal, first.nominal)
        self.assertEqual(device.nearest([[first.nominal], [last.nominal]]).tolist(), [[1], [64]])
        self.assertEqual(device.ramp().shape, (64,))
        with self.assertRaises(memqc.ArgumentError):
            device.level(65)
        with self.assertRaisesRegex(memqc.ArgumentError, "hfox-a"):
            memqc.Device("nothing")

    def test_presets_are_their_parameters(self):
        for name in memqc.Device.presets():
            preset = memqc.Device(name)
            made = memqc.Device(**{each: preset.get(each) for each in memqc.Device.parameters()})
            self.assertEqual(made.to_bytes(), preset.to_bytes())
            if preset.model == "quantized":
                with warnings.catch_warnings():  # the levels of pcm are no quanta
                    warnings.simplefilter("ignore", memqc.DeviceWarning)
                    made.law = preset.law = "measured"
                self.assertEqual(made.level(5), preset.level(5))

    def test_draws_are_fresh_and_repeatable(self):
        one, two = memqc.Device("hfox-a", seed=3), memqc.Device("hfox-a", seed=3)
        first = one.staircase(cycles=12)
        self.assertEqual(first.shape, (12, 32))
        self.assertFalse((first == one.staircase(12)).all())
        self.assertTrue((first == two.staircase(12)).all())
        self.assertTrue((first == one.staircase(12, draw=0)).all())
        self.assertEqual(one.draw([[1, 2], [3, 4]]).shape, (2, 2))
        grid = one.draw_levels([1, 2, 3], cells=5, draw=7)
        self.assertEqual(grid[4, 1], one.draw(2, cell=4, draw=8))

    def test_seed_of_a_generator(self):
        seeds = [memqc.Device("hfox-a", seed=np.random.default_rng(1)).seed for _ in range(2)]
        self.assertEqual(*seeds)
        device = memqc.Device("hfox-a", seed=(1 << 64) - 1)
        self.assertEqual(device.seed, (1 << 64) - 1)
        for bad in (-1, 1 << 64):
            with self.assertRaises(memqc.ArgumentError):
                device.seed = bad
        device.seed = 5
        self.assertEqual(device.seed, 5)

    def test_pulses(self):
        device = memqc.Device(PULSED)
        state = np.full(3, device.g_min)
        cells = device.pulse(state, 5)
        self.assertTrue((cells.state > state.astype("f4")).all())
        self.assertEqual(cells.cost.set, 15)
        more = device.pulse(cells, [1, 0, -1])
        self.assertEqual(more.state[1], cells.state[1])
        self.assertEqual((more.cost.set, more.cost.reset), (1, 1))
        self.assertTrue((device.apply(more, 0.0).state == more.state).all())
        self.assertEqual(device.program(more, 3).state.shape, (3,))
        self.assertEqual(device.response("up", device.g_min, 4).shape, (4,))
        with self.assertRaises(memqc.ArgumentError):
            device.pulse(state, [1, 2])

    def test_pulses_of_levels(self):
        device = memqc.Device("ideal")
        cells = device.pulse([1, 5, 31], -2)
        self.assertEqual(cells.state.tolist(), [3, 7, 32])
        wanted = [device.level(level).nominal for level in (3, 7, 32)]
        np.testing.assert_allclose(cells.conductance, wanted, rtol=1e-5)
        with self.assertRaises(memqc.DataError):
            device.pulse([0.5], 1)

    def test_after_programming(self):
        device = memqc.Device("hfox-a", read_noise=1e-6, drift_nu=0.1, stuck_on=0.5,
                              rtn_amplitude=0.2, iv_nonlinearity=2)
        g = np.full((2, 3), 1e-4)
        self.assertEqual(device.read(g).shape, (2, 3))
        self.assertTrue((device.age(g, 1e4) < g).all())
        self.assertIn("on", device.faults(100))
        self.assertGreater(device.stuck(np.full(100, 1e-4)).max(), 1e-3)
        self.assertEqual(device.current(g, 0.1).shape, (2, 3))
        traps = device.telegraph_begin(50)
        later = device.telegraph_advance(traps, 10)
        read = device.telegraph_read(later, np.ones(50))
        self.assertEqual(set(np.round(read[later == 1], 3).tolist()), {np.float32(0.8).round(3)})
        self.assertEqual(memqc.Device(PULSED, d2d_g_max=0.1).cells("g_max", 4).shape, (4,))

    def test_flicker_of_reads(self):
        device = memqc.Device(flicker=0.01, flicker_drawn="per-read", sigma=0, k=0)
        g = np.full(5000, 1e-3)
        self.assertTrue((device.age(g, 1e4) == g.astype("f4")).all())
        first, second = device.read_flicker(g, 1e4), device.read_flicker(g, 1e4)
        self.assertFalse((first == second).any())
        wanted = 0.01 * np.sqrt(np.log(1e4 / 5e-7))
        self.assertAlmostEqual(first.std() / 1e-3 / wanted, 1, delta=0.05)
        with self.assertRaises(memqc.StateError):
            memqc.Device().read_flicker(g, 1)

    def test_cycles_remember(self):
        device = memqc.Device(cycle_correlation=0.8, seed=3, below_zero="redraw")
        z = np.array([device.staircase(20, cell=cell, draw=0)[:, 4] for cell in range(200)])
        z -= z.mean()
        self.assertAlmostEqual((z[:, 1:] * z[:, :-1]).mean() / z.var(), 0.8, delta=0.05)

    def test_warnings(self):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            device = memqc.Device("hfox-a", states=64)
            self.assertEqual(device.warnings, [])
            memqc.Device("pcm")  # its levels are no quantized conductances
        with self.assertWarnsRegex(memqc.DeviceWarning, "above 16 G0") as caught:
            device.g_max = 20 * memqc.G0
        self.assertEqual(caught.filename, __file__)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            device.sigma = 1e-5  # nothing new
            device.copy()
        self.assertEqual(len(device.warnings), 1)
        with self.assertWarnsRegex(memqc.DeviceWarning, "below 0.5 G0") as caught:
            memqc.Device(g_min=1e-6)
        self.assertEqual(caught.filename, __file__)

    def test_tables(self):
        device = memqc.Device(model="table")
        device.set_table("up", [1e-5, 2e-5], [1e-6, 2e-6])
        g, step = device.table("up")
        np.testing.assert_allclose(step, [1e-6, 2e-6])
        with self.assertRaisesRegex(memqc.ArgumentError, "up, down"):
            device.table("sideways")

    def test_summary(self):
        self.assertEqual(memqc.summary([1, 2, 3])["median"], 2)
        self.assertEqual(memqc.summary([1.0])["mean"], 1)
        self.assertEqual(memqc.summary([1.0], bounds=(0, 1))["mean"], 1)
        with self.assertRaisesRegex(memqc.ArgumentError, "bounds = "):
            memqc.summary([0.8, 0.9], bounds=(1, 0))
        free, cut = memqc.summary([0.8, 0.9]), memqc.summary([0.8, 0.9], bounds=(0, 1))
        self.assertGreater(free["high"], 1)
        self.assertEqual((cut["low"], cut["high"]), (free["low"], 1))
        with self.assertRaises(memqc.DataError):
            memqc.summary([np.nan, 1])


class Fits(unittest.TestCase):
    path = support.ROOT / "examples/data/hfox-a.csv"

    def test_csv_arrays_and_frames_agree(self):
        told = []
        fitted = memqc.Device.fit(self.path, progress=told.append)
        self.assertAlmostEqual(fitted.k, 0.0301, 3)
        self.assertEqual(fitted.fit_candidate, "quantized-linear")
        self.assertLess(fitted.fit_value("standard_error", "g_max"), 1e-5)
        self.assertEqual(fitted.fit_value("points"), 372)
        self.assertEqual(told[0].phase, "fit")
        columns = np.loadtxt(self.path, delimiter=",", skiprows=2)
        cycle, pulse, g = columns.T
        frame = {"cycle": cycle.astype(int), "pulse": pulse.astype(int),
                 "conductance": g * memqc.G0, "note": ["x"] * len(g)}
        for other in (memqc.Device.fit(frame, model="quantized-linear"),
                      memqc.Device.fit(frame["pulse"], frame["conductance"],
                                       cycle=frame["cycle"], model="quantized")):
            self.assertAlmostEqual(other.sigma, fitted.sigma, 9)
            self.assertIn("quantized-linear describes these data", other.fit_verdict)

    def test_repeated_readings(self):
        cycle, pulse, g = np.loadtxt(self.path, delimiter=",", skiprows=2).T
        noise = np.random.default_rng(1).normal(0, 0.2, (3, len(g)))
        frame = {"cycle": np.tile(cycle, 3).astype(int), "pulse": np.tile(pulse, 3).astype(int),
                 "read": np.repeat([0, 1, 2], len(g)), "conductance (G0)": (g + noise).reshape(-1)}
        fitted = memqc.Device.fit(frame, model="quantized-linear")
        self.assertIn("Repeated readings tell", fitted.fit_noise)
        error = fitted.fit_value("standard_error", "read_noise")
        self.assertLess(abs(fitted.read_noise - 0.2 * memqc.G0), 3 * error)
        once = memqc.Device.fit(self.path, model="quantized-linear")
        self.assertIn("cannot tell", once.fit_noise)
        self.assertLess(abs(fitted.sigma - once.sigma), once.fit_value("standard_error", "sigma"))
        frame["read"][0] = 2
        with self.assertRaisesRegex(memqc.DataError, "read 2 twice, in rows 0 and 768"):
            memqc.Device.fit(frame)

    def test_what_was_left_out(self):
        clean = memqc.Device.fit(self.path, model="quantized-linear")
        self.assertEqual(clean.left_out, [])
        self.assertLess(abs(clean.fit_value("drift")), 4 * clean.fit_value("drift_error"))
        cycle, pulse, g = np.loadtxt(self.path, delimiter=",", skiprows=2).T
        g[[7, 50, 90]] = np.nan, 9.9e37, 100
        frame = {"cycle": cycle.astype(int), "pulse": pulse.astype(int), "conductance (G0)": g}
        fitted = memqc.Device.fit(frame, model="quantized-linear")
        self.assertEqual([(one.row, one.reason) for one in fitted.left_out],
                         [(7, "not a finite number"), (50, "overflow of the instrument"),
                          (90, "far from its neighbours")])
        self.assertTrue(np.isnan(fitted.left_out[0].value))
        self.assertAlmostEqual(fitted.left_out[2].value / memqc.G0, 100, 4)
        self.assertEqual(repr(memqc.Device.from_bytes(fitted.to_bytes()).left_out),
                         repr(fitted.left_out))
        with self.assertRaisesRegex(memqc.DataError, "units seem to be mixed up"):
            g[[10, 20, 30]] *= 1000
            memqc.Device.fit(frame)
        with self.assertRaises(memqc.StateError):
            memqc.Device().left_out

    def test_residuals(self):
        fitted = memqc.Device.fit(self.path, model="quantized-linear")
        z = fitted.fit_residuals
        self.assertEqual(z.size, fitted.fit_value("points"))
        self.assertTrue((np.diff(z) >= 0).all())
        self.assertAlmostEqual(float(z.std()), 1, delta=0.15)
        with self.assertRaises(memqc.StateError):
            memqc.Device.from_bytes(fitted.to_bytes()).fit_residuals

    def test_residuals_of_tables_of_jumps(self):
        random, g, rows = np.random.default_rng(5), 5e-5, []
        for pulse in range(2000):
            up = pulse % 400 < 200
            size = random.exponential(2e-6) * ((1e-4 - g) if up else (1e-5 - g)) / 9e-5
            g += size
            rows.append((pulse // 400, pulse % 400, 1 if up else -1, g))
        cycle, pulse, direction, readings = np.array(rows).T
        fitted = memqc.Device.fit(pulse.astype(int), readings, cycle=cycle.astype(int),
                                  direction=direction.astype(int), model="jumps")
        z = np.asarray(fitted.fit_residuals, float)
        below = np.array([0.5 * math.erfc(-value / math.sqrt(2)) for value in z])
        steps = np.arange(z.size + 1) / z.size
        self.assertAlmostEqual(max((steps[1:] - below).max(), (below - steps[:-1]).max()),
                               fitted.fit_value("ks"), 5)
        # Nothing was fitted to them: Kolmogorov's probability, not that of fitted mean and sd.
        scaled = (math.sqrt(z.size) + 0.12 + 0.11 / math.sqrt(z.size)) * fitted.fit_value("ks")
        p = sum(2 * (-1) ** (k - 1) * math.exp(-2 * (k * scaled) ** 2) for k in range(1, 50))
        self.assertAlmostEqual(fitted.fit_value("ks_p"), p, 5)

    def test_refusals(self):
        with self.assertRaises(memqc.Stopped):
            memqc.Device.fit(self.path, progress=lambda report: True)
        with self.assertRaises(ZeroDivisionError):
            memqc.Device.fit(self.path, progress=lambda report: 1 / 0)
        with self.assertRaises(OSError):
            memqc.Device.fit("/nowhere.csv")
        with self.assertRaisesRegex(memqc.ArgumentError, "conductance"):
            memqc.Device.fit([1, 2, 3])
        with self.assertRaisesRegex(memqc.ArgumentError, "quantized-linear"):
            memqc.Device.fit(self.path, model="nothing")
        with self.assertRaises(memqc.StateError):
            memqc.Device().fit_value("bic")

    def test_devices_are_drawn_from_a_fit(self) -> None:
        fitted = memqc.Device.fit(self.path, model="quantized-linear")
        drawn = np.array([fitted.fit_draw(1, i).sigma for i in range(300)])
        error = fitted.fit_value("standard_error", "sigma")
        self.assertAlmostEqual(float(drawn.mean() - fitted.sigma) / error, 0, delta=0.3)
        self.assertAlmostEqual(float(drawn.std()) / error, 1, delta=0.2)
        self.assertEqual(drawn[7], fitted.fit_draw(1, 7).sigma)
        with self.assertRaisesRegex(memqc.StateError, "not made by memqc_device_fit"):
            memqc.Device().fit_draw(1)


if __name__ == "__main__":
    support.main()
