"""The reference page of the command line, made from its commands."""

from __future__ import annotations

from typing import Any, Final

import typer.main

from alliage.cli.exit_codes import MEANINGS
from alliage.cli.main import app
from scripts.markdown import GENERATED, page, table

INTRODUCTION: Final = """\
Results go to standard output, everything else to standard error. With `--json` standard output
holds one JSON document and nothing else; an error is
`{"error": {"exit_code": …, "messages": […]}}`. `alliage --install-completion` teaches the shell to
complete commands and options."""


def render_cli() -> str:
    """Return the page `reference/cli.md`."""
    group: Any = typer.main.get_command(app)
    codes = [[str(int(code)), meaning] for code, meaning in MEANINGS.items()]
    return page(
        [
            "# Command line",
            GENERATED.format("`src/alliage/cli/`"),
            INTRODUCTION,
            *(part for name in group.commands for part in _command(name, group.commands[name])),
            "## Exit codes",
            table(["code", "meaning"], codes),
        ]
    )


def _command(name: str, command: Any) -> list[str]:
    if hasattr(command, "commands"):
        return [
            part
            for inner, subcommand in command.commands.items()
            for part in _command(f"{name} {inner}", subcommand)
        ]
    rows = [_parameter(parameter) for parameter in command.params if parameter.name != "help"]
    return [
        f"## `alliage {name}`",
        " ".join((command.help or "").split()),
        table(["argument or option", "default", "what it does"], rows),
    ]


def _parameter(parameter: Any) -> list[str]:
    is_argument = parameter.param_type_name == "argument"
    names = parameter.name.upper() if is_argument else ", ".join(_flags(parameter))
    metavar = "" if is_argument or getattr(parameter, "is_flag", False) else _metavar(parameter)
    return [f"`{names}{metavar}`", _default(parameter), parameter.help or ""]


def _flags(parameter: Any) -> list[str]:
    return [*parameter.opts, *parameter.secondary_opts]


def _metavar(parameter: Any) -> str:
    annotation: type = parameter.type_descriptor.annotation
    metavar: str = parameter.metavar or annotation.__name__.upper()
    return f" {metavar}"


def _default(parameter: Any) -> str:
    if parameter.required:
        return "required"
    default = parameter.default
    shown = isinstance(default, str | int | float) and default is not False
    return f"`{default}`" if shown else ""
