# SPDX-License-Identifier: BSD-3-Clause
"""Networks whose weights live on crossbars: training, use and studies."""

from __future__ import annotations

import ctypes
import math
import os
import warnings
from typing import Any, NamedTuple, Optional, Sequence, Union

import numpy as np
import numpy.typing as npt

from ._arrays import FLOAT, INT, SIZE, Floats, Ints, address, flat, given, laid_out, matrix
from ._constants import MLP_HISTORY, MLP_LIMIT, MLP_PROPERTY, MLP_SHARE
from ._errors import ArgumentError
from ._handle import Seed, instance, seed_number
from ._native import C, check, coded, index, number, whole
from ._network import NetworkParameters
from ._parameters import attribute
from ._progress import Shown, watched
from .crossbar import Crossbar
from .device import Device

Doubles = npt.NDArray[np.float64]


class Evaluation(NamedTuple):
    """How well a network does on labelled samples."""

    loss: float
    accuracy: float  #: 0 .. 1
    confusion: npt.NDArray[np.int64]  #: row = label, column = predicted class


class Limits(NamedTuple):
    """What a property of the device costs, and how much of it the target allows.

    The fields are those of MEMQC_MLP_LIMIT_...; docs/limits.md explains them."""

    ideal: float
    accuracy: float
    loss: float
    loss_low: float
    loss_high: float
    value: float
    factor: float
    factor_low: float
    factor_high: float
    required: float
    required_low: float
    required_high: float
    device: float = math.nan
    gain: float = math.nan
    gain_low: float = math.nan
    gain_high: float = math.nan
    loss_by_instances: float = math.nan
    loss_by_samples: float = math.nan
    loss_by_both: float = math.nan
    loss_instances: float = math.nan
    loss_samples: float = math.nan
    gain_by_instances: float = math.nan
    gain_by_samples: float = math.nan
    gain_by_both: float = math.nan
    gain_instances: float = math.nan
    gain_samples: float = math.nan


class Share(NamedTuple):
    """A property's share of the loss to all properties of a device; see MEMQC_MLP_SHARE_..."""

    loss: float
    low: float
    high: float
    by_instances: float
    by_samples: float
    by_both: float
    by_orders: float


assert Limits._fields == MLP_LIMIT and Share._fields == MLP_SHARE


class MLP(NetworkParameters, noun="mlp"):
    """A multilayer perceptron whose layers are on crossbars.

    MLP((784, 256, 10), device, rule="mixed-precision", activation="relu") takes parameters of the
    network and of its arrays alike: MLP.parameters() and Crossbar.parameters() list them. `rule`
    may be a rule of an array. Without a device the weights are digital.
    """

    __slots__ = ("_sizes",)
    _sizes: tuple[int, ...]

    def __init__(self, sizes: Sequence[int], device: Optional[Device] = None, *, seed: Seed = 0,
                 **parameters: Any) -> None:
        given_parameters = self._sorted(parameters)
        units = flat("sizes", sizes, SIZE).reshape(-1)
        if units.size < 2:
            raise ArgumentError(f"sizes = {sizes!r}; it must be two numbers or more, such as "
                                "(784, 256, 10)")
        one = None if device is None else instance(Device, "device", device).copy()
        self._open(C.mlp_create, address(units), units.size, one and one._handle,
                   seed_number(seed))
        self._put(*given_parameters)

    def _take(self, handle: int) -> None:
        super()._take(handle)
        layers, count = ctypes.c_size_t(), ctypes.c_size_t()
        check(C.mlp_get_shape(handle, ctypes.byref(layers), None, None))
        sizes = np.empty(layers.value + 1, SIZE)
        check(C.mlp_get_sizes(handle, sizes.size, address(sizes), ctypes.byref(count)))
        self._sizes = tuple(sizes.tolist())

    def _what(self) -> str:
        return "-".join(map(str, self.sizes)) + " "

    @property
    def sizes(self) -> tuple[int, ...]:
        """Units of each layer, inputs first."""
        return self._sizes

    # Devices of the layers

    def device(self, layer: int) -> Device:
        """A copy of the device of a layer."""
        with self._lock:
            return Device._made(C.mlp_get_device, self._handle, whole("layer", layer))

    def set_device(self, layer: int, device: Optional[Device]) -> None:
        """Gives one layer another device; None takes it away."""
        one = None if device is None else instance(Device, "device", device).copy()
        with self._lock:
            check(C.mlp_set_device(self._handle, whole("layer", layer), one and one._handle))

    # Training

    def _samples(self, x: npt.ArrayLike) -> tuple[Floats, int]:
        """Samples as a matrix and its leading dimension. Images are flattened."""
        array, inputs = given("x", x, FLOAT), self.sizes[0]
        if array.ndim > 2:
            array = array.reshape(len(array), -1) if array.size else np.empty((0, inputs), FLOAT)
        if array.ndim != 2 or array.shape[1] != inputs:
            raise ArgumentError(f"x has the shape {array.shape}; it must be (samples, {inputs})")
        return laid_out(array)

    def _labelled(self, x: npt.ArrayLike, y: npt.ArrayLike) -> tuple[Floats, int, Ints]:
        rows, leading = self._samples(x)
        return rows, leading, flat("y", y, INT, length=len(rows))

    def _watched(self, progress: Shown, function: Any, *arguments: Any, about: str = "",
                 epochs: int = 0) -> None:
        watched(lambda told: int(C.mlp_set_progress(self._handle, told, None)),
                lambda: int(function(self._handle, *arguments)), progress, about, epochs)

    def fit(self, x: npt.ArrayLike, y: npt.ArrayLike, epochs: int = 1, *,
            progress: Shown = None, **parameters: Any) -> MLP:
        """Trains until so many epochs are completed, those of earlier calls included.

        x is samples x inputs, y holds labels from 0 on. Parameters, such as validation=0.1, stay
        set. progress=True shows a bar. A function is called with a Report; a true result stops the
        training, and Stopped is raised. Ctrl-C stops it too. What was learnt is kept, and the same
        call goes on from there. A call that has no epoch left to train warns.
        """
        rows, leading, labels = self._labelled(x, y)
        epochs = whole("epochs", epochs, 32)
        with self._lock:
            self.set(**parameters)
            before = self.epochs
            self._watched(progress, C.mlp_fit, len(rows), address(rows), leading, address(labels),
                          epochs, epochs=epochs)
            if 0 < epochs <= before:
                warnings.warn(f"epochs = {epochs} counts those of earlier calls, and the network "
                              f"has had {before}: nothing was trained", stacklevel=2)
        return self

    def train_epoch(self, x: npt.ArrayLike, y: npt.ArrayLike, *,
                    progress: Shown = None) -> MLP:
        """Trains one epoch."""
        rows, leading, labels = self._labelled(x, y)
        with self._lock:
            self._watched(progress, C.mlp_train_epoch, len(rows), address(rows), leading,
                          address(labels))
        return self

    def checkpoint(self, path: Union[str, os.PathLike[str], None], samples: int = 0) -> None:
        """From now on training saves to a file at each epoch's end and every so many samples."""
        name = None if path is None else os.fsencode(path)
        with self._lock:
            check(C.mlp_set_checkpoint(self._handle, name, whole("samples", samples)))

    def init(self) -> None:
        """Draws the initial weights, if they are not drawn yet."""
        with self._lock:
            check(C.mlp_init(self._handle))

    def reset(self) -> None:
        """Forgets weights and training. Parameters, devices and seed stay."""
        with self._lock:
            check(C.mlp_reset(self._handle))

    @property
    def epochs(self) -> int:
        """Number of completed epochs."""
        with self._lock:
            return int(number(C.mlp_get_epochs, self._handle, kind=ctypes.c_uint32))

    @property
    def best_epoch(self) -> int:
        """The epoch that was best on the samples held back; 0: none."""
        with self._lock:
            return int(number(C.mlp_get_best_epoch, self._handle, kind=ctypes.c_uint32))

    @property
    def history(self) -> dict[str, npt.NDArray[Any]]:
        """Columns by epoch: loss, accuracy, pulses, ... pandas.DataFrame() takes it as it is."""
        with self._lock:
            epochs = range(1, self.epochs + 1)
            table: dict[str, npt.NDArray[Any]] = {"epoch": np.array(epochs, np.int64)}
            for name, code in MLP_HISTORY.items():
                table[name] = np.array([number(C.mlp_get_history, self._handle, epoch, code)
                                        for epoch in epochs], np.float64)
        return table

    # Use

    def outputs(self, x: npt.ArrayLike) -> Floats:
        """Outputs of the last layer: (samples, classes). Under cross-entropy, probabilities."""
        rows, leading = self._samples(x)
        values = np.empty((len(rows), self.sizes[-1]), FLOAT)
        with self._lock:
            check(C.mlp_predict(self._handle, len(rows), address(rows), leading, address(values),
                                values.shape[1], None))
        return values

    def predict(self, x: npt.ArrayLike) -> Ints:
        """Class of each sample."""
        rows, leading = self._samples(x)
        classes = np.empty(len(rows), INT)
        with self._lock:
            check(C.mlp_predict(self._handle, len(rows), address(rows), leading, None, 0,
                                address(classes)))
        return classes

    def evaluate(self, x: npt.ArrayLike, y: npt.ArrayLike) -> Evaluation:
        """Loss, accuracy and confusion matrix of labelled samples."""
        rows, leading, labels = self._labelled(x, y)
        nan = float("nan")
        loss, accuracy = ctypes.c_double(nan), ctypes.c_double(nan)
        confusion = np.zeros((self.sizes[-1], self.sizes[-1]), np.int64)
        with self._lock:
            check(C.mlp_evaluate(self._handle, len(rows), address(rows), leading, address(labels),
                                 ctypes.byref(loss), ctypes.byref(accuracy), address(confusion)))
        return Evaluation(loss.value, accuracy.value, confusion)

    def score(self, x: npt.ArrayLike, y: npt.ArrayLike) -> float:
        """Accuracy on labelled samples, 0 .. 1."""
        return self.evaluate(x, y).accuracy

    def _shape(self, layer: int) -> tuple[int, int]:
        at = index("layer", layer)
        if not 0 <= at < len(self.sizes) - 1:
            raise ArgumentError(f"layer = {at}; it must be 0 .. {len(self.sizes) - 2}")
        return self.sizes[at], self.sizes[at + 1]

    def weights(self, layer: int) -> tuple[Floats, Floats]:
        """Weights (inputs, outputs) and biases of a layer, as its cells hold them."""
        w = np.empty(self._shape(layer), FLOAT)
        bias = np.empty(w.shape[1], FLOAT)
        with self._lock:
            check(C.mlp_get_weights(self._handle, whole("layer", layer), address(w), w.shape[1],
                                    address(bias)))
        return w, bias

    def set_weights(self, layer: int, w: Optional[npt.ArrayLike] = None,
                    bias: Optional[npt.ArrayLike] = None) -> None:
        """Programs the weights of a layer and sets its biases; None leaves either as it is."""
        shape = self._shape(layer)
        rows, leading = (None, 0) if w is None else matrix("w", w, shape)
        b = None if bias is None else flat("bias", bias, length=shape[1])
        with self._lock:
            check(C.mlp_set_weights(self._handle, whole("layer", layer),
                                    None if rows is None else address(rows), leading,
                                    None if b is None else address(b)))

    def crossbar(self, layer: int) -> Crossbar:
        """A copy of the crossbar of a layer."""
        with self._lock:
            borrowed = ctypes.c_void_p()
            check(C.mlp_borrow_crossbar(self._handle, whole("layer", layer),
                                        ctypes.byref(borrowed)))
            return Crossbar._made(C.crossbar_copy, borrowed)

    def transfer(self, device: Optional[Device] = None) -> MLP:
        """A new network with the weights of this one programmed onto new arrays, of a device or
        of those of the layers."""
        one = None if device is None else instance(Device, "device", device).copy()
        with self._lock:
            return type(self)._made(C.mlp_transfer, self._handle, one and one._handle)

    # Studies

    def monte_carlo(self, x: npt.ArrayLike, y: npt.ArrayLike, device: Optional[Device] = None, *,
                    progress: Shown = None, **parameters: Any) -> Doubles:
        """Accuracies of many instances of the trained network: memqc.summary() has statistics.

        Parameters, such as instances=100, threads=4 and seconds=3600, stay set."""
        one = None if device is None else instance(Device, "device", device).copy()
        rows, leading, labels = self._labelled(x, y)
        with self._lock:
            self.set(**parameters)
            accuracies = np.full(int(super().get("instances")), np.nan)
            self._watched(progress, C.mlp_monte_carlo, one and one._handle, len(rows),
                          address(rows), leading, address(labels), address(accuracies),
                          about="Monte Carlo")
        return accuracies

    def monte_carlo_hits(self, x: npt.ArrayLike, y: npt.ArrayLike,
                         device: Optional[Device] = None, *, progress: Shown = None,
                         **parameters: Any) -> npt.NDArray[np.bool_]:
        """Which samples each instance of the trained network is right about: (instances, n).

        The means over samples are what monte_carlo() returns; memqc.crossed() has their mean with
        its interval over instances and samples. Parameters stay set."""
        one = None if device is None else instance(Device, "device", device).copy()
        rows, leading, labels = self._labelled(x, y)
        with self._lock:
            self.set(**parameters)
            count = int(super().get("instances"))
            accuracies = np.full(count, np.nan)
            hits = np.zeros((count, (len(rows) + 7) // 8), np.uint8)
            self._watched(progress, C.mlp_monte_carlo_hits, one and one._handle, len(rows),
                          address(rows), leading, address(labels), address(accuracies),
                          address(hits), about="Monte Carlo")
        bits = np.unpackbits(hits, axis=1, count=len(rows), bitorder="little")
        return np.asarray(bits, np.bool_)

    def sensitivity(self, x: npt.ArrayLike, y: npt.ArrayLike, property: Optional[str] = None,
                    device: Optional[Device] = None, *, progress: Shown = None,
                    **parameters: Any) -> Union[Limits, dict[str, Limits]]:
        """What limits the trained network on a device: the limits of a property, such as "c2c",
        or, with None, those of all, the largest gain first and "all" at the end.

        Parameters, such as target=0.95 and instances=10, stay set."""
        one = None if device is None else instance(Device, "device", device).copy()
        rows, leading, labels = self._labelled(x, y)
        found = {}
        with self._lock:
            self.set(**parameters)
            for name in MLP_PROPERTY if property is None else [property]:
                values = np.full(len(MLP_LIMIT), np.nan)
                self._watched(progress, C.mlp_sensitivity, one and one._handle,
                              coded("property", MLP_PROPERTY, name), len(rows), address(rows),
                              leading, address(labels), address(values),
                              about="sensitivity to " + name)
                found[name] = Limits(*values.tolist())
        if property is not None:
            return found[property]
        return dict(sorted(found.items(), key=lambda one: (one[0] == "all", -one[1].gain)))

    def shapley(self, x: npt.ArrayLike, y: npt.ArrayLike, device: Optional[Device] = None, *,
                orders: int = 0, progress: Shown = None, **parameters: Any) -> dict[str, Share]:
        """The loss to all properties of a device, "all", divided among them by their Shapley
        values, the largest first: shares add up to the loss.

        Of n properties that the device has, 2^n devices are measured. Of more than 6, so many
        orders are drawn instead where orders is not 0. Parameters, such as instances=10, stay set.
        """
        one = None if device is None else instance(Device, "device", device).copy()
        rows, leading, labels = self._labelled(x, y)
        values = np.full((len(MLP_PROPERTY), len(MLP_SHARE)), np.nan)
        with self._lock:
            self.set(**parameters)
            self._watched(progress, C.mlp_shapley, one and one._handle,
                          whole("orders", orders), len(rows), address(rows), leading,
                          address(labels), address(values), about="Shapley shares")
        first = MLP_PROPERTY["all"]
        found = {name: Share(*values[code - first].tolist())
                 for name, code in MLP_PROPERTY.items()}
        return dict(sorted(found.items(), key=lambda one: (one[0] == "all", -one[1].loss)))


for _parameter in Crossbar._table.by_name.values():
    if not hasattr(MLP, _parameter.name):
        setattr(MLP, _parameter.name, attribute(_parameter))
