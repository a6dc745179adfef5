# SPDX-License-Identifier: BSD-3-Clause
"""Parameters that C learns appear in Python, on the command line and in the tables of the docs.

A copy of the library gets two new ones, a number and a choice, and is compiled. Nothing else is
changed.
"""
import concurrent.futures
import importlib.util
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import unittest

from support import ROOT, main

HEADER = "include/memqc/crossbar_keys.h"
ARRAY = "lib/crossbar/array/array.h"
LAST = re.search(r"MQC_CROSSBAR_KEYS = (\w+) - MEMQC", (ROOT / ARRAY).read_text())[1]
CC = shlex.split(os.environ.get("CC", "cc"))
TEXTS = ("How much of the current leaks in this test.", "What a test sees of it.")


def changes(last):
    """What is replaced by what in which file. last is the number of the last key."""
    keys = (f"    MEMQC_CROSSBAR_LEAKAGE = {last + 1}, MEMQC_CROSSBAR_VIEW = {last + 2},\n"
            "    MEMQC_CROSSBAR_VIEW_NEAR = 2991, MEMQC_CROSSBAR_VIEW_FAR = 2992,\n")
    names = ("static const struct mqc_choice views[] = {{MEMQC_CROSSBAR_VIEW_NEAR, \"near\"},\n"
             "    {MEMQC_CROSSBAR_VIEW_FAR, \"far\"}, {0, NULL}};\n")
    rows = (f'    NUMBER(LEAKAGE, "leakage", "A", "reading", "{TEXTS[0]}", REAL, 0, 0.25, 0.125,\n'
            f'        0, 0, ALWAYS),\n    PICK(VIEW, "view", "reading", "{TEXTS[1]}", VIEW_NEAR,\n'
            "        VIEW_FAR, VIEW_NEAR, views, 0, 0, ALWAYS),\n")
    table = "static const struct mqc_key rows"
    end = "};\n\nconst struct mqc_keys "
    return {HEADER: [(f"    {LAST} =", f"{keys}    {LAST} =")],
            ARRAY: [(f"{LAST} - MEMQC", "MEMQC_CROSSBAR_VIEW - MEMQC")],
            "lib/crossbar/array/params.c": [(table, names + table), (end, rows + end)]}


USE = """
import copy, pickle, pydoc, sys
import memqc
assert memqc.library() == sys.argv[1], memqc.library()
texts = sys.argv[2:]
device = memqc.Device("hfox-a")
crossbar = memqc.Crossbar(device, (3, 2), leakage=0.2, view="far")
assert (crossbar.leakage, crossbar.view) == (0.2, "far")
crossbar.leakage = 0.0625
crossbar.set(view="near", leakage=0.25)
assert (crossbar.get("leakage"), crossbar.get("view")) == (0.25, "near")
for twin in (copy.copy(crossbar), pickle.loads(pickle.dumps(crossbar))):
    assert (twin.leakage, twin.view) == (0.25, "near")
mlp = memqc.MLP((4, 3, 2), device, leakage=0.2)
mlp.set_layer(1, view="far")
assert (mlp.leakage, mlp.view, mlp.get_layer(1, "view")) == (0.2, "near", "far")
for value, text in ((1, "0 .. 0.25 A"), ("near", "0 .. 0.25 A")):
    try:
        crossbar.leakage = value
    except memqc.ArgumentError as error:
        assert text in str(error), error
    else:
        raise AssertionError(value)
try:
    crossbar.view = "farr"
except memqc.ArgumentError as error:
    assert '"near", "far"' in str(error), error
parameter = memqc.Crossbar.parameters()["leakage"]
assert (parameter.unit, parameter.initial, parameter.text) == ("A", 0.125, texts[0])
for kind in (memqc.Crossbar, memqc.MLP):
    shown = pydoc.render_doc(kind, renderer=pydoc.plaintext)
    for text in ("leakage", "0 .. 0.25 A", '"near", "far"', *texts):
        assert text in shown, text
"""


def run(command, **changes):
    result = subprocess.run(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                            env={**os.environ, **changes})
    if result.returncode:
        raise AssertionError(f"{shlex.join(map(str, command))}: {result.stdout}")
    return result.stdout


def flags(what):
    return shlex.split(run(["pkg-config", what, "openblas"]))


def compiled(folder):
    """The library of a folder's sources, without optimization and for one instruction set."""
    compiler = [*CC, "-std=c11", "-O0", "-w", "-fPIC", "-fvisibility=hidden", "-Iinclude", "-Ilib",
                "-DMQC_ISA=base", *flags("--cflags")]
    sources = sorted(path.relative_to(folder) for path in folder.glob("lib/**/*.c"))
    objects = [str(path).replace("/", "_") + ".o" for path in sources]

    def one(source, out):
        result = subprocess.run([*compiler, "-c", str(source), "-o", out], cwd=folder, text=True,
                                stderr=subprocess.PIPE)
        return result.stderr if result.returncode else ""

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        failures = "".join(pool.map(one, sources, objects))
    assert not failures, failures
    library = folder / "libmemqc.so.0"
    run([*CC, "-shared", "-o", library,
         f"-Wl,--version-script={folder}/lib/memqc.map",
         *(folder / name for name in objects), *flags("--libs"), "-lm", "-pthread"])
    return library


@unittest.skipUnless(sys.platform.startswith("linux"), "the commands are those of Linux")
class NewParameter(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        holder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(holder.cleanup)
        cls.folder = pathlib.Path(holder.name)
        for name in ("include", "lib"):
            shutil.copytree(ROOT / name, cls.folder / name)
        last = int(re.search(rf"{LAST} = (\d+)", (ROOT / HEADER).read_text())[1])
        for name, replaced in changes(last).items():
            path = cls.folder / name
            text = path.read_text(encoding="utf-8")
            for old, new in replaced:
                assert text.count(old) == 1, f"{name} has {text.count(old)} of {old}"
                text = text.replace(old, new)
            path.write_text(text, encoding="utf-8")
        cls.library = compiled(cls.folder)

    def test_python(self):
        run([sys.executable, "-W", "error", "-c", USE, self.library, *TEXTS],
            MEMQC_LIBRARY=str(self.library))

    def test_tables_of_the_docs(self):
        program = self.folder / "parameters"
        run([*CC, "-w", f"-I{self.folder}/include", ROOT / "examples/parameters.c", "-o",
             program, self.library, f"-Wl,-rpath,{self.folder}"])
        table = run([program, "--markdown"])
        self.assertIn(f"| `leakage` | A | 0 .. 0.25 | 0.125 | {TEXTS[0]} |", table)
        self.assertRegex(table, rf"\| `view` \| \| [^|]*near[^|]*far[^|]* \| near \| {TEXTS[1]} \|")
        known = (ROOT / "docs/parameters.md").read_text(encoding="utf-8").splitlines()
        added = [line for line in table.splitlines() if line not in known]
        self.assertEqual(len(added), 2, added)

    @unittest.skipUnless(importlib.util.find_spec("memqc.__main__"), "memqc has no commands yet")
    def test_command_line(self):
        shown = run([sys.executable, "-m", "memqc", "parameters", "crossbar"],
                    MEMQC_LIBRARY=str(self.library))
        for text in ("leakage", "view", "near", "far"):
            self.assertIn(text, shown)


if __name__ == "__main__":
    main()
