"""What was reported within a minute and is no thing of the picture's, each stream and label apart.

A stream's bound is its own, so that nothing hidden can push out what a reader may see.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from alliage.ontology.audience import Audience
from alliage.ontology.box import Box
from alliage.picture.entry import PictureEntry
from alliage.picture.stream_rows import StreamKey

KEPT_US: Final = 60_000_000
"""How long a row is kept, by its stream's own time."""
ROWS_AT_MOST: Final = 20_000
"""Of one stream under one label set; the oldest batches go first."""
LEAD_US: Final = 1_000_000
"""How far a row may be ahead of the picture's clock, which follows the reports."""


class Batch(NamedTuple):
    """What one entry brought: n of each."""

    identifier: list[str]
    sensor: list[str]
    valid_us: NDArray[np.int64]
    columns: dict[str, NDArray[np.float64]]  # NaN where nothing is said

    def where(self, rows: NDArray[np.intp]) -> Batch:
        """Some of the rows, in this order."""
        return Batch(
            [self.identifier[row] for row in rows.tolist()],
            [self.sensor[row] for row in rows.tolist()],
            self.valid_us[rows],
            {name: values[rows] for name, values in self.columns.items()},
        )


class Seen(NamedTuple):
    """Rows of one stream under one label set, the newest first."""

    key: StreamKey
    rows: Batch

    @property
    def valid_us(self) -> NDArray[np.int64]:
        """When each was so."""
        return self.rows.valid_us


@dataclass
class Stream:
    """The batches of one stream under one label set."""

    batches: deque[Batch] = field(default_factory=deque)
    rows: int = 0
    newest_us: int = 0

    def add(self, batch: Batch) -> None:
        """Keep a batch, and of older ones what is still to be kept."""
        newest_us = int(batch.valid_us.max())
        if newest_us < self.newest_us - KEPT_US:
            self.batches.clear()  # time was set back: what comes is another run
            self.rows = self.newest_us = 0
        self.newest_us = max(self.newest_us, newest_us)
        self.batches.append(batch)
        self.rows += len(batch.sensor)
        oldest_us = self.newest_us - KEPT_US
        while len(self.batches) > 1 and (
            self.rows > ROWS_AT_MOST or int(self.batches[0].valid_us.max()) < oldest_us
        ):
            self.rows -= len(self.batches.popleft().sensor)

    def together(self) -> Batch:
        """All rows, as they came."""
        batches = self.batches
        return Batch(
            [word for batch in batches for word in batch.identifier],
            [word for batch in batches for word in batch.sensor],
            np.concatenate([batch.valid_us for batch in batches]),
            {
                name: np.concatenate([batch.columns[name] for batch in batches])
                for name in batches[0].columns
            },
        )


class RecentRows:
    """The rows of the last minute. Used under the picture's lock; a kind of rows says how read."""

    def __init__(self) -> None:
        self._streams: dict[StreamKey, Stream] = {}

    def add(self, entry: PictureEntry) -> None:
        """Take an entry."""
        batch = self._read(entry.observations().rows)
        if batch is not None:
            key = StreamKey(entry.stream, entry.label_set)
            self._streams.setdefault(key, Stream()).add(batch)

    def forget(self, stream: str) -> None:
        """What this stream reported counts no more."""
        for key in [key for key in self._streams if key.stream == stream]:
            del self._streams[key]

    def seen(
        self, audience: Audience, now_us: int, since_us: int, box: Box | None, at_most: int
    ) -> tuple[list[Seen], bool]:
        """Rows that these readers may see, streams by their names.

        Args:
            audience: whose.
            now_us: the picture's time for these readers.
            since_us: what was so before is left out.
            box: around what has a place, and around the sensors of what has none.
            at_most: rows of each stream, the newest.

        Returns:
            The rows, and whether these are all.
        """
        found, complete = [], True
        for key in sorted(key for key in self._streams if audience.sees(key.label_set)):
            every = self._streams[key].together()
            wanted = (every.valid_us >= since_us) & (every.valid_us <= now_us + LEAD_US)
            if box is not None:
                wanted &= self._within(every, box)
            rows = np.flatnonzero(wanted)
            rows = rows[np.argsort(-every.valid_us[rows], kind="stable")]
            chosen = self._chosen(every.where(rows))
            if len(chosen.sensor) > at_most:
                complete = False
                chosen = chosen.where(np.arange(at_most))
            if chosen.sensor:
                found.append(Seen(key, chosen))
        return found, complete

    def _read(self, rows: pa.RecordBatch) -> Batch | None:
        raise NotImplementedError

    def _within(self, rows: Batch, box: Box) -> NDArray[np.bool_]:
        raise NotImplementedError

    def _chosen(self, rows: Batch) -> Batch:
        """Of rows from the newest to the oldest those that are told."""
        return rows


def words_of(rows: pa.RecordBatch, name: str) -> list[str]:
    """A column of words that is never null."""
    words: list[str] = rows.column(name).cast(pa.utf8()).to_pylist()
    return words


def times_of(rows: pa.RecordBatch) -> NDArray[np.int64]:
    """When each row was so, microseconds since 1970."""
    valid: NDArray[np.int64] = rows.column("valid").cast(pa.int64()).to_numpy(zero_copy_only=False)
    return valid


def numbers_of(rows: pa.RecordBatch, names: tuple[str, ...]) -> dict[str, NDArray[np.float64]]:
    """Columns of numbers; NaN where nothing is said."""
    return {name: _numbers(rows, name) for name in names}


def _numbers(rows: pa.RecordBatch, name: str) -> NDArray[np.float64]:
    if name not in rows.schema.names:
        return np.full(rows.num_rows, np.nan)
    said = pc.cast(rows.column(name), pa.float64())
    numbers: NDArray[np.float64] = pc.fill_null(said, np.nan).to_numpy(zero_copy_only=False)
    return numbers
