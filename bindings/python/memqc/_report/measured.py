# SPDX-License-Identifier: BSD-3-Clause
"""Measured curves, and the device that describes them."""

from __future__ import annotations

import csv
from typing import Any, Callable, Mapping, Optional

import numpy as np

from .. import _fit
from .._constants import DEVICE_COLUMN, DEVICE_FIT, DEVICE_LEFT_OUT
from .._errors import Error
from .._native import C
from ..device import Device
from .results import Candidate, Estimate, Fit, LeftOut, Measured

OUTLIER: str = C.device_fit_reason(DEVICE_LEFT_OUT["outlier"]).decode()
ALWAYS = ("states", "g_max", "g_min")  # told even where they have no standard error


def titles(path: str) -> list[str]:
    """The header row, as _fit.read_csv() finds it."""
    with open(path, encoding="utf-8-sig", newline="") as file:
        for line in file:
            if line.strip() and not line.startswith("#"):
                separator = next((mark for mark in ";\t" if mark in line), ",")
                return next(csv.reader([line], delimiter=separator))
    return []


def known(title: str) -> Optional[str]:
    """What a column is to the fit, None for nothing."""
    name = title.partition("[")[0].partition("(")[0].strip().lower()
    name = _fit.NAMES.get(name, name)
    return name if name in DEVICE_COLUMN or name in _fit.UNITS else None


def kept(table: Mapping[str, Any], device: Device) -> dict[str, Any]:
    """The rows that the fit did not take for flaws; outliers of the model stay."""
    flaws = [one.row for one in device.left_out if one.reason != OUTLIER]
    return {name: np.delete(np.asarray(values), flaws) for name, values in table.items()}


def measured(path: str, table: Mapping[str, Any], device: Device) -> Measured:
    """What the columns of a file hold."""
    g = np.asarray(table["conductance"], float)
    good = np.asarray(kept(table, device)["conductance"], float)
    columns = {name: np.asarray(table.get(name, np.full(g.size, initial)))
               for name, initial in (("device", 0), ("cycle", 0), ("direction", -1))}
    directions = columns["direction"]
    cycles = set(zip(columns["device"].tolist(), columns["cycle"].tolist()))
    heads = titles(path)
    names = {known(title) for title in heads}
    if "conductance" in names:
        quantity = "conductance"
    else:
        quantity = "resistance" if "resistance" in names else "current and voltage"
    return Measured(
        file=path, rows=g.size, devices=len(set(columns["device"].tolist())), cycles=len(cycles),
        set_pulses=int((directions > 0).sum()), reset_pulses=int((directions < 0).sum()),
        g_low=float(good.min()), g_high=float(good.max()), quantity=quantity,
        passed_over=[title.strip() for title in heads if known(title) is None])


def candidates(device: Device) -> list[Candidate]:
    """The candidates that the fit could judge."""
    names = [name.replace("_", "-") for name in _fit.CANDIDATES if name != "best"]
    names += [name for name in Device.parameters()["model"].choices if name != "quantized"]
    best, taken, found = device.fit_value("bic"), device.fit_candidate, []
    aic = device.fit_value("aic")
    for name in names:
        try:
            bic = device.fit_value("bic", name)
        except Error:
            continue  # the fit has not judged it
        found.append(Candidate(
            name=name, parameters=int(device.fit_value("parameters", name)), bic=bic - best,
            aic=device.fit_value("aic", name) - aic, ks=device.fit_value("ks", name),
            ks_p=device.fit_value("ks_p", name),
            outliers=int(device.fit_value("outliers", name)), taken=name == taken))
    return found


def estimates(device: Device) -> list[Estimate]:
    """Parameters with a standard error, and the window."""
    found = []
    for name, parameter in Device.parameters().items():
        try:
            error = device.fit_value("standard_error", name)
        except Error:
            error = 0.0
        if error > 0 or name in ALWAYS:
            value = device.get(name)
            assert isinstance(value, (int, float))
            found.append(Estimate(name, parameter.text, parameter.unit, float(value),
                                  error if error > 0 else None))
    return found


def fit(path: str, model: str = "best", given: Optional[Mapping[str, Any]] = None,
        progress: Optional[Callable[[Any], Any]] = None) -> tuple[Measured, Fit, Device]:
    """Reads a CSV file and fits a device to it. Parameters that are given are set afterwards."""
    table = _fit.read_csv(path)
    device = Device.fit(table, model=model, progress=progress)
    found = measured(path, table, device)
    result = Fit(
        taken=device.fit_candidate, verdict=device.fit_verdict, noise=device.fit_noise,
        noise_known=device.fit_value("noise") != DEVICE_FIT["noise_unknown"], warnings=[],
        points=int(device.fit_value("points")), outliers=int(device.fit_value("outliers")),
        at_bounds=int(device.fit_value("at_bounds")),
        candidates=candidates(device), estimates=estimates(device), given=dict(given or {}),
        left_out=[LeftOut(*one) for one in device.left_out],
        drift=device.fit_value("drift"), drift_error=device.fit_value("drift_error"))
    device.set(**result.given)
    result.warnings = device.warnings
    return found, result, device
