# SPDX-License-Identifier: BSD-3-Clause
"""Layers of PyTorch whose weights are on an array: what Linear and Conv2d have in common."""

from __future__ import annotations

import math
from typing import Any, Optional

import numpy as np

from ._arrays import Floats
from ._errors import ArgumentError, Error, FormatError, StateError
from ._handle import Seed, instance
from ._native import C, check
from ._torch_import import torch
from ._torch_mirror import Mirror
from .crossbar import Crossbar
from .device import Device

BIASES = ("digital", "row")
RANGE = 10.0  # of arrays of new weights, in root mean squares of these
KINDS: dict[Any, Any] = {}  # the layer on an array for each layer of torch.nn


class Product(torch.autograd.Function):  # type: ignore[misc]
    """x W + b, both ways through an array. The weights get the gradient x^T d."""

    @staticmethod
    def forward(ctx: Any, x: Any, weight: Any, bias: Any, mirror: Mirror) -> Any:
        if mirror.row:
            x = with_ones(x)
        y = torch.empty(x.shape[0], mirror.outputs)
        multiply(mirror.array, C.crossbar_mac, x, y)
        if bias is not None and not mirror.row:
            y.add_(bias)
        ctx.mirror = mirror
        ctx.save_for_backward(x)
        return y

    @staticmethod
    def backward(ctx: Any, d: Any) -> tuple[Any, ...]:
        if torch.is_grad_enabled():
            raise StateError("a layer on an array has no second derivatives: call backward() "
                             "without create_graph")
        mirror, (x,), d = ctx.mirror, ctx.saved_tensors, d.contiguous()
        to_x, to_weight, to_bias, _ = ctx.needs_input_grad
        back = weight = bias = None
        if to_x:
            back = torch.empty(d.shape[0], mirror.inputs + mirror.row)
            multiply(mirror.array, C.crossbar_mac_transposed, d, back)
            back = back[:, :mirror.inputs] if mirror.row else back
        if to_weight or mirror.row and to_bias:
            mirror.note(x, d)
            weight, bias = mirror.shaped(torch.mm(x.t(), d))
        if to_bias and not mirror.row:
            bias = d.sum(0)
        return back, weight if to_weight else None, bias if to_bias else None, None


def multiply(array: Crossbar, function: Any, x: Any, y: Any) -> None:
    """A product of contiguous matrices."""
    with array._lock:
        check(function(array._handle, x.shape[0], x.data_ptr(), x.shape[1], y.data_ptr(),
                       y.shape[1]))


def with_ones(x: Any) -> Any:
    """Inputs, and that of the row with the biases."""
    return torch.cat((x, x.new_ones(len(x), 1)), 1)


class Layer(torch.nn.Module):  # type: ignore[misc]
    """A layer with an array of `inputs` word lines (one more for biases on a row) and `outputs`
    bit lines. Its parameters are float32, on the CPU.

    `weight`, and `bias` where it is a row of the array, show the weights that the cells hold. When
    an optimizer or anybody else has changed them, write() takes the difference to the array.
    """

    def _begin(self, inputs: int, outputs: int, shape: tuple[int, ...], bias: Any,
               device: Device, noise_factor: float) -> None:
        """The parameters, without values."""
        instance(Device, "device", device)
        if bias not in (True, False, None, *BIASES):
            raise ArgumentError(f"bias = {bias!r}; it must be True, False, or one of {BIASES}")
        if not 0 <= noise_factor < math.inf:
            raise ArgumentError(f"noise_factor = {noise_factor}; it must be 0 or more")
        self.noise_factor = noise_factor
        # Rows of the array lie together, so that the library can read and write the parameter.
        self.weight = torch.nn.Parameter(torch.empty(inputs, outputs).t().view(shape))
        if bias:
            self.bias = torch.nn.Parameter(torch.zeros(outputs))
        else:
            self.register_parameter("bias", None)
        self._mirror = Mirror(self._parameters, inputs, outputs, bias == "row")

    def _open(self, initial: Any, device: Device, seed: Seed, transfer_range: Optional[float],
              parameters: dict[str, Any]) -> None:
        """The array, with the weights of a layer of torch.nn or new ones."""
        mirror, digital = self._mirror, parameters.get("rule") == "noise-aware"
        settings = {name: value for name, value in parameters.items()
                    if name != "rule" or not digital}
        self.reset_parameters()
        if initial is not None:
            with torch.no_grad():
                self.weight.copy_(initial.weight)
                if self.bias is not None and initial.bias is not None:
                    self.bias.copy_(initial.bias)
        weights, own = mirror.matrix(), "w_max" in settings
        if not own and settings.get("normalization", "fixed") == "fixed":
            if transfer_range is None:
                transfer_range = RANGE if initial is None else 0.0
            settings["w_max"] = largest(weights, transfer_range)
        elif transfer_range is not None:
            raise ArgumentError(f"transfer_range = {transfer_range} has no effect with "
                                f"{'w_max' if own else 'normalization'}; give one of them")
        mirror.array = Crossbar(device, (mirror.inputs + mirror.row, mirror.outputs), seed=seed)
        mirror.array.set(**settings)
        mirror.digital = digital
        mirror.renewed()

    def reset_parameters(self) -> None:
        """Draws weights and biases as torch.nn does, and programs the array with them."""
        bound = 1 / math.sqrt(self._mirror.inputs)
        with torch.no_grad():
            self.weight.uniform_(-bound, bound)
            if self.bias is not None:
                self.bias.uniform_(-bound, bound)
        if self._mirror.array is not None:
            self._mirror.renewed()

    # The array

    @property
    def crossbar(self) -> Crossbar:
        """The array of the layer. It can be set to another one of its shape.

        Call refresh() after changing cells of it, so that `weight` shows them."""
        self._mirror.write()
        return self._mirror.array  # type: ignore[no-any-return]

    @crossbar.setter
    def crossbar(self, array: Crossbar) -> None:
        self._mirror.take(self._fitting(instance(Crossbar, "crossbar", array)))

    def _fitting(self, array: Crossbar) -> Crossbar:
        if array.shape != self._mirror.array.shape:
            raise ArgumentError(f"the array is {array.shape}; it must be "
                                f"{self._mirror.array.shape}")
        return array

    @property
    def digital(self) -> bool:
        """Whether the weights are not on the array yet: rule="noise-aware" before program()."""
        return self._mirror.digital

    def write(self) -> None:
        """Takes changed parameters to the array.

        After a backward pass, or while `weight` has a gradient, a change is a step: the array's
        rule moves the weights by it. Otherwise it is an initialization, and the array is
        programmed. Then the parameters show what the cells hold. Whoever looks at the layer calls
        this first: forward passes, `crossbar`, state_dict(), copies, age().
        """
        self._mirror.write()

    def refresh(self) -> None:
        """Lets the parameters show what the cells hold, after somebody else has changed them."""
        self._mirror.show()

    def program(self, weights: Any = None, *, progress: Any = None, **parameters: Any) -> None:
        """Programs the array with what the parameters show, or with weights of the shape of
        `weight`. This ends rule="noise-aware". Parameters of the array stay set, such as
        scheme="verify", or the `rule` from now on."""
        mirror = self._mirror
        mirror.write()
        wanted = mirror.matrix()
        if weights is not None:
            given = torch.as_tensor(weights, dtype=torch.float32).detach()
            if given.shape != mirror.shape:
                raise ArgumentError(f"weights have the shape {tuple(given.shape)}; it must be "
                                    f"{tuple(mirror.shape)}")
            wanted = wanted.copy()
            wanted[:mirror.inputs] = given.reshape(mirror.outputs, mirror.inputs).t().numpy()
        mirror.array.set(**parameters)
        mirror.program(wanted, progress)

    def renew(self, seed: Seed, device: Optional[Device] = None, **parameters: Any) -> None:
        """Programs the weights onto a new array: other cells, of a device or of the old one's.

        Its parameters are those of the old one, but for those that are given, and those that
        follow another device. Accumulators, counters and calibrated ranges begin anew."""
        self._mirror.write()
        old = self._mirror.array
        before, settings = old.device, {}
        for name in Crossbar._table.by_name:
            value = old.get(name) if old.uses(name) else None
            follows = device is not None and name in Device._table.by_name
            if value is not None and not (follows and before.get(name) == value):
                settings[name] = value
        settings.update(parameters)
        array = Crossbar(before if device is None else device, old.shape, seed=seed)
        array.set(**settings)
        array.program(self._mirror.matrix())
        self._mirror.take(array)

    def age(self, seconds: float) -> None:
        """Lets time pass for the cells."""
        if self.digital:
            raise StateError('the weights are digital, under rule = "noise-aware"; program() puts '
                             "them onto the array first")
        self.crossbar.advance(seconds)
        self._mirror.show()

    # Use

    def _product(self, x: Any) -> Any:
        """Products of contiguous vectors, n x inputs, and the biases."""
        mirror, parts = self._mirror, self._parameters
        if mirror.stepped or mirror.now() != mirror.version:
            mirror.write()
        if mirror.digital:
            return self._digital_product(x)
        return Product.apply(x, parts["weight"], parts["bias"], mirror)

    def _digital_product(self, x: Any) -> Any:
        mirror = self._mirror
        weights = self.weight.reshape(mirror.outputs, mirror.inputs).t()
        if mirror.row:
            x, weights = with_ones(x), torch.cat((weights, self.bias[None]))
        if self.training:
            weights = mirror.looked()(weights, self.noise_factor)
        y = x @ weights
        return y if mirror.row or self.bias is None else y + self.bias

    def _taken(self, x: Any) -> Any:
        """Inputs as the array takes them."""
        if not isinstance(x, torch.Tensor):
            raise ArgumentError(f"x is a {type(x).__name__}; it must be a torch.Tensor")
        if not x.is_floating_point():
            raise ArgumentError(f"x holds {x.dtype}; it must hold floating-point numbers")
        if not x.is_cpu:
            raise ArgumentError(f"x is on the device {x.device}; arrays are on the CPU")
        return x.to(torch.float32)

    def _apply(self, fn: Any, *arguments: Any, **named: Any) -> Any:
        probe = fn(torch.zeros(1))
        if probe.dtype != torch.float32 or not probe.is_cpu:
            raise ArgumentError(f"{type(self).__name__} cannot go to {probe.dtype} on "
                                f"{probe.device}: arrays hold torch.float32 on the CPU")
        return super()._apply(fn, *arguments, **named)

    # Saving and copying

    def __getstate__(self) -> dict[str, Any]:
        self._mirror.write()
        return dict(self.__dict__)

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)
        self._mirror.version = self._mirror.now()

    def _save_to_state_dict(self, *arguments: Any, **named: Any) -> None:
        self._mirror.write()
        super()._save_to_state_dict(*arguments, **named)

    def get_extra_state(self) -> Any:
        """The bytes of the array, as a tensor."""
        return torch.frombuffer(bytearray(self.crossbar.to_bytes()), dtype=torch.uint8)

    def _saved(self, state: Any) -> Crossbar:
        """The array of get_extra_state()."""
        if not isinstance(state, torch.Tensor) or state.dtype != torch.uint8 or state.ndim != 1:
            raise FormatError("it is no array: it must be a vector of torch.uint8")
        return self._fitting(Crossbar.from_bytes(state.cpu().contiguous().numpy().tobytes()))

    def set_extra_state(self, state: Any) -> None:
        """Takes an array from get_extra_state(), with what it holds."""
        self._mirror.take(self._saved(state))

    def _load_from_state_dict(self, state_dict: Any, prefix: str, local_metadata: Any,
                              strict: bool, missing_keys: Any, unexpected_keys: Any,
                              error_msgs: list[str]) -> None:
        state = state_dict.get(prefix + "_extra_state")
        if state is not None:
            try:
                self._saved(state)
            except Error as error:
                error_msgs.append(f"{prefix}_extra_state: {error}")
                return  # the layer stays as it was
        self._mirror.write()
        super()._load_from_state_dict(state_dict, prefix, local_metadata, strict, missing_keys,
                                      unexpected_keys, error_msgs)
        if state is None and self._mirror.now() != self._mirror.version:
            self._mirror.renewed()

    def extra_repr(self) -> str:
        kind = "row" if self._mirror.row else self.bias is not None and "digital"
        rule = ", rule='noise-aware'" if self.digital else ""
        return f"bias={kind!r}{rule}, {self._mirror.array!r}"


def largest(weights: Floats, transfer_range: float) -> float:
    """The largest weight of an array for weights, by their root mean square or magnitude."""
    if not 0 <= transfer_range < math.inf:
        raise ArgumentError(f"transfer_range = {transfer_range}; it must be 0 or more")
    if not np.isfinite(weights).all():
        raise ArgumentError("the weights hold NaN or infinity; they must be finite")
    square = float(np.sqrt(np.mean(np.square(weights, dtype=np.float64))))
    most = transfer_range * square if transfer_range else float(np.abs(weights).max())
    return min(1e6, max(1e-6, most)) if most else 1.0
