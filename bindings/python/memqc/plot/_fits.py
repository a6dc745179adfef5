# SPDX-License-Identifier: BSD-3-Clause
"""What a fit found out: residuals, the choice of the model, cycle-to-cycle and device spread."""

from __future__ import annotations

import math
from typing import Any, Mapping, Optional, Union

import numpy as np
import numpy.typing as npt

from .. import _fit
from .._errors import ArgumentError, DataError, Error
from ..device import Device
from ._given import Doubles, Pulses, is_table, numbers, one_of, pulses_of
from ._normal import lilliefors, standard_scores
from ._style import CURVE, Axes, drawn, legend, look, theme
from ._units import plain, units

STANDARDS = ("bic", "aic")
FAR = 5.0  # sds; a table of jumps gives what it has never seen no probability at all


def residual_qq(device: Union[Device, npt.ArrayLike], data: Any = None, *,
                p: Optional[float] = None, label: Optional[str] = None,
                ax: Optional[Axes] = None) -> Axes:
    """Quantiles of residuals against those of the normal distribution, with the test's p.

    device is a Device that Device.fit made: the residuals that the fit tested, those beyond 5 sds
    at 5. Or it is any Device, and data what was measured: what Device.fit takes, or conductances in
    S, (cycles, pulses). Or
    device is the residuals themselves, (n,) of any unit. Residuals are drawn in units of their own
    sd. p is that of Lilliefors' test; by default that of the fit, else it is computed.
    """
    if isinstance(device, Device):
        z = tested(device) if data is None else residuals(device, pulses_of("data", data))
    else:
        z = numbers("device", device, ndim=(1,))
    if z.size < 3 or np.ptp(z) == 0:
        raise DataError(f"device: {z.size} residuals of sd {z.std():g}; at least 3 that differ "
                        "are needed")
    z = np.sort((z - z.mean()) / z.std(ddof=1))
    if p is None:
        p = fitted_p(device) if isinstance(device, Device) else None
    p = lilliefors(z) if p is None else p
    with drawn(ax) as axes:
        shape, scores = look(axes), standard_scores(z.size)
        text = f"{z.size} residuals: p = {plain(p, 2) if p >= 0.001 else '< 0.001'}"
        axes.plot(scores, z, linestyle="none", marker=shape.marker, markersize=4,
                  color=shape.colour, alpha=0.8, gid=CURVE, markeredgewidth=0,
                  label=(f"{label}, " if label else "") + text.replace("= <", "<"))
        ends = np.array([min(scores[0], z[0]), max(scores[-1], z[-1])])
        axes.plot(ends, ends, color=theme().grey, linewidth=1.2, linestyle=(0, (5, 2)),
                  label="normal distribution", zorder=1)
        units(axes, ("normal quantile", "sd"), ("residual", "sd"))
        legend(axes, loc="upper left")
    return axes


def tested(device: Device) -> Doubles:
    """The residuals that a fit tested; those beyond FAR, whatever their number, at FAR."""
    try:
        return np.clip(np.asarray(device.fit_residuals, np.float64), -FAR, FAR)
    except Error as error:
        raise ArgumentError(f"data is missing, and device has no residuals of a fit: {error}"
                            ) from error


def fitted_p(device: Device) -> Optional[float]:
    """The p that a fit found."""
    try:
        p = device.fit_value("ks_p")
    except Error:
        return None
    return p if math.isfinite(p) else None


def residuals(device: Device, measured: Pulses) -> Doubles:
    """Distances of the measured points from what the device expects, in its sds. Of several
    measured devices each is fitted by itself, as the fit did, for it differs from their mean."""
    noisy = [name for name in ("read_noise", "read_noise_relative", "read_noise_slow")
             if device.get(name)]
    if noisy and device.get("model") != "quantized":
        raise ArgumentError(f"device has {noisy[0]}, so one noisy reading does not tell what to "
                            "expect of the next: leave data out for the residuals of the fit")
    numbers_of = np.unique(measured.device)
    if numbers_of.size == 1 or fitted_p(device) is None:
        return own_residuals(device, measured)
    parts = []
    for number in numbers_of:
        rows = measured.device == number
        own = Pulses(*(column[rows] for column in measured))
        single = Device.fit(own.pulse, own.conductance, cycle=own.cycle, direction=own.direction,
                            model=device.fit_candidate)
        parts.append(own_residuals(single, own))
    return np.concatenate(parts)


def own_residuals(device: Device, measured: Pulses, copies: int = 400) -> Doubles:
    """Residuals of measured pulses. A quantized device expects its levels. A pulsed one expects,
    from the conductance before, what so many copies of the cell do."""
    g = measured.conductance
    kept = measured.follows
    if not kept.any():
        raise DataError("data has no pulse that follows another one of its cycle")
    if device.get("model") == "quantized":
        table = {level: device.level(level) for level in range(1, device.levels + 1)}
        kept &= np.isin(measured.pulse, list(table))
        levels = [table[int(level)] for level in measured.pulse[kept]]
        mean, sd = np.array([(level.mean, level.sd) for level in levels]).T
    else:
        before = np.repeat(np.roll(g, 1)[kept].astype(np.float32), copies)
        pulses = np.repeat(measured.direction[kept], copies).astype(np.int32)
        after = device.pulse(before, pulses, draw=0).conductance.reshape(-1, copies)
        mean, sd = after.mean(axis=1), after.std(axis=1, ddof=1)
    sd = np.where(sd > 0, sd, np.inf)
    return np.asarray((g[kept] - mean) / sd)


def candidates(device: Device, criterion: str) -> tuple[dict[str, float], Optional[str]]:
    """The criterion of each candidate that the fit looked at, and the name of the one it took."""
    models = [model for model in Device._table.by_name["model"].choices if model != "quantized"]
    names = [name.replace("_", "-") for name in _fit.CANDIDATES[1:]] + models
    found = {}
    for name in names:
        try:
            found[name] = device.fit_value(criterion, name)
        except Error:
            continue
    found = {name: value for name, value in found.items() if math.isfinite(value)}
    if not found:
        raise ArgumentError("device was not made by Device.fit: it has no candidates")
    return found, device.fit_candidate


def model_choice(device: Union[Device, Mapping[str, float]], *, criterion: str = "bic",
                 taken: Optional[str] = None, ax: Optional[Axes] = None) -> Axes:
    """Candidates of a fit by their BIC (or AIC), less that of the one that was taken.

    device is one that Device.fit made; or a mapping from the name of a model to its criterion,
    where taken is the lowest by default. Longer bars are worse. Bars are drawn on a scale that is
    linear up to 10 and logarithmic beyond.
    """
    one_of("criterion", criterion, STANDARDS)
    if isinstance(device, Device):
        values, taken = candidates(device, criterion)
    elif isinstance(device, Mapping) and device:
        values = dict(zip(map(str, device), numbers("device", list(device.values()), ndim=(1,))))
    else:
        raise ArgumentError("device must be a fitted Device or a mapping that is not empty")
    taken = min(values, key=values.__getitem__) if taken is None else taken
    if taken not in values:
        raise ArgumentError(f"taken = {taken!r}; it must be {', '.join(values)}")
    names = sorted(values, key=values.__getitem__, reverse=True)
    difference = np.array([values[name] - values[taken] for name in names])
    with drawn(ax) as axes:
        now = theme()
        colours = [now.colours[0] if name == taken else now.grey for name in names]
        axes.barh(names, difference, color=colours, height=0.62)
        axes.set_xscale("symlog", linthresh=10, linscale=0.7)
        for row, (name, value) in enumerate(zip(names, difference)):
            own, more = name == taken, 1 if abs(value) < 1000 else 0
            text = " taken" if own else f" {value:+.{more}f} ".replace("-", "−")
            axes.text(max(value, 0), row, text, va="center", ha="left", fontsize=9.5,
                      color=now.colours[0] if own else now.ink, weight=700 if own else 400)
        span = max(float(difference.max()), 10.0)
        axes.set_xlim(1.6 * min(0, difference.min()), 6 * span)
        axes.axvline(0, color=now.grey, linewidth=1)
        axes.set_xlabel(f"{criterion.upper()} above that of {taken} (less is better)")
        plain_symlog(axes, span)
        axes.grid(False, axis="y")
        axes.get_yticklabels()[names.index(taken)].set_weight(700)
    return axes


def plain_symlog(axes: Axes, span: float) -> None:
    """Ticks in plain numbers."""
    ticks = [t for t in (-100, -10, 0, 10, 100, 1000, 10000, 100000) if
             axes.get_xlim()[0] <= t <= 2 * span]
    axes.set_xticks(ticks, [plain(t) for t in ticks])
    axes.minorticks_off()


def spread_split(device: Any, *, cells: int = 64, cycles: int = 16, unit: str = "S",
                 ax: Optional[Axes] = None) -> Axes:
    """Spread from cycle to cycle and from device to device (sd) against the level or the pulse.

    device is a Device, of which so many cells go through so many cycles; conductances in S,
    (devices, cycles) or (devices, cycles, pulses); or what Device.fit takes. Mean squares are
    split as in a one-way analysis of variance: the means of the devices differ by the spread from
    cycle to cycle too, which is taken off.
    """
    one_of("unit", unit, ("S", "G0"))
    x, g = split_source(device, cells, cycles)
    within = np.nanvar(g, axis=1, ddof=1).mean(axis=0)
    between = np.maximum(np.nanmean(g, axis=1).var(axis=0, ddof=1) - within / g.shape[1], 0)
    with drawn(ax) as axes:
        rows = (("cycle to cycle", within), ("device to device", between),
                ("both", within + between))
        for text, variance in rows:
            shape = look(axes)
            axes.plot(x, np.sqrt(variance), color=shape.colour, linestyle=shape.dash,
                      marker=shape.marker, markersize=5, gid=CURVE, label=text,
                      markevery=max(1, x.size // 16))
        axes.set_ylim(bottom=0)
        units(axes, ("level" if isinstance(device, Device) else "pulse number", ""),
              ("standard deviation", unit))
        legend(axes)
    return axes


def split_source(device: Any, cells: int, cycles: int) -> tuple[npt.NDArray[np.int64], Doubles]:
    """Numbers of the pulses, and (devices, cycles, pulses) of conductances."""
    if isinstance(device, Device):
        if cells < 2 or cycles < 2:
            raise ArgumentError(f"cells = {cells}, cycles = {cycles}; both must be 2 or more")
        g = np.stack([device.staircase(cycles, cell=cell, draw=0) for cell in range(cells)]
                     ).astype(np.float64)
        x = np.arange(1, g.shape[2] + 1)
    elif not is_table(device):
        g = numbers("device", device, ndim=(2, 3))
        g = g[:, :, None] if g.ndim == 2 else g
        x = np.arange(1, g.shape[2] + 1)
    else:
        rows = pulses_of("device", device)
        places = [np.unique(column, return_inverse=True) for column in rows[:3]]
        x = places[2][0]
        g = np.full([values.size for values, _ in places], np.nan)
        g[tuple(index for _, index in places)] = rows.conductance
        if np.isnan(g).any():
            raise DataError("device: some cycles lack pulses that others have")
    if g.shape[0] < 2 or g.shape[1] < 2:
        raise ArgumentError(f"device has {g.shape[0]} devices and {g.shape[1]} cycles; two of each "
                            "are needed")
    return x, g
