# SPDX-License-Identifier: BSD-3-Clause
"""Completion for shells, made from the parser: a new option appears by itself."""

from __future__ import annotations

import argparse
import sys
from typing import Callable, Iterator

FILES = ("FILE", "FILE.csv", "FILE.sqlite", "PAGE.html", "PLAN.toml")
FOLDERS = ("DIR",)


def commands(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """The parsers of the commands."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            return dict(action.choices)
    return {}


def help_of(parser: argparse.ArgumentParser, name: str) -> str:
    """The line that the help has for a command."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for one in action._choices_actions:
                if one.dest == name:
                    return one.help or ""
    return ""


def text_of(action: argparse.Action) -> str:
    """The help of an option in one line, without characters that mean something to a shell."""
    text = (action.help or "").replace("%(default)s", str(action.default))
    return "".join(mark for mark in text if mark not in "'\"[]`$\\:()")


def options(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    return [action for action in parser._actions if action.option_strings]


def positionals(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    return [action for action in parser._actions if not action.option_strings]


def takes_value(action: argparse.Action) -> bool:
    return action.nargs != 0


def kind_of(action: argparse.Action) -> str:
    """What completes a value: "files", "folders", the choices, or nothing."""
    if action.choices is not None:
        return " ".join(map(str, action.choices))
    if action.metavar in FILES:
        return "files"
    return "folders" if action.metavar in FOLDERS else ""


def bash_values(kind: str) -> str:
    if kind in ("files", "folders"):
        return f"COMPREPLY=($(compgen -{'f' if kind == 'files' else 'd'} -- \"$word\"))"
    return f"COMPREPLY=($(compgen -W '{kind}' -- \"$word\"))"


def bash(parser: argparse.ArgumentParser) -> Iterator[str]:
    yield "# bash completion of memqc; made by memqc completion bash"
    yield "_memqc() {"
    yield "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}"
    yield "    COMPREPLY=()"
    yield "    case \"${COMP_WORDS[1]}:$before\" in"
    for name, one in commands(parser).items():
        for action in options(one):
            if takes_value(action):
                patterns = "|".join(f"{name}:{text}" for text in action.option_strings)
                yield f"        {patterns}) {bash_values(kind_of(action))}; return ;;"
    yield "    esac"
    yield "    if [ \"$COMP_CWORD\" -eq 1 ]; then"
    yield f"        {bash_values(' '.join([*commands(parser), '--help', '--version']))}; return"
    yield "    fi"
    yield "    case \"${COMP_WORDS[1]}\" in"
    for name, one in commands(parser).items():
        words = " ".join(text for action in options(one) for text in action.option_strings)
        first = next((kind_of(action) for action in positionals(one)), "")
        other = bash_values(first) if first else ":"
        yield f"        {name}) case $word in -*) {bash_values(words)} ;; *) {other} ;; esac ;;"
    yield "    esac"
    yield "}"
    yield "complete -o filenames -F _memqc memqc"


def zsh_values(kind: str) -> str:
    if kind == "files":
        return "_files"
    return "_files -/" if kind == "folders" else f"({kind})" if kind else ""


def zsh(parser: argparse.ArgumentParser) -> Iterator[str]:
    yield "#compdef memqc"
    yield "# made by memqc completion zsh"
    yield "_memqc() {"
    yield "    local -a commands=("
    for name in commands(parser):
        yield f"        '{name}:{help_of(parser, name)}'"
    yield "    )"
    yield "    if (( CURRENT == 2 )); then _describe command commands; return; fi"
    yield "    local command=$words[2]"
    yield "    shift words; (( CURRENT-- ))"
    yield "    case $command in"
    for name, one in commands(parser).items():
        specs = []
        for action in options(one):
            value = f":{action.dest}:{zsh_values(kind_of(action))}" if takes_value(action) else ""
            specs += [f"'{text}[{text_of(action)}]{value}'" for text in action.option_strings]
        for number, action in enumerate(positionals(one), 1):
            place = "*" if action.nargs == "*" else str(number)
            specs.append(f"'{place}:{action.dest}:{zsh_values(kind_of(action))}'")
        yield f"        {name}) _arguments {' '.join(specs)} ;;"
    yield "    esac"
    yield "}"
    yield "compdef _memqc memqc"


def fish(parser: argparse.ArgumentParser) -> Iterator[str]:
    yield "# fish completion of memqc; made by memqc completion fish"
    yield "complete -c memqc -f"
    for name, one in commands(parser).items():
        yield f"complete -c memqc -n __fish_use_subcommand -a {name} -d '{help_of(parser, name)}'"
        when = f"-n '__fish_seen_subcommand_from {name}'"
        for action in options(one):
            long = [f"-l {text[2:]}" for text in action.option_strings if text[:2] == "--"]
            short = [f"-s {text[1:]}" for text in action.option_strings if text[:2] != "--"]
            yield (f"complete -c memqc {when} {' '.join(short + long)} "
                   f"{fish_values(action)}-d '{text_of(action)}'")
        for action in positionals(one):
            kind = kind_of(action)
            if kind == "files":
                yield f"complete -c memqc {when} -F"
            elif kind:
                yield f"complete -c memqc {when} -a '{kind}'"


def fish_values(action: argparse.Action) -> str:
    if not takes_value(action):
        return ""
    kind = kind_of(action)
    if kind == "files":
        return "-r -F "
    return "-x -a '(__fish_complete_directories)' " if kind == "folders" else f"-x -a '{kind}' "


SHELLS: dict[str, Callable[[argparse.ArgumentParser], Iterator[str]]] = {
    "bash": bash, "zsh": zsh, "fish": fish}


def write(shell: str, parser: argparse.ArgumentParser) -> None:
    sys.stdout.write("".join(line + "\n" for line in SHELLS[shell](parser)))
