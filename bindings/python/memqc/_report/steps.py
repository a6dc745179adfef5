# SPDX-License-Identifier: BSD-3-Clause
"""The progress of work that has several parts: a bar on a terminal, else a line for each part."""

from __future__ import annotations

import shutil
import sys
import threading
import time
from typing import Any, TextIO

WIDTH = 24  # of the bar


class Steps:
    """Shows how much of the work is done, on the standard error stream by default."""

    def __init__(self, stream: Any = None, quiet: bool = False) -> None:
        self.stream: TextIO = sys.stderr if stream is None else stream
        self.quiet = quiet or self.stream is None
        self.terminal = not self.quiet and self.stream.isatty()
        self.begun, self.drawn, self.text = time.monotonic(), 0.0, ""
        self.lock = threading.Lock()  # trainings report from threads

    def __call__(self, share: float, text: str) -> None:
        """So much of the work, 0 .. 1, is done, and this is what happens now."""
        if self.quiet:
            return
        with self.lock:
            now = time.monotonic()
            if self.terminal:
                if text != self.text or now - self.drawn > 0.1:
                    self.bar(share, text, now)
            elif text != self.text:
                print(f"{100 * share:3.0f} %  {text}", file=self.stream, flush=True)
            self.text = text

    def bar(self, share: float, text: str, now: float) -> None:
        self.drawn = now
        full = round(WIDTH * min(max(share, 0.0), 1.0))
        minutes, seconds = divmod(int(now - self.begun), 60)
        line = f"[{'#' * full}{'.' * (WIDTH - full)}] {100 * share:3.0f} %  " \
               f"{minutes}:{seconds:02}  {text}"
        columns = shutil.get_terminal_size().columns - 1
        self.stream.write("\r" + line[:columns] + "\033[K")
        self.stream.flush()

    def close(self) -> None:
        """Takes the bar away."""
        if self.terminal:
            self.stream.write("\r\033[K")
            self.stream.flush()
