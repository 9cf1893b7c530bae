"""``alliage audit``: what was done on a node, as one of its auditors may see it."""

from __future__ import annotations

import enum
import getpass
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from alliage.cli.archive import As, SeeAs, open_archive
from alliage.cli.exit_codes import ExitCode
from alliage.cli.home import Home, home_of
from alliage.cli.output import CommandError, Json, counted, give, say
from alliage.cli.selection import parse_selection

if TYPE_CHECKING:
    import pyarrow as pa

    from alliage.cli.archive import Archive
    from alliage.history.audit import AuditWanted

app = typer.Typer(name="audit", help="Who did what, when, why, and by which decision.")
_ROWS = 1_000


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
    from alliage.cli.writers import WRITERS
    from alliage.history.audit import AuditWanted

    if file.suffix.removeprefix(".") not in list(Format):
        raise typer.BadParameter(f"{file.name!r} ends with neither .csv nor .jsonl")
    times = parse_selection(None, None, time_from, time_to, None)
    wanted = AuditWanted(by, act, on, times.from_us, times.to_us)
    with open_archive(home_of(home), user, see_as, for_audit=True) as archive:
        batches = _batches(archive, wanted)
        try:
            rows = WRITERS[file.suffix.removeprefix(".")](file, _schema(), batches)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror or error}", ExitCode.FAILED) from None
    note(
        home_of(home), "audit.read", "alliage audit export", read_as=user, see_as=see_as, rows=rows
    )
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
    from alliage.access.audit import Act
    from alliage.access.audit_spool import leave
    from alliage.home import Home as NodeHome

    try:
        spool, user = NodeHome(home).audit_spool, f"machine:{getpass.getuser()}"
        leave(spool, Act(act), user, program, on, done, **details)
    except OSError as error:
        raise CommandError(
            f"done, and not written to the audit: {error}", ExitCode.FAILED
        ) from None


def _schema() -> pa.Schema:
    import pyarrow as pa

    from alliage.ontology.observation import TIME

    words = ("act", "user", "nation", "program", "reason", "decision")
    return pa.schema(
        [
            pa.field("at", TIME),
            *(pa.field(name, pa.utf8()) for name in words),
            pa.field("roles", pa.list_(pa.utf8())),
            pa.field("on", pa.list_(pa.utf8())),
            pa.field("done", pa.bool_()),
            pa.field("details", pa.utf8()),
            pa.field("authority", pa.utf8()),
            pa.field("changes", pa.utf8()),
            pa.field("entry_id", pa.utf8()),
            pa.field("known", TIME),
            pa.field("marking", pa.utf8()),
        ]
    )


def _batches(archive: Archive, wanted: AuditWanted) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa

    schema, rows = _schema(), []
    for row in _rows(archive, wanted):
        rows.append(row)
        if len(rows) == _ROWS:
            yield pa.RecordBatch.from_pylist(rows, schema)
            rows = []
    yield pa.RecordBatch.from_pylist(rows, schema)


def _rows(archive: Archive, wanted: AuditWanted) -> Iterator[dict[str, Any]]:
    import orjson

    from alliage.access.authority import changes_in
    from alliage.history.audit import records
    from alliage.ontology.marking import join_marking

    for record in records(archive.reader, wanted):
        data = record.data
        label = join_marking(archive.label_sets.labels_of(record.label_set))
        at_us = data.get("at_us")
        yield {
            **data,
            "at": record.known_us if at_us is None else at_us,
            "known": record.known_us,
            "details": orjson.dumps(data["details"]).decode(),
            "authority": orjson.dumps(record.authority).decode(),
            "changes": orjson.dumps(changes_in(data)).decode(),
            "entry_id": record.entry_id,
            "marking": label.marking if label else "",
        }
