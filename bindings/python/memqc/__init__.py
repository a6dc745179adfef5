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

from typing import Optional as _Optional

import numpy as _numpy
import numpy.typing as _typing

from . import _arrays, _native
from ._constants import CROSSED as _CROSSED
from ._constants import NESTED as _NESTED
from ._constants import G0, SUMMARY
from ._custom import Pulse
from ._errors import (ArgumentError, DataError, DeviceWarning, DivergedError, Error, FileError,
                      FormatError, OutOfMemoryError, StateError, Stopped)
from ._fit import LeftOut
from ._levels import Levels
from ._parameters import Parameter
from ._progress import Report
from .crossbar import Branches, Crossbar, Nodes, Planes, Tile, Transposed
from .device import Cells, Cost, Device, Level
from .mlp import MLP, Evaluation, Limits

__all__ = [
    "ArgumentError", "Branches", "Cells", "Cost", "Crossbar", "DataError", "Device",
    "DeviceWarning", "DivergedError", "Error", "Evaluation", "FileError", "FormatError", "G0",
    "LeftOut", "Level", "Levels", "Limits", "MLP", "Nodes", "OutOfMemoryError", "Parameter",
    "Planes", "Pulse", "Report", "StateError", "Stopped", "Tile", "Transposed", "combine",
    "crossed", "library", "nested", "summary",
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


def crossed(hits: _typing.ArrayLike, less: _Optional[_typing.ArrayLike] = None
            ) -> dict[str, float]:
    """The mean of a matrix of hits (arrays x images) with its 95 % confidence interval for other
    arrays and other images, the variances by_rows, by_columns and by_both, and how many of each
    would halve the interval. Of less, the differences, element by element.

    hits are those of MLP.monte_carlo_hits(), (rows, columns) and boolean."""
    matrices = [_numpy.asarray(one, _numpy.bool_) for one in (hits, less) if one is not None]
    shape = matrices[0].shape
    if len(shape) != 2 or any(one.shape != shape for one in matrices):
        raise ArgumentError("hits and less must be matrices of one shape; they are "
                            + " and ".join(str(one.shape) for one in matrices))
    bits = [_numpy.packbits(one, axis=1, bitorder="little") for one in matrices]
    values = _numpy.full(len(_CROSSED), _numpy.nan)
    _native.check(_native.C.crossed(*shape, _arrays.address(bits[0]),
                                    _arrays.address(bits[1]) if less is not None else None,
                                    _arrays.address(values)))
    return dict(zip(_CROSSED, values.tolist()))


def nested(hits: _typing.ArrayLike) -> dict[str, float]:
    """The mean accuracy of networks that were trained on devices drawn from a fit, with the 95 %
    interval of what the true device reaches, and its variances: by_groups (the fit), by_rows (the
    training) and by_columns (the test images).

    hits are boolean, (devices, networks on each, images), such as mlp.predict(x) == labels."""
    bits = _numpy.asarray(hits, _numpy.bool_)
    if bits.ndim != 3:
        raise ArgumentError(f"hits has the shape {bits.shape}; it must be (devices, networks, "
                            "images)")
    packed = _numpy.packbits(bits, axis=2, bitorder="little")
    values = _numpy.full(len(_NESTED), _numpy.nan)
    _native.check(_native.C.nested(*bits.shape, _arrays.address(packed),
                                   _arrays.address(values)))
    return dict(zip(_NESTED, values.tolist()))


def combine(variances: _typing.ArrayLike, freedoms: _typing.ArrayLike) -> float:
    """Half of the 95 % confidence interval of an estimate whose variance is a sum of independent
    parts, such as by_rows, by_columns and by_both of crossed() and that of a fit, each with its
    degrees of freedom."""
    parts = [_numpy.ascontiguousarray(one, _numpy.float64).reshape(-1)
             for one in (variances, freedoms)]
    if parts[0].size != parts[1].size:
        raise ArgumentError(f"{parts[0].size} variances, but {parts[1].size} freedoms")
    return float(_native.number(_native.C.combine, parts[0].size, _arrays.address(parts[0]),
                                _arrays.address(parts[1])))
