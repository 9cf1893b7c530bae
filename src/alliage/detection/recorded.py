"""Blocks of a recording in the order in which their rows would have come.

A decoder gives out a block of minutes by kind, what is urgent first. In a node such blocks are
parts of a second and their order says nothing; here the last rows of a block must not come before
its first. Some recordings are not in the order of time at all, but thing by thing: they have to be
read whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from alliage.ontology.observation import Kind, ObservationBatch

STEP_US: Final = 10_000_000
BACK_US: Final = 600_000_000
"""A quarter of a block's reports older than three quarters of an earlier one's, by so much: no
stations with wrong clocks, which are few, make that."""

Piece = tuple[int, int, str, ObservationBatch]


class OutOfOrderError(ValueError):
    """A recording is not in the order of its times."""


class OrderOfTime:
    """Sees whether blocks of recordings come in the order of their times."""

    def __init__(self) -> None:
        self._newest_us: int | None = None

    def check(self, name: str, batches: Sequence[ObservationBatch]) -> None:
        """Look at the next block.

        Raises:
            OutOfOrderError: it is older than one before it.
        """
        marks = [_marks_us(one) for one in batches if one.kind is Kind.POSITION]
        if not sum(map(len, marks)):
            return
        older, newer = np.quantile(np.concatenate(marks), [0.25, 0.75])
        if self._newest_us is not None and older < self._newest_us - BACK_US:
            raise OutOfOrderError(f"{name} is not in the order of time")
        self._newest_us = max(self._newest_us or 0, int(newer))


def as_they_came(batches: Sequence[ObservationBatch]) -> Iterator[ObservationBatch]:
    """The rows of these batches in steps of ten seconds, by when they were recorded, else valid."""
    for _, batch in in_order([("", batches)]):
        yield batch


def in_order(
    blocks: Iterable[tuple[str, Sequence[ObservationBatch]]],
) -> Iterator[tuple[str, ObservationBatch]]:
    """The same of blocks of several streams, each batch with its stream."""
    pieces: list[Piece] = []
    for stream, batches in blocks:
        for batch in batches:
            pieces += _pieces(stream, batch, len(pieces))
    for _, _, stream, piece in sorted(pieces, key=lambda one: one[:2]):
        yield stream, piece


def _pieces(stream: str, batch: ObservationBatch, place: int) -> Iterator[Piece]:
    if batch.rows.num_rows == 0:
        return
    steps = _marks_us(batch) // STEP_US
    order = np.argsort(steps, kind="stable")
    edges = np.flatnonzero(np.diff(steps[order])) + 1
    for chosen in np.split(order, edges):
        rows = batch.rows.take(pa.array(chosen))
        piece = ObservationBatch(batch.kind, rows, batch.urgent)
        yield int(steps[chosen[0]]), place, stream, piece


def _marks_us(batch: ObservationBatch) -> NDArray[np.int64]:
    marks = batch.rows["valid"]
    if "recorded" in batch.rows.schema.names:
        marks = pc.coalesce(batch.rows["recorded"], marks)
    return np.asarray(marks.cast(pa.int64()).to_numpy(zero_copy_only=False))
