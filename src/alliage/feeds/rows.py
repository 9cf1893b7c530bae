"""Rows to batches, for formats of some thousand reports a second at most.

A format with a high rate builds its columns directly (see ``feeds/ais``); for the others a list
of dictionaries is clear and fast enough.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pyarrow as pa

from alliage.ontology.observation import (
    COMMON,
    ENVIRONMENT,
    POSITION,
    TEXT,
    Kind,
    ObservationBatch,
)

_TYPES: Final = {
    column.name: column.type for part in (COMMON, POSITION, ENVIRONMENT, TEXT) for column in part
}


def make_batch(
    kind: Kind,
    rows: Sequence[Mapping[str, Any]],
    static_types: Mapping[str, pa.DataType] | None = None,
    urgent: bool = False,
) -> ObservationBatch:
    """Return rows as one Arrow record batch.

    Args:
        kind: what the rows say.
        rows: column name to value; times are microseconds since the epoch. A column that no row
            has is left out, one that some rows lack is null there.
        static_types: Arrow type of the ontology properties among the columns.
        urgent: whether to write them at once.

    Raises:
        ValueError: a column is neither an observation column nor in ``static_types``.
    """
    types = {**_TYPES, **(static_types or {})}
    names = dict.fromkeys(name for row in rows for name in row)
    unknown = [name for name in names if name not in types]
    if unknown:
        raise ValueError(f"no such column: {unknown[0]!r}; see docs/reference/observations.md")
    columns = [pa.array([row.get(name) for row in rows], type=types[name]) for name in names]
    return ObservationBatch(kind, pa.record_batch(columns, names=list(names)), urgent)
