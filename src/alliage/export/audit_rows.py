"""The audit as rows of a file."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

import orjson
import pyarrow as pa

from alliage.access.authority import changes_in
from alliage.export.files import JSON_TEXT
from alliage.export.wanted import Origin
from alliage.history.audit import AuditWanted, records
from alliage.ontology.marking import join_marking
from alliage.ontology.observation import TIME

_ROWS: Final = 1_000
_WORDS: Final = ("act", "user", "nation", "program", "reason", "decision")
_PLAIN: Final = ("details", "authority", "changes")
AUDIT: Final = pa.schema(
    [
        pa.field("at", TIME),
        *(pa.field(name, pa.utf8()) for name in _WORDS),
        pa.field("roles", pa.list_(pa.utf8())),
        pa.field("on", pa.list_(pa.utf8())),
        pa.field("done", pa.bool_()),
        *(pa.field(name, pa.utf8(), metadata=JSON_TEXT) for name in _PLAIN),
        pa.field("entry_id", pa.utf8()),
        pa.field("known", TIME),
        pa.field("marking", pa.utf8()),
    ]
)


def audit_rows(origin: Origin, wanted: AuditWanted) -> Iterator[pa.RecordBatch]:
    """The wanted records, the oldest first; the origin is read as an auditor reads it."""
    rows = _rows(origin, wanted)
    while some := list(islice(rows, _ROWS)):
        yield pa.RecordBatch.from_pylist(some, AUDIT)


def _rows(origin: Origin, wanted: AuditWanted) -> Iterator[dict[str, Any]]:
    for record in records(origin.reader, wanted):
        data = record.data
        label = join_marking(origin.label_sets.labels_of(record.label_set))
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
