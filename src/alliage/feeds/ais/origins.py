"""When and where each AIS sentence was heard: its own tag block, or what the lines before said.

A tag block or a ``$PGHP`` mark on a line of its own speaks of the next sentence only. Of several
sources the sentence's own tag block counts first, then the mark, then the tag block before it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from alliage.feeds.ais.lines import Lines
from alliage.feeds.ais.sentences import LineKind, Sentences, words_at
from alliage.feeds.ais.tagblocks import NOTHING, TagBlock, TagBlockReader, parse_trailer
from alliage.feeds.ais.timemarks import NO_STATION, NO_TIME, read_time_marks

MAX_AHEAD_US: Final = 86_400_000_000
"""An origin's clock more than a day ahead of the time of receipt is wrong and counts as none."""
_SPEAKS_OF_NEXT: Final = np.isin(
    np.arange(len(LineKind)), [LineKind.TIME_MARK, LineKind.TAG_BLOCK, LineKind.COMMENT]
)
_MAX_KINDS: Final = 16


class Stations:
    """Station names as small integers: a bound keeps a hostile stream from filling memory."""

    CAPACITY: Final = 65_536

    def __init__(self) -> None:
        self.names: list[str] = []
        self._numbers: dict[str, int] = {}

    def intern(self, name: str) -> int:
        """Number of this station; NO_STATION for no name, and once the table is full."""
        number = self._numbers.get(name)
        if number is not None:
            return number
        if not name or len(self.names) >= self.CAPACITY:
            return NO_STATION
        self._numbers[name] = number = len(self.names)
        self.names.append(name)
        return number


@dataclass(slots=True)
class Pending:
    """What has been said of a sentence that has not come yet."""

    time_us: int = NO_TIME
    station: int = NO_STATION
    tag_time_us: int = NO_TIME
    tag_station: int = NO_STATION


@dataclass(slots=True)
class Origins:
    """One entry per AIS sentence; ``group`` is the tag block's group, 0 where none."""

    recorded_us: NDArray[np.int64]
    station: NDArray[np.int32]
    group: NDArray[np.int64]

    def take(self, rows: NDArray[np.int64]) -> Origins:
        """Only those of some sentences."""
        return Origins(self.recorded_us[rows], self.station[rows], self.group[rows])


@dataclass(slots=True)
class OriginReader:
    """Remembers the marks that wait for their sentence, and the names of stations."""

    stations: Stations = field(default_factory=Stations)
    tag_blocks: TagBlockReader = field(default_factory=TagBlockReader)
    pending: Pending = field(default_factory=Pending)

    def read(self, lines: Lines, sentences: Sentences) -> Origins:
        """Give every AIS sentence its origin; junk tag blocks become ``LineKind.CHECKSUM``."""
        kind = sentences.kind
        size = len(kind)
        order = np.arange(size)
        mark_rows = np.flatnonzero(kind == LineKind.TIME_MARK)
        tag_rows = np.flatnonzero(kind == LineKind.TAG_BLOCK)
        mark_time, mark_station = self._marks(lines, mark_rows)
        tag_time, tag_station = self._tag_lines(lines, sentences, tag_rows)

        last_sentence = np.maximum.accumulate(np.where(_SPEAKS_OF_NEXT[kind], -1, order))
        before = np.empty(size, np.int64)
        before[:1] = -1
        before[1:] = last_sentence[:-1]
        rows, start = sentences.line, before[sentences.line]
        near = _Nearest(rows, start, size)
        waiting = self.pending
        mark = near.of(mark_rows)
        tag = near.of(tag_rows)
        recorded = _first_said(
            NO_TIME,
            near.pick(mark, mark_time, waiting.time_us, NO_TIME),
            near.pick(tag, tag_time, waiting.tag_time_us, NO_TIME),
        )
        station = _first_said(
            NO_STATION,
            near.pick(mark, mark_station, waiting.station, NO_STATION),
            near.pick(tag, tag_station, waiting.tag_station, NO_STATION),
        )
        group = self._own_tags(lines, sentences, recorded, station)
        late = recorded > lines.received_us[rows] + MAX_AHEAD_US
        recorded[late] = NO_TIME
        self.pending = _waiting(
            waiting,
            int(last_sentence[-1]) if size else -1,
            (mark_rows, mark_time, mark_station),
            (tag_rows, tag_time, tag_station),
        )
        return Origins(recorded, station.astype(np.int32), group)

    def _marks(
        self, lines: Lines, rows: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        if not len(rows):
            return np.empty(0, np.int64), np.empty(0, np.int64)
        time_us, number = read_time_marks(lines, rows)
        distinct, inverse = np.unique(number, return_inverse=True)
        names = ["" if n == NO_STATION else str(n) for n in distinct.tolist()]
        interned = np.array([self.stations.intern(name) for name in names], np.int64)
        return time_us, interned[inverse]

    def _tag_lines(
        self, lines: Lines, sentences: Sentences, rows: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        time_us = np.full(len(rows), NO_TIME, np.int64)
        station = np.full(len(rows), NO_STATION, np.int64)
        for equal in _equal_lines(lines, rows):
            row = int(rows[equal[0]])
            block = self.tag_blocks.read(
                lines.data[int(lines.start[row]) + 1 : int(lines.end[row]) - 1]
            )
            if block is None:
                sentences.kind[rows[equal]] = LineKind.CHECKSUM
            else:
                time_us[equal] = block.time_us
                station[equal] = self.stations.intern(block.station)
        return time_us, station

    def _own_tags(
        self,
        lines: Lines,
        sentences: Sentences,
        recorded: NDArray[np.int64],
        station: NDArray[np.int64],
    ) -> NDArray[np.int64]:
        """Overwrite with what the tag block on the sentence's own line says; return the groups."""
        groups = np.zeros(len(recorded), np.int64)
        rows = sentences.line
        more = sentences.tagged[rows] | (sentences.stop[rows] < lines.end[rows])
        for index in np.flatnonzero(more).tolist():
            block = self._beside(lines, sentences, int(rows[index]))
            if block.time_us != NO_TIME:
                recorded[index] = block.time_us
            if block.station:
                station[index] = self.stations.intern(block.station)
            groups[index] = block.group
        return groups

    def _beside(self, lines: Lines, sentences: Sentences, row: int) -> TagBlock:
        """What stands on the line of a sentence, before it or behind it."""
        if sentences.tagged[row]:
            text = lines.data[int(lines.start[row]) + 1 : int(sentences.body[row]) - 1]
            return self.tag_blocks.read(text) or NOTHING
        return parse_trailer(lines.data[int(sentences.stop[row]) : int(lines.end[row])])


def _equal_lines(lines: Lines, rows: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    """Indices into ``rows``, those of equal lines together as far as that is cheap to see.

    A network writes the same short tag block before most of its sentences.
    """
    size = lines.end[rows] - lines.start[rows]
    first, second = (words_at(lines.data, lines.start[rows] + offset) for offset in (0, 8))
    left = np.flatnonzero((size > 8) & (size <= 16))
    long = np.flatnonzero((size <= 8) | (size > 16))
    second >>= (8 * np.clip(16 - size, 0, 7)).astype(np.uint64)
    for _ in range(_MAX_KINDS):
        if not len(left):
            break
        one = left[0]
        same = (first[left] == first[one]) & (second[left] == second[one])
        same &= size[left] == size[one]
        yield left[same]
        left = left[~same]
    for index in np.concatenate([left, long]):
        yield index[None]


@dataclass(slots=True)
class _Nearest:
    """Finds for each AIS sentence the last mark between it and the sentence before it."""

    rows: NDArray[np.int64]
    previous: NDArray[np.int64]  # the row of the sentence before, -1: in an earlier call
    size: int

    def of(self, mark_rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Index into ``mark_rows``; -1 for none, -2 where an earlier call may know."""
        count = np.zeros(self.size + 1, np.int64)
        count[mark_rows + 1] = 1
        index = np.cumsum(count)[self.rows] - 1
        near = np.append(mark_rows, -1)[index] > self.previous
        return np.where(near & (index >= 0), index, np.where(self.previous < 0, -2, -1))

    @staticmethod
    def pick(
        index: NDArray[np.int64], values: NDArray[np.int64], waiting: int, nothing: int
    ) -> NDArray[np.int64]:
        """Values of the marks found; the waiting one where the earlier call knows."""
        table = np.concatenate([values, np.array([waiting, nothing], np.int64)])
        return table[index]


def _first_said(
    nothing: int, first: NDArray[np.int64], second: NDArray[np.int64]
) -> NDArray[np.int64]:
    return np.where(first == nothing, second, first)


def _waiting(
    before: Pending,
    last_sentence: int,
    marks: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]],
    tags: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]],
) -> Pending:
    """What stands behind the last sentence of this call, for the first of the next."""
    kept = before if last_sentence < 0 else Pending()
    time_us, station = kept.time_us, kept.station
    tag_time_us, tag_station = kept.tag_time_us, kept.tag_station
    if len(marks[0]) and marks[0][-1] > last_sentence:
        time_us, station = int(marks[1][-1]), int(marks[2][-1])
    if len(tags[0]) and tags[0][-1] > last_sentence:
        tag_time_us, tag_station = int(tags[1][-1]), int(tags[2][-1])
    return Pending(time_us, station, tag_time_us, tag_station)
