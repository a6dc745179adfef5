# SPDX-License-Identifier: BSD-3-Clause
"""The command line: memqc report, sweep, fit, paper, presets, parameters and completion."""

from __future__ import annotations

import argparse
import os
import sys
import warnings
from typing import Any, NoReturn, Optional, Sequence

from . import __version__, _commands, _completion, _sweep_command
from ._errors import Error
from ._options import add_report_options, existing_file, listed

FAILED, USAGE, INTERRUPTED = 1, 2, 130


class Parser(argparse.ArgumentParser):
    """A parser whose errors are one line that says what to do."""

    def error(self, message: str) -> NoReturn:
        self.exit(USAGE, f"{self.prog}: {message}; {self.prog} --help tells more\n")


def report_parser(commands: Any) -> None:
    parser = commands.add_parser(
        "report", help="measured pulses in, a page about the device out",
        description="Fits a device to the pulses of a CSV file, trains networks on it, says what "
                    "limits them, and writes one page that needs nothing else.")
    parser.add_argument("file", type=existing_file, metavar="FILE.csv",
                        help="measured pulses (docs/fit.md: pulse, conductance, ...)")
    parser.add_argument("-o", "--output", metavar="PAGE.html", help="the page (FILE-report.html)")
    add_report_options(parser)
    parser.set_defaults(run=_commands.report)


def paper_parser(commands: Any) -> None:
    parser = commands.add_parser(
        "paper", help="the figures of the paper as a page",
        description="Shows the paper's figures, from the tables that examples/paper wrote or "
                    "computed anew.")
    parser.add_argument("--tables", metavar="DIR", help="folder with figure5c.csv and the others; "
                                                        "without it they are computed")
    parser.add_argument("-o", "--output", metavar="PAGE.html", default="paper.html",
                        help="the page (%(default)s)")
    parser.add_argument("--note", default="", help="which pictures the tables are of")
    parser.add_argument("--data", metavar="DIR", help="folder with the MNIST files")
    parser.add_argument("--quick", action="store_true", help="few pictures and seeds: seconds")
    parser.add_argument("--quiet", action="store_true", help="no progress bar")
    parser.set_defaults(run=_commands.paper)


def other_parsers(commands: Any) -> None:
    parser = commands.add_parser("fit", help="which model describes measured pulses",
                                 description="Fits a device to the pulses of a CSV file.")
    parser.add_argument("file", type=existing_file, metavar="FILE.csv", help="measured pulses")
    parser.add_argument("--model", default="best", choices=listed("models"),
                        help="only this model (%(default)s)")
    parser.add_argument("--json", metavar="FILE", help="also write the results there; -: only that")
    parser.set_defaults(run=_commands.fit)

    parser = commands.add_parser("presets", help="published devices",
                                 description="Lists the published devices.")
    parser.add_argument("--json", action="store_true", help="all parameters, as JSON")
    parser.set_defaults(run=_commands.presets)

    parser = commands.add_parser("parameters", help="parameters with unit, range and meaning",
                                 description="Lists the parameters of devices, arrays or networks.")
    parser.add_argument("noun", choices=("device", "crossbar", "mlp"), help="of what")
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these")
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.set_defaults(run=_commands.parameters)

    parser = commands.add_parser(
        "completion", help="completion for a shell",
        description="Prints a script that completes memqc's commands and options. For bash: "
                    "memqc completion bash > ~/.local/share/bash-completion/completions/memqc")
    parser.add_argument("shell", choices=tuple(_completion.SHELLS), help="of which shell")
    parser.set_defaults(run=lambda arguments: _completion.write(arguments.shell, parser_of_all()))


def parser_of_all() -> argparse.ArgumentParser:
    """The whole command line."""
    parser = Parser(prog="memqc", description="What does a measured memristor do to a neural "
                                              "network?", allow_abbrev=False)
    parser.add_argument("--version", action="version", version=f"memqc {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", dest="command",
                                     parser_class=Parser)
    report_parser(commands)
    paper_parser(commands)
    _sweep_command.add_parser(commands)
    other_parsers(commands)
    return parser


def message_of(error: BaseException) -> str:
    """An exception in one line."""
    if isinstance(error, UnicodeDecodeError):
        return f"the file is not text in UTF-8 ({error.reason} at byte {error.start})"
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return " ".join(str(error).split()) or type(error).__name__


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """Runs a command. Returns the exit code: 0, 1 for a failure, 2 for wrong usage."""
    parser = parser_of_all()
    try:
        parsed = parser.parse_args(arguments)
    except OSError as error:  # a help text on a full disk
        print(f"memqc: {message_of(error)}", file=sys.stderr)
        return FAILED
    if parsed.command is None:
        parser.print_help()
        return USAGE
    name = f"memqc {parsed.command}"

    def warn(message: Any, *_: Any, **__: Any) -> None:
        print(f"{name}: {message}", file=sys.stderr)

    try:
        with warnings.catch_warnings():
            warnings.showwarning = warn
            parsed.run(parsed)
        sys.stdout.flush()
    except KeyboardInterrupt:
        print(f"{name}: interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except argparse.ArgumentTypeError as error:
        print(f"{name}: {error}; {name} --help tells more", file=sys.stderr)
        return USAGE
    except (Error, ImportError, OSError, ValueError) as error:
        print(f"{name}: {message_of(error)}", file=sys.stderr)
        return FAILED
    return 0
