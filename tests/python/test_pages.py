# SPDX-License-Identifier: BSD-3-Clause
"""The pages about Python: their blocks run, and no public module, class or function is missing."""
import ast
import os
import re
import subprocess
import sys
import tempfile
import unittest

from support import HEAVY, PACKAGE, ROOT, main, missing

import memqc

PAGES = [ROOT / "README.md", *sorted(ROOT.glob("docs/*.md")), *sorted(ROOT.glob("examples/**/*.md")),
         *sorted(ROOT.glob("bindings/**/*.md"))]
# What the modules of the package import when they are used.
BEHIND = {"memqc.torch": ["torch"], "memqc.sklearn": ["sklearn"], "memqc.plot": ["matplotlib"]}


def blocks_of(page):
    text = page.read_text(encoding="utf-8")
    return re.findall(r"^```python\n(.*?)^```", text, re.S | re.M)


def modules_of(block):
    """The heavy modules that a block imports, itself or through memqc."""
    names = set()
    for node in ast.walk(ast.parse(block)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)}
    heavy = {name.split(".")[0] for name in names} & set(HEAVY)
    for module, modules in BEHIND.items():
        if any(name == module or name.startswith(module + ".") for name in names):
            heavy.update(modules)
    return sorted(heavy)


def run(blocks):
    """The blocks of a page, one after the other, in an empty folder."""
    env = {**os.environ, "PYTHONPATH": str(PACKAGE.parent), "MEMQC_LIBRARY": memqc.library(),
           "MEMQC_SOURCE_ROOT": str(ROOT), "MPLBACKEND": "Agg", "PYTHONDONTWRITEBYTECODE": "1"}
    with tempfile.TemporaryDirectory() as folder:
        return subprocess.run([sys.executable, "-W", "error", "-c", "\n".join(blocks)], cwd=folder,
                              env=env, text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT)


class Blocks(unittest.TestCase):
    """A block may use what the blocks above it have made. So the first one that needs a missing
    module takes those below it with it."""

    def test_blocks_run(self):
        found = 0
        for page in PAGES:
            blocks = blocks_of(page)
            found += len(blocks)
            name = page.relative_to(ROOT)
            for index, block in enumerate(blocks):
                reason = missing(*modules_of(block))
                if reason:
                    print(f"skipped: block {index + 1} of {name} and on: {reason}")
                    blocks = blocks[:index]
                    break
            if blocks:
                with self.subTest(page=str(name)):
                    result = run(blocks)
                    self.assertEqual(result.returncode, 0, result.stdout)
        self.assertGreaterEqual(found, 4)

    def test_modules_are_recognized(self):
        for text, modules in (("import memqc.torch as mt", ["torch"]),
                              ("from memqc import plot, Device", ["matplotlib"]),
                              ("from memqc.sklearn import MemristorClassifier", ["sklearn"]),
                              ("import pandas as pd\nfrom torch import nn", ["pandas", "torch"]),
                              ("import memqc\nimport numpy", [])):
            self.assertEqual(modules_of(text), modules, text)


class Names(unittest.TestCase):
    """Each public name has a docstring, and a page that tells of it."""

    def public(self):
        for path in sorted(PACKAGE.glob("**/*.py")):
            parts = path.relative_to(PACKAGE).with_suffix("").parts
            if any(part.startswith("_") and part != "__init__" for part in parts):
                continue
            yield path, ".".join(part for part in parts if part != "__init__")

    def definitions(self, path):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        yield None, tree
        for node in tree.body:
            if isinstance(node, (ast.ClassDef, ast.FunctionDef)) and not node.name.startswith("_"):
                yield node.name, node

    def test_docstrings(self):
        for path, module in self.public():
            for name, node in self.definitions(path):
                with self.subTest(module=module, name=name):
                    self.assertTrue(ast.get_docstring(node), "no docstring")

    def exported(self, path):
        """The names of __all__, which are written out in every module that has one."""
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.Assign) and "__all__" in [ast.unparse(target)
                                                              for target in node.targets]:
                yield from ast.literal_eval(node.value)

    def test_pages_name_modules_and_what_they_export(self):
        text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES
                         if page.name != "NEWS.md")
        for path, module in self.public():
            names = [name for name in self.exported(path) if not name.isupper()]
            if module and not set(names) & set(dir(memqc)):
                names.append(f"memqc.{module}")
            for name in names:
                with self.subTest(module=module, name=name):
                    self.assertTrue(re.search(rf"\b{name}\b", text), "no page has this name")


if __name__ == "__main__":
    main()
