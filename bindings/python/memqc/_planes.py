# SPDX-License-Identifier: BSD-3-Clause
"""The planes of an array, one matrix each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Iterator

import numpy as np
import numpy.typing as npt

from ._arrays import address, matrix
from ._native import check

if TYPE_CHECKING:
    from .crossbar import Crossbar


class Planes:
    """The planes of an array, one matrix each: crossbar.conductances[0].

    Reading makes a copy, which cannot be changed: change a .copy() of it and assign that.
    """

    __slots__ = ("_crossbar", "_read", "_write", "_dtype")

    def __init__(self, crossbar: Crossbar, read: Any, write: Any, dtype: np.dtype[Any]) -> None:
        self._crossbar, self._read, self._write, self._dtype = crossbar, read, write, dtype

    def __len__(self) -> int:
        return self._crossbar.planes

    def _index(self, plane: int) -> int:
        count = len(self)
        if not -count <= plane < count:
            raise IndexError(f"plane {plane}; the array has {count}")
        return plane % count

    def __getitem__(self, plane: int) -> npt.NDArray[Any]:
        crossbar = self._crossbar
        values = np.empty(crossbar.shape, self._dtype)
        with crossbar._lock:
            check(self._read(crossbar._handle, self._index(plane), address(values),
                             values.shape[1]))
        values.flags.writeable = False  # an element that is set would be lost
        return values

    def __setitem__(self, plane: int, values: npt.ArrayLike) -> None:
        if self._write is None:
            raise TypeError("these planes can only be read")
        crossbar = self._crossbar
        rows, leading = matrix("conductances", values, crossbar.shape)
        with crossbar._lock:
            check(self._write(crossbar._handle, self._index(plane), address(rows), leading))

    def __iter__(self) -> Iterator[npt.NDArray[Any]]:
        return (self[plane] for plane in range(len(self)))

    def __array__(self, dtype: Any = None, copy: Any = None) -> npt.NDArray[Any]:
        return np.array(list(self), dtype)
