# SPDX-License-Identifier: BSD-3-Clause
"""The picture of a study, in the style of memqc.plot."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Optional, Sequence

import numpy as np

from .._errors import ArgumentError
from ..plot._accuracy import accuracy_epochs, draw_spread, finish
from ..plot._given import BANDS, one_of, spreads
from ..plot._style import Axes, drawn
from ._results import last
from ._settings import is_number

if TYPE_CHECKING:
    from ._results import Results
    from ._store import Saved

MOST_CURVES = 8  # that are drawn unless they are asked for
MANY_CURVES = 24
WIDE = 8  # an axis whose ends have this ratio is logarithmic


def draw(results: Results, x: Optional[str], y: str, by: Optional[Sequence[str]], band: str,
         ax: Optional[Axes]) -> Axes:
    """See Results.plot()."""
    one_of("band", band, BANDS)
    if not results.rows:
        raise ArgumentError("there are no results to draw")
    known = dict.fromkeys(name for row in results for name in row.record)
    if y not in known:
        raise ArgumentError(f'y = "{y}"; it must be {", ".join(known)}')
    free = [name for name in results.axes if name != "seed" and numeric(results, name)]
    axis: str = x or (free[0] if free else "epoch")
    names = dict.fromkeys(name for row in results for name in row.settings)
    for name in [*([axis] if axis != "epoch" else []), *(by or [])]:
        if name not in names:
            raise ArgumentError(f'"{name}" is no setting of these points: {", ".join(names)}')
    groups = grouped(results, axis, by)
    if axis == "epoch":
        return accuracy_epochs({label: by_epoch(rows, y) for label, rows in groups.items()},
                               band=band, ax=ax)
    return against(axis, {label: by_value(rows, axis, y) for label, rows in groups.items()}, band,
                   ax)


def numeric(results: Results, name: str) -> bool:
    """Are all values of a setting numbers?"""
    return all(is_number(row.settings.get(name)) for row in results)


def label_of(row: Saved, by: Sequence[str]) -> str:
    """A curve in words: the values of its settings; numbers with their names."""
    parts = []
    for name in by:
        value = row.settings.get(name)
        parts.append(value if isinstance(value, str) else
                     f"{name.rpartition('.')[2]} {'-' if value is None else value}")
    return ", ".join(parts)


def grouped(results: Results, axis: str, by: Optional[Sequence[str]]) -> dict[Any, list[Saved]]:
    """The points of each curve."""
    names = [name for name in results.axes if name not in (axis, "seed")] if by is None else by
    groups: dict[Any, list[Saved]] = {}
    for row in results:
        groups.setdefault(label_of(row, names) or None, []).append(row)
    if by is None and len(groups) > MOST_CURVES:
        return {None: list(results)}
    if len(groups) > MANY_CURVES:
        raise ArgumentError(f"by = {', '.join(names)} makes {len(groups)} curves; {MANY_CURVES} "
                            "are the most")
    return groups


def by_epoch(rows: Sequence[Saved], y: str) -> Any:
    """(points, epochs) of a list of numbers."""
    values = [row.record.get(y) for row in rows]
    lengths = {len(value) if isinstance(value, list) else 0 for value in values}
    if len(lengths) > 1 or 0 in lengths:
        raise ArgumentError(f'"{y}" does not have a number for each epoch in all points; x must '
                            "be a setting")
    return np.array(values, float)


def by_value(rows: Sequence[Saved], axis: str, y: str) -> dict[Any, list[float]]:
    """The numbers at each value of a setting. A training that diverged may have none."""
    found: dict[Any, list[float]] = {}
    for row in rows:
        value, at = last(row.record.get(y)), row.settings.get(axis)
        key = at if is_number(at) or isinstance(at, str) else json.dumps(at)
        if isinstance(value, (int, float)):
            found.setdefault(key, []).append(float(value))
    return found


def against(axis: str, drawings: dict[Any, dict[Any, list[float]]], band: str,
            ax: Optional[Axes]) -> Axes:
    """Curves over numbers, or over names side by side."""
    values = list(dict.fromkeys(value for points in drawings.values() for value in points))
    numbers = all(is_number(value) for value in values)
    values = sorted(values) if numbers else values
    log = numbers and min(values) > 0 and max(values) >= WIDE * min(values)
    with drawn(ax) as axes:
        count = 1
        for number, (label, points) in enumerate(drawings.items()):
            at = [value for value in values if value in points]
            if not at:
                continue
            told = spreads([np.array(points[value]) for value in at], band, (0, 1))
            places = np.array([value if numbers else values.index(value) for value in at], float)
            draw_spread(axes, places, told, label, bars=True,
                        aside=5 * (number - (len(drawings) - 1) / 2))
            count = max(count, told.instances)
        if log:
            axes.set_xscale("log", base=2 if all(value % 2 == 0 for value in values) else 10)
        finish(axes, (axis, ""), band, count, None)
        if not numbers:
            axes.set_xticks(range(len(values)), [str(value) for value in values])
        elif log and len(values) <= 12:
            axes.set_xticks(values, [f"{value:g}" for value in values])
            axes.minorticks_off()
    return axes
