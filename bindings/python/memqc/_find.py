# SPDX-License-Identifier: BSD-3-Clause
"""Finds and loads the shared library.

The candidates, in order: $MEMQC_LIBRARY, the library in the package's folder, the one that was
installed together with the package, the soname, and what the system's linker knows as memqc.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import os
import sys
import warnings
from typing import Iterator, Optional

VARIABLE = "MEMQC_LIBRARY"
OLDEST = (0, 3)  # major and minor version of the interface that this package is written for
HERE = os.path.dirname(os.path.abspath(__file__))


def library_name() -> str:
    if sys.platform == "win32":
        return "memqc-0.dll"
    return "libmemqc.0.dylib" if sys.platform == "darwin" else "libmemqc.so.0"


def candidates() -> Iterator[tuple[str, Optional[str]]]:
    """What is tried: a description, and a path or name; None where there is nothing to try."""
    if os.environ.get(VARIABLE):
        yield "$" + VARIABLE, os.environ[VARIABLE]
    yield "the package's folder", os.path.join(HERE, library_name())
    note = os.path.join(HERE, "installed-library.txt")
    if os.path.exists(note):
        with open(note, encoding="utf-8") as file:
            yield "installed with the package", file.read().strip()
    yield "the soname", library_name()
    yield "the system", ctypes.util.find_library("memqc")


def opened(path: str) -> ctypes.CDLL:
    """The library of a path, if it is libmemqc of a version that fits; else OSError."""
    library = ctypes.CDLL(path)
    try:
        version_of = library.memqc_version
    except AttributeError:
        raise OSError(f"{path} is not libmemqc: it has no memqc_version") from None
    version_of.restype, version_of.argtypes = ctypes.c_uint32, []
    version = version_of()
    major, minor = version // 1000000, version // 1000 % 1000
    if major != OLDEST[0] or minor < OLDEST[1]:
        raise OSError(f"{path} is libmemqc {major}.{minor}; this package needs "
                      f"{OLDEST[0]}.{OLDEST[1]} or a later {OLDEST[0]}.x")
    return library


def load() -> ctypes.CDLL:
    """The library of the first candidate that loads. ImportError says why each one does not."""
    failures = []
    for what, path in candidates():
        if path is None:
            failures.append(f"{what}: knows no memqc")
            continue
        try:
            library = opened(path)
        except OSError as error:
            failures.append(f"{what}: {error}")
            continue
        if failures and failures[0].startswith("$"):
            warnings.warn(f"{failures[0]}; {path} is used instead", RuntimeWarning, stacklevel=2)
        return library
    raise ImportError("libmemqc was not found. Install it, or set $" + VARIABLE +
                      " to its path. Tried:\n  " + "\n  ".join(failures))
