# SPDX-License-Identifier: BSD-3-Clause
"""What the tests of memqc.plot share. Without matplotlib they are skipped."""
import unittest

from support import need
need("matplotlib")
import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402


class Plots(unittest.TestCase):
    """Each test closes its figures and leaves matplotlib's settings as they were."""

    def setUp(self):
        self.settings = dict(matplotlib.rcParams)

    def tearDown(self):
        plt.close("all")
        self.assertEqual(dict(matplotlib.rcParams), self.settings)

    def assertLabels(self, axes, x, y):
        self.assertEqual((axes.get_xlabel(), axes.get_ylabel()), (x, y))

    def legend(self, axes):
        return " | ".join(text.get_text() for text in axes.get_legend().get_texts())

    def ticks(self, axis):
        """Places of the ticks, and their labels."""
        axis.axes.figure.canvas.draw()
        return [(tick.get_loc(), tick.label1.get_text()) for tick in axis._update_ticks()]
