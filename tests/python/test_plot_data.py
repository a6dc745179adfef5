# SPDX-License-Identifier: BSD-3-Clause
"""Each function of memqc.plot draws the numbers that it was given, with their units."""
import re

from support import ROOT, main, numpy as np, samples
import plotting
from plotting import plt

from matplotlib.collections import PolyCollection

import memqc
from memqc import plot

HFOX, BOUNDS = (str(ROOT / "examples/data" / name) for name in ("hfox-a.csv", "soft-bounds.csv"))


class Plots(plotting.Plots):
    @classmethod
    def setUpClass(cls):
        cls.fit, cls.bounds = memqc.Device.fit(HFOX), memqc.Device.fit(BOUNDS)
        cls.random = np.random.default_rng(5)

    def line(self, axes, label):
        """The points of the line whose label begins with a text."""
        found = [line for line in axes.lines if str(line.get_label()).startswith(label)]
        self.assertEqual(len(found), 1, [line.get_label() for line in axes.lines])
        return found[0].get_xdata(), found[0].get_ydata()

    def band(self, axes, number=0):
        """Lower and upper edge of a filled band, by x."""
        bands = [one for one in axes.collections if isinstance(one, PolyCollection)]
        corners = bands[number].get_paths()[0].vertices[:-1]
        xs = np.unique(corners[:, 0])
        edges = [corners[corners[:, 0] == x, 1] for x in xs]
        return xs, np.array([edge.min() for edge in edges]), np.array([e.max() for e in edges])


class Levels(Plots):
    def test_staircase_of_arrays(self):
        g = self.random.normal(50e-6, 5e-6, (200, 7))
        axes = plot.staircase(g, g[:3])
        self.assertLabels(axes, "pulse number", "conductance (µS)")
        x, middle = self.line(axes, "median")
        np.testing.assert_array_equal(x, np.arange(1, 8))
        np.testing.assert_allclose(middle, np.median(g, axis=0))
        xs, low, high = self.band(axes)
        np.testing.assert_allclose((low, high), np.quantile(g, (0.05, 0.95), axis=0))
        measured = [line for line in axes.lines if line.get_marker() == "o" and
                    line.get_markersize() < 3]
        np.testing.assert_allclose([line.get_ydata() for line in measured], g[:3])
        for place, text in self.ticks(axes.yaxis):
            self.assertAlmostEqual(place * 1e6, float(text.replace("−", "-")))

    def test_staircase_in_units_of_g0(self):
        axes = plot.staircase([4 * memqc.G0, 2 * memqc.G0], unit="G0")
        self.assertLabels(axes, "pulse number", "conductance (G₀ = 77.5 µS)")
        for place, text in self.ticks(axes.yaxis):
            self.assertAlmostEqual(place / memqc.G0, float(text))

    def test_staircase_of_a_fit_covers_its_data(self):
        for device, data, pulses in ((self.fit, HFOX, 32), (self.bounds, BOUNDS, 64)):
            axes = plot.staircase(device, data)
            xs, low, high = self.band(axes)
            np.testing.assert_array_equal(xs, np.arange(1, pulses + 1))
            measured = [line for line in axes.lines if line.get_markersize() < 3]
            inside = np.concatenate([
                (low <= line.get_ydata()) & (line.get_ydata() <= high) for line in measured])
            self.assertGreater(inside.mean(), 0.85)
            self.assertLess(inside.mean(), 0.97)

    def test_staircase_leaves_the_device_as_it_was(self):
        device, twin = memqc.Device("hfox-a", seed=4), memqc.Device("hfox-a", seed=4)
        nominal = self.line(plot.staircase(device), "nominal")[1]
        np.testing.assert_allclose(nominal, [device.level(n).nominal for n in range(1, 33)])
        np.testing.assert_array_equal(device.staircase(), twin.staircase())

    def test_level_histogram(self):
        g = self.random.normal((20e-6, 60e-6), (1e-6, 3e-6), (20000, 2))
        axes = plot.level_histogram(g, [1, 2], density=True)
        self.assertLabels(axes, "conductance (µS)", "density (1/mS)")
        widths = [float(width) for width in re.findall(r"FWHM ([\d.]+) µS", self.legend(axes))]
        np.testing.assert_allclose(widths, (2.355, 7.064), rtol=0.02)
        for patch in axes.patches:
            heights, edges, _ = patch.get_data()
            self.assertAlmostEqual(float(np.sum(heights * np.diff(edges))), 1)
        axes = plot.level_histogram(g)
        self.assertEqual(axes.get_ylabel(), "density, part of the peak (%)")
        for level in ("level 1", "level 2"):
            self.assertAlmostEqual(float(self.line(axes, level)[1].max()), 1, 3)
        few = plot.level_histogram(g[:9, 0], normal=[(20e-6, 2e-6)], ax=plt.figure().add_subplot())
        self.assertIn("FWHM 4.71 µS", self.legend(few))
        np.testing.assert_array_equal(few.lines[0].get_xdata(), g[:9, 0])

    def test_level_cdf_of_normal_cells_is_straight(self):
        g = self.random.normal(20e-6, 1e-6, 2000)
        axes = plot.level_cdf(g)
        self.assertLabels(axes, "conductance (µS)", "cells below (%)")
        x, y = self.line(axes, "level 1")
        np.testing.assert_array_equal(x, np.sort(g))
        self.assertGreater(np.corrcoef(x, y)[0, 1], 0.998)
        shown = dict((text, place) for place, text in self.ticks(axes.yaxis))
        self.assertAlmostEqual(shown["50"], 0)
        self.assertAlmostEqual(shown["95"], 1.6449, 4)


class Fits(Plots):
    def distance(self, z):
        """Kolmogorov's distance from the normal distribution, by the definition."""
        from statistics import NormalDist
        below = np.array([NormalDist().cdf(value) for value in np.sort(z)])
        steps = np.arange(len(z) + 1) / len(z)
        return max((steps[1:] - below).max(), (below - steps[:-1]).max())

    def test_residuals_are_those_that_the_library_tested(self):
        for device, data, near in ((self.fit, HFOX, 0.002), (self.bounds, BOUNDS, 0.004)):
            axes = plot.residual_qq(device, data)
            self.assertLabels(axes, "normal quantile (sd)", "residual (sd)")
            x, z = next(line.get_data() for line in axes.lines if "residuals" in line.get_label())
            self.assertEqual(len(z), device.fit_value("points"))
            self.assertAlmostEqual(self.distance(z), device.fit_value("ks"), delta=near)
            self.assertIn(f"p = {device.fit_value('ks_p'):.2f}", self.legend(axes))

    def test_residuals_of_a_fit_far_out(self):
        from unittest import mock
        z = np.sort(np.append(self.random.normal(size=998), [-40, 40])).astype(np.float32)
        with mock.patch.object(memqc.Device, "fit_residuals", z):
            axes = plot.residual_qq(self.fit)
        x, drawn = next(line.get_data() for line in axes.lines if "residuals" in line.get_label())
        self.assertLess(np.abs(drawn).max(), 5.2)
        self.assertAlmostEqual(np.polyfit(x[250:750], drawn[250:750], 1)[0], 1, delta=0.06)

    def test_p_of_plain_residuals(self):
        z = self.random.normal(3, 2, 300)
        for values, low, high in ((z, 0.02, 1), (self.random.uniform(size=300), 0, 0.02)):
            text = self.legend(plot.residual_qq(values, ax=plt.figure().add_subplot()))
            p = float(re.search(r"p (?:= |< )([\d.]+)", text)[1])
            self.assertTrue(low <= p <= high, text)
        self.assertIn("p = 0.25", self.legend(plot.residual_qq(z, p=0.25)))

    def test_lilliefors_p_is_that_of_the_library(self):
        from memqc.plot._fits import residuals
        from memqc.plot._given import pulses_of
        from memqc.plot._normal import lilliefors
        p = lilliefors(residuals(self.fit, pulses_of("data", HFOX)))
        self.assertAlmostEqual(p, self.fit.fit_value("ks_p"), delta=0.05)

    def test_model_choice(self):
        for criterion in ("bic", "aic"):
            axes = plot.model_choice(self.fit, criterion=criterion)
            names = [text.get_text() for text in axes.get_yticklabels()]
            self.assertEqual(len(names), 11)
            taken = self.fit.fit_value(criterion, self.fit.fit_candidate)
            for name, bar in zip(names, axes.patches):
                self.assertAlmostEqual(bar.get_width(),
                                       self.fit.fit_value(criterion, name) - taken, places=6)
            self.assertIn(criterion.upper(), axes.get_xlabel())
            self.assertIn("quantized-linear", axes.get_xlabel())

    def test_model_choice_of_a_mapping(self):
        axes = plot.model_choice({"one": 30.0, "two": 10.0})
        self.assertEqual([bar.get_width() for bar in axes.patches], [20, 0])
        self.assertEqual([text.get_text().strip() for text in axes.texts], ["+20.0", "taken"])

    def test_spread_split_finds_both_spreads(self):
        devices = self.random.normal(50e-6, 3e-6, (400, 1, 5))
        g = devices + self.random.normal(0, 2e-6, (400, 12, 5))
        axes = plot.spread_split(g)
        self.assertLabels(axes, "pulse number", "standard deviation (µS)")
        within, between = (self.line(axes, name)[1] for name in ("cycle", "device"))
        np.testing.assert_allclose(within, 2e-6, rtol=0.05)
        np.testing.assert_allclose(between, 3e-6, rtol=0.15)
        np.testing.assert_allclose(self.line(axes, "both")[1] ** 2, within ** 2 + between ** 2)
        np.testing.assert_array_equal(
            self.line(plot.spread_split(BOUNDS), "cycle")[0], np.arange(1, 65))


class Pulses(Plots):
    def test_jump_density(self):
        g = self.random.uniform(10e-6, 90e-6, 20000)
        step = self.random.normal(0.1 * (90e-6 - g), 1e-6)
        axes = plot.jump_density(g, step)
        self.assertLabels(axes, "conductance before the pulse (µS)", "jump of a SET pulse (µS)")
        x, middle = self.line(axes, "median")
        np.testing.assert_allclose(middle, 0.1 * (90e-6 - x), atol=0.25e-6)
        high = self.line(axes, "5 and 95 %")[1]
        np.testing.assert_allclose(high - middle, 1.645e-6, rtol=0.2)

    def test_jumps_of_data_and_of_a_device(self):
        axes = plot.jump_density(BOUNDS, direction="down")
        self.assertLess(self.line(axes, "median")[1].max(), 0)
        self.assertIn("RESET", axes.get_ylabel())
        device = memqc.Device(model="soft-bounds", c2c_step=0)
        x, middle = self.line(plot.jump_density(device, cells=4000), "median")
        wanted = [device.response("up", g, 1)[0] - g for g in x.tolist()]
        np.testing.assert_allclose(middle, wanted, rtol=0.05, atol=0.02 * max(wanted))

    def test_iv_loop_of_arrays(self):
        v = np.tile([0, 1, 0, -1, 0], (3, 1)).astype(float)
        i = v * np.array([[1e-6], [2e-6], [3e-6]])
        axes = plot.iv_loop(v, i)
        self.assertLabels(axes, "voltage (V)", "current (µA)")
        np.testing.assert_array_equal([line.get_ydata() for line in axes.lines[:3]], i)
        axes = plot.iv_loop(v[0], i[0], log=True, ax=plt.figure().add_subplot())
        self.assertEqual(axes.get_yscale(), "log")
        self.assertEqual(np.nanmin(axes.lines[0].get_ydata()), 1e-6)

    def test_iv_loop_of_a_device_switches(self):
        v, i = plot.iv_loop(memqc.Device("hfox-a")).lines[0].get_data()
        with np.errstate(invalid="ignore"):
            g = i / v
        before, after = g[(v > 0) & (v < 0.9)][[0, -1]]
        self.assertGreater(after / before, 15)  # set on the way to the right
        self.assertLess(g[-2] / after, 0.1)  # and reset on the way to the left

    def test_retention(self):
        t = np.logspace(0, 6, 9)
        g = self.random.normal(50e-6, 2e-6, (9, 3000))
        axes = plot.retention(t, g, label="cells")
        self.assertLabels(axes, "time after programming (s)", "conductance (µS)")
        self.assertEqual(axes.get_xscale(), "log")
        np.testing.assert_allclose(self.line(axes, "cells")[1], np.median(g, axis=1))
        for number, parts in enumerate(((0.05, 0.95), (0.25, 0.75))):
            np.testing.assert_allclose(self.band(axes, number)[1:], np.quantile(g, parts, axis=1))
        device = memqc.Device("hfox-a", drift_nu=0.1, sigma=0, k=0)
        level = self.line(plot.retention([1, 1e4], device, levels=[8], cells=9), "level 8")[1]
        self.assertAlmostEqual(level[1] / level[0], 1e4 ** -0.1, places=3)

    def test_programming(self):
        target = np.array([10e-6, 20e-6, 30e-6])
        axes = plot.programming(target, target + 3e-6, [1, 2, 2, 7])
        self.assertLabels(axes, "target conductance (µS)", "programmed conductance (µS)")
        np.testing.assert_array_equal(axes.lines[0].get_data(), (target, target + 3e-6))
        self.assertIn("3 cells, rms error 3 µS", self.legend(axes))
        corner = axes.child_axes[0]
        self.assertLabels(corner, "pulses", "cells (%)")
        np.testing.assert_allclose(corner.lines[0].get_data(),
                                   ([1, 1, 2, 2, 7], [0, 0.25, 0.5, 0.75, 1]))

    def test_programming_of_a_crossbar(self):
        device = memqc.Device("hfox-a", sigma=0, k=0)
        crossbar = memqc.Crossbar(device, self.random.uniform(-1, 1, (6, 5)))
        x, y = plot.programming(crossbar).lines[0].get_data()
        np.testing.assert_allclose(x, y, rtol=1e-6)
        np.testing.assert_allclose(y, crossbar.conductances[0].ravel())


class Curves(Plots):
    def test_curve_with_band(self):
        axes = plot.curve([0, 1e-6], [1e-9, 2e-9], low=[0, 1e-9], high=[2e-9, 3e-9],
                          xlabel=("time", "s"), ylabel=("energy", "J"), label="a", linewidth=3)
        self.assertLabels(axes, "time (µs)", "energy (nJ)")
        np.testing.assert_array_equal(self.line(axes, "a"), ([0, 1e-6], [1e-9, 2e-9]))
        np.testing.assert_array_equal(self.band(axes)[2], [2e-9, 3e-9])
        self.assertEqual(axes.lines[0].get_linewidth(), 3)

    def test_prefixes(self):
        for largest, unit, label in ((2e-9, "S", "nS"), (900e-6, "S", "µS"), (1e-3, "S", "mS"),
                                     (4e7, "Ω", "MΩ"), (500, "s", "s"), (3, "V", "V"),
                                     (0.4, "%", "%"), (1e6, "1/S", "1/µS")):
            axes = plot.curve([0, 1], [0, largest], ylabel=("what", unit),
                              ax=plt.figure().add_subplot())
            self.assertEqual(axes.get_ylabel(), f"what ({label})")
            plt.close("all")

    def test_networks_and_arrays_share_the_style(self):
        x, y = samples(60)
        mlp = memqc.MLP((4, 4, 3), seed=1).fit(x, y, epochs=2)
        axes = plot.accuracy_epochs(mlp)
        np.testing.assert_array_equal(axes.lines[0].get_ydata(), mlp.history["accuracy"])


if __name__ == "__main__":
    main()
