# SPDX-License-Identifier: BSD-3-Clause
"""What a point is unless a function of the user's own says otherwise: a network that is trained,
tested after each epoch and, where asked for, programmed anew and tested after some time."""

from __future__ import annotations

import functools
import hashlib
import json
import math
from typing import Any, Mapping, Optional, Sequence, Union

import numpy as np

from .. import _native, _synthetic
from .._errors import DivergedError, FileError
from ..data import SYSTEM_FOLDER, Images, Samples, load
from ..mlp import MLP
from ._settings import Settings, device_of, network_of, value_of

Number = Union[int, float, None]
#: what a point gives: numbers and lists of numbers by name; None for what is no finite number
Record = Mapping[str, Union[Number, Sequence[Number]]]


def one_thread_of_blas() -> None:
    """Points run side by side, and the number of threads must not change a digit of them."""
    try:
        _native.LIBRARY.openblas_set_num_threads(1)
    except AttributeError:
        pass  # another BLAS


@functools.lru_cache(maxsize=1)
def images_of(name: str, folder: str, train: int, test: int) -> Images:
    """The pictures of a study. A process keeps those of its last point."""
    if name == "synthetic":
        side = _synthetic.SIDE
        return Images("synthetic digits", (side, side),
                      Samples(*_synthetic.digits(1, 0, train)),
                      Samples(*_synthetic.digits(1, _synthetic.FIRST_TEST_DIGIT, test)))
    if name == "fashion-mnist" and not folder:
        folder = SYSTEM_FOLDER
    images = load(folder or None, train=train, test=test)
    if name == "mnist" and not images.source.startswith(("the IDX files", "MNIST")):
        raise FileError("data.name = \"mnist\": neither data.folder nor $MEMQC_DATA names a folder "
                        "with its files, and get-mnist.sh has fetched none")
    return images


@functools.lru_cache(maxsize=64)
def print_of(name: str, folder: str, train: int, test: int) -> tuple[str, int]:
    """A hash of the pictures and labels, and the pixels of a picture."""
    images = images_of(name, folder, train, test)
    told = hashlib.sha256()
    for part in (images.train, images.test):
        for array in part:
            told.update(f"{array.shape}{array.dtype.str}".encode())
            told.update(np.ascontiguousarray(array).data)
    return told.hexdigest(), images.train.x.shape[1]


def data_of(settings: Settings) -> tuple[str, str, int, int]:
    """Which pictures a point is of."""
    name, folder, train, test = (value_of(settings, f"data.{key}")
                                 for key in ("name", "folder", "train", "test"))
    return name, folder, train, test


def identity(settings: Settings) -> bytes:
    """All that the numbers of a point follow from: the pictures, the network before its training
    with every parameter, and what is done with it."""
    data, inputs = print_of(*data_of(settings))
    rest = [value_of(settings, name) for name in ("mlp.epochs", "after.transfer", "after.seconds")]
    if rest[-1] is not None:
        rest.append(value_of(settings, "after.instances"))
    return json.dumps([data, rest]).encode() + network_of(settings, inputs).to_bytes()


def number(value: Any) -> Optional[float]:
    """A number as JSON has it: NaN and infinity are none."""
    value = float(value)
    return value if math.isfinite(value) else None


def trained(mlp: MLP, settings: Settings, images: Images, record: dict[str, Any]) -> None:
    """Trains, and tests after each epoch. Patience needs one call for all of them."""
    epochs = value_of(settings, "mlp.epochs")
    steps = range(1, epochs + 1) if mlp.get("patience") == 0 else [epochs] * (epochs > 0)
    for epoch in steps:
        mlp.fit(images.train.x, images.train.labels, epoch)
        record["accuracy"].append(mlp.score(images.test.x, images.test.labels))
    if epochs == 0:
        mlp.init()
        record["accuracy"].append(mlp.score(images.test.x, images.test.labels))


def aged(mlp: MLP, settings: Settings, images: Images, record: dict[str, Any]) -> None:
    """Accuracies of new arrays with the same weights, each time after their programming."""
    means, deviations = [], []
    for seconds in value_of(settings, "after.seconds") or []:
        accuracies = mlp.monte_carlo(images.test.x, images.test.labels, seconds=seconds, threads=1,
                                     instances=value_of(settings, "after.instances"))
        means.append(number(accuracies.mean()))
        deviations.append(number(accuracies.std(ddof=1)) if accuracies.size > 1 else None)
    if means:
        record["later"], record["later_sd"] = means, deviations


def train(settings: Settings) -> Record:
    """Trains the network of a point. The record has, of each epoch, the `accuracy` on the test
    pictures and the training `loss`, and `pulses` and `energy` (J) of all epochs; `transferred` is
    the accuracy on new arrays, `later` and `later_sd` that after the seconds asked for. Where the
    loss became infinite, `diverged` is 1.

    It leaves OpenBLAS with one thread in this process."""
    one_thread_of_blas()
    images = images_of(*data_of(settings))
    mlp = network_of(settings, images.train.x.shape[1])
    record: dict[str, Any] = {"accuracy": []}
    try:
        trained(mlp, settings, images, record)
        used = mlp
        if value_of(settings, "after.transfer"):
            used = mlp.transfer(device_of(settings))
            record["transferred"] = used.score(images.test.x, images.test.labels)
        aged(used, settings, images, record)
    except DivergedError:
        record["diverged"] = 1
    history = mlp.history
    record["loss"] = [number(loss) for loss in history["loss"]]
    for cost in ("pulses", "energy"):
        record[cost] = number(history[cost].sum())
    return record
