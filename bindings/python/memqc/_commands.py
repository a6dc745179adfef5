# SPDX-License-Identifier: BSD-3-Clause
"""What the commands of the command line do."""

from __future__ import annotations

import argparse
import json
import os
import sys
from typing import Any

from . import _native
from ._handle import Handle
from ._options import settings_of
from .crossbar import Crossbar
from .device import Device
from .mlp import MLP

NOUNS: dict[str, type[Handle]] = {"device": Device, "crossbar": Crossbar, "mlp": MLP}


def one_thread_of_blas() -> None:
    """Trainings run side by side. More threads in each would only wait for each other."""
    try:
        _native.LIBRARY.openblas_set_num_threads(1)
    except AttributeError:
        pass  # another BLAS


def folder_exists(path: str) -> None:
    """A folder that is not there is told before minutes of work, not after."""
    folder = os.path.dirname(path) or "."
    if not os.path.isdir(folder):
        raise argparse.ArgumentTypeError(f"there is no folder {folder} to write {path} to")


def report(parsed: argparse.Namespace) -> None:
    from ._report import results, run
    from ._report.steps import Steps
    stem = os.path.splitext(os.path.basename(parsed.file))[0]
    output = parsed.output or f"{stem}-report.html"
    for path in (output, parsed.json):
        if path and path != "-":
            folder_exists(path)
    one_thread_of_blas()
    steps = Steps(quiet=parsed.quiet)
    try:
        found, page = run.report(parsed.file, settings_of(parsed), model=parsed.model,
                                 given=dict(parsed.given), told=steps)
    finally:
        steps.close()
    run.write(output, page)
    if parsed.json == "-":
        sys.stdout.write(results.to_json(found))
        return
    if parsed.json:
        run.write(parsed.json, results.to_json(found))
    print(found.verdict[0])
    print(f"The report is in {output}")


def paper(parsed: argparse.Namespace) -> None:
    from ._report import paper as pages
    from ._report import run
    from ._report.steps import Steps
    folder_exists(parsed.output)
    one_thread_of_blas()
    steps = Steps(quiet=parsed.quiet)
    try:
        page = pages.make(parsed.tables, parsed.data, parsed.quick, steps, parsed.note)
    finally:
        steps.close()
    run.write(parsed.output, page)
    print(f"The page is in {parsed.output}")


def fit(parsed: argparse.Namespace) -> None:
    from ._report import measured, results, run, words
    found, result, _ = measured.fit(parsed.file, parsed.model)
    verdict = words.fit_verdict(found, result)
    if parsed.json:
        text = json.dumps({"measured": results.plain_of(found), "fit": results.plain_of(result),
                           "verdict": verdict}, indent=2, ensure_ascii=False) + "\n"
        if parsed.json == "-":
            sys.stdout.write(text)
            return
        run.write(parsed.json, text)
    print("\n".join(words.fit_table(found, result)))
    print()
    print("\n".join(verdict))


def presets(parsed: argparse.Namespace) -> None:
    from ._report import words
    devices = {name: Device(name) for name in Device.presets()}
    if parsed.json:
        table = {name: {key: device.get(key) for key in Device.parameters()}
                 for name, device in devices.items()}
        print(json.dumps(table, indent=2))
        return
    width = max(map(len, devices))
    print(f"{'preset':{width}}  {'model':11}  states  {'g_min':>9}  {'g_max':>9}")
    for name, device in devices.items():
        low, high = (words.amount(float(device.get(key)), "S") for key in ("g_min", "g_max"))
        print(f"{name:{width}}  {device.get('model')!s:11}  {device.get('states'):6}  {low:>9}  "
              f"{high:>9}")


def parameters(parsed: argparse.Namespace) -> None:
    known = NOUNS[parsed.noun].parameters()
    for name in parsed.names:
        if name not in known:
            NOUNS[parsed.noun]._table.parameter(name)  # refuses, and names those that look like it
    chosen = [known[name] for name in parsed.names] or list(known.values())
    if parsed.json:
        rows = [{**one._asdict(), "range": one.range} for one in chosen]
        print(json.dumps(rows, indent=2))
        return
    group = ""
    for one in chosen:
        if one.group != group:
            group = one.group
            print(f"{group}:")
        initial: Any = one.initial
        text = initial if isinstance(initial, str) else f"{initial:g}"
        print(f"  {one.name}: {one.range}; {text} in a new object\n      {one.text}")
