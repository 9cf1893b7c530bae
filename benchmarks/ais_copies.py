"""Multiplies an AIS recording: each copy has ships of its own and comes after the one before.

In copy ``n`` the last six digits of every MMSI are moved by ``n`` times a prime, so that country
and kind of station stay what they are; every time mark, tag-block time and time behind a checksum
is later by ``n`` times the recording's length in whole minutes, so that the UTC second in a
message still fits. Payloads are armoured anew and checksums made anew; broken lines stay broken.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import reduce

STEP = 7919
_SENTENCE = re.compile(rb"(![A-Z-]{2}VD[MO],\d,1,\d?,[^,]?,)([0-Wa-w`]{7,})(,\d)")
_MARK = re.compile(rb"\$PGHP,1,(\d+),(\d+),(\d+),(\d+),(\d+),(\d+),(\d+)")
_TAG_TIME = re.compile(rb"c:(\d+)")
_TRAILER_TIME = re.compile(rb",(\d{9,10})$")


def multiply(recording: bytes, copies: int, minutes: int, *, new_ships: bool = True) -> bytes:
    """Return the recording and its copies one after the other.

    Without ``new_ships`` the same ships go on: what a feed is like that runs for long.
    """
    lines = [line.strip() for line in recording.splitlines()]
    lines = [line for line in lines if line]
    parts = [b"\n".join(lines)]
    parts += [
        b"\n".join(_copy(line, number * new_ships, number * minutes * 60) for line in lines)
        for number in range(1, copies)
    ]
    return b"\n".join(parts) + b"\n"


def _copy(line: bytes, number: int, seconds: int) -> bytes:
    if line.startswith(b"$PGHP,1,"):
        return _later_mark(line, seconds)
    block, sentence = b"", line
    if line.startswith(b"\\"):
        block, _, sentence = line[1:].partition(b"\\")
        shifted = _TAG_TIME.sub(lambda m: b"c:%d" % (int(m[1]) + seconds), block)
        block = b"\\" + _summed(shifted.rpartition(b"*")[0], block) + b"\\"
    changed = _SENTENCE.sub(lambda m: m[1] + _other_ship(m[2], number) + m[3], sentence, count=1)
    if changed != sentence:
        body, _, behind = changed.partition(b"*")
        old = sentence.partition(b"*")
        changed = body[:1] + _summed(body[1:], old[0][1:] + b"*" + old[2][:2]) + behind[2:]
    return block + _TRAILER_TIME.sub(lambda m: b",%d" % (int(m[1]) + seconds), changed)


def _later_mark(line: bytes, seconds: int) -> bytes:
    match = _MARK.match(line)
    if match is None:
        return line
    year, month, day, hour, minute, second, millisecond = (int(part) for part in match.groups())
    moment = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    moment += timedelta(seconds=seconds)
    written = b"PGHP,1,%d,%d,%d,%d,%d,%d,%d" % (*moment.timetuple()[:6], millisecond)
    body = written + line[match.end() :].rpartition(b"*")[0]
    return b"$" + _summed(body, line[1:])


def _other_ship(payload: bytes, number: int) -> bytes:
    """The payload with another MMSI in bits 8 to 37."""
    six = [(code - 48 if code < 88 else code - 56) for code in payload[:7]]
    bits = reduce(lambda total, value: total << 6 | value, six, 0)  # 42 bits
    mmsi = bits >> 4 & 0x3FFFFFFF
    moved = mmsi // 1_000_000 * 1_000_000 + (mmsi + number * STEP) % 1_000_000
    bits = bits & ~(0x3FFFFFFF << 4) | moved << 4
    six = [bits >> shift & 63 for shift in range(36, -1, -6)]
    return bytes(value + 48 if value < 40 else value + 56 for value in six) + payload[7:]


def _summed(body: bytes, original: bytes) -> bytes:
    """``body*hh``; a checksum that did not hold before is left as it was."""
    content, _, said = original.rpartition(b"*")
    try:
        held = int(said, 16) == _xor(content)
    except ValueError:
        held = False
    return body + b"*" + (b"%02X" % _xor(body) if held else said)


def _xor(content: bytes) -> int:
    return reduce(lambda total, byte: total ^ byte, content, 0)
