# SPDX-License-Identifier: BSD-3-Clause
"""What the tests of the package for Python share. Without NumPy they are skipped."""
import importlib.util
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


# Modules that few people have, with the Debian package of each. Only sh tests/run.sh --all
# installs all of them.
HEAVY = {"distributed": "python3-distributed", "ipykernel": "python3-ipykernel",
         "matplotlib": "python3-matplotlib", "mpi4py": "python3-mpi4py",
         "nbconvert": "python3-nbconvert", "pandas": "python3-pandas", "scipy": "python3-scipy",
         "sklearn": "python3-sklearn", "torch": "python3-torch", "tqdm": "python3-tqdm"}


def missing(*modules):
    """Those of the modules that this Python does not have, in words; "" where all are there."""
    return ", ".join(f"no {module} (Debian: {HEAVY[module]})" for module in modules
                     if importlib.util.find_spec(module) is None)


def need(*modules):
    """Skips the whole file where a module is not there. To be called before its import."""
    reason = missing(*modules)
    if reason:
        print(f"skipped: this Python has {reason}")
        sys.exit(77)


def samples(count=300, seed=0):
    """Points of a square in three stripes, with their labels."""
    x = numpy.random.default_rng(seed).random((count, 4), dtype=numpy.float32)
    return x, (x[:, 0] * 3).astype(numpy.int32)


def main():
    """Runs the tests of the file. What is left out is named as tests/skipped.py reads it."""
    result = unittest.main(module="__main__", verbosity=1, exit=False).result
    for test, reason in result.skipped:
        print(f"skipped: {reason} ({test.id().split('.')[-1]})")
    left_out = result.skipped and len(result.skipped) >= result.testsRun
    sys.exit(1 if not result.wasSuccessful() else 77 if left_out else 0)
