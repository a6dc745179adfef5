# SPDX-License-Identifier: BSD-3-Clause
"""Tasks that run several at a time; their shares add up, and one that fails stops the others."""

from __future__ import annotations

import concurrent.futures
from typing import Any, Callable, Mapping, Optional, TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")
Told = Callable[[float], Any]  # a share of the work, 0 .. 1; a true result stops it


def run_all(work: Callable[[Task, Told], Result], weights: Mapping[Task, float], workers: int,
            told: Optional[Told]) -> dict[Task, Result]:
    """What work(task, note) returns for each task, heaviest first as they are given.

    note takes the share of a task that is done; told, that of all, by their weights.
    """
    total = sum(weights.values())
    shares = {task: 0.0 for task in weights}
    stopped: list[bool] = []

    def begun(task: Task) -> Result:
        def note(share: float) -> bool:
            shares[task] = share * weights[task] / total
            return bool(stopped) or bool(told and told(sum(shares.values())))
        return work(task, note)

    with concurrent.futures.ThreadPoolExecutor(workers) as pool:
        futures = {task: pool.submit(begun, task) for task in weights}
        try:
            return {task: future.result() for task, future in futures.items()}
        except BaseException:
            stopped.append(True)
            for future in futures.values():
                future.cancel()
            raise
