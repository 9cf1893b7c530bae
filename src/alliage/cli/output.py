"""How commands speak: results on standard output, everything else on standard error.

With ``--json`` standard output holds JSON and nothing else, so that it can be piped.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from alliage.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    from rich.console import Console

    from alliage.export.wanted import Wanted
    from alliage.log import LogReader

LINE_WIDTH = 1000

Json = Annotated[bool, typer.Option("--json", help="Write JSON on standard output.")]


class CommandError(Exception):
    """A command cannot do what it was asked. Each message says what is wrong and the way out."""

    def __init__(self, messages: str | Sequence[str], exit_code: ExitCode) -> None:
        self.messages = [messages] if isinstance(messages, str) else list(messages)
        self.exit_code = exit_code
        super().__init__("\n".join(self.messages))


def say(text: str) -> None:
    """Tell a person something that is not the result."""
    typer.echo(text, err=True)


def say_not_kept(log: LogReader, wanted: Wanted) -> None:
    """Tell a person what an answer lacks because it is not kept any more."""
    from alliage.ontology.times import to_text

    def is_of_it(stream: str, first_us: int | None, last_us: int) -> bool:
        return (
            (wanted.streams is None or stream in wanted.streams)
            and (wanted.from_us is None or last_us >= wanted.from_us)
            and (wanted.to_us is None or first_us is None or first_us < wanted.to_us)
        )

    since_us = log.dropped_since()
    for stream, before_us in sorted(log.not_kept().items()):
        first_us = since_us.get(stream)
        if is_of_it(stream, first_us, before_us - 1):
            since = "" if first_us is None else f" from {to_text(first_us)} on and"
            before = to_text(before_us)
            say(f"{stream}: some of what it reported{since} before {before} is no longer kept")
    for one in log.redacted():
        if is_of_it(one.stream, one.from_us, one.to_us):
            say(f"{one.stream}: something reported about {to_text(one.from_us)} is no longer kept")


def counted(number: int, thing: str) -> str:
    """``1 row``, ``2 rows``."""
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"


def give(data: Any) -> None:
    """Write a result as JSON: one document, one line."""
    typer.echo(json.dumps(data, ensure_ascii=False, default=str))


def give_table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Write a result as a table for people: whole lines, however long."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, no_wrap=True)
    for row in rows:
        table.add_row(*("" if cell is None else str(cell) for cell in row))
    console(width=LINE_WIDTH).print(table)


def console(stderr: bool = False, width: int | None = None) -> Console:
    """Return a Rich console; words in brackets are text, never markup."""
    from rich.console import Console

    return Console(stderr=stderr, width=width, markup=False, highlight=False, emoji=False)


def report(error: CommandError, as_json: bool) -> None:
    """Write an error the way the command's results are written."""
    if as_json:
        give({"error": {"exit_code": int(error.exit_code), "messages": error.messages}})
    for message in error.messages:
        say(f"alliage: {message}")
