# SPDX-License-Identifier: BSD-3-Clause
"""Products and currents of an array, in the direction in which a class reads it."""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING, Any, NamedTuple, Optional

import numpy as np
import numpy.typing as npt

from ._arrays import (FLOAT, Floats, address, array_of, batch, flat, laid_out,
                      quick_address)
from ._errors import ArgumentError
from ._native import C, check, failure, real, whole

if TYPE_CHECKING:
    from .crossbar import Crossbar


class Tile(NamedTuple):
    """Where a tile lies in its plane, and the shape of its circuit."""

    row: int
    col: int
    rows: int
    cols: int  #: including a reference column, which is the last


class Nodes(NamedTuple):
    """Voltages of the two nodes of each cell of a tile, V: (rows, cols)."""

    word: Floats
    bit: Floats


class Branches(NamedTuple):
    """Currents of the branches of a tile, A: docs/crossbar.md."""

    cell: Floats  #: (rows, cols), from word line to bit line
    word: Floats  #: (rows, cols + 1), towards higher columns
    bit: Floats  #: (rows + 1, cols), towards higher rows


class Products:
    """What an array and its transpose have in common."""

    __slots__ = ()
    __array_ufunc__ = None  # x @ array calls array.__rmatmul__
    __array_priority__ = 1000.0
    _suffix: str
    _inputs: int
    _outputs: int

    def _of(self) -> Crossbar:
        raise NotImplementedError

    def _function(self, verb: str) -> Any:
        return getattr(C, f"crossbar_{verb}")

    def _directed(self, verb: str) -> Any:
        return getattr(C, f"crossbar_{verb}{self._suffix}")

    def _mac(self, function: Any, x: Any, crossbar: Crossbar, n: int, m: int) -> Floats:
        """The product. Its usual case is the first one, which is made to be fast."""
        if type(x) is np.ndarray and x.dtype is FLOAT and x.flags.c_contiguous and x.ndim and (
                x.shape[-1] == n):
            outer, leading = x.shape[:-1], n
            count = len(x) if len(outer) == 1 else x.size // n
            start = quick_address(x)
        else:
            rows, leading, outer = batch("x", x, n)
            count, start = len(rows), address(rows)
        y = np.empty(outer + (m,), FLOAT)
        with crossbar._lock:
            status = function(crossbar._handle, count, start, leading, quick_address(y), m)
            if status:
                raise failure(status)
        return y

    def mac(self, x: npt.ArrayLike, out: Optional[Floats] = None) -> Floats:
        """x @ array, through converters, noise and wires: vectors on the last axis of x.

        out takes the result instead of a new array: float32, of the shape of the result.
        """
        crossbar, function = self._of(), self._directed("mac")
        if out is None:
            return self._mac(function, x, crossbar, self._inputs, self._outputs)
        rows, leading, outer = batch("x", x, self._inputs)
        if not isinstance(out, np.ndarray):
            raise ArgumentError(f"out is {out!r}; it must be an array")
        if out.dtype != FLOAT or out.shape != outer + (self._outputs,):
            raise ArgumentError(f"out is {out.dtype} {out.shape}; it must be float32 "
                                f"{outer + (self._outputs,)}")
        view = out.reshape(-1, self._outputs) if out.flags.c_contiguous or out.ndim == 1 else out
        if view.ndim != 2 or laid_out(view)[0] is not view or not np.shares_memory(view, out):
            raise ArgumentError("out has a layout that the library cannot write to; its rows must "
                                "be contiguous")
        with crossbar._lock:
            check(function(crossbar._handle, len(rows), address(rows), leading, address(view),
                           laid_out(view)[1]))
        return out

    def __matmul__(self, x: npt.ArrayLike) -> Floats:
        """array @ x: the product with the transpose, for a vector or a matrix of columns."""
        array = array_of("x", x)
        if array.ndim == 0:
            return NotImplemented
        other = self._transposed()
        return other.mac(array) if array.ndim == 1 else np.swapaxes(
            other.mac(np.swapaxes(array, -1, -2)), -1, -2)

    def _transposed(self) -> Products:
        raise NotImplementedError

    def _currents(self, verb: str, volts: npt.ArrayLike, plane: int) -> Floats:
        rows, leading, outer = batch("volts", volts, self._inputs)
        amps = np.empty(outer + (self._outputs,), FLOAT)
        crossbar = self._of()
        with crossbar._lock:
            check(self._directed(verb)(crossbar._handle, whole("plane", plane), len(rows),
                                       address(rows), leading, address(amps), self._outputs))
        return amps

    def currents(self, volts: npt.ArrayLike, plane: int = 0) -> Floats:
        """Currents of a plane for voltages, A, through its wires and nonlinear cells."""
        return self._currents("currents", volts, plane)

    def ideal_currents(self, volts: npt.ArrayLike, plane: int = 0) -> Floats:
        """Currents of a plane for voltages, A, without wires and with ohmic cells."""
        return self._currents("ideal_currents", volts, plane)

    def calibrate(self, x: npt.ArrayLike, percentile: float = 100.0) -> None:
        """Sets the ranges of the ADCs from vectors: adc_range="calibrated" or "per-column"."""
        rows, leading, _ = batch("x", x, self._inputs)
        crossbar = self._of()
        with crossbar._lock:
            check(self._directed("calibrate")(crossbar._handle, len(rows), address(rows), leading,
                                              real("percentile", percentile)))

    def tile(self, tile: int = 0) -> Tile:
        """Where a tile lies in its plane, and the shape of its circuit."""
        values = [ctypes.c_size_t() for _ in Tile._fields]
        crossbar = self._of()
        with crossbar._lock:
            check(C.crossbar_tile(crossbar._handle, whole("tile", tile),
                                  *map(ctypes.byref, values)))
        return Tile(*(value.value for value in values))

    def _driven(self, shape: Tile, volts: npt.ArrayLike) -> Floats:
        width = shape.cols if self._suffix else shape.rows
        return flat("volts", volts, length=width)

    def nodes(self, volts: npt.ArrayLike, plane: int = 0, tile: int = 0) -> Nodes:
        """Voltages of the nodes of a tile, for one vector of voltages on its driven lines."""
        with self._of()._lock:
            shape = self.tile(tile)
            driven = self._driven(shape, volts)
            nodes = Nodes(*(np.empty((shape.rows, shape.cols), FLOAT) for _ in range(2)))
            check(self._directed("nodes")(self._of()._handle, whole("plane", plane), tile,
                                          address(driven), *map(address, nodes)))
        return nodes

    def branches(self, volts: npt.ArrayLike, plane: int = 0, tile: int = 0) -> Branches:
        """Currents of all branches of a tile, for one vector of voltages on its driven lines."""
        with self._of()._lock:
            shape = self.tile(tile)
            driven = self._driven(shape, volts)
            rows, cols = shape.rows, shape.cols
            branches = Branches(np.empty((rows, cols), FLOAT), np.empty((rows, cols + 1), FLOAT),
                                np.empty((rows + 1, cols), FLOAT))
            check(self._directed("branches")(self._of()._handle, whole("plane", plane), tile,
                                             address(driven), *map(address, branches)))
        return branches
