# SPDX-License-Identifier: BSD-3-Clause
"""Parameters as the library describes them, and their attributes on the classes.

Nothing here names a parameter: a new one of the library appears by itself.
"""

from __future__ import annotations

import difflib
from typing import Any, Iterable, NamedTuple, Union

from ._constants import KEY, KIND
from ._errors import ArgumentError
from ._native import C, number

Value = Union[float, int, bool, str]


class Parameter(NamedTuple):
    """What the library says of a parameter."""

    name: str
    key: int
    kind: str  #: "real", "whole", "flag" or "choice"
    unit: str  #: "" for a pure number
    group: str
    text: str  #: one sentence on what it does
    min: float
    max: float
    initial: Value  #: in a new object
    choices: tuple[str, ...]  #: () where it is no choice
    by_layer: bool  #: the layers of a network may differ in it
    settled: bool  #: creation or the first programming settles it

    @property
    def range(self) -> str:
        """What is allowed, in words."""
        if self.kind == "choice":
            return ", ".join(f'"{choice}"' for choice in self.choices)
        if self.kind == "flag":
            return "True or False"
        unit = f" {self.unit}" if self.unit else ""
        return f"{self.min:g} .. {self.max:g}{unit}" + (", whole" if self.kind == "whole" else "")

    @property
    def help(self) -> str:
        """The text that help() shows."""
        initial = f'"{self.initial}"' if isinstance(self.initial, str) else f"{self.initial:g}"
        lines = [self.text, "", f"{self.group}: {self.range}; in a new object {initial}."]
        if self.settled:
            lines.append("Creation or the first programming settles it.")
        if self.by_layer:
            lines.append("The layers of a network may differ in it.")
        return "\n".join(lines)


class Table:
    """All parameters of a noun: device, crossbar or mlp."""

    def __init__(self, noun: str) -> None:
        self.noun = noun
        self.by_name: dict[str, Parameter] = {}
        self.by_key: dict[int, Parameter] = {}
        self.numbers: dict[str, dict[str, int]] = {}  # parameter -> choice -> constant
        for index in range(getattr(C, noun + "_keys")()):
            parameter = self._described(getattr(C, noun + "_key_at")(index))
            self.by_name[parameter.name] = self.by_key[parameter.key] = parameter

    def _described(self, key: int) -> Parameter:
        value_of, text_of = (getattr(C, f"{self.noun}_key_{what}") for what in ("value", "text"))
        texts = {what: text_of(key, KEY[what]).decode()
                 for what in ("name", "unit", "group", "text")}
        values = {what: number(value_of, key, KEY[what])
                  for what in ("kind", "min", "max", "initial", "by_layer", "settled")}
        kind = next((name for name, code in KIND.items() if code == values["kind"]), "real")
        if kind == "choice":
            codes = range(int(values["min"]), int(values["max"]) + 1)
            name_of = getattr(C, self.noun + "_choice_name")
            self.numbers[texts["name"]] = {name_of(key, code).decode(): code for code in codes}
        choices = self.numbers.get(texts["name"], {})
        return Parameter(
            key=key, kind=kind, min=values["min"], max=values["max"], choices=tuple(choices),
            initial=shown(kind, choices, values["initial"]), by_layer=bool(values["by_layer"]),
            settled=bool(values["settled"]), **texts)

    def parameter(self, name: str, others: Iterable[str] = ()) -> Parameter:
        """The parameter of a name. ArgumentError names those, and others, that look like it."""
        found = self.by_name.get(name)
        if found is None:
            near = difflib.get_close_matches(name, {*self.by_name, *others}, 3)
            hint = f"; did you mean {' or '.join(near)}?" if near else ""
            article = "an" if self.noun == "mlp" else "a"
            raise ArgumentError(f'{article} {self.noun} has no parameter "{name}"{hint}')
        return found

    def refuse_model(self, preset: str, presets: Iterable[str]) -> None:
        """ArgumentError for a model where the name of a preset is wanted."""
        if preset in self.parameter("model").choices and preset not in presets:
            raise ArgumentError(f'preset = "{preset}" is a model; call '
                                f'memqc.Device(model="{preset}")')

    def to_c(self, parameter: Parameter, value: Any) -> float:
        """A value as the library takes it."""
        if isinstance(value, str):
            choices = self.numbers.get(parameter.name, {})
            if value not in choices:
                raise ArgumentError(f'{parameter.name} = "{value}"; it must be {parameter.range}')
            return choices[value]
        try:
            return float(value)
        except (TypeError, ValueError):
            raise ArgumentError(f"{parameter.name} = {value!r}; it must be "
                                f"{parameter.range}") from None

    def to_python(self, parameter: Parameter, value: float) -> Value:
        """A value of the library as Python shows it."""
        return shown(parameter.kind, self.numbers.get(parameter.name, {}), value)


def shown(kind: str, choices: dict[str, int], value: float) -> Value:
    if kind == "choice":
        return next((name for name, code in choices.items() if code == value), value)
    if kind == "flag":
        return bool(value)
    return int(value) if kind == "whole" else value


def attribute(parameter: Parameter) -> property:
    """The attribute of a parameter."""
    name = parameter.name

    def read(self: Any) -> Value:
        return self.get(name)  # type: ignore[no-any-return]

    def write(self: Any, value: Value) -> None:
        self.set(**{name: value})

    return property(read, write, doc=parameter.help)
