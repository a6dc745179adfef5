# SPDX-License-Identifier: BSD-3-Clause
"""What pulses, voltages and time do to cells, and how well they were programmed."""

from __future__ import annotations

from typing import Any, Optional, Union

import numpy as np
import numpy.typing as npt

from .._errors import ArgumentError, DataError
from ..crossbar import Crossbar
from ..device import Device
from ._given import Doubles, is_table, numbers, one_of, positive, pulses_of
from ._levels import chosen_levels
from ._style import CURVE, Axes, colour_bar, drawn, heat, legend, look, module, theme
from ._units import amount, axis_units, scaled_axis, units

DIRECTIONS = {"up": 1, "down": -1}
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


def jump_density(device: Any, jumps: Optional[npt.ArrayLike] = None, *, direction: str = "up",
                 cells: int = 20000, bins: int = 40, unit: str = "S",
                 ax: Optional[Axes] = None) -> Axes:
    """Density of the jump of a pulse against the conductance before it, with the conditional
    5, 50 and 95 % quantiles.

    device is a Device, of which so many cells get a pulse; what Device.fit takes; or conductances
    in S, (n,), with the jumps in S, (n,). direction is that of the pulses, "up" or "down".
    """
    one_of("direction", direction, tuple(DIRECTIONS))
    one_of("unit", unit, ("S", "G0"))
    if bins < 2:
        raise ArgumentError(f"bins = {bins}; it must be 2 or more")
    g, step = jump_source(device, jumps, DIRECTIONS[direction], cells)
    with drawn(ax) as axes:
        counts, x_edges, y_edges = np.histogram2d(g, step, bins=bins)
        shown = np.where(counts > 0, counts / max(counts.max(), 1), np.nan).T
        mesh = axes.pcolormesh(x_edges, y_edges, shown, cmap=heat(), rasterized=True, zorder=1,
                               norm=module("matplotlib.colors").PowerNorm(0.5, 0, 1))
        x, low, middle, high = conditional(g, step, min(bins, max(3, g.size // 30)))
        line = theme().colours[1]
        for y, dash, text in ((high, (0, (4, 2)), "5 and 95 %"), (middle, "-", "median"),
                              (low, (0, (4, 2)), None)):
            axes.plot(x, y, color=line, linestyle=dash, gid=CURVE, label=text, zorder=4)
        axes.axhline(0, color=theme().grey, linewidth=1, zorder=2)
        units(axes, ("conductance before the pulse", unit),
              (f"jump of a {'SET' if direction == 'up' else 'RESET'} pulse", unit))
        scaled_axis(colour_bar(mesh, "density, part of the highest (%)"), 0.01)
        legend(axes)
    return axes


def jump_source(device: Any, jumps: Optional[npt.ArrayLike], direction: int,
                cells: int) -> tuple[Doubles, Doubles]:
    """Conductances before pulses, and the jumps."""
    if isinstance(device, Device):
        if jumps is not None:
            raise ArgumentError("jumps is given beside a Device, which draws its own")
        return drawn_jumps(device, direction, cells)
    if jumps is not None:
        g = numbers("device", device, ndim=(1,))
        return g, numbers("jumps", jumps, ndim=(1,), length=g.size)
    if not is_table(device):
        raise ArgumentError("jumps is missing: give the jumps after the conductances")
    rows = pulses_of("device", device)
    kept = rows.follows & (rows.direction == direction)
    if not kept.any():
        raise DataError(f'device has no pulse of direction = "{"up" if direction > 0 else "down"}"'
                        " that follows another one")
    before = np.roll(rows.conductance, 1)
    return before[kept], (rows.conductance - before)[kept]


def drawn_jumps(device: Device, direction: int, cells: int) -> tuple[Doubles, Doubles]:
    """Cells of a device at all conductances of its window, and what a pulse does to them."""
    if cells < 2:
        raise ArgumentError(f"cells = {cells}; it must be 2 or more")
    if device.get("model") == "quantized":
        if direction > 0:
            raise ArgumentError('direction = "up"; a quantized device is set to level 1 at once, '
                                'only "down" goes by levels')
        rows = max(2, cells // max(device.levels - 1, 1))
        g = device.staircase(rows, draw=0).astype(np.float64)
        return g[:, :-1].ravel(), np.diff(g, axis=1).ravel()
    low, high = (device.cells(name, cells) for name in ("g_min", "g_max"))
    part = np.random.default_rng(0).random(cells, dtype=np.float32)
    before = low + part * (high - low)
    after = device.pulse(before, direction, draw=0).conductance
    return before.astype(np.float64), after.astype(np.float64) - before


def conditional(g: Doubles, step: Doubles, bins: int) -> tuple[Doubles, Doubles, Doubles, Doubles]:
    """Quantiles of the jumps in bins of equal counts: x, 5, 50 and 95 %."""
    parts = np.array_split(np.argsort(g, kind="stable"), min(bins, g.size))
    told = [(g[part].mean(), *np.quantile(step[part], (0.05, 0.5, 0.95))) for part in parts]
    x, low, middle, high = np.array(told).T
    return x, low, middle, high


def iv_loop(volts: Any, currents: Optional[npt.ArrayLike] = None, *, log: bool = False,
            cycles: int = 5, points: int = 60, label: Optional[str] = None,
            ax: Optional[Axes] = None) -> Axes:
    """Current against voltage, cycle by cycle, with arrows in the order of time.

    volts are voltages in V, (points,) or (cycles, points), and currents in A of the same shape,
    measured or simulated. Or volts is a Device: a cell is swept from 0 V over SET and RESET and
    back, each point being a pulse of Device.apply() and the current of Device.current(). log draws
    the magnitude of the current on a logarithmic axis.
    """
    if isinstance(volts, Device):
        if currents is not None:
            raise ArgumentError("currents is given beside a Device, which makes its own")
        v, i = swept(volts, cycles, points)
    else:
        v = np.atleast_2d(numbers("volts", volts, ndim=(1, 2)))
        i = np.atleast_2d(numbers("currents", currents, ndim=(1, 2)))
    if v.shape != i.shape:
        raise ArgumentError(f"currents has the shape {i.shape}; it must be {v.shape}")
    if v.shape[1] < 2:
        raise ArgumentError("volts has one point; 2 or more are needed")
    y = np.abs(i) if log else i
    if log:
        y = np.where(y > 0, y, np.nan)
    with drawn(ax) as axes:
        shape = look(axes)
        for number in range(len(v)):
            first = number == 0
            axes.plot(v[number], y[number], color=shape.colour, gid=CURVE if first else None,
                      linewidth=1.8 if first else 0.8, alpha=1 if first else 0.5,
                      label=(label or "cycle 1") if first else
                      ("further cycles" if number == 1 and label is None else None))
        if log:
            axes.set_yscale("log")
        arrows(axes, v[0], y[0], shape.colour)
        axes.axvline(0, color=theme().grey, linewidth=0.8, zorder=1)
        units(axes, ("voltage", "V"), ("magnitude of the current" if log else "current", "A"))
        if len(v) > 1 or label:
            legend(axes)
    return axes


def arrows(axes: Axes, x: Doubles, y: Doubles, colour: str) -> None:
    """Arrows in the middle of the quarters of a sweep."""
    wide = max(1, x.size // 60)
    for part in (0.11, 0.36, 0.61, 0.91):
        at = min(max(int(part * x.size), wide), x.size - 1 - wide)
        ends = [at - wide, at + wide]
        if np.isfinite(y[ends]).all():
            axes.annotate("", (x[ends[1]], y[ends[1]]), (x[ends[0]], y[ends[0]]), zorder=6,
                          arrowprops={"arrowstyle": "-|>,head_width=0.35,head_length=0.7",
                                      "color": colour, "linewidth": 1.2})


def swept(device: Device, cycles: int, points: int) -> tuple[Doubles, Doubles]:
    """Voltages and currents of a cell that is swept, (cycles, 4 x points)."""
    if cycles < 1 or points < 2:
        raise ArgumentError(f"cycles = {cycles}, points = {points}; they must be 1 and 2 or more")
    high, low = 1.15 * float(device.set_voltage), float(device.reset_voltage)
    quantized = device.get("model") == "quantized"
    low = min(1.15 * low, 1.05 * float(device.ramp()[-1])) if quantized else 1.15 * low
    rise = np.linspace(0, 1, points)
    course = np.concatenate((high * rise, high * rise[::-1], low * rise, low * rise[::-1]))
    cells: Any = np.array([device.levels if quantized else device.g_min], np.float32)
    v = np.tile(course, (cycles, 1))
    i = np.empty_like(v)
    for number, volt in enumerate(v.ravel()):
        cells = device.apply(cells, float(volt), draw=number)
        i.flat[number] = device.current(cells.conductance, [volt])[0]
    return v, i


def retention(seconds: npt.ArrayLike, conductances: Any, *, levels: Any = None, cells: int = 1000,
              unit: str = "S", label: Optional[str] = None, ax: Optional[Axes] = None) -> Axes:
    """Conductance on logarithmic time: median, and bands of 25 to 75 % and of 5 to 95 %.

    seconds are times after programming in s, (times,), above 0. conductances are in S,
    (times,) or (times, cells); or a Device, of which so many cells are programmed to each of the
    levels (by default three of them) and age.
    """
    one_of("unit", unit, ("S", "G0"))
    t = positive("seconds", seconds, ndim=(1,))
    if np.any(np.diff(t) <= 0):
        raise DataError("seconds must rise")
    fans = aged(conductances, t, levels, cells) if isinstance(conductances, Device) else {
        label: numbers("conductances", conductances, ndim=(1, 2), length=t.size)}
    with drawn(ax) as axes:
        for text, values in fans.items():
            g = values[:, None] if values.ndim == 1 else values
            shape = look(axes)
            q05, q25, middle, q75, q95 = np.quantile(g, QUANTILES, axis=1)
            if g.shape[1] > 1:
                axes.fill_between(t, q05, q95, color=shape.colour, alpha=0.15, linewidth=0)
                axes.fill_between(t, q25, q75, color=shape.colour, alpha=0.3, linewidth=0)
            axes.plot(t, middle, color=shape.colour, linestyle=shape.dash, marker=shape.marker,
                      markevery=max(1, t.size // 8), gid=CURVE, label=text)
        axes.set_xscale("log")
        units(axes, ("time after programming", "s"), ("conductance", unit))
        bands = [module("matplotlib.patches").Patch(color=theme().grey, alpha=alpha, linewidth=0,
                                                    label=text)
                 for alpha, text in ((0.5, "25 to 75 %"), (0.25, "5 to 95 %"))]
        handles = axes.get_legend_handles_labels()[0]
        many = any(values.ndim == 2 and values.shape[1] > 1 for values in fans.values())
        axes.set_ylim(top=axes.get_ylim()[0] + 1.25 * np.ptp(axes.get_ylim()))
        legend_with(axes, handles + (bands if many else []))
    return axes


def legend_with(axes: Axes, handles: list[Any]) -> None:
    """A legend of these handles, if there are any."""
    if handles:
        axes.legend(handles=handles, handlelength=2.2, ncols=2, loc="upper right")


def aged(device: Device, t: Doubles, levels: Any, cells: int) -> dict[Any, Doubles]:
    """(times, cells) of conductances for each of some levels."""
    if levels is None:
        levels = sorted({1, (device.levels + 1) // 2, device.levels})
    fans = {}
    for level in chosen_levels(levels, device.levels):
        g = device.draw_levels([level], cells, draw=0)[:, 0]
        fans[f"level {level}"] = np.stack([device.age(g, float(time)) for time in t]
                                          ).astype(np.float64)
    return fans


def programming(target: Union[Crossbar, npt.ArrayLike],
                programmed: Optional[npt.ArrayLike] = None,
                pulses: Optional[npt.ArrayLike] = None, *, plane: int = 0, unit: str = "S",
                ax: Optional[Axes] = None) -> Axes:
    """Programmed against target conductances; in a corner, the distribution of the pulses.

    target and programmed are conductances in S, of any shape and the same for both; pulses are
    how many each cell took, of as many cells as one likes. Or target is a Crossbar, of which a
    plane is drawn: the nominal conductances of its levels against those of its cells.
    """
    one_of("unit", unit, ("S", "G0"))
    if isinstance(target, Crossbar):
        if programmed is not None:
            raise ArgumentError("programmed is given beside a Crossbar, which has its own")
        goal, g = plane_targets(target, plane)
    else:
        goal, g = numbers("target", target).ravel(), numbers("programmed", programmed).ravel()
    if goal.shape != g.shape:
        raise ArgumentError(f"programmed has {g.size} cells; it must have {goal.size}")
    counts = None if pulses is None else numbers("pulses", pulses).ravel()
    with drawn(ax) as axes:
        shape = look(axes)
        ends = np.array([min(goal.min(), g.min()), max(goal.max(), g.max())])
        rms = float(np.sqrt(np.mean((g - goal) ** 2)))
        axes.plot(goal, g, linestyle="none", marker="o", color=shape.colour, gid=CURVE,
                  markersize=3.2, markeredgewidth=0, alpha=max(0.08, min(0.7, 300 / g.size)),
                  rasterized=g.size > 2000)
        axes.plot([], [], linestyle="none", marker="o", color=shape.colour,
                  label=f"{g.size} cells, rms error {amount(rms, unit)}")
        axes.plot(ends, ends, color=theme().colours[1], linewidth=1.4, linestyle=(0, (5, 2)),
                  label="as wanted")
        axes.set_ylim(ends[0] - 0.05 * np.ptp(ends), ends[1] + 0.28 * np.ptp(ends))
        units(axes, ("target conductance", unit), ("programmed conductance", unit))
        legend(axes, loc="upper left")
        if counts is not None:
            draw_pulse_counts(axes, counts)
    return axes


def plane_targets(crossbar: Crossbar, plane: int) -> tuple[Doubles, Doubles]:
    """Nominal and present conductances of a plane."""
    device, levels = crossbar.device, crossbar.levels[plane].ravel()
    nominal = np.array([device.level(level).nominal for level in range(1, device.levels + 1)])
    if levels.min() < 1:
        raise ArgumentError("target is not programmed to levels")
    return nominal[levels - 1], crossbar.conductances[plane].ravel().astype(np.float64)


def draw_pulse_counts(axes: Axes, counts: Doubles) -> None:
    """The distribution of the numbers of pulses, in the lower right corner."""
    corner = axes.inset_axes([0.66, 0.13, 0.32, 0.3])
    corner.set_facecolor(theme().ground)
    axes.add_patch(module("matplotlib.patches").Rectangle(
        (0.55, 0.01), 0.44, 0.45, transform=axes.transAxes, facecolor=theme().ground,
        edgecolor="none", alpha=0.85, zorder=4.5))
    ordered = np.sort(counts)
    part = np.arange(1, ordered.size + 1) / ordered.size
    corner.step(np.append(ordered[:1], ordered), np.append(0.0, part),
                where="post", color=theme().colours[2], gid=CURVE)
    corner.set_ylim(0, 1.02)
    axis_units(corner.xaxis, "pulses", "")
    axis_units(corner.yaxis, "cells", "%")
    corner.yaxis.set_major_locator(module("matplotlib.ticker").FixedLocator([0, 0.5, 1]))
    corner.xaxis.set_major_locator(module("matplotlib.ticker").MaxNLocator(3, integer=True))
    corner.tick_params(labelsize=9)
