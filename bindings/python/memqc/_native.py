# SPDX-License-Identifier: BSD-3-Clause
"""The C functions, bound from one table, and the exceptions that their statuses become.

`C` holds them under their names without "memqc_". Pointers are addresses: handles, arrays and
byref() objects alike. ctypes releases the GIL during each call.
"""

from __future__ import annotations

import ctypes
import operator
import re
import types
from typing import Any, Callable

from . import _errors, _find
from ._prototypes import PROTOTYPES

Progress = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p, ctypes.POINTER(ctypes.c_double),
                            ctypes.c_size_t)
FLOATS = ctypes.POINTER(ctypes.c_float)
Step = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p, ctypes.c_size_t, FLOATS, ctypes.c_double,
                        ctypes.POINTER(FLOATS), FLOATS, FLOATS, FLOATS)
Release = ctypes.CFUNCTYPE(None, ctypes.c_void_p)
SCALARS: dict[str, Any] = {
    "memqc_status": ctypes.c_int32, "int32_t": ctypes.c_int32, "uint32_t": ctypes.c_uint32,
    "uint64_t": ctypes.c_uint64, "size_t": ctypes.c_size_t, "float": ctypes.c_float,
    "double": ctypes.c_double, "void": None, "memqc_progress": ctypes.c_void_p,
    "memqc_device_step": ctypes.c_void_p, "memqc_device_release": ctypes.c_void_p,
}


def type_of(text: str) -> Any:
    """The ctypes type of a C type. Every pointer but a string is an address."""
    if "*" not in text:
        return SCALARS[text.replace("const", "").strip()]
    return ctypes.c_char_p if text.replace("const", "").strip() == "char *" else ctypes.c_void_p


def parsed(prototype: str) -> tuple[str, Any, list[Any]]:
    """Name, type of the result and types of the arguments of a prototype."""
    match = re.fullmatch(r"(.*?)(memqc_\w+)\((.*)\)", prototype)
    assert match, prototype
    arguments = [] if match[3] == "void" else match[3].split(", ")
    return match[2], type_of(match[1]), [type_of(re.sub(r"\w+$", "", text)) for text in arguments]


def prototypes() -> list[str]:
    return [" ".join(text.split()) for text in PROTOTYPES.split(";") if text.strip()]


def bind(library: ctypes.CDLL) -> Any:
    """The functions of all prototypes."""
    bound = types.SimpleNamespace()
    for prototype in prototypes():
        name, result, arguments = parsed(prototype)
        try:
            function = getattr(library, name)
        except AttributeError:
            raise ImportError(f"{library._name} has no {name}: it is older than this "
                              "package") from None
        function.restype, function.argtypes = result, arguments
        setattr(bound, name[len("memqc_"):], function)
    return bound


LIBRARY = _find.load()
C: Any = bind(LIBRARY)


def failure(status: int) -> BaseException:
    """The exception for a status that a function has just returned in this thread."""
    text = C.last_error().decode("utf-8", "replace") or C.status_name(status).decode()
    raised = re.search(r'custom device ".*" returned (\d+);', text)
    if raised and int(raised[1]) in _errors.RAISED:
        return _errors.RAISED.pop(int(raised[1]))
    return _errors.BY_STATUS.get(status, _errors.Error)(text)


def check(status: int) -> None:
    """Raises what a status other than MEMQC_OK stands for."""
    if status:
        raise failure(status)


def number(function: Callable[..., int], *arguments: Any, kind: Any = ctypes.c_double) -> Any:
    """What a function writes through its last argument."""
    value = kind()
    check(function(*arguments, ctypes.byref(value)))
    return value.value


def real(name: str, value: Any) -> float:
    """A number as a double."""
    if not isinstance(value, (str, bytes)):
        try:
            return float(value)
        except (TypeError, ValueError):
            pass
    raise _errors.ArgumentError(f"{name} = {value!r}; it must be a number")


def index(name: str, value: Any, wanted: str = "a whole number") -> int:
    """A whole number, which may come as a float."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    try:
        return operator.index(value)
    except TypeError:
        raise _errors.ArgumentError(f"{name} = {value!r}; it must be {wanted}") from None


def whole(name: str, value: Any, bits: int = 64) -> int:
    """A whole number that fits into so many bits: ctypes would cut off the others."""
    result = index(name, value)
    if not 0 <= result < 1 << bits:
        raise _errors.ArgumentError(f"{name} = {result}; it must be 0 .. {(1 << bits) - 1}")
    return result


def signed(name: str, value: Any) -> int:
    """A whole number that fits into int32_t."""
    result = index(name, value)
    if not -1 << 31 <= result < 1 << 31:
        raise _errors.ArgumentError(f"{name} = {result}; it must be {-1 << 31} .. {(1 << 31) - 1}")
    return result


def coded(what: str, table: dict[str, int], name: str) -> int:
    """The number of a name."""
    if name not in table:
        raise _errors.ArgumentError(f'no {what} "{name}"; there are {", ".join(table)}')
    return table[name]
