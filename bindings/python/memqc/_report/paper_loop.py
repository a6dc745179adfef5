# SPDX-License-Identifier: BSD-3-Clause
"""Figures 2a to 2c as examples/paper makes them: the paper's cell in the circuit of a voltage
source with a current limit. examples/paper_contact.h says which of the numbers are the paper's."""

from __future__ import annotations

from typing import Any, Iterator, Optional

import numpy as np

from .._constants import G0
from ..device import Device
from .paper_drawing import Rows

TOP, BOTTOM = 2.0, -1.5  # ends of the loop, V
R_ON, R_OFF = 300.0, 35e3  # what the paper read after each, ohm
LOOPS = ((10, 2), (5, 2), (5, 1))  # limit of the current in mA, voltage of the SET
STEP, READ = 20, 0.1  # of a sweep in mV; voltage of a read
LOOP_CYCLES, CYCLES = 8, 500


class Contact:
    """A point contact between 16 and 0.5 G0, which is the device's; a filament that grew beyond,
    or a gap, by a factor on what the device drew. It begins broken."""

    def __init__(self, device: Device, cell: int) -> None:
        ramp = device.ramp()
        self.device, self.cell, self.pulses = device, cell, 0
        self.cells: Any = np.array([1.0])
        self.set_voltage = float(device.get("set_voltage"))
        self.first_reset, self.end = float(ramp[0]) + 1e-6, float(ramp[-1])
        self.thickest = 1 / (R_ON * device.level(1).nominal)
        self.thinnest = 1 / (R_OFF * device.level(device.levels).nominal)
        self.break_up()

    def pulse(self, volts: float) -> None:
        self.cells = self.device.apply(self.cells, volts, cell=self.cell, draw=self.pulses)
        self.pulses += 1

    def break_up(self) -> None:
        self.factor = self.thinnest
        self.pulse(self.end)

    def expose(self, volts: float, limit: float) -> None:
        """The source is at a voltage, with a limit of the current in A."""
        if volts >= self.set_voltage:
            if self.cells[0] > 1:
                self.pulse(volts)
                self.factor = 1.0
            share = min((volts - self.set_voltage) / (TOP - self.set_voltage), 1.0)
            allowed = limit / (volts * float(self.cells.conductance[0]))
            self.factor = max(self.factor, min(1 + share * (self.thickest - 1), allowed))
        elif volts <= self.first_reset and self.factor >= 1:
            if self.factor > 1:
                self.break_up()
            else:
                self.pulse(volts)

    @property
    def conductance(self) -> float:
        return float(self.cells.conductance[0]) * self.factor

    def sweep(self, end: float, limit: float) -> Iterator[tuple[float, float]]:
        """From 0 V to a voltage and back: voltages, and currents in A."""
        last = round(1000 * end)
        step = STEP if last > 0 else -STEP
        for millivolts in [*range(0, last, step), *range(last, -step, -step)]:
            volts = millivolts / 1000
            self.expose(volts, limit)
            yield volts, max(-limit, min(self.conductance * volts, limit))

    def resistances(self, limit: float, top: float) -> tuple[float, float]:
        """After a SET and after the RESET; without conductance infinite."""
        found = []
        for end in (top, BOTTOM):
            for _ in self.sweep(end, limit):
                pass
            found.append(1 / self.conductance if self.conductance > 0 else float("inf"))
        return found[0], found[1]


def loops(device: Device, sample: str, cell: int) -> Rows:
    """Figure 2a: cycles of each of the loops."""
    rows = []
    for milliamperes, top in LOOPS:
        contact, limit = Contact(device, cell), milliamperes / 1000
        for cycle in range(1, LOOP_CYCLES + 1):
            points = [point for end in (top, BOTTOM) for point in contact.sweep(end, limit)]
            rows += [{"sample": sample, "limit_ma": str(milliamperes), "top_v": str(top),
                      "cycle": str(cycle), "point": str(number), "voltage_v": str(volts),
                      "current_a": str(amps)} for number, (volts, amps) in enumerate(points, 1)]
    return rows


def resistances(device: Device, sample: str, cell: int, cycles: Optional[int] = None) -> Rows:
    """Figure 2b: both resistances of each cycle of the first loop."""
    contact = Contact(device, cell)
    milliamperes, top = LOOPS[0]
    rows = []
    for cycle in range(1, (cycles or CYCLES) + 1):
        r_on, r_off = contact.resistances(milliamperes / 1000, top)
        rows.append({"sample": sample, "cycle": str(cycle), "r_on_ohm": str(r_on),
                     "r_off_ohm": str(r_off)})
    return rows


def scans(device: Device, sample: str, cell: int) -> tuple[Rows, Rows]:
    """Figure 2c: after a gentle SET, scans to the voltages of the ramp; what each leaves behind."""
    contact = Contact(device, cell)
    milliamperes, top = LOOPS[-1]
    limit = milliamperes / 1000
    for _ in contact.sweep(top, limit):
        pass
    rows, steps = [], []
    for scan, stop in enumerate(np.round(device.ramp().astype(float), 3).tolist(), 1):
        head = {"sample": sample, "scan": str(scan), "stop_v": str(stop)}
        rows += [{**head, "point": str(number), "voltage_v": str(volts), "current_a": str(amps)}
                 for number, (volts, amps) in enumerate(contact.sweep(stop, limit), 1)]
        g = contact.conductance
        steps.append({**head, "conductance_s": str(g), "conductance_g0": str(g / G0)})
    return rows, steps
