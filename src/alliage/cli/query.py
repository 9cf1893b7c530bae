"""``alliage query``: look at a node's data from the command line, as one of its users."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any

import typer

from alliage.cli.archive import As, SeeAs, open_archive
from alliage.cli.home import Home, home_of
from alliage.cli.output import Json, counted, give, give_table, say, say_not_kept
from alliage.cli.selection import Bbox, From, Identifier, Stream, To, parse_selection

if TYPE_CHECKING:
    import pyarrow as pa

app = typer.Typer(no_args_is_help=True, help="Look at tracks, observations and claims.")

Limit = Annotated[int, typer.Option(min=1, max=100_000, help="At most so many rows.")]
KindName = Annotated[str, typer.Option("--kind", help="position, static, environment or text.")]


@app.command("tracks")
def query_tracks(
    user: As,
    see_as: SeeAs = None,
    home: Home = None,
    stream: Stream = None,
    identifier: Identifier = None,
    valid_from: From = None,
    valid_to: To = None,
    bbox: Bbox = None,
    limit: Limit = 100,
    json: Json = False,
) -> None:
    """Show the last known state of every track."""
    from alliage.cli.archive_tracks import archive_tracks

    wanted = parse_selection(stream, identifier, valid_from, valid_to, bbox)
    with open_archive(home_of(home), user, see_as) as archive:
        columns = ("identifier", "name", "state", "latitude_deg", "longitude_deg", "speed_mps")
        _show(archive_tracks(archive, wanted), (*columns, "valid"), limit, json)


@app.command("observations")
def query_observations(
    user: As,
    see_as: SeeAs = None,
    kind: KindName = "position",
    home: Home = None,
    stream: Stream = None,
    identifier: Identifier = None,
    valid_from: From = None,
    valid_to: To = None,
    bbox: Bbox = None,
    limit: Limit = 100,
    json: Json = False,
) -> None:
    """Show what sources reported, in the order in which it became known."""
    from alliage.export.rows import observations

    wanted = parse_selection(stream, identifier, valid_from, valid_to, bbox)
    with open_archive(home_of(home), user, see_as) as archive:
        columns = ("valid", "stream", "identifier", "report", "latitude_deg", "longitude_deg")
        say_not_kept(archive.origin.reader, wanted)
        batches = observations(archive.origin, kind_of(kind), wanted)
        _show(batches, (*columns, "speed_mps"), limit, json)


@app.command("claims")
def query_claims(
    user: As,
    see_as: SeeAs = None,
    home: Home = None,
    stream: Stream = None,
    identifier: Identifier = None,
    valid_from: From = None,
    valid_to: To = None,
    limit: Limit = 100,
    json: Json = False,
) -> None:
    """Show what sources said of things: who said what, when."""
    from alliage.export.rows import claims

    wanted = parse_selection(stream, identifier, valid_from, valid_to, None)
    with open_archive(home_of(home), user, see_as) as archive:
        columns = ("known", "stream", "identifier", "property", "value", "count")
        _show(claims(archive.origin, wanted), columns, limit, json)


def kind_of(text: str) -> Any:
    """Return the kind of observation that somebody named.

    Raises:
        typer.BadParameter: there is no such kind.
    """
    from alliage.ontology.observation import Kind

    if text not in list(Kind):
        raise typer.BadParameter(f"{text!r} is not one of {', '.join(Kind)}", param_hint="--kind")
    return Kind(text)


def _show(
    batches: Iterable[pa.RecordBatch], columns: Sequence[str], limit: int, as_json: bool
) -> None:
    from alliage.export.files import plain_rows

    found: Iterator[dict[str, Any]] = plain_rows(batches)
    rows = list(islice(found, limit))
    more = next(found, None) is not None
    if as_json:
        give({"items": rows, "more": more})
        return
    markings = sorted({row["marking"] for row in rows})
    if len(markings) > 1:
        columns = (*columns, "marking")
    give_table(columns, [[_shown(column, row.get(column)) for column in columns] for row in rows])
    say("\n".join(markings))
    say(f"{counted(len(rows), 'row')}{'; there are more, see --limit' if more else ''}")


def _shown(column: str, value: object) -> object:
    if isinstance(value, float):
        return f"{value:.5f}" if column in {"latitude_deg", "longitude_deg"} else f"{value:.1f}"
    if column in {"valid", "known", "valid_from"} and value is not None:
        return str(value)[:19] + "Z"
    return value
