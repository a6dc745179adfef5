# SPDX-License-Identifier: BSD-3-Clause
"""Measured curves on their way to memqc_device_fit(): CSV files, data frames and arrays."""

from __future__ import annotations

import csv
import ctypes
import os
import re
import warnings
from typing import Any, Callable, Mapping, NamedTuple, Optional

import numpy as np

from ._arrays import FLOAT, INT, Floats, Ints, address, flat, given
from ._constants import DEVICE_COLUMN, DEVICE_FIT, G0
from ._errors import ArgumentError, DataError, FileError
from ._native import C, check
from ._parameters import Table
from ._progress import Shown, watched

SIEMENS = {"S": 1.0, "mS": 1e-3, "uS": 1e-6, "µS": 1e-6, "μS": 1e-6, "nS": 1e-9, "G0": G0}
OHMS = {"ohm": 1.0, "kohm": 1e3, "Mohm": 1e6, "Ω": 1.0, "kΩ": 1e3, "MΩ": 1e6}
AMPERES = {"A": 1.0, "mA": 1e-3, "uA": 1e-6, "µA": 1e-6, "μA": 1e-6, "nA": 1e-9}
VOLTS = {"V": 1.0, "mV": 1e-3}
NAMES = {"g": "conductance", "r": "resistance", "i": "current", "v": "voltage",
         "read voltage": "voltage"}
UNITS = {"conductance": SIEMENS, "resistance": OHMS, "current": AMPERES, "voltage": VOLTS}
SIGNS = {"+1": 1, "1": 1, "potentiation": 1, "set": 1, "up": 1,
         "-1": -1, "depression": -1, "reset": -1, "down": -1}
CANDIDATES = ("best", "quantized_constant", "quantized_linear", "quantized_proportional",
              "quantized_levels")


class LeftOut(NamedTuple):
    """A row that a fit left out."""

    row: int  #: place in the data, from 0 on
    value: float  #: conductance, S
    reason: str


def left_out(handle: Any) -> list[LeftOut]:
    """The rows that the fit of a device left out, in their order."""
    n = ctypes.c_size_t()
    check(C.device_fit_left_out(handle, 0, None, None, None, ctypes.byref(n)))
    rows, values = (ctypes.c_size_t * n.value)(), (ctypes.c_float * n.value)()
    reasons = (ctypes.c_int32 * n.value)()
    if n.value:
        check(C.device_fit_left_out(handle, n.value, rows, values, reasons, ctypes.byref(n)))
    return [LeftOut(row, value, C.device_fit_reason(reason).decode())
            for row, value, reason in zip(rows, values, reasons)]


def residuals(handle: Any) -> Floats:
    """The residuals of the candidate that a fit took, in ascending order."""
    n = ctypes.c_size_t()
    check(C.device_fit_residuals(handle, 0, None, ctypes.byref(n)))
    found = np.empty(n.value, FLOAT)
    check(C.device_fit_residuals(handle, n.value, address(found), ctypes.byref(n)))
    return found


def candidate(table: Table, name: str) -> int:
    """The number of a candidate: a model, or one of the fit's own."""
    own = name.replace("-", "_")
    if own in CANDIDATES:
        return DEVICE_FIT[own]
    models = table.numbers["model"]
    if name not in models:
        known = [other.replace("_", "-") for other in CANDIDATES] + list(models)
        raise ArgumentError(f'model = "{name}"; it must be {", ".join(known)}')
    return models[name]


def candidate_name(table: Table, code: int) -> str:
    for name in CANDIDATES:
        if DEVICE_FIT[name] == code:
            return name.replace("_", "-")
    return next(name for name, number in table.numbers["model"].items() if number == code)


def verdict(table: Table, value: Callable[[str], float]) -> str:
    """Whether the candidate that was taken describes the data, in words; value: of the fit."""
    taken, code = candidate_name(table, int(value("candidate"))), int(value("verdict"))
    number = int(value("runner_up"))
    other = candidate_name(table, number) if number else None
    if code == DEVICE_FIT["verdict_described"]:
        return f"{taken} describes these data."
    if code == DEVICE_FIT["verdict_ambiguous"]:
        return (f"{taken} describes these data, and so does {other}: there are too few points to "
                "tell them apart.")
    if code == DEVICE_FIT["verdict_table"]:
        return ("No formula among the candidates describes these data; the nonparametric "
                f"{taken} does.")
    p = value("ks_p")
    fails = f"{taken} has the best BIC, but its residuals fail the test " + (
        f"(p = {p:.3f})" if p >= 0.001 else "(p < 0.001)")
    if other:
        return f"{fails}; those of {other} pass."
    return f"No candidate describes these data: {fails}."


def noise(value: Callable[[str], float]) -> str:
    """What tells the two noises apart, in words; value: of the fit."""
    code = int(value("noise"))
    if code == DEVICE_FIT["noise_reads"]:
        return ("Repeated readings tell the noise of the measurement from that of the pulses.")
    if code == DEVICE_FIT["noise_course"]:
        return ("The course of the readings tells the noise of the measurement from that of the "
                "pulses.")
    return ("These data cannot tell the noise of the measurement from that of the pulses; all of "
            "it is taken for the pulses'.")


def fitted(model: int, given: Mapping[str, Ints], g: Floats, progress: Shown) -> int:
    """The handle of the device that the library makes."""
    kept = [given.get(name) for name in DEVICE_COLUMN]
    pointers = (ctypes.c_void_p * len(kept))(
        *[None if column is None else address(column) for column in kept])
    out = ctypes.c_void_p()
    function: list[Any] = [None]

    def install(installed: Any) -> int:
        function[:] = [installed]
        return 0

    def call() -> int:
        status: int = C.device_fit(model, g.size, len(kept), pointers, address(g), function[0],
                                   None, ctypes.byref(out))
        return status

    watched(install, call, progress)
    return out.value or 0


def columns(data: Any, conductance: Any, others: Mapping[str, Any]) -> tuple[dict[str, Ints],
                                                                             Floats]:
    """The columns of whatever was given, and the conductances."""
    if isinstance(data, (str, os.PathLike)):
        table: Mapping[str, Any] = read_csv(os.fspath(data))
    elif conductance is not None:
        table = {**others, "pulse": data, "conductance": conductance}
    elif hasattr(data, "keys"):
        table = {**titled(data), **others}
    else:
        raise ArgumentError("conductance is missing: give it after the pulses, or give a path, a "
                            "mapping or a data frame")
    for name in ("pulse", "conductance"):
        if name not in table:
            raise ArgumentError(f'there is no column "{name}"; there are {", ".join(table)}')
    g = flat("conductance", table["conductance"]).reshape(-1)
    plausible = g[np.isfinite(g) & (g < 1e20)]
    most = float(np.quantile(plausible, 0.9)) if plausible.size else 0.0
    if most > 1:
        warnings.warn(f"conductances are up to {most:g} S, which is less than one ohm; if their "
                      'unit is another, say so in the title: "conductance (uS)"', stacklevel=3)
    given = {}
    for name in DEVICE_COLUMN:
        if name in table:
            values = signs(table[name]) if name == "direction" else table[name]
            given[name] = flat(name, np.asarray(values).reshape(-1), INT, length=g.size)
    return given, g


def signs(values: Any) -> Any:
    """Directions as numbers, where they are words."""
    array = np.asarray(values)
    if array.dtype.kind not in "OU":
        return array
    words = [str(value).strip().lower() for value in array.reshape(-1)]
    for word in words:
        if word not in SIGNS:
            raise DataError(f'direction is "{word}"; it must be {", ".join(SIGNS)}')
    return np.array([SIGNS[word] for word in words], INT)


def meaning(title: str) -> tuple[str, Optional[str]]:
    """The name of a column and its unit, of a title such as "R (kohm)"."""
    match = re.fullmatch(r"\s*(.*?)\s*(?:[\[(]\s*(.*?)\s*[\])])?\s*", title)
    assert match
    return NAMES.get(match[1].lower(), match[1].lower()), match[2]


def unit_factor(where: str, name: str, unit: Optional[str]) -> float:
    """What makes SI units of the numbers of a column."""
    known = UNITS.get(name)
    if known is None:
        return 1
    if unit is not None and unit not in known:
        raise DataError(f'{where}: the unit of {name} is "{unit}"; it must be {", ".join(known)}')
    return known[unit] if unit else 1


def titled(data: Any) -> dict[str, Any]:
    """The columns of a data frame or mapping, whose titles are those of files."""
    table: dict[str, Any] = {}
    for title in data.keys():
        name, unit = meaning(str(title))
        if name in UNITS:
            values = given(str(title), data[title], FLOAT)
            factor = unit_factor("data", name, unit)
            table[name] = values if factor == 1 else values * factor
        else:
            table[name if name in DEVICE_COLUMN else str(title)] = data[title]
    measured = "resistance" in table or {"current", "voltage"} <= table.keys()
    return in_siemens("data", table) if measured else table


def read_csv(path: str) -> dict[str, Any]:
    """The columns of a CSV file, conductances in siemens. docs/fit.md describes the format."""
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            lines = [(number, line) for number, line in enumerate(file, 1)
                     if line.strip() and not line.startswith("#")]
    except OSError as error:
        raise FileError(*error.args, path) from error
    if not lines:
        raise DataError(f"{path}: the file has no lines")
    head = lines[0][1]
    separator = next((mark for mark in ";\t" if mark in head), ",")
    rows = list(csv.reader((line for _, line in lines), delimiter=separator))
    table: dict[str, Any] = {}
    for column, title in enumerate(rows[0]):
        name, unit = meaning(title)
        if name in DEVICE_COLUMN or name in UNITS:
            fields = [(lines[row][0], cells[column] if column < len(cells) else "")
                      for row, cells in enumerate(rows) if row]
            table[name] = parsed(path, name, unit, fields, separator)
    return in_siemens(path, table)


def parsed(path: str, name: str, unit: Optional[str], fields: list[tuple[int, str]],
           separator: str) -> Any:
    """The numbers of a column."""
    if name == "direction":
        return signs([field for _, field in fields])
    known = name in UNITS
    factor = unit_factor(path, name, unit)
    values = []
    for number, field in fields:
        text = field.strip() if separator == "," else field.strip().replace(",", ".")
        try:
            values.append(float(text or "nan") if known else int(text))
        except ValueError:
            raise DataError(f'{path}:{number}: {name} is "{field}"; it must be a number') from None
    return np.array(values) * factor


def in_siemens(path: str, table: dict[str, Any]) -> dict[str, Any]:
    """Conductances, from whatever was measured."""
    if "conductance" not in table:
        with np.errstate(divide="ignore", invalid="ignore"):
            if "resistance" in table:
                table["conductance"] = 1 / table["resistance"]
            elif "current" in table and "voltage" in table:
                table["conductance"] = table["current"] / table["voltage"]
            else:
                raise DataError(f"{path}: there is no column conductance, resistance, or current "
                                "and voltage")
    return table
