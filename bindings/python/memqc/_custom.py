# SPDX-License-Identifier: BSD-3-Clause
"""Devices whose pulses are a Python function."""

from __future__ import annotations

import ctypes
import itertools
from typing import Any, Callable, Mapping, NamedTuple, Optional, Sequence, Union

import numpy as np
import numpy.typing as npt

from ._arrays import FLOAT, Floats, address, empty
from ._effects import EffectDevice
from ._errors import RAISED, ArgumentError
from ._handle import Seed, Self, seed_number, split
from ._native import C, Release, Step, check, real, whole

#: a parameter of the cells: its mean; or mean, sd of a log-normal factor, sd of a normal summand
Spread = Union[float, Sequence[float]]
Spreads = Union[Mapping[str, Spread], Sequence[Spread], None]


class Pulse(NamedTuple):
    """One pulse on n cells: what the function of a custom device is given. Arrays have n values."""

    g: Floats  #: conductances before the pulse, S
    volts: Floats  #: voltages of the pulse: above 0 potentiation, below 0 depression
    seconds: float  #: width of the pulse
    low: Floats  #: lower bounds of the cells, S
    high: Floats  #: upper bounds, S
    parameters: Mapping[str, Floats]  #: of the cells; named "0", "1", ... where cells is a sequence
    normals: Floats  #: N(0, 1), new for each pulse; 0 for a nominal pulse
    uniforms: Floats  #: 0 .. 1, new for each pulse; 0.5 for a nominal pulse
    nominal: bool  #: without noise, as for the course that programming goes by


Function = Callable[[Pulse], npt.ArrayLike]

#: the functions that the library holds, by the address that it gives back with them
HELD: dict[int, Any] = {}
NUMBERS = itertools.count(1)
MOST_RAISED = 64  # exceptions that wait: of several threads' only one is asked for


def let_go(user: Optional[int]) -> None:
    """The library holds a function no more."""
    HELD.pop(user or 0, None)


RELEASE = Release(let_go)


def array(at: Any, n: int) -> Floats:
    return np.ctypeslib.as_array(at, (n,))


def remember(error: BaseException) -> int:
    """The number by which the library's text names an exception."""
    number = next(NUMBERS) % 0x7fffffff + 1
    RAISED[number] = error
    while len(RAISED) > MOST_RAISED:
        RAISED.pop(next(iter(RAISED)))
    return number


def called(function: Function, names: Sequence[str]) -> Any:
    """A function as the library calls it."""
    def step(user: Any, n: int, volts: Any, seconds: float, cells: Any, normals: Any,
             uniforms: Any, g: Any) -> int:
        try:
            nominal = not normals
            to = array(g, n)
            own = {name: array(cells[2 + p], n) for p, name in enumerate(names)}
            to[:] = function(Pulse(
                to.copy(), array(volts, n), seconds, array(cells[0], n), array(cells[1], n), own,
                np.zeros(n, np.float32) if nominal else array(normals, n),
                np.full(n, 0.5, np.float32) if nominal else array(uniforms, n), nominal))
            return 0
        except BaseException as error:  # raised again when the library has returned
            return remember(error)
    return Step(step)


def table(cells: Spreads) -> tuple[list[str], Any]:
    """Names of parameters, and their means and deviations: (3, n)."""
    pairs = (list(cells.items()) if isinstance(cells, Mapping) else
             [(str(p), spread) for p, spread in enumerate([] if cells is None else cells)])
    values = np.zeros((3, len(pairs)))
    for p, (name, spread) in enumerate(pairs):
        numbers = [spread] if isinstance(spread, (int, float)) else list(spread)
        if not 1 <= len(numbers) <= 3:
            raise ArgumentError(f"cells: {name} has {len(numbers)} numbers; allowed are 1 .. 3: "
                                "mean, lognormal, normal")
        values[:len(numbers), p] = [real(name, value) for value in numbers]
    return [name for name, _ in pairs], values


def set_cells(handle: int, values: Any) -> None:
    check(C.device_set_custom(handle, values.shape[1], *(row.ctypes.data for row in values)))


def made(function: Function, name: str, cells: Spreads) -> int:
    """The handle of a new device."""
    if not callable(function):
        raise ArgumentError(f"step = {function!r}; it must be a function of a Pulse")
    names, values = table(cells)
    key, step, handle = next(NUMBERS), called(function, names), ctypes.c_void_p()
    HELD[key] = step
    try:
        check(C.device_create_custom(name.encode(), step, key, RELEASE, ctypes.byref(handle)))
    except BaseException:
        HELD.pop(key)
        raise
    try:
        set_cells(handle.value or 0, values)
    except BaseException:
        C.device_destroy(ctypes.byref(handle))
        raise
    return handle.value or 0


def get_cells(handle: int) -> list[tuple[float, float, float]]:
    n = ctypes.c_size_t()
    check(C.device_get_custom(handle, 0, None, None, None, ctypes.byref(n)))
    values = np.zeros((3, n.value))
    check(C.device_get_custom(handle, n.value, *(row.ctypes.data for row in values),
                              ctypes.byref(n)))
    return [(mean, lognormal, normal) for mean, lognormal, normal in values.T.tolist()]


class CustomDevice(EffectDevice):
    """What a Device has of functions of one's own."""

    __slots__ = ()

    @classmethod
    def custom(cls: type[Self], step: Function, *, name: str = "custom", seed: Seed = 0,
               cells: Spreads = None, **parameters: Any) -> Self:
        """A device whose pulses are a function: step(pulse) returns the conductances after a Pulse.

        step must be pure, each cell by itself: studies call it from several threads. What it
        raises comes out of the call that sent the pulses. cells are parameters of the cells by
        name: a mean, or mean, sd of a log-normal factor and sd of a normal summand.
        """
        split(cls._table, parameters)
        device = cls.__new__(cls)
        device._take(made(step, name, cells))
        device.set(**parameters)
        device.seed = seed_number(seed)
        return device

    @property
    def custom_parameters(self) -> list[tuple[float, float, float]]:
        """Mean, log-normal and normal sd of each parameter of a custom device's cells."""
        with self._lock:
            return get_cells(self._handle)

    def set_custom(self, cells: Spreads) -> None:
        """Sets the parameters of the cells, in the order that custom() was given."""
        with self._lock:
            set_cells(self._handle, table(cells)[1])

    def custom_cells(self, parameter: int, n: int, *, cell: int = 0) -> Floats:
        """What n cells have of a parameter of a custom device, by its number from 0."""
        values = empty("n", (whole("n", n),))
        with self._lock:
            check(C.device_custom_cells(self._handle, whole("parameter", parameter),
                                        whole("cell", cell), values.size, address(values)))
        return values
