# SPDX-License-Identifier: BSD-3-Clause
"""Crossbar arrays: weights on memristor cells, and the products over them."""

from __future__ import annotations

import ctypes
from typing import Any, Optional, Union

import numpy as np
import numpy.typing as npt

from ._arrays import (FLOAT, INT, SIZE, Floats, Ints, address, array_of, batch, flat, matrix,
                      spread, together)
from ._constants import CROSSBAR_COST, CROSSBAR_COUNT, CROSSBAR_REPORT
from ._errors import ArgumentError, StateError
from ._handle import Handle, Seed, instance, seed_number, split
from ._native import C, check, number, real, whole
from ._planes import Planes
from ._products import Branches, Nodes, Products, Tile
from ._progress import Shown, watched
from .device import Device

__all__ = ["Branches", "Crossbar", "Nodes", "Planes", "Tile", "Transposed"]


class Crossbar(Products, Handle, noun="crossbar"):
    """An array of word lines (rows) x bit lines (columns) of memristors that holds weights.

    Crossbar(device, w, mapping="differential", adc_bits=8) makes an array and programs w, rows x
    cols. With a shape (rows, cols) in its place the array is not programmed yet. `x @ crossbar`
    is the product of vectors on the last axis of x, `x @ crossbar.T` the one with the transpose.
    Crossbar.parameters() lists the parameters. Conductances are in siemens.
    """

    __slots__ = ("_inputs", "_outputs")
    _suffix = ""
    _function = Handle._function

    def __init__(self, device: Device, w: Union[npt.ArrayLike, tuple[int, int]], *,
                 seed: Seed = 0, progress: Shown = None, **parameters: Any) -> None:
        split(self._table, parameters)
        instance(Device, "device", device)
        weights = None
        if isinstance(w, tuple) and len(w) == 2 and all(np.ndim(size) == 0 for size in w):
            rows, cols = (whole("shape", size) for size in w)
        else:
            weights = array_of("w", w)
            if weights.ndim != 2:
                raise ArgumentError(f"w has the shape {weights.shape}; it must be a matrix or a "
                                    "shape (rows, cols)")
            rows, cols = weights.shape
        with device._lock:
            self._open(C.crossbar_create, device._handle, rows, cols, seed_number(seed))
        self.set(**parameters)
        if weights is not None:
            self.program(weights, progress=progress)

    def _take(self, handle: int) -> None:
        super()._take(handle)
        rows, cols = ctypes.c_size_t(), ctypes.c_size_t()
        check(C.crossbar_get_shape(handle, ctypes.byref(rows), ctypes.byref(cols), None))
        self._inputs, self._outputs = rows.value, cols.value

    def _what(self) -> str:
        return f"{self._inputs} x {self._outputs} "

    def _of(self) -> Crossbar:
        return self

    def _transposed(self) -> Products:
        return self.T

    def __rmatmul__(self, x: npt.ArrayLike) -> Floats:
        return self._mac(C.crossbar_mac, x, self, self._inputs, self._outputs)

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, cols)."""
        return self._inputs, self._outputs

    @property
    def ndim(self) -> int:
        """2."""
        return 2

    @property
    def planes(self) -> int:
        """How many cells a weight has: slices x sides."""
        with self._lock:
            planes = ctypes.c_size_t()
            check(C.crossbar_get_shape(self._handle, None, None, ctypes.byref(planes)))
        return planes.value

    @property
    def T(self) -> Transposed:  # noqa: N802
        """The transpose: the same cells, driven from the bit lines."""
        return Transposed(self)

    @property
    def device(self) -> Device:
        """A copy of the device that the array is made of.

        Assigning gives the array another one, for programming and ageing. The array keeps its own
        read_voltage, iv_nonlinearity, read_noise and read_noise_relative, which it took from the
        device when it was made."""
        with self._lock:
            return Device._made(C.crossbar_get_device, self._handle)

    @device.setter
    def device(self, device: Device) -> None:
        instance(Device, "device", device)
        with self._lock, device._lock:
            check(C.crossbar_set_device(self._handle, device._handle))

    # Programming

    def program(self, w: npt.ArrayLike, *, progress: Shown = None) -> None:
        """Programs the whole array: each weight to its nearest level."""
        rows, leading = matrix("w", w, self.shape)
        with self._lock:
            if not progress and self.get("scheme") == "blind":
                check(C.crossbar_program(self._handle, address(rows), leading))
            else:
                self._watched(progress, C.crossbar_program, address(rows), leading)

    def _watched(self, progress: Shown, function: Any, *arguments: Any) -> None:
        watched(lambda told: int(C.crossbar_set_progress(self._handle, told, None)),
                lambda: int(function(self._handle, *arguments)), progress)

    def _places(self, rows: npt.ArrayLike, cols: npt.ArrayLike) -> npt.NDArray[Any]:
        """Numbers of cells. The library refuses those beyond the array, this function columns."""
        row, col = together(rows=flat("rows", rows, SIZE), cols=flat("cols", cols, SIZE))
        if col.size and int(col.max()) >= self._outputs:
            raise ArgumentError(f"col = {int(col.max())}; it must be 0 .. {self._outputs - 1}")
        if row.size and int(row.max()) >= self._inputs:
            raise ArgumentError(f"row = {int(row.max())}; it must be 0 .. {self._inputs - 1}")
        return np.ascontiguousarray(row * SIZE.type(self._outputs) + col, SIZE).reshape(-1)

    def program_cells(self, rows: npt.ArrayLike, cols: npt.ArrayLike, w: npt.ArrayLike, *,
                      progress: Shown = None) -> None:
        """Programs the weights at rows and columns. All others stay to the last bit."""
        places = self._places(rows, cols)
        values = spread("w", flat("w", w).reshape(-1), places.shape)
        with self._lock:
            if places.size == 1:
                row, col = divmod(int(places[0]), self._outputs)
                check(C.crossbar_program_cell(self._handle, row, col, float(values[0])))
            else:
                self._watched(progress, C.crossbar_program_list, places.size, address(places),
                              address(values))

    def pulse(self, rows: npt.ArrayLike, cols: npt.ArrayLike, pulses: npt.ArrayLike,
              plane: int = 0) -> None:
        """Sends pulses to cells of a plane: above 0 potentiation (SET), below 0 depression."""
        places = self._places(rows, cols)
        counts = spread("pulses", flat("pulses", pulses, INT).reshape(-1), places.shape)
        with self._lock:
            check(C.crossbar_pulse(self._handle, whole("plane", plane), places.size,
                                   address(places), address(counts)))

    def update(self, step: npt.ArrayLike, alpha: float = 1.0) -> int:
        """Moves the weights by alpha times a step, rows x cols, as the parameter rule says.

        Returns how many weights moved."""
        rows, leading = matrix("step", step, self.shape)
        with self._lock:
            check(C.crossbar_update(self._handle, real("alpha", alpha), address(rows), leading))
            return self._moved()

    def update_outer(self, x: npt.ArrayLike, d: npt.ArrayLike, alpha: float = 1.0) -> int:
        """Moves the weights by alpha x^T d: vectors for the rows and for the columns.

        Returns how many weights moved."""
        xs, ldx, many = batch("x", x, self._inputs)
        ds, ldd, same = batch("d", d, self._outputs)
        if many != same:
            raise ArgumentError(f"x has {many} vectors and d {same}; it must be as many")
        with self._lock:
            check(C.crossbar_update_outer(self._handle, real("alpha", alpha), len(xs), address(xs),
                                          ldx, address(ds), ldd))
            return self._moved() if len(xs) else 0

    def follow(self, w: Floats) -> int:
        """Follows weights that an optimizer has moved: moves the weights by the difference between
        w and them, as update() does. Then w becomes what `weights` is, in place: an array of
        float32, rows x cols, whose rows are contiguous. Returns how many weights moved."""
        rows, leading = matrix("w", w, self.shape)
        if rows is not w or not w.flags.writeable:
            raise ArgumentError("w cannot be written to in place; it must be a writable array of "
                                "float32 whose rows are contiguous")
        with self._lock:
            check(C.crossbar_follow(self._handle, address(rows), leading))
            return self._moved()

    def _moved(self) -> int:
        return int(number(C.crossbar_get_report, self._handle, CROSSBAR_REPORT["moved"]))

    # What the cells hold

    def _matrix(self, function: Any) -> Floats:
        values = np.empty(self.shape, FLOAT)
        with self._lock:
            check(function(self._handle, address(values), self._outputs))
        return values

    @property
    def weights(self) -> Floats:
        """Weights by the present conductances. Assigning programs the array."""
        return self._matrix(C.crossbar_get_weights)

    @weights.setter
    def weights(self, w: npt.ArrayLike) -> None:
        self.program(w)

    @property
    def nominal_weights(self) -> Floats:
        """Weights by the levels, without noise."""
        return self._matrix(C.crossbar_get_nominal_weights)

    @property
    def conductances(self) -> Planes:
        """Conductances of each plane, S: read and assigned by the number of the plane."""
        return Planes(self, C.crossbar_get_conductances, C.crossbar_set_conductances, FLOAT)

    @property
    def levels(self) -> Planes:
        """Levels of each plane."""
        return Planes(self, C.crossbar_get_levels, None, INT)

    @property
    def stuck(self) -> Planes:
        """1 for the stuck cells of each plane, 0 for the others."""
        return Planes(self, C.crossbar_get_stuck, None, INT)

    def reference(self, slice: int = 0) -> Floats:
        """Conductances of the reference column of a slice."""
        g = np.empty(self._inputs, FLOAT)
        with self._lock:
            check(C.crossbar_get_reference(self._handle, whole("slice", slice), address(g)))
        return g

    def set_reference(self, conductances: npt.ArrayLike, slice: int = 0) -> None:
        """Fills the reference column of a slice."""
        g = flat("conductances", conductances, length=self._inputs)
        with self._lock:
            check(C.crossbar_set_reference(self._handle, whole("slice", slice), address(g)))

    # In service

    def stick(self, rows: npt.ArrayLike, cols: npt.ArrayLike,
              conductances: Optional[npt.ArrayLike] = None, plane: int = 0) -> None:
        """Makes cells stuck, at their present conductances or at others."""
        places, g = self._places(rows, cols), None
        if conductances is not None:
            g = spread("conductances", flat("conductances", conductances).reshape(-1),
                       places.shape)
        with self._lock:
            check(C.crossbar_stick(self._handle, whole("plane", plane), places.size,
                                   address(places), None if g is None else address(g)))

    def unstick(self, rows: npt.ArrayLike, cols: npt.ArrayLike, plane: int = 0) -> None:
        """Stuck cells work again."""
        places = self._places(rows, cols)
        with self._lock:
            check(C.crossbar_unstick(self._handle, whole("plane", plane), places.size,
                                     address(places)))

    def remap(self) -> tuple[int, int]:
        """Remaps weights around stuck cells: how many cells were programmed, and pairs lost."""
        remapped, lost = ctypes.c_size_t(), ctypes.c_size_t()
        with self._lock:
            check(C.crossbar_remap(self._handle, ctypes.byref(remapped), ctypes.byref(lost)))
        return remapped.value, lost.value

    def advance(self, seconds: float) -> None:
        """Lets time pass; with drift_compensation, calibration vectors are read too."""
        with self._lock:
            check(C.crossbar_advance(self._handle, real("seconds", seconds)))

    @property
    def compensation(self) -> float:
        """The factor by which drift_compensation multiplies outputs; 1 where it is off."""
        with self._lock:
            return float(number(C.crossbar_get_compensation, self._handle))

    @property
    def clock(self) -> float:
        """The time that has passed, s."""
        with self._lock:
            return float(number(C.crossbar_get_clock, self._handle))

    @property
    def vector(self) -> int:
        """The number of the next vector, on which read noise depends. Assigning replays it."""
        with self._lock:
            return int(number(C.crossbar_get_vector, self._handle, kind=ctypes.c_uint64))

    @vector.setter
    def vector(self, vector: int) -> None:
        with self._lock:
            check(C.crossbar_rewind(self._handle, whole("vector", vector)))

    # Accounts

    @property
    def counts(self) -> dict[str, int]:
        """Counters since the array was made."""
        with self._lock:
            return {name: number(C.crossbar_get_count, self._handle, code, kind=ctypes.c_uint64)
                    for name, code in CROSSBAR_COUNT.items()}

    @property
    def costs(self) -> dict[str, float]:
        """Costs since the array was made."""
        with self._lock:
            return {name: number(C.crossbar_get_cost, self._handle, code)
                    for name, code in CROSSBAR_COST.items()}

    @property
    def report(self) -> dict[str, float]:
        """What the last programming or update did. It has no errors of cells after an update."""
        numbers = {}
        with self._lock:
            for name, code in CROSSBAR_REPORT.items():
                try:
                    numbers[name] = float(number(C.crossbar_get_report, self._handle, code))
                except StateError:
                    continue
        return numbers


class Transposed(Products):
    """The transpose of an array: the same cells, driven from the bit lines."""

    __slots__ = ("T", "_inputs", "_outputs")
    _suffix = "_transposed"

    def __init__(self, crossbar: Crossbar) -> None:
        self.T = crossbar
        self._outputs, self._inputs = crossbar.shape

    def _of(self) -> Crossbar:
        return self.T

    def _transposed(self) -> Products:
        return self.T

    def __rmatmul__(self, x: npt.ArrayLike) -> Floats:
        return self._mac(C.crossbar_mac_transposed, x, self.T, self._inputs, self._outputs)

    @property
    def shape(self) -> tuple[int, int]:
        """(cols, rows) of the array."""
        return self._inputs, self._outputs

    @property
    def weights(self) -> Floats:
        """Weights by the present conductances."""
        return self.T.weights.T
