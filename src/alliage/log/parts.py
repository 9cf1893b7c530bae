"""Parts of an entry: rows that carry other labels than its other rows, since they were raised.

The entry itself stays as it was signed, and carries the labels of all its rows together from then
on: who looks at it as a whole has to be allowed every row. Whoever reads what it says gets its
parts, each under its own labels (docs/decisions/0282).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from alliage.log.bodies import Body, compact_column
from alliage.log.revisions import Raise
from alliage.ontology.label import LabelSet
from alliage.ontology.observation import ObservationBatch

Rows = NDArray[np.int32]
"""Places of rows in a body, rising, counted from 0."""
Groups = dict[LabelSet, Rows]
"""By labels, the rows that carry them: every row of an entry is in one group."""


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Some rows of an entry, all under the same labels."""

    label_set: int
    labels: LabelSet
    rows: Rows
    valid_min_us: int | None
    valid_max_us: int | None


def in_order(parts: Iterable[Part]) -> tuple[Part, ...]:
    """By their first rows."""
    return tuple(sorted(parts, key=lambda part: int(part.rows[0])))


def all_rows(count: int) -> Rows:
    """The places of this many rows."""
    return np.arange(count, dtype=np.int32)


def are_same(one: Groups, other: Groups) -> bool:
    """Whether the same rows carry the same labels."""
    return one.keys() == other.keys() and all(
        np.array_equal(rows, other[labels]) for labels, rows in one.items()
    )


def regrouped(groups: Groups, said: Raise) -> Groups:
    """The groups of an entry after a decision to raise it, or some of its rows."""
    found: dict[LabelSet, list[Rows]] = {}
    for labels, rows in groups.items():
        is_meant = np.isin(rows, said.rows) if said.rows else np.ones(len(rows), np.bool_)
        for raised, some in ((labels | said.labels, rows[is_meant]), (labels, rows[~is_meant])):
            if len(some):
                found.setdefault(raised, []).append(some)
    whole = {labels: np.sort(np.concatenate(some)) for labels, some in found.items()}
    return dict(sorted(whole.items(), key=lambda one: int(one[1][0])))


def rows_of(content: Body, rows: Rows) -> Body:
    """Only these rows of a body; not even its dictionaries tell of the others.

    Raises:
        TypeError: what this body says does not come in rows.
    """
    if isinstance(content, ObservationBatch):
        some = content.rows.take(pa.array(rows))
        columns = [compact_column(column, always=True) for column in some.columns]
        batch = pa.RecordBatch.from_arrays(columns, schema=some.schema)
        return ObservationBatch(content.kind, batch, urgent=content.urgent)
    if isinstance(content, tuple):
        return tuple(content[row] for row in rows)
    raise TypeError(f"a body of {type(content).__name__} has no rows")


def extent_us(content: Body) -> tuple[int | None, int | None]:
    """The earliest and latest valid time of what a body says; None for none, or for no end."""
    if isinstance(content, ObservationBatch):
        valid = content.rows.column("valid").cast(pa.int64()).to_numpy(zero_copy_only=False)
        return int(valid.min()), int(valid.max())
    if isinstance(content, tuple):
        ends = [claim.valid_to_us for claim in content]
        latest = None if None in ends else max(end for end in ends if end is not None)
        return min(claim.valid_from_us for claim in content), latest
    return None, None
