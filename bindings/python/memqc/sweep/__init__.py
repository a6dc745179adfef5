# SPDX-License-Identifier: BSD-3-Clause
"""Studies of many points: a plan becomes independent trainings, which run side by side on one
machine, on a cluster of Dask or under MPI, and whose numbers go to one file.

    >>> from memqc import sweep
    >>> plan = sweep.Plan.load("plan.toml")
    >>> results = sweep.run(plan, out="results.sqlite", progress=True)
    >>> results.to_csv("results.csv")

A study that is started again runs what is not saved yet. The numbers of a point are the same to
the last bit, whichever engine and however many workers there are. Workers are spawned: a script
that calls run() needs `if __name__ == "__main__":` around it. docs/sweep.md has the format of a
plan, engines and clusters.
"""

from ._plan import Plan
from ._results import Results, merge, read
from ._run import run, survey
from ._store import Saved
from ._train import train

__all__ = ["Plan", "Results", "Saved", "merge", "read", "run", "survey", "train"]
