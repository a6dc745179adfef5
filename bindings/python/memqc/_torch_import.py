# SPDX-License-Identifier: BSD-3-Clause
"""PyTorch, or an error that says how to get it. Its types are left alone: they take mypy a minute,
and differ from version to version."""

import importlib
from typing import Any

try:
    torch: Any = importlib.import_module("torch")
except ImportError as error:
    raise ImportError("memqc.torch needs PyTorch 1.13 or later: apt install python3-torch, or "
                      f"pip install torch ({error})") from None
