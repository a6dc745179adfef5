# SPDX-License-Identifier: BSD-3-Clause
"""What the tests of the package for Python share. Without NumPy they are skipped."""
import os
import pathlib
import sys
import unittest

try:
    import numpy  # noqa: F401
except ImportError:
    print("skipped: this Python has no NumPy")
    sys.exit(77)

ROOT = pathlib.Path(os.environ.get("MEMQC_SOURCE_ROOT") or
                    pathlib.Path(__file__).resolve().parents[2])
PACKAGE = ROOT / "bindings/python/memqc"
WEIGHTS = [[0.5, -0.25], [1.0, 0.0], [-1.0, 0.75]]


def samples(count=300, seed=0):
    """Points of a square in three stripes, with their labels."""
    x = numpy.random.default_rng(seed).random((count, 4), dtype=numpy.float32)
    return x, (x[:, 0] * 3).astype(numpy.int32)


def main():
    unittest.main(module="__main__", verbosity=1)
