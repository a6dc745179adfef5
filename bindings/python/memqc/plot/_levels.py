# SPDX-License-Identifier: BSD-3-Clause
"""Levels of a device: staircases, histograms and distributions on normal-probability axes."""

from __future__ import annotations

from typing import Any, Optional, Sequence, Union

import numpy as np
import numpy.typing as npt

from .._errors import ArgumentError
from ..device import Device
from ._given import Doubles, Pulses, numbers, one_of, pulses_of
from ._normal import probability_axis, standard_scores
from ._style import CURVE, Axes, drawn, legend, look, theme
from ._units import amount, units

FWHM = 2.3548200450309493  # of a normal distribution, in standard deviations
FEW = 50  # numbers that are shown one by one


def staircase(device: Union[Device, npt.ArrayLike], data: Any = None, *, cycles: int = 400,
              unit: str = "S", label: Optional[str] = None, ax: Optional[Axes] = None) -> Axes:
    """Conductance against pulse number: median and 5 to 95 % band, the measured data over it.

    device is a Device, whose cells are drawn anew in each of so many cycles; or conductances in S,
    (cycles, pulses). A pulsed device gets the pulses of the data, or a SET and a RESET train
    through its window. data is what Device.fit takes (a CSV file, a frame, a mapping), or
    conductances in S, (cycles, pulses). unit is "S" or "G0".
    """
    one_of("unit", unit, ("S", "G0"))
    measured = None if data is None else pulses_of("data", data)
    nominal: Optional[Doubles] = None
    if isinstance(device, Device):
        start, nominal, g = simulated(device, measured, cycles)
    else:
        start, g = 1, np.atleast_2d(numbers("device", device, ndim=(1, 2)))
    x = np.arange(start, start + g.shape[1])
    with drawn(ax) as axes:
        shape = look(axes)
        low, middle, high = np.quantile(g, (0.05, 0.5, 0.95), axis=0)
        if len(g) > 1:
            axes.fill_between(x, low, high, color=shape.colour, alpha=0.25, linewidth=0,
                              label="5 to 95 %" + (f", {label}" if label else ""))
        axes.plot(x, middle, color=shape.colour, gid=CURVE, zorder=4,
                  label=label or ("median" if len(g) > 1 else "conductance"))
        if nominal is not None:
            axes.plot(x, nominal, color=theme().colours[1], linestyle=(0, (4, 2)), linewidth=1.4,
                      label="nominal", zorder=5)
        if measured is not None:
            draw_measured(axes, measured)
        axes.set_ylim(bottom=0 if min(low.min(), axes.dataLim.y0) >= 0 else None)
        units(axes, ("pulse number", ""), ("conductance", unit))
        legend(axes)
    return axes


def draw_measured(axes: Axes, measured: Pulses) -> None:
    """Measured cycles as thin lines with points."""
    keys = np.stack((measured.device, measured.cycle))
    ends = np.flatnonzero(np.any(np.diff(keys, axis=1) != 0, axis=0)) + 1
    cut = np.split(np.arange(measured.pulse.size), ends)
    for number, rows in enumerate(cut):
        axes.plot(measured.pulse[rows], measured.conductance[rows], color=theme().ink, alpha=0.55,
                  linewidth=0.4, marker="o", markersize=2.2, markeredgewidth=0, zorder=3,
                  label="measured" if number == 0 else None)


def simulated(device: Device, measured: Optional[Pulses],
              cycles: int) -> tuple[int, Doubles, Doubles]:
    """Number of the first pulse, nominal course and (cycles, pulses) of conductances."""
    if cycles < 1:
        raise ArgumentError(f"cycles = {cycles}; it must be 1 or more")
    if device.get("model") == "quantized":
        levels = np.arange(1, device.levels + 1)
        nominal = np.array([device.level(int(level)).nominal for level in levels])
        return 1, nominal, np.asarray(device.draw_levels(levels, cycles, draw=0), np.float64)
    if measured is None:
        return pulsed_course(device, np.full(1, device.g_min), through(device), 0, cycles)
    first = (measured.device == measured.device[0]) & (measured.cycle == measured.cycle[0])
    begin = int(measured.pulse[first][0])
    starts = measured.conductance[measured.pulse == begin]
    return pulsed_course(device, starts, measured.direction[first][1:], begin, cycles)


def through(device: Device) -> npt.NDArray[np.int64]:
    """Directions of as many pulses up and down as cross the window."""
    train = min(max(device.levels, 2), 512)
    return np.repeat((1, -1), train)


def pulsed_course(device: Device, starts: Doubles, directions: npt.NDArray[np.int64], begin: int,
                  cycles: int) -> tuple[int, Doubles, Doubles]:
    """Many cells that are sent the same pulses, and the course without noise."""
    cells = np.resize(starts, cycles).astype(np.float32)
    calm = np.float32(np.mean(starts))
    state, nominal = [cells], [float(calm)]
    now: Any = cells
    for number, direction in enumerate(directions):
        now = device.pulse(now, int(direction), draw=number)
        state.append(now.conductance)
        calm = device.response(int(direction), float(calm), 1)[0]
        nominal.append(float(calm))
    return begin, np.array(nominal), np.stack(state, axis=1).astype(np.float64)


def chosen_levels(levels: Any, count: int) -> list[int]:
    """Numbers of some of so many levels."""
    chosen = [int(level) for level in np.atleast_1d(levels)]
    for level in chosen:
        if not 1 <= level <= count:
            raise ArgumentError(f"levels holds {level}; it must be 1 .. {count}")
    if not chosen:
        raise ArgumentError("levels is empty")
    return chosen


def level_samples(device: Union[Device, npt.ArrayLike], levels: Optional[Sequence[int]],
                  cells: int) -> tuple[list[int], list[Doubles]]:
    """Numbers of some levels and the conductances of each."""
    if isinstance(device, Device):
        count = device.levels
    else:
        g = numbers("device", device, ndim=(1, 2))
        g = g[:, None] if g.ndim == 1 else g
        count = g.shape[1]
    if levels is None:
        levels = sorted({1 + round(part * (count - 1)) for part in (0, 1 / 3, 2 / 3, 1)})
    chosen = chosen_levels(levels, count)
    if isinstance(device, Device):
        g = np.asarray(device.draw_levels(chosen, cells, draw=0), np.float64)
        return chosen, list(g.T)
    return chosen, [g[:, level - 1] for level in chosen]


def level_histogram(device: Union[Device, npt.ArrayLike], levels: Optional[Sequence[int]] = None,
                    *, cells: int = 20000, bins: Union[int, npt.ArrayLike] = 40,
                    normal: Optional[npt.ArrayLike] = None, density: bool = False,
                    unit: str = "S", label: Optional[str] = None,
                    ax: Optional[Axes] = None) -> Axes:
    """Histogram of each level with the normal curve of its mean and sd, and its FWHM.

    device is a Device, of which so many cells are programmed; or conductances in S, (samples,)
    of one level or (samples, levels). levels are the numbers of those to draw, from 1 on; by
    default four of them. Up to 50 samples are drawn one by one. bins is a number or the edges in
    S. Each level is in parts of its peak; with density in 1/S (1/G0), which shows narrow levels
    higher. normal are a mean and a sd in S for each level, (levels, 2), where they were found in
    another way than from the samples. unit is "S" or "G0".
    """
    one_of("unit", unit, ("S", "G0"))
    chosen, samples = level_samples(device, levels, cells)
    if np.ndim(bins):
        bins = numbers("bins", bins, ndim=(1,))
    moments = [(float(g.mean()), float(g.std(ddof=1)) if g.size > 1 else 0.0) for g in samples]
    if normal is not None:
        given = numbers("normal", normal, ndim=(2,), length=len(chosen))
        moments = [(float(mean), float(sd)) for mean, sd in given]
    with drawn(ax) as axes:
        for level, g, (mean, sd) in zip(chosen, samples, moments):
            text = label if label and len(chosen) == 1 else (
                f"level {level}" + (f", {label}" if label else ""))
            draw_level(axes, g, (mean, sd), bins, text, unit, density)
        axes.set_ylim(0, (1.1 + 0.08 * len(axes.get_legend_handles_labels()[0])) *
                      axes.dataLim.y1)
        units(axes, ("conductance", unit),
              ("density", "1/" + unit) if density else ("density, part of the peak", "%"))
        if not density:
            axes.set_yticks(np.arange(0, 1.1, 0.2))
        legend(axes, fontsize=9)
    return axes


def draw_level(axes: Axes, g: Doubles, normal: tuple[float, float], bins: Any, text: str,
               unit: str, density: bool) -> None:
    """The histogram of one level, and its normal curve."""
    shape, (mean, sd) = look(axes), normal
    width = f"FWHM {amount(FWHM * sd, unit)}" if sd > 0 else "no spread"
    peak = 1 / (sd * np.sqrt(2 * np.pi)) if sd > 0 else 1.0
    scale = 1.0 if density else 1 / peak
    if g.size > FEW:
        heights, edges = np.histogram(g, bins=bins, density=True)
        axes.stairs(heights * scale, edges, fill=True, color=shape.colour, alpha=0.35, linewidth=0)
    else:
        axes.plot(g, np.full(g.size, 0.035), "|", color=shape.colour, markersize=14,
                  markeredgewidth=1.6, transform=axes.get_xaxis_transform(), zorder=5)
    if sd > 0:
        x = mean + sd * np.linspace(-4, 4, 201)
        y = np.exp(-((x - mean) / sd) ** 2 / 2) * peak * scale
        axes.plot(x, y, color=shape.colour, linestyle=shape.dash, gid=CURVE,
                  label=f"{text}: {width}")
        half = mean + FWHM * sd * np.array([-0.5, 0.5])
        axes.plot(half, np.full(2, y.max() / 2), color=shape.colour, linewidth=1.2, marker="|",
                  markersize=9)
    else:
        axes.axvline(mean, color=shape.colour, linestyle=shape.dash, gid=CURVE,
                     label=f"{text}: {width}")


def level_cdf(device: Union[Device, npt.ArrayLike], levels: Optional[Sequence[int]] = None, *,
              cells: int = 1000, unit: str = "S", label: Optional[str] = None,
              ax: Optional[Axes] = None) -> Axes:
    """Distribution of each level on normal-probability axes, where a normal one is a straight line.

    device is a Device, of which so many cells are programmed; or conductances in S, (samples,)
    of one level or (samples, levels). levels are the numbers of those to draw, from 1 on; by
    default four of them. Lines are the normal distributions of equal mean and sd.
    """
    one_of("unit", unit, ("S", "G0"))
    chosen, samples = level_samples(device, levels, cells)
    with drawn(ax) as axes:
        for level, g in zip(chosen, samples):
            shape = look(axes)
            scores = standard_scores(g.size)
            text = f"level {level}" + (f", {label}" if label else "")
            axes.plot(np.sort(g), scores, linestyle="none", marker=shape.marker, markersize=3.5,
                      color=shape.colour, alpha=0.7, gid=CURVE, label=text,
                      markevery=max(1, g.size // 400), markeredgewidth=0)
            if np.ptp(g) > 0:
                reach = scores[[0, -1]]
                axes.plot(g.mean() + g.std(ddof=1) * reach, reach, color=shape.colour,
                          linewidth=1, linestyle=shape.dash, zorder=1)
        units(axes, ("conductance", unit), ("cells below", "%"))
        probability_axis(axes.yaxis, max(g.size for g in samples))
        legend(axes, markerscale=1.6)
    return axes

