"""``alliage export``: write a node's data to a file, as one of its users may see it."""

from __future__ import annotations

import enum
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from alliage.cli.archive import Archive, As, SeeAs, open_archive
from alliage.cli.audit_trail import note_leaving
from alliage.cli.binding import bind_file, check_form, digest_of
from alliage.cli.exit_codes import ExitCode
from alliage.cli.home import Home, home_of
from alliage.cli.output import CommandError, Json, counted, give, say, say_not_kept
from alliage.cli.query import KindName, kind_of
from alliage.cli.selection import (
    Bbox,
    From,
    Identifier,
    Known,
    Stream,
    To,
    known_time,
    parse_selection,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

    from alliage.export.wanted import Wanted


class What(enum.StrEnum):
    """What can be exported."""

    TRACKS = "tracks"
    OBSERVATIONS = "observations"
    CLAIMS = "claims"


def export(
    what: Annotated[What, typer.Argument(help="What to export.")],
    file: Annotated[Path, typer.Argument(help="Where to; its suffix names the format.")],
    user: As,
    see_as: SeeAs = None,
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
    known: Known = None,
    bind: Annotated[
        bool, typer.Option("--bind", help="Bind the joined label to the file (STANAG 4778).")
    ] = False,
    form: Annotated[str, typer.Option("--form", help="Of the binding: xml or json.")] = "xml",
    json: Json = False,
) -> None:
    """Write tracks, observations or claims to a file. Every row carries its marking."""
    from alliage.export.files import WRITERS
    from alliage.export.joined import Markings

    name = format_name or file.suffix.removeprefix(".")
    write = WRITERS.get(name)
    if write is None:
        known = ", ".join(WRITERS)
        raise typer.BadParameter(f"{name!r} is not one of {known}", param_hint="--format")
    check_form(form)
    markings = Markings()
    wanted = parse_selection(stream, identifier, valid_from, valid_to, bbox)
    known_us = known_time(known)
    if known_us is not None and what is What.TRACKS:
        raise typer.BadParameter("observations and claims only", param_hint="--known")
    with open_archive(home_of(home), user, see_as) as archive:
        if known_us is not None:
            wanted = replace(wanted, up_to=archive.origin.reader.number_known_by(known_us))
        schema, batches = _source(archive, what, kind, wanted)
        if what is What.OBSERVATIONS:
            say_not_kept(archive.origin.reader, wanted)
        try:
            rows = write(file, schema, markings.noting(batches))
        except (OSError, ValueError) as error:
            raise CommandError(
                f"{file}: {getattr(error, 'strerror', None) or error}", ExitCode.FAILED
            ) from None
    joined = markings.joined()
    told = {"file": str(file), "format": name, "rows": rows, "marking": joined and joined.marking}
    said: dict[str, object] = {"read_as": user, "see_as": see_as, "what": what, "format": name}
    written = [file]
    if bind:
        labels = joined.shown if joined else ()
        written.append(bind_file(home_of(home), file, labels, form))
        told["binding"] = str(written[-1])
        marking = joined.marking if joined else ""
        said |= {"bind": form, "marking": marking, "sha384": digest_of(file)}
    note_leaving(home_of(home), written, "data.exported", "alliage export", **said, rows=rows)
    if json:
        give(told)
    else:
        say(f"{file}: {counted(rows, 'row')}" + (f", {joined.marking}" if joined else ""))


def _source(
    archive: Archive, what: What, kind: str, wanted: Wanted
) -> tuple[pa.Schema, Iterator[pa.RecordBatch]]:
    from alliage.cli.archive_tracks import archive_tracks
    from alliage.export import rows

    if what is What.TRACKS:
        return rows.TRACKS, archive_tracks(archive, wanted)
    if what is What.CLAIMS:
        return rows.CLAIMS, rows.claims(archive.origin, wanted)
    observed = kind_of(kind)
    schema = rows.observation_schema(archive.origin, observed)
    return schema, rows.observations(archive.origin, observed, wanted)
