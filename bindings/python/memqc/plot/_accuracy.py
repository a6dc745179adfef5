# SPDX-License-Identifier: BSD-3-Clause
"""Accuracies: against epochs, states, time and cost, and their distribution. Intervals stay
within 0 .. 100 %."""

from __future__ import annotations

import math
from typing import Any, Mapping, Optional, Sequence, Union

import numpy as np
import numpy.typing as npt

from .._errors import ArgumentError
from ..mlp import MLP
from ._given import (BANDS, Doubles, Spread, band_name, by_point, curves, fractions, goal_of,
                     numbers, one_of, positive, spreads)
from ._style import CURVE, Axes, Look, colour_bar, drawn, heat, legend, look, module, theme
from ._units import plain, scaled_axis, ticker, units

DOTS = (0, (1.2, 1.2))
Curves = Union[npt.ArrayLike, Sequence[Any], Mapping[Any, Any]]


def accuracy_epochs(history: Any, *, epochs: Optional[npt.ArrayLike] = None,
                    band: str = "interval", label: Optional[str] = None,
                    target: Optional[float] = None, ax: Optional[Axes] = None) -> Axes:
    """Accuracy against epochs, %: the mean over seeds with its band.

    history is an MLP or its history, of which training and validation are drawn; fractions,
    (epochs,) or (seeds, epochs); or a mapping from label to any of these. epochs are their
    numbers, (epochs,), by default from 1 on. band is "interval" (95 % confidence of the mean),
    "sd" or "quantiles" (5 to 95 %). target draws a line at a fraction.
    """
    one_of("band", band, BANDS)
    goal = goal_of(target)
    drawings = histories(history, label)
    numbered = {text: numbers("epochs", np.arange(seeds.shape[1]) + 1 if epochs is None else epochs,
                              ndim=(1,), length=seeds.shape[1])
                for text, seeds in drawings.items()}
    with drawn(ax) as axes:
        count = 1
        for text, seeds in drawings.items():
            told = spreads(list(seeds.T), band, (0, 1))
            draw_spread(axes, numbered[text], told, text)
            count = max(count, told.instances)
        finish(axes, ("epoch", ""), band, count, goal)
        axes.xaxis.set_major_locator(ticker.MaxNLocator(9, integer=True))
    return axes


def histories(history: Any, label: Optional[str]) -> dict[Any, Doubles]:
    """(seeds, epochs) of accuracies for each curve."""
    if isinstance(history, MLP):
        history = history.history
    if isinstance(history, Mapping) and "accuracy" not in history:
        found: dict[Any, Doubles] = {}
        for text, one in curves(history, label).items():
            for inner, seeds in histories(one, None).items():
                found[text if inner is None else f"{text}, {inner}"] = seeds
        return found
    if not isinstance(history, Mapping):
        return {label: np.atleast_2d(fractions("history", history, ndim=(1, 2)))}
    before = f"{label}, " if label else ""
    found = {}
    for text, column in (("training", "accuracy"), ("validation", "validation_accuracy")):
        if column in history:
            values = numbers(f"history: {column}", history[column], ndim=(1,), nan=True)
            if np.isfinite(values).all():
                found[before + text] = fractions(f"history: {column}", values)[None]
    if not found:
        raise ArgumentError("history has no epochs")
    return found


def draw_spread(axes: Axes, x: Doubles, told: Spread, text: Any, bars: bool = False,
                aside: float = 0) -> Look:
    """A curve with its band, or with bars at its points, drawn so many points aside."""
    shape = look(axes)
    place = axes.transData + module("matplotlib.transforms").ScaledTranslation(
        aside / 72, 0, axes.figure.dpi_scale_trans)
    axes.plot(x, told.middle, color=shape.colour, linestyle=shape.dash, marker=shape.marker,
              gid=CURVE, zorder=4, transform=place, label=None if text is None else str(text),
              markevery=max(1, x.size // 24))
    # matplotlib leaves out of the limits what has a transform of its own.
    axes.update_datalim(np.column_stack((x, told.middle)))
    axes.autoscale_view()
    if told.instances > 1 and bars:
        axes.errorbar(x, told.middle, (told.middle - told.low, told.high - told.middle),
                      color=shape.colour, linestyle="none", elinewidth=1.4, capsize=4, zorder=3,
                      transform=place)
    elif told.instances > 1:
        axes.fill_between(x, told.low, told.high, color=shape.colour, alpha=0.18, linewidth=0)
    return shape


def finish(axes: Axes, x: tuple[str, str], band: str, count: int,
           goal: Optional[float]) -> None:
    """The axis of accuracies with a target, labels, and what the band is."""
    if goal is not None:
        axes.axhline(goal, color=theme().grey, linewidth=1.4, linestyle=(0, (6, 2)),
                     label=f"target {plain(100 * goal, 4)} %", zorder=2)
    low, high = axes.get_ylim()
    axes.set_ylim(max(low, 0) if low > 0.02 else 0, min(high, 1.012))  # a marker at 100 % is whole
    units(axes, x, ("accuracy", "%"))
    handles = axes.get_legend_handles_labels()[0]
    if count > 1:
        handles.append(module("matplotlib.patches").Patch(
            color=theme().grey, alpha=0.35, linewidth=0, label=band_name(band, count)))
    if handles:
        axes.legend(handles=handles, handlelength=2.2)


def accuracy_states(states: npt.ArrayLike, accuracies: Curves, *, band: str = "interval",
                    label: Optional[str] = None, target: Optional[float] = None,
                    ax: Optional[Axes] = None) -> Axes:
    """Accuracy against the number of states (levels) of a cell, %.

    states are numbers of levels, (points,). accuracies are fractions, (points,) or
    (points, seeds), or as many sequences of any length; or a mapping from label to such. band and
    target are as in accuracy_epochs().
    """
    x = positive("states", states, ndim=(1,))
    return draw_points(x, accuracies, True, ("states of a cell", ""), band, label, target, ax)


def draw_points(x: Doubles, accuracies: Curves, counts: bool, unit: tuple[str, str], band: str,
                label: Optional[str], target: Optional[float], ax: Optional[Axes]) -> Axes:
    """Accuracies with bars against x, on a logarithmic axis: of counts, with a tick at each."""
    one_of("band", band, BANDS)
    goal = goal_of(target)
    drawings = {text: by_point("accuracies", values, x.size)
                for text, values in curves(accuracies, label).items()}
    with drawn(ax) as axes:
        count = 1
        for number, (text, rows) in enumerate(drawings.items()):
            told = spreads(rows, band, (0, 1))
            aside = 5 * (number - (len(drawings) - 1) / 2)
            draw_spread(axes, x, told, text, bars=True, aside=aside)
            count = max(count, told.instances)
        axes.set_xscale("log", base=2 if counts else 10)
        finish(axes, unit, band, count, goal)
        if counts:
            axes.set_xticks(x, [f"{value:g}" for value in x])
            axes.minorticks_off()
    return axes


def accuracy_time(seconds: npt.ArrayLike, accuracies: Curves, *, band: str = "interval",
                  label: Optional[str] = None, target: Optional[float] = None,
                  ax: Optional[Axes] = None) -> Axes:
    """Accuracy against the time after programming, %, on logarithmic time.

    seconds are times in s, (points,), above 0. accuracies are fractions, such as those of
    MLP.monte_carlo(seconds=...): (points,) or (points, instances), or a mapping from label to
    such. band and target are as in accuracy_epochs().
    """
    x = positive("seconds", seconds, ndim=(1,))
    return draw_points(x, accuracies, False, ("time after programming", "s"), band, label, target,
                       ax)


def monte_carlo(accuracies: Any, *, bins: int = 20, target: Optional[float] = None,
                label: Optional[str] = None, ax: Optional[Axes] = None) -> Axes:
    """Distribution of the accuracies of many instances, %, with its 5, 50 and 95 % quantiles.

    accuracies are fractions, (instances,), such as those of MLP.monte_carlo(); or a mapping from
    label to such. target draws a line at a fraction and tells the part of instances that reach it.
    """
    if bins < 1:
        raise ArgumentError(f"bins = {bins}; it must be 1 or more")
    drawings = {text: fractions("accuracies", values, ndim=(1,))
                for text, values in curves(accuracies, label).items()}
    goal = goal_of(target)
    every = np.concatenate(list(drawings.values()))
    low, high = float(every.min()), float(every.max())
    room = max(0.02 * (high - low), 0.001)
    edges = np.linspace(max(low - room, 0), min(high + room, 1), bins + 1)
    with drawn(ax) as axes:
        for text, values in drawings.items():
            draw_distribution(axes, values, edges, text, goal)
        if goal is not None:
            axes.plot((goal, goal), (0, 1.06 * axes.dataLim.y1), color=theme().ink, linewidth=1.6,
                      linestyle=(0, (6, 2)), label=f"target {plain(100 * goal, 4)} %")
        rows = len(axes.get_legend_handles_labels()[0])
        axes.set_ylim(0, (1.12 + 0.085 * rows) * axes.dataLim.y1)
        axes.set_xlim(max(axes.get_xlim()[0], 0), min(axes.get_xlim()[1], 1))
        units(axes, ("accuracy", "%"), ("instances", ""))
        legend(axes, loc="upper left", fontsize=9)
    return axes


def draw_distribution(axes: Axes, values: Doubles, edges: Doubles, text: Any,
                      goal: Optional[float]) -> None:
    """The histogram of one distribution, its quantiles, and what it is in words."""
    shape = look(axes)
    q05, middle, q95 = np.quantile(values, (0.05, 0.5, 0.95))
    before = "" if text is None else f"{text}: "
    reach = "" if goal is None else f", {100 * np.mean(values >= goal):.0f} % reach the target"
    heights = axes.hist(values, bins=edges, color=shape.colour, alpha=0.4, linewidth=0,
                        label=f"{before}{values.size} instances{reach}")[0]
    words = " / ".join(f"{100 * value:.2f}" for value in (q05, middle, q95))
    for value, dash, width in ((q05, DOTS, 1.6), (middle, shape.dash, 2.2), (q95, DOTS, 1.6)):
        centre = dash is not DOTS
        axes.plot((value, value), (0, 1.06 * heights.max()), color=shape.colour, linestyle=dash,
                  linewidth=width, gid=CURVE if centre else None,
                  label=f"5 / 50 / 95 %: {words} %" if centre else None)


def cost_accuracy(costs: Any, accuracies: Any = None, *, what: str = "energy",
                  band: str = "interval", label: Optional[str] = None,
                  target: Optional[float] = None, ax: Optional[Axes] = None) -> Axes:
    """Accuracy (%) against what it cost, on a logarithmic axis: energy in J or pulses.

    costs are numbers, (points,), with accuracies as fractions, (points,) or (points, seeds); or a
    mapping from label to such a pair, each a curve (of one point, for a rule with its end). Or
    costs is an MLP or a mapping from label to MLPs: the sums over the epochs so far. what is
    "energy" or "pulses".
    """
    one_of("what", what, ("energy", "pulses"))
    goal = goal_of(target)
    one_of("band", band, BANDS)
    given = costs if isinstance(costs, Mapping) and accuracies is None else {
        label: costs if isinstance(costs, MLP) else (costs, accuracies)}
    drawings = {text: cost_curve(text, pair, what) for text, pair in curves(given, None).items()}
    with drawn(ax) as axes:
        count = 1
        for text, (x, rows) in drawings.items():
            told = spreads(rows, band, (0, 1))
            draw_spread(axes, x, told, text, bars=True)
            count = max(count, told.instances)
        axes.set_xscale("log")
        unit = ("energy of programming", "J") if what == "energy" else ("pulses", "")
        finish(axes, unit, band, count, goal)
    return axes


def cost_curve(text: Any, pair: Any, what: str) -> tuple[Doubles, list[Doubles]]:
    """Costs and accuracies of a curve."""
    if isinstance(pair, MLP):
        history = pair.history
        shown = history["validation_accuracy"]
        if not len(shown):
            raise ArgumentError("costs holds an MLP that is not trained")
        if not np.isfinite(shown).all():
            shown = history["accuracy"]
        pair = np.cumsum(history[what]), shown
    if not isinstance(pair, tuple) or len(pair) != 2 or pair[1] is None:
        raise ArgumentError(f"costs: {text!r} must be an MLP or a pair (costs, accuracies)")
    cost, accuracies = pair
    x = np.atleast_1d(positive("costs", cost, ndim=(0, 1)))
    return x, by_point("accuracies", accuracies if np.ndim(cost) else [accuracies], x.size)


def confusion(labels: Any, predicted: Optional[npt.ArrayLike] = None, *,
              names: Optional[Sequence[Any]] = None, ax: Optional[Axes] = None) -> Axes:
    """Confusion matrix: of the samples of each class (row), the part (%) that was taken for each.

    labels is a matrix of counts, (classes, classes), row = label and column = predicted; what
    MLP.evaluate() returned; or labels, (samples,), with the predicted classes, (samples,). names
    are those of the classes.
    """
    counts = confusion_counts(labels, predicted)
    classes = len(counts)
    texts = list(map(str, range(classes) if names is None else names))
    if len(texts) != classes:
        raise ArgumentError(f"names has {len(texts)} entries; it must have {classes}")
    total = counts.sum(axis=1, keepdims=True)
    part = np.divide(counts, total, out=np.zeros(counts.shape), where=total > 0)
    with drawn(ax) as axes:
        image = axes.imshow(part, cmap=heat(), vmin=0, vmax=1, aspect="auto")
        axes.grid(False)
        size = max(5.0, min(10.0, 110 / max(classes, 1)))
        for row, col in np.argwhere(counts > 0)[:256 * (classes <= 16)]:
            dark = sum(image.cmap(float(part[row, col]))[:3]) < 1.4
            axes.text(col, row, plain(100 * part[row, col], 3 if part[row, col] >= 0.1 else 2),
                      ha="center", va="center", fontsize=size,
                      color="#ffffff" if dark else "#000000")
        axes.set_xticks(range(classes), texts, rotation=90 if classes * longest(texts) > 40 else 0)
        axes.set_yticks(range(classes), texts)
        axes.set_xlabel("predicted class")
        axes.set_ylabel("label")
        right = counts.trace() / counts.sum()
        axes.set_title(f"accuracy {plain(100 * right, 4)} % of {int(counts.sum())}")
        scaled_axis(colour_bar(image, "part of the label's samples (%)"), 0.01)
    return axes


def longest(texts: Sequence[str]) -> int:
    """Length of the longest text."""
    return max(map(len, texts))


def confusion_counts(labels: Any, predicted: Optional[npt.ArrayLike]) -> Doubles:
    """The matrix of counts."""
    if predicted is not None:
        truth = numbers("labels", labels, ndim=(1,))
        guess = numbers("predicted", predicted, ndim=(1,), length=truth.size)
        for name, values in (("labels", truth), ("predicted", guess)):
            if values.min() < 0 or np.any(values != np.floor(values)):
                raise ArgumentError(f"{name} must hold whole numbers from 0 on")
        classes = int(max(truth.max(), guess.max())) + 1
        counts = np.zeros((classes, classes))
        np.add.at(counts, (truth.astype(int), guess.astype(int)), 1)
        return counts
    counts = numbers("labels", getattr(labels, "confusion", labels), ndim=(2,))
    if counts.shape[0] != counts.shape[1]:
        raise ArgumentError(f"labels has the shape {counts.shape}; it must be square")
    if counts.min() < 0 or not counts.sum() or not math.isfinite(counts.sum()):
        raise ArgumentError("labels must hold counts, not all of them 0")
    return counts
