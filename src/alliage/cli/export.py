"""``alliage export``: write a node's data to a file, as one of its users may see it."""

from __future__ import annotations

import enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from alliage.cli.archive import Archive, As, open_archive
from alliage.cli.audit_trail import note
from alliage.cli.exit_codes import ExitCode
from alliage.cli.home import Home, home_of
from alliage.cli.output import CommandError, Json, counted, give, say
from alliage.cli.query import KindName, kind_of
from alliage.cli.selection import Bbox, From, Identifier, Stream, To, Wanted, parse_selection

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa


class What(enum.StrEnum):
    """What can be exported."""

    TRACKS = "tracks"
    OBSERVATIONS = "observations"
    CLAIMS = "claims"


def export(
    what: Annotated[What, typer.Argument(help="What to export.")],
    file: Annotated[Path, typer.Argument(help="Where to; its suffix names the format.")],
    user: As,
    format_name: Annotated[
        str | None,
        typer.Option("--format", help="csv, jsonl, geojson, parquet or arrow."),
    ] = None,
    kind: KindName = "position",
    home: Home = None,
    stream: Stream = None,
    identifier: Identifier = None,
    valid_from: From = None,
    valid_to: To = None,
    bbox: Bbox = None,
    json: Json = False,
) -> None:
    """Write tracks, observations or claims to a file. Every row carries its marking."""
    from alliage.cli.writers import WRITERS

    name = format_name or file.suffix.removeprefix(".")
    write = WRITERS.get(name)
    if write is None:
        known = ", ".join(WRITERS)
        raise typer.BadParameter(f"{name!r} is not one of {known}", param_hint="--format")
    wanted = parse_selection(stream, identifier, valid_from, valid_to, bbox)
    with open_archive(home_of(home), user) as archive:
        schema, batches = _source(archive, what, kind, wanted)
        try:
            rows = write(file, schema, batches)
        except (OSError, ValueError) as error:
            raise CommandError(
                f"{file}: {getattr(error, 'strerror', None) or error}", ExitCode.FAILED
            ) from None
    note(home_of(home), "data.exported", "alliage export", read_as=user, what=what, rows=rows)
    if json:
        give({"file": str(file), "format": name, "rows": rows})
    else:
        say(f"{file}: {counted(rows, 'row')}")


def _source(
    archive: Archive, what: What, kind: str, wanted: Wanted
) -> tuple[pa.Schema, Iterator[pa.RecordBatch]]:
    from alliage.cli import tables

    if what is What.TRACKS:
        return tables.TRACKS, tables.tracks(archive, wanted)
    if what is What.CLAIMS:
        return tables.CLAIMS, tables.claims(archive, wanted)
    observed = kind_of(kind)
    return tables.observation_schema(archive, observed), tables.observations(
        archive, observed, wanted
    )
