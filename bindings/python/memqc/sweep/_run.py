# SPDX-License-Identifier: BSD-3-Clause
"""Runs the points of a study that are not saved yet, wherever an executor puts them."""

from __future__ import annotations

import collections
import concurrent.futures
import contextlib
import hashlib
import json
import os
import platform
import queue
import time
from concurrent.futures import CancelledError, Executor, Future
from typing import Any, Callable, Iterable, Mapping, NamedTuple, Optional, Union

import numpy as np

from .. import __version__
from .._errors import ArgumentError, StateError, Stopped
from .._progress import Report, Shown, shown
from ._engines import Engine, engine_of
from ._plan import Plan, varying
from ._results import Results
from ._settings import Settings, checked, complaint
from ._store import Path, Saved, Store
from ._train import Record, identity, train

Function = Callable[[Settings], Record]
TRAIN = "memqc.sweep:train"
TIMES = 3  # a point whose worker dies so often is run alone, and so often again
BREAKS = 25  # so many deaths of workers in a row, without a point done, end the study
FIRST_BREAKS = 5  # the same before the first point is done: workers may not start at all
PAUSE = 5.0  # s without a point that comes back, after which the engine is asked whether it works


class Task(NamedTuple):
    """A point and the hash of all that its numbers follow from."""

    identity: str
    settings: Settings


class Outcome(NamedTuple):
    """What a worker sends back."""

    record: Record
    seconds: float
    host: str


def name_of(function: Any) -> str:
    """A function by the name under which a worker imports it."""
    if function is train:
        return TRAIN
    name = getattr(function, "__qualname__", "<")
    if "<" in name:
        raise ArgumentError(f"function = {function!r}; it must be a function of a module, which "
                            "workers can import")
    return f"{function.__module__}:{name}"


def identity_of(name: str, settings: Settings) -> str:
    """The identity of a point: of its function, the version of the library and all settings."""
    told = hashlib.sha256(json.dumps(["memqc.sweep 1", __version__, name]).encode())
    told.update(identity(settings) if name == TRAIN else
                json.dumps(settings, sort_keys=True).encode())
    return told.hexdigest()[:32]


def plain(key: str, value: Any) -> Any:
    """A number or a list of numbers as JSON has them."""
    if isinstance(value, (list, tuple, np.ndarray)):
        return [plain(key, one) for one in value]
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, np.generic):
        return plain(key, value.item())
    if not isinstance(value, float):
        raise TypeError(f'record: "{key}" is {value!r}; it must be a number or a list of numbers')
    return value if np.isfinite(value) else None


def work(function: Function, name: str, task: Task) -> Outcome:
    """Runs a point. A worker with other pictures or another library must not go unnoticed."""
    host = platform.node()
    if name == TRAIN and identity_of(name, task.settings) != task.identity:
        raise StateError(f"the worker on {host} has other pictures than the study, or another "
                         f"version of the library than {__version__}")
    start = time.process_time()
    record = function(task.settings)
    return Outcome({str(key): plain(str(key), value) for key, value in record.items()},
                   time.process_time() - start, host)


def is_loss(error: BaseException) -> bool:
    """Did the worker die, rather than the point fail?"""
    return isinstance(error, (concurrent.futures.BrokenExecutor, CancelledError)) \
        or type(error).__name__ in ("KilledWorker", "CancelledError")


class Driver:
    """Keeps as many points in flight as there are workers, and saves each that comes back."""

    def __init__(self, store: Store, engine: Engine, function: Function, study: str,
                 tasks: Iterable[Task]) -> None:
        self.store, self.engine, self.function, self.study = store, engine, function, study
        self.name = name_of(function)
        self.waiting = collections.deque(tasks)
        self.suspects: collections.deque[Task] = collections.deque()
        self.flying: dict[Future[Outcome], Task] = {}
        self.ended: queue.SimpleQueue[Future[Outcome]] = queue.SimpleQueue()
        self.deaths: collections.Counter[str] = collections.Counter()
        self.failures: dict[str, str] = {}
        self.breaks = 0
        self.done = 0

    def go(self, told: Callable[[int], None]) -> None:
        """Runs all."""
        while self.waiting or self.suspects or self.flying:
            self.fill()
            if self.flying:
                self.collect()
            told(self.done)

    def collect(self) -> None:
        """Waits for a point, and takes all that have come back. A queue of those that are done
        costs the same however many are in flight."""
        try:
            ended = [self.ended.get(timeout=PAUSE)]
        except queue.Empty:
            if not self.engine.works():
                self.recover()
            return
        with contextlib.suppress(queue.Empty):
            while True:
                ended.append(self.ended.get_nowait())
        broken = False
        for future in ended:
            task = self.flying.pop(future, None)
            if task is not None:  # of no pool that broke before
                broken = self.settle(future, task) or broken
        if broken:
            self.recover()

    def fill(self) -> None:
        """Sends points off. What may kill its worker goes alone, when all others are done."""
        while self.waiting and len(self.flying) < self.engine.workers + 1:
            self.send(self.waiting.popleft())
        if self.suspects and not self.waiting and not self.flying:
            self.send(self.suspects.popleft())

    def send(self, task: Task) -> None:
        if self.store.get(task.identity) is not None:  # another study was faster
            self.done += 1
            return
        try:
            future = self.engine.submit(work, self.function, self.name, task)
        except concurrent.futures.BrokenExecutor:
            self.waiting.appendleft(task)
            self.recover()
            return
        self.flying[future] = task
        future.add_done_callback(self.ended.put)

    def settle(self, future: Future[Outcome], task: Task) -> bool:
        """Saves what a point gave. True where its worker died."""
        try:
            outcome = future.result()
        except Exception as error:
            if is_loss(error):
                self.lost(task)
                return True
            self.fail(task, f"{type(error).__name__}: {error}")
            return False
        self.store.save(Saved(task.identity, self.study, self.name, __version__, task.settings,
                              outcome.record, outcome.seconds, outcome.host))
        self.breaks = 0
        self.done += 1
        return False

    def fail(self, task: Task, text: str) -> None:
        self.failures[task.identity] = text
        self.breaks = 0
        self.done += 1

    def lost(self, task: Task) -> None:
        """A point whose worker died runs again. It may be the cause, or have been near it."""
        self.deaths[task.identity] += 1
        if self.deaths[task.identity] >= 2 * TIMES:
            self.fail(task, f"its worker died {2 * TIMES} times, {TIMES} of them with no other "
                            "point beside it")
        elif self.deaths[task.identity] >= TIMES:
            self.suspects.append(task)
        else:
            self.waiting.appendleft(task)

    def recover(self) -> None:
        """A broken pool has lost all that was in flight; the next one runs it again."""
        self.breaks += 1
        if self.breaks > (BREAKS if self.done else FIRST_BREAKS):
            raise StateError(f"workers died {self.breaks} times in a row, and no point was done; "
                             "the points saved so far are kept" + ("" if self.done else
                             '. A script that calls run() needs if __name__ == "__main__"'))
        if not self.engine.renew():
            return
        # The pool has told of some futures, has cancelled some, and may have missed others.
        flying, self.flying = self.flying, {}
        for future, task in flying.items():
            if future.done() and not future.cancelled():
                self.settle(future, task)
            else:
                self.lost(task)


def points_of(points: Union[Plan, Iterable[Settings]], function: Any) -> tuple[str, list[Settings]]:
    """The name of a study and the settings of its points, checked where they are a training's."""
    if isinstance(points, Plan):
        study, listed = points.name, list(points.points)
    else:
        study, listed = "study", list(points)
    for number, point in enumerate(listed, 1):
        if not isinstance(point, Mapping):
            raise ArgumentError(f"points: number {number} is {point!r}; it must be a mapping from "
                                "settings to values")
    if function is train:
        listed = [{name: checked(f"points: number {number}: ", name, value)
                   for name, value in point.items()} for number, point in enumerate(listed, 1)]
    return study, listed


def tasks_of(name: str, points: list[Settings]) -> list[Task]:
    """Points with their identities, each once."""
    found: dict[str, Task] = {}
    for number, settings in enumerate(points, 1):
        try:
            task = Task(identity_of(name, settings), settings)
        except ArgumentError as error:
            raise complaint(f"point {number} of {len(points)}: ", settings, error) from None
        except TypeError as error:
            raise ArgumentError(f"points: number {number}: {error}") from None
        found.setdefault(task.identity, task)
    return list(found.values())


def shared(tasks: list[Task], share: Optional[tuple[int, int]]) -> list[Task]:
    """Every n-th point: the i-th of n shares, counted from 1."""
    if share is None:
        return tasks
    part, of = share
    if not 1 <= part <= of:
        raise ArgumentError(f"share = {part}/{of}; it must be I/N, I from 1 to N")
    return tasks[part - 1::of]


def run(points: Union[Plan, Iterable[Settings]], *, out: Path, function: Function = train,
        engine: str = "processes", workers: Optional[int] = None, address: Optional[str] = None,
        executor: Optional[Executor] = None, share: Optional[tuple[int, int]] = None,
        progress: Shown = None) -> Results:
    """Runs the points of a plan, or a list of settings, and saves each in the file `out`.

    A point that is saved there is not run again. function(settings) returns numbers by name; it
    must be one that workers can import. engine is "processes" (on this machine), "dask" (a cluster
    at `address`, or processes) or "mpi"; executor may be any concurrent.futures.Executor instead.
    share=(i, n) runs every n-th point only. Equal points have equal numbers, to the last bit,
    whichever engine and however many workers there are.

    A worker that dies costs the points in flight, which run again. A point that fails is told in
    Results.failures, and is run again by the next call. progress is as in MLP.fit().
    """
    study, listed = points_of(points, function)
    name = name_of(function)
    store = Store(out)
    try:
        tasks = shared(tasks_of(name, listed), share)
        missing = [task for task in tasks if store.get(task.identity) is None]
        failures: dict[str, str] = {}
        if missing:
            failures = drive(store, engine_of(engine, workers, address, executor), function,
                             study, missing, len(tasks), progress)
        rows = [store.get(task.identity) for task in tasks]
        return Results([row for row in rows if row is not None], failures, len(missing),
                       varying([task.settings for task in tasks]))
    finally:
        store.close()


def survey(points: Union[Plan, Iterable[Settings]], *, out: Optional[Path] = None,
           function: Function = train,
           share: Optional[tuple[int, int]] = None) -> list[tuple[str, Settings, bool]]:
    """What run() would do: the identity and the settings of each point, and whether it is saved in
    the file `out`, which need not be there."""
    name = name_of(function)
    tasks = shared(tasks_of(name, points_of(points, function)[1]), share)
    store = Store(out) if out is not None and os.path.exists(out) else None
    try:
        return [(task.identity, task.settings,
                 store is not None and store.get(task.identity) is not None) for task in tasks]
    finally:
        if store is not None:
            store.close()


def drive(store: Store, engine: Engine, function: Function, study: str, missing: list[Task],
          total: int, progress: Shown) -> dict[str, str]:
    """Runs what is missing. Returns what failed, by settings, and why."""
    driver = Driver(store, engine, function, study, missing)
    saved, whole = total - len(missing), False
    try:
        with shown(progress, study) as callback:
            def told(done: int) -> None:
                nan = float("nan")
                if callback and callback(Report("sweep", saved + done, total, 0, nan, nan)):
                    raise Stopped("the progress function stopped the study; the points saved so "
                                  "far are kept")
            told(0)
            driver.go(told)
        whole = True
    finally:
        engine.close(at_once=not whole)
    settings = {task.identity: task.settings for task in missing}
    return {json.dumps(dict(settings[one])): text for one, text in driver.failures.items()}


