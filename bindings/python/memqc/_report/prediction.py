# SPDX-License-Identifier: BSD-3-Clause
"""What networks reach on the device that was measured, with all that is uncertain about it: the
fit, the training and the test pictures."""

from __future__ import annotations

import math
import warnings
from typing import Any, Mapping, Optional

import numpy as np

from .. import nested
from ..data import CLASSES, Images
from ..device import Device
from .likely import BOOTSTRAP, Likely
from .parallel import Told, run_all
from .results import Mean, Predicted, Prediction
from .settings import NETWORKS, PREDICTED, RuleSettings, Settings
from .training import network


def hits(rule: RuleSettings, device: Device, images: Images, settings: Settings, seed: int,
         told: Told) -> Any:
    """Which test pictures a network is right about that was trained on the device."""
    mlp = network(rule, (images.train.x.shape[1], *settings.hidden, CLASSES), device, settings,
                  seed)
    many = settings.images
    mlp.fit(images.train.x[:many], images.train.labels[:many], settings.epochs,
            progress=lambda report: told(
                (report.epoch - 1 + report.done / max(report.total, 1)) / settings.epochs))
    return mlp.predict(images.test.x) == images.test.labels


def predicted(rule: RuleSettings, bits: Any) -> Predicted:
    """The interval of a rule, of (devices, networks on each, pictures)."""
    told = nested(bits)
    return Predicted(
        name=rule.name, text=rule.text, accuracies=bits.mean(axis=2).tolist(),
        accuracy=Mean(told["mean"], max(0.0, told["low"]), min(1.0, told["high"]),
                      bits.shape[0] * bits.shape[1]),
        by_fit=math.sqrt(told["by_groups"]), by_training=math.sqrt(told["by_rows"]),
        by_pictures=math.sqrt(told["by_columns"]))


def prediction(device: Device, table: Any, given: Mapping[str, Any], images: Images,
               settings: Settings, told: Optional[Told] = None) -> Optional[Prediction]:
    """Trains on devices that the curves allow; None where no rule of it was asked for."""
    rules = [rule for rule in PREDICTED if rule.name in settings.rules]
    if not rules or settings.draws == 0:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the fitted device they are on the page
        likely = Likely(device, table, given)
        devices = [likely.draw(number) for number in range(settings.draws)]
    tasks = [(rule, number, network) for rule in rules for number in range(settings.draws)
             for network in range(NETWORKS)]

    def work(task: tuple[RuleSettings, int, int], note: Told) -> Any:
        rule, number, one = task
        return hits(rule, devices[number], images, settings, 1 + NETWORKS * number + one, note)

    runs = run_all(work, {task: 1.0 for task in tasks}, settings.parallel, told)
    rows = [predicted(rule, np.array([[runs[rule, number, one] for one in range(NETWORKS)]
                                      for number in range(settings.draws)])) for rule in rules]
    # Draws of tables of jumps are fits to cycles drawn with replacement, by the library itself.
    way = BOOTSTRAP if likely.model == "jumps" else likely.way
    return Prediction(way=way, other=likely.other.fit_candidate if likely.other else None,
                      devices=settings.draws, networks=NETWORKS, rules=rows)
