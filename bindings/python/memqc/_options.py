# SPDX-License-Identifier: BSD-3-Clause
"""Options of the command line and their values."""

from __future__ import annotations

import argparse
import dataclasses
import os
from typing import Any, Callable

from . import _fit
from .device import Device

RULES = ("float", "nearest", "stochastic", "sign", "mixed", "one-directional", "noise-aware",
         "transfer", "transfer-verify", "pulse-trains", "tiki-taka")
MOST = 10**6


def existing_file(text: str) -> str:
    if os.path.isdir(text):
        raise argparse.ArgumentTypeError(f"{text} is a folder; give a file")
    if not os.path.exists(text):
        raise argparse.ArgumentTypeError(f"there is no file {text}")
    return text


def listed(what: str) -> tuple[str, ...]:
    """Names that an option takes."""
    assert what == "models"
    own = [name.replace("_", "-") for name in _fit.CANDIDATES]
    return (*own, *Device.parameters()["model"].choices)


def whole(low: int, high: int = MOST) -> Callable[[str], int]:
    """Reads whole numbers from low to high."""
    def read(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            value = low - 1
        if not low <= value <= high:
            raise argparse.ArgumentTypeError(f'"{text}" must be a whole number, {low} .. {high}')
        return value
    return read


def percent(text: str) -> float:
    """A percentage, as a fraction."""
    try:
        value = float(text.rstrip(" %"))
    except ValueError:
        value = -1.0
    if not 0 < value < 100:
        raise argparse.ArgumentTypeError(f'"{text}" must be a percentage above 0 and below 100')
    return value / 100


def positive(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < 1e12:
        raise argparse.ArgumentTypeError(f'"{text}" must be a number of seconds above 0')
    return value


def units(text: str) -> tuple[int, ...]:
    """Units of hidden layers, separated by commas."""
    return tuple(whole(1, 65536)(part) for part in text.split(","))


def rules(text: str) -> tuple[str, ...]:
    names = tuple(part.strip() for part in text.split(","))
    for name in names:
        if name not in RULES:
            raise argparse.ArgumentTypeError(f'"{name}" is no rule; there are {", ".join(RULES)}')
    return names


def setting(text: str) -> tuple[str, Any]:
    """NAME=VALUE of a device's parameter."""
    name, equals, value = (part.strip() for part in text.partition("="))
    known = Device.parameters()
    if not equals or name not in known:
        raise argparse.ArgumentTypeError(
            f'"{text}" must be NAME=VALUE, NAME one of those that memqc parameters device lists')
    if known[name].kind == "choice":
        return name, value
    try:
        return name, float(value)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f'"{text}": {name} must be a number, {known[name].range}') from None


def add_report_options(parser: argparse.ArgumentParser) -> None:
    """What a report computes, and how much of it."""
    add = parser.add_argument
    add("--json", metavar="FILE", help="also write all results there, for machines; -: to the "
                                       "standard output")
    add("--quick", action="store_true", help="few pictures, seeds and rules: seconds")
    add("--target", type=percent, metavar="PERCENT",
        help="the accuracy that the device must make possible (a point below no device)")
    add("--model", default="best", choices=listed("models"), help="fit only this model "
                                                                  "(%(default)s)")
    add("--set", type=setting, action="append", default=[], metavar="NAME=VALUE", dest="given",
        help="a parameter of the device that the curves do not tell, such as drift_nu=0.02")
    add("--data", metavar="DIR", help="folder with the MNIST files (else $MEMQC_DATA, the cache, "
                                      "...)")
    add("--hidden", type=units, metavar="LIST", help="units of each hidden layer (64; quick: 32)")
    add("--epochs", type=whole(1), metavar="N", help="epochs of training (10; quick: 3)")
    add("--seeds", type=whole(1, 1000), metavar="N", help="trainings of each rule (3)")
    add("--draws", type=whole(0, 10000), metavar="N",
        help="devices drawn from what the curves leave open, for the interval of the accuracy; 0: "
             "none (8; quick: 4)")
    add("--images", type=whole(1), metavar="N", help="pictures to train on (30000; quick: 4000)")
    add("--tests", type=whole(1), metavar="N", help="pictures to test with (10000; quick: 2000)")
    add("--instances", type=whole(2, 10000), metavar="N", help="arrays of each study (10; quick "
                                                               "and pulsed devices: 5)")
    add("--seconds", type=positive, metavar="S", help="from programming to the studies (1000)")
    add("--rules", type=rules, metavar="LIST", help="update rules to try (all; quick: five)")
    add("--wires", action="store_true", help="how much resistance wires may have, too: minutes "
                                             "more")
    add("--jobs", type=whole(1, 1024), metavar="N", help="trainings at the same time (one for "
                                                         "each processor)")
    add("--quiet", action="store_true", help="no progress bar")


def settings_of(parsed: argparse.Namespace) -> Any:
    """The settings of a report: the usual ones or the quick ones, and what was asked for."""
    from ._report.settings import FULL, QUICK
    usual = QUICK if parsed.quick else FULL
    asked = {field.name: getattr(parsed, field.name) for field in dataclasses.fields(usual)
             if getattr(parsed, field.name, None) is not None}
    return dataclasses.replace(usual, **asked)
