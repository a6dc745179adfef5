# SPDX-License-Identifier: BSD-3-Clause
"""Devices that measured curves allow, beside the one that was fitted; as examples/common/likely.c.

A fit with standard errors is normal about its estimates. One without them, such as a table, is
fitted anew to devices and cycles drawn with replacement (Efron 1979). Where the fit cannot tell two
models apart, half of the devices are of either.
"""

from __future__ import annotations

from typing import Any, Mapping, Optional

import numpy as np

from .. import _fit
from .._constants import DEVICE_FIT
from .._errors import Error, StateError
from ..device import Device

FEWEST_CYCLES, ATTEMPTS = 4, 20
PARTIAL = ("table",)  # the errors of their entries are not known, only those of noise
POSTERIOR, BOOTSTRAP, UNKNOWN = "posterior", "bootstrap", "unknown"


def model_of(candidate: str) -> str:
    """What to ask the fit for, so that it finds the candidate's model with any law."""
    laws = ("quantized-constant", "quantized-linear", "quantized-proportional")
    return "quantized" if candidate in laws else candidate


class Likely:
    """Draws devices; each is a function of its number alone."""

    def __init__(self, device: Device, table: Any, given: Mapping[str, Any]) -> None:
        self.device, self.given = device, given
        self.columns, self.g = _fit.columns(table, None, {})
        self.cycles = self._cycles()
        self.model = model_of(device.fit_candidate)
        self.other: Optional[Device] = None
        self.way = self._way()
        if self.way == POSTERIOR:
            self.other = self._other()

    def _cycles(self) -> list[list[Any]]:
        """The rows of each cycle, by device."""
        zeros = np.zeros(self.g.size, np.int64)
        device, cycle = (np.asarray(self.columns.get(name, zeros)) for name in ("device", "cycle"))
        return [[np.flatnonzero((device == one) & (cycle == number))
                 for number in np.unique(cycle[device == one])] for one in np.unique(device)]

    def _way(self) -> str:
        if self.model not in PARTIAL:
            try:
                self.device.fit_draw(1)
                return POSTERIOR
            except StateError:
                pass
        many = sum(len(cycles) for cycles in self.cycles) >= FEWEST_CYCLES
        return BOOTSTRAP if many else UNKNOWN

    def _other(self) -> Optional[Device]:
        """The other model that describes the curves as well."""
        if self.device.fit_value("verdict") != DEVICE_FIT["verdict_ambiguous"]:
            return None
        name = model_of(_fit.candidate_name(Device._table, int(self.device.fit_value("runner_up"))))
        return None if name == self.model else self._fitted(np.arange(self.g.size), {}, name)

    def _fitted(self, rows: Any, others: Mapping[str, Any], model: str) -> Device:
        columns = {name: values[rows] for name, values in self.columns.items()}
        columns.update(others)
        device = Device.fit(columns.pop("pulse"), self.g[rows], model=model, progress=False,
                            **columns)
        device.set(**self.given)
        return device

    def _resampled(self, number: int) -> Device:
        """As many devices as there are and cycles as each has, drawn with replacement."""
        random = np.random.default_rng(number)
        for _ in range(ATTEMPTS):
            drawn = []
            for device in range(len(self.cycles)):
                cycles = self.cycles[random.integers(len(self.cycles))]
                drawn += [(cycles[random.integers(len(cycles))], device, cycle)
                          for cycle in range(len(cycles))]
            rows = np.concatenate([rows for rows, _, _ in drawn])
            others = {name: np.concatenate([np.full(rows.size, numbers[place], np.int32)
                                            for rows, *numbers in drawn])
                      for place, name in enumerate(("device", "cycle"))}
            try:
                return self._fitted(rows, others, self.model)
            except Error as error:
                refused = error
        raise refused

    def draw(self, number: int) -> Device:
        """A device. Where there are two models, odd numbers are of the other."""
        if self.way == BOOTSTRAP:
            return self._resampled(number)
        if self.way == UNKNOWN:
            return self.device
        source = self.other if self.other is not None and number % 2 else self.device
        try:
            return source.fit_draw(1, number)
        except StateError:
            return self.device.fit_draw(1, number)
