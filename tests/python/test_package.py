# SPDX-License-Identifier: BSD-3-Clause
"""Finding the library, the wheel, the types, and the shape of the sources."""
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import zipfile

from support import PACKAGE, ROOT, main

import memqc
from memqc import _find


def python(*arguments, cwd=None, **changes):
    """Runs a Python without the settings of the tests but those that are given."""
    env = {name: value for name, value in os.environ.items()
           if name not in ("MEMQC_LIBRARY", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE")}
    env.update(PYTHONDONTWRITEBYTECODE="1", **changes)
    return subprocess.run([sys.executable, *arguments], cwd=cwd, env=env, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


class Finding(unittest.TestCase):
    """Each test runs on a copy of the package, beside which there is no other library."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.package = os.path.join(self.folder.name, "memqc")
        shutil.copytree(PACKAGE, self.package, ignore=shutil.ignore_patterns("*.so*"))
        self.library = os.path.realpath(memqc.library())

    def tearDown(self):
        self.folder.cleanup()

    def run_import(self, **changes):
        return python("-c", "import memqc; print(memqc.library())", PYTHONPATH=self.folder.name,
                      **changes)

    def test_variable(self):
        self.assertEqual(self.run_import(MEMQC_LIBRARY=self.library).stdout.strip(), self.library)

    def test_folder_of_the_package(self):
        place = os.path.join(self.package, _find.library_name())
        shutil.copyfile(self.library, place)
        self.assertEqual(self.run_import().stdout.strip(), place)
        result = self.run_import(MEMQC_LIBRARY="/nowhere/libmemqc.so")
        self.assertIn("RuntimeWarning", result.stdout)
        self.assertIn("/nowhere/libmemqc.so", result.stdout)
        self.assertEqual(result.returncode, 0)

    def test_note_of_an_installation(self):
        with open(os.path.join(self.package, "installed-library.txt"), "w") as file:
            file.write(self.library + "\n")
        self.assertEqual(self.run_import().stdout.strip(), self.library)

    def test_soname(self):
        result = self.run_import(LD_LIBRARY_PATH=os.path.dirname(memqc.library()))
        self.assertEqual(result.stdout.strip(), "libmemqc.so.0")

    def test_failure_lists_every_candidate(self):
        other = os.path.join(self.package, _find.library_name())
        with open(other, "w") as file:
            file.write("no library")
        result = self.run_import(MEMQC_LIBRARY="libm.so.6")
        if result.returncode == 0:
            return  # libmemqc is installed on this system
        for text in ("$MEMQC_LIBRARY: libm.so.6 is not libmemqc", "the package's folder: " + other,
                     "the soname: libmemqc.so.0: cannot open", "the system: knows no memqc"):
            self.assertIn(text, result.stdout)


class Wheel(unittest.TestCase):
    def built(self, folder, *settings):
        result = python("-m", "pip", "wheel", "--no-deps", "--no-index", "--quiet", *settings,
                        "-w", folder, str(ROOT / "bindings/python"))
        self.assertEqual(result.returncode, 0, result.stdout)
        return os.path.join(folder, os.listdir(folder)[0])

    def setUp(self):
        for module in ("pip", "setuptools", "wheel"):
            if python("-c", "import " + module).returncode:
                self.skipTest(f"this Python has no {module}")

    def test_wheel_carries_the_library(self):
        with tempfile.TemporaryDirectory() as folder:
            library = os.path.realpath(memqc.library())
            wheel = self.built(folder, f"--config-settings=library={library}")
            self.assertRegex(os.path.basename(wheel), r"^memqc-[\d.]+-py3-none-linux_\w+\.whl$")
            place = os.path.join(folder, "installed")
            with zipfile.ZipFile(wheel) as archive:
                archive.extractall(place)
            self.assertTrue(os.path.exists(os.path.join(place, "memqc/py.typed")))
            result = python("-c", "import memqc; print(memqc.library())", PYTHONPATH=place)
            self.assertEqual(result.stdout.strip(), os.path.join(place, "memqc/libmemqc.so.0"))
            result = python("-m", "memqc", "presets", PYTHONPATH=place)
            self.assertIn("hfox-a", result.stdout)

    def test_wheel_for_the_library_of_the_system(self):
        with tempfile.TemporaryDirectory() as folder:
            wheel = self.built(folder, "--config-settings=library=system")
            self.assertTrue(wheel.endswith("-py3-none-any.whl"), wheel)
            with zipfile.ZipFile(wheel) as archive:
                self.assertFalse([name for name in archive.namelist() if ".so" in name])
                self.assertIn("memqc/_prototypes.py", archive.namelist())
                self.assertIn("memqc/plot/__init__.py", archive.namelist())
                self.assertIn("memqc/sweep/__init__.py", archive.namelist())
                self.assertIn("memqc/_report/page.py", archive.namelist())
                entry = next(name for name in archive.namelist() if "entry_points" in name)
                self.assertIn("memqc = memqc._cli:main", archive.read(entry).decode())


class Sources(unittest.TestCase):
    def test_meson_installs_every_module(self):
        listed = re.findall(r"'memqc/([\w./]+\.\w+)'",
                            (ROOT / "bindings/python/meson.build").read_text(encoding="utf-8"))
        there = [str(path.relative_to(PACKAGE)) for path in PACKAGE.rglob("*")
                 if path.suffix in (".py", ".typed")]
        self.assertEqual(sorted(listed), sorted(there))

    def test_size_and_width(self):
        for path in (*PACKAGE.rglob("*.py"), *(ROOT / "bindings/python").glob("*.py")):
            lines = path.read_text(encoding="utf-8").split("\n")
            self.assertLessEqual(len(lines), 401, path)
            for number, line in enumerate(lines, 1):
                self.assertLessEqual(len(line), 100, f"{path}:{number}")

    def test_types(self):
        if python("-m", "mypy", "--version").returncode:
            self.skipTest("this Python has no mypy")
        with tempfile.TemporaryDirectory() as cache:
            result = python("-m", "mypy", "--strict", "--cache-dir", cache, str(PACKAGE))
        self.assertEqual(result.returncode, 0, result.stdout)


if __name__ == "__main__":
    main()
