# SPDX-License-Identifier: BSD-3-Clause
"""memqc.plot draws what it was given, with units, and leaves matplotlib's settings alone."""
import inspect
import sys
import unittest

from support import ROOT, main, numpy as np

try:
    import matplotlib
except ImportError:
    print("skipped: this Python has no matplotlib")
    sys.exit(77)
matplotlib.use("Agg")

import matplotlib.pyplot as plt  # noqa: E402

import memqc  # noqa: E402
from memqc import plot  # noqa: E402

HFOX, BOUNDS = (str(ROOT / "examples/data" / name) for name in ("hfox-a.csv", "soft-bounds.csv"))


class Plots(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.fit = memqc.Device.fit(HFOX)
        cls.bounds = memqc.Device.fit(BOUNDS)

    def setUp(self):
        self.settings = dict(matplotlib.rcParams)

    def tearDown(self):
        plt.close("all")
        self.assertEqual(dict(matplotlib.rcParams), self.settings)

    def test_curves_without_bands_are_in_view(self):
        values = {"a": [0.5, 0.7, 0.9], "b": [0.3, 0.4, 0.6]}
        for axes in (plot.accuracy_epochs(values), plot.accuracy_states([4, 16, 64], values),
                     plot.accuracy_time([1, 1e3, 1e6], values)):
            box = axes.get_xlim(), axes.get_ylim()
            points = np.concatenate([line.get_xydata() for line in axes.lines])
            self.assertEqual(len(points), 6)
            for low, high, place in zip(*np.transpose(box), points.T):
                self.assertTrue((low <= place).all() and (place <= high).all(), box)

    def labels(self, axes):
        return axes.get_xlabel(), axes.get_ylabel()


class Every(Plots):
    def test_names(self):
        for name in plot.__all__:
            function = getattr(plot, name)
            self.assertTrue(function.__doc__, name)
            if name not in ("COLOURS", "save", "style"):
                self.assertIsNone(inspect.signature(function).parameters["ax"].default, name)

    def test_returns_the_axes_that_it_was_given(self):
        axes = plt.figure().add_subplot()
        self.assertIs(plot.staircase(self.fit, HFOX, ax=axes), axes)
        self.assertEqual(self.labels(axes), ("pulse number", "conductance (mS)"))


if __name__ == "__main__":
    main()
