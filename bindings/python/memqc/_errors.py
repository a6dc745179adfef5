# SPDX-License-Identifier: BSD-3-Clause
"""Exceptions: one for each status of the library, with the library's text."""

from __future__ import annotations

from typing import ClassVar


class Error(Exception):
    """A failure. The text names the argument, its value, its unit and what is allowed."""

    status: ClassVar[int] = 0  #: the memqc_status, negative


class DeviceWarning(UserWarning):
    """A device leaves what its model is known to hold for. Its numbers are extrapolated."""


class ArgumentError(Error, ValueError):
    """An argument is out of its range, or an array has the wrong shape."""

    status = -1


class OutOfMemoryError(Error, MemoryError):
    """There is no memory."""

    status = -2


class StateError(Error, RuntimeError):
    """The object is not in a state in which the call makes sense: not programmed, settled."""

    status = -3


class DataError(Error, ValueError):
    """An array holds NaN, infinity or a bad label."""

    status = -4


class DivergedError(Error, ArithmeticError):
    """A loss became NaN or infinite, or an iteration diverged."""

    status = -5


class Stopped(Error):
    """The progress function asked to stop. The work so far is kept."""

    status = -6


class FileError(Error, OSError):
    """A file could not be read or written."""

    status = -7


class FormatError(Error, ValueError):
    """Saved data is truncated, altered or foreign."""

    status = -8


#: what functions of custom devices raised, by the number in the library's text
RAISED: dict[int, BaseException] = {}

BY_STATUS: dict[int, type[Error]] = {kind.status: kind for kind in (
    ArgumentError, OutOfMemoryError, StateError, DataError, DivergedError, Stopped, FileError,
    FormatError)}
