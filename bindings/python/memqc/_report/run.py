# SPDX-License-Identifier: BSD-3-Clause
"""Computes a report, draws it, and writes it."""

from __future__ import annotations

import functools
import os
import tempfile
import time
from typing import Any, Callable, Mapping, Optional

from .. import __version__, _fit, data
from .._errors import FileError
from ..device import Device
from . import drawing, measured, page, prediction, studies, training, words
from .results import Report
from .settings import Settings

Told = Callable[[float, str], Any]
SHARES = {"fit": 0.02, "rules": 0.3, "prediction": 0.25, "studies": 0.33, "figures": 0.1}


def write(path: str, text: str) -> None:
    """Writes a file, which is complete or not there."""
    folder = os.path.dirname(path) or "."
    try:
        descriptor, temporary = tempfile.mkstemp(dir=folder, suffix=".tmp")
        try:
            with open(descriptor, "w", encoding="utf-8") as file:
                file.write(text)
            os.chmod(temporary, 0o666 & ~umask())
            os.replace(temporary, path)
        except BaseException:
            os.unlink(temporary)
            raise
    except OSError as error:
        raise FileError(f"{path} cannot be written: {error.strerror}") from error


def umask() -> int:
    """The process's mask of new files, which can only be read by setting it."""
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def compute(path: str, settings: Settings, model: str, given: Mapping[str, Any],
            told: Told) -> tuple[Report, Device]:
    """All that is computed."""
    told(0.0, "fitting")
    found, fit, device = measured.fit(path, model, given)
    settings = settings.suited(device.get("model") == "quantized")
    told(SHARES["fit"], "reading the pictures")
    images = data.load(settings.data, train=settings.images, test=settings.tests)
    report = Report(
        version=__version__, quick=settings.quick,
        network=[images.train.x.shape[1], *settings.hidden, data.CLASSES], data=images.source,
        train_images=len(images.train.x), test_images=len(images.test.x), epochs=settings.epochs,
        seeds=settings.seeds, measured=found, fit=fit, verdict=words.fit_verdict(found, fit))
    begun = SHARES["fit"]
    report.rules, report.left_out = training.rules(
        device, images, settings,
        lambda share: told(begun + SHARES["rules"] * share, "training under each rule"))
    begun += SHARES["rules"]
    report.prediction = prediction.prediction(
        device, _fit.read_csv(path), given, images, settings,
        lambda share: told(begun + SHARES["prediction"] * share, "training on likely devices"))
    begun += SHARES["prediction"]
    report.studies = studies.studies(
        device, images, settings,
        lambda share, text: told(begun + SHARES["studies"] * share, text))
    return report, device


def draw(report: Report, device: Device, told: Told) -> dict[str, Optional[drawing.Picture]]:
    """The figures of a report."""
    table, fit = measured.kept(_fit.read_csv(report.measured.file), device), report.fit
    todo: dict[str, Callable[[], Optional[drawing.Picture]]] = {
        "staircase": lambda: drawing.staircase(device, table),
        "residuals": lambda: drawing.residuals(device, device.fit_value("ks_p")),
        "choice": lambda: drawing.model_choice(device, fit.taken),
        "epochs": lambda: drawing.epochs(report),
        "costs": lambda: drawing.costs(report),
    }
    if report.studies is not None:
        for name, function in (("arrays", drawing.arrays), ("tornado", drawing.tornado),
                               ("ageing", drawing.ageing)):
            todo[name] = functools.partial(function, report.studies)
    pictures = {}
    for number, (name, make) in enumerate(todo.items()):
        told(1 - SHARES["figures"] * (1 - number / len(todo)), "drawing")
        pictures[name] = make()
    return pictures


def energy_note(device: Device) -> str:
    """What the energies rest on."""
    volts = [f"{words.plain(float(device.get('set_voltage')))} V (SET)"]
    if device.get("model") == "quantized":
        first, last = (words.plain(float(device.get(name))) for name in ("ramp_start", "ramp_end"))
        volts.append(f"{first} to {last} V (RESET)")
    else:
        volts.append(f"{words.plain(float(device.get('reset_voltage')))} V (RESET)")
    return page.ENERGY.format(time=words.amount(float(device.get("pulse_time")), "s"),
                              volts=words.listed(volts))


def report(path: str, settings: Settings, *, model: str = "best",
           given: Optional[Mapping[str, Any]] = None,
           told: Optional[Told] = None) -> tuple[Report, str]:
    """The report of a CSV file: what was found, and its page."""
    begun = time.monotonic()
    tell = told or (lambda share, text: None)
    found, device = compute(path, settings, model, given or {}, tell)
    pictures = draw(found, device, tell)
    found.seconds = time.monotonic() - begun
    return found, page.render(found, pictures, energy_note(device))
