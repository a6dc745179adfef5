# SPDX-License-Identifier: BSD-3-Clause
"""A handle of the library with its parameters, saving and copying: Device, Crossbar and MLP."""

from __future__ import annotations

import ctypes
import os
import threading
import weakref
from typing import TYPE_CHECKING, Any, ClassVar, Mapping, Optional, TypeVar, Union

import numpy as np

from ._errors import ArgumentError, StateError
from ._native import C, check, index, number, whole
from ._parameters import Parameter, Table, Value, attribute

Self = TypeVar("Self", bound="Handle")
Seed = Union[int, np.random.Generator]


def seed_number(seed: Seed) -> int:
    """A seed as the library takes it; a Generator draws one."""
    if isinstance(seed, np.random.Generator):
        return int(seed.integers(0, 1 << 64, dtype=np.uint64))
    return whole("seed", index("seed", seed, "a whole number or a numpy Generator"))


def destroy(function: Any, handle: int) -> None:
    function(ctypes.byref(ctypes.c_void_p(handle)))


def is_made(thing: Any) -> bool:
    """Has an object its handle?"""
    try:
        object.__getattribute__(thing, "_handle")
    except AttributeError:
        return False
    return True


class Handle:
    """An object of the library. It is freed with the last reference to it.

    Parameters are attributes. `get`, `set`, `uses` and `parameters` work with their names. Each
    object has a lock: threads that share one wait for each other, others run in parallel.
    """

    __slots__ = ("_handle", "_lock", "_free", "__weakref__")
    _table: ClassVar[Table]
    _noun: ClassVar[str]
    _handle: int
    _lock: threading.RLock
    _free: Any

    def __init_subclass__(cls, noun: Optional[str] = None, **arguments: Any) -> None:
        super().__init_subclass__(**arguments)
        if noun is not None:
            cls._noun, cls._table = noun, Table(noun)
            for parameter in cls._table.by_name.values():
                if not hasattr(cls, parameter.name):
                    setattr(cls, parameter.name, attribute(parameter))

    if TYPE_CHECKING:  # the parameters, whose names only the library knows
        def __getattr__(self, name: str) -> Any: ...
        def __setattr__(self, name: str, value: Any) -> None: ...
    else:
        def __getattr__(self, name):
            if name[:2] != "__" and not is_made(self):
                raise StateError(f"this {type(self).__name__} was never made: its __init__() did "
                                 "not run, or failed")
            raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'")

    def _open(self, function: Any, *arguments: Any) -> None:
        """Takes what a function makes, which it returns through its last argument."""
        handle = ctypes.c_void_p()
        check(function(*arguments, ctypes.byref(handle)))
        self._take(handle.value or 0)

    def _take(self, handle: int) -> None:
        """From now on this is the object of a handle, and frees it."""
        self._handle, self._lock = handle, threading.RLock()
        self._free = weakref.finalize(self, destroy, self._function("destroy"), handle)
        self._free.atexit = False  # a daemon thread may still be at work on it

    @classmethod
    def _made(cls: type[Self], function: Any, *arguments: Any) -> Self:
        made = cls.__new__(cls)
        made._open(function, *arguments)
        return made

    def _function(self, verb: str) -> Any:
        return getattr(C, f"{self._noun}_{verb}")

    # Parameters

    @classmethod
    def parameters(cls) -> dict[str, Parameter]:
        """All parameters by their names: kind, unit, group, range, choices and a sentence."""
        return dict(cls._table.by_name)

    def get(self, name: str) -> Value:
        """The value of a parameter; a choice is a string."""
        parameter = self._table.parameter(name)
        with self._lock:
            value = number(self._function("get"), self._handle, parameter.key)
        return self._table.to_python(parameter, value)

    def set(self, **parameters: Any) -> None:
        """Sets parameters, all or none. They are checked together."""
        self._set_many([(self._table.parameter(name), value)
                        for name, value in parameters.items()])

    def _set_many(self, pairs: list[tuple[Parameter, Any]]) -> None:
        keys = (ctypes.c_int32 * len(pairs))(*[parameter.key for parameter, _ in pairs])
        values = (ctypes.c_double * len(pairs))(*[self._table.to_c(*pair) for pair in pairs])
        if pairs:
            with self._lock:
                check(self._function("set_many")(self._handle, len(pairs), keys, values))

    def uses(self, name: str) -> bool:
        """Whether a parameter has an effect now."""
        parameter = self._table.parameter(name)
        with self._lock:
            return bool(number(self._function("uses"), self._handle, parameter.key,
                               kind=ctypes.c_int32))

    @property
    def seed(self) -> int:
        """The seed of every draw. It is set to a whole number or to a numpy Generator."""
        with self._lock:
            return int(number(self._function("get_seed"), self._handle, kind=ctypes.c_uint64))

    @seed.setter
    def seed(self, seed: Seed) -> None:
        value = seed_number(seed)
        with self._lock:
            check(self._function("set_seed")(self._handle, value))

    # Saving and copying

    def save(self, path: Union[str, os.PathLike[str]]) -> None:
        """Saves to a file. Whatever happens, the file is the old one or the new one."""
        with self._lock:
            check(self._function("save")(self._handle, os.fsencode(path)))

    @classmethod
    def load(cls: type[Self], path: Union[str, os.PathLike[str]]) -> Self:
        """A new object from a file, which goes on as the saved one would have."""
        return cls._made(getattr(C, cls._noun + "_load"), os.fsencode(path))

    def to_bytes(self) -> bytes:
        """The bytes of save()."""
        with self._lock:
            size = ctypes.c_size_t()
            check(self._function("save_memory")(self._handle, None, 0, ctypes.byref(size)))
            room = ctypes.create_string_buffer(size.value)
            check(self._function("save_memory")(self._handle, room, size, ctypes.byref(size)))
            return room.raw

    @classmethod
    def from_bytes(cls: type[Self], data: Union[bytes, bytearray, memoryview]) -> Self:
        """A new object from the bytes of to_bytes() or of a file."""
        held = bytes(data)
        return cls._made(getattr(C, cls._noun + "_load_memory"), held, len(held))

    def _extra(self) -> Mapping[str, Any]:
        """What the object keeps beside its handle and its lock."""
        return {}

    def copy(self: Self) -> Self:
        """An independent copy, which goes on as this object would."""
        with self._lock:
            twin = self._made(self._function("copy"), self._handle)
            for name, value in self._extra().items():
                setattr(twin, name, value)
        return twin

    __copy__ = copy

    def __deepcopy__(self: Self, memo: Any) -> Self:
        return self.copy()

    def __reduce__(self) -> tuple[Any, ...]:
        with self._lock:
            return restored, (type(self), self.to_bytes(), dict(self._extra()))

    def __repr__(self) -> str:
        changed = []
        for name, parameter in self._table.by_name.items():
            value = self.get(name)
            if value != parameter.initial and self.uses(name):
                changed.append(f"{name}={value!r}" if isinstance(value, (str, bool, int))
                               else f"{name}={value:g}")
        shown = f"memqc.{type(self).__name__} {self._what()}{', '.join(changed)}"
        return f"<{shown.rstrip()}>"

    def _what(self) -> str:
        return ""


def restored(cls: type[Self], data: bytes, extra: Mapping[str, Any]) -> Self:
    """What pickle calls."""
    made = cls.from_bytes(data)
    for name, value in extra.items():
        setattr(made, name, value)
    return made


def split(table: Table, parameters: Mapping[str, Any]) -> None:
    """Refuses a name that is no parameter, before anything is made."""
    for name in parameters:
        if name not in table.by_name:
            table.parameter(name)


def instance(kind: type[Self], name: str, value: Any) -> Self:
    """A value that must be of a class."""
    if not isinstance(value, kind):
        raise ArgumentError(f"{name} is a {type(value).__name__}; it must be a "
                            f"memqc.{kind.__name__}")
    return value
