# SPDX-License-Identifier: BSD-3-Clause
"""Digital weights as an array would hold them: noise-aware training.

V. Joshi et al., Nat. Commun. 11 (2020) 2473: each pass finds a weight at its nearest level, with
the mean and the noise of that level; the gradient goes to the digital weight.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ._errors import ArgumentError
from ._torch_import import torch
from .crossbar import Crossbar


class Look:
    """What an array makes of weights: mean and standard deviation of each of its levels."""

    def __init__(self, crossbar: Crossbar) -> None:
        device, self.scale = crossbar.device, float(crossbar.w_max)
        if crossbar.normalization != "fixed":
            raise ArgumentError(f'normalization = "{crossbar.normalization}"; noise-aware training '
                                'needs "fixed", with the range of the array in w_max')
        if crossbar.slices != 1:
            raise ArgumentError(f"slices = {crossbar.slices}; noise-aware training needs 1")
        count = 4 * device.levels + 1  # more than there are rungs of the ladder of weights
        ruler = Crossbar(device, (1, count))
        ruler.set(mapping=crossbar.mapping, w_max=self.scale)
        ruler.program(np.linspace(-self.scale, self.scale, count)[None])
        rungs, first = np.unique(ruler.nominal_weights[0], return_index=True)
        levels = [ruler.levels[plane][0][first] - 1 for plane in range(ruler.planes)]
        table = np.array([device.level(level + 1) for level in range(device.levels)])
        # Differences of the cells: nominal, mean and variance, S. The weight is linear in it.
        nominal, mean = (sum((1 - 2 * side) * table[at, column] for side, at in enumerate(levels))
                         for column in (0, 1))
        variance = sum(table[at, 2] ** 2 for at in levels)
        slope = float(rungs[-1] - rungs[0]) / float(nominal[-1] - nominal[0])
        self.low, self.last = float(rungs[0]), len(rungs) - 1
        self.step = float(rungs[-1] - rungs[0]) / self.last
        self.mean = tensor(self.low + slope * (mean - nominal[0]))
        self.sd = tensor(slope * np.sqrt(variance))

    def __call__(self, weights: Any, factor: float) -> Any:
        """Weights with noise, whose gradient goes straight to the digital ones."""
        with torch.no_grad():
            rung = ((weights - self.low) / self.step).round_().clamp_(0, self.last).long()
            noise = torch.randn(weights.shape).mul_(factor)
            seen = self.mean[rung].addcmul_(noise, self.sd[rung])
        return weights + (seen - weights).detach()


def tensor(values: Any) -> Any:
    return torch.from_numpy(np.asarray(values, np.float32))
