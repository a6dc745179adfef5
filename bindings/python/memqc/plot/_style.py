# SPDX-License-Identifier: BSD-3-Clause
"""The one style: colours, sizes, and axes that have it.

matplotlib's own settings are changed only inside style(), and put back at its end.
"""

from __future__ import annotations

import contextlib
import contextvars
import importlib
import io
import os
from typing import Any, Iterator, Mapping, NamedTuple, Optional, Union

Axes = Any  # matplotlib.axes.Axes: Debian's matplotlib has no types


def module(name: str) -> Any:
    """A module of matplotlib. The error says how to get it."""
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise ImportError(f"memqc.plot needs matplotlib ({error}). Install it: pip install "
                          "matplotlib; on Debian and Ubuntu: apt install python3-matplotlib"
                          ) from error


matplotlib = module("matplotlib")

# Okabe and Ito's colours, told apart under every common colour blindness. On a dark ground their
# dark ones are replaced by their light ones.
LIGHT_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#B87A00", "#3A93C8", "#000000")
DARK_COLOURS = ("#56B4E9", "#E69F00", "#2BC29A", "#CC79A7", "#F0E442", "#F07A3C", "#FFFFFF")
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
DASHES = ("-", (0, (5, 1.5)), (0, (1.5, 1.2)), (0, (6, 1.5, 1.5, 1.5)), (0, (9, 2)),
          (0, (3, 1.5, 1, 1.5, 1, 1.5)), (0, (1, 2)))
CURVE = "memqc curve"  # the gid of lines that take a colour of their own


class Theme(NamedTuple):
    """The colours of a ground."""

    ground: str
    ink: str  #: text
    grey: str  #: axes, and text that matters less
    grid: str
    colours: tuple[str, ...]
    heat: tuple[str, str, str]  #: densities and maps, from the lowest value to the highest


LIGHT = Theme("#ffffff", "#222222", "#636363", "#e4e4e4", LIGHT_COLOURS,
              ("#edf3f8", "#0072B2", "#021c30"))
DARK = Theme("#16191d", "#eeeeee", "#a6a6a6", "#33383e", DARK_COLOURS,
             ("#22303b", "#2f86b8", "#e8f6ff"))
_theme: contextvars.ContextVar[Theme] = contextvars.ContextVar("theme", default=LIGHT)


class Look(NamedTuple):
    """How a curve looks: it differs from the others by colour, marker and dashes."""

    colour: str
    marker: str
    dash: Any


def theme() -> Theme:
    """The colours that hold now."""
    return _theme.get()


def settings(colours: Theme) -> Mapping[str, Any]:
    """The style as settings of matplotlib."""
    cycler = module("cycler").cycler
    return {
        "font.family": "sans-serif", "font.sans-serif": ["DejaVu Sans"], "font.size": 10.5,
        "axes.titlesize": 12, "axes.labelsize": 10.5, "axes.titlelocation": "left",
        "xtick.labelsize": 10, "ytick.labelsize": 10, "legend.fontsize": 9.5,
        "figure.figsize": (6.4, 4.2), "figure.dpi": 110, "figure.constrained_layout.use": True,
        "figure.facecolor": colours.ground, "axes.facecolor": colours.ground,
        "savefig.facecolor": "auto", "axes.spines.top": False, "axes.spines.right": False,
        "axes.edgecolor": colours.grey, "axes.labelcolor": colours.ink, "text.color": colours.ink,
        "axes.titlecolor": colours.ink, "xtick.color": colours.grey, "ytick.color": colours.grey,
        "xtick.labelcolor": colours.ink, "ytick.labelcolor": colours.ink, "axes.grid": True,
        "axes.axisbelow": True, "grid.color": colours.grid, "grid.linewidth": 0.8,
        "grid.linestyle": "-", "grid.alpha": 1.0, "legend.frameon": True, "legend.framealpha": 0.8,
        "legend.facecolor": colours.ground, "legend.edgecolor": "none", "legend.fancybox": False,
        "lines.linewidth": 1.8, "lines.markersize": 5.5, "errorbar.capsize": 3,
        "axes.prop_cycle": cycler("color", colours.colours), "axes.unicode_minus": True,
        "hatch.linewidth": 0.8, "axes.xmargin": 0.03, "axes.ymargin": 0.05,
    }


@contextlib.contextmanager
def style(dark: bool = False) -> Iterator[None]:
    """The style of these plots, for figures of one's own too:

        with memqc.plot.style(dark=True):
            figure, (left, right) = pyplot.subplots(1, 2)
            memqc.plot.staircase(device, ax=left)

    dark is for a dark ground. At the end matplotlib's settings are what they were.
    """
    colours = DARK if dark else LIGHT
    before = _theme.set(colours)
    try:
        with matplotlib.rc_context(settings(colours)):
            yield
    finally:
        _theme.reset(before)


def dress(axes: Axes) -> None:
    """Gives the style to axes that were made outside of it."""
    now, rc = theme(), matplotlib.rcParams
    axes.set_facecolor(now.ground)
    if now is DARK:
        axes.figure.set_facecolor(now.ground)
    for side, spine in axes.spines.items():
        spine.set_visible(side in ("left", "bottom"))
        spine.set_edgecolor(now.grey)
    axes.tick_params(which="both", color=now.grey, labelcolor=now.ink)
    axes.tick_params(labelsize=rc["xtick.labelsize"])
    axes.grid(True, color=now.grid, linewidth=rc["grid.linewidth"], linestyle="-", alpha=1)
    axes.set_axisbelow(True)
    for text, size in ((axes.xaxis.label, "axes.labelsize"), (axes.yaxis.label, "axes.labelsize"),
                       (axes.title, "axes.titlesize")):
        text.set_fontsize(rc[size])
        text.set_color(now.ink)


def new_axes() -> Axes:
    """The axes of pyplot's current figure if nothing is drawn on them, else those of a new one."""
    pyplot = module("matplotlib.pyplot")
    if pyplot.get_fignums():
        figure = pyplot.gcf()
        if not figure.axes:
            return figure.add_subplot()
        current = figure.gca()
        if not (current.has_data() or current.texts or current.get_title(loc="left")):
            return current
    return pyplot.figure().add_subplot()


@contextlib.contextmanager
def drawn(ax: Optional[Axes]) -> Iterator[Axes]:
    """The axes to draw on, in the style. A figure that was made for a drawing that fails is closed
    again."""
    pyplot = module("matplotlib.pyplot")
    before = pyplot.get_fignums()
    with style(dark=theme() is DARK):
        axes = new_axes() if ax is None else ax
        dress(axes)
        try:
            yield axes
        except BaseException:
            for number in set(pyplot.get_fignums()).difference(before):
                pyplot.close(number)
            raise


def look(axes: Axes, number: Optional[int] = None) -> Look:
    """The look of the next curve on these axes, or of a number."""
    if number is None:
        number = sum(artist.get_gid() == CURVE for artist in axes.lines)
    colours = theme().colours
    return Look(colours[number % len(colours)], MARKERS[number % len(MARKERS)],
                DASHES[(number + number // len(DASHES)) % len(DASHES)])


def heat() -> Any:
    """The colour map of densities and maps: its low end is near the ground."""
    return module("matplotlib.colors").LinearSegmentedColormap.from_list("memqc", theme().heat)


def colour_bar(image: Any, label: str) -> Any:
    """A bar beside the axes of an image that tells what its colours are. Returns its axis."""
    bar = image.axes.figure.colorbar(image, ax=image.axes, pad=0.02, aspect=26)
    bar.set_label(label)
    bar.outline.set_visible(False)
    return bar.ax.yaxis


def save(plotted: Any, path: Union[str, os.PathLike[str]], *, dpi: float = 110) -> None:
    """Saves a figure, or the figure of axes. A PNG file gets a palette of 128 colours, which makes
    it a third of the size; the ending of other paths says the format."""
    figure = getattr(plotted, "figure", plotted)
    if not os.fspath(path).lower().endswith(".png"):
        figure.savefig(path, dpi=dpi)
        return
    image = module("PIL.Image")
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=dpi)
    flat = image.open(buffer).convert("RGB")
    flat.quantize(128, method=image.Quantize.MEDIANCUT, kmeans=1, dither=image.Dither.NONE).save(
        path, optimize=True)


def legend(axes: Axes, **how: Any) -> None:
    """A legend, where there is something to tell."""
    handles, _ = axes.get_legend_handles_labels()
    if handles:
        axes.legend(**{"loc": "best", "handlelength": 2.2, **how})
