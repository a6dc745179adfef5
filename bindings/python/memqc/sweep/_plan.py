# SPDX-License-Identifier: BSD-3-Clause
"""A plan: fixed settings, axes of a grid, a list and a sample of it become points."""

from __future__ import annotations

import hashlib
import importlib
import itertools
import json
import math
import os
from typing import Any, Iterator, Mapping, NamedTuple, Sequence, Union

from .._errors import ArgumentError, FileError, FormatError
from ._settings import Settings, Value, checked

#: tables that are no settings
OWN = ("name", "grid", "points", "sample")
SAMPLE = ("count", "seed", "axes")
RANGE = ("from", "to", "count", "scale")
MOST_POINTS = 10**6
#: an axis: its name, and the settings of each place on it
Axis = tuple[str, list[dict[str, Value]]]


class Plan(NamedTuple):
    """A study: a name, and the settings of each of its points."""

    name: str
    points: tuple[Settings, ...]  #: names with dots, such as "device.states", and values
    axes: tuple[str, ...] = ()  #: the names of settings that differ between points

    @classmethod
    def load(cls, path: Union[str, os.PathLike[str]], *, free: bool = False) -> Plan:
        """Reads a TOML file. With free, settings may be anything that a function of your own
        takes. ArgumentError names the wrong setting, its value and what is allowed."""
        toml = toml_module()
        try:
            with open(path, "rb") as file:
                tables = toml.load(file)
        except OSError as error:
            raise FileError(*error.args) from error
        except (toml.TOMLDecodeError, UnicodeDecodeError) as error:
            raise FormatError(f"{os.fspath(path)}: no TOML: {error}") from None
        stem = os.path.splitext(os.path.basename(path))[0]
        return cls.of({"name": stem, **tables}, free=free, where=f"{os.fspath(path)}: ")

    @classmethod
    def of(cls, tables: Mapping[str, Any], *, free: bool = False, where: str = "") -> Plan:
        """The plan of what a TOML file would hold: {"mlp": {"epochs": 5}, "grid": {...}}."""
        reader = Reader(where, free)
        name = tables.get("name", "study")
        if not isinstance(name, str):
            raise ArgumentError(f"{where}name = {name!r}; it must be a text")
        fixed = reader.settings("", {key: value for key, value in tables.items()
                                     if key not in OWN})
        listed = reader.entries(tables.get("points", [{}]))
        axes = reader.axes(tables.get("grid", {}))
        places = reader.places(axes, tables.get("sample"))
        count = len(listed) * len(places)
        if count > MOST_POINTS:
            raise ArgumentError(f"{where}the plan has {count} points; "
                                f"{MOST_POINTS} are the most")
        points = [{**fixed, **one, **place} for one in listed for place in places]
        return cls(name, tuple(points), varying(points))


def toml_module() -> Any:
    """Python's reader of TOML, which 3.11 brings; before, tomli is the same."""
    for name in ("tomllib", "tomli"):
        try:
            return importlib.import_module(name)
        except ImportError:
            continue
    raise ImportError("plans are TOML files, which Python 3.11 reads; with an older Python, "
                      "install tomli")


def varying(points: Sequence[Settings]) -> tuple[str, ...]:
    """Names of settings whose values differ, in the order of their first mention."""
    order = dict.fromkeys(name for point in points for name in point)
    values = {name: {json.dumps(point.get(name)) for point in points} for name in order}
    return tuple(name for name in order if len(values[name]) > 1)


def flat(table: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """The entries of nested tables, by names with dots."""
    for key, value in table.items():
        if isinstance(value, Mapping) and not is_range(value):
            yield from flat(value, f"{before}{key}.")
        else:
            yield before + key, value


def is_range(value: Any) -> bool:
    """Does a table stand for values, such as {from = 1, to = 5}?"""
    return isinstance(value, Mapping) and {"from", "to"} <= set(value)


class Reader:
    """Reads the tables of a plan, and knows what to name in errors."""

    def __init__(self, where: str, free: bool) -> None:
        self.where, self.free = where, free

    def wrong(self, text: str) -> ArgumentError:
        return ArgumentError(self.where + text)

    def table(self, name: str, value: Any) -> Mapping[str, Any]:
        if not isinstance(value, Mapping):
            raise self.wrong(f"{name} = {value!r}; it must be a table")
        return value

    def settings(self, at: str, table: Mapping[str, Any]) -> dict[str, Value]:
        """Settings of a table, checked one by one."""
        found: dict[str, Value] = {}
        for name, value in flat(table):
            if is_range(value):
                raise self.wrong(f"{at}{name}: a range belongs into [grid]")
            found[name] = value if self.free else checked(self.where + at, name, value)
        return found

    def entries(self, entries: Any) -> list[dict[str, Value]]:
        """The entries of [[points]]."""
        if not isinstance(entries, list) or not entries:
            raise self.wrong(f"points = {entries!r}; it must be tables: [[points]]")
        return [self.settings("points: ", self.table("points", entry)) for entry in entries]

    def axes(self, table: Any) -> list[Axis]:
        """The axes of [grid]: values of a setting, or tables of settings that change together."""
        found = []
        for name, values in flat(self.table("grid", table)):
            at = f"grid.{name}"
            values = self.ranged(at, values) if is_range(values) else values
            if not isinstance(values, list) or not values:
                raise self.wrong(f"{at} = {values!r}; it must be a list of values, or a range "
                                 "such as {from = 1, to = 5}")
            together = [isinstance(value, Mapping) for value in values]
            if any(together) and not all(together):
                raise self.wrong(f"{at} has tables and values; it must be one or the other")
            places = [self.settings(f"{at}: ", value) if isinstance(value, Mapping)
                      else self.settings("grid.", {name: value}) for value in values]
            seen: set[str] = set()
            for place in places:
                text = json.dumps(place, sort_keys=True)
                if text in seen:
                    raise self.wrong(f"{at} has {place} twice")
                seen.add(text)
            found.append((name, places))
        return found

    def ranged(self, at: str, table: Mapping[str, Any]) -> list[Value]:
        """The numbers of {from = 1, to = 5} or {from = 0.1, to = 10, count = 5, scale = "log"}."""
        low, high, scale = table["from"], table["to"], table.get("scale", "linear")
        real = all(isinstance(end, (int, float)) and not isinstance(end, bool)
                   for end in (low, high))
        if set(table) - set(RANGE) or not real or low > high or scale not in ("linear", "log") \
                or (scale == "log" and low <= 0):
            raise self.wrong(f'{at} = {dict(table)}; a range has from, to and, if it likes, count '
                             'and scale = "linear" or "log"')
        if "count" not in table:
            if not isinstance(low, int) or not isinstance(high, int) or scale == "log" \
                    or high - low >= MOST_POINTS:
                raise self.wrong(f"{at}: a range without count is of whole numbers")
            return list(range(low, high + 1))
        count = table["count"]
        if not isinstance(count, int) or not 2 <= count <= MOST_POINTS:
            raise self.wrong(f"{at}: count = {count!r}; it must be 2 .. {MOST_POINTS}")
        steps = [step / (count - 1) for step in range(count)]
        if scale == "log":
            return [float(f"{low * math.pow(high / low, step):.12g}") for step in steps]
        return [float(f"{low + (high - low) * step:.12g}") for step in steps]

    def places(self, axes: list[Axis], sample: Any) -> list[dict[str, Value]]:
        """Settings of each place of the grid, of a sample of some axes times all of the others."""
        if sample is None:
            self.fits(axes)
            return [merged(place) for place in itertools.product(*(one for _, one in axes))]
        table = self.table("sample", sample)
        of = table.get("axes", [name for name, _ in axes])
        names = [name for name, _ in axes]
        count, seed = table.get("count"), table.get("seed", 1)
        if set(table) - set(SAMPLE) or not isinstance(count, int) \
                or not 1 <= count <= MOST_POINTS or not isinstance(seed, int):
            raise self.wrong(f"sample = {dict(table)}; it must have count, 1 .. {MOST_POINTS}, "
                             "and may have seed, a whole number, and axes")
        if not isinstance(of, list) or not of or set(of) - set(names):
            raise self.wrong(f"sample.axes = {of!r}; it must be names of [grid]: "
                             + ", ".join(names))
        drawn = [places for name, places in axes if name in of]
        others = [(name, places) for name, places in axes if name not in of]
        self.fits(others)
        return [{**merged(one), **merged(other)} for one in sampled(drawn, count, seed)
                for other in itertools.product(*(places for _, places in others))]

    def fits(self, axes: list[Axis]) -> None:
        """A grid grows quickly. Its size is told before its points are made."""
        count = math.prod(len(places) for _, places in axes)
        if count > MOST_POINTS:
            raise self.wrong(f"the grid has {count} points; {MOST_POINTS} are the most. "
                             "[sample] takes some of them")


def merged(parts: Sequence[Mapping[str, Value]]) -> dict[str, Value]:
    """Settings of several axes; a later one wins."""
    return {name: value for part in parts for name, value in part.items()}


def sampled(axes: Sequence[Sequence[dict[str, Value]]], count: int,
            seed: int) -> list[tuple[dict[str, Value], ...]]:
    """Different places of a grid, drawn evenly, or all where there are no more. Every version of
    Python draws the same: the numbers are those of SHA-256."""
    total = math.prod(map(len, axes))
    if count >= total:
        return list(itertools.product(*axes))
    found: dict[int, None] = {}
    draw = 0
    while len(found) < count:
        text = f"memqc.sweep {seed} {draw}".encode()
        found[int.from_bytes(hashlib.sha256(text).digest(), "big") % total] = None
        draw += 1
    return [place_at(axes, number) for number in found]


def place_at(axes: Sequence[Sequence[dict[str, Value]]],
             number: int) -> tuple[dict[str, Value], ...]:
    """The place of a number in the grid, the last axis running fastest."""
    place = []
    for axis in reversed(axes):
        number, at = divmod(number, len(axis))
        place.append(axis[at])
    return tuple(reversed(place))
