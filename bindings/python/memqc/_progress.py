# SPDX-License-Identifier: BSD-3-Clause
"""Progress functions, and Ctrl-C during a long call."""

from __future__ import annotations

import contextlib
import signal
import threading
from typing import Any, Callable, Iterator, NamedTuple, Optional, Union

from . import _bars
from ._constants import PHASE
from ._errors import ArgumentError
from ._native import Progress, check

PHASES = {code: name for name, code in PHASE.items()}


class Report(NamedTuple):
    """What a progress function is told."""

    phase: str  #: "training", "monte_carlo", "sensitivity", "programming" or "fit"
    done: int  #: samples, instances, cells or candidate models
    total: int
    epoch: int  #: of a training, from 1; else 0
    loss: float  #: of the epoch so far; else NaN
    accuracy: float  #: so far, 0 .. 1; NaN where there is none


Callback = Callable[[Report], Any]
#: progress= of the long calls: a function, or True for a bar (lines where there is no terminal)
Shown = Union[Callback, bool, None]


class Watch:
    """Stops a long call when its progress function says so, when that raises, and at Ctrl-C.

    An exception must not leave a callback from C, where it would be printed and lost. While the
    main thread is in a long call, Ctrl-C therefore only leaves a mark, and takes effect when the
    library has returned.
    """

    def __init__(self, callback: Optional[Callback]) -> None:
        self.callback = callback
        self.raised: Optional[BaseException] = None
        self.interrupted: Optional[tuple[int, Any]] = None
        self.previous: Any = None
        self.function: Any = Progress(self.told)

    def told(self, user: Any, at: Any, n: int) -> int:
        """The function that the library calls."""
        if self.interrupted or self.raised:
            return 1
        if self.callback is None:
            return 0
        try:
            phase, done, total, epoch, loss, accuracy = at[:6]
            report = Report(PHASES.get(int(phase), str(int(phase))), int(done), int(total),
                            int(epoch), loss, accuracy)
            return 1 if self.callback(report) else 0
        except BaseException as error:  # raised again when the library has returned
            self.raised = error
            return 1

    def marked(self, signum: int, frame: Any) -> None:
        """The handler of Ctrl-C. The second one acts at once."""
        if self.interrupted:
            self.previous(signum, frame)
        self.interrupted = signum, frame

    @contextlib.contextmanager
    def watching(self) -> Iterator[None]:
        handler = None
        if threading.current_thread() is threading.main_thread():
            handler = signal.getsignal(signal.SIGINT)
        if not callable(handler):
            yield
            return
        self.previous = handler
        signal.signal(signal.SIGINT, self.marked)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, handler)
            if self.interrupted and not self.raised:
                handler(*self.interrupted)

    def finish(self, status: int) -> None:
        """Raises what the progress function raised, or what the status stands for."""
        if self.raised is not None:
            raised, self.raised = self.raised, None
            raise raised
        check(status)


@contextlib.contextmanager
def shown(progress: Shown, about: str = "", epochs: int = 0) -> Iterator[Optional[Callback]]:
    """The progress function that progress= stands for. A bar names what the call is about."""
    if progress is None or progress is False:
        yield None
    elif progress is True:
        bar = _bars.Shower(about, epochs)
        try:
            yield bar
            bar.finish()
        finally:
            bar.close()
    elif callable(progress):
        yield progress
    else:
        raise ArgumentError(f"progress = {progress!r}; it must be a function, True, False or None")


def watched(install: Callable[[Any], int], call: Callable[[], int], progress: Shown,
            about: str = "", epochs: int = 0) -> None:
    """Runs a long call. install() gives the library the progress function, or takes it away."""
    with shown(progress, about, epochs) as callback:
        watch = Watch(callback)
        check(install(watch.function))
        try:
            with watch.watching():
                status = call()
        finally:
            install(None)
            watch.function = None  # it and the watch would keep each other alive
        watch.finish(status)
