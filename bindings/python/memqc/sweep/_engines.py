# SPDX-License-Identifier: BSD-3-Clause
"""Where points run: engines behind concurrent.futures.Executor, none of them our own."""

from __future__ import annotations

import concurrent.futures
import contextlib
import importlib
import logging
import multiprocessing
import os
import signal
import threading
import time
import warnings
from concurrent.futures import Executor
from multiprocessing import connection
from typing import Any, Iterator, Optional

from .._errors import ArgumentError, StateError

ENGINES = ("processes", "dask", "mpi")
DESERTED = 10.0  # s without a worker, after which a cluster of this machine is made anew
PACKAGES = {"distributed": "python3-distributed", "mpi4py.futures": "python3-mpi4py"}


def processors() -> int:
    """Processors that this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on this system
        return os.cpu_count() or 1


def module(name: str) -> Any:
    """A package that an engine needs."""
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise ImportError(f"this engine needs {name} (Debian: {PACKAGES[name]}): {error}") \
            from error


class Engine:
    """An executor, and how to make another one when it breaks."""

    workers = 1  #: how many points run at the same time

    def executor(self) -> Executor:
        """The executor; a new one after renew()."""
        raise NotImplementedError

    def submit(self, function: Any, *arguments: Any) -> concurrent.futures.Future[Any]:
        """Sends off a call."""
        return self.executor().submit(function, *arguments)

    def works(self) -> bool:
        """Asked when nothing has come back for a while: False where nothing will."""
        return True

    def renew(self) -> bool:
        """A worker died. True where the executor is broken with all that was in flight, and
        executor() makes a new one; False where others go on."""
        raise StateError("the executor is broken, and only its owner can make another one; the "
                         "points saved so far are kept")

    def close(self, at_once: bool = False) -> None:
        """Ends the workers, at once where the study was stopped."""


@contextlib.contextmanager
def without_interrupts() -> Iterator[None]:
    """Processes that start now inherit that Ctrl-C is kept from them: it is the study's business.
    The study itself gets it when it goes on."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def guard() -> None:
    """At the start of a worker: when the study is killed, it must end, too."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=ended, args=(parent.sentinel,), daemon=True).start()


def ended(sentinel: Any) -> None:
    """Waits for the end of the study."""
    connection.wait([sentinel])
    os._exit(1)


class Processes(Engine):
    """Processes on this machine. They are spawned: a fork would take locks of threads along."""

    def __init__(self, workers: Optional[int]) -> None:
        self.workers = workers or processors()
        self.pool: Any = None

    def executor(self) -> Executor:
        if self.pool is None:
            self.pool = concurrent.futures.ProcessPoolExecutor(
                self.workers, multiprocessing.get_context("spawn"), guard)
            # All workers are started before the first point is sent. The pool starts one after it
            # has been woken for a call, and would not see its death before it is woken again.
            for _ in range(self.workers):
                self.pool.submit(os.getpid)
        pool: Executor = self.pool
        return pool

    def submit(self, function: Any, *arguments: Any) -> concurrent.futures.Future[Any]:
        with without_interrupts():
            return super().submit(function, *arguments)

    def renew(self) -> bool:
        self.close(at_once=True)
        return True

    def close(self, at_once: bool = False) -> None:
        pool, self.pool = self.pool, None
        if pool is None:
            return
        processes = list((getattr(pool, "_processes", None) or {}).values())
        if at_once:
            for process in processes:
                process.kill()
        pool.shutdown(wait=True, cancel_futures=True)


class Dask(Engine):
    """A cluster of Dask: one that is there, or processes on this machine."""

    def __init__(self, workers: Optional[int], address: Optional[str]) -> None:
        self.distributed = module("distributed")
        self.wanted, self.address = workers or processors(), address
        self.cluster: Any = None
        self.deserted = 0.0  # when all workers were gone, if they are
        self.open()

    def open(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what its libraries say to each other
            try:
                self.connect()
            except BaseException:
                self.end_cluster()
                raise
        self.made = self.client.get_executor()
        self.workers = max(1, sum(self.client.ncores().values()))

    def connect(self) -> None:
        if self.address is None:
            self.cluster = self.distributed.LocalCluster(
                n_workers=self.wanted, threads_per_worker=1, processes=True,
                dashboard_address=None, silence_logs=logging.CRITICAL)
        if self.address is not None and os.path.exists(self.address):
            self.client = self.distributed.Client(scheduler_file=self.address)
        else:
            self.client = self.distributed.Client(self.address or self.cluster)
        self.client.wait_for_workers(1)

    def executor(self) -> Executor:
        made: Executor = self.made
        return made

    def works(self) -> bool:
        """Dask starts a worker that dies again, but for one that dies while it starts. When none
        is left on this machine, another cluster takes over. Those of others may come back."""
        if self.address is not None or self.client.ncores():
            self.deserted = 0.0
            return True
        self.deserted = self.deserted or time.monotonic()
        return time.monotonic() - self.deserted < DESERTED

    def renew(self) -> bool:
        if not self.deserted:
            return False
        self.close(at_once=True)
        self.deserted = 0.0
        self.open()
        return True

    def close(self, at_once: bool = False) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.made.shutdown(wait=False)
            self.client.close()
            self.end_cluster()

    def end_cluster(self) -> None:
        if self.cluster is not None:
            self.cluster.close()


class Mpi(Engine):
    """The ranks of an MPI job beside the first one, which leads. Started by
    mpiexec -n N python3 -m mpi4py.futures -m memqc sweep ..."""

    def __init__(self, workers: Optional[int]) -> None:
        futures = module("mpi4py.futures")
        size = int(importlib.import_module("mpi4py.MPI").COMM_WORLD.Get_size())
        # Without -m mpi4py.futures every rank would run the whole study.
        led = getattr(importlib.import_module("mpi4py.futures._lib"), "SharedPool", True)
        if size < 2 or not led:
            raise StateError("MPI has no ranks that wait for work; start with mpiexec -n N python3 "
                             "-m mpi4py.futures -m memqc sweep ..., N from 2 on")
        self.workers = min(workers or size - 1, size - 1)
        self.pool = futures.MPIPoolExecutor(self.workers)

    def executor(self) -> Executor:
        pool: Executor = self.pool
        return pool

    def close(self, at_once: bool = False) -> None:
        self.pool.shutdown(wait=True, cancel_futures=True)


class Given(Engine):
    """An executor of the caller's, which stays open."""

    def __init__(self, executor: Executor) -> None:
        self.given = executor
        self.workers = int(getattr(executor, "_max_workers", None) or 0) or 2 * processors()

    def executor(self) -> Executor:
        return self.given


def engine_of(name: str, workers: Optional[int], address: Optional[str],
              executor: Optional[Executor]) -> Engine:
    """The engine of a study."""
    if workers is not None and not 1 <= workers <= 10**6:
        raise ArgumentError(f"workers = {workers}; it must be 1 .. 1000000")
    if executor is not None:
        return Given(executor)
    if name not in ENGINES:
        raise ArgumentError(f'engine = "{name}"; it must be ' + ", ".join(
            f'"{one}"' for one in ENGINES))
    if address is not None and name != "dask":
        raise ArgumentError(f'address = "{address}" is of no use: engine = "{name}"')
    if name == "dask":
        return Dask(workers, address)
    return Mpi(workers) if name == "mpi" else Processes(workers)
