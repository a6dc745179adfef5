# SPDX-License-Identifier: BSD-3-Clause
"""What a report found, as plain data: to be shown as a page or written as JSON."""

from __future__ import annotations

import dataclasses
import json
import math
from dataclasses import dataclass, field
from typing import Any, Optional


@dataclass
class Measured:
    """What the file holds."""

    file: str
    rows: int
    devices: int
    cycles: int  #: of all devices together
    set_pulses: int
    reset_pulses: int
    g_low: float  #: S
    g_high: float
    quantity: str  #: "conductance", "resistance" or "current and voltage"
    passed_over: list[str]  #: titles of columns that mean nothing to the fit


@dataclass
class Candidate:
    """A model that was tried."""

    name: str
    parameters: int
    bic: float  #: above the lowest of all
    aic: float  #: above that of the candidate that was taken
    ks: float  #: distance of the residuals' distribution from the normal one
    ks_p: float
    outliers: int
    taken: bool


@dataclass
class Estimate:
    """A parameter of the device that was fitted."""

    name: str
    text: str
    unit: str
    value: float
    error: Optional[float]  #: standard error; None where it was not estimated


@dataclass
class LeftOut:
    """A row that was left out of the fit."""

    row: int  #: of the data, from 0 on
    value: float  #: S
    reason: str


@dataclass
class Fit:
    """What describes the curves."""

    taken: str
    verdict: str  #: whether it describes them
    noise: str  #: what tells the noise of the pulses from that of the measurement
    noise_known: bool  #: whether anything does
    warnings: list[str]  #: where the device leaves what its model is known to hold for
    points: int  #: rows that follow another one of their cycle
    outliers: int
    at_bounds: int
    candidates: list[Candidate]
    estimates: list[Estimate]
    given: dict[str, Any]  #: parameters that the user gave
    left_out: list[LeftOut]
    drift: float  #: relative change of all conductances a cycle, which was taken out
    drift_error: float  #: 0: not estimated


@dataclass
class Mean:
    """A mean accuracy, or a difference of two, with its 95 % confidence interval."""

    mean: float
    low: Optional[float]
    high: Optional[float]
    count: int


@dataclass
class Rule:
    """What training under an update rule reached."""

    name: str
    text: str
    transferred: bool  #: trained digitally, then put onto the device
    on_device: bool
    accuracies: list[float]  #: of the seeds, after the last epoch, 0 .. 1
    accuracy: Mean
    epochs: list[list[float]]  #: test accuracy by epoch and seed; [] where it was transferred
    pulses: float  #: mean over the seeds, first programming included
    energy: float  #: J, in the cells
    refreshes: float


@dataclass
class Predicted:
    """What networks reach under a rule on devices that the curves allow."""

    name: str
    text: str
    accuracies: list[list[float]]  #: by device and network, 0 .. 1
    accuracy: Mean
    by_fit: float  #: parts of the interval, as standard deviations
    by_training: float
    by_pictures: float


@dataclass
class Prediction:
    """Accuracies with all that is uncertain about them."""

    way: str  #: "posterior", "bootstrap" or "unknown": how devices were drawn
    other: Optional[str]  #: the other model that half of the devices are of
    devices: int
    networks: int  #: on each device
    rules: list[Predicted]


@dataclass
class Limit:
    """What is gained without a property of the device, what it costs alone, and how much of it the
    target allows."""

    name: str
    text: str
    unit: str
    gain: Mean  #: if it alone becomes ideal, and all others stay
    loss: Mean
    value: Optional[float]
    allowed: Optional[float]  #: of levels, needed; infinite: any
    allowed_low: Optional[float]
    allowed_high: Optional[float]


@dataclass
class Ageing:
    """Accuracies of transferred networks over time."""

    text: str
    assumed: bool  #: not from the curves, and not given by the user
    seconds: list[float]
    instances: list[list[float]]  #: accuracies by time and array
    accuracies: list[Mean]


@dataclass
class Studies:
    """What a trained network loses on the device, and why."""

    pictures: int  #: of the test; fewer than those of the rules, hence other accuracies
    ideal: float  #: accuracy in floats
    target: float
    instances: list[float]  #: accuracies of arrays on which it was programmed
    seconds: float  #: from programming to evaluation
    accuracy: Mean
    limits: list[Limit]
    ageing: list[Ageing]


@dataclass
class Report:
    """All of it."""

    version: str
    quick: bool
    network: list[int]
    data: str
    train_images: int
    test_images: int
    epochs: int
    seeds: int
    measured: Measured
    fit: Fit
    rules: list[Rule] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)  #: rules that were not tried, and why
    prediction: Optional[Prediction] = None
    studies: Optional[Studies] = None
    verdict: list[str] = field(default_factory=list)
    seconds: float = 0.0


def plain(value: Any) -> Any:
    """A value as JSON has it: NaN is null, and an infinite number the text "Infinity"."""
    if isinstance(value, dict):
        return {name: plain(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value


def plain_of(result: Any) -> Any:
    """A result as JSON has it."""
    return plain(dataclasses.asdict(result))


def to_json(result: Any) -> str:
    return json.dumps(plain_of(result), indent=2, ensure_ascii=False) + "\n"
