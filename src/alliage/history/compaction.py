"""Segments joined into larger ones, and what has had its time left out on the way."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from alliage.history.keeping import Cutoffs, expired_rows
from alliage.history.manifest import Kept
from alliage.history.positions import KNOWN, ROWS, STREAM, chosen, joined, microseconds
from alliage.history.segment import Segment, stream_parts

FAN: Final = 6
"""So many segments of one size under one label set are joined."""
SMALLEST_ROWS: Final = 400_000
"""Segments up to this are of one size; each further size is :data:`FAN` times larger."""
LARGEST_ROWS: Final = 16_000_000
"""A segment as large as this is joined no more."""
ROWS_AT_ONCE: Final = 500_000
WORTH_REWRITING: Final = 0.25
"""A segment is written anew once this share of it has had its time."""


Moments = Mapping[str, Sequence[int]]
"""Entries by their stream and when they became known, in microseconds."""


@dataclass(frozen=True, slots=True)
class Work:
    """Segments of one label set that become one, or none."""

    segments: tuple[Segment, ...]


def next_work(segments: Sequence[Segment], ends: Cutoffs) -> Work | None:
    """What is to be done first; None where all is well."""
    for one in segments:
        if expired_rows(one.info, ends) >= max(1.0, WORTH_REWRITING * one.info.rows):
            return Work((one,))
    by_size: dict[tuple[int, int], list[Segment]] = {}
    for one in segments:
        if one.info.rows < LARGEST_ROWS:
            by_size.setdefault((one.label_set, _size(one.info.rows)), []).append(one)
    for _, group in sorted(by_size.items()):
        if len(group) >= FAN:
            oldest = sorted(group, key=lambda one: (one.info.valid_min_us, one.info.name))
            return Work(tuple(oldest[:FAN]))
    return None


def _size(rows: int) -> int:
    return max(0, math.ceil(math.log(rows / SMALLEST_ROWS, FAN)))


@dataclass
class Merge:
    """The rows of some segments under one label set, hour by hour."""

    work: Work
    ends: Cutoffs
    given_up: Callable[[], bool]
    without: Moments = field(default_factory=dict)  # what is left out, and is nothing too old
    kept_from_us: Kept = field(default_factory=dict)  # of streams of which rows were left out

    def batches(self) -> Iterator[pa.Table]:
        """What is kept, the earliest first; at most some hours of it are in memory.

        Raises:
            InterruptedError: the work was given up.
        """
        for first, last in self._stretches():
            if self.given_up():
                raise InterruptedError("the node is stopping; the work is done another time")
            parts = [self._between(one, first, last) for one in self.work.segments]
            rows = joined(part for part in parts if part.num_rows)
            rows = self._kept(without(rows, self.without))
            if rows.num_rows:
                yield rows

    def _stretches(self) -> Iterator[tuple[int, int]]:
        """First and last hours of stretches of about so many rows."""
        runs = [one.runs() for one in self.work.segments]
        hours, of_run = np.unique(
            np.concatenate([one.hours() for one in runs]), return_inverse=True
        )
        rows = np.bincount(of_run, np.concatenate([one.rows for one in runs]))
        stretch = ((np.cumsum(rows) - rows) // ROWS_AT_ONCE).astype(np.int64)
        for begin, end in _equal(stretch):
            yield int(hours[begin]), int(hours[end])

    def _between(self, segment: Segment, first: int, last: int) -> pa.Table:
        runs = segment.runs()
        hours = runs.hours()
        found = runs.take((hours >= first) & (hours <= last))
        return segment.read(found, set(ROWS.names))

    def _kept(self, rows: pa.Table) -> pa.Table:
        """The rows that have not had their time; remembers of which streams some were taken."""
        label_set = self.work.segments[0].label_set
        known_us = microseconds(rows, KNOWN)
        gone = np.zeros(rows.num_rows, np.bool_)
        for (stream, its_label_set), end_us in self.ends.items():
            if its_label_set == label_set:
                gone |= (known_us <= end_us) & _is(rows.column(STREAM), stream)
        if not gone.any():
            return rows
        for stream, part in stream_parts(rows.filter(pa.array(gone))).items():
            key = (stream, label_set)
            self.kept_from_us[key] = max(
                part.valid_max_us + 1, self.kept_from_us.get(key, part.valid_max_us + 1)
            )
        return chosen(rows, ~gone)


def without(rows: pa.Table, moments: Moments) -> pa.Table:
    """The rows that no entry of these streams brought at these moments."""
    gone = np.zeros(rows.num_rows, np.bool_)
    for stream, known_us in moments.items():
        at_once = np.isin(microseconds(rows, KNOWN), known_us)
        if at_once.any():
            gone |= at_once & _is(rows.column(STREAM), stream)
    return chosen(rows, ~gone) if gone.any() else rows


def _equal(numbers: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """First and last index of each stretch of equal numbers."""
    begins = np.flatnonzero(np.r_[True, numbers[1:] != numbers[:-1]])
    for begin, end in zip(begins, np.r_[begins[1:], len(numbers)], strict=True):
        yield int(begin), int(end) - 1


def _is(column: pa.ChunkedArray, word: str) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = pc.equal(column.cast(pa.utf8()), word).to_numpy()
    return found
