# SPDX-License-Identifier: BSD-3-Clause
"""memqc.sweep on its engines: equal bits, workers that are killed, studies that are. With
MEMQC_TEST_MANY=1 it kills 20 workers of each engine, not 2 of one."""
import contextlib
import glob
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import unittest

import sweep_work
from support import ROOT, main, missing

import memqc
from memqc import sweep

HERE = os.path.dirname(os.path.abspath(__file__))
MANY = bool(os.environ.get("MEMQC_TEST_MANY"))
KILLS = 20 if MANY else 2
WORKING = (b"spawn_main",)  # in the command line of a process that runs points
TABLES = {"name": "bits", "data": {"name": "synthetic", "train": 60, "test": 40},
          "device": {"preset": "hfox-a"}, "mlp": {"hidden": [40], "epochs": 1},
          "grid": {"mlp": {"rule": ["nearest-level", "mixed-precision"]}, "seed": [1, 2]}}
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT / "bindings/python"), HERE))}
MPIEXEC = ("mpiexec", "-n", "3", "--allow-run-as-root", "--oversubscribe", sys.executable, "-m",
           "mpi4py.futures", "-m", "memqc", "sweep")


def without_mpi():
    """Why there can be no test of MPI; "" where there can."""
    if missing("mpi4py"):
        return f"this Python has {missing('mpi4py')}"
    return "" if shutil.which("mpiexec") else "no mpiexec (Debian: openmpi-bin)"


def descendants(parent):
    """Processes below a process, with their command lines."""
    below, found = {}, {}
    for path in glob.glob("/proc/[0-9]*/stat"):
        with contextlib.suppress(OSError):
            with open(path, encoding="utf-8", errors="replace") as file:
                fields = file.read().rpartition(")")[2].split()
            below.setdefault(int(fields[1]), []).append(int(path.split("/")[2]))
    queue = [parent]
    while queue:
        for child in below.get(queue.pop(), []):
            with contextlib.suppress(OSError):
                with open(f"/proc/{child}/cmdline", "rb") as file:
                    found[child] = file.read()
                queue.append(child)
    return found


def workers(parent=None):
    return [pid for pid, line in descendants(parent or os.getpid()).items()
            if any(word in line for word in WORKING)]


class Killer(threading.Thread):
    """Kills workers of this process at random, so many, while a study runs: of four times, three
    after a point was done since, and one at any moment, the start of workers included. The first
    is killed after the first point: a cluster of Dask waits for its first workers for ever."""

    def __init__(self, times, seed, log):
        super().__init__(daemon=True)
        self.times, self.random, self.log = times, random.Random(seed), log
        self.killed, self.over = 0, False

    def points(self):
        return os.path.getsize(self.log) if os.path.exists(self.log) else 0

    def run(self):
        while self.killed < self.times and not self.over:
            before = self.points()
            if self.random.random() < 0.75 or before == 0:
                while self.points() == before and not self.over:
                    time.sleep(0.02)
            time.sleep(self.random.uniform(0, 0.7))
            there = workers()
            if there:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(self.random.choice(there), signal.SIGKILL)
                    self.killed += 1


class Engines(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def out(self, name):
        return os.path.join(self.folder, name)

    def test_equal_bits(self):
        """Layers of more than 32 units are BLAS's, whose sums depend on the number of threads."""
        plan = sweep.Plan.of(TABLES)
        texts = {count: sweep.run(plan, out=self.out(f"{count}.sqlite"), workers=count).to_csv()
                 for count in (1, 2)}
        self.assertEqual(texts[1].count("\n"), 5)
        self.assertEqual(texts[2], texts[1])
        if missing("distributed"):
            print(f"skipped: this Python has {missing('distributed')}")
        else:
            dask = sweep.run(plan, out=self.out("dask.sqlite"), engine="dask", workers=2)
            self.assertEqual((dask.failures, dask.to_csv()), ({}, texts[1]))
        if without_mpi():
            print(f"skipped: {without_mpi()}")
            return
        toml = self.out("bits.toml")
        with open(toml, "w", encoding="utf-8") as file:
            file.write('name = "bits"\n[data]\nname = "synthetic"\ntrain = 60\ntest = 40\n'
                       '[device]\npreset = "hfox-a"\n[mlp]\nhidden = [40]\nepochs = 1\n[grid]\n'
                       'mlp.rule = ["nearest-level", "mixed-precision"]\nseed = [1, 2]\n')
        result = subprocess.run([*MPIEXEC, toml, "-o", self.out("mpi.sqlite"), "--engine", "mpi",
                                 "--csv", self.out("mpi.csv")], cwd=self.folder, text=True,
                                env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.assertEqual(result.returncode, 0, result.stdout)
        with open(self.out("mpi.csv"), encoding="utf-8") as file:
            self.assertEqual(file.read(), texts[1])

    def complete(self, out, results, count):
        """Each point is there once, with the numbers that it has when nobody is killed."""
        self.assertEqual((len(results), results.failures), (count, {}))
        with contextlib.closing(sqlite3.connect(out)) as connection:
            self.assertEqual(connection.execute("PRAGMA integrity_check").fetchone(), ("ok",))
            self.assertEqual(connection.execute("SELECT count(*) FROM points").fetchone()[0], count)
        for row in results:
            numbers = sweep_work.numbers({"i": row.settings["i"]})
            self.assertEqual(row.record["first"], numbers["first"])
            self.assertEqual(row.record["all"], numbers["all"].tolist())

    def killed(self, engine):
        out, count = self.out(f"{engine}.sqlite"), 40 * KILLS
        log = self.out(f"{engine}.log")
        points = [{"i": i, "sleep": 0.05, "log": log} for i in range(count)]
        killer = Killer(KILLS, KILLS, log)
        killer.start()
        try:
            results = sweep.run(points, function=sweep_work.numbers, out=out, engine=engine,
                                workers=2)
        finally:
            killer.over = True
            killer.join()
        print(f"{engine}: {killer.killed} workers killed, {len(results)} points")
        self.assertGreaterEqual(killer.killed, KILLS // 2)
        self.complete(out, results, count)

    def test_killed_workers(self):
        self.killed("processes")

    def test_killed_workers_of_dask(self):
        if missing("distributed"):
            self.skipTest(f"this Python has {missing('distributed')}")
        if MANY:
            self.killed("dask")

    def test_point_that_kills_its_worker(self):
        points = [{"i": i} for i in range(5)]
        results = sweep.run(points, function=sweep_work.kills, out=self.out("kills.sqlite"),
                            workers=1)
        self.assertEqual([row.record["value"] for row in results], [0, 1, 3, 4])
        self.assertEqual(list(results.failures), ['{"i": 2}'])
        self.assertIn("its worker died 6 times", results.failures['{"i": 2}'])

    def study(self, *arguments):
        """A study in a process group of its own."""
        return subprocess.Popen([*arguments], cwd=self.folder, env=ENVIRONMENT, text=True,
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                start_new_session=True)

    def wait_for(self, out, count):
        end = time.monotonic() + 60
        while time.monotonic() < end:
            with contextlib.suppress(memqc.Error):
                if len(sweep.read(out)) >= count:
                    return
            time.sleep(0.05)
        self.fail(f"not {count} points in a minute")

    def plan(self, count):
        with open(self.out("plan.toml"), "w", encoding="utf-8") as file:
            file.write(f'log = "{self.out("log")}"\nsleep = 0.05\n[grid]\n'
                       f"i = {{from = 0, to = {count - 1}}}\n")
        return "plan.toml", "-o", "killed.sqlite", "--function", "sweep_work:numbers"

    def goes_on(self, out, count, lost):
        """Starts a killed study again. All points are there, and few ran twice."""
        plan = sweep.Plan.load(self.out("plan.toml"), free=True)
        before = len(sweep.read(out))
        results = sweep.run(plan, function=sweep_work.numbers, out=out, workers=2)
        self.assertEqual(results.ran, count - before)
        self.complete(out, results, count)
        with open(self.out("log"), encoding="utf-8") as file:
            ran = [int(line) for line in file]
        self.assertEqual(set(ran), set(range(count)))
        self.assertLessEqual(len(ran), count + lost)

    def test_killed_study(self):
        """Its workers end by themselves, and the next one goes on where it was."""
        out, count = self.out("killed.sqlite"), 60
        process = self.study(sys.executable, "-m", "memqc", "sweep", *self.plan(count),
                             "--workers", "2")
        self.wait_for(out, 3)
        left = workers(process.pid)
        self.assertEqual(len(left), 2)
        process.kill()
        process.wait()
        end = time.monotonic() + 20
        while any(os.path.exists(f"/proc/{pid}") for pid in left) and time.monotonic() < end:
            time.sleep(0.02)
        self.assertEqual([pid for pid in left if os.path.exists(f"/proc/{pid}")], [])
        self.goes_on(out, count, 4)

    def test_killed_rank(self):
        """MPI ends all ranks with one. The next study goes on, with another engine, too."""
        if without_mpi():
            self.skipTest(without_mpi())
        if not MANY:
            return
        out, count = self.out("killed.sqlite"), 300
        process = self.study(*MPIEXEC, *self.plan(count), "--engine", "mpi")
        self.wait_for(out, 5)
        ranks = [pid for pid, line in descendants(process.pid).items() if b"mpi4py" in line]
        os.kill(ranks[-1], signal.SIGKILL)
        self.assertNotEqual(process.wait(60), 0)
        self.goes_on(out, count, 6)

    def test_two_studies_on_one_file(self):
        out, count = self.out("killed.sqlite"), 30
        arguments = self.plan(count)
        other = self.study(sys.executable, "-m", "memqc", "sweep", *arguments, "--workers", "1")
        plan = sweep.Plan.load(self.out("plan.toml"), free=True)
        results = sweep.run(plan, function=sweep_work.numbers, out=out, workers=1)
        self.assertEqual(other.wait(60), 0)
        self.complete(out, results, count)


if __name__ == "__main__":
    main()
