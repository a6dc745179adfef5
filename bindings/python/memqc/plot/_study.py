# SPDX-License-Identifier: BSD-3-Clause
"""What limits a network, as a tornado; and curves of one's own in the style."""

from __future__ import annotations

import math
from typing import Any, Mapping, NamedTuple, Optional

import numpy as np
import numpy.typing as npt

from .._errors import ArgumentError
from ..mlp import Limits
from ._given import Doubles, goal_of, numbers, one_of
from ._style import CURVE, Axes, drawn, legend, look, theme
from ._units import amount, plain, units

# Names and units of the properties of MLP.sensitivity().
PROPERTIES = {
    "all": ("all together", "x"), "levels": ("levels", ""), "c2c": ("programming noise", "S"),
    "d2d": ("device to device", "%"), "asymmetry": ("asymmetry", "%"),
    "read_noise": ("read noise", "S"), "wires": ("wires, a segment", "Ω"),
    "faults": ("stuck cells", "%"), "drift": ("drift", "% of range")}


class Bar(NamedTuple):
    """A row of the tornado: fractions of accuracy, and what is needed in words."""

    name: str
    length: float  #: what is gained, or lost where no gain is known
    low: float
    high: float
    need: str
    alone: float = math.nan  #: what is lost to this property alone, where the length is a gain


def tornado(limits: Mapping[str, Any], *, target: Optional[float] = None,
            ax: Optional[Axes] = None) -> Axes:
    """Accuracy that is gained if a property becomes ideal and all others stay (percentage points),
    with its 95 % interval, largest first. A diamond is what the property costs alone.

    limits is what MLP.sensitivity() returned for all properties; or a mapping from a name to
    (loss, low, high), in fractions, whose bars are losses. With a target (the accuracy asked for, a
    fraction) a line marks the gain that is needed; each row tells the amount there is and the
    amount that may be there if all else is ideal.
    """
    if not isinstance(limits, Mapping) or not limits:
        raise ArgumentError("limits must be a mapping from property to limits that is not empty")
    goal = goal_of(target)
    rows = [bar_of(str(name), value, goal) for name, value in limits.items()]
    rows.sort(key=lambda row: (row.name != "all together", row.length))
    gains = any(math.isfinite(row.alone) for row in rows)
    known = [value for value in limits.values() if isinstance(value, Limits)]
    with drawn(ax) as axes:
        draw_bars(axes, rows)
        if goal is not None and known:
            mark_target(axes, known, goal, gains)
        if gains or (goal is not None and known):
            legend(axes, loc="lower left", bbox_to_anchor=(0, 1), borderaxespad=0.2)
        low, high = axes.get_xlim()
        axes.set_xlim(low, high + (0.02 if all(not row.need for row in rows) else 0) * (high - low))
        units(axes, ("accuracy, percentage points", "%"), ("", ""))
        axes.set_xlabel("accuracy gained if it were ideal (percentage points)" if gains else
                        "accuracy lost (percentage points)")
        axes.set_yticks(range(len(rows)), [row.name for row in rows])
        axes.set_ylim(-0.6, max(len(rows), 5) - 0.4)
        axes.grid(False, axis="y")
        needs(axes, rows)
    return axes


def bar_of(name: str, value: Any, goal: Optional[float]) -> Bar:
    """The row of a property."""
    if not isinstance(value, Limits):
        loss, low, high = numbers(f"limits: {name}", value, ndim=(1,), length=3)
        return Bar(name, float(loss), float(low), float(high), "")
    text, unit = PROPERTIES.get(name, (name, ""))
    numbers(f"limits: {name}", value[2:5])
    need = ""
    if goal is not None and math.isfinite(value.required):
        need = f"{told(value.value, unit)} → {told(value.required, unit)}"
    elif goal is not None:
        need = f"{told(value.value, unit)}" + (" → any" if value.required == math.inf else "")
    if math.isfinite(value.gain):
        numbers(f"limits: {name}", value[13:16])
        return Bar(text, value.gain, value.gain_low, value.gain_high, need, value.loss)
    return Bar(text, value.loss, value.loss_low, value.loss_high, need)


def told(value: float, unit: str) -> str:
    """An amount of a property."""
    if not math.isfinite(value):
        return "–"
    if unit.startswith("%"):
        return f"{plain(100 * value, 3)} %"
    return f"{plain(value, 3)} ×" if unit == "x" else amount(value, unit)


def draw_bars(axes: Axes, rows: list[Bar]) -> None:
    """Bars with their intervals."""
    now, place = theme(), np.arange(len(rows))
    colours = [now.grey if row.name == "all together" else now.colours[0] for row in rows]
    axes.barh(place, [row.length for row in rows], color=colours, height=0.6, zorder=2)
    for y, row in zip(place, rows):
        axes.plot((row.low, row.high), (y, y), color=now.ink, linewidth=1.6, marker="|",
                  markersize=8, zorder=4)
    axes.axvline(0, color=now.grey, linewidth=1)
    alone = [(row.alone, y) for y, row in zip(place, rows) if math.isfinite(row.alone)]
    if alone:
        axes.plot(*zip(*alone), linestyle="none", marker="D", markersize=6, color=now.colours[1],
                  markeredgecolor=now.ink, zorder=5, label="what it costs alone, all others ideal")


def mark_target(axes: Axes, known: list[Limits], goal: float, gains: bool) -> None:
    """A line at the gain that gives the target, or at the loss that leaves it, or a word."""
    aim, ideal = f"{plain(100 * goal, 4)} %", known[0].ideal
    device = next((one.device for one in known if math.isfinite(one.device)), math.nan)
    if ideal < goal or (gains and not device < goal):
        words = f"out of reach: ideal {plain(100 * ideal, 3)} %" if ideal < goal else \
            f"met: the device reaches {plain(100 * device, 3)} %"
        axes.plot([], [], linestyle="none", marker="x", color=theme().colours[2], markersize=7,
                  label=f"{aim} is {words}")
        return
    at = goal - device if gains else ideal - goal
    kind = "gain of" if gains else "loss below"
    axes.axvline(at, color=theme().colours[2 if gains else 1], linewidth=2, linestyle=(0, (5, 2)),
                 gid=CURVE, zorder=5,
                 label=f"needed for {aim}: a {kind} {plain(100 * at, 3)} points")


def needs(axes: Axes, rows: list[Bar]) -> None:
    """Right of the bars: the amount there is, and the amount that is needed."""
    if not any(row.need for row in rows):
        return
    right = axes.get_yaxis_transform()
    for y, row in enumerate(rows):
        axes.text(1.02, y, row.need, transform=right, va="center", ha="left", fontsize=9.5,
                  color=theme().ink)
    head = "is → may be" if any("→" in row.need for row in rows) else "is"
    axes.text(1.02, len(rows) - 0.35, head, transform=right, va="bottom", ha="left",
              fontsize=9.5, color=theme().grey)


def curve(x: npt.ArrayLike, y: npt.ArrayLike, *, low: Optional[npt.ArrayLike] = None,
          high: Optional[npt.ArrayLike] = None, xlabel: tuple[str, str] = ("x", ""),
          ylabel: tuple[str, str] = ("y", ""), label: Optional[str] = None,
          xscale: str = "linear", points: bool = False, step: bool = False,
          ax: Optional[Axes] = None, **line: Any) -> Axes:
    """A curve of one's own, with a band from low to high: all (n,), in SI units.

    xlabel and ylabel are pairs of a name and an SI unit, such as ("conductance", "S"), whose prefix
    is chosen ("G0" and "%" are units too). points draws points in place of the line, step draws
    steps, xscale is "linear" or "log". line are properties of the line, such as linewidth=0.7.
    """
    one_of("xscale", xscale, ("linear", "log"))
    at = numbers("x", x, ndim=(1,))
    values = numbers("y", y, ndim=(1,), length=at.size)
    ends: list[Doubles] = [numbers(name, end, ndim=(1,), length=at.size)
                           for name, end in (("low", low), ("high", high)) if end is not None]
    if len(ends) == 1:
        raise ArgumentError(f"{'high' if high is None else 'low'} is missing: a band has two ends")
    with drawn(ax) as axes:
        shape = look(axes)
        how = {"color": shape.colour, "linestyle": shape.dash, **line}
        if points:
            how = {**how, "linestyle": "none", "marker": shape.marker, "markersize": 4, **line}
        elif step:
            how["drawstyle"] = "steps-mid"
        if ends:
            axes.fill_between(at, ends[0], ends[1], color=how["color"], alpha=0.2, linewidth=0)
        axes.plot(at, values, gid=CURVE, label=label, **how)
        axes.set_xscale(xscale)
        units(axes, xlabel, ylabel)
        if label is not None:
            legend(axes)
    return axes
