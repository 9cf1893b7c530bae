"""``alliage export``: write a node's data to a file, as one of its users may see it."""

from __future__ import annotations

import enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from alliage.cli.archive import Archive, As, SeeAs, open_archive
from alliage.cli.audit_trail import note
from alliage.cli.binding import bind_file, check_form, digest_of
from alliage.cli.exit_codes import ExitCode
from alliage.cli.home import Home, home_of
from alliage.cli.output import CommandError, Json, counted, give, say
from alliage.cli.query import KindName, kind_of
from alliage.cli.selection import Bbox, From, Identifier, Stream, To, Wanted, parse_selection

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pyarrow as pa

    from alliage.ontology.marking import JoinedMarking


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
    bind: Annotated[
        bool, typer.Option("--bind", help="Bind the joined label to the file (STANAG 4778).")
    ] = False,
    form: Annotated[str, typer.Option("--form", help="Of the binding: xml or json.")] = "xml",
    json: Json = False,
) -> None:
    """Write tracks, observations or claims to a file. Every row carries its marking."""
    from alliage.cli.writers import WRITERS

    name = format_name or file.suffix.removeprefix(".")
    write = WRITERS.get(name)
    if write is None:
        known = ", ".join(WRITERS)
        raise typer.BadParameter(f"{name!r} is not one of {known}", param_hint="--format")
    check_form(form)
    markings: set[str] = set()
    wanted = parse_selection(stream, identifier, valid_from, valid_to, bbox)
    with open_archive(home_of(home), user, see_as) as archive:
        schema, batches = _source(archive, what, kind, wanted)
        try:
            rows = write(file, schema, _noting(markings, batches))
        except (OSError, ValueError) as error:
            raise CommandError(
                f"{file}: {getattr(error, 'strerror', None) or error}", ExitCode.FAILED
            ) from None
    joined = _joined(markings)
    told = {"file": str(file), "format": name, "rows": rows, "marking": joined and joined.marking}
    bound: dict[str, str] = {}
    if bind:
        labels = joined.shown if joined else ()
        told["binding"] = str(bind_file(home_of(home), file, labels, form))
        bound = {"marking": joined.marking if joined else "", "sha384": digest_of(file)}
    note(
        home_of(home),
        "data.exported",
        "alliage export",
        read_as=user,
        see_as=see_as,
        what=what,
        rows=rows,
        **bound,
    )
    if json:
        give(told)
    else:
        say(f"{file}: {counted(rows, 'row')}" + (f", {joined.marking}" if joined else ""))


def _noting(markings: set[str], batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The same batches; what their rows are marked with is kept in ``markings``."""
    for batch in batches:
        markings.update(batch.column("marking").unique().to_pylist())
        yield batch


def _joined(markings: set[str]) -> JoinedMarking | None:
    """The joined marking of everything that was written; None for nothing."""
    from alliage.ontology.label_text import parse_marking
    from alliage.ontology.marking import join_marking

    return join_marking(label for marking in markings for label in parse_marking(marking))


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
