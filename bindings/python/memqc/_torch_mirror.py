# SPDX-License-Identifier: BSD-3-Clause
"""Between the parameters of a layer of PyTorch and its array.

The parameters mirror the weights that the cells hold. An optimizer moves them, which the version of
the tensors tells, and the difference goes to the array.
"""

from __future__ import annotations

from typing import Any, Optional

import numpy as np

from ._arrays import Floats
from ._errors import StateError
from ._native import C, check, number
from ._torch_import import torch
from ._torch_noise import Look
from .crossbar import Crossbar

RULE = Crossbar._table.by_name["rule"].key
OUTER = {Crossbar._table.numbers["rule"][name]  # rules that take outer products
         for name in ("pulse-train", "tiki-taka", "tiki-taka-2")}


class Mirror:
    """Parameters, by their names, and the array that they show.

    inputs x outputs weights are the parameter `weight`, transposed and of a shape. One more row of
    the array may be the parameter `bias`. `digital` weights are not on the array yet.
    """

    def __init__(self, parts: dict[str, Any], inputs: int, outputs: int, row: bool) -> None:
        self.parts, self.inputs, self.outputs, self.row = parts, inputs, outputs, row
        self.shape, self.strides = parts["weight"].shape, parts["weight"].stride()
        self.array: Any = None
        self.digital = False
        self.look: Optional[Look] = None
        self.stepped = False  # a backward pass went by
        self.pending: list[tuple[Any, Any]] = []  # its inputs and gradients
        self.version = self.now()

    def now(self) -> int:
        """A number that changes with the parameters."""
        version: int = self.parts["weight"]._version
        if self.row:
            version += self.parts["bias"]._version
        return version

    def matrix(self) -> Floats:
        """What the parameters say, as the array has it: a view where that is possible."""
        lines = self.parts["weight"].detach().reshape(self.outputs, self.inputs).t()
        if self.row:
            lines = torch.cat((lines, self.parts["bias"].detach()[None]))
        return lines.numpy()  # type: ignore[no-any-return]

    def shaped(self, moved: Any) -> tuple[Any, Any]:
        """A matrix of the array as weights and biases."""
        if self.row:
            return moved[:self.inputs].t().view(self.shape), moved[self.inputs]
        lines = moved.t()
        return lines if len(self.shape) == 2 else lines.view(self.shape), None

    def take(self, array: Crossbar) -> None:
        """From now on this is the array, with the weights that it holds."""
        try:
            held, digital = array.weights, False
        except StateError:  # it is not programmed
            held, digital = None, True
        self.array, self.digital, self.look = array, digital, None
        self.show(held)

    def show(self, held: Optional[Floats] = None) -> None:
        """Lets the parameters show what the cells hold."""
        if not self.digital:
            shown = self.shaped(torch.from_numpy(self.array.weights if held is None else held))
            with torch.no_grad():
                self.parts["weight"].copy_(shown[0])
                if self.row:
                    self.parts["bias"].copy_(shown[1])
        self.done()

    def done(self) -> None:
        """The parameters and the array agree."""
        self.version, self.stepped = self.now(), False
        self.pending.clear()

    def note(self, x: Any, d: Any) -> None:
        """A backward pass goes by: its step may come."""
        self.stepped = True
        if not self.digital and self.outer():
            self.pending.append((x, d))

    def outer(self) -> bool:
        """Whether the rule takes outer products."""
        return number(C.crossbar_get, self.array._handle, RULE) in OUTER

    def program(self, weights: Optional[Floats] = None, progress: Any = None) -> None:
        """Programs the array with weights, or with what the parameters say."""
        self.array.program(self.matrix() if weights is None else weights, progress=progress)
        self.digital = False
        self.show()

    def renewed(self) -> None:
        """The parameters hold new weights, whatever gradients are there: no step led to them."""
        if self.digital:
            self.clip()
        else:
            self.program()

    def write(self) -> None:
        """Takes changed parameters to the array: Layer.write()."""
        changed = self.now() != self.version
        if not changed and not self.stepped or self.array is None:
            return
        if self.digital:
            self.clip()
            return
        gradient = self.parts["weight"].grad
        if not changed and np.array_equal(self.matrix(), self.array.weights):
            if self.pending and (gradient is None or not gradient.any()):
                self.pending.clear()  # gradients were dropped without a step
        elif not self.stepped and gradient is None:
            self.program()
        elif self.outer():
            self.pulse()
        else:
            self.follow()

    def follow(self) -> None:
        """Moves the weights by the step, by the array's rule."""
        weight, array = self.parts["weight"], self.array
        if self.row or weight.stride() != self.strides:
            held = np.ascontiguousarray(self.matrix())
            array.follow(held)
            self.show(held)
            return
        with array._lock:
            check(C.crossbar_follow(array._handle, weight.data_ptr(), self.outputs))
        self.done()

    def pulse(self) -> None:
        """Moves the weights by the outer products of the passes, as many as the step says."""
        array, matrix = self.array, self.matrix()
        step = matrix - array.weights
        if not self.pending and step.any():
            raise StateError(f'rule = "{array.rule}" moves weights by outer products of inputs and '
                             "gradients, and there was no backward pass")
        if self.pending:
            x, d = (torch.cat(part) for part in zip(*self.pending))
            product = torch.mm(x.t(), d).numpy()
            square, size = float(np.vdot(product, product)), float(np.linalg.norm(step))
            alpha = float(np.vdot(product, step)) / square if square else 0.0
            rest = float(np.linalg.norm(step - np.float32(alpha) * product))
            if rest > 1e-3 * size + 1e-6 * float(np.linalg.norm(matrix)):
                raise StateError(f'rule = "{array.rule}" takes the steps of plain gradient '
                                 "descent, torch.optim.SGD without momentum and weight decay: "
                                 f"{100 * rest / size:.3g} % of this one is not along the gradient")
            array.update_outer(x.numpy(), d.numpy(), alpha)
        self.show()

    # Digital weights that are trained for the array

    def looked(self) -> Look:
        """What the array would make of weights."""
        if self.look is None:
            self.look = Look(self.array)
        return self.look

    def clip(self) -> None:
        """Digital weights stay within the range of the array."""
        most = self.looked().scale
        with torch.no_grad():
            self.parts["weight"].clamp_(-most, most)
            if self.row:
                self.parts["bias"].clamp_(-most, most)
        self.done()
