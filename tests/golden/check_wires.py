#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Arrays with wires against an independent solution: scipy's sparse direct solver on the assembled
nodal matrix, and for nonlinear cells scipy.optimize on Kirchhoff's law. Exits 77 (skipped) where
scipy is not.

usage: check_wires.py BENCH_WIRES_EXE
"""
import sys

try:
    import numpy
    import scipy.optimize
    import scipy.sparse.linalg
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

import wires

BAR = 1e-6  # relative error of each output


def cells(random, shape, bad):
    g = 10 ** random.uniform(-6, -4, shape)
    if bad:
        kind = random.uniform(size=shape)
        g[kind < 0.05] = 0
        g[(kind >= 0.05) & (kind < 0.07)] = 1.0
        g[(kind >= 0.07) & (kind < 0.08)] = 1e3
    return g.astype(numpy.float32)


def circuit(random, shape, bad, **more):
    ohms = [0.01, 1, 5, 100]
    return wires.Circuit(cells(random, shape, bad), word=random.choice(ohms),
                         bit=random.choice(ohms),
                         driver=random.choice([0, 20, 1000]), sense=random.choice([0, 20, 1000]),
                         driven=int(random.integers(1, 4)), sensed=int(random.integers(1, 4)),
                         backward=bool(random.integers(2)), **more)


def worst(got, want):
    return float(numpy.max(numpy.abs(got - want) / numpy.maximum(numpy.abs(want), 1e-300)))


def polished(lu, matrix, f):
    """A direct solution after two steps of refinement: shorted cells cost the solver digits."""
    v = lu.solve(f)
    for _ in range(2):
        v += lu.solve(f - matrix @ v)
    return v


def check_linear(program, random, shape, bad):
    c = circuit(random, shape, bad)
    volts = random.uniform(0, 0.2, (3, shape[1] if c.backward else shape[0]))
    got, effective = wires.run(program, c, volts, matrix=shape[0] * shape[1] <= 4096)
    matrix = c.matrix()
    lu = scipy.sparse.linalg.splu(matrix)
    want = numpy.array([c.outputs(polished(lu, matrix, c.drive(v))) for v in volts])
    error = worst(got, want)
    if effective is not None:
        error = max(error, worst(volts @ (effective.T if c.backward else effective), want))
    return error


def check_nonlinear(program, random, shape):
    c = circuit(random, shape, False, a=random.uniform(0.5, 10), v_ref=random.uniform(0.1, 0.5))
    volts = random.uniform(0, 0.8, shape[1] if c.backward else shape[0])
    got, _ = wires.run(program, c, volts)
    linear, f, n = c.wires(), c.drive(volts), c.g.size
    g = c.g.astype(float).ravel() * c.v_ref / numpy.sinh(c.a * c.v_ref)

    def kirchhoff(v):
        current = g * numpy.sinh(c.a * (v[:n] - v[n:]))
        return (linear @ v - f + numpy.concatenate([current, -current])) * 1e3

    def slopes(v):
        return (linear + c.cells(g * c.a * numpy.cosh(c.a * (v[:n] - v[n:])))).toarray() * 1e3

    found = scipy.optimize.root(kirchhoff, scipy.sparse.linalg.spsolve(c.matrix(), f), jac=slopes,
                                tol=1e-15)
    v = found.x
    v = v - numpy.linalg.solve(slopes(v), kirchhoff(v))
    return worst(got[0], c.outputs(v))


def main():
    program, random = sys.argv[1], numpy.random.default_rng(7)
    failed = 0
    plan = [("linear", check_linear, (shape, bad)) for bad in (False, True)
            for shape in [(1, 40), (40, 1), (7, 5), (33, 65), (64, 64), (100, 30), (128, 128),
                          (150, 120)] for _ in range(4)]
    plan += [("nonlinear", check_nonlinear, (shape,))
             for shape in [(1, 9), (9, 1), (6, 8), (12, 10)] for _ in range(5)]
    worst_of = {}
    for name, check, arguments in plan:
        error = check(program, random, *arguments)
        worst_of[name] = max(worst_of.get(name, 0), error)
        if not error <= BAR:
            failed += 1
            print(f"{name} {arguments}: off by {error:.3g}")
    for name, error in worst_of.items():
        print(f"{name}: largest relative error of an output {error:.3g}, bar {BAR}")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
