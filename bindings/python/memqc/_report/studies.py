# SPDX-License-Identifier: BSD-3-Clause
"""What a network trained in floats loses on the device, what limits it, and how it ages."""

from __future__ import annotations

import math
from typing import Any, Callable, NamedTuple, Optional

from .. import crossed
from ..data import CLASSES, Images
from ..device import Device
from ..mlp import MLP, Limits
from .results import Ageing, Limit, Mean, Studies
from .settings import RULES, Settings
from .training import network

Told = Callable[[float], Any]


class Property(NamedTuple):
    """A property of a device, and how its amounts are told."""

    text: str
    unit: str
    share: float  #: of the work, roughly


PROPERTIES = {
    "levels": Property("levels", "", 1), "c2c": Property("programming noise", "S", 8),
    "d2d": Property("device to device", "%", 8), "asymmetry": Property("asymmetry", "%", 2),
    "read_noise": Property("read noise", "S", 10), "faults": Property("stuck cells", "%", 8),
    "drift": Property("drift", "% of the range", 2), "wires": Property("wires", "ohm", 60),
    "all": Property("all together", "x", 6),
}
ASSUMED_DRIFT = (0.01, 0.03, 0.1)
SHARES = {"training": 0.2, "instances": 0.05, "limits": 0.6, "ageing": 0.15}


def float_network(images: Images, settings: Settings, told: Optional[Told]) -> MLP:
    """The network of the rule "transfer", seed 1, before its transfer."""
    rule = next(one for one in RULES if one.name == "transfer")
    sizes = (images.train.x.shape[1], *settings.hidden, CLASSES)
    mlp = network(rule, sizes, Device(), settings, 1)
    many = settings.images
    mlp.fit(images.train.x[:many], images.train.labels[:many], settings.epochs,
            progress=lambda report: told and told(
                (report.epoch - 1 + report.done / max(report.total, 1)) / settings.epochs))
    return mlp


def amount(value: float) -> Optional[float]:
    return None if math.isnan(value) else value


class Bench:
    """A trained network, the pictures to test it with, and how many arrays."""

    def __init__(self, mlp: MLP, device: Device, images: Images, settings: Settings) -> None:
        self.mlp, self.device, self.settings = mlp, device, settings
        many = settings.study_images
        self.x, self.labels = images.test.x[:many], images.test.labels[:many]
        self.ideal = mlp.score(self.x, self.labels)
        self.target = max(self.ideal - 0.01, 0.0) if settings.target is None else settings.target

    def hits(self, device: Device, seconds: float, told: Optional[Told]) -> Any:
        """Which pictures each array is right about."""
        return self.mlp.monte_carlo_hits(
            self.x, self.labels, device, instances=self.settings.instances,
            threads=self.settings.parallel, seconds=seconds,
            progress=lambda report: told and told(report.done / max(report.total, 1)))

    def limit(self, name: str, told: Optional[Told]) -> Limit:
        """The limits of one property. Without limits asked for, only gain and loss."""
        wanted = self.target if self.settings.limits and self.target < self.ideal else 0.0
        told_share = [0.0]

        def progress(report: Any) -> Any:
            share = report.done / max(report.total, 1)
            told_share[0] = max(told_share[0], share if report.total else 0.0)
            return told and told(told_share[0])

        found = self.mlp.sensitivity(
            self.x, self.labels, name, self.device, target=wanted,
            instances=self.settings.instances, threads=self.settings.parallel,
            seconds=self.settings.seconds, progress=progress)
        assert isinstance(found, Limits)
        known = PROPERTIES[name]
        allowed = [amount(value) for value in (found.required, found.required_low,
                                               found.required_high)]
        if not wanted or (name == "all" and found.required == math.inf):
            allowed = [None, None, None]  # of all together, one may have met its upper end
        return Limit(name=name, text=known.text, unit=known.unit,
                     gain=Mean(found.gain, found.gain_low, found.gain_high,
                               self.settings.instances),
                     loss=Mean(found.loss, found.loss_low, found.loss_high,
                               self.settings.instances),
                     value=amount(found.value), allowed=allowed[0], allowed_low=allowed[1],
                     allowed_high=allowed[2])


def of_hits(hits: Any) -> Mean:
    """The mean accuracy of arrays with its interval for other arrays and other pictures."""
    told = crossed(hits)
    return Mean(told["mean"], max(0.0, told["low"]), min(1.0, told["high"]), len(hits))


def ages(device: Device) -> bool:
    """Whether a device changes by itself, or wears out."""
    return any(float(device.get(name)) != 0 for name in ("drift_nu", "drift_nu_spread",
                                                         "relaxation", "relaxation_sd"))


def ageing(bench: Bench, told: Optional[Told]) -> list[Ageing]:
    """Accuracy over time: of the device where it ages, else of the same device with a drift."""
    cases: list[tuple[str, bool, Device]] = []
    if ages(bench.device):
        cases.append(("the device with its ageing", False, bench.device))
    else:
        for nu in ASSUMED_DRIFT:
            device = bench.device.copy()
            device.set(drift_nu=nu, drift_nu_spread=nu / 3)
            cases.append((f"drift, ν = {nu:g} ± {nu / 3:.2g}", True, device))
    found, done = [], 0
    times = bench.settings.times
    for text, assumed, device in cases:
        courses = []
        for seconds in times:
            courses.append(bench.hits(device, seconds, None))
            done += 1
            if told:
                told(done / len(cases) / len(times))
        found.append(Ageing(text, assumed, list(times),
                            [course.mean(axis=1).tolist() for course in courses],
                            [of_hits(course) for course in courses]))
    return found


def studies(device: Device, images: Images, settings: Settings,
            told: Optional[Callable[[float, str], Any]] = None) -> Studies:
    """All studies of one network in floats."""
    begun = 0.0

    def part(name: str, text: str, share: Optional[float] = None) -> Told:
        nonlocal begun
        start, width = begun, SHARES[name] if share is None else share
        begun += width
        return lambda done: told and told(start + width * done, text)

    training = part("training", "training in floats")
    bench = Bench(float_network(images, settings, training), device, images, settings)
    arrays = bench.hits(device, settings.seconds, part("instances", "arrays with the weights"))
    names = [name for name in PROPERTIES if name != "wires" or settings.wires]
    total, limits = sum(PROPERTIES[name].share for name in names), []
    for name in names:
        known = PROPERTIES[name]
        share = SHARES["limits"] * known.share / total
        limits.append(bench.limit(name, part("limits", f"what limits it: {known.text}", share)))
    limits.sort(key=lambda one: (one.name == "all", -one.gain.mean))
    courses = ageing(bench, part("ageing", "ageing"))
    return Studies(pictures=len(bench.labels), ideal=bench.ideal, target=bench.target,
                   instances=arrays.mean(axis=1).tolist(), seconds=settings.seconds,
                   accuracy=of_hits(arrays), limits=limits, ageing=courses)
