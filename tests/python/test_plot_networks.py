# SPDX-License-Identifier: BSD-3-Clause
"""The functions of memqc.plot for arrays and networks draw the numbers that they were given."""
from support import main, numpy as np, samples
import plotting
from plotting import plt

from matplotlib.collections import LineCollection

import memqc
from memqc import plot


class Plots(plotting.Plots):
    @classmethod
    def setUpClass(cls):
        cls.random = np.random.default_rng(6)
        cls.x, cls.y = samples(200)
        cls.mlp = memqc.MLP((4, 8, 3), memqc.Device("hfox-a"), rule="mixed-precision",
                            activation="relu", loss="cross-entropy", mapping="differential",
                            input_bits=0, learning_rate=0.1, seed=3)
        cls.mlp.fit(cls.x, cls.y, epochs=6, validation=0.2)

    def bars(self, axes):
        """Lower and upper ends of error bars."""
        lines = [one for one in axes.collections if isinstance(one, LineCollection)]
        return np.array([segment[:, 1] for one in lines for segment in one.get_segments()])

    def texts(self, axis):
        return [text for _, text in self.ticks(axis)]


class Arrays(Plots):
    def crossbar(self, **parameters):
        device = memqc.Device("hfox-a", stuck_on=0.1)
        return memqc.Crossbar(device, self.random.uniform(-1, 1, (12, 6)), **parameters)

    def test_conductance_map(self):
        crossbar = self.crossbar()
        axes = plot.conductance_map(crossbar)
        self.assertLabels(axes, "column (bit line)", "row (word line)")
        np.testing.assert_array_equal(axes.images[0].get_array(), crossbar.conductances[0])
        self.assertEqual(axes.figure.axes[1].get_ylabel(), "conductance (mS)")
        rows, cols = np.nonzero(crossbar.stuck[0])
        self.assertGreater(rows.size, 0)
        np.testing.assert_array_equal(axes.lines[0].get_data(), (cols, rows))
        self.assertEqual(self.legend(axes), f"{rows.size} stuck")
        plain = plot.conductance_map([[1e-6, 2e-6]], stuck=[[0, 1]],
                                     ax=plt.figure().add_subplot())
        np.testing.assert_array_equal(plain.lines[0].get_data(), ([1], [0]))
        self.assertEqual(plain.figure.axes[1].get_ylabel(), "conductance (µS)")

    def test_ir_drop_map(self):
        crossbar = self.crossbar(word_resistance=5, bit_resistance=5)
        volts = np.full(12, crossbar.read_voltage)
        nodes = crossbar.nodes(volts)
        wanted = volts[:, None] - (nodes.word.astype(float) - nodes.bit)
        for arguments in ((crossbar,), (crossbar, volts), (nodes, volts),
                          (nodes.word - nodes.bit, volts)):
            axes = plot.ir_drop_map(*arguments, ax=plt.figure().add_subplot())
            np.testing.assert_allclose(axes.images[0].get_array(), wanted, atol=1e-8)
            self.assertIn("mV", axes.figure.axes[1].get_ylabel())
            row, col = np.unravel_index(wanted.argmax(), wanted.shape)
            self.assertTrue(axes.get_title(loc="left").endswith(f"row {row}, column {col}"))

    def test_size_error_of_numbers(self):
        errors = self.random.lognormal(-3, 0.3, (3, 40))
        axes = plot.size_error([16, 32, 64], {"a": errors, "b": errors[:, 0]})
        self.assertLabels(axes, "rows of the array", "relative error of a product (%)")
        np.testing.assert_allclose(axes.lines[0].get_ydata(), np.median(errors, axis=1))
        np.testing.assert_allclose(axes.lines[1].get_ydata(), errors[:, 0])
        self.assertEqual(len(axes.collections), 1)  # one number has no band
        self.assertEqual(self.texts(axes.xaxis), ["16", "32", "64"])

    def test_bands_of_errors_stay_above_zero(self):
        axes = plot.size_error([16, 32], [[0.001, 0.001, 0.4]] * 2, band="sd")
        edge = axes.collections[0].get_paths()[0].vertices[:, 1]
        self.assertAlmostEqual(edge.min(), 0.0001)

    def test_size_error_of_crossbars(self):
        def crossbars(wire):
            device = memqc.Device("ideal")
            return [memqc.Crossbar(device, np.random.default_rng(n).uniform(-1, 1, (n, 4)),
                                   mapping="differential", word_resistance=wire,
                                   bit_resistance=wire) for n in (8, 32)]
        poor = plot.size_error(crossbars(0.2)).lines[0]
        good = plot.size_error(crossbars(0.02), ax=plt.figure().add_subplot()).lines[0]
        np.testing.assert_array_equal(poor.get_xdata(), [8, 32])
        self.assertGreater(poor.get_ydata()[1], 2 * poor.get_ydata()[0])
        np.testing.assert_allclose(poor.get_ydata() / good.get_ydata(), 10, rtol=0.5)


class Accuracies(Plots):
    def test_epochs_of_seeds(self):
        seeds = self.random.uniform(0.6, 0.8, (5, 4))
        axes = plot.accuracy_epochs(seeds, label="rule", target=0.75)
        self.assertLabels(axes, "epoch", "accuracy (%)")
        np.testing.assert_array_equal(axes.lines[0].get_xdata(), [1, 2, 3, 4])
        np.testing.assert_allclose(axes.lines[0].get_ydata(), seeds.mean(axis=0))
        band = axes.collections[0].get_paths()[0].vertices
        told = memqc.summary(seeds[:, 0])
        ends = band[band[:, 0] == 1, 1]
        np.testing.assert_allclose((ends.min(), ends.max()), (told["low"], told["high"]))
        self.assertIn("95 % confidence interval of the mean of 5", self.legend(axes))
        self.assertIn("target 75 %", self.legend(axes))
        axes.figure.canvas.draw()
        for tick in axes.yaxis._update_ticks():
            self.assertAlmostEqual(float(tick.label1.get_text()), 100 * tick.get_loc())

    def test_curves_without_bands_are_in_view(self):
        values = {"a": [0.5, 0.7, 0.9], "b": [0.3, 0.4, 0.6]}
        for axes in (plot.accuracy_epochs(values), plot.accuracy_states([4, 16, 64], values),
                     plot.accuracy_time([1, 1e3, 1e6], values)):
            box = axes.get_xlim(), axes.get_ylim()
            points = np.concatenate([line.get_xydata() for line in axes.lines])
            self.assertEqual(len(points), 6)
            for low, high, place in zip(*np.transpose(box), points.T):
                self.assertTrue((low <= place).all() and (place <= high).all(), box)

    def test_epochs_of_networks(self):
        axes = plot.accuracy_epochs({"one": self.mlp, "two": [0.5, 0.6]})
        history = self.mlp.history
        wanted = {"one, training": history["accuracy"],
                  "one, validation": history["validation_accuracy"], "two": [0.5, 0.6]}
        self.assertEqual([line.get_label() for line in axes.lines], list(wanted))
        for line, values in zip(axes.lines, wanted.values()):
            np.testing.assert_array_equal(line.get_ydata(), values)

    def test_intervals_stay_within_the_possible(self):
        for values in ([0.43, 0.99], [0.98, 1.0], [0.0, 0.02]):
            for band in ("interval", "sd", "quantiles"):
                axes = plot.accuracy_states([4, 8], [values, values], band=band,
                                            ax=plt.figure().add_subplot())
                ends = self.bars(axes)
                self.assertGreaterEqual(ends.min(), 0)
                self.assertLessEqual(ends.max(), 1)
                self.assertLess(ends.min(), np.mean(values))
                low, high = axes.get_ylim()
                self.assertTrue(0 <= low and high <= 1.02)
                plt.close("all")

    def test_states_may_have_unequal_numbers_of_seeds(self):
        rows = [[0.1, 0.12], [0.7, 0.72, 0.74], 0.9]
        axes = plot.accuracy_states([4, 16, 64], {"A": rows, "B": [0.1, 0.2, 0.3]})
        self.assertLabels(axes, "states of a cell", "accuracy (%)")
        np.testing.assert_allclose(axes.lines[0].get_ydata(), [0.11, 0.72, 0.9])
        self.assertEqual(self.texts(axes.xaxis), ["4", "16", "64"])

    def test_time(self):
        seconds = [1, 1e3, 1e6]
        rows = [self.mlp.monte_carlo(self.x, self.y, seconds=time, instances=6)
                for time in seconds]
        axes = plot.accuracy_time(seconds, rows)
        self.assertLabels(axes, "time after programming (s)", "accuracy (%)")
        self.assertEqual(axes.get_xscale(), "log")
        np.testing.assert_allclose(axes.lines[0].get_ydata(), np.mean(rows, axis=1))
        self.assertIn("10⁰", self.texts(axes.xaxis))

    def test_monte_carlo(self):
        values = self.random.uniform(0.8, 0.9, 200)
        axes = plot.monte_carlo(values, target=0.85)
        self.assertLabels(axes, "accuracy (%)", "instances")
        self.assertEqual(sum(bar.get_height() for bar in axes.patches), 200)
        drawn = sorted(line.get_xdata()[0] for line in axes.lines)
        np.testing.assert_allclose(drawn, sorted([*np.quantile(values, (0.05, 0.5, 0.95)), 0.85]))
        self.assertIn(f"{100 * np.mean(values >= 0.85):.0f} % reach the target",
                      self.legend(axes))
        plot.monte_carlo([0.9, 0.9])  # instances that are all alike

    def test_cost(self):
        axes = plot.cost_accuracy({"a": (2e-9, [0.8, 0.9]), "b": (5e-9, [0.7])}, target=0.8)
        self.assertLabels(axes, "energy of programming (nJ)", "accuracy (%)")
        self.assertEqual([tuple(np.ravel(line.get_data())) for line in axes.lines[:1]],
                         [(2e-9, (0.8 + 0.9) / 2)])
        axes = plot.cost_accuracy(self.mlp, what="pulses", ax=plt.figure().add_subplot())
        self.assertEqual(axes.get_xlabel(), "pulses")
        history = self.mlp.history
        np.testing.assert_array_equal(
            axes.lines[0].get_data(), (np.cumsum(history["pulses"]),
                                       history["validation_accuracy"]))


class Studies(Plots):
    def limits(self, **changes):
        values = dict(ideal=0.97, accuracy=0.92, loss=0.05, loss_low=0.03, loss_high=0.07,
                      value=100e-6, factor=0.5, factor_low=0.4, factor_high=0.6, required=50e-6,
                      required_low=40e-6, required_high=60e-6)
        return memqc.Limits(**{**values, **changes})

    def test_tornado_of_limits(self):
        nan = float("nan")
        limits = {"c2c": self.limits(), "levels": self.limits(loss=0.01, value=32, required=9.0),
                  "asymmetry": self.limits(loss=0.0, value=0.0, required=nan),
                  "all": self.limits(loss=0.06)}
        axes = plot.tornado(limits, target=0.95)
        self.assertEqual(axes.get_xlabel(), "accuracy lost (percentage points)")
        names = [text.get_text() for text in axes.get_yticklabels()]
        self.assertEqual(names, ["all together", "asymmetry", "levels", "programming noise"])
        np.testing.assert_allclose([bar.get_width() for bar in axes.patches], [6e-2, 0, 1e-2, 5e-2])
        np.testing.assert_allclose(axes.lines[3].get_xdata(), (0.03, 0.07))
        mark = next(line for line in axes.lines if "needed" in str(line.get_label()))
        np.testing.assert_allclose(mark.get_xdata(), 0.02)
        self.assertIn("needed for 95 %: a loss below 2 points", self.legend(axes))
        words = [text.get_text() for text in axes.texts]
        self.assertEqual(words[1:4], ["0 %", "32 → 9", "100 µS → 50 µS"])

    def test_tornado_of_a_target_out_of_reach(self):
        axes = plot.tornado({"c2c": self.limits()}, target=0.99)
        self.assertIn("99 % is out of reach: ideal 97 %", self.legend(axes))

    def test_tornado_of_a_network(self):
        limits = self.mlp.sensitivity(self.x, self.y, target=0.8, instances=3)
        axes = plot.tornado(limits, target=0.8)
        widths = sorted(bar.get_width() for bar in axes.patches)
        np.testing.assert_allclose(widths, sorted(one.gain for one in limits.values()))
        self.assertEqual(axes.get_xlabel(), "accuracy gained if it were ideal (percentage points)")
        alone = next(line for line in axes.lines if "alone" in str(line.get_label()))
        np.testing.assert_allclose(sorted(alone.get_xdata()),
                                   sorted(one.loss for one in limits.values()))

    def test_tornado_by_gain(self):
        company = dict(device=0.9, gain_low=0.0, gain_high=0.05)
        limits = {"c2c": self.limits(loss=0.08, gain=0.01, **company),
                  "levels": self.limits(loss=0.01, gain=0.03, **company)}
        axes = plot.tornado(limits, target=0.95)
        names = [text.get_text() for text in axes.get_yticklabels()]
        self.assertEqual(names, ["programming noise", "levels"])
        mark = next(line for line in axes.lines if "needed" in str(line.get_label()))
        np.testing.assert_allclose(mark.get_xdata(), 0.05)
        self.assertIn("needed for 95 %: a gain of 5 points", self.legend(axes))
        axes = plot.tornado(limits, target=0.89, ax=plt.figure().add_subplot())
        self.assertIn("89 % is met: the device reaches 90 %", self.legend(axes))

    def test_tornado_of_numbers(self):
        axes = plot.tornado({"one": (0.02, 0.01, 0.03), "two": (0.05, 0.04, 0.06)})
        self.assertEqual([text.get_text() for text in axes.get_yticklabels()], ["one", "two"])
        self.assertEqual(len(axes.texts), 0)

    def test_confusion(self):
        labels, predicted = [0, 0, 0, 0, 1, 2], [0, 0, 0, 1, 1, 0]
        wanted = [[0.75, 0.25, 0], [0, 1, 0], [1, 0, 0]]
        axes = plot.confusion(labels, predicted)
        self.assertLabels(axes, "predicted class", "label")
        np.testing.assert_allclose(axes.images[0].get_array(), wanted)
        cells = {tuple(map(round, text.get_position())): text.get_text() for text in axes.texts}
        self.assertEqual(cells, {(0, 0): "75", (1, 0): "25", (1, 1): "100", (0, 2): "100"})
        self.assertEqual(axes.get_title(loc="left"), "accuracy 66.67 % of 6")
        found = self.mlp.evaluate(self.x, self.y)
        image = plot.confusion(found, names="abc", ax=plt.figure().add_subplot()).images[0]
        rows = found.confusion.sum(axis=1, keepdims=True)
        np.testing.assert_allclose(image.get_array(), found.confusion / rows)


if __name__ == "__main__":
    main()
