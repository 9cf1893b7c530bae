"""Lines to sentences in columns: what kind each line is, its checksum, the fields of VDM and VDO.

The layout is IEC 61162-1 (NMEA 0183): ``!ttVDM,total,number,sequence,channel,payload,fill*hh``,
where ``tt`` is any talker. Lines are read eight bytes at a time as big-endian words, so that a
test of several characters is one comparison for all lines.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from alliage.feeds.ais.lines import MAX_LINE, Lines


class LineKind(IntEnum):
    """What a line is."""

    JUNK = 0
    AIS = 1
    TIME_MARK = 2  # $PGHP: time and station of the next sentence
    TAG_BLOCK = 3  # a tag block on a line of its own, for the next sentence
    OTHER = 4  # any other sentence: $PSTT, $PFEC, $GPRMC, …
    COMMENT = 5
    CHECKSUM = 6
    TOO_LONG = 7


@dataclass(slots=True)
class Sentences:
    """Every line of a call classified, and the fields of the AIS sentences among them.

    ``kind`` has one entry per line, ``line`` says for each AIS sentence which line it is. The
    payload of sentence ``i`` is ``data[payload_start[i]:payload_start[i] + payload_chars[i]]``.
    """

    kind: NDArray[np.int8]
    body: NDArray[np.int64]  # per line: where the sentence starts, behind a tag block
    stop: NDArray[np.int64]  # per line: where it ends, with its checksum
    tagged: NDArray[np.bool_]  # per line: begins with a tag block
    line: NDArray[np.int64]
    own: NDArray[np.bool_]
    total: NDArray[np.uint8]
    number: NDArray[np.uint8]
    sequence: NDArray[np.uint8]  # character, 0 where empty
    channel: NDArray[np.uint8]  # character, 0 where empty
    payload_start: NDArray[np.int64]
    payload_chars: NDArray[np.int64]
    fill_bits: NDArray[np.uint8]

    def take(self, rows: NDArray[np.int64]) -> Sentences:
        """Only some of the AIS sentences; the lines stay."""
        return Sentences(
            self.kind,
            self.body,
            self.stop,
            self.tagged,
            self.line[rows],
            self.own[rows],
            self.total[rows],
            self.number[rows],
            self.sequence[rows],
            self.channel[rows],
            self.payload_start[rows],
            self.payload_chars[rows],
            self.fill_bits[rows],
        )


def _word(text: bytes) -> np.uint64:
    return np.uint64(int.from_bytes(text, "big"))


_AIS_MASK: Final = _word(b"\xff\x00\x00\xff\xff\xfd\xff\x00")  # 0xfd: M and O look alike
_AIS_HEAD: Final = _word(b"!\x00\x00VDM,\x00") & _AIS_MASK
_TIME_MARK_HEAD: Final = _word(b"$PGHP,1,")
_COMMA, _STAR, _BACKSLASH, _HASH, _ZERO = (ord(c) for c in ",*\\#0")
_HEX: Final = np.full(256, 255, np.uint8)
for _digit in range(16):
    _HEX[ord(f"{_digit:x}")] = _HEX[ord(f"{_digit:X}")] = _digit


def words_at(data: bytes, positions: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Eight bytes from each position as a big-endian number."""
    overlapping = np.ndarray((len(data) - 8,), ">u8", data, 0, (1,))
    return overlapping[positions].astype(np.uint64)


def read_sentences(lines: Lines) -> Sentences:
    """Classify lines, verify checksums, and split the AIS sentences into fields."""
    body, tagged, whole = _find_bodies(lines)
    stop = _find_stops(lines)
    head = words_at(lines.data, body)
    first = (head >> np.uint64(56)).astype(np.uint8)
    sentence = (first == ord("!")) | (first == ord("$"))
    kind = np.where(sentence, LineKind.OTHER, LineKind.JUNK).astype(np.int8)
    kind[head & _AIS_MASK == _AIS_HEAD] = LineKind.AIS
    kind[head == _TIME_MARK_HEAD] = LineKind.TIME_MARK
    kind[first == _HASH] = LineKind.COMMENT
    kind[tagged & (body >= lines.end)] = LineKind.TAG_BLOCK
    kind[~whole] = LineKind.JUNK
    checked = (kind == LineKind.AIS) | (kind == LineKind.OTHER) | (kind == LineKind.TIME_MARK)
    kind[checked & ~_checksum_holds(lines.buffer, body, stop)] = LineKind.CHECKSUM
    kind[lines.end - lines.start > MAX_LINE] = LineKind.TOO_LONG
    return _split(lines.buffer, head, kind, body, stop, tagged)


def _find_bodies(
    lines: Lines,
) -> tuple[NDArray[np.int64], NDArray[np.bool_], NDArray[np.bool_]]:
    """Where the sentence of each line starts; which lines have a tag block, and a whole one."""
    tagged = lines.buffer[lines.start] == _BACKSLASH
    whole = np.ones(len(tagged), np.bool_)
    if not tagged.any():
        return lines.start, tagged, whole
    alone = tagged & (lines.buffer[lines.end - 1] == _BACKSLASH) & (lines.end > lines.start + 1)
    body = np.where(alone, lines.end, lines.start)
    rows = np.flatnonzero(tagged & ~alone)
    if len(rows):
        backslashes = np.flatnonzero(lines.buffer == _BACKSLASH)
        following = np.searchsorted(backslashes, lines.start[rows], side="right")
        closing = np.append(backslashes, len(lines.buffer))[following]
        whole[rows] = closing < lines.end[rows]
        body[rows] = np.minimum(closing + 1, lines.end[rows])
    return body, tagged, whole


def _find_stops(lines: Lines) -> NDArray[np.int64]:
    """Where the sentence of each line ends: some receivers write more behind the checksum."""
    near = np.maximum(lines.end - 3, lines.start)
    plain = (lines.buffer[near] == _STAR) | (lines.buffer[lines.end - 1] == _BACKSLASH)
    rows = np.flatnonzero(~plain)
    if not len(rows):
        return lines.end
    stop = lines.end.copy()
    for row in rows.tolist():
        raw = lines.raw(row)
        behind = raw.rfind(b"*") + 3
        if raw[behind : behind + 1] == b"," and behind > 2:
            stop[row] = lines.start[row] + behind
    return stop


def _checksum_holds(
    buffer: NDArray[np.uint8], body: NDArray[np.int64], end: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Whether the XOR of everything between ``!`` or ``$`` and ``*hh`` is ``hh``."""
    star = np.maximum(end - 3, body + 1)  # a line too short for *hh fails the test for the star
    if not len(star):
        return np.zeros(0, np.bool_)
    edges = np.empty(2 * len(star), np.int64)
    edges[0::2] = body + 1
    edges[1::2] = star
    found = np.bitwise_xor.reduceat(buffer, edges)[0::2]
    high, low = _HEX[buffer[star + 1]], _HEX[buffer[star + 2]]
    said = (high << np.uint8(4)) | low
    written = (buffer[star] == _STAR) & (star + 3 == end) & (high < 16) & (low < 16)
    holds: NDArray[np.bool_] = written & (found == said)
    return holds


def _split(
    buffer: NDArray[np.uint8],
    head: NDArray[np.uint64],
    kind: NDArray[np.int8],
    body: NDArray[np.int64],
    stop: NDArray[np.int64],
    tagged: NDArray[np.bool_],
) -> Sentences:
    line = np.flatnonzero(kind == LineKind.AIS)
    start, end = body[line], stop[line]
    own = (head[line] & np.uint64(2 << 16)) != 0  # bit 1 tells O from M in the sixth character
    total, number = buffer[start + 7], buffer[start + 9]
    position = start + 11
    sequence, position = _optional_character(buffer, position)
    channel, position = _optional_character(buffer, position)
    fill = buffer[end - 4]
    sound = (
        (buffer[start + 8] == _COMMA)
        & (buffer[start + 10] == _COMMA)
        & (buffer[position - 1] == _COMMA)
        & (buffer[end - 5] == _COMMA)
        & (position <= end - 5)
        & _is_digit(total)
        & _is_digit(number)
        & (number >= ord("1"))
        & (number <= total)
        & (_is_digit(sequence) | (sequence == 0))
        & (fill >= _ZERO)
        & (fill <= ord("5"))
    )
    sentences = Sentences(
        kind,
        body,
        stop,
        tagged,
        line,
        own,
        total - _ZERO,
        number - _ZERO,
        sequence,
        channel,
        position,
        end - 5 - position,
        fill - _ZERO,
    )
    if sound.all():
        return sentences
    kind[line[~sound]] = LineKind.JUNK
    return sentences.take(np.flatnonzero(sound))


def _optional_character(
    buffer: NDArray[np.uint8], position: NDArray[np.int64]
) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """A field of one character or none; 0 where none, and where the next field starts."""
    character = buffer[position]
    empty = character == _COMMA
    return np.where(empty, np.uint8(0), character), position + 2 - empty


def _is_digit(character: NDArray[np.uint8]) -> NDArray[np.bool_]:
    return (character - np.uint8(_ZERO)) < np.uint8(10)
