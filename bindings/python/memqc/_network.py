# SPDX-License-Identifier: BSD-3-Clause
"""The parameters of a network: its own, and those of its arrays."""

from __future__ import annotations

from typing import Any, Mapping

from ._constants import MLP_ALL
from ._errors import ArgumentError
from ._handle import Handle
from ._native import C, check, number, whole
from ._parameters import Parameter, Value
from .crossbar import Crossbar

Pairs = list[tuple[Parameter, Any]]


def is_crossbar(value: Any) -> bool:
    """Is it the rule that means those of the arrays? Arrays are not to be compared with a word."""
    return isinstance(value, str) and value == "crossbar"


class NetworkParameters(Handle):
    """A network takes parameters of its own and of its arrays alike.

    `rule` is one of both: that of the network may be "crossbar", which means that of the arrays.
    """

    __slots__ = ()

    def _sorted(self, parameters: Mapping[str, Any]) -> tuple[Pairs, Pairs]:
        """Parameters of the network, and of its arrays."""
        own, arrays = [], []
        for name, value in parameters.items():
            mine, array = self._table.by_name.get(name), Crossbar._table.by_name.get(name)
            if mine and array and isinstance(value, str) and value not in mine.choices:
                own.append((mine, "crossbar"))
                arrays.append((array, self._choice(mine, array, value)))
            elif mine is None and array is not None:
                arrays.append((array, value))
            else:
                own.append((self._table.parameter(name, Crossbar._table.by_name), value))
        return own, arrays

    @staticmethod
    def _choice(mine: Parameter, array: Parameter, value: str) -> str:
        """A choice of the arrays, for a parameter of both."""
        if value not in array.choices:
            raise ArgumentError(f'{mine.name} = "{value}"; it must be {mine.range}, {array.range}')
        return value

    def set(self, **parameters: Any) -> None:
        """Sets parameters of the network and of its arrays, all or none."""
        own, arrays = self._sorted(parameters)
        with self._lock:
            if arrays and len(own) + len(arrays) > 1:
                self._twin()._put(own, arrays)  # raises where one is refused
            self._put(own, arrays)

    def set_layer(self, layer: int, **parameters: Any) -> None:
        """Sets parameters of one layer, all or none: those by layer, and those of its array."""
        own, arrays = self._sorted(parameters)
        with self._lock:
            if len(own) + len(arrays) > 1:
                self._twin()._put_layer(layer, own, arrays)
            self._put_layer(layer, own, arrays)

    def _twin(self) -> NetworkParameters:
        """A copy to try parameters on: the library sets those of arrays one by one."""
        return self._made(C.mlp_copy, self._handle)

    def _put(self, own: Pairs, arrays: Pairs) -> None:
        """Sets parameters of the network, checked together, and then of its arrays."""
        self._set_many([(mine, value) for mine, value in own
                        if not is_crossbar(value) or Handle.get(self, mine.name) != value])
        self._put_arrays(MLP_ALL, arrays)

    def _put_layer(self, layer: int, own: Pairs, arrays: Pairs) -> None:
        for mine, value in own:
            to = self._table.to_c(mine, value)
            if not is_crossbar(value) or self._get_own(layer, mine) != to:
                check(C.mlp_set_layer(self._handle, whole("layer", layer), mine.key, to))
        self._put_arrays(whole("layer", layer), arrays)

    def _put_arrays(self, layer: int, pairs: Pairs) -> None:
        """Sets parameters of arrays, in an order in which each has an effect."""
        while pairs:
            refused, error = [], None
            for parameter, value in pairs:
                try:
                    check(C.mlp_set_crossbar(self._handle, layer, parameter.key,
                                             Crossbar._table.to_c(parameter, value)))
                except ArgumentError as one:
                    refused.append((parameter, value))
                    error = one
            if error is not None and len(refused) == len(pairs):
                raise error
            pairs = refused

    def get(self, name: str) -> Value:
        """The value of a parameter of the network or of its arrays (that of the first layer)."""
        if name not in self._table.by_name and name in Crossbar._table.by_name:
            return self.get_layer(0, name)
        value = super().get(name)
        if value == "crossbar" and name in Crossbar._table.by_name:
            return self._get_array(0, name)
        return value

    def uses(self, name: str) -> bool:
        """Whether a parameter of the network has an effect now."""
        return super().uses(name)

    def get_layer(self, layer: int, name: str) -> Value:
        """The value of a parameter of one layer."""
        mine = self._table.by_name.get(name)
        if mine is None:
            return self._get_array(layer, name)
        shown = self._table.to_python(mine, self._get_own(layer, mine))
        if shown == "crossbar" and name in Crossbar._table.by_name:
            return self._get_array(layer, name)
        return shown

    def _get_own(self, layer: int, mine: Parameter) -> float:
        with self._lock:
            value: float = number(C.mlp_get_layer, self._handle, whole("layer", layer), mine.key)
        return value

    def _get_array(self, layer: int, name: str) -> Value:
        array = Crossbar._table.parameter(name)
        with self._lock:
            value = number(C.mlp_get_crossbar, self._handle, whole("layer", layer), array.key)
        return Crossbar._table.to_python(array, value)
