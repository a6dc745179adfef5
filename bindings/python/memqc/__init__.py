# SPDX-License-Identifier: BSD-3-Clause
"""Memristor devices, crossbar arrays of them, and neural networks trained on those.

    >>> import memqc, numpy
    >>> device = memqc.Device("hfox-a", states=64)
    >>> crossbar = memqc.Crossbar(device, [[0.5, -0.25], [1, 0], [-1, 0.75]], seed=1)
    >>> numpy.array([1, 0, 1], "f4") @ crossbar

`Device`, `Crossbar` and `MLP` hold the objects of the C library. Parameters are keyword arguments
and attributes; `parameters()` of each class tells all there is to know about them. Units are SI.
Arrays of float32 whose rows are contiguous go to the library as they are; others are converted.
Failures raise a relative of `memqc.Error`. Equal seeds give equal results.
"""

from __future__ import annotations

import numpy as _numpy
import numpy.typing as _typing

from . import _arrays, _native
from ._constants import G0, SUMMARY
from ._custom import Pulse
from ._errors import (ArgumentError, DataError, DivergedError, Error, FileError, FormatError,
                      OutOfMemoryError, StateError, Stopped)
from ._fit import LeftOut
from ._parameters import Parameter
from ._progress import Report
from .crossbar import Branches, Crossbar, Nodes, Planes, Tile, Transposed
from .device import Cells, Cost, Device, Level
from .mlp import MLP, Evaluation, Limits

__all__ = [
    "ArgumentError", "Branches", "Cells", "Cost", "Crossbar", "DataError", "Device",
    "DivergedError", "Error", "Evaluation", "FileError", "FormatError", "G0", "LeftOut",
    "Level", "Limits", "MLP", "Nodes", "OutOfMemoryError", "Parameter", "Planes", "Pulse",
    "Report", "StateError", "Stopped", "Tile", "Transposed", "library", "summary",
]
__version__: str = _native.C.version_string().decode()


def library() -> str:
    """The path or name under which the C library was loaded."""
    return str(_native.LIBRARY._name)


def summary(values: _typing.ArrayLike,
            bounds: tuple[float, float] = (-_numpy.inf, _numpy.inf)) -> dict[str, float]:
    """Statistics of numbers such as those of MLP.monte_carlo(): mean, its 95 % confidence interval
    (low, high), standard deviation and quantiles. One number has neither interval nor sd.

    bounds says where numbers can lie, such as (0, 1) for accuracies, and cuts the interval there.
    """
    if not bounds[0] < bounds[1]:
        raise ArgumentError(f"bounds = {bounds}; the first must be below the second")
    numbers = _numpy.ascontiguousarray(values, _numpy.float64).reshape(-1)
    few = ("sd", "low", "high") if numbers.size == 1 else ()
    told = {name: _native.number(_native.C.summary, numbers.size, _arrays.address(numbers), code)
            for name, code in SUMMARY.items() if name not in few}
    told.update({name: min(max(told[name], bounds[0]), bounds[1])
                 for name in ("low", "high") if name in told})
    return told
