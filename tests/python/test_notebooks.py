# SPDX-License-Identifier: BSD-3-Clause
"""The notebooks of examples/ run from the first cell to the last, and are committed without output.

MEMQC_SHORT=1 makes them train on few images. A kernel of its own has the settings of this test.
"""
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

from support import ROOT, main, missing, need

need("nbconvert", "ipykernel", "matplotlib")
import nbformat

FOLDER = ROOT / "examples/notebooks"


def parts(path, kind):
    return [cell for cell in nbformat.read(str(path), 4).cells if cell.cell_type == kind]


class Notebooks(unittest.TestCase):
    def executed(self, name):
        """A notebook after a run, in a copy of the folders that it reads."""
        with tempfile.TemporaryDirectory() as folder:
            place = os.path.join(folder, "examples")
            for part in ("notebooks", "data"):
                shutil.copytree(ROOT / "examples" / part, os.path.join(place, part))
            kernels = os.path.join(folder, "kernels", "kernels", "python3")
            os.makedirs(kernels)
            with open(os.path.join(kernels, "kernel.json"), "w", encoding="utf-8") as file:
                file.write('{"argv": ["%s", "-Xfrozen_modules=off", "-m", "ipykernel_launcher", '
                           '"-f", "{connection_file}"], "display_name": "Python 3", '
                           '"language": "python"}' % sys.executable)
            env = {**os.environ, "MEMQC_SHORT": "1", "JUPYTER_PATH": os.path.join(folder, "kernels"),
                   "HOME": folder, "IPYTHONDIR": folder}
            result = subprocess.run(
                [sys.executable, "-m", "nbconvert", "--to", "notebook", "--execute",
                 "--ExecutePreprocessor.timeout=300", "--output", "executed",
                 os.path.join(place, "notebooks", name)],
                env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            self.assertEqual(result.returncode, 0, result.stdout[-4000:])
            done = os.path.join(place, "notebooks", "executed.ipynb")
            return [cell.outputs for cell in parts(done, "code")]

    def check(self, name, pictures, texts):
        outputs = [output for cell in self.executed(name) for output in cell]
        shown = [output for output in outputs if "image/png" in output.get("data", {})]
        self.assertEqual(len(shown), pictures)
        text = "".join(output.text for output in outputs if output.output_type == "stream")
        for one in texts:
            self.assertRegex(text, one)

    def test_measured_device(self):
        self.check("measured_device.ipynb", 5, (
            "model: quantized-linear", r"sigma = 7\.\d+e-05 \+- [\d.e-]+ S",
            r"mixed-precision: [\d.]+ % of the test images, [\d.e+]+ pulses",
            r"trained on arrays: [\d.]+ %, 95 % interval", r"fit: 10 of 10 models|fit: 100%"))

    @unittest.skipIf(missing("torch"), missing("torch"))
    def test_lenet5(self):
        self.check("lenet5.ipynb", 4, (
            r"Conv2d\(6, 16, .*<memqc\.Crossbar 150 x 16", r"digital [\d.]+ %, on arrays [\d.]+ %",
            r"pulses to this array: [\d.e+]+"))

    def test_they_are_committed_without_output(self):
        paths = sorted(FOLDER.glob("*.ipynb"))
        self.assertEqual([path.name for path in paths], ["lenet5.ipynb", "measured_device.ipynb"])
        for path in paths:
            self.assertLess(path.stat().st_size, 20000)
            for cell in parts(path, "code"):
                self.assertEqual((cell.outputs, cell.execution_count), ([], None), path)
                for line in cell.source.split("\n"):
                    self.assertLessEqual(len(line), 110, f"{path}: {line}")


if __name__ == "__main__":
    main()
