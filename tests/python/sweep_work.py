# SPDX-License-Identifier: BSD-3-Clause
"""Points of the tests of memqc.sweep: in a module, so that workers can import them."""
import hashlib
import os
import time

import numpy as np


def note(settings):
    """A point as a line of a file: what ran, and how often."""
    if "log" in settings:
        with open(settings["log"], "a", encoding="utf-8") as file:
            file.write(f"{settings['i']}\n")


def numbers(settings):
    """Numbers that depend on the settings alone, after some time."""
    time.sleep(settings.get("sleep", 0))
    note(settings)
    digest = hashlib.sha256(str(settings["i"]).encode()).digest()
    values = np.frombuffer(digest, np.uint32) / 3
    return {"first": float(values[0]), "all": values, "none": float("nan")}


def fails(settings):
    if settings["i"] % 3 == 1:
        raise ValueError(f"{settings['i']} is\none of them")
    return {"value": settings["i"]}


def kills(settings):
    """One point ends its process each time."""
    if settings["i"] == 2:
        os._exit(9)
    return {"value": settings["i"]}


def texts(settings):
    return {"value": "much"}


def spins(settings):
    """A tenth of a second of the processor's, and the same number each time."""
    end = time.process_time() + settings.get("seconds", 0.1)
    while time.process_time() < end:
        pass
    return {"value": settings["i"]}
