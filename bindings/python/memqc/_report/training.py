# SPDX-License-Identifier: BSD-3-Clause
"""What a network reaches on the device under each update rule, over seeds."""

from __future__ import annotations

from typing import Any, NamedTuple, Optional

import numpy as np

from .. import summary
from ..data import CLASSES, Images
from ..device import Device
from ..mlp import MLP
from .parallel import Told, run_all
from .results import Mean, Rule
from .settings import COMMON, RULES, RuleSettings, Settings, initial_range


class Run(NamedTuple):
    """One training."""

    accuracy: float
    epochs: list[float]
    pulses: float
    energy: float
    refreshes: float


def mean_of(values: Any) -> Mean:
    """The mean of accuracies and its interval, which cannot leave 0 .. 1."""
    numbers = np.asarray(values, float)
    told = summary(numbers)
    if numbers.size < 2:
        return Mean(told["mean"], None, None, numbers.size)
    return Mean(told["mean"], max(0.0, told["low"]), min(1.0, told["high"]), numbers.size)


def network(rule: RuleSettings, sizes: tuple[int, ...], device: Device, settings: Settings,
            seed: int) -> MLP:
    """The network of a rule before its training."""
    mapping = "differential" if rule.pairs else "single"
    mlp = MLP(sizes, device if rule.device else None, seed=seed, mapping=mapping)
    mlp.set(rule=rule.rule)
    mlp.set(**{**COMMON, "schedule_period": settings.epochs, **rule.parameters})
    if rule.by_layer:
        for layer, (inputs, outputs) in enumerate(zip(sizes, sizes[1:])):
            mlp.set_layer(layer, init_range=initial_range(inputs, outputs))
    return mlp


def costs(mlp: MLP, run: Run) -> Run:
    """A run with the pulses and the energy of all its arrays."""
    pulses = energy = refreshes = 0.0
    for layer in range(len(mlp.sizes) - 1):
        crossbar = mlp.crossbar(layer)
        cost = crossbar.costs
        pulses += cost["set"] + cost["reset"]
        energy += cost["energy"]
        refreshes += crossbar.counts["refreshed"]
    return run._replace(pulses=pulses, energy=energy, refreshes=refreshes)


def train(rule: RuleSettings, device: Device, images: Images, settings: Settings, seed: int,
          told: Told) -> Run:
    """Trains one network, and tests it after each epoch or after its transfer."""
    sizes = (images.train.x.shape[1], *settings.hidden, CLASSES)
    mlp = network(rule, sizes, device, settings, seed)
    many = settings.by_sample_images if rule.by_sample else settings.images
    x, labels = images.train.x[:many], images.train.labels[:many]
    accuracies = []
    for epoch in range(1, settings.epochs + 1):
        mlp.fit(x, labels, epoch, progress=lambda report: told(
            (report.epoch - 1 + report.done / max(report.total, 1)) / settings.epochs))
        if not rule.transferred:
            accuracies.append(mlp.score(images.test.x, images.test.labels))
    if rule.transferred:
        mlp = mlp.transfer()
    accuracy = accuracies[-1] if accuracies else mlp.score(images.test.x, images.test.labels)
    run = Run(accuracy, accuracies, 0.0, 0.0, 0.0)
    return costs(mlp, run) if rule.device else run


def gathered(rule: RuleSettings, runs: list[Run]) -> Rule:
    """The runs of a rule together."""
    accuracies = [run.accuracy for run in runs]
    epochs = np.array([run.epochs for run in runs]).T.tolist()
    return Rule(name=rule.name, text=rule.text, transferred=rule.transferred,
                on_device=rule.device, accuracies=accuracies, accuracy=mean_of(accuracies),
                epochs=epochs, pulses=float(np.mean([run.pulses for run in runs])),
                energy=float(np.mean([run.energy for run in runs])),
                refreshes=float(np.mean([run.refreshes for run in runs])))


def chosen(settings: Settings, device: Device) -> tuple[list[RuleSettings], dict[str, str]]:
    """The rules to try, and why the others are left out."""
    rules, left_out = [], {}
    quantized = device.get("model") == "quantized"
    for rule in RULES:
        if rule.name not in settings.rules:
            left_out[rule.name] = "only without --quick" if settings.quick else "not asked for"
        elif rule.by_sample and quantized:
            left_out[rule.name] = ("for devices that move by small steps; the quantized model "
                                   "is programmed to levels")
        else:
            rules.append(rule)
    return rules, left_out


def weight(rule: RuleSettings, settings: Settings) -> float:
    """About how long a training takes, against others."""
    if rule.by_sample:
        return 8 * settings.by_sample_images
    return settings.images * {"noise-aware": 3.0, "stochastic": 2.5}.get(rule.name, 1.5)


def rules(device: Device, images: Images, settings: Settings,
          told: Optional[Told] = None) -> tuple[list[Rule], dict[str, str]]:
    """All rules and seeds, as many at a time as there are jobs."""
    tried, left_out = chosen(settings, device)
    tasks = [(rule, seed) for rule in sorted(tried, key=lambda one: -weight(one, settings))
             for seed in range(1, settings.seeds + 1)]

    def work(task: tuple[RuleSettings, int], note: Told) -> Run:
        return train(task[0], device, images, settings, task[1], note)

    runs = run_all(work, {task: weight(task[0], settings) for task in tasks}, settings.parallel,
                   told)
    return [gathered(rule, [runs[rule, seed] for seed in range(1, settings.seeds + 1)])
            for rule in tried], left_out
