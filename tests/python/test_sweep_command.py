# SPDX-License-Identifier: BSD-3-Clause
"""The command memqc sweep: a study, its errors of one line, Ctrl-C."""
import concurrent.futures
import contextlib
import io
import os
import signal
import subprocess
import sys

from support import ROOT, main, missing
from sweeping import HERE, TOML, InFolder

from memqc import _cli, sweep


class Command(InFolder):
    def memqc(self, *arguments, status=0):
        result = subprocess.run(
            [sys.executable, "-W", "error", "-m", "memqc", "sweep", *arguments], text=True,
            cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env={**os.environ, "MPLBACKEND": "Agg", "PYTHONPATH": os.pathsep.join(
                (str(ROOT / "bindings/python"), HERE))})
        self.assertEqual(result.returncode, status, result.stderr)
        return result

    def test_a_study(self):
        self.path("small.toml", TOML)
        listed = self.memqc("small.toml", "--list").stdout.splitlines()
        self.assertEqual(len(listed), 4)
        self.assertIn(" -     data.name=synthetic ", listed[0])
        result = self.memqc("small.toml", "--workers", "2", "--csv", "table.csv")
        self.assertEqual(result.stdout, "4 points, 4 of them run now\n"
                                        "The results are in small.sqlite\n")
        self.assertIn("small: 4 of 4 points", result.stderr)
        result = self.memqc("small.toml", "--quiet", "--csv", "-", "--x", "epoch",
                            *([] if missing("matplotlib") else ["--picture", "a.png"]))
        self.assertIn("4 points, 0 of them run now", result.stderr)
        with open(os.path.join(self.folder, "table.csv"), encoding="utf-8") as file:
            self.assertEqual(result.stdout, file.read())
        if not missing("matplotlib"):
            self.assertIn("a.png", os.listdir(self.folder))
        with concurrent.futures.ThreadPoolExecutor(2) as executor:
            here = sweep.run(sweep.Plan.load(os.path.join(self.folder, "small.toml")),
                             out=self.out, executor=executor)
        self.assertEqual(here.to_csv(), result.stdout)  # whatever ran them, and where

    def test_errors_of_one_line(self):
        plan = self.path("small.toml", TOML)
        wrong = self.path("wrong.toml", TOML.replace("[4, 16]", "[4, 0]"))
        mine = self.path("mine.toml", "[grid]\ni = [1, 2]\n")
        os.chdir(self.folder)
        self.addCleanup(os.chdir, HERE)
        for arguments, status, says in (
                (["none.toml"], 2, "there is no file none.toml"),
                ([plan, "--share", "3/2"], 2, '"3/2" must be I/N, I from 1 to N'),
                ([plan, "--function", "f"], 2, '"f" must be MODULE:NAME'),
                ([plan, "-o", "/nowhere/a.sqlite"], 2, "there is no folder to write /nowhere/a.sq"),
                ([wrong], 1, "wrong.toml: grid.device.states = 0; it must be 2 .. "),
                ([mine], 1, "mine.toml: grid.i: there is no such setting"),
                ([mine, "--function", "sweep_work:nothing"], 1, "has no function nothing"),
                ([plan, "-o", plan], 1, "small.toml: file is not a database"),
                ([mine, "--function", "sweep_work:fails", "--workers", "1", "--quiet"], 1,
                 '1 of 2 points failed; the first of them, {"i": 1}: ValueError: 1 is one of')):
            stderr = io.StringIO()
            with contextlib.redirect_stderr(stderr), contextlib.redirect_stdout(io.StringIO()):
                try:
                    told = _cli.main(["sweep", *arguments])
                except SystemExit as error:
                    told = error.code
            text = stderr.getvalue()
            self.assertEqual((told, text.count("\n")), (status, 1), text)
            self.assertIn(says, text)

    def test_control_c(self):
        self.path("mine.toml", "sleep = 0.1\n[grid]\ni = {from = 1, to = 900}\n")
        process = subprocess.Popen(
            [sys.executable, "-m", "memqc", "sweep", "mine.toml", "--function",
             "sweep_work:numbers", "--workers", "2"], text=True, cwd=self.folder,
            stderr=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True,
            env={**os.environ, "PYTHONPATH": f"{ROOT / 'bindings/python'}{os.pathsep}{HERE}"})
        for line in process.stderr:
            if "of 900" in line and " 0 of" not in line:
                break
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: workers get it, too
        _, rest = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 130)
        self.assertTrue(rest.endswith("memqc sweep: interrupted\n"), rest)
        self.assertNotIn("Traceback", rest)
        self.assertGreater(len(sweep.read(os.path.join(self.folder, "mine.sqlite"))), 0)

if __name__ == "__main__":
    main()
