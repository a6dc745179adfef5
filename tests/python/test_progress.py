# SPDX-License-Identifier: BSD-3-Clause
"""progress=True: bars of tqdm on a terminal, lines elsewhere."""
import importlib
import io
import re
import sys
import unittest
from unittest import mock

from support import ROOT, main, missing, samples
import numpy as np

import memqc
from memqc import _bars

X, Y = samples()


class Terminal(io.StringIO):
    def isatty(self):
        return True


def network():
    return memqc.MLP((4, 8, 3), input_bits=0, loss="cross-entropy", learning_rate=0.1,
                     progress_interval=100)


class Lines(unittest.TestCase):
    def shown(self, call, stream=None, pause=0.0):
        stream = stream or io.StringIO()
        with mock.patch.object(sys, "stderr", stream), mock.patch.object(_bars, "PAUSE", pause):
            with mock.patch.object(_bars, "SHARE", 0.0):
                call()
        return stream.getvalue()

    def test_a_training_tells_epochs_and_figures(self):
        lines = self.shown(lambda: network().fit(X, Y, 2, progress=True)).splitlines()
        self.assertEqual(len(lines), 6)  # each 100 samples
        self.assertRegex(lines[0], r"^epoch 1 of 2: 100 of 600 samples, loss [\d.]+, "
                         r"accuracy [\d.]+ %, [\d.]+ s$")
        self.assertRegex(lines[-1], "^epoch 2 of 2: 600 of 600 samples")

    def test_lines_are_few(self):
        mlp = network()
        lines = self.shown(lambda: mlp.fit(X, Y, 20, progress=True), pause=60.0).splitlines()
        self.assertEqual(len(lines), 1)
        self.assertRegex(lines[0], "^epoch 20 of 20: 6000 of 6000 samples")
        self.assertEqual(self.shown(lambda: mlp.fit(X, Y, 21, progress=False)), "")
        with self.assertWarns(UserWarning):
            self.assertEqual(self.shown(lambda: mlp.fit(X, Y, 20, progress=True)), "")

    def test_studies_fits_and_programming(self):
        mlp = memqc.MLP((4, 8, 3), memqc.Device("hfox-a"), instances=4, input_bits=0).fit(X, Y)
        self.assertRegex(self.shown(lambda: mlp.monte_carlo(X, Y, progress=True)),
                         r"Monte Carlo: 4 of 4 instances, accuracy [\d.]+ %")
        text = self.shown(lambda: mlp.sensitivity(X, Y, instances=2, progress=True))
        for name in ("c2c", "drift"):
            self.assertIn(f"sensitivity to {name}: ", text)
        last = self.shown(lambda: mlp.sensitivity(X, Y, "levels", target=0.1, progress=True))
        done, total = re.findall(r"(\d+) of (\d+) instances", last)[-1]
        self.assertEqual(done, total)
        path = ROOT / "examples/data/hfox-a.csv"
        self.assertRegex(self.shown(lambda: memqc.Device.fit(path, progress=True)),
                         r"fit: \d+ of (\d+) models")
        self.assertRegex(
            self.shown(lambda: memqc.Crossbar(memqc.Device("hfox-a"), np.zeros((64, 64)),
                                              scheme="verify", progress=True)),
            "programming: 4096 of 4096 weights")

    def test_without_tqdm_a_terminal_has_lines(self):
        load = importlib.import_module

        def missing(name):
            if name.startswith("tqdm"):
                raise ImportError(name)
            return load(name)

        with mock.patch.object(importlib, "import_module", missing):
            text = self.shown(lambda: network().fit(X, Y, 1, progress=True), Terminal())
        self.assertRegex(text, "epoch 1 of 1: 300 of 300 samples")

    def test_without_an_error_stream(self):
        with mock.patch.object(sys, "stderr", None):
            self.assertEqual(network().fit(X, Y, 1, progress=True).epochs, 1)

    def test_refusals(self):
        for bad in (1, "yes"):
            with self.assertRaisesRegex(memqc.ArgumentError, "progress = .*must be a function"):
                network().fit(X, Y, 1, progress=bad)

    def test_the_line_comes_before_the_exception(self):
        stream = io.StringIO()
        with self.assertRaises(memqc.DataError):
            self.shown(lambda: network().fit(X * np.nan, Y, 1, progress=True), stream)
        self.assertEqual(stream.getvalue(), "")


@unittest.skipIf(missing("tqdm"), missing("tqdm"))
class Bars(unittest.TestCase):
    def bar(self, call):
        stream = Terminal()
        with mock.patch.object(sys, "stderr", stream):
            call()
        return stream.getvalue()

    def test_a_terminal_has_a_bar(self):
        mlp = network()
        text = self.bar(lambda: mlp.fit(X, Y, 3, progress=True))
        self.assertIn("\r", text)
        last = text.rstrip("\n").split("\r")[-1]
        self.assertRegex(last, r"^epoch 3 of 3: 100%.* 900/900 .*samples/s, .*accuracy=[\d.]+ %")

    def test_a_training_that_goes_on_begins_where_it_was(self):
        mlp = network().fit(X, Y, 2)
        text = self.bar(lambda: mlp.fit(X, Y, 4, progress=True))
        self.assertRegex(text, r"600/1200 ")
        self.assertRegex(text.rstrip("\n").split("\r")[-1], "1200/1200 ")

    def test_a_study_that_ends_early_fills_its_bar(self):
        mlp = memqc.MLP((4, 8, 3), memqc.Device("hfox-a"), instances=4, input_bits=0).fit(X, Y)
        text = self.bar(lambda: mlp.sensitivity(X, Y, "levels", target=0.1, progress=True))
        last = text.rstrip("\n").split("\r")[-1]
        self.assertRegex(last, r"^sensitivity to levels: 100%.* (\d+)/\1 ")

    def test_a_bar_is_closed_when_the_call_fails(self):
        shown, closed = _bars.Tqdm.show, []

        def broken(bar, place):
            shown(bar, place)
            raise ZeroDivisionError

        with mock.patch.object(_bars.Tqdm, "show", broken), \
                mock.patch.object(_bars.Tqdm, "close", lambda bar: closed.append(bar)):
            with self.assertRaises(ZeroDivisionError):
                self.bar(lambda: network().fit(X, Y, 5, progress=True))
        self.assertEqual(len(closed), 1)
        closed[0].bar.close()


class Notebooks(unittest.TestCase):
    def test_a_kernel_is_recognized(self):
        self.assertFalse(_bars.in_notebook())
        kernel = mock.Mock()
        kernel.get_ipython.return_value.config = {"IPKernelApp": {}}
        with mock.patch.dict(sys.modules, IPython=kernel):
            self.assertTrue(_bars.in_notebook())
        kernel.get_ipython.return_value.config = {}
        with mock.patch.dict(sys.modules, IPython=kernel):
            self.assertFalse(_bars.in_notebook())


if __name__ == "__main__":
    main()
