# SPDX-License-Identifier: BSD-3-Clause
"""Levels of a device one by one."""

from __future__ import annotations

import ctypes
from typing import NamedTuple, Optional

import numpy as np
import numpy.typing as npt

from ._arrays import FLOAT, Floats, address, flat, spread
from ._custom import CustomDevice
from ._errors import ArgumentError
from ._native import C, check


class Levels(NamedTuple):
    """Levels of a device, from level 1 down: what Device.set_levels() takes."""

    conductance: Floats  #: nominal, S
    sd: Floats  #: S
    quantiles: Optional[Floats]  #: S, levels x quantiles; None for the normal law


class LevelErrors(NamedTuple):
    """Standard errors of the levels that a fit found, from level 1 down."""

    conductance: Floats  #: of the nominal conductances, S
    sd: Floats  #: of the standard deviations, S


def read_errors(handle: int) -> LevelErrors:
    """How far a fit knows the levels of a device."""
    n = ctypes.c_size_t()
    check(C.device_fit_level_errors(handle, 0, None, None, ctypes.byref(n)))
    g, sd = np.empty(n.value, FLOAT), np.empty(n.value, FLOAT)
    check(C.device_fit_level_errors(handle, n.value, address(g), address(sd), ctypes.byref(n)))
    return LevelErrors(g, sd)


def read_levels(handle: int) -> Levels:
    """The levels of a device."""
    n, each = ctypes.c_size_t(), ctypes.c_size_t()
    check(C.device_get_levels(handle, 0, None, None, ctypes.byref(n), 0, None,
                              ctypes.byref(each)))
    g, sd = np.empty(n.value, FLOAT), np.empty(n.value, FLOAT)
    quantiles = np.empty((n.value, each.value), FLOAT) if each.value else None
    check(C.device_get_levels(handle, n.value, address(g), address(sd), ctypes.byref(n),
                              n.value * each.value,
                              None if quantiles is None else address(quantiles),
                              ctypes.byref(each)))
    return Levels(g, sd, quantiles)


def write_levels(handle: int, conductances: npt.ArrayLike, sd: Optional[npt.ArrayLike],
                 quantiles: Optional[npt.ArrayLike]) -> None:
    """Sets the levels of a device."""
    g = flat("conductances", conductances).reshape(-1)
    deviations = None
    if sd is not None:
        deviations = spread("sd", flat("sd", sd), g.shape)
    rows = None if quantiles is None else flat("quantiles", quantiles)
    if rows is not None and (rows.ndim != 2 or rows.shape[0] != g.size):
        raise ArgumentError(f"quantiles is of shape {rows.shape}; one row for each of the "
                            f"{g.size} levels is wanted")
    check(C.device_set_levels(handle, g.size, address(g),
                              None if deviations is None else address(deviations),
                              0 if rows is None else rows.shape[1],
                              None if rows is None else address(rows)))


class LevelDevice(CustomDevice):
    """What a Device has of levels one by one."""

    __slots__ = ()

    def level_table(self) -> Levels:
        """The levels, from level 1 down, as set_levels() takes them."""
        with self._lock:
            return read_levels(self._handle)

    def fit_level_errors(self) -> LevelErrors:
        """Standard errors of the levels that fit() found one by one."""
        with self._lock:
            return read_errors(self._handle)

    def set_levels(self, conductances: npt.ArrayLike, sd: Optional[npt.ArrayLike] = None,
                   quantiles: Optional[npt.ArrayLike] = None) -> None:
        """Sets the levels of a quantized device one by one, evenly spaced or not, S.

        sd is one value or one a level. quantiles, an array of levels x quantiles such as
        np.quantile(g, np.linspace(0, 1, 21), axis=0).T, take the place of the normal law.
        """
        with self._lock:
            write_levels(self._handle, conductances, sd, quantiles)
