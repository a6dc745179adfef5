# SPDX-License-Identifier: BSD-3-Clause
"""Settings of a point: names with dots, such as "device.states". What each may be, and the network
that they describe."""

from __future__ import annotations

import difflib
import math
import re
from typing import Any, Iterator, Mapping, NamedTuple, Optional, Union

from .._errors import ArgumentError, Error
from .._parameters import Parameter
from ..crossbar import Crossbar
from ..data import CLASSES
from ..device import Device
from ..mlp import MLP

Value = Union[str, int, float, bool, list[Any]]
Settings = Mapping[str, Value]

MOST = 2**53  # whole numbers up to here are exact in TOML, JSON and doubles
DATA = ("found", "mnist", "fashion-mnist", "synthetic")


class Rule(NamedTuple):
    """What a setting that is no parameter of the library may be."""

    kind: str  #: "whole", "wholes", "real", "reals", "flag", "choice" or "text"
    low: float = 0
    high: float = MOST
    choices: tuple[str, ...] = ()
    initial: Optional[Value] = None

    @property
    def range(self) -> str:
        """What is allowed, in words."""
        if self.kind == "choice":
            return ", ".join(f'"{choice}"' for choice in self.choices)
        if self.kind == "flag":
            return "true or false"
        if self.kind == "text":
            return "a text"
        numbers = f"{self.low:g} .. {self.high:g}"
        if self.kind == "wholes":
            return f"a list of whole numbers, {numbers}"
        if self.kind == "reals":
            return f"a number or a list of numbers, {numbers}"
        return numbers + (", whole" if self.kind == "whole" else "")


RULES: dict[str, Rule] = {
    "seed": Rule("whole", initial=1),
    "data.name": Rule("choice", choices=DATA, initial="found"),
    "data.folder": Rule("text", initial=""),
    "data.train": Rule("whole", 1, 10**9, initial=60000),
    "data.test": Rule("whole", 1, 10**9, initial=10000),
    "device.preset": Rule("choice", choices=("none", *Device.presets())),
    "device.file": Rule("text"),
    "mlp.hidden": Rule("wholes", 1, 65536, initial=[16, 16]),
    "mlp.epochs": Rule("whole", 0, 10**6, initial=10),
    "after.transfer": Rule("flag", initial=False),
    "after.seconds": Rule("reals", 0, 1e30),
    "after.instances": Rule("whole", 1, 10**6, initial=10),
}
#: parameters that a point decides by other settings, and what to say of them
ELSEWHERE = {"mlp.seconds": "after.seconds", "mlp.instances": "after.instances",
             "mlp.threads": "", "mlp.progress_interval": "", "crossbar.rule": "mlp.rule"}
LAYER = re.compile(r"layer\.(\d{1,3})\.(\w+)")


def parameter_of(name: str) -> Optional[Parameter]:
    """The library's parameter that a setting is."""
    table, _, rest = name.partition(".")
    layer = LAYER.fullmatch(name)
    if layer is not None:
        return MLP.parameters().get(layer[2]) or Crossbar.parameters().get(layer[2])
    kinds: dict[str, Any] = {"device": Device, "mlp": MLP, "crossbar": Crossbar}
    return kinds[table].parameters().get(rest) if table in kinds else None


def names() -> Iterator[str]:
    """All settings, without those of layers."""
    yield from RULES
    kinds: dict[str, Any] = {"device": Device, "mlp": MLP, "crossbar": Crossbar}
    for table, kind in kinds.items():
        yield from (f"{table}.{name}" for name in kind.parameters()
                    if f"{table}.{name}" not in ELSEWHERE)


def unknown(where: str, name: str) -> ArgumentError:
    """The error for a setting that does not exist."""
    if name in ELSEWHERE:
        other = ELSEWHERE[name]
        return ArgumentError(f"{where}{name}: " + (f"{other} sets it" if other else
                                                   "it has no influence on the numbers"))
    # A name without its table is the commonest mistake.
    near = [one for one in names() if one.endswith("." + name)]
    near = near or difflib.get_close_matches(name, list(names()), 3)
    hint = f"; did you mean {' or '.join(near)}?" if near else \
        "; settings are seed and those of data, device, mlp, crossbar, layer.N and after"
    return ArgumentError(f"{where}{name}: there is no such setting{hint}")


def is_number(value: Any, whole: bool = False) -> bool:
    """Is it a number, and is it finite? True and False are none."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return math.isfinite(value) and (not whole or value == math.floor(value))


def by_rule(rule: Rule, value: Any) -> Optional[Value]:
    """A value as it is kept; None where it is not allowed."""
    if rule.kind in ("wholes", "reals"):
        one = Rule("whole" if rule.kind == "wholes" else "real", rule.low, rule.high)
        many = [by_rule(one, part) for part in (value if isinstance(value, list) else [value])]
        return None if None in many or (not many and rule.kind == "reals") else many
    if rule.kind in ("whole", "real"):
        whole = rule.kind == "whole"
        if not is_number(value, whole) or not rule.low <= value <= rule.high:
            return None
        return int(value) if whole else float(value)
    if rule.kind == "flag":
        return value if isinstance(value, bool) else None
    good = isinstance(value, str) and (rule.kind == "text" or value in rule.choices)
    return str(value) if good else None


def rule_of(name: str) -> Optional[Rule]:
    """What a setting may be; None where there is no such setting."""
    if name in RULES:
        return RULES[name]
    parameter = None if name in ELSEWHERE else parameter_of(name)
    if parameter is None:
        return None
    choices = parameter.choices
    if parameter.name == "rule":  # of the network or of its arrays
        rules = (*choices, *Crossbar.parameters()["rule"].choices)
        choices = tuple(choice for choice in rules if choice != "crossbar")
    return Rule(parameter.kind, parameter.min, parameter.max, choices)


def checked(where: str, name: str, value: Any) -> Value:
    """A setting as it is kept. ArgumentError names it, its value and what is allowed."""
    rule = rule_of(name)
    if rule is None:
        raise unknown(where, name)
    kept = by_rule(rule, value)
    if kept is None:
        shown = f'"{value}"' if isinstance(value, str) else \
            str(value).lower() if isinstance(value, bool) else str(value)
        parameter = parameter_of(name)
        unit = f" {parameter.unit}" if parameter and parameter.unit else ""
        raise ArgumentError(f"{where}{name} = {shown}; it must be {rule.range}{unit}")
    return kept


def value_of(settings: Settings, name: str) -> Any:
    """A setting, or what it is where nothing is said."""
    rule = RULES.get(name)
    return settings.get(name, rule.initial if rule else None)


def group(settings: Settings, table: str) -> dict[str, Any]:
    """The parameters of a table."""
    start = table + "."
    return {name[len(start):]: value for name, value in settings.items()
            if name.startswith(start) and name not in RULES}


def device_of(settings: Settings) -> Optional[Device]:
    """The device of a point; None where its weights are digital."""
    preset, parameters = settings.get("device.preset"), group(settings, "device")
    path, seed = settings.get("device.file"), value_of(settings, "seed")
    if path is not None:
        if preset is not None:
            raise ArgumentError(f'device.file = "{path}" and device.preset = "{preset}"; it must '
                                "be one of the two")
        device = Device.load(str(path))
        device.set(**parameters)
        device.seed = seed
        return device
    if preset == "none":
        if parameters:
            raise ArgumentError(f'device.{min(parameters)} is of no use: device.preset = "none"')
        return None
    if preset is None and "model" not in parameters:
        raise ArgumentError("none of device.preset, device.model and device.file says which "
                            f"device; device.preset must be {RULES['device.preset'].range}")
    return Device(None if preset is None else str(preset), seed=seed, **parameters)


def network_of(settings: Settings, inputs: int) -> MLP:
    """The network of a point before its training."""
    sizes = (inputs, *value_of(settings, "mlp.hidden"), CLASSES)
    mlp = MLP(sizes, device_of(settings), seed=value_of(settings, "seed"),
              **group(settings, "mlp"), **group(settings, "crossbar"))
    layers: dict[int, dict[str, Any]] = {}
    for name, value in settings.items():
        layer = LAYER.fullmatch(name)
        if layer is not None:
            layers.setdefault(int(layer[1]), {})[layer[2]] = value
    for number, parameters in sorted(layers.items()):
        if number >= len(sizes) - 1:
            raise ArgumentError(f"layer.{number}: the layers are 0 .. {len(sizes) - 2}")
        mlp.set_layer(number, **parameters)
    return mlp


def shown(settings: Settings) -> str:
    """Settings in one line, for people."""
    return ", ".join(f"{name} = {value}" for name, value in settings.items())


def complaint(where: str, settings: Settings, error: Error) -> ArgumentError:
    """The error for settings that do not go together."""
    return ArgumentError(f"{where}{error} (of the point {shown(settings)})")
