# SPDX-License-Identifier: BSD-3-Clause
"""memqc.plot as a whole: its style, what it refuses, and the layout of the pictures of its page."""
import inspect
import os
import pathlib
import subprocess
import sys
import tempfile

from support import ROOT, main, numpy as np
from plotting import Plots, matplotlib, plt

sys.path.insert(0, str(ROOT / "examples"))

from matplotlib.colors import to_hex  # noqa: E402

import gallery  # noqa: E402
import memqc  # noqa: E402
from memqc import plot  # noqa: E402

PAGE = ROOT / "docs/plots.md"
FUNCTIONS = [name for name in plot.__all__ if name not in ("COLOURS", "save", "style")]
CURVE = [0.1, 0.5, 0.9]


class Style(Plots):
    def test_every_function_has_a_docstring_and_ax(self):
        for name in FUNCTIONS:
            function = getattr(plot, name)
            self.assertTrue(function.__doc__, name)
            self.assertIsNone(inspect.signature(function).parameters["ax"].default, name)

    def test_axes_are_the_callers_or_empty_ones_or_new_ones(self):
        figure, (left, right) = plt.subplots(1, 2)
        self.assertIs(plot.accuracy_epochs(CURVE, ax=left), left)
        self.assertIs(plot.accuracy_epochs(CURVE), right)  # pyplot's current ones, empty
        third = plot.accuracy_epochs(CURVE)
        self.assertIsNot(third.figure, figure)
        fourth = plt.figure()
        self.assertIs(plot.accuracy_epochs(CURVE).figure, fourth)

    def test_figures_without_pyplot(self):
        from matplotlib.figure import Figure
        axes = Figure().add_subplot()
        self.assertIs(plot.monte_carlo([0.9, 0.95], ax=axes), axes)
        self.assertEqual(plt.get_fignums(), [])

    def test_curves_differ_by_colour_marker_and_dash(self):
        axes = plot.accuracy_epochs(CURVE)
        for shift in range(1, 7):
            plot.accuracy_epochs(np.multiply(CURVE, 1 - 0.1 * shift), ax=axes)
        lines = axes.lines
        self.assertEqual(len(lines), 7)
        self.assertEqual(len({to_hex(line.get_color()) for line in lines}), 7)
        self.assertEqual(len({line.get_marker() for line in lines}), 7)
        self.assertEqual(len({str(line._unscaled_dash_pattern if hasattr(
            line, "_unscaled_dash_pattern") else line.get_linestyle()) for line in lines}), 7)

    def test_dark_style(self):
        with plot.style(dark=True):
            axes = plot.accuracy_epochs(CURVE)
        ground = matplotlib.colors.to_rgb(axes.figure.get_facecolor())
        ink = matplotlib.colors.to_rgb(axes.xaxis.label.get_color())
        self.assertLess(max(ground), 0.2)
        self.assertGreater(min(ink), 0.8)
        self.assertGreater(contrast(ground, axes.lines[0].get_color()), 4.5)

    def test_contrast_with_the_ground(self):
        for colour in plot.COLOURS:
            self.assertGreater(contrast("#ffffff", colour), 2.9, colour)

    def test_style_is_undone_by_an_exception(self):
        with self.assertRaises(KeyError):
            with plot.style(dark=True):
                raise KeyError("x")

    def test_saved_pictures(self):
        with tempfile.TemporaryDirectory() as folder:
            axes = plot.accuracy_epochs(CURVE)
            for name, start in (("a.png", b"\x89PNG"), ("a.svg", b"<?xml"), ("a.pdf", b"%PDF")):
                path = pathlib.Path(folder) / name
                plot.save(axes, path)
                self.assertTrue(path.read_bytes().startswith(start))
            plain = pathlib.Path(folder) / "plain.png"
            axes.figure.savefig(plain, dpi=110)
            small = (pathlib.Path(folder) / "a.png").stat().st_size
            self.assertLess(small, 0.6 * plain.stat().st_size)

    def test_without_matplotlib_the_error_says_what_to_install(self):
        code = "import sys; sys.modules['matplotlib'] = None; import memqc.plot"
        result = subprocess.run([sys.executable, "-c", code], env=os.environ, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.assertIn("pip install matplotlib", result.stdout)
        self.assertIn("apt install python3-matplotlib", result.stdout)


def contrast(one, other):
    """The contrast of two colours as WCAG defines it."""
    light = []
    for colour in (one, other):
        parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
                 for part in matplotlib.colors.to_rgb(colour)]
        light.append(np.dot(parts, (0.2126, 0.7152, 0.0722)))
    return (max(light) + 0.05) / (min(light) + 0.05)


NAN, SQUARE = [1.0, float("nan")], [[1.0, 2.0], [3.0, 4.0]]
# Function, arguments, and the name that the error must tell.
REFUSED = [
    ("staircase", ([],), {}, "device"), ("staircase", (NAN,), {}, "device"),
    ("staircase", ("x",), {}, "device"), ("staircase", ([[1e-6], [1e-6, 2e-6]],), {}, "device"),
    ("staircase", (SQUARE,), {"data": [[]]}, "data"),
    ("staircase", (SQUARE,), {"unit": "A"}, "unit"),
    ("staircase", (memqc.Device(),), {"cycles": 0}, "cycles"),
    ("level_histogram", (NAN,), {}, "device"), ("level_histogram", (SQUARE, [3]), {}, "levels"),
    ("level_histogram", (SQUARE, []), {}, "levels"),
    ("level_histogram", (SQUARE,), {"normal": [1, 2]}, "normal"),
    ("level_cdf", ([],), {}, "device"), ("level_cdf", (memqc.Device(), [0]), {}, "levels"),
    ("residual_qq", ([1.0, 1.0, 1.0],), {}, "device"), ("residual_qq", (NAN,), {}, "device"),
    ("residual_qq", (memqc.Device(),), {}, "data"),
    ("model_choice", ({},), {}, "device"), ("model_choice", (memqc.Device(),), {}, "device"),
    ("model_choice", ({"a": float("nan")},), {}, "device"),
    ("model_choice", ({"a": 1.0},), {"taken": "b"}, "taken"),
    ("model_choice", ({"a": 1.0},), {"criterion": "ks"}, "criterion"),
    ("spread_split", ([[1.0, 2.0]],), {}, "device"), ("spread_split", (SQUARE[0],), {}, "device"),
    ("spread_split", (memqc.Device(),), {"cells": 1}, "cells"),
    ("jump_density", ([1.0, 2.0],), {}, "jumps"),
    ("jump_density", ([1.0, 2.0], [1.0]), {}, "jumps"),
    ("jump_density", (NAN, [1.0, 2.0]), {}, "device"),
    ("jump_density", (memqc.Device(),), {"direction": "up"}, "direction"),
    ("jump_density", ([1.0, 2.0], [1.0, 2.0]), {"bins": 1}, "bins"),
    ("iv_loop", ([0, 1], [0, 1, 2]), {}, "currents"), ("iv_loop", ([0, 1],), {}, "currents"),
    ("iv_loop", (NAN, [0, 1]), {}, "volts"), ("iv_loop", ([0], [0]), {}, "volts"),
    ("retention", ([0, 1], [1, 2]), {}, "seconds"), ("retention", ([2, 1], [1, 2]), {}, "seconds"),
    ("retention", ([1, 2], [1, 2, 3]), {}, "conductances"),
    ("retention", ([1, 2], memqc.Device()), {"levels": [99]}, "levels"),
    ("retention", ([1, 2], memqc.Device()), {"levels": []}, "levels"),
    ("programming", ([1, 2], [1, 2, 3]), {}, "programmed"), ("programming", ([1, 2], NAN), {},
                                                             "programmed"),
    ("programming", ([1, 2], [1, 2], []), {}, "pulses"),
    ("conductance_map", ([1, 2],), {}, "crossbar"),
    ("conductance_map", (SQUARE,), {"stuck": [[1]]}, "stuck"),
    ("ir_drop_map", (SQUARE,), {}, "volts"), ("ir_drop_map", (SQUARE, [1.0]), {}, "volts"),
    ("size_error", ([8, 16], [0.1]), {}, "errors"), ("size_error", ([8, 16],), {}, "errors"),
    ("size_error", ([8, 16], [0.1, -0.1]), {}, "errors"), ("size_error", ([0], [0.1]), {}, "sizes"),
    ("accuracy_epochs", ([],), {}, "history"), ("accuracy_epochs", ([50.0],), {}, "history"),
    ("accuracy_epochs", (CURVE,), {"band": "x"}, "band"),
    ("accuracy_epochs", (CURVE,), {"epochs": [1]}, "epochs"),
    ("accuracy_epochs", (CURVE,), {"target": 95}, "target"),
    ("accuracy_states", ([4, 8], [0.5]), {}, "accuracies"),
    ("accuracy_states", ([4, 8], 0.5), {}, "accuracies"),
    ("accuracy_states", ([4, 8], [[0.5], [1.5]]), {}, "accuracies"),
    ("accuracy_time", ([0], [0.5]), {}, "seconds"), ("accuracy_time", ([1], NAN), {}, "accuracies"),
    ("monte_carlo", ([],), {}, "accuracies"), ("monte_carlo", ([80.0],), {}, "accuracies"),
    ("monte_carlo", (CURVE,), {"bins": 0}, "bins"),
    ("tornado", ({},), {}, "limits"), ("tornado", ({"a": (1, 2)},), {}, "limits"),
    ("tornado", ({"a": (0.1, 0, NAN[1])},), {}, "limits"),
    ("cost_accuracy", ([1.0], [1.5]), {}, "accuracies"),
    ("cost_accuracy", ([0.0], [0.5]), {}, "costs"),
    ("cost_accuracy", ({"a": 1.0},), {}, "costs"), ("cost_accuracy", ([1.0], [0.5]), {"what": "x"},
                                                    "what"),
    ("confusion", ([[1, 2, 3]],), {}, "labels"), ("confusion", ([[0, 0], [0, 0]],), {}, "labels"),
    ("confusion", ([0, 1], [0]), {}, "predicted"),
    ("confusion", ([0, 1], [0, 0.5]), {}, "predicted"),
    ("confusion", (SQUARE,), {"names": ["a"]}, "names"),
    ("curve", ([1, 2], [1]), {}, "y"), ("curve", ([1, 2], [1, 2]), {"low": [0, 1]}, "high"),
    ("curve", ([1, 2], [1, 2]), {"xscale": "x"}, "xscale"),
]


class Refused(Plots):
    def test_bad_input_names_the_argument_and_leaves_no_figure(self):
        for name, arguments, more, told in REFUSED:
            with self.subTest(name=name, arguments=arguments, more=more):
                with self.assertRaises(ValueError) as caught:
                    getattr(plot, name)(*arguments, **more)
                self.assertIn(told, str(caught.exception))
                self.assertEqual(plt.get_fignums(), [])

    def test_every_function_refuses_something(self):
        self.assertEqual({name for name, *_ in REFUSED}, set(FUNCTIONS))


class Page(Plots):
    """Every picture of docs/plots.md, at 600 pixels of width."""

    WIDTH, SMALLEST = 600, 10  # pixels; of the height of letters' em

    def visible_texts(self, figure):
        for axes in figure.findobj(matplotlib.axes.Axes):
            for axis in (axes.xaxis, axes.yaxis):
                yield axis.label
                ticks = axis._update_ticks() if axes.axison else []
                yield from (tick.label1 for tick in ticks if tick.label1.get_visible())
            yield from (axes.title, axes._left_title, *axes.texts)
            if axes.get_legend():
                yield from axes.get_legend().get_texts()
        yield from figure.texts

    def problems(self, figure):
        figure.set_dpi(self.WIDTH / figure.get_figwidth())
        figure.canvas.draw()
        renderer, inside = figure.canvas.get_renderer(), figure.bbox.padded(1.5)
        boxes = []
        for text in self.visible_texts(figure):
            if not text.get_text().strip():
                continue
            box = text.get_window_extent(renderer)
            if not (inside.contains(*box.min) and inside.contains(*box.max)):
                yield f"{text.get_text()!r} is clipped"
            if text.get_fontsize() * figure.dpi / 72 < self.SMALLEST:
                yield f"{text.get_text()!r} has {text.get_fontsize()} points"
            boxes.append((text, box.padded(-1)))
        for number, (text, box) in enumerate(boxes):
            for other, beside in boxes[:number]:
                if box.overlaps(beside) and text.get_text() != other.get_text():
                    yield f"{text.get_text()!r} covers {other.get_text()!r}"

    def test_problems_are_found(self):
        axes = plot.accuracy_epochs(CURVE)
        self.assertEqual(list(self.problems(axes.figure)), [])
        axes.text(1, 0.2, "too long for the figure " * 5).set_in_layout(False)
        axes.text(1, 0.5, "one")
        axes.text(1, 0.5, "two", fontsize=5)
        found = "; ".join(self.problems(axes.figure))
        for part in ("is clipped", "'two' has 5.0 points", "'two' covers 'one'"):
            self.assertIn(part, found)

    def test_pictures(self):
        seen, found = [], []

        def each(figure):
            seen.append(figure)
            found.extend(f"picture {len(seen)}: {problem}" for problem in self.problems(figure))
            for axes in figure.axes:
                if axes.axison:
                    self.assertTrue(axes.get_xlabel() or axes.get_ylabel())

        names = [name for name, _ in gallery.draw(PAGE, each)]
        self.assertEqual(found, [])
        self.assertGreaterEqual(len(seen), len(FUNCTIONS))
        for name in names:
            self.assertTrue((PAGE.parent / name).exists(), f"{name}: run examples/gallery.py")

    def test_page_draws_with_every_function(self):
        text = PAGE.read_text(encoding="utf-8")
        for name in FUNCTIONS:
            self.assertIn(f"plot.{name}(", text)


if __name__ == "__main__":
    main()
