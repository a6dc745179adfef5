#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""The suite of benchmarks decides as it should, on numbers that were made up; and one row is really
measured, whatever its time.

usage: test_bench.py BUILD_ROOT
"""
import json
import math
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import bench
import bench_circuits
import bench_rows
import bench_verdict
import bench_work
from bench_verdict import Result, Row

BUILD = pathlib.Path(sys.argv.pop()).resolve()
LOWER = Row("low", "what", "a", "b", bar=2.0, limit=1, against="theirs")
HIGHER = Row("high", "what", "a", "b", higher=True, bar=2.0, limit=4)


class Verdicts(unittest.TestCase):
    def test_medians_of_ratios(self):
        rounds = [{"a": (2.0, 9.0), "b": (1.0, 3.0)}, {"a": (8.0, 9.0), "b": (1.0, 3.0)},
                  {"a": (3.0, 9.0), "b": (2.0, 9.0)}]
        self.assertEqual(bench.result_of(LOWER, rounds).values, [2.0, 8.0, 1.5])
        self.assertEqual(bench.result_of(LOWER, rounds).value, 2.0)
        self.assertEqual(bench.result_of(HIGHER, rounds).value, 0.5)
        wall = Row("wall", "", "a", "b", wall=True)
        self.assertEqual(bench.result_of(wall, rounds).values, [3.0, 3.0, 1.0])
        self.assertEqual(bench.result_of(Row("alone", "", "a"), rounds).value, 3.0)

    def test_spread(self):
        self.assertEqual(bench_verdict.half_interquartile([1]), 0)
        self.assertEqual(bench_verdict.half_interquartile([4, 1, 3, 2, 5]), 1)
        self.assertAlmostEqual(bench_verdict.half_interquartile([1, 2, 3, 4]), 0.75)

    def test_bars(self):
        for row, values, said in ((LOWER, [2, 2, 2], "ok"), (LOWER, [1, 1, 1], "ok"),
                                  (LOWER, [2.1, 2.1, 2.1], "missed"),
                                  (LOWER, [1.8, 2.1, 2.4], "missed within spread"),
                                  (HIGHER, [2, 2, 2], "ok"), (HIGHER, [3, 3, 3], "ok"),
                                  (HIGHER, [1.9, 1.9, 1.9], "missed"),
                                  (HIGHER, [1.6, 1.9, 2.2], "missed within spread")):
            self.assertEqual(bench_verdict.verdict(row, Result(row.name, values)), said, values)
        row = Row("none", "", "a", "b")
        self.assertEqual(bench_verdict.verdict(row, Result("none", [1])), "no bar")

    def test_status(self):
        rows = [LOWER, HIGHER]
        for low, high, fails in (([1], [3], False), ([3], [3], True), ([1], [1], True)):
            results = {"low": Result("low", low), "high": Result("high", high)}
            self.assertEqual(bench_verdict.fails(rows, results), fails)
        for kind, fails in (("skipped", False), ("not there yet", False), ("failed", True)):
            results = {"low": Result("low", [], kind=kind, why="no numpy")}
            self.assertEqual(bench_verdict.fails(rows, results), fails)
            self.assertIn(f"{kind}: no numpy", bench_verdict.table(rows, results))
            self.assertIn(f"{kind}: low", bench_verdict.summary(rows, results))
            self.assertNotIn("ok", bench_verdict.summary(rows, results))

    def test_comparison(self):
        def now(value):
            return {"low": Result("low", [value]), "high": Result("high", [1 / value])}

        for value, count in ((0.9, 0), (1.0, 0), (1.04, 0), (1.06, 2)):
            found, unknown = bench_verdict.compare([LOWER, HIGHER], now(value), now(1.0))
            self.assertEqual((len(found), unknown), (count, []), value)
        noisy = {"low": Result("low", [0.9, 1.0, 1.1]), "high": Result("high", [], kind="skipped")}
        self.assertEqual(bench_verdict.compare([LOWER, HIGHER], now(1.06), noisy), ([], ["high"]))

    def test_numbers(self):
        for value, text in ((1.234, "1.23"), (0.5, "0.500"), (123.4, "123"), (9.96, "9.96"),
                            (0, "0.00"), (None, "-"), (math.nan, "-"), (1e-7, "1e-07")):
            self.assertEqual(bench_verdict.number(value), text)
        for seconds, text in ((2.5, "2.50 s"), (0.012, "12.0 ms"), (3e-6, "3.00 us"),
                              (1.5e-9, "1.50 ns"), (2e-13, "0.0002 ns"), (math.nan, "-")):
            self.assertEqual(bench_verdict.duration(seconds), text)
        self.assertEqual(bench_verdict.machine_line(LOWER, Result("low", [1.5])),
                         "ratio low 1.50 lower-is-better 2.00 1.00")
        self.assertEqual(bench_verdict.distance(LOWER, Result("low", [1.5])), "1.50 x")
        self.assertEqual(bench_verdict.distance(HIGHER, Result("high", [2])), "2.00 x")


class Rows(unittest.TestCase):
    def test_names(self):
        names = [row.name for row in bench_rows.ROWS]
        self.assertEqual(len(names), len(set(names)))
        for row in bench_rows.ROWS:
            self.assertRegex(row.name, r"^[a-z0-9_]+$")
            self.assertTrue(row.what and row.against, row.name)
        self.assertEqual({row.name for row in bench_rows.chosen(["mac_", "update"])},
                         {name for name in names if name.startswith(("mac_", "update"))})

    def test_workloads_are_there(self):
        program = bench_work.Program(bench.executable(BUILD, "bench"), None)
        known = {*program.names, *bench.MAKERS}
        wanted = {name for row in bench_rows.ROWS for name in (row.ours, row.base) if name}
        self.assertEqual(wanted - known, set())
        self.assertEqual(program.ask("run nothing"), "absent no such workload")
        program.close()

    def test_order_of_nodes(self):
        if not bench_work.has("numpy"):
            self.skipTest("no numpy")
        for rows, cols in ((1, 1), (7, 12), (16, 5)):
            order = bench_circuits.nested(rows, cols)
            self.assertEqual(sorted(order), list(range(2 * rows * cols)))

    def test_peer(self):
        context = type("Context", (), {"peer": f"'{sys.executable}' -c \"print('samples=4 seconds=2')\""})
        self.assertEqual(bench_work.MAKERS["peer_samples"](context)(), (0.5, 0.5))


class Failures(unittest.TestCase):
    """A workload that fails takes no other row with it."""

    def context(self):
        options = type("Options", (), {"build": BUILD, "data": None, "reference": None})
        return bench.Context(options)

    def test_of_one_row(self):
        context = self.context()
        bench.MAKERS["broken"] = lambda _: 1 / 0
        rows = [Row("good", "", "update", "saxpy"), Row("bad", "", "update", "broken")]
        results = bench.measure_group(rows, context, 2)
        context.program.close()
        del bench.MAKERS["broken"]
        self.assertEqual(len(results["good"].values), 2)
        self.assertEqual((results["bad"].kind, results["bad"].why),
                         ("failed", "ZeroDivisionError: division by zero"))

    def test_of_the_program(self):
        context = self.context()
        context.program.process.kill()
        row = Row("good", "", "update", "saxpy")
        self.assertEqual(bench.measure_group([row], context, 1)["good"].kind, "failed")
        self.assertEqual(len(bench.measure_group([row], context, 1)["good"].values), 1)
        context.program.close()

    def test_of_what_is_not_there_yet(self):
        context = self.context()
        row = Row("later", "", "nothing_2", "nothing_1", key=True)
        result = bench.measure_group([row], context, 1)["later"]
        self.assertEqual((result.kind, result.values), ("not there yet", []))
        context.program.close()


class Suite(unittest.TestCase):
    """bench.py as it is called."""

    def call(self, *arguments):
        done = subprocess.run([sys.executable, str(HERE / "bench.py"), "--build", str(BUILD),
                               *arguments], stdout=subprocess.PIPE, text=True, check=False,
                              env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"})
        return done.returncode, done.stdout

    def test_measures_saves_and_compares(self):
        with tempfile.TemporaryDirectory() as folder:
            kept, other = pathlib.Path(folder) / "a.json", pathlib.Path(folder) / "b.json"
            status, out = self.call("update", "--rounds", "3", "--json", str(kept), "--note", "busy")
            self.assertEqual(status, 0, out)
            self.assertRegex(out, r"(?m)^ratio update [0-9.]+ lower-is-better - 1.00$")
            self.assertRegex(out, r"(?m)^update  +[0-9.]+ .* no bar  +saxpy")
            data = json.loads(kept.read_text(encoding="utf-8"))
            self.assertEqual(data["machine"]["note"], "busy")
            self.assertEqual(len(data["rows"]["update"]["values"]), 3)
            again = self.call("update", "--from", str(kept), "--compare", str(kept))
            self.assertEqual(again[0], 0, again[1])
            for row in data["rows"].values():
                row["values"] = [value / 100 for value in row["values"]]
            other.write_text(json.dumps(data), encoding="utf-8")
            status, out = self.call("update", "--from", str(kept), "--compare", str(other))
            self.assertEqual(status, 1)
            self.assertEqual(re.findall(r"(?m)^worse (\w+) ", out), ["update", "update_over_copy"])
            out = self.call("update", "--from", str(kept), "--markdown")[1]
            self.assertRegex(out, r"(?m)^\| `update` \| an update of .* ± ")

    def test_memory_has_a_verdict(self):
        status, out = self.call("bytes_hfox_single")
        value = float(re.search(r"(?m)^ratio bytes_hfox_single (\S+) ", out)[1])
        self.assertEqual(status, 0 if value <= 12 else 1)
        self.assertIn("ok" if value <= 12 else "missed: bytes_hfox_single", out)

    def test_page_shows_the_results(self):
        results, known = bench.load(HERE / "results.json")
        page = (HERE.parents[1] / "docs/performance.md").read_text(encoding="utf-8")
        self.assertIn("<!-- end of ratios -->", page)
        self.assertEqual(bench.on_page(page, bench_rows.ROWS, results, known), page)

    def test_skips_by_name(self):
        reference = {"MEMQC_DATA": "", "XDG_CACHE_HOME": "/nowhere"}
        done = subprocess.run([sys.executable, str(HERE / "bench.py"), "--build", str(BUILD),
                               "trains_over_float"], stdout=subprocess.PIPE, text=True,
                              env={**os.environ, **reference}, check=False)
        self.assertEqual(done.returncode, 0)
        self.assertIn("skipped: trains_over_float", done.stdout)

    def test_lists_and_refuses(self):
        self.assertEqual(self.call("nothing")[0], 2)
        status, out = self.call("--list")
        self.assertEqual((status, len(out.splitlines())), (0, len(bench_rows.ROWS)))


if __name__ == "__main__":
    unittest.main()
