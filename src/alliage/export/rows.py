"""What is asked for, as Arrow batches of one flat schema each: for tables, files and pipes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from alliage.export.wanted import Origin, Wanted
from alliage.log.bodies import CLAIMS as CLAIMS_KIND
from alliage.ontology.claim import Claim
from alliage.ontology.marking import join_marking
from alliage.ontology.observation import (
    COMMON,
    ENVIRONMENT,
    ESTIMATE,
    LINE,
    PLOT,
    POSITION,
    TEXT,
    TIME,
    Kind,
)

if TYPE_CHECKING:
    from alliage.log import Entry
    from alliage.ontology.box import Box
    from alliage.picture.state import TrackState

_PAGE: Final = 200
_PLACE: Final = ("longitude_deg", "latitude_deg")
_PROVENANCE: Final = (
    pa.field("stream", pa.utf8()),
    pa.field("known", TIME),
    pa.field("marking", pa.utf8()),
)
CLAIMS: Final = pa.schema(
    [
        *(pa.field(name, pa.utf8()) for name in ("claim_id", "subject", "identifier", "schema")),
        *(pa.field(name, pa.utf8()) for name in ("property", "value")),
        pa.field("valid_from", TIME),
        pa.field("valid_to", TIME),
        pa.field("confidence", pa.float64()),
        pa.field("count", pa.int64()),
        *_PROVENANCE,
    ]
)
TRACKS: Final = pa.schema(
    [
        *(pa.field(name, pa.utf8()) for name in ("track_id", "identifier", "name", "schema")),
        *(pa.field(name, pa.utf8()) for name in ("state", "navigation_status", "sidc")),
        *(pa.field(name, pa.float64()) for name in ("latitude_deg", "longitude_deg")),
        *(pa.field(name, pa.float64()) for name in ("position_std_m", "position_minor_std_m")),
        *(pa.field(name, pa.float64()) for name in ("position_axis_deg", "altitude_m")),
        *(pa.field(name, pa.float64()) for name in ("speed_mps", "course_deg", "heading_deg")),
        pa.field("valid", TIME),
        pa.field("age_s", pa.float64()),
        pa.field("properties", pa.utf8()),
        pa.field("sources", pa.list_(pa.utf8())),
        pa.field("marking", pa.utf8()),
    ]
)


def observation_schema(origin: Origin, kind: Kind) -> pa.Schema:
    """Every column that observations of a kind may have; words are plain text."""
    parts: dict[Kind, list[pa.Field]] = {
        Kind.POSITION: [*POSITION, *ESTIMATE],
        Kind.ENVIRONMENT: [*POSITION, *ENVIRONMENT],
        Kind.TEXT: [*POSITION, *TEXT],
        Kind.PLOT: [*PLOT],
        Kind.LINE: [*LINE],
        Kind.STATIC: [pa.field(n, t) for n, t in origin.ontology.static_types().items()],
    }
    fields = [*COMMON, *parts[kind]]
    return pa.schema([*(pa.field(f.name, _plain(f.type)) for f in fields), *_PROVENANCE])


def observations(origin: Origin, kind: Kind, wanted: Wanted) -> Iterator[pa.RecordBatch]:
    """Observations of a kind that the audience sees, in the order of the log."""
    schema = observation_schema(origin, kind)
    for entry in _entries(origin, f"observations:{kind}", wanted):
        rows = _conformed(entry.observations().rows, schema, entry)
        selected = rows.filter(_mask(rows, entry.stream, wanted))
        if selected.num_rows:
            yield selected


def claims(origin: Origin, wanted: Wanted) -> Iterator[pa.RecordBatch]:
    """Claims that the audience sees, in the order of the log."""
    for entry in _entries(origin, CLAIMS_KIND, wanted):
        rows = [
            _claim_row(claim, entry)
            for claim in entry.claims()
            if wanted.identifier in (None, claim.identifier)
            and (wanted.subjects is None or claim.subject in wanted.subjects)
        ]
        if rows:
            yield pa.RecordBatch.from_pylist(rows, schema=CLAIMS)


def tracks(states: Iterable[TrackState], wanted: Wanted) -> Iterator[pa.RecordBatch]:
    """Those of these states that are wanted."""
    rows = [_track_row(state) for state in states if _is_wanted(state, wanted)]
    if rows:
        yield pa.RecordBatch.from_pylist(rows, schema=TRACKS)


def _entries(origin: Origin, kind: str, wanted: Wanted) -> Iterator[Entry]:
    read = partial(
        origin.reader.read,
        limit=_PAGE,
        kinds=[kind],
        streams=_streams(wanted) if kind != CLAIMS_KIND else wanted.streams,
        valid_from_us=wanted.from_us,
        valid_to_us=wanted.to_us,
        up_to=wanted.up_to,
    )
    after = 0
    while entries := read(after):
        yield from entries
        after = entries[-1].number


def _streams(wanted: Wanted) -> tuple[str, ...] | None:
    if wanted.things is None:
        return wanted.streams
    of_things = {stream for stream, _ in wanted.things}
    return tuple(sorted(of_things if wanted.streams is None else of_things & {*wanted.streams}))


def _conformed(rows: pa.RecordBatch, schema: pa.Schema, entry: Entry) -> pa.RecordBatch:
    """The batch with every column of the schema, dictionaries unpacked; absent ones null."""
    given: dict[str, Any] = {
        "stream": entry.stream,
        "known": entry.known_us,
        "marking": _marking(entry),
    }
    columns = []
    for field in schema:
        if field.name in given:
            value = pa.scalar(given[field.name], type=field.type)
            columns.append(pa.repeat(value, rows.num_rows))
        elif field.name in rows.schema.names:
            columns.append(rows.column(field.name).cast(field.type))
        else:
            columns.append(pa.nulls(rows.num_rows, field.type))
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def _mask(rows: pa.RecordBatch, stream: str, wanted: Wanted) -> pa.Array:
    mask = pa.repeat(pa.scalar(value=True), rows.num_rows)
    if wanted.things is not None:
        names = [name for of, name in wanted.things if of == stream]
        mask = pc.is_in(rows.column("identifier"), pa.array(names, pa.utf8()))
    if wanted.identifier is not None:
        mask = pc.and_(mask, pc.equal(rows.column("identifier"), wanted.identifier))
    valid = rows.column("valid").cast(pa.int64())
    if wanted.from_us is not None:
        mask = pc.and_(mask, pc.greater_equal(valid, wanted.from_us))
    if wanted.to_us is not None:
        mask = pc.and_(mask, pc.less(valid, wanted.to_us))
    if wanted.box is not None:
        mask = pc.and_(mask, _in_box(rows, wanted.box))
    return pc.fill_null(mask, fill_value=False)


def _in_box(rows: pa.RecordBatch, box: Box) -> pa.Array:
    """A row without a position is in no box."""
    if "longitude_deg" not in rows.schema.names:
        return pa.repeat(pa.scalar(value=False), rows.num_rows)
    lon, lat = (rows.column(name).to_numpy(zero_copy_only=False) for name in _PLACE)
    return pa.array(box.mask(lon, lat))


def _is_wanted(state: TrackState, wanted: Wanted) -> bool:
    if wanted.subjects is not None and state.object_id not in wanted.subjects:
        return False
    if wanted.identifier not in (None, state.identifier):
        return False
    text = f"{state.name or ''} {state.identifier}".lower()
    if not all(word in text for word in wanted.words):
        return False
    if wanted.from_us is not None and (state.heard_us or 0) < wanted.from_us:
        return False
    return wanted.to_us is None or (state.heard_us or 0) < wanted.to_us


def _claim_row(claim: Claim, entry: Entry) -> dict[str, Any]:
    value = claim.value
    return {
        "claim_id": claim.claim_id,
        "subject": claim.subject,
        "identifier": claim.identifier,
        "schema": claim.schema,
        "property": claim.property,
        "value": value if value is None or isinstance(value, str) else json.dumps(value),
        "valid_from": claim.valid_from_us,
        "valid_to": claim.valid_to_us,
        "confidence": claim.confidence,
        "count": claim.count,
        "stream": entry.stream,
        "known": entry.known_us,
        "marking": _marking(entry),
    }


def _track_row(state: TrackState) -> dict[str, Any]:
    row: dict[str, Any] = {name: getattr(state, name, None) for name in TRACKS.names}
    row["valid"] = state.valid_us
    row["properties"] = json.dumps(state.properties, ensure_ascii=False)
    row["sources"] = list(state.sources)
    return row


def _marking(entry: Entry) -> str:
    joined = join_marking(entry.labels)
    return joined.marking if joined else ""


def _plain(type_: pa.DataType) -> pa.DataType:
    """The type with dictionaries unpacked."""
    if pa.types.is_dictionary(type_):
        return type_.value_type
    if pa.types.is_list(type_):
        return pa.list_(_plain(type_.value_type))
    return type_
