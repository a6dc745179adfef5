# SPDX-License-Identifier: BSD-3-Clause
"""Layers for PyTorch whose weights are on memristor arrays.

    >>> import memqc.torch, torch
    >>> device = memqc.Device("hfox-a")
    >>> model = memqc.torch.convert(torch.nn.Sequential(torch.nn.Linear(4, 3)), device,
    ...                             rule="mixed-precision", mapping="differential")

`Linear` and `Conv2d` are those of torch.nn through an array: forward and backward with its
converters, noise and wires. After `optimizer.step()` the array's own rule moves its weights, when
the layer is looked at next; `write(model)` does it at once. `convert` puts a whole network onto
arrays, `program` does so with weights trained for the device, `age` lets time pass, and
`monte_carlo` evaluates many instances of a network.
"""

from __future__ import annotations

import math
from typing import Any, Optional, Union

from . import _torch_layer
from ._errors import ArgumentError
from ._handle import Seed
from ._torch_import import torch
from ._torch_layer import Layer
from ._torch_model import age, convert, layers, monte_carlo, program, write
from .device import Device

__all__ = ["Conv2d", "Layer", "Linear", "age", "convert", "layers", "monte_carlo", "program",
           "write"]

Pair = Union[int, tuple[int, int]]
MODES = ("zeros", "reflect", "replicate", "circular")


def pair(name: str, value: Any, least: int) -> tuple[int, int]:
    """One or two whole numbers as two."""
    both: tuple[Any, ...] = (value, value) if isinstance(value, int) else tuple(value)
    if len(both) != 2 or any(not isinstance(one, int) or one < least for one in both):
        raise ArgumentError(f"{name} = {value!r}; it must be one or two whole numbers of {least} "
                            "or more")
    return both[0], both[1]


def size(name: str, value: Any) -> int:
    """A whole number of 1 or more."""
    if not isinstance(value, int) or value < 1:
        raise ArgumentError(f"{name} = {value!r}; it must be a whole number of 1 or more")
    return value


class Linear(Layer):
    """torch.nn.Linear on an array: y = x W^T + b, for inputs of any number of axes.

    bias is True or "digital", "row" for one more row of the array, or False. Further arguments
    are parameters of the array: memqc.Crossbar.parameters() lists them. rule="noise-aware" keeps
    digital weights, which are trained under `noise_factor` times the noise of the device, until
    program() is called. The largest weight of the array is w_max; without it, transfer_range root
    mean squares of the initial weights: 10 of new ones. transfer_range=0 stands for their largest
    magnitude, as it is for weights that come from `initial`, a torch.nn.Linear.
    """

    def __init__(self, in_features: int, out_features: int, bias: Union[bool, str] = True, *,
                 device: Device, seed: Seed = 0, transfer_range: Optional[float] = None,
                 noise_factor: float = 1.0, initial: Any = None, **parameters: Any) -> None:
        super().__init__()
        self.in_features = size("in_features", in_features)
        self.out_features = size("out_features", out_features)
        self._begin(in_features, out_features, (out_features, in_features), bias, device,
                    noise_factor)
        self._open(initial, device, seed, transfer_range, parameters)

    def forward(self, x: Any) -> Any:
        """Products of the vectors on the last axis."""
        x, n = self._taken(x), self.in_features
        if not x.ndim or x.shape[-1] != n:
            raise ArgumentError(f"x has the shape {tuple(x.shape)}; its last axis must be {n}")
        if x.ndim == 2 and x.is_contiguous():
            return self._product(x)
        y = self._product(x.reshape(math.prod(x.shape[:-1]), n).contiguous())
        return y.reshape(*x.shape[:-1], self.out_features)

    def extra_repr(self) -> str:
        return f"{self.in_features}, {self.out_features}, {super().extra_repr()}"


class Conv2d(Layer):
    """torch.nn.Conv2d on one array, whose rows are the pixels of a patch: one vector a place.

    Arguments are those of torch.nn.Conv2d without groups, and those of Linear.
    """

    def __init__(self, in_channels: int, out_channels: int, kernel_size: Pair, stride: Pair = 1,
                 padding: Union[Pair, str] = 0, dilation: Pair = 1, groups: int = 1,
                 bias: Union[bool, str] = True, padding_mode: str = "zeros", *, device: Device,
                 seed: Seed = 0, transfer_range: Optional[float] = None,
                 noise_factor: float = 1.0, initial: Any = None, **parameters: Any) -> None:
        super().__init__()
        if groups != 1:
            raise ArgumentError(f"groups = {groups}; an array connects all inputs with all "
                                "outputs, so it must be 1")
        if padding_mode not in MODES:
            raise ArgumentError(f'padding_mode = "{padding_mode}"; it must be one of {MODES}')
        self.in_channels = size("in_channels", in_channels)
        self.out_channels = size("out_channels", out_channels)
        self.kernel_size = pair("kernel_size", kernel_size, 1)
        self.stride, self.dilation = pair("stride", stride, 1), pair("dilation", dilation, 1)
        self.padding, self.padding_mode = padding, padding_mode
        self._edges = self._padded(padding)
        self._begin(in_channels * math.prod(self.kernel_size), out_channels,
                    (out_channels, in_channels, *self.kernel_size), bias, device, noise_factor)
        self._open(initial, device, seed, transfer_range, parameters)

    def _padded(self, padding: Union[Pair, str]) -> tuple[int, int, int, int]:
        """Pixels at the left, right, top and bottom."""
        if padding == "valid":
            return 0, 0, 0, 0
        if isinstance(padding, str):
            if padding != "same" or self.stride != (1, 1):
                raise ArgumentError(f'padding = "{padding}"; it must be whole numbers, "valid", '
                                    'or, with stride 1, "same"')
            high, wide = (d * (k - 1) for d, k in zip(self.dilation, self.kernel_size))
            return wide // 2, wide - wide // 2, high // 2, high - high // 2
        high, wide = pair("padding", padding, 0)
        return wide, wide, high, high

    def _places(self, x: Any) -> tuple[int, int]:
        """Rows and columns of the outputs."""
        left, right, top, bottom = self._edges
        room = x.shape[-2] + top + bottom, x.shape[-1] + left + right
        places = [(n - d * (k - 1) - 1) // s + 1 for n, d, k, s in
                  zip(room, self.dilation, self.kernel_size, self.stride)]
        if min(places) < 1:
            raise ArgumentError(f"x has the shape {tuple(x.shape)}; with its padding it is "
                                f"smaller than the kernel, {self.kernel_size}")
        return places[0], places[1]

    def forward(self, x: Any) -> Any:
        """Convolution of samples x channels x rows x columns, or of one sample."""
        x = self._taken(x)
        if x.ndim not in (3, 4) or x.shape[-3] != self.in_channels:
            raise ArgumentError(f"x has the shape {tuple(x.shape)}; it must be (samples, "
                                f"{self.in_channels}, rows, columns)")
        images = x if x.ndim == 4 else x[None]
        places = self._places(images)
        y = self._product(self._patches(images))
        y = y.reshape(len(images), *places, self.out_channels).permute(0, 3, 1, 2)
        return y if x.ndim == 4 else y[0]

    def _patches(self, images: Any) -> Any:
        """A row for each place: the pixels of its patch, by channels, rows and columns."""
        if any(self._edges):
            mode = "constant" if self.padding_mode == "zeros" else self.padding_mode
            images = torch.nn.functional.pad(images, self._edges, mode=mode)
        if not len(images):
            return images.new_zeros(0, self._mirror.inputs) + images.sum()
        patches = torch.nn.functional.unfold(images, self.kernel_size, self.dilation, 0,
                                             self.stride)
        return patches.transpose(1, 2).reshape(-1, self._mirror.inputs).contiguous()

    def extra_repr(self) -> str:
        return (f"{self.in_channels}, {self.out_channels}, kernel_size={self.kernel_size}, "
                f"stride={self.stride}, padding={self.padding!r}, dilation={self.dilation}, "
                f"padding_mode={self.padding_mode!r}, {super().extra_repr()}")


_torch_layer.KINDS.update({torch.nn.Linear: Linear, torch.nn.Conv2d: Conv2d})
