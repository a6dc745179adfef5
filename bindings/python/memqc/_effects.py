# SPDX-License-Identifier: BSD-3-Clause
"""What happens to cells after programming, and what a device warns of."""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
import warnings as _warnings
from typing import Any, Iterable, Iterator, Optional

import numpy as np
import numpy.typing as npt

from ._arrays import FLOAT, INT, Floats, Ints, address, empty, flat, together
from ._constants import DEVICE_FAULT
from ._errors import ArgumentError, DeviceWarning
from ._handle import Handle
from ._native import C, check, real, whole
from ._parameters import Parameter

FAULTS = {code: name for name, code in DEVICE_FAULT.items()}
PACKAGE = os.path.dirname(os.path.abspath(__file__))


def caller() -> int:
    """The stack level, for the function that asks, of the first frame outside the package."""
    level, frame = 1, sys._getframe(1)
    while frame.f_back is not None and frame.f_code.co_filename.startswith(PACKAGE):
        level, frame = level + 1, frame.f_back
    return level


class EffectDevice(Handle):
    """What a Device has of reads, ageing, faults and warnings."""

    __slots__ = ("_draws",)
    _draws: int  # the next number that no call has used

    def _take(self, handle: int) -> None:
        super()._take(handle)
        self._draws = 0

    @contextlib.contextmanager
    def _numbered(self, draw: Optional[int], count: int) -> Iterator[int]:
        """The lock, and the first of so many numbers of draws; by default those that no call has
        used. A call that fails uses none."""
        with self._lock:
            first = self._draws if draw is None else whole("draw", draw)
            yield first
            if draw is None:
                self._draws = first + count

    # Warnings

    @property
    def warnings(self) -> list[str]:
        """Where the device leaves what its model is known to hold for, such as levels above 16 G0.

        What set() and fit() bring about is also a DeviceWarning of Python's module warnings.
        """
        n = ctypes.c_size_t()
        with self._lock:
            check(C.device_warnings(self._handle, 0, None, ctypes.byref(n)))
            codes = np.empty(n.value, INT)
            if n.value:
                check(C.device_warnings(self._handle, n.value, address(codes), ctypes.byref(n)))
        return [C.device_warning_text(int(code)).decode() for code in codes]

    def _warn(self, known: Iterable[str] = ()) -> None:
        for text in self.warnings:
            if text not in known:
                _warnings.warn(text, DeviceWarning, stacklevel=caller())

    def _set_many(self, pairs: list[tuple[Parameter, Any]]) -> None:
        known = self.warnings if pairs else []
        super()._set_many(pairs)
        self._warn(known)

    # After programming

    def read(self, conductances: npt.ArrayLike, *, cell: int = 0,
             draw: Optional[int] = None) -> Floats:
        """Reads cells with read noise."""
        g = flat("conductances", conductances)
        out = np.empty(g.shape, FLOAT)
        with self._numbered(draw, 1) as first:
            check(C.device_read(self._handle, whole("cell", cell), first, g.size, address(g),
                                address(out)))
        return out

    def age(self, conductances: npt.ArrayLike, seconds: float, cycles: float = 0, *,
            cell: int = 0, draw: int = 0) -> Floats:
        """Conductances so many seconds after programming: endurance, relaxation and drift.

        draw is the number of the programming: with equal numbers a cell ages along one curve.
        """
        g = flat("conductances", conductances)
        out = np.empty(g.shape, FLOAT)
        with self._lock:
            check(C.device_age(self._handle, whole("cell", cell), whole("draw", draw),
                               real("seconds", seconds), real("cycles", cycles), g.size,
                               address(g), address(out)))
        return out

    def read_flicker(self, conductances: npt.ArrayLike, seconds: float, *,
                     driven: Optional[npt.ArrayLike] = None, cell: int = 0,
                     draw: Optional[int] = None) -> Floats:
        """A read with flicker, of a device with flicker_drawn="per-read", so many seconds after
        programming.

        conductances are those of age(); driven, those that drift acts on, give the state on which
        flicker depends, by default what conductances says.
        """
        g = np.array(flat("conductances", conductances), FLOAT, order="C")
        state = g.copy() if driven is None else flat("driven", driven, length=g.size)
        with self._numbered(draw, 1) as first:
            check(C.device_flicker(self._handle, whole("cell", cell), first,
                                   real("seconds", seconds), g.size, address(state), address(g)))
        return g

    def current(self, conductances: npt.ArrayLike, volts: npt.ArrayLike) -> Floats:
        """Currents of cells at voltages, A."""
        g, v = together(conductances=flat("conductances", conductances), volts=flat("volts", volts))
        amps = np.empty(g.shape, FLOAT)
        with self._lock:
            check(C.device_current(self._handle, g.size, address(g), address(v), address(amps)))
        return amps

    def faults(self, n: int, *, cell: int = 0) -> list[str]:
        """How n cells are stuck for life: "none", "on", "off" or "anywhere"."""
        kinds = empty("n", (whole("n", n),), INT)
        with self._lock:
            check(C.device_faults(self._handle, whole("cell", cell), kinds.size, address(kinds),
                                  None))
        return [FAULTS[int(kind)] for kind in kinds]

    def stuck(self, conductances: npt.ArrayLike, *, cell: int = 0) -> Floats:
        """Conductances of cells, with those of stuck cells in their places."""
        g = np.array(flat("conductances", conductances), FLOAT, order="C")
        with self._lock:
            check(C.device_faults(self._handle, whole("cell", cell), g.size, None, address(g)))
        return g

    # Random telegraph noise

    def telegraph_begin(self, n: int, *, cell: int = 0, draw: Optional[int] = None) -> Ints:
        """First states of the traps of n cells: 0 empty, 1 full."""
        traps = empty("n", (whole("n", n),), INT)
        with self._numbered(draw, 1) as first:
            check(C.device_telegraph_begin(self._handle, whole("cell", cell), first, traps.size,
                                           address(traps)))
        return traps

    def telegraph_advance(self, traps: npt.ArrayLike, seconds: float, *, cell: int = 0,
                          draw: Optional[int] = None) -> Ints:
        """The states of traps after a time."""
        later = np.array(flat("traps", traps, INT), INT, order="C")
        with self._numbered(draw, 1) as first:
            check(C.device_telegraph_advance(self._handle, whole("cell", cell), first,
                                             real("seconds", seconds), later.size,
                                             address(later)))
        return later

    def telegraph_read(self, traps: npt.ArrayLike, conductances: npt.ArrayLike) -> Floats:
        """Conductances with the traps in their states."""
        g, full = flat("conductances", conductances), flat("traps", traps, INT)
        if full.shape != g.shape:
            raise ArgumentError(f"traps has the shape {full.shape}; it must be {g.shape}")
        out = np.empty(g.shape, FLOAT)
        with self._lock:
            check(C.device_telegraph_read(self._handle, g.size, address(full), address(g),
                                          address(out)))
        return out
