# SPDX-License-Identifier: BSD-3-Clause
"""Netlists of programmed arrays for ngspice: cells, wires, drivers and sense resistors.

    print(memqc.spice.netlist(crossbar, volts))       # crossbar.T: driven from the bit lines
    amps = memqc.spice.currents(crossbar, volts)      # crossbar.currents(volts), by ngspice

netlist() needs no other program; currents() needs ngspice. The circuit is that of docs/crossbar.md.
A resistance of 0 is no element: its two nodes are one. A cell of 0 S is no element either.

Names: `vin3` drives line 3 of the array. Everything else begins with its plane and tile, such as
`p0t1_`; then come `w3` and `b5` for lines, `w3_5` and `b5_3` for the nodes of cell (3, 5), `c3_5`
for the cell, and `ref` in place of a column for the reference column. The current of
`vp0t1_b5` is what bit line 5 of that tile delivers.
"""

from __future__ import annotations

import math
import os
import re
import subprocess
import tempfile
from typing import Iterable, Iterator, Optional, Union

import numpy as np
import numpy.typing as npt

from ._arrays import Floats, batch, flat
from ._errors import ArgumentError, DivergedError, FileError
from ._native import whole
from ._products import Products, Tile
from .crossbar import Crossbar

__all__ = ["currents", "netlist"]

Choice = Union[None, int, Iterable[int]]
OPTIONS = ".options reltol=1e-10 abstol=1e-18 vntol=1e-12 itl1=1000"


class _Lines:
    """The word lines or the bit lines of a tile."""

    def __init__(self, crossbar: Crossbar, prefix: str, kind: str, lines: list[str],
                 cells: list[str], driven: bool) -> None:
        terminal, ends = (("driver_resistance", "driven_ends") if kind == "word"
                          else ("sense_resistance", "sensed_ends"))
        self.segment = float(crossbar.get(kind + "_resistance"))
        self.terminal = float(crossbar.get(terminal))
        self.ends = str(crossbar.get(ends))
        self.name, self.lines, self.cells, self.driven = prefix + kind[0], lines, cells, driven

    def behind(self, line: str) -> str:
        """The node behind the terminals of a line. A reference column is driven with 0 V."""
        if not self.driven:
            return f"{self.name}{line}_out"
        return "0" if line == "ref" else f"in{line}"

    def node(self, line: str, cell: str) -> str:
        """The node of a line at a cell."""
        if self.segment:
            return f"{self.name}{line}_{cell}"
        return f"{self.name}{line}" if self.terminal else self.behind(line)

    def elements(self) -> Iterator[str]:
        """The resistors of all lines, and the sources of 0 V that measure their currents."""
        for line in self.lines:
            name = f"{self.name}{line}"
            if not self.driven:
                yield f"v{name} {self.behind(line)} 0 0"
            for end, cell in (("first", self.cells[0]), ("last", self.cells[-1])):
                if self.ends in (end, "both"):
                    yield from self._end(name, self.behind(line), end, self.node(line, cell))
            if self.segment:
                for one, two in zip(self.cells, self.cells[1:]):
                    yield f"r{name}_{two} {name}_{one} {name}_{two} {self.segment!r}"

    def _end(self, name: str, behind: str, end: str, cell: str) -> Iterator[str]:
        """From the node behind a terminal to the cell next to it."""
        between = f"{name}_{end}" if self.terminal and self.segment else (
            cell if self.terminal else behind)
        if self.terminal:
            yield f"r{name}_{end}_terminal {behind} {between} {self.terminal!r}"
        if self.segment:
            yield f"r{name}_{end} {between} {cell} {self.segment!r}"


def _outputs(crossbar: Crossbar, tile: Tile) -> int:
    """The bit lines of a tile without its reference column."""
    return tile.cols - (crossbar.get("mapping") == "reference")


def _tiles(crossbar: Crossbar) -> int:
    """How many tiles a plane has: the last one ends where the plane does."""
    count, end = 0, (0, 0)
    while end != crossbar.shape:
        tile = crossbar.tile(count)
        end, count = (tile.row + tile.rows, tile.col + _outputs(crossbar, tile)), count + 1
    return count


def _chosen(name: str, choice: Choice, count: int) -> list[int]:
    """The numbers that a caller means: one, several, or None for all."""
    if choice is None:
        return list(range(count))
    numbers = [whole(name, number)
               for number in (choice if isinstance(choice, Iterable) else [choice])]
    for number in numbers:
        if number >= count:
            raise ArgumentError(f"{name} = {number}; it must be 0 .. {count - 1}")
    return numbers


def _cells(crossbar: Crossbar, name: str, word: _Lines, bit: _Lines,
           conductances: Floats) -> Iterator[str]:
    """Cells: resistors, or sources of the library's law."""
    a, volts = float(crossbar.get("iv_nonlinearity")), float(crossbar.get("read_voltage"))
    for (i, j), siemens in np.ndenumerate(conductances.astype(np.float64)):
        row, col = word.lines[i], bit.lines[j]
        top, bottom = word.node(row, col), bit.node(col, row)
        if siemens and a:
            factor = float(siemens) * volts / math.sinh(a * volts)
            yield f"b{name}{row}_{col} {top} {bottom} i={factor!r}*sinh({a!r}*v({top},{bottom}))"
        elif siemens:
            yield f"r{name}{row}_{col} {top} {bottom} {1 / float(siemens)!r}"


def _circuit(crossbar: Crossbar, plane: int, number: int, transposed: bool) -> Iterator[str]:
    """The elements of a tile of a plane."""
    tile, prefix = crossbar.tile(number), f"p{plane}t{number}_"
    row, col, last = tile.row, tile.col, tile.col + _outputs(crossbar, tile)
    g = crossbar.conductances[plane][row:row + tile.rows, col:last]
    rows = [str(line) for line in range(row, row + tile.rows)]
    cols = [str(line) for line in range(col, last)]
    if len(cols) < tile.cols:
        cols.append("ref")
        g = np.hstack([g, crossbar.reference(plane)[row:row + tile.rows, None]])
    word = _Lines(crossbar, prefix, "word", rows, cols, not transposed)
    bit = _Lines(crossbar, prefix, "bit", cols, rows, transposed)
    yield f"* plane {plane}, tile {number}: rows {rows[0]} .. {rows[-1]}, columns {cols[0]} .. " \
          f"{cols[-1]}"
    yield from word.elements()
    yield from bit.elements()
    yield from _cells(crossbar, prefix + "c", word, bit, g)


def _array(crossbar: Products) -> Crossbar:
    """The array of an array or of its transpose."""
    if not isinstance(crossbar, Products):
        raise ArgumentError(f"crossbar is a {type(crossbar).__name__}; it must be a memqc.Crossbar "
                            "or the transpose of one")
    return crossbar._of()


def netlist(crossbar: Products, volts: npt.ArrayLike, plane: Choice = None,
            tile: Choice = None) -> str:
    """The circuit of an array as a netlist that ngspice solves: `ngspice -b array.cir`.

    volts are those of one vector on the driven lines: the rows of an array, the columns of
    crossbar.T. plane and tile are numbers, several numbers, or None for all. Conductances and
    voltages are written to the last bit, of which ngspice keeps 11 digits in nonlinear cells. There
    are no converters and no read noise.
    """
    array, transposed = _array(crossbar), bool(crossbar._suffix)
    driven = flat("volts", volts, length=crossbar._inputs)
    if not np.isfinite(driven).all():
        raise ArgumentError("volts holds NaN or infinity; they must be finite")
    with array._lock:
        planes = _chosen("plane", plane, array.planes)
        tiles = _chosen("tile", tile, _tiles(array))
        rows, cols = array.shape
        lines = [f"* memqc: {rows} x {cols} cells, driven from the "
                 f"{'bit' if transposed else 'word'} lines"]
        lines += [f"vin{line} in{line} 0 {float(value)!r}" for line, value in enumerate(driven)]
        for one in planes:
            for number in tiles:
                lines += _circuit(array, one, number, transposed)
    return "\n".join(lines + [OPTIONS, ".op", ".end", ""])


def _operating_point(raw: bytes) -> dict[str, float]:
    """Names and values of a raw file of ngspice with one point."""
    head, _, body = raw.partition(b"Binary:\n")
    names = [line.split()[1] for line in head.decode().partition("Variables:\n")[2].splitlines()]
    values = np.frombuffer(body, np.float64, min(len(names), len(body) // 8))
    if not names or len(values) < len(names) or not np.isfinite(values).all():
        raise DivergedError("ngspice found no operating point")
    return dict(zip(names, values.tolist()))


def _solve(text: str, program: str) -> dict[str, float]:
    """What ngspice makes of a netlist: v(node) and i(source)."""
    with tempfile.TemporaryDirectory(prefix="memqc-") as folder:
        with open(os.path.join(folder, "array.cir"), "w", encoding="ascii") as file:
            file.write(text)
        environment = {name: value for name, value in os.environ.items()
                       if name != "SPICE_ASCIIRAWFILE"}
        try:
            done = subprocess.run([program, "-n", "-b", "-r", "array.raw", "array.cir"],
                                  cwd=folder, env=environment, stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, check=False)
        except FileNotFoundError:
            raise FileError(f"the program {program} was not found; install ngspice (Debian: "
                            "apt install ngspice) or pass program=") from None
        path = os.path.join(folder, "array.raw")
        if done.returncode or not os.path.exists(path):
            raise DivergedError(f"{program} ended with status {done.returncode}:\n" +
                                done.stdout.decode(errors="replace")[-1000:])
        with open(path, "rb") as raw:
            return _operating_point(raw.read())


def currents(crossbar: Products, volts: npt.ArrayLike, plane: int = 0, *,
             program: str = "ngspice") -> npt.NDArray[np.float64]:
    """crossbar.currents(volts, plane) as ngspice finds them, A: one run for each vector.

    Currents of the tiles of a line are added. A reference column is not among them.
    """
    _array(crossbar)
    sensed = "w" if crossbar._suffix else "b"
    vectors, _, outer = batch("volts", volts, crossbar._inputs)
    amps = np.zeros((len(vectors), crossbar._outputs))
    for vector, sums in zip(vectors, amps):
        found = _solve(netlist(crossbar, vector, whole("plane", plane)), program)
        for name, value in found.items():
            line = re.fullmatch(rf"i\(vp\d+t\d+_{sensed}(\d+)\)", name)
            if line:
                sums[int(line[1])] += value
    return amps.reshape(outer + (crossbar._outputs,))
