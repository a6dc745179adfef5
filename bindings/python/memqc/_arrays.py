# SPDX-License-Identifier: BSD-3-Clause
"""Arrays on their way to C: copied only where the layout or the type does not fit."""

from __future__ import annotations

import ctypes
from typing import Any, Optional, Sequence

import numpy as np
import numpy.typing as npt

from ._errors import ArgumentError, OutOfMemoryError

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32]
FLOAT = np.dtype(np.float32)
INT = np.dtype(np.int32)
SIZE = np.dtype(np.uintp)
FROM_BUFFER: Any = ctypes.c_char.from_buffer


def address(array: npt.NDArray[Any]) -> int:
    """Where the elements of an array begin."""
    return array.__array_interface__["data"][0]  # type: ignore[no-any-return]


def quick_address(array: npt.NDArray[Any]) -> int:
    """address() of a contiguous array, three times as fast where it is writable and not empty."""
    try:
        return ctypes.addressof(FROM_BUFFER(array))
    except (TypeError, ValueError):
        return address(array)


def fractional(array: npt.NDArray[Any]) -> bool:
    """Whether not all of an array's numbers are whole."""
    return array.dtype.kind == "f" and not bool((np.isfinite(array) &
                                                 (array == np.rint(array))).all())


def array_of(name: str, value: Any) -> npt.NDArray[Any]:
    """A value as an array; NumPy's own error would not name it."""
    try:
        return np.asarray(value)
    except ValueError:
        raise ArgumentError(f"{name} holds rows of different lengths") from None


def given(name: str, value: Any, dtype: np.dtype[Any]) -> npt.NDArray[Any]:
    """A value as an array, after a look at what it holds: numbers that dtype can stand for."""
    array = array_of(name, value)
    if not array.size:
        return np.empty(array.shape, dtype)
    wanted = "whole" if dtype.kind in "iu" else "real"
    if array.dtype.kind not in "iufb" or wanted == "whole" and fractional(array):
        raise ArgumentError(f"{name} holds {array.dtype}; it must hold {wanted} numbers")
    if wanted == "whole" and array.dtype != dtype:
        limits = np.iinfo(dtype)
        for extreme in (int(array.min()), int(array.max())):
            if not limits.min <= extreme <= limits.max:
                raise ArgumentError(f"{name} holds {extreme}; it must be {limits.min} .. "
                                    f"{limits.max}")
    return array


def flat(name: str, value: Any, dtype: np.dtype[Any] = FLOAT,
         length: Optional[int] = None) -> npt.NDArray[Any]:
    """A value as a contiguous array of any shape, or of a vector's length."""
    with np.errstate(over="ignore"):  # infinity, which the library refuses by its place
        array = np.asarray(given(name, value, dtype), dtype=dtype, order="C")
    if length is not None and array.shape != (length,):
        raise ArgumentError(f"{name} has the shape {array.shape}; it must be ({length},)")
    return array


def matrix(name: str, value: Any, shape: Sequence[int],
           dtype: np.dtype[Any] = FLOAT) -> tuple[npt.NDArray[Any], int]:
    """A value as an array of a shape and its leading dimension. Slices of rows are not copied."""
    array = given(name, value, dtype)
    if array.shape != tuple(shape):
        raise ArgumentError(f"{name} has the shape {array.shape}; it must be {tuple(shape)}")
    return laid_out(array, dtype)


def laid_out(array: npt.NDArray[Any], dtype: np.dtype[Any] = FLOAT) -> tuple[npt.NDArray[Any], int]:
    """A matrix with neighbouring elements in its rows, copied where it has none."""
    rows, cols = array.shape
    if array.dtype == dtype and array.flags.aligned and rows and cols:
        row, step = array.strides
        leading, rest = divmod(row, dtype.itemsize)
        if (step == dtype.itemsize or cols == 1) and not rest and (leading >= cols or rows == 1):
            return array, max(leading, cols)
    with np.errstate(over="ignore"):
        return np.ascontiguousarray(array, dtype=dtype), cols


def batch(name: str, value: Any, width: int) -> tuple[Floats, int, tuple[int, ...]]:
    """Vectors of a width as a matrix, its leading dimension, and the shape of the vectors' axes."""
    array = given(name, value, FLOAT)
    if array.ndim == 0 or array.shape[-1] != width:
        raise ArgumentError(f"{name} has the shape {array.shape}; its last axis must be {width}")
    outer = array.shape[:-1]
    if array.ndim != 2:
        array = array.reshape(-1, width) if array.size else np.empty((0, width), FLOAT)
    rows, leading = laid_out(array)
    return rows, leading, outer


def spread(name: str, array: npt.NDArray[Any], shape: Sequence[int]) -> npt.NDArray[Any]:
    """An array, contiguous, repeated along the axes of a shape that it lacks."""
    try:
        return np.ascontiguousarray(np.broadcast_to(array, shape))
    except ValueError:
        raise ArgumentError(f"{name} has the shape {array.shape}; it must be one that stretches to "
                            f"{tuple(shape)}") from None


def together(**arrays: npt.NDArray[Any]) -> list[npt.NDArray[Any]]:
    """Arrays, contiguous, each repeated along the axes that it lacks."""
    try:
        return [np.ascontiguousarray(array) for array in np.broadcast_arrays(*arrays.values())]
    except ValueError:
        shapes = " and ".join(f"{name} {array.shape}" for name, array in arrays.items())
        raise ArgumentError(f"the shapes of {shapes} do not fit together") from None


def empty(name: str, shape: Sequence[int], dtype: np.dtype[Any] = FLOAT) -> npt.NDArray[Any]:
    """A new array, whose size is what an argument says."""
    try:
        return np.empty(shape, dtype)
    except (MemoryError, OverflowError, ValueError):
        raise OutOfMemoryError(f"{name}: no memory for an array of the shape {tuple(shape)}"
                               ) from None
