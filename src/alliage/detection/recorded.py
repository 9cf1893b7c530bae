"""Blocks of a recording in the order in which their rows would have come.

A decoder gives out a block of minutes by kind, what is urgent first. In a node such blocks are
parts of a second and their order says nothing; here the last rows of a block must not come before
its first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from alliage.ontology.observation import ObservationBatch

STEP_US: Final = 10_000_000


def as_they_came(batches: Sequence[ObservationBatch]) -> Iterator[ObservationBatch]:
    """The rows of these batches in steps of ten seconds, by when they were recorded, else valid."""
    pieces = []
    for place, batch in enumerate(batches):
        if batch.rows.num_rows == 0:
            continue
        marks = batch.rows["valid"]
        if "recorded" in batch.rows.schema.names:
            marks = pc.coalesce(batch.rows["recorded"], marks)
        steps = marks.cast(pa.int64()).to_numpy(zero_copy_only=False) // STEP_US
        order = np.argsort(steps, kind="stable")
        edges = np.flatnonzero(np.diff(steps[order])) + 1
        for chosen in np.split(order, edges):
            rows = batch.rows.take(pa.array(chosen))
            piece = ObservationBatch(batch.kind, rows, batch.urgent)
            pieces.append((int(steps[chosen[0]]), place, piece))
    for _, _, piece in sorted(pieces, key=lambda one: one[:2]):
        yield piece
