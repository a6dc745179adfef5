# SPDX-License-Identifier: BSD-3-Clause
"""Tables of jumps: the model "jumps" as arrays, and from files."""

from __future__ import annotations

import ctypes
import os
from typing import Any, Optional, Union

import numpy as np
import numpy.typing as npt

from ._arrays import FLOAT, Floats, address, flat
from ._errors import ArgumentError, FileError, FormatError
from ._levels import LevelDevice
from ._native import C, check, coded, signed, whole

DIRECTIONS = {"up": 1, "down": -1}
Path = Union[str, "os.PathLike[str]"]


def way(direction: Union[int, str]) -> int:
    """A direction: 1 or "up", -1 or "down"."""
    if isinstance(direction, str):
        return coded("direction", DIRECTIONS, direction)
    return signed("direction", direction)


def read_jumps(path: Path) -> tuple[Floats, Floats]:
    """Conductances and quantiles of a CSV file of jumps, as Device.set_jumps() takes them.

    The first row has the conductances, S. Each further row begins with a probability and has, for
    each conductance, the change that a pulse does not exceed with it. Probabilities rise from 0
    to 1 in equal steps. Quantiles that fall are sorted: measured ones may.
    """
    try:
        with open(path, encoding="utf-8") as file:
            rows = [line.rstrip().split(",") for line in file if line.strip()]
    except OSError as error:
        raise FileError(f"{os.fspath(path)}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise FormatError(f"{os.fspath(path)}: not a text file") from error
    try:
        g = np.array([float(word) for word in rows[0][1:]])
        table = np.array([[float(word) for word in row] for row in rows[1:]])
        p, quantiles = table[:, 0], table[:, 1:]
    except (IndexError, ValueError) as error:
        raise FormatError(f"{os.fspath(path)}: not a table of jumps: {error}") from error
    if quantiles.shape[1:] != g.shape or len(p) < 2:
        raise FormatError(f"{os.fspath(path)}: {quantiles.shape[1]} columns of quantiles in "
                          f"{len(p)} rows; the first row has {g.size} conductances")
    if not np.allclose(p, np.linspace(0, 1, len(p)), atol=6e-4):
        raise FormatError(f"{os.fspath(path)}: probabilities must rise from 0 to 1 in equal steps")
    return g.astype(FLOAT), np.sort(quantiles.T, axis=1).astype(FLOAT)


class JumpDevice(LevelDevice):
    """What Device has for tables of jumps."""

    __slots__ = ()

    @property
    def jump_tables(self) -> int:
        """How many tables a device of the model "jumps" has; each cell draws one."""
        with self._lock:
            return self._jumps_size(0, 1)[0]

    def _jumps_size(self, table: int, direction: int) -> tuple[int, int, int]:
        sizes = [ctypes.c_size_t() for _ in range(3)]
        check(C.device_jumps_size(self._handle, table, direction, *map(ctypes.byref, sizes)))
        return sizes[0].value, sizes[1].value, sizes[2].value

    def jumps(self, direction: Union[int, str], *, table: int = 0) -> tuple[Floats, Floats]:
        """Conductances and (conductances, quantiles) of a table, for "up" or "down"."""
        with self._lock:
            number, sign = whole("table", table), way(direction)
            _, n_g, n_q = self._jumps_size(number, sign)
            g, quantiles = np.empty(n_g, FLOAT), np.empty((n_g, n_q), FLOAT)
            check(C.device_get_jumps(self._handle, number, sign, g.size, address(g),
                                     quantiles.size, address(quantiles)))
        return g, quantiles

    def fit_jump_bands(self, direction: Union[int, str], *, table: int = 0
                       ) -> tuple[Floats, Floats]:
        """Bands of the quantiles of a table that fit() found: what 95 of 100 fits of cycles drawn
        with replacement have. Two arrays like the quantiles of jumps(), the lower ends and the
        upper ones."""
        with self._lock:
            number, sign = whole("table", table), way(direction)
            shape = (0, 0)
            if C.device_fit_jump_bands(self._handle, number, sign, 0, None, None) == 0:
                shape = self._jumps_size(number, sign)[1:]
            low, high = np.empty(shape, FLOAT), np.empty(shape, FLOAT)
            check(C.device_fit_jump_bands(self._handle, number, sign, low.size, address(low),
                                          address(high)))
        return low, high

    def set_jumps(self, direction: Union[int, str], conductances: npt.ArrayLike,
                  quantiles: npt.ArrayLike, *, table: int = 0) -> None:
        """Sets one direction of a table: quantiles[i] are those of the change of conductance by a
        pulse at conductances[i], at probabilities evenly spaced from 0 to 1."""
        g = flat("conductances", conductances).reshape(-1)
        q = flat("quantiles", quantiles)
        if q.ndim != 2 or q.shape[0] != g.size:
            raise ArgumentError(f"quantiles has the shape {q.shape}; it must be ({g.size}, "
                                "quantiles)")
        with self._lock:
            check(C.device_set_jumps(self._handle, whole("table", table), way(direction), g.size,
                                     address(g), q.shape[1], address(q)))

    @classmethod
    def jumps_from_csv(cls, up: Path, down: Path, *, seed: Optional[int] = None,
                       **parameters: Any) -> Any:
        """A device of the model "jumps" from two files; see memqc.data.read_jumps().

        Where g_min and g_max are not given, the window is that of the conductances of both files.
        """
        tables = {"up": read_jumps(up), "down": read_jumps(down)}
        ends = [end for g, _ in tables.values() for end in (float(g[0]), float(g[-1]))]
        window = {"g_min": min(ends), "g_max": max(ends), **parameters}
        make: Any = cls
        device = make(model="jumps", **window)
        if seed is not None:
            device.seed = seed
        for direction, (g, quantiles) in tables.items():
            device.set_jumps(direction, g, quantiles)
        return device
