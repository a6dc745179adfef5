#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""Points a second of memqc.sweep with two workers over one, by each engine: trainings of a small
network that take some tenths of a second. The limit is 2, the bar 1.8. The start of workers is
left out: from the point at which all of them work to the last one. On a machine that has other
work, --waiting measures what the engine costs alone: points that wait a quarter of a second.

usage: bench_sweep.py [--build DIR] [--rounds N] [--points N] [--waiting]
Prints a line `ratio NAME VALUE higher-is-better BAR LIMIT` for each engine, and each round.
"""
import argparse
import importlib.util
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
BAR, LIMIT = 1.8, 2
LEAD = 4  # points before the clock starts
SETTINGS = {"data.name": "synthetic", "data.train": 1000, "data.test": 200,
            "device.preset": "hfox-a", "mlp.hidden": [32], "mlp.batch": 1, "mlp.epochs": 20}


def rate(engine, workers, count, waiting):
    """Points a second of this process's study."""
    from memqc import sweep
    import sweep_work
    times = {}

    def told(report):
        times.setdefault(report.done, time.perf_counter())

    with tempfile.TemporaryDirectory() as folder:
        points = [{"i": i, "sleep": 0.25} if waiting else {**SETTINGS, "seed": i}
                  for i in range(1, count + 1)]
        results = sweep.run(points, out=os.path.join(folder, "bench.sqlite"), engine=engine,
                            function=sweep_work.numbers if waiting else sweep.train,
                            workers=workers, progress=told)
    if len(results) != count:
        sys.exit(f"{engine}: {results.failures}")
    first = min(done for done in times if done >= LEAD)
    return (count - first) / (times[count] - times[first])


def under_mpi(workers, count, waiting):
    """The same in a job of MPI, whose first rank leads."""
    out = subprocess.run(["mpiexec", "-n", str(workers + 1), "--allow-run-as-root",
                          "--oversubscribe", sys.executable, "-m", "mpi4py.futures", __file__,
                          "--rate", str(count), *["--waiting"] * waiting],
                         stdout=subprocess.PIPE, text=True, check=True)
    return float(out.stdout.split()[-1])


def measured(engine, *how):
    return under_mpi(*how) if engine == "mpi" else rate(engine, *how)


def missing(engine):
    """Why an engine cannot be measured."""
    module = {"dask": "distributed", "mpi": "mpi4py"}.get(engine)
    if module and importlib.util.find_spec(module) is None:
        return f"no {module}"
    return "no mpiexec" if engine == "mpi" and not shutil.which("mpiexec") else ""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--points", type=int, default=24)
    parser.add_argument("--waiting", action="store_true", help="points that wait")
    parser.add_argument("--rate", type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    library = arguments.build.resolve() / "lib/libmemqc.so.0"
    folders = [str(ROOT / "bindings/python"), str(ROOT / "tests/python")]
    sys.path[:0] = folders
    os.environ.setdefault("MEMQC_LIBRARY", str(library))
    os.environ.update(PYTHONPATH=os.pathsep.join(folders), OPENBLAS_NUM_THREADS="1")
    if arguments.rate:
        print(rate("mpi", None, arguments.rate, arguments.waiting))
        return 0
    good = True
    for engine in ("processes", "dask", "mpi"):
        if missing(engine):
            print(f"skipped: {engine}: {missing(engine)}")
            continue
        ratios = []
        for _ in range(arguments.rounds):
            one, two = (measured(engine, workers, arguments.points, arguments.waiting)
                        for workers in (1, 2))
            ratios.append(two / one)
        middle = statistics.median(ratios)
        good = good and middle >= BAR
        name = f"sweep_{engine}" + "_waiting" * arguments.waiting
        print(f"ratio {name} {middle:.3f} higher-is-better {BAR} {LIMIT}", flush=True)
        print(f"  rounds {' '.join(f'{one:.3f}' for one in ratios)}; {one:.2f} points a second "
              f"with one worker, {two:.2f} with two: {'ok' if middle >= BAR else 'below the bar'}",
              flush=True)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
