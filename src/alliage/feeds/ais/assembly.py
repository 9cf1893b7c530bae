"""Sentences to payloads: a message of several parts is put together again.

Parts belong together when they have the same sequence, channel, number of parts, tag-block
group, peer and own-ship sign, follow one another in order, and lie no further apart than a
time-out in recorded and in received time. Most messages have two parts, one right behind the
other: those are joined in columns. The rest wait in a table, which is bounded; what leaves it
unfinished is quarantined line by line as ``incomplete``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from alliage.feeds.ais.lines import Lines
from alliage.feeds.ais.origins import Origins
from alliage.feeds.ais.sentences import Sentences
from alliage.feeds.ais.timemarks import NO_STATION, NO_TIME
from alliage.feeds.contract import Quarantined

MAX_UNFINISHED: Final = 512
MAX_LINES_BETWEEN: Final = 10_000
_PADDING: Final = b"0" * 256


@dataclass(slots=True)
class Payloads:
    """Whole armoured payloads, in the order in which their last sentences came.

    ``line`` is the row of that last sentence, ``first_line`` of the first where the message came
    in this call; ``raws`` has the joined lines of those that began in an earlier one, by index.
    """

    data: bytes
    start: NDArray[np.int64]
    chars: NDArray[np.int64]
    fill_bits: NDArray[np.uint8]
    first_line: NDArray[np.int64]
    line: NDArray[np.int64]
    recorded_us: NDArray[np.int64]
    received_us: NDArray[np.int64]
    station: NDArray[np.int32]
    raws: dict[int, bytes]

    def raw(self, index: int, lines: Lines) -> bytes:
        """The lines of one message, joined by newlines."""
        if index in self.raws:
            return self.raws[index]
        rows = dict.fromkeys((int(self.first_line[index]), int(self.line[index])))
        return b"\n".join(lines.raw(row) for row in rows)


@dataclass(slots=True)
class _Part:
    """One sentence of a message in parts, as plain values."""

    row: int  # among the AIS sentences of its call
    number: int
    total: int
    payload: bytes
    raw: bytes
    recorded_us: int
    received_us: int
    station: int
    line_number: int


@dataclass(slots=True)
class Assembler:
    """The table of unfinished messages. ``parts`` counts parts that a later one completed."""

    timeout_us: int
    unfinished: dict[int, list[_Part]] = field(default_factory=dict)
    lines_seen: int = 0
    parts: int = 0
    quarantined: list[Quarantined] = field(default_factory=list)

    def assemble(self, lines: Lines, sentences: Sentences, origins: Origins) -> Payloads:
        """Return the payloads that end in this call."""
        key = _keys(lines, sentences, origins)
        pairs = self._adjacent_pairs(lines, sentences, origins, key)
        alone = sentences.total > 1
        alone[pairs] = alone[pairs + 1] = False
        finished = [
            whole
            for row in np.flatnonzero(alone).tolist()
            if (whole := self._take(self._part(lines, sentences, origins, row), int(key[row])))
        ]
        self.parts += len(pairs)
        self.lines_seen += len(lines.start)
        self._drop_stale(lines)
        return _payloads(lines, sentences, origins, pairs, finished)

    def flush(self) -> None:
        """Give up on every unfinished message."""
        for key in list(self.unfinished):
            self._give_up(key)

    def take_quarantined(self) -> list[Quarantined]:
        """Return what was given up since the last call of this method."""
        taken, self.quarantined = self.quarantined, []
        return taken

    def take_parts(self) -> int:
        """Return how many parts were completed by later ones since the last call."""
        taken, self.parts = self.parts, 0
        return taken

    def _adjacent_pairs(
        self,
        lines: Lines,
        sentences: Sentences,
        origins: Origins,
        key: NDArray[np.int64],
    ) -> NDArray[np.int64]:
        """Rows of first parts of two whose second part is the next AIS sentence.

        Not those whose key another part uses too, in this call or waiting from an earlier one:
        they go through the table, so that order decides as it would for single lines.
        """
        line = sentences.line
        joined = (sentences.total[:-1] == 2) & (sentences.number[:-1] == 1)
        joined &= (sentences.number[1:] == 2) & (key[:-1] == key[1:])
        rows = np.flatnonzero(joined)
        if not len(rows):
            return rows
        later, recorded = rows + 1, origins.recorded_us
        near = line[later] - line[rows] <= MAX_LINES_BETWEEN
        apart = np.abs(lines.received_us[line[later]] - lines.received_us[line[rows]])
        near &= apart <= self.timeout_us
        known = (recorded[later] != NO_TIME) & (recorded[rows] != NO_TIME)
        near &= ~known | (np.abs(recorded[later] - recorded[rows]) <= self.timeout_us)
        rows = rows[near]
        others = sentences.total > 1
        others[rows] = others[rows + 1] = False
        used = np.union1d(key[others], np.array(list(self.unfinished), np.int64))
        return rows[~np.isin(key[rows], used)] if len(used) else rows

    def _part(self, lines: Lines, sentences: Sentences, origins: Origins, row: int) -> _Part:
        line = int(sentences.line[row])
        start = int(sentences.payload_start[row])
        return _Part(
            row,
            int(sentences.number[row]),
            int(sentences.total[row]),
            lines.data[start : start + int(sentences.payload_chars[row])],
            lines.raw(line),
            int(origins.recorded_us[row]),
            int(lines.received_us[line]),
            int(origins.station[row]),
            self.lines_seen + line,
        )

    def _take(self, part: _Part, key: int) -> list[_Part] | None:
        """Put a part into the table; return all parts when it is the last."""
        if part.number == 1:
            self._begin(part, key)
            return None
        waiting = self.unfinished.get(key)
        if waiting is None or part.number != len(waiting) + 1:
            self._quarantine(part, f"part {part.number} of {part.total} without those before")
            return None
        if self._too_far_apart(waiting[0], part):
            self._give_up(key)
            self._quarantine(part, f"part {part.number} of {part.total} came too late")
            return None
        waiting.append(part)
        if part.number < part.total:
            return None
        self.parts += part.total - 1
        return self.unfinished.pop(key)

    def _begin(self, part: _Part, key: int) -> None:
        if key in self.unfinished:
            self._give_up(key)
        self.unfinished[key] = [part]
        if len(self.unfinished) > MAX_UNFINISHED:
            self._give_up(next(iter(self.unfinished)))

    def _too_far_apart(self, first: _Part, part: _Part) -> bool:
        if part.line_number - first.line_number > MAX_LINES_BETWEEN:
            return True
        if abs(part.received_us - first.received_us) > self.timeout_us:
            return True
        known = part.recorded_us != NO_TIME and first.recorded_us != NO_TIME
        return known and abs(part.recorded_us - first.recorded_us) > self.timeout_us

    def _drop_stale(self, lines: Lines) -> None:
        """Give up what no later part can complete: it decides when that is told, never whether."""
        if not self.unfinished or not len(lines.start):
            return
        newest = int(lines.received_us[-1])
        for key, (first, *_) in list(self.unfinished.items()):
            aged = newest - first.received_us > self.timeout_us
            if aged or self.lines_seen - first.line_number > MAX_LINES_BETWEEN:
                self._give_up(key)

    def _give_up(self, key: int) -> None:
        parts = self.unfinished.pop(key)
        for part in parts:
            self._quarantine(part, f"only {len(parts)} of {part.total} parts came")

    def _quarantine(self, part: _Part, detail: str) -> None:
        self.quarantined.append(Quarantined(part.raw, "incomplete", detail, part.received_us))


def _keys(lines: Lines, sentences: Sentences, origins: Origins) -> NDArray[np.int64]:
    """One number for everything that parts of a message have in common."""
    key = origins.group << 14 | lines.peer[sentences.line]
    key = key << 1 | sentences.own
    for column, width in ((sentences.total, 4), (sentences.sequence, 8), (sentences.channel, 8)):
        key = key << width | column
    return key


def _payloads(
    lines: Lines,
    sentences: Sentences,
    origins: Origins,
    pairs: NDArray[np.int64],
    finished: list[list[_Part]],
) -> Payloads:
    """Single sentences, pairs and finished messages in the order of their last lines."""
    last = np.array([parts[-1].row for parts in finished], np.int64)
    is_last = sentences.total == 1
    is_last[pairs + 1] = is_last[last] = True
    rows = np.flatnonzero(is_last)
    line, paired = sentences.line[rows], np.searchsorted(rows, pairs + 1)
    payloads = Payloads(
        lines.data,
        sentences.payload_start[rows],
        sentences.payload_chars[rows],
        sentences.fill_bits[rows],
        line.copy(),
        line,
        origins.recorded_us[rows],
        lines.received_us[line],
        origins.station[rows],
        {},
    )
    if not len(pairs) and not finished:
        return payloads
    behind = [_add_pairs(payloads, lines, sentences, origins, pairs, paired)]
    size = len(lines.data) + len(behind[0])
    for index, parts in zip(np.searchsorted(rows, last).tolist(), finished, strict=True):
        behind.append(_add_finished(payloads, index, parts, size))
        size += len(behind[-1])
    payloads.data = b"".join([lines.data, *behind, _PADDING])
    return payloads


def _add_pairs(
    payloads: Payloads,
    lines: Lines,
    sentences: Sentences,
    origins: Origins,
    pairs: NDArray[np.int64],
    paired: NDArray[np.int64],
) -> bytes:
    """Return the payloads of pairs, to stand behind the data; note what their first parts say."""
    both = np.stack([pairs, pairs + 1], axis=1).ravel()
    sizes = sentences.payload_chars[both]
    ends = np.cumsum(sizes)
    source = np.repeat(sentences.payload_start[both] - (ends - sizes), sizes)
    joined = lines.buffer[source + np.arange(len(source))]
    chars = sizes[0::2] + sizes[1::2]
    payloads.start[paired] = len(payloads.data) + ends[1::2] - chars
    payloads.chars[paired] = chars
    payloads.first_line[paired] = sentences.line[pairs]
    recorded, station = origins.recorded_us[pairs], origins.station[pairs]
    payloads.recorded_us[paired] = np.where(
        recorded == NO_TIME, payloads.recorded_us[paired], recorded
    )
    payloads.station[paired] = np.where(station == NO_STATION, payloads.station[paired], station)
    return joined.tobytes()


def _add_finished(payloads: Payloads, index: int, parts: list[_Part], start: int) -> bytes:
    """Return the payload of one message from the table, to stand at ``start``."""
    payload = b"".join(part.payload for part in parts)
    payloads.start[index], payloads.chars[index] = start, len(payload)
    payloads.raws[index] = b"\n".join(part.raw for part in parts)
    recorded = (part.recorded_us for part in parts if part.recorded_us != NO_TIME)
    payloads.recorded_us[index] = next(recorded, NO_TIME)
    station = (part.station for part in parts if part.station != NO_STATION)
    payloads.station[index] = next(station, NO_STATION)
    return payload
