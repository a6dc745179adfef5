# SPDX-License-Identifier: BSD-3-Clause
"""The circuits of bench_circuits.c for SciPy: a direct solve of the nodal matrix, in the faster of
two orders. Assembling the matrix and ordering its nodes by nested dissection are not counted;
ours is everything from conductances to currents. And LAPACK's factorization of a dense matrix."""
import sys

from bench_work import ROOT, Broken, timed

EXACT = 1e-6
LARGE = 256 * 256  # beyond, minimum degree takes three times as long, and is not tried
FACTORED = 64  # of the 512 dense factorizations, which take as long each


def scramble(i):
    """The hash of bench.h, as numbers from 0 to 1."""
    import numpy
    x = i.astype(numpy.uint32) * numpy.uint32(2654435769)
    x ^= x >> numpy.uint32(15)
    x *= numpy.uint32(2246822519)
    x ^= x >> numpy.uint32(13)
    return (x >> numpy.uint32(8)) / 2.0**24


def nested(rows, cols):
    """The nodes in an order by nested dissection: a part is cut along its longer side, by the nodes
    of the word lines in a column or those of the bit lines in a row."""
    import numpy
    layer, row, col = (part.ravel() for part in numpy.indices((2, rows, cols)))

    def order(nodes):
        if len(nodes) <= 32:
            return [nodes]
        i, j = row[nodes], col[nodes]
        across = j if numpy.ptp(j) >= numpy.ptp(i) else i
        middle = int(across.min() + across.max()) // 2
        cut = (across == middle) & (layer[nodes] == (0 if across is j else 1))
        before = (across <= middle) & ~cut
        after = across > middle
        return [*order(nodes[before]), *order(nodes[after]), nodes[cut]]

    return numpy.concatenate(order(numpy.arange(2 * rows * cols)))


def solvers(matrix, f, rows, cols):
    """Functions that solve, by name."""
    import numpy
    from scipy.sparse import linalg
    order = nested(rows, cols)
    cut = matrix[order][:, order].tocsc()
    symmetric = {"diag_pivot_thresh": 0, "options": {"SymmetricMode": True}}

    def by_nested():
        v = numpy.empty_like(f)
        v[order] = linalg.splu(cut, permc_spec="NATURAL", **symmetric).solve(f[order])
        return v

    def by_degree():
        return linalg.splu(matrix, permc_spec="MMD_AT_PLUS_A", **symmetric).solve(f)

    found = {"nested dissection": by_nested}
    if rows * cols <= LARGE:
        found["minimum degree"] = by_degree
    return found


def scipy_solve(context, size):
    import numpy
    sys.path.insert(0, str(ROOT / "tests" / "golden"))
    import wires
    cells = numpy.arange(size * size)
    g = (10.0**(2 * scramble(cells + size) - 6)).astype(numpy.float32).reshape(size, size)
    circuit = wires.Circuit(g)
    f = circuit.drive(0.2 * scramble(numpy.arange(size)))
    ways, times = solvers(circuit.matrix(), f, size, size), {}
    context.program.run(f"cold_{size}")
    ours = context.program.answers()
    for name, way in ways.items():
        found = []
        times[name] = timed(lambda: found.append(way()), 1)
        off = float(numpy.max(numpy.abs(ours / circuit.outputs(found[0]) - 1)))
        if not off < EXACT:
            raise Broken(f"currents of {size} x {size} differ by {off:.2g}")
    fastest = min(times, key=times.get)
    context.say(f"scipy_{size}: {fastest} is the faster of " +
                ", ".join(f"{name} {1e3 * t:.4g} ms" for name, (t, _) in times.items()))
    return lambda: timed(ways[fastest], 1)


def cholesky(_):
    import numpy
    from scipy.linalg import lapack
    n = 512
    matrix = numpy.asfortranarray(numpy.full((n, n), 0.5) + n * numpy.eye(n))

    def factor():
        for _ in range(FACTORED):
            lapack.dpotrf(matrix, lower=1)

    return lambda: timed(factor, FACTORED / n)


MAKERS = {f"scipy_{size}": lambda context, size=size: scipy_solve(context, size)
          for size in (64, 256, 512)}
MAKERS["cholesky_512"] = cholesky
