# SPDX-License-Identifier: BSD-3-Clause
"""Whole networks of PyTorch on arrays: conversion, programming, time and Monte Carlo."""

from __future__ import annotations

import copy
import fnmatch
from typing import Any, Callable, Iterator, Optional, Sequence, Union

import numpy as np
import numpy.typing as npt

from ._errors import ArgumentError
from ._handle import Seed, instance, seed_number, split
from ._progress import Report, Shown, shown
from ._torch_import import torch
from ._torch_layer import KINDS, Layer
from .crossbar import Crossbar
from .device import Device

Names = Union[str, Sequence[str]]


def check(model: Any) -> None:
    """Refuses what is no network."""
    if not isinstance(model, torch.nn.Module):
        raise ArgumentError(f"model is a {type(model).__name__}; it must be a torch.nn.Module")


def layers(model: Any) -> dict[str, Layer]:
    """The layers of a network that are on arrays, by their names."""
    check(model)
    found = {name: module for name, module in model.named_modules() if isinstance(module, Layer)}
    if not found:
        raise ArgumentError(f"{type(model).__name__} has no layer on an array; convert() makes "
                            "one that has")
    return found


def seeds(seed: Seed, *path: int) -> Iterator[int]:
    """Independent seeds of arrays."""
    source = np.random.default_rng([seed_number(seed), *path])
    while True:
        yield int(source.integers(0, 1 << 64, dtype=np.uint64))


def excluded(names: list[str], exclude: Names) -> set[str]:
    """The names that patterns stand for."""
    out: set[str] = set()
    for pattern in (exclude,) if isinstance(exclude, str) else exclude:
        found = [name for name in names if fnmatch.fnmatchcase(name, pattern)]
        if not found:
            raise ArgumentError(f'exclude: there is no module "{pattern}"; there are '
                                f'{", ".join(filter(None, names))}')
        out.update(name for name in names if any(
            name == one or name.startswith(one + ".") for one in found))
    return out


def convert(model: Any, device: Device, *, exclude: Names = (), seed: Seed = 0,
            bias: str = "digital", inplace: bool = False, **parameters: Any) -> Any:
    """A copy of a network, with its Linear and Conv2d layers on arrays of a device.

    exclude names modules that stay digital, as in "fc2" or "features.*". Weights are programmed
    as the parameters of the array say, such as scheme="verify"; the others are those of
    memqc.torch.Linear, but for transfer_range, which is 0 here: the largest weight of a layer is
    that of its array. Give headroom, such as transfer_range=10, to a network that is to be
    trained on the arrays. Make the optimizer after this call. inplace=True changes the network
    itself; a network that is a single layer is returned anew.
    """
    check(model)
    instance(Device, "device", device)
    own = {"transfer_range", "noise_factor"}
    split(Crossbar._table, {name: value for name, value in parameters.items() if name not in own})
    modules = dict(model.named_modules())
    stay = excluded(list(modules), exclude)
    source = seeds(seed)
    made = {id(module): made_of(name, module, device, next(source), bias, parameters)
            for name, module in modules.items()
            if type(module) in KINDS and name not in stay}
    if not made:
        raise ArgumentError(f"{type(model).__name__} has no torch.nn.Linear or Conv2d to convert")
    target = model if inplace else copy.deepcopy(model, dict(made))
    for module in target.modules():
        for name, child in module._modules.items():
            if id(child) in made:
                setattr(module, name, made[id(child)])
        if isinstance(module, torch.nn.TransformerEncoderLayer):
            module.activation_relu_or_gelu = 0  # its fast path would not call the layers
    return made.get(id(model), target)


def made_of(name: str, module: Any, device: Device, seed: int, bias: str,
            parameters: dict[str, Any]) -> Layer:
    """The layer on an array that stands for one of torch.nn."""
    hooks = [key for key in ("_forward_hooks", "_forward_pre_hooks", "_backward_hooks")
             if getattr(module, key, None)]
    if hooks:
        raise ArgumentError(f'"{name}" has hooks, as by weight_norm; remove them, or exclude it')
    shape = {"bias": False if module.bias is None else bias, "device": device, "seed": seed}
    if isinstance(module, torch.nn.Linear):
        named: tuple[str, ...] = ("in_features", "out_features")
    else:
        named = ("in_channels", "out_channels", "kernel_size", "stride", "padding", "dilation",
                 "groups", "padding_mode")
    shape.update((key, getattr(module, key)) for key in named)
    try:
        layer: Layer = KINDS[type(module)](**shape, initial=module, **parameters)
    except ArgumentError as error:
        raise ArgumentError(f'"{name}", {type(module).__name__}: {error}; exclude= keeps a layer '
                            "digital") from None
    layer.train(module.training)
    for key, parameter in module.named_parameters(recurse=False):
        getattr(layer, key).requires_grad_(parameter.requires_grad)
    return layer


def write(model: Any) -> Any:
    """Takes the steps of the optimizer to all arrays now. Returns the network."""
    for layer in layers(model).values():
        layer.write()
    return model


def program(model: Any, **parameters: Any) -> Any:
    """Programs all arrays with the weights of their layers: those of rule="noise-aware" onto new
    arrays, others anew. Returns the network. Parameters are those of the arrays."""
    for layer in layers(model).values():
        layer.program(**parameters)
    return model


def age(model: Any, seconds: float) -> Any:
    """Lets time pass for all arrays. Returns the network."""
    for layer in layers(model).values():
        layer.age(seconds)
    return model


def monte_carlo(model: Any, evaluate: Callable[[Any], float], instances: int = 20, *,
                device: Optional[Device] = None, seconds: float = 0.0, seed: Seed = 0,
                progress: Shown = None, **parameters: Any) -> npt.NDArray[np.float64]:
    """What evaluate(network) returns for many instances: copies whose weights are programmed onto
    arrays of other cells, of a device or of their own, and then aged. memqc.summary() has
    statistics. Parameters are those of the arrays. progress=True shows a bar; a true result of a
    function ends the study, with the numbers so far."""
    if instances < 1:
        raise ArgumentError(f"instances = {instances}; it must be 1 or more")
    if device is not None:
        instance(Device, "device", device)
    split(Crossbar._table, parameters)
    first, results = seed_number(seed), []
    layers(model)
    with shown(progress, "Monte Carlo") as tell:
        for number in range(instances):
            copied = copy.deepcopy(model).eval()
            for layer, own in zip(layers(copied).values(), seeds(first, number)):
                layer.renew(own, device, **parameters)
                if seconds:
                    layer.age(seconds)
            results.append(float(evaluate(copied)))
            if tell and tell(Report("monte_carlo", number + 1, instances, 0, float("nan"),
                                    float(np.mean(results)))):
                break
    return np.array(results, np.float64)
