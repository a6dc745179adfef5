# SPDX-License-Identifier: BSD-3-Clause
"""Units on axes: data stay in SI, tick labels carry the prefix that suits what is shown."""

from __future__ import annotations

import math
from typing import Any

from .._constants import G0
from ._style import Axes, module

ticker = module("matplotlib.ticker")
PREFIXES = {-15: "f", -12: "p", -9: "n", -6: "µ", -3: "m", 0: "", 3: "k", 6: "M", 9: "G", 12: "T"}
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")  # not TeX: its parser is slow, and warns
DECADES = 3.5  # a logarithmic axis that spans more is labelled by powers of ten
PREFIXED = ("S", "V", "A", "J", "s", "Ω", "1/S", "1/Ω")


def prefix(largest: float, unit: str) -> tuple[float, str]:
    """What one unit of a tick label is in SI, and the label's unit: (1e-6, "µS")."""
    if unit == "G0":
        return G0, "G₀ = 77.5 µS"
    if unit == "1/G0":
        return 1 / G0, "1/G₀"
    if unit == "%":
        return 0.01, "%"
    if unit not in PREFIXED or not largest or not math.isfinite(largest):
        return 1.0, unit
    power = 3 * math.floor(math.log10(abs(largest) * (1 + 1e-9)) / 3)
    power = max(-15, min(0 if unit == "s" else 12, power))
    if unit.startswith("1/"):
        power = max(power, -12)
        return 10.0 ** power, f"1/{PREFIXES[-power]}{unit[2:]}"
    return 10.0 ** power, PREFIXES[power] + unit


def amount(value: float, unit: str, digits: int = 3) -> str:
    """A value in words: 1.2e-5, "S" gives "12 µS". Times are told in the units of clocks."""
    if unit == "s" and value >= 120:
        for name, seconds in (("years", 31557600.0), ("days", 86400.0), ("h", 3600.0),
                              ("min", 60.0)):
            if value >= 2 * seconds or name == "min":
                return f"{value / seconds:.{digits}g} {name}"
    factor, text = prefix(value, unit)
    return f"{plain(value / factor, digits)} {text}".rstrip().replace("G₀ = 77.5 µS", "G₀")


def plain(value: float, digits: int = 6) -> str:
    """A number without needless zeros or exponent, with a true minus."""
    text = f"{value:.{digits}g}"
    if "e" in text and 1e-5 <= abs(value) < 1e6:
        text = f"{value:.0f}" if abs(value) >= 1 else f"{value:.{digits + 4}f}".rstrip("0")
    return text.replace("-", "−")


class Locator(ticker.MaxNLocator):  # type: ignore[misc, name-defined]
    """Ticks that are round numbers after division by a factor."""

    def __init__(self, factor: float) -> None:
        super().__init__(nbins=8, steps=[1, 2, 2.5, 5, 10])
        self.factor = factor

    def tick_values(self, low: float, high: float) -> Any:
        return super().tick_values(low / self.factor, high / self.factor) * self.factor


class Scaled(ticker.Formatter):  # type: ignore[misc, name-defined]
    """Tick labels divided by a factor, all with as many decimals as one of them needs."""

    def __init__(self, factor: float) -> None:
        self.factor, self.decimals = factor, 3

    def format_ticks(self, values: Any) -> list[str]:
        shown = [float(f"{value / self.factor:.6g}") for value in values]
        texts = [f"{value:.10f}".rstrip("0") for value in shown]
        self.decimals = max([len(text) - text.index(".") - 1 for text in texts], default=0)
        return [self(value) for value in values]

    def __call__(self, x: float, pos: Any = None) -> str:
        text = f"{x / self.factor:.{self.decimals}f}"
        return (text if float(text) else text.lstrip("-")).replace("-", "−")


def scaled_axis(axis: Any, factor: float) -> None:
    """Round ticks after division by a factor."""
    axis.set_major_locator(Locator(factor))
    axis.set_major_formatter(Scaled(factor))


def axis_units(axis: Any, what: str, unit: str) -> None:
    """The label of an axis, and ticks in a unit with a prefix that suits its limits."""
    low, high = axis.get_view_interval()
    factor, text = prefix(max(abs(low), abs(high)), unit)
    log = axis.get_scale() == "log"
    decades = math.log10(high / low) if log and low > 0 else 0.0
    if decades > DECADES and unit in PREFIXED:
        factor, text = 1.0, unit
    axis.set_label_text(f"{what} ({text})" if text else what)
    if log:
        log_ticks(axis, factor, decades)
    else:
        scaled_axis(axis, factor)


def log_ticks(axis: Any, factor: float, decades: float) -> None:
    """Ticks of a logarithmic axis: few decades in plain numbers, many as powers of ten."""
    subs = (1.0,) if decades > 2 else (1.0, 2.0, 5.0)
    axis.set_major_locator(ticker.LogLocator(subs=subs, numticks=9))
    axis.set_minor_formatter(ticker.NullFormatter())

    def text(x: float, _: Any) -> str:
        if decades <= DECADES and 1e-4 < x / factor < 1e5:
            return plain(x / factor)
        power = math.log10(x / factor)
        return "10" + f"{power:.0f}".translate(RAISED) if abs(power - round(power)) < 1e-6 else ""
    axis.set_major_formatter(ticker.FuncFormatter(text))


def units(axes: Axes, x: tuple[str, str], y: tuple[str, str]) -> None:
    """Labels of both axes, (what, unit) each. Called when everything is drawn."""
    axis_units(axes.xaxis, *x)
    axis_units(axes.yaxis, *y)
