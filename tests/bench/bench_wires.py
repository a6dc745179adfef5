#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""Wire resistance beside scipy.sparse.linalg.spsolve on the assembled nodal matrix of the same
circuit, in turns, on one thread, in processor time: 1 ohm a segment, cells log-uniform from 10 kohm
to 1 Mohm. Ours is everything from conductances to currents (`cold`), and each further vector
(`warm`); theirs is the call of spsolve alone. `matrix`: the effective matrix, by our iterations
and, in NumPy, by eliminating word lines and sweeping the bit lines with dense Cholesky factors.

usage: bench_wires.py [--build DIR] [--sizes N ...] [--rounds N]
"""
import argparse
import os
import pathlib
import statistics
import sys
import time

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

import numpy
import scipy.linalg
import scipy.sparse.linalg

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "golden"))
import wires

BAR, EXACT = 20, 1e-6


def executable(build, name):
    for path in sorted(build.rglob(name)):
        if path.is_file() and os.access(path, os.X_OK):
            return str(path)
    sys.exit(f"{build}: no {name} in it; configure with tests, then build")


def swept(c):
    """The effective matrix by elimination: rows of the bit lines' nodes one after the other, sensed
    after the last."""
    g = c.g.astype(float)
    rows, cols = g.shape
    words, bits = 1 / c.word, 1 / c.bit
    line = numpy.full(cols, 2 * words)
    line[-1] = words
    beside = numpy.r_[0, numpy.full(cols - 1, -words)]
    effective = numpy.zeros((cols, rows))
    schur = None
    for i in range(rows):
        solved = scipy.linalg.solveh_banded(numpy.array([beside, line + g[i]]), numpy.diag(g[i]))
        block = numpy.diag(g[i]) - g[i][:, None] * solved
        block[numpy.diag_indices(cols)] += 2 * bits if i else bits
        if schur is not None:
            block -= bits * bits * schur
            effective[:, :i] = bits * (schur @ effective[:, :i])
        effective[:, i] = words * solved[0]
        factor = scipy.linalg.cholesky(block, lower=True, overwrite_a=True, check_finite=False)
        inverse, _ = scipy.linalg.lapack.dpotri(factor, lower=True, overwrite_c=True)
        schur = numpy.tril(inverse) + numpy.tril(inverse, -1).T
    return (bits * (schur @ effective)).T


def measure(program, n, rounds):
    random = numpy.random.default_rng(n)
    c = wires.Circuit((10 ** random.uniform(-6, -4, (n, n))).astype(numpy.float32))
    volts = random.uniform(0, 0.2, (16, n))
    matrix, f = c.matrix(), c.drive(volts[0])
    ratios, warm, ours, theirs, error = [], [], [], [], 0
    for _ in range(rounds):
        got, effective, times = wires.run(program, c, volts, matrix=True, repetitions=5)
        start = time.process_time()
        v = scipy.sparse.linalg.spsolve(matrix, f)
        theirs.append(time.process_time() - start)
        ours.append(times["cold"][0])
        ratios.append(theirs[-1] / ours[-1])
        warm.append(theirs[-1] / times["solve"][0])
        error = max(error, float(numpy.max(numpy.abs(got[0] / c.outputs(v) - 1))))
    start = time.process_time()
    want = swept(c)
    sweep = time.process_time() - start
    off = float(numpy.max(numpy.abs(effective / want - 1)))
    iterations = times["solve"][1]
    print(f"  {n:>4} x {n:<4} {statistics.median(ours) * 1e3:9.3f} ms "
          f"{statistics.median(theirs) * 1e3:10.2f} ms"
          f" {statistics.median(ratios):8.1f} x {statistics.median(warm):8.1f} x"
          f" {times['batch'][0] / 16 * 1e3:9.3f} ms {iterations:4} it  {error:.1e}"
          f" {times['matrix'][0]:9.4f} s {sweep:9.4f} s  {off:.1e}", flush=True)
    return statistics.median(ratios) >= BAR and error < EXACT


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build")
    parser.add_argument("--sizes", type=int, nargs="+", default=[64, 128, 256, 512])
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    program = executable(options.build, "bench_wires")
    print("  size             cold      spsolve    ratio   warm ratio  batch of 16        error"
          "    matrix    swept        error")
    good = [measure(program, n, options.rounds) for n in options.sizes]
    print(f"  {sum(good)} of {len(good)} sizes are {BAR} times faster with errors below {EXACT}")
    return not all(good)


if __name__ == "__main__":
    sys.exit(main())
