# SPDX-License-Identifier: BSD-3-Clause
"""How much a report computes, and the settings of the update rules: those of examples/beyond.c."""

from __future__ import annotations

import dataclasses
import math
import os
from dataclasses import dataclass, field
from typing import Any, Mapping, Optional

# For all: ReLU and softmax on inputs of full precision, minibatches of 32, and a learning rate
# that falls along a cosine.
COMMON: Mapping[str, Any] = {"input_bits": 0, "activation": "relu", "loss": "cross-entropy",
                             "batch": 32, "schedule": "cosine"}
BY_SAMPLE: Mapping[str, Any] = {"batch": 1, "activation": "logistic", "init_range": 0.1,
                                "w_max": 1, "learning_rate": 0.02}


@dataclass(frozen=True, eq=False)
class RuleSettings:
    """An update rule and how it is trained."""

    name: str
    text: str
    rule: str
    parameters: Mapping[str, Any]
    pairs: bool = True  #: each weight on two cells
    by_layer: bool = False  #: initial weights within the width that suits each layer
    transferred: bool = False  #: trained digitally, then put onto the device
    device: bool = True
    by_sample: bool = False  #: stochastic pulses, sample by sample


RULES = (
    RuleSettings("float", "no device: weights in single precision", "float",
                 {"learning_rate": 0.2}, pairs=False, device=False),
    RuleSettings("nearest", "to the nearest level, as in the paper", "nearest-level",
                 {"w_max": 0.25, "learning_rate": 1}, by_layer=True),
    RuleSettings("stochastic", "stochastic rounding to levels", "stochastic",
                 {"w_max": 0.25, "learning_rate": 0.3}, by_layer=True),
    RuleSettings("sign", "one level against the sign of a gradient", "sign",
                 {"w_max": 0.25, "learning_rate": 0.5, "sign_threshold": 0.3}, by_layer=True),
    RuleSettings("mixed", "mixed precision: a digital accumulator, pulses for whole levels",
                 "mixed-precision", {"w_max": 0.5, "learning_rate": 0.3}, by_layer=True),
    RuleSettings("one-directional", "pairs of cells that are only depressed, and refreshed",
                 "one-directional", {"w_max": 0.5, "learning_rate": 0.3}, by_layer=True),
    RuleSettings("noise-aware", "digital training under the device's noise, then transferred",
                 "noise-aware", {"w_max": 0.5, "learning_rate": 0.2}, transferred=True),
    RuleSettings("transfer", "trained without a device, then transferred blindly", "float",
                 {"learning_rate": 0.2}, transferred=True),
    RuleSettings("transfer-verify", "the same with write and verify", "float",
                 {"learning_rate": 0.2, "scheme": "verify", "verify_tolerance": 1},
                 transferred=True),
    RuleSettings("pulse-trains", "stochastic pulse trains, sample by sample", "pulse-train",
                 BY_SAMPLE, pairs=False, by_sample=True),
    RuleSettings("tiki-taka", "pulse trains on a fast array, read into a slow one", "tiki-taka",
                 {**BY_SAMPLE, "schedule": "exponential"}, pairs=False, by_sample=True),
)
NAMES = tuple(rule.name for rule in RULES)
# What a user wants to know of his device, and what the paper does.
PREDICTED = tuple(rule for name in ("mixed", "nearest") for rule in RULES if rule.name == name)
NETWORKS = 2  # on each device that is drawn


@dataclass(frozen=True)
class Settings:
    """How much is computed."""

    quick: bool = False
    hidden: tuple[int, ...] = (64,)
    epochs: int = 10
    seeds: int = 3
    draws: int = 8  #: devices that the curves allow
    images: int = 30000
    tests: int = 10000
    by_sample_images: int = 3000  #: rules that go sample by sample are many times as slow
    instances: int = 10  #: arrays of a study
    study_images: int = 1000
    times: tuple[float, ...] = (1.0, 60.0, 3600.0, 86400.0, 2592000.0, 31557600.0)
    seconds: float = 1000.0  #: from programming to evaluation, in the study of limits
    target: Optional[float] = None  #: 0 .. 1; None: a point below the network in floats
    rules: tuple[str, ...] = NAMES
    limits: bool = True  #: how much of each property the target allows, too
    wires: bool = False
    jobs: int = field(default_factory=lambda: os.cpu_count() or 1)
    data: Optional[str] = None

    @property
    def parallel(self) -> int:
        return max(1, min(self.jobs, 64))

    def suited(self, quantized: bool) -> Settings:
        """The same for a model. The fine levels of an ideal pulsed device cost a thousand pulses
        a cell, fifty times what a quantized one does."""
        if quantized:
            return self
        return dataclasses.replace(self, instances=min(self.instances, 5), limits=not self.quick)


FULL = Settings()
QUICK = dataclasses.replace(
    FULL, quick=True, hidden=(32,), epochs=3, seeds=3, draws=4, images=4000, tests=2000,
    by_sample_images=1000, instances=5, study_images=500, times=(1.0, 3600.0, 2592000.0),
    rules=("float", "nearest", "mixed", "one-directional", "transfer"))


def initial_range(inputs: int, outputs: int) -> float:
    """Half the width of the initial weights of a layer (Glorot and Bengio, AISTATS 2010)."""
    return math.sqrt(6 / (inputs + outputs))
