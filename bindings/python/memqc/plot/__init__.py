# SPDX-License-Identifier: BSD-3-Clause
"""Plots of devices, arrays and networks, on matplotlib: docs/plots.md shows each.

    >>> import memqc
    >>> from memqc import plot
    >>> device = memqc.Device.fit("my_device.csv")
    >>> plot.staircase(device, "my_device.csv").figure.savefig("staircase.png")

Each function takes objects of the package or plain arrays, draws on ax= and returns its Axes.
Without ax it draws on pyplot's current axes if they are empty, else on those of a new figure.
Arrays are in SI units, accuracies are fractions of one, and so are the data on the axes; the tick
labels carry the prefix or the per cent sign that the axis names. A second call with the same ax
adds a curve with the next colour, marker and dash. `style()` is the style of all of them, and
`style(dark=True)` that for a dark ground; COLOURS are its colours on a light one. matplotlib's
settings stay as they are.
"""

from ._accuracy import (accuracy_epochs, accuracy_states, accuracy_time, confusion, cost_accuracy,
                        monte_carlo)
from ._arrays import conductance_map, ir_drop_map, size_error
from ._fits import model_choice, residual_qq, spread_split
from ._levels import level_cdf, level_histogram, staircase
from ._pulses import iv_loop, jump_density, programming, retention
from ._study import curve, tornado
from ._style import LIGHT_COLOURS as COLOURS
from ._style import save, style

__all__ = [
    "COLOURS", "accuracy_epochs", "accuracy_states", "accuracy_time", "conductance_map",
    "confusion", "cost_accuracy", "curve", "ir_drop_map", "iv_loop", "jump_density", "level_cdf",
    "level_histogram", "model_choice", "monte_carlo", "programming", "residual_qq", "retention",
    "save", "size_error", "spread_split", "staircase", "style", "tornado",
]
