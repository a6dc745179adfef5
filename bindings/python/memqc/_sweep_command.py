# SPDX-License-Identifier: BSD-3-Clause
"""The command memqc sweep: a plan in, a file of results, a table and a picture out."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from typing import Any, Optional

from ._errors import Error, StateError
from ._options import existing_file, whole

ENGINES = ("processes", "dask", "mpi")


def share(text: str) -> tuple[int, int]:
    """I/N."""
    part, slash, of = text.partition("/")
    if not (slash and part.isdecimal() and of.isdecimal() and 1 <= int(part) <= int(of)):
        raise argparse.ArgumentTypeError(f'"{text}" must be I/N, I from 1 to N')
    return int(part), int(of)


def function(text: str) -> tuple[str, str]:
    """MODULE:NAME."""
    module, colon, name = text.partition(":")
    if not (module and colon and name.isidentifier()):
        raise argparse.ArgumentTypeError(f'"{text}" must be MODULE:NAME')
    return module, name


def add_parser(commands: Any) -> None:
    """Adds the command and its options."""
    parser = commands.add_parser(
        "sweep", help="a plan of many trainings in, a table of their numbers out",
        description="Runs the points of a plan that are not saved yet, side by side, and saves "
                    "the numbers of each. docs/sweep.md tells how a plan is written.")
    parser.set_defaults(run=sweep)
    parser.add_argument("file", type=existing_file, metavar="PLAN.toml", help="the plan")
    add = parser.add_argument
    add("-o", "--output", metavar="FILE.sqlite", help="the results (PLAN.sqlite)")
    add("--engine", choices=ENGINES, default="processes", help="where points run (%(default)s)")
    add("--workers", type=whole(1), metavar="N", help="points at the same time (one for each "
                                                      "processor)")
    add("--address", metavar="ADDRESS", help="a scheduler of Dask, or its file")
    add("--share", type=share, metavar="I/N", help="only the I-th of N shares of the points, "
                                                   "counted from 1")
    add("--take", action="append", default=[], type=existing_file, metavar="FILE",
        help="first add the points of another file of results")
    add("--function", type=function, metavar="MODULE:NAME",
        help="what a point computes, instead of a training")
    add("--list", action="store_true", help="say what the points are and which are saved; run none")
    add("--csv", metavar="FILE", help="write the table there, -: to the standard output")
    add("--picture", metavar="FILE", help="draw accuracies there (.png, .svg or .pdf)")
    add("--x", metavar="NAME", help='the axis of the picture: a setting, or "epoch"')
    add("--by", metavar="LIST", help="settings that have a curve for each value")
    add("--quiet", action="store_true", help="no progress bar")


def sweep(parsed: argparse.Namespace) -> None:
    """What the command does."""
    from . import sweep as studies
    output = parsed.output or os.path.splitext(os.path.basename(parsed.file))[0] + ".sqlite"
    for path in (output, parsed.csv, parsed.picture):
        if path and path != "-" and not os.path.isdir(os.path.dirname(path) or "."):
            raise argparse.ArgumentTypeError(f"there is no folder to write {path} to")
    plan = studies.Plan.load(parsed.file, free=parsed.function is not None)
    options: dict[str, Any] = {"share": parsed.share}
    if parsed.function is not None:
        options["function"] = imported(*parsed.function)
    if parsed.list:
        show(studies.survey(plan, out=output, **options))
        return
    if parsed.take:
        print(f"{studies.merge(output, parsed.take)} points taken", file=sys.stderr)
    results = studies.run(plan, out=output, engine=parsed.engine, workers=parsed.workers,
                          address=parsed.address, progress=not parsed.quiet, **options)
    tell(results, output, parsed)
    if results.failures:
        settings, why = next(iter(results.failures.items()))
        raise StateError(f"{len(results.failures)} of {results.ran} points failed; the first of "
                         f"them, {settings}: {why}")


def imported(module: str, name: str) -> Any:
    """A function of a module, of the current folder too."""
    if os.getcwd() not in sys.path:
        sys.path.insert(0, os.getcwd())
    found: Optional[Any] = getattr(importlib.import_module(module), name, None)
    if not callable(found):
        raise Error(f"--function: the module {module} has no function {name}")
    return found


def show(points: Any) -> None:
    """The points of a plan, one a line."""
    for identity, settings, saved in points:
        text = " ".join(f"{name}={value}" for name, value in settings.items())
        print(f"{identity} {'saved' if saved else '-    '} {text}")


def tell(results: Any, output: str, parsed: argparse.Namespace) -> None:
    """The table, the picture, and what was done."""
    if parsed.csv:
        results.to_csv(parsed.csv)
    if parsed.picture and len(results):
        from . import plot
        plot.save(results.plot(parsed.x, by=parsed.by.split(",") if parsed.by else None),
                  parsed.picture)
    ran = results.ran - len(results.failures)
    stream = sys.stderr if parsed.csv == "-" else sys.stdout
    print(f"{len(results)} points, {ran} of them run now", file=stream)
    print(f"The results are in {output}", file=stream)
