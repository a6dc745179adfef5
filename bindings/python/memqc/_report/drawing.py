# SPDX-License-Identifier: BSD-3-Clause
"""Figures of a report, light and dark, as data that a page carries with it."""

from __future__ import annotations

import base64
import io
import math
from typing import Any, Callable, NamedTuple, Optional

from .. import plot
from ..device import Device
from ..mlp import Limits
from ..plot._style import module
from .results import Limit, Report, Studies

LARGEST_SVG = 150_000  # bytes; beyond it pixels are smaller
WIDEST = 1500  # pixels
METADATA = {"Date": None, "Creator": None}


class Picture(NamedTuple):
    """A figure on light and on dark ground."""

    light: str  #: data: URI
    dark: str
    alt: str
    width: int  #: CSS pixels
    height: int


def encoded(figure: Any, lines: bool = True) -> str:
    """A figure as a data: URI: SVG, unless it is more than lines, or becomes large."""
    buffer, kind = io.BytesIO(), "svg+xml"
    if lines:
        figure.savefig(buffer, format="svg", metadata=METADATA)
    if not lines or buffer.tell() > LARGEST_SVG:
        buffer, kind = io.BytesIO(), "png"
        figure.savefig(buffer, format="png", dpi=min(200, WIDEST / figure.get_size_inches()[0]),
                       metadata={"Software": None})
    return f"data:image/{kind};base64," + base64.b64encode(buffer.getvalue()).decode("ascii")


def picture(draw: Callable[[Any], Any], alt: str, size: tuple[float, float] = (5.2, 3.9),
            panels: int = 1) -> Picture:
    """Draws a figure twice. draw gets its axes, or those of all panels."""
    rc_context, figure_of = module("matplotlib").rc_context, module("matplotlib.figure").Figure
    uris = []
    for dark in (False, True):
        with plot.style(dark=dark), rc_context({"svg.hashsalt": "memqc"}):
            figure = figure_of(figsize=size)
            axes = figure.subplots(1, panels)
            draw(axes)
            uris.append(encoded(figure))
    return Picture(uris[0], uris[1], alt, round(96 * size[0]), round(96 * size[1]))


def staircase(device: Device, table: Any) -> Picture:
    return picture(lambda ax: plot.staircase(device, table, ax=ax),
                   "Conductance against pulse number: the measured cycles over the median and "
                   "the 5 to 95 % band of the fitted device.")


def residuals(device: Device, p: float) -> Picture:
    return picture(lambda ax: plot.residual_qq(device, ax=ax),
                   "Quantiles of the residuals against those of the normal distribution. "
                   f"The test of normality gives p = {p:.3f}.")


def model_choice(device: Device, taken: str) -> Picture:
    return picture(lambda ax: plot.model_choice(device, ax=ax),
                   f"How much worse than {taken} the other models are, by BIC.", (6.0, 3.9))


def epochs(report: Report) -> Optional[Picture]:
    """Test accuracy by epoch of what was trained on the device, and in floats."""
    curves = {rule.name: list(zip(*rule.epochs)) for rule in report.rules if rule.epochs}
    if not curves:
        return None
    return picture(lambda ax: plot.accuracy_epochs(curves, band="sd", ax=ax),
                   "Test accuracy after each epoch, for each update rule: mean and one "
                   "standard deviation of the seeds.", (5.6, 4.4))


def costs(report: Report) -> Optional[Picture]:
    """What learning on the device costs. More rules would have the looks of others."""
    pairs = {rule.name: ([rule.energy], [rule.accuracies]) for rule in report.rules
             if rule.on_device and not rule.transferred and rule.energy > 0}
    if not pairs:
        return None
    return picture(lambda ax: plot.cost_accuracy(pairs, ax=ax),
                   "Accuracy of each update rule against the energy of all its programming "
                   "pulses.", (5.6, 4.4))


def arrays(studies: Studies) -> Picture:
    return picture(lambda ax: plot.monte_carlo(studies.instances, target=studies.target, ax=ax),
                   "Distribution of the accuracies of arrays onto which the same trained weights "
                   "were programmed.")


def limits_of(limit: Limit, studies: Studies) -> Limits:
    """A result as memqc.plot takes it."""
    def number(value: Optional[float]) -> float:
        return math.nan if value is None else value

    loss, gain = limit.loss, limit.gain
    values = {name: math.nan for name in Limits._fields}
    values.update(
        ideal=studies.ideal, accuracy=studies.ideal - loss.mean, loss=loss.mean,
        loss_low=number(loss.low), loss_high=number(loss.high), value=number(limit.value),
        device=studies.accuracy.mean, gain=gain.mean, gain_low=number(gain.low),
        gain_high=number(gain.high),
        required=number(limit.allowed), required_low=number(limit.allowed_low),
        required_high=number(limit.allowed_high))
    return Limits(**values)


def tornado(studies: Studies) -> Picture:
    rows = {limit.name: limits_of(limit, studies) for limit in studies.limits}
    return picture(lambda ax: plot.tornado(rows, target=studies.target, ax=ax),
                   "Accuracy that is gained if a property of the device becomes ideal and all "
                   "others stay, largest first, with 95 % confidence intervals, and what each "
                   "costs alone. The table below has the numbers.", (5.8, 4.2))


def ageing(studies: Studies) -> Picture:
    curves = {course.text: course.instances for course in studies.ageing}
    return picture(lambda ax: plot.accuracy_time(studies.ageing[0].seconds, curves,
                                                 target=studies.target, ax=ax),
                   "Accuracy against the time after programming.", (5.8, 4.2))
