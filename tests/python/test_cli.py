# SPDX-License-Identifier: BSD-3-Clause
"""The command line: what it prints, its errors of one line, its exit codes and its completion."""
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

from support import ROOT, main

import memqc
from memqc import _cli, _completion

HFOX = str(ROOT / "examples/data/hfox-a.csv")


def run(*arguments, **how):
    return subprocess.run([sys.executable, "-W", "error", "-m", "memqc", *arguments], text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, **how)


class Commands(unittest.TestCase):
    def told(self, *arguments):
        result = run(*arguments)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        return result.stdout

    def test_fit(self):
        text = self.told("fit", HFOX)
        self.assertIn("384 rows: 1 device, 12 cycles; 372 points fitted", text)
        self.assertIn("quantized-linear                 4        0.0        0.0   0.034   0.376"
                      "         0  <- taken", text)
        self.assertIn("cannot tell quantized-linear from quantized-proportional", text)
        found = json.loads(self.told("fit", HFOX, "--json", "-"))
        device = memqc.Device.fit(HFOX)
        values = {one["name"]: one for one in found["fit"]["estimates"]}
        self.assertEqual(values["sigma"]["value"], device.sigma)
        self.assertEqual(values["sigma"]["error"], device.fit_value("standard_error", "sigma"))
        self.assertEqual(found["measured"]["reset_pulses"], 384)

    def test_dirty_data(self):
        with open(HFOX, encoding="utf-8") as file:
            lines = file.read().splitlines()
        lines[9], lines[99] = lines[9].rpartition(",")[0] + ",9.9e37", lines[99] + "e6"
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "dirty.csv")
            with open(path, "w", encoding="utf-8") as file:
                file.write("\n".join(lines) + "\n")
            text = self.told("fit", path, "--model", "quantized")
            self.assertIn("1 row left out, overflow of the instrument: row 7 (7.67e+33 S).", text)
            self.assertIn("1 row left out, off by a power of 1000: row 97 (", text)
            self.assertIn("all conductances change by", text)
            found = json.loads(self.told("fit", path, "--model", "quantized", "--json", "-"))
        self.assertEqual([one["row"] for one in found["fit"]["left_out"]], [7, 97])
        self.assertLess(found["measured"]["g_high"], 2e-3)

    def test_one_model(self):
        self.assertIn("No other model was tried.",
                      self.told("fit", HFOX, "--model", "quantized-constant"))

    def test_presets(self):
        lines = self.told("presets").splitlines()
        self.assertEqual([line.split()[0] for line in lines[1:]], memqc.Device.presets())
        table = json.loads(self.told("presets", "--json"))
        self.assertEqual(table["hfox-b"]["g_max"], memqc.Device("hfox-b").g_max)

    def test_parameters(self):
        for noun, kind in (("device", memqc.Device), ("crossbar", memqc.Crossbar),
                           ("mlp", memqc.MLP)):
            text = self.told("parameters", noun)
            for name, parameter in kind.parameters().items():
                self.assertIn(f"  {name}: {parameter.range}; ", text)
                self.assertIn(parameter.text, text)
        rows = json.loads(self.told("parameters", "device", "sigma", "--json"))
        self.assertEqual([(row["name"], row["unit"]) for row in rows], [("sigma", "S")])

    def test_version_and_help(self):
        self.assertEqual(self.told("--version"), f"memqc {memqc.__version__}\n")
        self.assertIn("report", self.told("--help"))
        self.assertEqual(run().returncode, 2)


class Failures(unittest.TestCase):
    def test_usage(self):
        for arguments, says in (
                (["report", "/nowhere.csv"], "there is no file /nowhere.csv"),
                (["report", str(ROOT)], "is a folder"),
                (["report", HFOX, "--target", "120"], "above 0 and below 100"),
                (["report", HFOX, "--seeds", "0"], '"0" must be a whole number, 1 .. 1000'),
                (["report", HFOX, "--set", "sigmma=1"], "memqc parameters device lists"),
                (["report", HFOX, "--set", "drift_nu=much"], "-10 .. 10"),
                (["report", HFOX, "--rules", "mixed,best"], '"best" is no rule'),
                (["report", HFOX, "-o", "/nowhere/page.html"], "no folder /nowhere"),
                (["fit", HFOX, "--model", "best-of-all"], "invalid choice"),
                (["parameters", "cell"], "invalid choice"), (["reprt"], "invalid choice")):
            result = run(*arguments)
            self.assertEqual((result.returncode, result.stdout), (2, ""), arguments)
            self.assertEqual(result.stderr.count("\n"), 1, result.stderr)
            self.assertIn(says, result.stderr)
            self.assertIn("--help tells more", result.stderr)

    def test_failures(self):
        with tempfile.TemporaryDirectory() as folder:
            latin = os.path.join(folder, "latin.csv")
            with open(latin, "wb") as file:
                file.write("pulse,conductance [\xb5S]\n1,2\n".encode("latin-1"))
            few = os.path.join(folder, "few.csv")
            with open(few, "w", encoding="utf-8") as file:
                file.write("pulse,conductance [S]\n1,1e-5\n2,2e-5\n")
            for arguments, says in (
                    (["fit", str(ROOT / "COPYING")], "no column"), (["fit", latin], "UTF-8"),
                    (["report", few, "-o", few + ".html"], "more than 8"),
                    (["report", HFOX, "--data", folder, "-o", few + ".html"], "idx3-ubyte"),
                    (["paper", "--tables", folder, "-o", few + ".html"], "none of the tables"),
                    (["parameters", "device", "sigmma"], "did you mean sigma?")):
                result = run(*arguments)
                self.assertEqual((result.returncode, result.stdout), (1, ""), arguments)
                lines = [line for line in result.stderr.splitlines() if " %  " not in line]
                self.assertEqual(len(lines), 1, result.stderr)
                self.assertIn(says, lines[0])
            self.assertEqual(sorted(os.listdir(folder)), ["few.csv", "latin.csv"])

    def test_warnings_are_one_line(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "no_unit.csv")
            with open(path, "w", encoding="utf-8") as file:
                file.write("pulse,conductance\n" + "".join(f"{n},{90 - 2 * n + n % 3}\n"
                                                           for n in range(1, 25)))
            result = subprocess.run([sys.executable, "-m", "memqc", "fit", path, "--model",
                                     "constant"], text=True, stdout=subprocess.PIPE,
                                    stderr=subprocess.PIPE, check=True)
        self.assertEqual(result.stderr.count("\n"), 1)
        self.assertRegex(result.stderr, "^memqc fit: conductances are up to [0-9.]+ S, which is less")

    def test_control_c(self):
        with tempfile.TemporaryDirectory() as folder:
            process = subprocess.Popen(
                [sys.executable, "-m", "memqc", "report", HFOX, "--epochs", "1000", "-o",
                 os.path.join(folder, "page.html")], text=True, stderr=subprocess.PIPE)
            for line in process.stderr:
                if "training under each rule" in line:
                    break
            process.send_signal(signal.SIGINT)
            _, rest = process.communicate(timeout=60)
            self.assertEqual((process.returncode, rest), (130, "memqc report: interrupted\n"))
            self.assertEqual(os.listdir(folder), [])

    @unittest.skipUnless(os.path.exists("/dev/full"), "no /dev/full")
    def test_a_full_disk(self):
        for arguments in ("presets",), ("--help",), ("--version",):
            with open("/dev/full", "w", encoding="ascii") as full:
                result = subprocess.run([sys.executable, "-u", "-m", "memqc", *arguments],
                                        text=True, stdout=full, stderr=subprocess.PIPE)
            self.assertEqual(result.returncode, 1)
            self.assertRegex(result.stderr, "^memqc.*: No space left on device\n$")

    def test_a_file_that_does_not_fit(self):
        def limit():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (100, resource.RLIM_INFINITY))

        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "fit.json")
            for there in False, True:
                if there:
                    with open(path, "w", encoding="ascii") as file:
                        file.write("old")
                result = run("fit", HFOX, "--model", "quantized-linear", "--json", path,
                             preexec_fn=limit, restore_signals=False)
                self.assertEqual(result.returncode, 1)
                self.assertEqual(result.stderr,
                                 f"memqc fit: {path} cannot be written: File too large\n")
                self.assertEqual(os.listdir(folder), ["fit.json"] * there)
            self.assertEqual(os.path.getsize(path), 3)


class Completion(unittest.TestCase):
    def test_every_option_is_in_every_shell(self):
        parser = _cli.parser_of_all()
        for shell, lines in _completion.SHELLS.items():
            text = "\n".join(lines(parser))
            for name, one in _completion.commands(parser).items():
                self.assertIn(name, text)
                for action in _completion.options(one):
                    long = action.option_strings[-1]
                    self.assertIn(f"-l {long[2:]} " if shell == "fish" else long, text)

    def complete(self, *words):
        """What bash offers for the last of some words."""
        if shutil.which("bash") is None:
            self.skipTest("bash is not installed")
        line = " ".join(f"'{word}'" for word in words)
        script = "\n".join(_completion.bash(_cli.parser_of_all()))
        script += (f"\nCOMP_WORDS=({line}); COMP_CWORD={len(words) - 1}; _memqc; "
                   'printf "%s\\n" "${COMPREPLY[@]}"')
        result = subprocess.run(["bash", "-c", script], text=True, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, cwd=ROOT / "examples/data")
        self.assertEqual(result.stderr, "")
        return result.stdout.split()

    def test_bash(self):
        self.assertEqual(self.complete("memqc", "re"), ["report"])
        self.assertEqual(self.complete("memqc", "report", "--qui"), ["--quick", "--quiet"])
        self.assertEqual(self.complete("memqc", "report", "hf"), ["hfox-a.csv"])
        self.assertEqual(self.complete("memqc", "fit", "--model", "soft"), ["soft-bounds"])
        self.assertEqual(self.complete("memqc", "parameters", "cr"), ["crossbar"])

    def test_other_shells_accept_their_scripts(self):
        for shell, check in (("bash", "-n"), ("zsh", "-n"), ("fish", "-n")):
            if shutil.which(shell) is None:
                continue
            script = run("completion", shell).stdout
            result = subprocess.run([shell, check], input=script, text=True,
                                    stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            self.assertEqual((result.returncode, result.stdout), (0, ""))


if __name__ == "__main__":
    main()
