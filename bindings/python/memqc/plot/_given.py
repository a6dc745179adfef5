# SPDX-License-Identifier: BSD-3-Clause
"""What the caller gave, looked at: errors name the argument. Accuracies with their intervals."""

from __future__ import annotations

import os
from typing import Any, Mapping, NamedTuple, Optional, Sequence

import numpy as np
import numpy.typing as npt

from .. import _fit
from .._errors import ArgumentError, DataError

Doubles = npt.NDArray[np.float64]
BANDS = ("interval", "sd", "quantiles")


def numbers(name: str, values: Any, *, ndim: Optional[Sequence[int]] = None,
            length: Optional[int] = None, nan: bool = False) -> Doubles:
    """Real, finite numbers, at least one, of a number of axes or of a vector's length."""
    try:
        array = np.asarray(values)
    except ValueError as error:
        raise ArgumentError(f"{name} holds rows of different lengths") from error
    if array.dtype.kind not in "iufb":
        held = f"holds {array.dtype}" if array.ndim else f"is a {type(values).__name__}"
        raise ArgumentError(f"{name} {held}; it must hold real numbers")
    if ndim is not None and array.ndim not in ndim:
        axes = " or ".join(map(str, ndim))
        raise ArgumentError(f"{name} has the shape {array.shape}; it must have {axes} axes")
    if array.size == 0:
        raise ArgumentError(f"{name} is empty")
    if length is not None and array.shape[0] != length:
        raise ArgumentError(f"{name} has {array.shape[0]} entries; it must have {length}")
    result = np.asarray(array, np.float64)
    if not (np.isfinite(result) | (np.isnan(result) & nan)).all():
        raise DataError(f"{name} holds NaN or infinity")
    return result


def positive(name: str, values: Any, **how: Any) -> Doubles:
    """Numbers above 0, as a logarithmic axis needs them."""
    array = numbers(name, values, **how)
    if array.min() <= 0:
        raise DataError(f"{name} holds {array.min():g}; all must be above 0")
    return array


def one_of(name: str, value: Any, allowed: Sequence[str]) -> str:
    """A choice."""
    if value not in allowed:
        raise ArgumentError(f'{name} = {value!r}; it must be {", ".join(map(repr, allowed))}')
    return str(value)


def fractions(name: str, values: Any, **how: Any) -> Doubles:
    """Accuracies or other parts of one."""
    array = numbers(name, values, **how)
    for extreme in (array.min(), array.max()):
        if not -1e-9 <= extreme <= 1 + 1e-9:
            raise DataError(f"{name} holds {extreme:g}; it must be fractions, 0 .. 1")
    return np.clip(array, 0, 1)


def goal_of(target: Optional[float]) -> Optional[float]:
    """A target accuracy."""
    return None if target is None else float(fractions("target", target, ndim=(0,)))


class Spread(NamedTuple):
    """A middle and a band for each point."""

    middle: Doubles
    low: Doubles
    high: Doubles
    instances: int  #: numbers behind a point, at the most


def spread_of(values: Doubles, band: str, bounds: tuple[float, float]) -> tuple[float, ...]:
    """Middle, low and high of one point's numbers. One number has no band."""
    from .. import summary
    if values.size == 1 or np.ptp(values) == 0:
        return (float(values[0]),) * 3
    told = summary(values)
    if band == "quantiles":
        return told["median"], told["q05"], told["q95"]
    low, high = told["low"], told["high"]
    if band == "sd":
        low, high = told["mean"] - told["sd"], told["mean"] + told["sd"]
    return (told["mean"], *np.clip((low, high), *bounds))


def spreads(rows: Sequence[Doubles], band: str,
            bounds: tuple[float, float] = (-np.inf, np.inf)) -> Spread:
    """Middle and band of each point, within bounds."""
    told = np.array([spread_of(row, band, bounds) for row in rows])
    return Spread(told[:, 0], told[:, 1], told[:, 2], max(row.size for row in rows))


def band_name(band: str, count: int) -> str:
    """What a band is, in words."""
    return {"interval": f"95 % confidence interval of the mean of {count}",
            "sd": f"± one standard deviation of {count}",
            "quantiles": f"5 to 95 % of {count}"}[band]


def by_point(name: str, values: Any, points: int, check: Any = fractions) -> list[Doubles]:
    """The numbers of each point: (points,), (points, instances), or as many sequences."""
    try:
        outer = list(values)
    except TypeError:
        raise ArgumentError(f"{name} is {values!r}; it must be a sequence, an entry for each "
                            "point") from None
    if len(outer) != points:
        raise ArgumentError(f"{name} has {len(outer)} entries; it must have {points}")
    return [np.atleast_1d(check(f"{name}[{i}]", row, ndim=(0, 1))) for i, row in enumerate(outer)]


def curves(values: Any, label: Optional[str]) -> Mapping[Any, Any]:
    """The curves of an argument that may be one of them or a mapping from label to curve."""
    if isinstance(values, Mapping):
        if not values:
            raise ArgumentError("the mapping of curves is empty")
        return values
    return {label: values}


class Pulses(NamedTuple):
    """Measured pulses in the order in which they were sent: a row for each, sorted."""

    device: npt.NDArray[np.int64]
    cycle: npt.NDArray[np.int64]
    pulse: npt.NDArray[np.int64]
    direction: npt.NDArray[np.int64]  #: 1 SET, -1 RESET
    conductance: Doubles  #: S

    @property
    def follows(self) -> npt.NDArray[np.bool_]:
        """Rows whose predecessor in the file's order is the pulse before."""
        same = ((np.diff(self.device) == 0) & (np.diff(self.cycle) == 0) &
                (np.diff(self.pulse) == 1))
        return np.concatenate(([False], same))


def is_table(data: Any) -> bool:
    """Whether data is a path, a mapping or a data frame."""
    return isinstance(data, (str, os.PathLike)) or hasattr(data, "keys")


def pulses_of(name: str, data: Any) -> Pulses:
    """Measured pulses: a path, mapping or frame as Device.fit takes them, or an array (pulses,) or
    (cycles, pulses) of conductances, all of them RESET."""
    if is_table(data):
        given, g = _fit.columns(data, None, {})
        conductance = numbers(f"{name}: conductance", g)
        rows = g.size
        columns = [np.asarray(given.get(column, np.full(rows, initial)), np.int64)
                   for column, initial in (("device", 1), ("cycle", 1), ("pulse", 1),
                                           ("direction", -1))]
        order = np.lexsort((columns[2], columns[1], columns[0]))
        device, cycle, pulse, direction = (column[order] for column in columns)
        return Pulses(device, cycle, pulse, direction, conductance[order])
    array = np.atleast_2d(numbers(name, data, ndim=(1, 2)))
    cycle, pulse = np.indices(array.shape)
    ones = np.ones(array.size, np.int64)
    return Pulses(ones, cycle.ravel() + 1, pulse.ravel() + 1, -ones, array.ravel())
