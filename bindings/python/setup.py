# SPDX-License-Identifier: BSD-3-Clause
"""The wheel: the package and, unless the system's is wanted, the shared library in its folder.

MEMQC_WHEEL_LIBRARY says which library: a path, "system" for none, or nothing, which builds it.
"""
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile

from setuptools import Distribution, setup
from setuptools.command.build_py import build_py
from wheel.bdist_wheel import bdist_wheel

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
SONAME = "libmemqc.so.0"
HIDING = ("PYTHONPATH", "PYTHONNOUSERSITE", "PYTHONHOME")
CHOICE = os.environ.get("MEMQC_WHEEL_LIBRARY", "")
OPTIONS = ["--buildtype=release"] + [f"-D{name}=disabled" for name in (
    "tests", "examples", "benchmarks", "docs", "python")]


def version():
    with open(os.path.join(ROOT, "meson.build"), encoding="utf-8") as file:
        return re.search(r"version: '([\d.]+)'", file.read())[1]


def built(folder):
    """The path of the library, built in a folder."""
    for tool in ("meson", "ninja"):
        if shutil.which(tool) is None:
            sys.exit(f"memqc: {tool} is missing, which builds the library. Install it, or set "
                     "MEMQC_WHEEL_LIBRARY to the path of a library or to 'system'.")
    # Meson is a program of the system: it must not look for its modules where pip has put ours.
    env = {name: value for name, value in os.environ.items() if name not in HIDING}
    subprocess.run(["meson", "setup", folder, ROOT] + OPTIONS, check=True, env=env)
    subprocess.run(["meson", "compile", "-C", folder, "memqc:shared_library"], check=True, env=env)
    return glob.glob(os.path.join(folder, "lib", SONAME + ".*[0-9]"))[0]


class Build(build_py):
    """Adds the library to the package."""

    def run(self):
        super().run()
        if CHOICE == "system":
            return
        target = os.path.join(self.build_lib, "memqc", SONAME)
        if CHOICE:
            shutil.copyfile(os.path.realpath(CHOICE), target)
            return
        with tempfile.TemporaryDirectory() as folder:
            shutil.copyfile(built(folder), target)


class Carrier(Distribution):
    """A package with compiled code, where it carries the library."""

    def has_ext_modules(self):
        return CHOICE != "system"


class Wheel(bdist_wheel):
    """Tags the wheel: any Python 3, and the platform where it carries the library."""

    def get_tag(self):
        return "py3", "none", super().get_tag()[2]


scratch = os.environ.get("MEMQC_WHEEL_SCRATCH")
setup(
    distclass=Carrier,
    version=version(),
    packages=["memqc", "memqc._report", "memqc.plot", "memqc.sweep"],
    package_data={"memqc": ["py.typed"]},
    cmdclass={"build_py": Build, "bdist_wheel": Wheel},
    options={"build": {"build_base": scratch}, "egg_info": {"egg_base": scratch}}
    if scratch else {},
)
