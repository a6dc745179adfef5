# SPDX-License-Identifier: BSD-3-Clause
"""Points of memqc.sweep with one worker and with two, by each engine: trainings of a small network
that take some tenths of a second, or points that wait a quarter of a second, which tell what the
engine costs alone on a machine that has other work. The start of workers is left out: the clock
runs from the point at which all of them work to the last one.

A module of bench.py; `bench_sweep.py POINTS waiting|training` is what it runs in a job of MPI.
"""
import os
import pathlib
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
POINTS = 16
LEAD = 4  # points before the clock starts
SETTINGS = {"data.name": "synthetic", "data.train": 1000, "data.test": 200,
            "device.preset": "hfox-a", "mlp.hidden": [32], "mlp.batch": 1, "mlp.epochs": 20}


def seconds(engine, workers, count, waiting):
    """Of a point, in this process's study."""
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
        raise RuntimeError(f"{engine}: {results.failures}")
    first = min(done for done in times if done >= LEAD)
    return (times[count] - times[first]) / (count - first)


def under_mpi(workers, count, waiting):
    """The same in a job of MPI, whose first rank leads."""
    out = subprocess.run(["mpiexec", "-n", str(workers + 1), "--allow-run-as-root",
                          "--oversubscribe", sys.executable, "-m", "mpi4py.futures", __file__,
                          str(count), "waiting" if waiting else "training"],
                         stdout=subprocess.PIPE, text=True, check=True)
    return float(out.stdout.split()[-1])


def use_package(build):
    """Workers find the package and the library by the environment."""
    folders = [str(ROOT / "bindings/python"), str(ROOT / "tests/python")]
    sys.path[:0] = folders
    os.environ["MEMQC_LIBRARY"] = str(build / "lib/libmemqc.so.0")
    os.environ.update(PYTHONPATH=os.pathsep.join(folders), OPENBLAS_NUM_THREADS="1")


def maker(engine, workers, waiting):
    def make(context):
        use_package(context.build)
        if engine == "mpi":
            return lambda: (under_mpi(workers, POINTS, waiting),) * 2
        return lambda: (seconds(engine, workers, POINTS, waiting),) * 2

    return make


MAKERS = {f"{kind}_{engine}_{workers}": maker(engine, workers, kind == "waiting")
          for kind in ("sweep", "waiting") for engine in ("processes", "dask", "mpi")
          for workers in (1, 2)}

if __name__ == "__main__":
    print(seconds("mpi", None, int(sys.argv[1]), sys.argv[2] == "waiting"))
