# SPDX-License-Identifier: BSD-3-Clause
"""The nodal matrix of an array with wires, assembled with scipy.sparse from the picture in
lib/circuit/circuit.h, and the way to hand the same circuit to solve_wires. Resistances of lines are
more than 0 here: nothing is merged."""
import dataclasses
import pathlib
import subprocess
import tempfile

import numpy
import scipy.sparse

FIRST, LAST, BOTH = 1, 2, 3


@dataclasses.dataclass
class Circuit:
    g: numpy.ndarray  # float32, rows x cols
    word: float = 1.0
    bit: float = 1.0
    driver: float = 0.0
    sense: float = 0.0
    driven: int = FIRST
    sensed: int = LAST
    backward: bool = False
    a: float = 0.0
    v_ref: float = 1.0

    def terminals(self):
        """Nodes with a terminal on the word and on the bit lines, their line, the conductance."""
        rows, cols = self.g.shape
        number = numpy.arange(2 * rows * cols).reshape(2, rows, cols)
        words = [number[0, :, j] for end, j in ((FIRST, 0), (LAST, cols - 1)) if self.driven & end]
        bits = [number[1, i, :] for end, i in ((FIRST, 0), (LAST, rows - 1)) if self.sensed & end]
        return words, 1 / (self.driver + self.word), bits, 1 / (self.sense + self.bit)

    def wires(self):
        """The matrix without cells."""
        rows, cols = self.g.shape
        number = numpy.arange(2 * rows * cols).reshape(2, rows, cols)
        along = (number[0, :, :-1].ravel(), number[0, :, 1:].ravel(), 1 / self.word)
        down = (number[1, :-1, :].ravel(), number[1, 1:, :].ravel(), 1 / self.bit)
        i, j, v = [], [], []
        for a, b, g in (along, down):
            for p, q, sign in ((a, a, 1), (b, b, 1), (a, b, -1), (b, a, -1)):
                i.append(p), j.append(q), v.append(numpy.full(p.size, sign * g))
        words, g_word, bits, g_bit = self.terminals()
        for nodes, g in [(nodes, g_word) for nodes in words] + [(nodes, g_bit) for nodes in bits]:
            i.append(nodes), j.append(nodes), v.append(numpy.full(nodes.size, g))
        size = 2 * rows * cols
        return scipy.sparse.csc_matrix((numpy.concatenate(v),
                                        (numpy.concatenate(i), numpy.concatenate(j))), (size, size))

    def cells(self, conductance):
        flat = conductance.ravel()
        diagonal = scipy.sparse.diags(flat)
        return scipy.sparse.bmat([[diagonal, -diagonal], [-diagonal, diagonal]], format="csc")

    def matrix(self):
        return (self.wires() + self.cells(self.g.astype(float))).tocsc()

    def drive(self, volts):
        """The right-hand side of one vector."""
        words, g_word, bits, g_bit = self.terminals()
        f = numpy.zeros(2 * self.g.size)
        for nodes in bits if self.backward else words:
            numpy.add.at(f, nodes, (g_bit if self.backward else g_word) * volts)
        return f

    def outputs(self, v):
        words, g_word, bits, g_bit = self.terminals()
        return sum((g_word if self.backward else g_bit) * v[nodes]
                   for nodes in (words if self.backward else bits))


def run(program, circuit, volts, matrix=False):
    """Currents and the effective matrix, by solve_wires."""
    rows, cols = circuit.g.shape
    volts = numpy.atleast_2d(volts)
    head = [rows, cols, circuit.word, circuit.bit, circuit.driver, circuit.sense, circuit.driven,
            circuit.sensed, circuit.backward,
            len(volts), circuit.a, circuit.v_ref, matrix]
    with tempfile.TemporaryDirectory() as folder:
        given, got = pathlib.Path(folder) / "in", pathlib.Path(folder) / "out"
        numpy.concatenate([numpy.array(head, float), circuit.g.astype(float).ravel(),
                           volts.ravel()]).tofile(given)
        subprocess.run([program, given, got], check=True)
        out = numpy.fromfile(got)
    count = len(volts) * (rows if circuit.backward else cols)
    effective = out[count:].reshape(rows, cols) if matrix else None
    return out[:count].reshape(len(volts), -1), effective
