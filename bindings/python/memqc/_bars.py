# SPDX-License-Identifier: BSD-3-Clause
"""What progress=True shows: a bar of tqdm on a terminal and in a notebook, else lines of text.

Both go to the standard error stream. Without tqdm there are lines everywhere.
"""

from __future__ import annotations

import importlib
import math
import sys
import time
import warnings
from typing import TYPE_CHECKING, Any, Optional

if TYPE_CHECKING:
    from ._progress import Report

UNITS = {"training": "samples", "monte_carlo": "instances", "sensitivity": "instances",
         "programming": "weights", "fit": "models", "sweep": "points"}
PAUSE = 1.0  # s, the shortest time between two lines
ESTIMATED = ("sensitivity",)  # phases that may end before their total
SHARE = 0.02  # of the time so far, which is the shortest pause later: hours make few lines


def in_notebook() -> bool:
    """Whether the code runs in a kernel of Jupyter, which shows bars though it is no terminal."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return shell is not None and "IPKernelApp" in getattr(shell, "config", {})


def tqdm_class() -> Any:
    """The bar of tqdm that fits where the output goes; None where lines do."""
    if not in_notebook() and not (sys.stderr is not None and sys.stderr.isatty()):
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # tqdm's: a notebook without ipywidgets has a text bar
        try:
            return importlib.import_module("tqdm.auto").tqdm
        except ImportError:
            return None


class Place:
    """Where a call is, in words and numbers: of a training, its samples in all epochs."""

    def __init__(self, report: Report, about: str, epochs: int) -> None:
        self.unit = UNITS.get(report.phase, "steps")
        self.phase, self.done, self.total = report.phase, report.done, report.total
        self.title = about or report.phase
        self.earlier = 0  # what the epochs before this one did, which may be an earlier call's
        if report.epoch and epochs:
            self.title = f"epoch {report.epoch} of {epochs}"
            self.earlier = (report.epoch - 1) * report.total
            self.done += self.earlier
            self.total *= epochs
        self.figures = {}
        if not math.isnan(report.loss):
            self.figures["loss"] = f"{report.loss:.4g}"
        if 0 <= report.accuracy <= 1:  # not NaN, and no other score of a user's function
            self.figures["accuracy"] = f"{100 * report.accuracy:.2f} %"


class Lines:
    """Lines of text, not more than one a second, and one for the last report."""

    def __init__(self) -> None:
        self.begun = self.told = time.monotonic()
        self.waiting: Optional[Place] = None

    def show(self, place: Place) -> None:
        self.waiting = place
        now = time.monotonic()
        if now - self.told >= max(PAUSE, SHARE * (now - self.begun)):
            self.write()
            self.told = now

    def write(self) -> None:
        if self.waiting is None or sys.stderr is None:
            return
        place, self.waiting = self.waiting, None
        parts = [f"{place.title}: {place.done} of {place.total} {place.unit}"]
        parts += [f"{name} {value}" for name, value in place.figures.items()]
        parts.append(f"{time.monotonic() - self.begun:.1f} s")
        print(", ".join(parts), file=sys.stderr, flush=True)

    def close(self) -> None:
        self.write()


class Tqdm:
    """A bar of tqdm. Its speed does not count epochs of an earlier call."""

    def __init__(self, kind: Any) -> None:
        self.kind = kind
        self.bar: Any = None

    def show(self, place: Place) -> None:
        if self.bar is None:
            self.bar = self.kind(total=place.total, initial=place.earlier, dynamic_ncols=True,
                                 unit=" " + place.unit, unit_scale=place.total >= 10000)
        self.bar.total = place.total
        self.bar.set_description(place.title, refresh=False)
        self.bar.set_postfix(place.figures, refresh=False)
        self.bar.update(place.done - self.bar.n)

    def close(self) -> None:
        if self.bar is not None:
            self.bar.close()


class Shower:
    """A progress function that shows what it is told."""

    def __init__(self, about: str = "", epochs: int = 0) -> None:
        self.about, self.epochs = about, epochs
        kind = tqdm_class()
        self.output: Any = Lines() if kind is None else Tqdm(kind)
        self.last: Optional[Place] = None

    def __call__(self, report: Report) -> None:
        self.last = Place(report, self.about, self.epochs)
        self.output.show(self.last)

    def finish(self) -> None:
        """The call has returned: what it did is all that there was to do."""
        if self.last and self.last.phase in ESTIMATED and self.last.done < self.last.total:
            self.last.total = self.last.done
            self.output.show(self.last)

    def close(self) -> None:
        self.output.close()
