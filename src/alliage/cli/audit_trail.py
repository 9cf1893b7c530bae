"""``alliage audit``: what was done on a node, as one of its auditors may see it."""

from __future__ import annotations

import enum
import getpass
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from alliage.cli.archive import As, SeeAs, open_archive
from alliage.cli.exit_codes import ExitCode
from alliage.cli.home import Home, home_of
from alliage.cli.output import CommandError, Json, counted, give, say
from alliage.cli.selection import parse_selection

app = typer.Typer(name="audit", help="Who did what, when, why, and by which decision.")


class Format(enum.StrEnum):
    """Of the file."""

    CSV = "csv"
    JSONL = "jsonl"


@app.callback()
def _audit() -> None:
    """Who did what, when, why, and by which decision."""


@app.command()
def export(
    file: Annotated[Path, typer.Argument(help="Where to: .csv or .jsonl.")],
    user: As,
    see_as: SeeAs = None,
    home: Home = None,
    by: Annotated[str | None, typer.Option(help="Only what this user did.")] = None,
    act: Annotated[
        str | None, typer.Option(help="Only this: claim.retracted, or its first word.")
    ] = None,
    on: Annotated[str | None, typer.Option(help="Only what was done to this id.")] = None,
    time_from: Annotated[
        str | None, typer.Option("--from", metavar="TIME", help="Done at or after.")
    ] = None,
    time_to: Annotated[
        str | None, typer.Option("--to", metavar="TIME", help="Done before this time.")
    ] = None,
    json: Json = False,
) -> None:
    """Write the audit to a file. Every row carries its marking; the export is audited, too."""
    from alliage.export.audit_rows import AUDIT, audit_rows
    from alliage.export.files import WRITERS
    from alliage.history.audit import AuditWanted

    if file.suffix.removeprefix(".") not in list(Format):
        raise typer.BadParameter(f"{file.name!r} ends with neither .csv nor .jsonl")
    times = parse_selection(None, None, time_from, time_to, None)
    wanted = AuditWanted(by, act, on, times.from_us, times.to_us)
    with open_archive(home_of(home), user, see_as, for_audit=True) as archive:
        batches = audit_rows(archive.origin, wanted)
        try:
            rows = WRITERS[file.suffix.removeprefix(".")](file, AUDIT, batches)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror or error}", ExitCode.FAILED) from None
    told = {"read_as": user, "see_as": see_as, "format": file.suffix.removeprefix(".")}
    note_leaving(home_of(home), [file], "audit.read", "alliage audit export", **told, rows=rows)
    if json:
        give({"file": str(file), "rows": rows})
    else:
        say(f"{file}: {counted(rows, 'row')}")


def note(
    home: Path,
    act: str,
    program: str,
    on: Sequence[str] = (),
    done: bool = True,
    /,
    **details: Any,
) -> None:
    """Leave an event of the command line for the node, which writes it down when it runs."""
    try:
        _leave(home, act, program, on, done, details)
    except OSError as error:
        raise CommandError(
            f"done, and not written to the audit: {error}", ExitCode.FAILED
        ) from None


def note_leaving(
    home: Path, files: Sequence[Path], act: str, program: str, /, **details: Any
) -> None:
    """The same of what leaves the node: these files are taken away where it cannot be left.

    Raises:
        CommandError: they were.
    """
    try:
        _leave(home, act, program, (), True, details)
    except OSError as error:
        for file in files:
            if file.is_file():
                file.unlink()
        names = " and ".join(str(file) for file in files)
        said = f"{names}: taken away again, as its record cannot be written for the audit: {error}"
        raise CommandError(said, ExitCode.FAILED) from None


def _leave(
    home: Path, act: str, program: str, on: Sequence[str], done: bool, details: dict[str, Any]
) -> None:
    from alliage.access.audit import Act
    from alliage.access.audit_spool import leave
    from alliage.home import Home as NodeHome

    spool, user = NodeHome(home).audit_spool, f"machine:{getpass.getuser()}"
    leave(spool, Act(act), user, program, on, done, **details)
