# SPDX-License-Identifier: BSD-3-Clause
"""The tables of examples/paper, computed through the package: the same devices, networks, seeds."""

from __future__ import annotations

import os
from typing import Any, Callable, Optional

import numpy as np

from .. import data
from .._constants import G0
from ..device import Device
from ..mlp import MLP
from . import paper_loop
from .paper_drawing import BIN, FWHM, Rows
from .parallel import run_all

Told = Callable[[float, str], Any]
PRESETS = {"ideal": "ideal", "A": "hfox-a", "B": "hfox-b"}
CELLS = {"ideal": 0, "A": 1, "B": 2}  # each sample is a cell of its own
CYCLES, EPOCHS = 12, 10
RUNS = [("5c", "A", states) for states in (4, 16, 32, 64)]
RUNS += [("5d", sample, 32) for sample in ("ideal", "A", "B")]


def device_of(sample: str, states: int, law: str) -> Device:
    """A sample of the paper. The ideal device is the nominal staircase, whatever the law."""
    device = Device(PRESETS[sample], states=states)
    if sample != "ideal":
        device.set(law=law)
    return device


def ramp() -> Rows:
    """Figure 2d: a cell that is set and then goes through the ramp, voltage by voltage."""
    device = device_of("ideal", 32, "linear")
    cells = device.apply(np.array([32.0]), float(device.get("set_voltage")), draw=0)
    rows = []
    for pulse, volts in enumerate(device.ramp().tolist(), 1):
        cells = device.apply(cells, volts, draw=pulse)
        g = float(cells.conductance[0])
        rows.append({"pulse": str(pulse), "voltage_v": str(volts), "conductance_s": str(g),
                     "conductance_g0": str(g / G0)})
    return rows


def switching() -> dict[str, Rows]:
    """Figures 2a to 2c: loops and resistances of sample A, scans of the ideal device too."""
    tables: dict[str, Rows] = {"2a": [], "2b": [], "2c": [], "2c-steps": []}
    for sample in ("ideal", "A"):
        device = device_of(sample, 32, "linear")
        device.seed, cell = 1, CELLS[sample]
        if sample == "A":
            tables["2a"] += paper_loop.loops(device, sample, cell)
            tables["2b"] += paper_loop.resistances(device, sample, cell)
        for name, rows in zip(("2c", "2c-steps"), paper_loop.scans(device, sample, cell)):
            tables[name] += rows
    return tables


def staircases(states: int) -> Rows:
    """Figures 3 and 4: cycles of a cell of each sample."""
    rows = []
    for sample in ("A", "B"):
        device = device_of(sample, states, "measured")
        nominal = [device.level(level).nominal / G0 for level in range(1, states + 1)]
        g = device.staircase(CYCLES, cell=CELLS[sample], draw=0) / G0
        rows += [{"sample": sample, "cycle": str(cycle + 1), "pulse": str(pulse + 1),
                  "nominal_g0": str(nominal[pulse]), "conductance_g0": str(value)}
                 for (cycle, pulse), value in np.ndenumerate(g)]
    return rows


def histograms(most: int) -> tuple[Rows, Rows]:
    """Figure 3c: draws of two pulses in bins, and the mean and sd of what was drawn."""
    bins, widths = [], []
    for sample in ("A", "B"):
        device = device_of(sample, 32, "measured")
        for cycles in (CYCLES, most):
            g = device.staircase(cycles, cell=CELLS[sample], draw=0)
            for pulse in (5, 29):
                values = g[:, pulse - 1].astype(float) / G0
                head = {"sample": sample, "pulse": str(pulse), "cycles": str(cycles)}
                widths.append({**head, "fit_mean_g0": str(values.mean()),
                               "fwhm_fit_g0": str(FWHM * values.std(ddof=1))})
                centres, counts = np.unique(np.round(values / BIN), return_counts=True)
                bins += [{**head, "g_over_g0": str(centre * BIN), "count": str(count)}
                         for centre, count in zip(centres.tolist(), counts.tolist())]
    return bins, widths


def training(sample: str, states: int, seed: int, images: data.Images,
             told: Callable[[float], Any]) -> list[tuple[float, float]]:
    """Loss and test accuracy (%) after each epoch of the paper's network."""
    sizes = (images.train.x.shape[1], 16, 16, data.CLASSES)
    mlp = MLP(sizes, device_of(sample, states, "linear"), seed=seed, learning_rate=10, batch=10)
    found = []
    for epoch in range(1, EPOCHS + 1):
        mlp.fit(images.train.x, images.train.labels, epoch, progress=lambda report: told(
            (report.epoch - 1 + report.done / max(report.total, 1)) / EPOCHS))
        accuracy = mlp.score(images.test.x, images.test.labels)
        found.append((float(mlp.history["loss"][-1]), 100 * accuracy))
    return found


def accuracies(images: data.Images, seeds: int, told: Optional[Told]) -> dict[str, Rows]:
    """Figures 5c and 5d, as many trainings at a time as there are processors."""
    tasks = [(sample, states, seed) for sample, states in dict.fromkeys(
        (sample, states) for _, sample, states in RUNS) for seed in range(1, seeds + 1)]

    def work(task: tuple[str, int, int], note: Callable[[float], Any]) -> list[tuple[float, float]]:
        return training(*task, images, note)

    def show(share: float) -> None:
        if told:
            told(0.05 + 0.85 * share, "training the paper's network")

    runs = run_all(work, dict.fromkeys(tasks, 1.0), os.cpu_count() or 1, show)
    tables: dict[str, Rows] = {"5c": [], "5d": []}
    for figure, sample, states in RUNS:
        for seed in range(1, seeds + 1):
            tables[figure] += [
                {"sample": sample, "states": str(states), "seed": str(seed), "epoch": str(epoch),
                 "train_loss": str(loss), "test_accuracy": str(accuracy)}
                for epoch, (loss, accuracy) in enumerate(runs[sample, states, seed], 1)]
    return tables


def compute(folder: Optional[str], quick: bool, told: Optional[Told]) -> tuple[dict[str, Rows],
                                                                               str]:
    """All tables, and which pictures the networks were trained on."""
    train, test, seeds = (3000, 1000, 2) if quick else (60000, 10000, 3)
    images = data.load(folder, train=train, test=test)
    bins, widths = histograms(2000 if quick else 100000)
    tables = {**switching(), "2d": ramp(), "3": staircases(32), "3c": bins, "3c-widths": widths,
              "4": staircases(63)}
    tables.update(accuracies(images, seeds, told))
    note = f"{images.source}: {len(images.train.x)} training and {len(images.test.x)} test images"
    return tables, note
