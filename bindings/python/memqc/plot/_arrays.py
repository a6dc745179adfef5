# SPDX-License-Identifier: BSD-3-Clause
"""Maps of an array, and its error against its size."""

from __future__ import annotations

from typing import Any, Optional, Sequence, Union

import numpy as np
import numpy.typing as npt

from .._errors import ArgumentError
from ..crossbar import Crossbar, Nodes
from ._given import Doubles, by_point, curves, numbers, one_of, positive, spreads
from ._style import CURVE, Axes, colour_bar, drawn, heat, legend, look, theme
from ._units import amount, prefix, scaled_axis, ticker, units


def conductance_map(crossbar: Union[Crossbar, npt.ArrayLike], *, plane: int = 0,
                    stuck: Optional[npt.ArrayLike] = None, unit: str = "S",
                    ax: Optional[Axes] = None) -> Axes:
    """Conductances of an array's cells, rows (word lines) downwards. Stuck cells have a cross.

    crossbar is a Crossbar, of which a plane is drawn; or conductances in S, (rows, cols). stuck is
    true for the stuck cells of such a matrix.
    """
    one_of("unit", unit, ("S", "G0"))
    if isinstance(crossbar, Crossbar):
        g, broken = np.asarray(crossbar.conductances[plane], np.float64), crossbar.stuck[plane]
    else:
        g = numbers("crossbar", crossbar, ndim=(2,))
        broken = np.zeros(g.shape) if stuck is None else numbers("stuck", stuck, ndim=(2,))
        if broken.shape != g.shape:
            raise ArgumentError(f"stuck has the shape {broken.shape}; it must be {g.shape}")
    with drawn(ax) as axes:
        draw_map(axes, g, "conductance", unit)
        rows, cols = np.nonzero(broken)
        if rows.size:
            axes.plot(cols, rows, "x", color=theme().colours[1], markersize=6, linestyle="none",
                      markeredgewidth=1.6, label=f"{rows.size} stuck")
            legend(axes, loc="lower left", bbox_to_anchor=(0, 1), borderaxespad=0.2)
    return axes


def draw_map(axes: Axes, values: Doubles, what: str, unit: str) -> None:
    """A matrix as an image with a bar that has units."""
    image = axes.imshow(values, cmap=heat(), aspect="auto", interpolation="nearest")
    axes.grid(False)
    axes.set_xlabel("column (bit line)")
    axes.set_ylabel("row (word line)")
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(ticker.MaxNLocator(8, integer=True))
    factor, text = prefix(float(np.abs(values).max()), unit)
    scaled_axis(colour_bar(image, f"{what} ({text})"), factor)


def ir_drop_map(crossbar: Union[Crossbar, Nodes, npt.ArrayLike],
                volts: Optional[npt.ArrayLike] = None, *, plane: int = 0, tile: int = 0,
                ax: Optional[Axes] = None) -> Axes:
    """The voltage that each cell of a tile lacks, for its wires' resistance took it.

    crossbar is a Crossbar and volts are those of the tile's word lines, (rows,) in V, by default
    its read voltage on all; what Crossbar.nodes() returned, with its volts; or the voltages across
    the cells in V, (rows, cols), with volts.
    """
    across = cell_volts(crossbar, volts, plane, tile)
    rows = across.shape[0]
    if volts is None:
        if not isinstance(crossbar, Crossbar):
            raise ArgumentError("volts is missing: the voltages that drive the rows")
        volts = np.full(rows, driving(crossbar))
    drive = numbers("volts", volts, ndim=(1,), length=rows)
    drop = drive[:, None] - across
    with drawn(ax) as axes:
        draw_map(axes, drop, "voltage lost in the wires", "V")
        worst = np.unravel_index(np.abs(drop).argmax(), drop.shape)
        part = 100 * drop[worst] / drive[worst[0]] if drive[worst[0]] else float("nan")
        axes.set_title(f"worst: {amount(float(drop[worst]), 'V')} ({part:.3g} %) at row "
                       f"{worst[0]}, column {worst[1]}")
    return axes


def driving(crossbar: Crossbar) -> float:
    """The read voltage of an array."""
    return float(crossbar.read_voltage)


def cell_volts(crossbar: Any, volts: Optional[npt.ArrayLike], plane: int, tile: int) -> Doubles:
    """Voltages across cells, V: (rows, cols)."""
    if isinstance(crossbar, Crossbar):
        shape = crossbar.tile(tile)
        drive = np.full(shape.rows, driving(crossbar)) if volts is None else volts
        crossbar = crossbar.nodes(drive, plane=plane, tile=tile)
    if isinstance(crossbar, Nodes):
        return np.asarray(crossbar.word, np.float64) - crossbar.bit
    return numbers("crossbar", crossbar, ndim=(2,))


def size_error(sizes: Union[npt.ArrayLike, Sequence[Crossbar]], errors: Any = None, *,
               vectors: int = 32, band: str = "quantiles", label: Optional[str] = None,
               ax: Optional[Axes] = None) -> Axes:
    """Relative error of products against the size of the array, %, both on logarithmic axes.

    sizes are numbers of rows, (sizes,), and errors parts of one, (sizes,) or (sizes, instances),
    or a mapping from label to such. Or sizes are Crossbars: each multiplies so many random vectors
    of 0 .. 1, and its error is the rms difference from the products with its nominal weights, over
    their rms. band is "quantiles" (5 to 95 %), "interval" (95 %) or "sd".
    """
    one_of("band", band, ("quantiles", "interval", "sd"))
    if errors is None:
        sizes, errors = measured_errors(sizes, vectors)
    x = positive("sizes", sizes, ndim=(1,))
    drawings = {text: by_point("errors", values, x.size, positive)
                for text, values in curves(errors, label).items()}
    with drawn(ax) as axes:
        for text, rows in drawings.items():
            shape, smallest = look(axes), float(np.concatenate(rows).min())
            told = spreads(rows, band, (smallest / 10, np.inf))
            axes.plot(x, told.middle, color=shape.colour, linestyle=shape.dash,
                      marker=shape.marker, gid=CURVE, label=text)
            if told.instances > 1:
                axes.fill_between(x, told.low, told.high, color=shape.colour, alpha=0.2,
                                  linewidth=0)
        axes.set_xscale("log", base=2)
        axes.set_yscale("log")
        units(axes, ("rows of the array", ""), ("relative error of a product", "%"))
        axes.set_xticks(x, [f"{size:g}" for size in x])
        axes.minorticks_off()
        legend(axes)
    return axes


def measured_errors(crossbars: Any, vectors: int) -> tuple[Doubles, list[Doubles]]:
    """Numbers of rows, sorted, and the errors of the arrays that have so many."""
    if vectors < 1:
        raise ArgumentError(f"vectors = {vectors}; it must be 1 or more")
    crossbars = [crossbars] if isinstance(crossbars, Crossbar) else list(np.ravel(crossbars))
    if not crossbars or not all(isinstance(one, Crossbar) for one in crossbars):
        raise ArgumentError("errors is missing: give them after the sizes, or give Crossbars")
    found: dict[int, list[float]] = {}
    for crossbar in crossbars:
        rows = crossbar.shape[0]
        x = np.random.default_rng(rows).random((vectors, rows), dtype=np.float32)
        wanted = x @ crossbar.nominal_weights
        scale = float(np.sqrt(np.mean(wanted ** 2)))
        if scale == 0:
            raise ArgumentError("sizes holds a crossbar whose nominal weights are 0")
        error = float(np.sqrt(np.mean((x @ crossbar - wanted) ** 2))) / scale
        found.setdefault(rows, []).append(error)
    sizes = sorted(found)
    return np.array(sizes, np.float64), [np.array(found[size]) for size in sizes]
