# SPDX-License-Identifier: BSD-3-Clause
"""Every public function and constant of the headers is known to the package, as it is there."""
import re
import unittest

from support import PACKAGE, ROOT, main

from memqc import _constants, _native

HEADERS = {path.name: re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.S)
           for path in (ROOT / "include/memqc").glob("*.h")}
PREFIXES = {
    "MEMQC_KEY_": "KEY", "MEMQC_KIND_": "KIND", "MEMQC_SUMMARY_": "SUMMARY",
    "MEMQC_PHASE_": "PHASE", "MEMQC_PROGRESS_": "PROGRESS",
    "MEMQC_DEVICE_FAULT_": "DEVICE_FAULT", "MEMQC_DEVICE_FIT_": "DEVICE_FIT",
    "MEMQC_DEVICE_WARNING_": "DEVICE_WARNING",
    "MEMQC_DEVICE_COLUMN_": "DEVICE_COLUMN", "MEMQC_DEVICE_COST_": "DEVICE_COST",
    "MEMQC_CROSSBAR_COUNT_": "CROSSBAR_COUNT", "MEMQC_CROSSBAR_COST_": "CROSSBAR_COST",
    "MEMQC_CROSSBAR_REPORT_": "CROSSBAR_REPORT", "MEMQC_MLP_HISTORY_": "MLP_HISTORY",
    "MEMQC_MLP_PROPERTY_": "MLP_PROPERTY", "MEMQC_MLP_LIMIT_": "MLP_LIMIT",
    "MEMQC_CROSSED_": "CROSSED",
}


def declared():
    """The prototypes of all headers, with single spaces."""
    found = set()
    for text in HEADERS.values():
        for match in re.finditer(r"MEMQC_API\s+(?!_)([^;{]*?\([^;{]*?\));", text):
            found.add(" ".join(match[1].split()))
    return found


def name_of(prototype):
    return re.search(r"(memqc_\w+)\(", prototype)[1]


class Bindings(unittest.TestCase):
    def test_prototypes_are_those_of_the_headers(self):
        self.assertGreater(len(declared()), 100)
        self.assertEqual(set(_native.prototypes()), declared())

    def test_every_exported_symbol_is_bound(self):
        exported = set(re.findall(r"\b(memqc_\w+);", (ROOT / "lib/memqc.map").read_text()))
        self.assertEqual({name_of(prototype) for prototype in _native.prototypes()}, exported)
        for name in exported:
            self.assertTrue(callable(getattr(_native.C, name[len("memqc_"):])), name)

    def test_every_function_is_called_somewhere(self):
        source = "".join(path.read_text(encoding="utf-8") for path in PACKAGE.glob("*.py")
                         if path.name != "_prototypes.py")
        for prototype in declared():
            name = name_of(prototype)[len("memqc_"):]
            noun, _, verb = name.partition("_")
            short = verb.replace("_transposed", "")
            known = (f"C.{name}" in source or re.search(rf'"_?{short}"', source)
                     or noun + "_key" in name)
            self.assertTrue(known, f"no method calls memqc_{name}()")

    def test_constants_are_those_of_the_headers(self):
        values = {}
        for text in HEADERS.values():
            values.update((name, int(value)) for name, value in
                          re.findall(r"\b(MEMQC_\w+)\s*=\s*(-?\d+)", text))
        for prefix, table in PREFIXES.items():
            wanted = {name[len(prefix):].lower(): value for name, value in values.items()
                      if name.startswith(prefix)}
            known = getattr(_constants, table)
            if isinstance(known, tuple):
                known = {name: index for index, name in enumerate(known)}
            self.assertEqual(known, wanted, table)

    def test_each_status_has_an_exception(self):
        from memqc import _errors
        statuses = {int(value) for value in re.findall(
            r"MEMQC_(?:ERROR_\w+|STOPPED) = (-\d+)", HEADERS["base.h"])}
        self.assertEqual(set(_errors.BY_STATUS), statuses)


if __name__ == "__main__":
    main()
