"""What an entry carries, as bytes: Arrow IPC for observations, canonical JSON for the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from alliage.log import revisions
from alliage.log.algorithms import PublicKey
from alliage.log.original import ORIGINAL, Original
from alliage.log.revisions import REVISION, Destroy, Drop, Raise, Revision, Supersede
from alliage.ontology.claim import Claim
from alliage.ontology.observation import Kind, ObservationBatch

CLAIMS: Final = "claims"
SOURCE: Final = "source"
KEY: Final = "key"
AUDIT: Final = "audit"
INGESTED: Final = "ingested"
"""The only key of a source change that tells of a recording loaded into the stream."""
OBSERVATIONS: Final = "observations:"
OBSERVATION_KINDS: Final = tuple(f"{OBSERVATIONS}{kind}" for kind in Kind)
REPORTED_KINDS: Final = (*OBSERVATION_KINDS, ORIGINAL)
"""What a source reported, and the bytes of that."""

MAX_ROWS: Final = 1 << 20
MAX_BODY_BYTES: Final = 64 << 20

_URGENT: Final = b"alliage.urgent"


@dataclass(frozen=True, slots=True)
class SourceChange:
    """A source was configured, or a recording was loaded into it; plain JSON data."""

    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class KeyChange:
    """Every later entry is signed by this key, and none by the one that signed this entry."""

    public: PublicKey


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """Who did what, why, and by which decision of the policy; plain JSON data."""

    data: dict[str, Any]


Body = (
    ObservationBatch
    | tuple[Claim, ...]
    | SourceChange
    | KeyChange
    | AuditRecord
    | Revision
    | Original
)


class BodyError(ValueError):
    """A body that the log does not take, or bytes that are none; says why."""


@dataclass(frozen=True, slots=True)
class EncodedBody:
    """A body's bytes and what the index keeps of it.

    ``valid_max_us`` is None where something holds until further notice; both are None for a body
    that says nothing about the world.
    """

    kind: str
    data: pa.Buffer
    rows: int
    valid_min_us: int | None
    valid_max_us: int | None


def encode(body: Body) -> EncodedBody:
    """Bytes of a body.

    Raises:
        BodyError: it is empty or larger than the log takes.
    """
    if isinstance(body, ObservationBatch):
        encoded = _encode_observations(body)
    elif isinstance(body, SourceChange):
        encoded = EncodedBody(SOURCE, pa.py_buffer(_canonical(body.data)), 1, None, None)
    elif isinstance(body, KeyChange):
        data = {"algorithm": body.public.algorithm, "public": body.public.data.hex()}
        encoded = EncodedBody(KEY, pa.py_buffer(_canonical(data)), 1, None, None)
    elif isinstance(body, AuditRecord):
        encoded = EncodedBody(AUDIT, pa.py_buffer(_canonical(body.data)), 1, None, None)
    elif isinstance(body, Original):
        encoded = _encode_original(body)
    elif isinstance(body, Raise | Destroy | Drop | Supersede):
        encoded = EncodedBody(REVISION, pa.py_buffer(revisions.encoded(body)), 1, None, None)
    else:
        encoded = _encode_claims(body)
    if len(encoded.data) > MAX_BODY_BYTES:
        raise BodyError(f"a body of {len(encoded.data)} bytes; at most {MAX_BODY_BYTES}: split it")
    return encoded


def decode(kind: str, data: pa.Buffer) -> Body:
    """Inverse of :func:`encode`.

    Raises:
        BodyError: the bytes are not a body of this kind.
    """
    try:
        if kind.startswith(OBSERVATIONS):
            return _decode_observations(Kind(kind.removeprefix(OBSERVATIONS)), data)
        if kind == CLAIMS:
            lines = data.to_pybytes().splitlines()
            return tuple(Claim.from_json(orjson.loads(line)) for line in lines)
        if kind == ORIGINAL:
            return Original.decoded(data)
        if kind == SOURCE:
            return SourceChange(orjson.loads(data.to_pybytes()))
        if kind == KEY:
            said = orjson.loads(data.to_pybytes())
            return KeyChange(PublicKey(said["algorithm"], bytes.fromhex(said["public"])))
        if kind == AUDIT:
            return AuditRecord(orjson.loads(data.to_pybytes()))
        if kind == REVISION:
            return revisions.from_json(orjson.loads(data.to_pybytes()))
    except (pa.ArrowException, ValueError, KeyError, TypeError) as error:
        raise BodyError(f"bytes that are no {kind} body: {error}") from error
    raise BodyError(f"no kind of body is called {kind!r}")


def _canonical(data: Any) -> bytes:
    return orjson.dumps(data, option=orjson.OPT_SORT_KEYS)


def _check_rows(rows: int) -> None:
    if rows == 0:
        raise BodyError("an empty body: an entry says something")
    if rows > MAX_ROWS:
        raise BodyError(f"a body of {rows} rows; at most {MAX_ROWS}: split it")


def _encode_claims(claims: tuple[Claim, ...]) -> EncodedBody:
    _check_rows(len(claims))
    data = b"\n".join(orjson.dumps(claim.to_json()) for claim in claims)
    ends = [claim.valid_to_us for claim in claims]
    closed = [end for end in ends if end is not None]
    return EncodedBody(
        CLAIMS,
        pa.py_buffer(data),
        len(claims),
        min(claim.valid_from_us for claim in claims),
        max(closed) if len(closed) == len(ends) else None,
    )


def _encode_original(body: Original) -> EncodedBody:
    _check_rows(len(body.events))
    times = [event.received_us for event in body.events]
    return EncodedBody(ORIGINAL, body.encoded(), len(times), min(times), max(times))


def _encode_observations(batch: ObservationBatch) -> EncodedBody:
    rows = _compact(batch.rows)
    _check_rows(rows.num_rows)
    if batch.urgent:
        rows = rows.replace_schema_metadata({_URGENT: b"1"})
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, rows.schema) as writer:
        writer.write_batch(rows)
    valid = rows.column("valid").cast(pa.int64()).to_numpy(zero_copy_only=False)
    kind = f"{OBSERVATIONS}{batch.kind}"
    return EncodedBody(kind, sink.getvalue(), len(rows), int(valid.min()), int(valid.max()))


def _decode_observations(kind: Kind, data: pa.Buffer) -> ObservationBatch:
    with pa.ipc.open_stream(data) as reader:
        rows = reader.read_next_batch()
    metadata = rows.schema.metadata or {}
    return ObservationBatch(kind, rows.replace_schema_metadata(None), urgent=_URGENT in metadata)


def _compact(rows: pa.RecordBatch) -> pa.RecordBatch:
    """Drop dictionary words that no row uses, where there are more words than rows.

    A decoder may share one growing dictionary between batches; an entry must neither carry all
    of it again nor tell of things that are not in its rows.
    """
    columns = [compact_column(column) for column in rows.columns]
    if all(new is old for new, old in zip(columns, rows.columns, strict=True)):
        return rows
    return pa.RecordBatch.from_arrays(columns, schema=rows.schema)


def compact_column(column: pa.Array, *, always: bool = False) -> pa.Array:
    """A column whose dictionary, and that of its lists, has no word that no row uses.

    Args:
        column: of any type; one without a dictionary is given back as it is.
        always: also where there are no more words than rows.
    """
    if pa.types.is_dictionary(column.type):
        if not always and len(column.dictionary) <= len(column):
            return column
        return column.dictionary_decode().dictionary_encode().cast(column.type)
    if pa.types.is_list(column.type) and pa.types.is_dictionary(column.type.value_type):
        values = column.flatten()
        compacted = compact_column(values, always=always)
        if compacted is values:
            return column
        lengths = pc.fill_null(pc.list_value_length(column), 0).to_numpy(zero_copy_only=False)
        offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
        mask = column.is_null() if column.null_count else None
        return pa.ListArray.from_arrays(pa.array(offsets), compacted, mask=mask)
    return column
