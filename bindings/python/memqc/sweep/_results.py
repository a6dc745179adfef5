# SPDX-License-Identifier: BSD-3-Clause
"""Results of a study: a row for each point, as a table, a data frame or a picture."""

from __future__ import annotations

import csv
import importlib
import io
import json
import os
import sys
from typing import TYPE_CHECKING, Any, Iterator, Optional, Sequence, Union

from .._errors import ArgumentError, FileError
from ._store import Path, Saved, Store

if TYPE_CHECKING:
    from ..plot._style import Axes

Cell = Union[str, float, int, None]


class Results(Sequence[Saved]):
    """The points of a study that are saved, in the order of the plan."""

    def __init__(self, rows: list[Saved], failures: Optional[dict[str, str]] = None,
                 ran: int = 0, axes: Sequence[str] = ()) -> None:
        self.rows = rows
        self.failures = failures or {}  #: why points failed, by their settings as JSON
        self.ran = ran  #: points that were not saved before, failed ones included
        self.axes = tuple(axes)  #: settings that differ between points

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, index: Any) -> Any:
        return self.rows[index]

    def __iter__(self) -> Iterator[Saved]:
        return iter(self.rows)

    def __repr__(self) -> str:
        return f"<memqc.sweep.Results of {len(self)} points, {len(self.failures)} failed>"

    # Tables

    def table(self) -> dict[str, list[Cell]]:
        """Columns by name: settings, then numbers. A list of numbers has a column for each, such
        as accuracy_1; `accuracy` is the last of them."""
        settings = dict.fromkeys(name for row in self.rows for name in row.settings)
        columns: dict[str, list[Cell]] = {
            name: [cell(row.settings.get(name)) for row in self.rows] for name in settings}
        for name in dict.fromkeys(name for row in self.rows for name in row.record):
            values = [row.record.get(name) for row in self.rows]
            longest = max(len(value) if isinstance(value, list) else 0 for value in values)
            columns[name] = [last(value) for value in values]
            for index in range(longest):
                columns[f"{name}_{index + 1}"] = [
                    value[index] if isinstance(value, list) and index < len(value) else None
                    for value in values]
        return columns

    def to_csv(self, path: Union[Path, None] = None) -> str:
        """The table as CSV text, which is also written to a file. The same study gives the same
        bytes, whichever engine it ran on."""
        table, text = self.table(), io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(table)
        for row in zip(*table.values()):
            writer.writerow(["" if value is None else repr(value) if isinstance(value, float)
                             else value for value in row])
        if path is not None:
            replace(path, text.getvalue())
        return text.getvalue()

    def to_pandas(self) -> Any:
        """The table as a pandas.DataFrame, with the processor seconds and the host of each."""
        pandas = importlib.import_module("pandas")
        return pandas.DataFrame({**self.table(), "seconds": [row.seconds for row in self.rows],
                                 "host": [row.host for row in self.rows]})

    # Pictures

    def plot(self, x: Optional[str] = None, *, y: str = "accuracy",
             by: Optional[Sequence[str]] = None, band: str = "interval",
             ax: Optional[Axes] = None) -> Axes:
        """Draws y (a fraction of one, such as "accuracy") against a setting or "epoch", a curve
        for each combination of the settings in `by`, and returns the Axes. Points that differ in
        other settings, such as seed, are taken together: their mean, with a band as in
        memqc.plot.accuracy_epochs()."""
        from ._picture import draw
        return draw(self, x, y, by, band, ax)


def cell(value: Any) -> Cell:
    """A setting in a table: lists as text."""
    if isinstance(value, list):
        return json.dumps(value)
    return value  # type: ignore[no-any-return]


def last(value: Any) -> Cell:
    """A number, or the last one of a list."""
    if isinstance(value, list):
        return value[-1] if value else None
    return value  # type: ignore[no-any-return]


def replace(path: Path, text: str) -> None:
    """Writes a file whole, or leaves the old one."""
    if os.fspath(path) == "-":
        sys.stdout.write(text)
        return
    temporary = f"{os.fspath(path)}.{os.getpid()}.tmp"
    try:
        with open(temporary, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        os.replace(temporary, path)
    except OSError as error:
        raise FileError(error.errno, error.strerror, os.fspath(path)) from error


def read(path: Path, study: Optional[str] = None) -> Results:
    """All points of a file, or those of a study by its name, sorted by their settings."""
    from ._plan import varying
    store = Store(path, new=False)
    try:
        rows = [row for row in store.every() if study in (None, row.study)]
        studies = sorted({row.study for row in store.every()})
    finally:
        store.close()
    if study is not None and not rows:
        raise ArgumentError(f'study = "{study}"; {os.fspath(path)} has ' +
                            (", ".join(f'"{one}"' for one in studies) or "none"))
    rows.sort(key=lambda row: json.dumps(row.settings, sort_keys=True))
    return Results(rows, axes=varying([row.settings for row in rows]))


def merge(path: Path, others: Sequence[Path]) -> int:
    """Adds the points of other files to a file. Returns how many it did not have."""
    store = Store(path)
    try:
        return store.take(others)
    finally:
        store.close()
