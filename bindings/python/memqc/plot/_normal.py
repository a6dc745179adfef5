# SPDX-License-Identifier: BSD-3-Clause
"""The normal distribution: quantiles, probability axes, and Lilliefors' test."""

from __future__ import annotations

import statistics
from typing import Any

import numpy as np
import numpy.typing as npt

from ._given import Doubles
from ._style import module
from ._units import plain

NORMAL = statistics.NormalDist()
PERCENT = (0.01, 0.1, 1, 5, 20, 50, 80, 95, 99, 99.9, 99.99)


def quantile(p: npt.ArrayLike) -> Doubles:
    """Quantiles of the standard normal distribution."""
    parts = np.asarray(p, np.float64)
    return np.array([NORMAL.inv_cdf(float(part)) for part in parts.ravel()]).reshape(parts.shape)


def probability(z: npt.ArrayLike) -> Doubles:
    """The standard normal distribution."""
    scores = np.asarray(z, np.float64)
    return np.array([NORMAL.cdf(float(score)) for score in scores.ravel()]).reshape(scores.shape)


def standard_scores(n: int) -> Doubles:
    """Where n ordered numbers stand if they are normal: the quantiles of (i - 0.5) / n."""
    return quantile((np.arange(n) + 0.5) / n)


def probability_axis(axis: Any, n: int) -> None:
    """Labels standard scores by the part below them, as far as n numbers reach."""
    ticker = module("matplotlib.ticker")
    reach = [part for part in PERCENT if min(part, 100 - part) >= 20 / n or 5 <= part <= 95]
    axis.set_major_locator(ticker.FixedLocator(quantile(np.array(reach) / 100)))
    axis.set_major_formatter(ticker.FixedFormatter([plain(part) for part in reach]))
    axis.set_minor_locator(ticker.NullLocator())


def distance(ordered: Doubles) -> Doubles:
    """Kolmogorov's distance of sorted rows from the normal one of their mean and sd."""
    n = ordered.shape[-1]
    mean = ordered.mean(axis=-1, keepdims=True)
    sd = ordered.std(axis=-1, ddof=1, keepdims=True)
    below = probability_table((ordered - mean) / sd)
    step = np.arange(1, n + 1) / n
    return np.asarray(np.maximum(step - below, below - step + 1 / n).max(axis=-1))


def probability_table(z: Doubles) -> Doubles:
    """probability(), interpolated: within 1e-7."""
    return np.interp(z, GRID, TABLE)


GRID = np.linspace(-9, 9, 18001)
TABLE = probability(GRID)


def lilliefors(values: Doubles, draws: int = 2000) -> float:
    """The part of normal samples that are farther from their normal distribution than these
    values: Lilliefors' p, from so many samples of a fixed seed."""
    n = values.size
    there = float(distance(np.sort(values)))
    random = np.random.default_rng(1967)  # the year of the test
    block = max(1, 2_000_000 // n)
    beyond = done = 0
    while done < draws:
        rows = min(block, draws - done)
        beyond += int((distance(np.sort(random.standard_normal((rows, n)), axis=1)) >= there).sum())
        done += rows
    return (beyond + 1) / (draws + 1)
