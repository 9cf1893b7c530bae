"""Sentences to payloads: a message of several parts is put together again.

Parts belong together when they have the same sequence, channel, number of parts, tag-block
group, peer and own-ship sign, follow one another in order, and lie no further apart than a
time-out in recorded and in received time. The table of unfinished messages is bounded; what
leaves it unfinished is quarantined line by line as ``incomplete``.
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
_PAYLOAD_PADDING: Final = b"0" * 256

_Key = tuple[int, int, int, int, bool, str]


@dataclass(slots=True)
class Payloads:
    """Whole armoured payloads, in the order in which their last sentences came.

    ``line`` is the row of that last sentence; ``raws`` has the joined lines of those put
    together from parts, by index.
    """

    data: bytes
    start: NDArray[np.int64]
    chars: NDArray[np.int64]
    fill_bits: NDArray[np.uint8]
    line: NDArray[np.int64]
    recorded_us: NDArray[np.int64]
    received_us: NDArray[np.int64]
    station: NDArray[np.int32]
    raws: dict[int, bytes]


@dataclass(slots=True)
class _Unfinished:
    payload: list[bytes]
    lines: list[tuple[bytes, int]]  # bytes and time of receipt, for the quarantine
    recorded_us: int
    station: int
    received_us: int
    line_number: int


@dataclass(slots=True)
class _Finished:
    position: int  # index of the last sentence
    payload: bytes
    fill_bits: int
    recorded_us: int
    station: int
    raw: bytes


@dataclass(slots=True)
class Assembler:
    """The table of unfinished messages. ``parts`` counts parts that a later one completed."""

    timeout_us: int
    unfinished: dict[_Key, _Unfinished] = field(default_factory=dict)
    lines_seen: int = 0
    parts: int = 0
    quarantined: list[Quarantined] = field(default_factory=list)

    def assemble(self, lines: Lines, sentences: Sentences, origins: Origins) -> Payloads:
        """Return the payloads that end in this call."""
        single = sentences.total == 1
        finished = self._join_parts(lines, sentences, origins, np.flatnonzero(~single))
        self.lines_seen += len(lines.start)
        self._drop_stale(lines)
        return _payloads(lines, sentences, origins, np.flatnonzero(single), finished)

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

    def _join_parts(
        self, lines: Lines, sentences: Sentences, origins: Origins, rows: NDArray[np.int64]
    ) -> list[_Finished]:
        finished = []
        line = sentences.line[rows]
        columns = zip(
            rows.tolist(),
            line.tolist(),
            sentences.sequence[rows].tolist(),
            sentences.channel[rows].tolist(),
            sentences.total[rows].tolist(),
            lines.peer[line].tolist(),
            sentences.own[rows].tolist(),
            sentences.number[rows].tolist(),
            sentences.payload_start[rows].tolist(),
            sentences.payload_chars[rows].tolist(),
            origins.recorded_us[rows].tolist(),
            origins.station[rows].tolist(),
            lines.received_us[line].tolist(),
            strict=True,
        )
        for (
            position, row, sequence, channel, total, peer, own,
            number, start, chars, recorded, station, received,
        ) in columns:  # fmt: skip
            key = (sequence, channel, total, peer, own, origins.group.get(position, ""))
            payload, raw = lines.data[start : start + chars], lines.raw(row)
            if number == 1:
                if key in self.unfinished:
                    self._give_up(key)
                self.unfinished[key] = _Unfinished(
                    [payload], [(raw, received)], recorded, station, received, self.lines_seen + row
                )
                if len(self.unfinished) > MAX_UNFINISHED:
                    self._give_up(next(iter(self.unfinished)))
                continue
            entry = self.unfinished.get(key)
            if entry is None or number != len(entry.payload) + 1:
                self._quarantine(raw, f"part {number} of {total} without those before", received)
                continue
            if self._too_far_apart(entry, recorded, received, self.lines_seen + row):
                self._give_up(key)
                self._quarantine(raw, f"part {number} of {total} came too late", received)
                continue
            entry.payload.append(payload)
            entry.lines.append((raw, received))
            entry.recorded_us = recorded if entry.recorded_us == NO_TIME else entry.recorded_us
            entry.station = station if entry.station == NO_STATION else entry.station
            if number == total:
                del self.unfinished[key]
                self.parts += total - 1
                fill = int(sentences.fill_bits[position])
                finished.append(
                    _Finished(
                        position,
                        b"".join(entry.payload),
                        fill,
                        entry.recorded_us,
                        entry.station,
                        b"\n".join(part for part, _ in entry.lines),
                    )
                )
        return finished

    def _too_far_apart(
        self, entry: _Unfinished, recorded_us: int, received_us: int, line_number: int
    ) -> bool:
        if line_number - entry.line_number > MAX_LINES_BETWEEN:
            return True
        if abs(received_us - entry.received_us) > self.timeout_us:
            return True
        known = recorded_us != NO_TIME and entry.recorded_us != NO_TIME
        return known and abs(recorded_us - entry.recorded_us) > self.timeout_us

    def _drop_stale(self, lines: Lines) -> None:
        """Give up what no later part can complete: only when it is told, never whether."""
        if not self.unfinished or not len(lines.start):
            return
        newest = int(lines.received_us[-1])
        for key, entry in list(self.unfinished.items()):
            aged = newest - entry.received_us > self.timeout_us
            if aged or self.lines_seen - entry.line_number > MAX_LINES_BETWEEN:
                self._give_up(key)

    def _give_up(self, key: _Key) -> None:
        entry = self.unfinished.pop(key)
        detail = f"only {len(entry.payload)} of {key[2]} parts came"
        for raw, received_us in entry.lines:
            self._quarantine(raw, detail, received_us)

    def _quarantine(self, raw: bytes, detail: str, received_us: int) -> None:
        self.quarantined.append(Quarantined(raw, "incomplete", detail, received_us))


def _payloads(
    lines: Lines,
    sentences: Sentences,
    origins: Origins,
    single: NDArray[np.int64],
    finished: list[_Finished],
) -> Payloads:
    """Single sentences and finished messages in one table, in the order of their last lines."""
    if not finished:
        line = sentences.line[single]
        return Payloads(
            lines.data,
            sentences.payload_start[single],
            sentences.payload_chars[single],
            sentences.fill_bits[single],
            line,
            origins.recorded_us[single],
            lines.received_us[line],
            origins.station[single],
            {},
        )
    joined = b"".join(f.payload for f in finished)
    sizes = np.array([len(f.payload) for f in finished], np.int64)
    last = np.array([f.position for f in finished], np.int64)
    rows = np.concatenate([single, last])
    order = np.argsort(rows, kind="stable")
    rows = rows[order]
    line = sentences.line[rows]

    def column(of_singles: NDArray, of_finished: list[int] | NDArray) -> NDArray:  # type: ignore[type-arg]
        return np.concatenate([of_singles, np.array(of_finished, of_singles.dtype)])[order]

    starts = len(lines.data) + np.cumsum(sizes) - sizes
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    return Payloads(
        lines.data + joined + _PAYLOAD_PADDING,
        column(sentences.payload_start[single], starts),
        column(sentences.payload_chars[single], sizes),
        column(sentences.fill_bits[single], [f.fill_bits for f in finished]),
        line,
        column(origins.recorded_us[single], [f.recorded_us for f in finished]),
        lines.received_us[line],
        column(origins.station[single], [f.station for f in finished]),
        {int(place[len(single) + i]): f.raw for i, f in enumerate(finished)},
    )
