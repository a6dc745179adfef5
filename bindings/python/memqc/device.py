# SPDX-License-Identifier: BSD-3-Clause
"""Devices: stochastic models of a memristor's conductance."""

from __future__ import annotations

import ctypes
from typing import Any, Mapping, NamedTuple, Optional, Union

import numpy as np
import numpy.typing as npt

from . import _fit
from ._arrays import FLOAT, INT, Floats, Ints, address, empty, flat, spread
from ._constants import DEVICE_COST, DEVICE_FIT
from ._errors import ArgumentError
from ._handle import Seed, seed_number, split
from ._jumps import JumpDevice, way
from ._native import C, check, coded, number, real, signed, whole
from ._progress import Shown

class Level(NamedTuple):
    """Statistics of programming a cell to a level, S."""

    nominal: float
    mean: float
    sd: float


class Cost(NamedTuple):
    """What pulses cost."""

    set: float  #: SET or potentiation pulses
    reset: float  #: RESET or depression pulses
    time: float  #: s, one cell after the other
    energy: float  #: J, in the cells


class Cells(NamedTuple):
    """Cells after pulses: what Device.pulse(), program() and apply() return and take again."""

    state: Floats  #: conductances, S; of a quantized device levels
    conductance: Floats  #: S
    cost: Cost


class Device(JumpDevice, noun="device"):
    """A model of a memristor: parameters and a seed.

    Device("hfox-a", states=64) is a published device with another number of levels;
    Device(model="soft-bounds", step=1e-6) a model with parameters of one's own. Device.presets()
    and Device.parameters() list what there is. Conductances are in siemens.

    A device holds no cells: the methods work on neighbouring cells from number `cell` on. Noise is
    a function of the seed, the cell and the number of the draw. Each call takes numbers that this
    object has not used yet; `draw=` chooses them, which repeats a call to the last bit.
    """

    __slots__ = ()

    def __init__(self, preset: Optional[str] = None, *, seed: Seed = 0,
                 model: Optional[str] = None, **parameters: Any) -> None:
        split(self._table, parameters)
        if preset is not None:
            self._table.refuse_model(preset, self.presets())
            self._open(C.device_create_preset, preset.encode())
        else:
            key = self._table.parameter("model")
            self._open(C.device_create, int(self._table.to_c(key, model or key.initial)))
        if preset is not None and model is not None:
            parameters["model"] = model
        self.set(**parameters)
        self.seed = seed_number(seed)

    def _extra(self) -> Mapping[str, Any]:
        return {"_draws": self._draws}

    def _what(self) -> str:
        return "" if self.get("model") != self._table.by_name["model"].initial else "quantized "

    @staticmethod
    def presets() -> list[str]:
        """Names of the published devices."""
        names: list[str] = []
        while (name := C.device_preset_name(len(names))) is not None:
            names.append(name.decode())
        return names

    # Levels

    @property
    def levels(self) -> int:
        """Number of levels."""
        with self._lock:
            return int(number(C.device_levels, self._handle, kind=ctypes.c_size_t))

    def level(self, level: int) -> Level:
        """Closed-form statistics of programming a cell to a level, 1 .. levels.

        Those of a pulsed device leave out that bounds cut the noise of a train."""
        values = [ctypes.c_double() for _ in Level._fields]
        with self._lock:
            check(C.device_level(self._handle, signed("level", level), *map(ctypes.byref, values)))
        return Level(*(value.value for value in values))

    def nearest(self, conductances: npt.ArrayLike) -> Ints:
        """The level whose nominal conductance is nearest to each conductance."""
        g = flat("conductances", conductances)
        levels = np.empty(g.shape, INT)
        with self._lock:
            check(C.device_nearest(self._handle, g.size, address(g), address(levels)))
        return levels

    def ramp(self) -> Floats:
        """Voltage of the RESET pulse that leads to each level of a quantized device."""
        with self._lock:
            volts = np.empty(self.levels, FLOAT)
            check(C.device_ramp(self._handle, address(volts)))
        return volts

    def cells(self, name: str, n: int, *, cell: int = 0) -> Floats:
        """What n cells have of a parameter that varies from cell to cell, such as "g_max"."""
        key = self._table.parameter(name).key
        values = empty("n", (whole("n", n),))
        with self._lock:
            check(C.device_cells(self._handle, key, whole("cell", cell), values.size,
                                 address(values)))
        return values

    def response(self, direction: Union[int, str], start: float, n: int) -> Floats:
        """The course of n pulses without noise, "up" or "down", from a conductance on."""
        g = empty("n", (whole("n", n),))
        with self._lock:
            check(C.device_response(self._handle, way(direction), real("start", start), g.size,
                                    address(g)))
        return g

    # Cells programmed from nothing

    def draw(self, levels: npt.ArrayLike, *, cell: int = 0, draw: Optional[int] = None) -> Floats:
        """Programs new cells, one for each level: conductances of the shape of levels."""
        to = flat("levels", levels, INT)
        g = np.empty(to.shape, FLOAT)
        with self._numbered(draw, 1) as first:
            check(C.device_draw(self._handle, whole("cell", cell), first, to.size, address(to),
                                address(g), None))
        return g

    def draw_levels(self, levels: npt.ArrayLike, cells: int = 1, *, cell: int = 0,
                    draw: Optional[int] = None) -> Floats:
        """Programs each of a number of cells to each of the levels: (cells, levels)."""
        to = flat("levels", levels, INT).reshape(-1)
        g = empty("cells", (whole("cells", cells), to.size))
        with self._numbered(draw, to.size) as first:
            check(C.device_draw_levels(self._handle, whole("cell", cell), first, len(g), to.size,
                                       address(to), address(g), to.size))
        return g

    def staircase(self, cycles: int = 1, *, cell: int = 0, draw: Optional[int] = None) -> Floats:
        """A cell that is programmed to all levels in turn: (cycles, levels)."""
        with self._lock:
            levels = self.levels
            g = empty("cycles", (whole("cycles", cycles), levels))
            with self._numbered(draw, g.size) as first:
                check(C.device_staircase(self._handle, whole("cell", cell), first, len(g),
                                         address(g), levels, None))
        return g

    # Pulses on cells whose states the caller keeps

    def _started(self, state: Union[Cells, npt.ArrayLike]) -> tuple[Floats, Floats]:
        """Copies of the states and of the conductances that go with them."""
        if isinstance(state, Cells):
            return (np.array(state.state, FLOAT, order="C"),
                    np.array(state.conductance, FLOAT, order="C"))
        states = np.array(flat("state", state), FLOAT, order="C")
        if self.get("model") != "quantized":
            return states, states.copy()
        top, low = self.level(1).nominal, self.level(self.levels).nominal
        steps = max(self.levels - 1, 1)
        return states, np.asarray(top - (states - 1) * ((top - low) / steps), FLOAT)

    def _moved(self, function: Any, state: Union[Cells, npt.ArrayLike], cell: int, draw: int,
               *arguments: Any) -> Cells:
        states, g = self._started(state)
        cost = np.zeros(len(DEVICE_COST))
        check(function(self._handle, whole("cell", cell), draw, states.size, *arguments,
                       address(states), address(g), address(cost)))
        return Cells(states, g, Cost(*cost.tolist()))

    def pulse(self, state: Union[Cells, npt.ArrayLike], pulses: Union[int, npt.ArrayLike], *,
              cell: int = 0, draw: Optional[int] = None) -> Cells:
        """Sends pulses to cells: a number for all or one for each; above 0 SET, below 0 RESET.

        state holds conductances, of a quantized device levels from 1 (ON) on; or it is what an
        earlier call returned. It stays as it is: cells = device.pulse(cells, 5).
        """
        counts = flat("pulses", pulses, INT)
        most = int(np.abs(counts.astype(np.int64)).max(initial=0))
        with self._numbered(draw, most) as first:
            if counts.ndim == 0:
                return self._moved(C.device_pulse, state, cell, first, int(counts))
            shape = np.shape(state.state if isinstance(state, Cells) else state)
            if counts.shape != shape:
                raise ArgumentError(f"pulses has the shape {counts.shape}; it must be {shape}")
            return self._moved(C.device_pulse_each, state, cell, first, address(counts))

    def program(self, state: Union[Cells, npt.ArrayLike], levels: npt.ArrayLike, *,
                cell: int = 0, draw: Optional[int] = None) -> Cells:
        """Programs cells from their states to levels, open loop."""
        shape = np.shape(state.state if isinstance(state, Cells) else state)
        to = spread("levels", flat("levels", levels, INT), shape)
        with self._numbered(draw, 1) as first:
            return self._moved(C.device_program, state, cell, first, address(to))

    def apply(self, state: Union[Cells, npt.ArrayLike], volts: float, *, cell: int = 0,
              draw: Optional[int] = None) -> Cells:
        """Applies one voltage pulse to cells."""
        with self._numbered(draw, 1) as first:
            return self._moved(C.device_apply, state, cell, first, real("volts", volts))

    # Tables of steps

    def table(self, direction: Union[int, str]) -> tuple[Floats, Floats]:
        """Conductances and steps of the nodes of a table of steps, for "up" or "down"."""
        with self._lock:
            n = ctypes.c_size_t()
            sign = way(direction)
            check(C.device_get_table(self._handle, sign, 0, None, None, ctypes.byref(n)))
            g, step = np.empty(n.value, FLOAT), np.empty(n.value, FLOAT)
            check(C.device_get_table(self._handle, sign, n.value, address(g), address(step),
                                     ctypes.byref(n)))
        return g, step

    def set_table(self, direction: Union[int, str], conductances: npt.ArrayLike,
                  steps: npt.ArrayLike) -> None:
        """Sets the nodes of a table of steps."""
        g = flat("conductances", conductances).reshape(-1)
        step = flat("steps", steps, length=g.size)
        with self._lock:
            check(C.device_set_table(self._handle, way(direction), g.size, address(g),
                                     address(step)))

    # Devices from measured curves

    @classmethod
    def fit(cls, data: Any, conductance: Optional[npt.ArrayLike] = None, *, model: str = "best",
            progress: Shown = None, **columns: npt.ArrayLike) -> Device:
        """The device that describes measured curves best.

        data is the path of a CSV file (docs/fit.md), a data frame or mapping with the columns
        "pulse" and "conductance" (S) and, where they differ, "device", "cycle", "direction"
        (1 SET, -1 RESET) and "read", the number of the reading after one pulse; or the numbers of
        the pulses, with the conductances after it and the other columns by name. model is
        "best", "quantized-constant", "quantized-linear", "quantized-proportional",
        "quantized-levels" or a model of Device.parameters()["model"]. fit_value() tells how good
        it is. progress=True shows a bar; a function is called with a Report.
        """
        given, g = _fit.columns(data, conductance, columns)
        made = cls.__new__(cls)
        made._take(_fit.fitted(_fit.candidate(cls._table, model), given, g, progress))
        made._warn()
        return made

    def fit_value(self, what: str, which: str = "best") -> float:
        """A number of the fit, such as "bic" of the candidate "soft-bounds", or "standard_error"
        of the parameter "g_max"."""
        code = coded("number of a fit", DEVICE_FIT, what)
        if what == "standard_error":
            of = self._table.parameter(which).key
        else:
            of = _fit.candidate(self._table, which)
        with self._lock:
            return float(number(C.device_fit_value, self._handle, code, of))

    def fit_draw(self, seed: Seed, draw: int = 0) -> Device:
        """A device drawn from what the data of a fit leave open; what was set since stays."""
        with self._lock:
            return Device._made(C.device_fit_draw, self._handle, seed_number(seed),
                                whole("draw", draw))

    @property
    def left_out(self) -> list[_fit.LeftOut]:
        """The rows that fit() left out: row, value and reason of each."""
        with self._lock:
            return _fit.left_out(self._handle)

    @property
    def fit_residuals(self) -> Floats:
        """Residuals of the candidate that fit() took, in their standard deviations, ascending."""
        with self._lock:
            return _fit.residuals(self._handle)

    @property
    def fit_verdict(self) -> str:
        """Whether the candidate that fit() took describes the data, in a sentence."""
        return _fit.verdict(self._table, self.fit_value)

    @property
    def fit_noise(self) -> str:
        """What tells the noise of the pulses from that of the measurement, in a sentence."""
        return _fit.noise(self.fit_value)

    @property
    def fit_candidate(self) -> str:
        """Name of the candidate that fit() took."""
        return _fit.candidate_name(self._table, int(self.fit_value("candidate")))
