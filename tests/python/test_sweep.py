# SPDX-License-Identifier: BSD-3-Clause
"""memqc.sweep: the file of results, tables, pictures and calls."""
import contextlib
import ctypes
import io
import os
import resource
import sqlite3
import subprocess
import sys
import threading

import sweep_work
from support import main, missing
from sweeping import GRID, HERE, InFolder, own, plan_of

import memqc
from memqc import sweep
from memqc.sweep import _run, _store


class Files(InFolder):
    def test_started_again_it_repeats_nothing(self):
        log = os.path.join(self.folder, "log")
        points = own(8, log=log)
        self.assertEqual(self.here(points[:5], function=sweep_work.numbers).ran, 5)
        results = self.here(points, function=sweep_work.numbers)
        self.assertEqual((len(results), results.ran), (8, 3))
        with open(log, encoding="utf-8") as file:
            self.assertEqual(sorted(map(int, file)), list(range(8)))
        for i, row in enumerate(results):
            again = {key: _run.plain(key, value)
                     for key, value in sweep_work.numbers({"i": i}).items()}
            self.assertEqual(row.record, again)  # to the last bit, through the file
        self.assertIsNone(results[0].record["none"])
        self.assertEqual(sorted(os.listdir(self.folder)), ["log", "results.sqlite"])

    def test_points_that_fail_are_told_and_run_again(self):
        for _ in range(2):
            results = self.here(own(6), function=sweep_work.fails)
            self.assertEqual([row.record["value"] for row in results], [0, 2, 3, 5])
            self.assertEqual(results.failures, {'{"i": 1}': "ValueError: 1 is\none of them",
                                                '{"i": 4}': "ValueError: 4 is\none of them"})
        self.assertEqual(results.ran, 2)
        self.assertIn("it must be a number or a list", str(self.here(
            own(1), function=sweep_work.texts).failures))

    def test_shares_and_merging(self):
        outs = [os.path.join(self.folder, f"{part}.sqlite") for part in (1, 2, 3)]
        for part, out in enumerate(outs, 1):
            self.here(own(7), function=sweep_work.numbers, share=(part, 3), out=out)
        self.assertEqual(sweep.merge(self.out, outs), 7)
        self.assertEqual(sweep.merge(self.out, outs), 0)
        self.assertEqual(self.here(own(7), function=sweep_work.numbers).ran, 0)
        with self.assertRaisesRegex(memqc.ArgumentError, "share = 4/3"):
            self.here(own(7), function=sweep_work.numbers, share=(4, 3))

    def test_foreign_files_are_refused_as_they_are(self):
        database = os.path.join(self.folder, "other.sqlite")
        with contextlib.closing(sqlite3.connect(database)) as connection:
            connection.execute("CREATE TABLE mine (x)")
        later = os.path.join(self.folder, "later.sqlite")
        self.here(own(1), function=sweep_work.numbers, out=later)
        with contextlib.closing(sqlite3.connect(later)) as connection:
            connection.execute("PRAGMA user_version = 2")
        text = self.path("text.sqlite", "a text, and no database at all\n" * 100)
        for path, says in ((database, "a database of another program"),
                           (later, "results of schema 2; this version of memqc reads schema 1"),
                           (text, "file is not a database")):
            with open(path, "rb") as file:
                before = file.read()
            with self.assertRaisesRegex(memqc.FormatError, says):
                self.here(own(2), function=sweep_work.numbers, out=path)
            with open(path, "rb") as file:
                self.assertEqual(file.read(), before)
        self.assertEqual(len([name for name in os.listdir(self.folder) if "-" in name]), 0)

    def test_full_disk(self):
        """The points that fitted are kept, and the study goes on where there is room again."""
        store = _store.Store(self.out)
        store.connection.execute(f"PRAGMA max_page_count = {store.one('PRAGMA page_count') + 4}")
        count = 0
        with self.assertRaisesRegex(memqc.FileError, "full; the points saved so far are kept"):
            for count in range(1000):
                store.save(_store.Saved(str(count), "s", "f", "v", {"x": "y" * 500}, {}, 0, "h"))
        self.assertGreater(count, 5)
        store.close()
        self.assertEqual(len(sweep.read(self.out)), count)

    def test_limit_of_the_file_size(self):
        """What a real file system does when it cannot write on, in a process of its own."""
        script = ("import sys; sys.path.insert(0, sys.argv[2])\n"
                  "import memqc, sweep_work\nfrom memqc import sweep\n"
                  "from concurrent.futures import ThreadPoolExecutor as Pool\n"
                  "try:\n    sweep.run([{'i': i, 'long': 'y' * 3000} for i in range(400)], "
                  "function=sweep_work.numbers, out=sys.argv[1], executor=Pool(1))\n"
                  "except memqc.FileError as error:\n    print(error)\n")

        def limited():
            resource.setrlimit(resource.RLIMIT_FSIZE, (300000, 300000))

        result = subprocess.run([sys.executable, "-c", script, self.out, HERE], text=True,
                                stdout=subprocess.PIPE, preexec_fn=limited, check=True)
        self.assertRegex(result.stdout, "results.sqlite|the points saved so far are kept")
        saved = len(sweep.read(self.out))
        self.assertTrue(0 < saved < 400, saved)

    def test_folder_that_may_not_be_written_to(self):
        with self.assertRaisesRegex(memqc.FileError, "unable to open"):
            self.here(own(1), function=sweep_work.numbers, out="/nowhere/results.sqlite")
        self.here(own(1), function=sweep_work.numbers)
        os.chmod(self.out, 0o444)
        os.chmod(self.folder, 0o555)
        script = ("import sys; sys.path.insert(0, sys.argv[2])\n"
                  "import memqc, sweep_work\nfrom memqc import sweep\n"
                  "from concurrent.futures import ThreadPoolExecutor as Pool\n"
                  "try:\n    sweep.run([{'i': 7}], function=sweep_work.numbers, out=sys.argv[1], "
                  "executor=Pool(1))\n"
                  "except memqc.FileError as error:\n    print(error)\n")

        def as_others():  # permissions do not keep root from writing, but for this
            if os.geteuid() == 0:
                ctypes.CDLL(None).prctl(24, 1)  # PR_CAPBSET_DROP, CAP_DAC_OVERRIDE

        try:
            result = subprocess.run([sys.executable, "-c", script, self.out, HERE], text=True,
                                    stdout=subprocess.PIPE, preexec_fn=as_others, check=True)
        finally:
            os.chmod(self.folder, 0o755)
        self.assertRegex(result.stdout, "readonly database|unable to open")
        self.assertEqual(len(sweep.read(self.out)), 1)

    def test_file_that_another_study_makes_meanwhile(self):
        """It is not taken for a foreign one, whenever the other makes it."""
        path, threads = self.out, []

        def other():
            _store.Store(path).close()

        class Late(_store.Store):
            def one(self, sql, *values):
                value = super().one(sql, *values)
                if "application_id" in sql and not threads:
                    threads.append(threading.Thread(target=other))
                    threads[0].start()
                    threads[0].join(0.5)
                return value

        Late(path).close()
        threads[0].join()
        self.assertEqual(len(sweep.read(path)), 0)

    def test_two_studies_write_to_one_file(self):
        """At the same moment, and to a file that is not there yet."""
        found, errors = {}, []
        barrier = threading.Barrier(4)

        def study(number):
            try:
                barrier.wait()
                found[number] = self.here(own(40), function=sweep_work.numbers)
            except BaseException as error:
                errors.append(error)

        threads = [threading.Thread(target=study, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(errors, [])
        with contextlib.closing(sqlite3.connect(self.out)) as connection:
            self.assertEqual(connection.execute("PRAGMA integrity_check").fetchone(), ("ok",))
            self.assertEqual(connection.execute("SELECT count(*) FROM points").fetchone(), (40,))
        self.assertEqual(len({one.to_csv() for one in found.values()}), 1)


class Tables(InFolder):
    def setUp(self):
        super().setUp()
        self.results = self.here(plan_of(grid=GRID))

    def test_table_and_csv(self):
        table = self.results.table()
        self.assertEqual(table["device.states"], [4, 4, 16, 16])
        self.assertEqual(table["mlp.hidden"], ["[4]"] * 4)
        self.assertEqual(table["accuracy"], table["accuracy_2"])
        path = os.path.join(self.folder, "table.csv")
        text = self.results.to_csv(path)
        with open(path, encoding="utf-8") as file:
            self.assertEqual(file.read(), text)
        self.assertEqual(text.count("\n"), 5)
        self.assertIn(repr(table["loss"][3]), text)
        with self.assertRaises(memqc.FileError):
            self.results.to_csv("/nowhere/table.csv")
        read = sweep.read(self.out)
        self.assertEqual(sorted(read.to_csv().splitlines()), sorted(text.splitlines()))
        self.assertEqual(read.axes, ("device.states", "seed"))
        with self.assertRaisesRegex(memqc.ArgumentError, 'study = "no"; .* has "study"'):
            sweep.read(self.out, "no")

    def test_pandas(self):
        if missing("pandas"):
            self.skipTest(f"this Python has {missing('pandas')}")
        frame = self.results.to_pandas()
        self.assertEqual(frame.shape[0], 4)
        self.assertEqual(list(frame["accuracy"]), self.results.table()["accuracy"])
        self.assertTrue((frame["seconds"] >= 0).all())

    def test_picture(self):
        if missing("matplotlib"):
            self.skipTest(f"this Python has {missing('matplotlib')}")
        from matplotlib.figure import Figure

        def axes():
            return Figure().add_subplot()

        one = self.results.plot(ax=axes())
        self.assertEqual(one.get_xlabel(), "device.states")
        table = self.results.table()["accuracy"]
        line = one.lines[0]
        self.assertEqual(list(line.get_xdata()), [4, 16])
        self.assertAlmostEqual(line.get_ydata()[0], sum(table[:2]) / 2)
        epochs = self.results.plot("epoch", by=["device.states"], ax=axes())
        self.assertEqual(len(epochs.lines), 2)
        self.assertEqual(epochs.get_legend().get_texts()[0].get_text(), "states 4")
        names = self.results.plot("device.preset", ax=axes())
        self.assertEqual([text.get_text() for text in names.get_xticklabels()], ["hfox-a"])
        for how, says in (({"x": "states"}, '"states" is no setting'),
                          ({"y": "pulse"}, 'y = "pulse"'), ({"band": "all"}, "band = 'all'")):
            with self.assertRaisesRegex(memqc.ArgumentError, says):
                self.results.plot(ax=axes(), **how)


class Calls(InFolder):
    def test_what_run_refuses(self):
        for how, says in (({"engine": "grid"}, 'engine = "grid"; it must be "processes", "dask"'),
                          ({"workers": 0}, "workers = 0"),
                          ({"address": "tcp://x"}, "is of no use"),
                          ({"function": lambda settings: {}}, "it must be a function of a module"),
                          ({"share": (0, 2)}, "share = 0/2; it must be I/N")):
            with self.assertRaisesRegex(memqc.ArgumentError, says):
                sweep.run(own(1), **{"function": sweep_work.numbers, "out": self.out, **how})
        with self.assertRaisesRegex(memqc.ArgumentError, "points: number 1: i: there is no such"):
            sweep.run(own(1), out=self.out)
        with self.assertRaisesRegex(memqc.ArgumentError, "points: number 2 is 7"):
            sweep.run([{}, 7], out=self.out, function=sweep_work.numbers)

    def test_progress_and_stopping(self):
        reports = []
        self.here(own(2), function=sweep_work.numbers)

        def told(report):
            reports.append(report)
            return report.done >= 3

        with self.assertRaisesRegex(memqc.Stopped, "saved so far are kept"):
            self.here(own(50), function=sweep_work.numbers, progress=told)
        self.assertEqual(reports[0][:4], ("sweep", 2, 50, 0))
        saved = len(sweep.read(self.out))
        self.assertTrue(3 <= saved < 50, saved)
        stderr = io.StringIO()
        with contextlib.redirect_stderr(stderr):
            self.here(own(50), function=sweep_work.numbers, progress=True)
        self.assertIn("study: 50 of 50 points", stderr.getvalue())

    def test_survey(self):
        self.here(own(2), function=sweep_work.numbers)
        listed = sweep.survey(own(3), out=self.out, function=sweep_work.numbers)
        self.assertEqual([saved for _, _, saved in listed], [True, True, False])
        self.assertEqual([saved for *_, saved in sweep.survey(plan_of())], [False])

if __name__ == "__main__":
    main()
