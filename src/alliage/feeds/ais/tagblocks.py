"""Tag blocks of NMEA 0183 4.10: ``\\s:station,c:time,g:part-total-group*hh\\`` before a sentence.

Read here: ``s`` (source station), ``c`` (UNIX time in s, or in ms where it is that large), ``g``
(grouping). Denmark's recordings also have ``si`` (source identification) on lines of their own;
it stands in where no station is named.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from alliage.feeds.ais.timemarks import NO_TIME

MILLISECONDS_FROM: Final = 100_000_000_000
"""A ``c:`` this large is in milliseconds: in seconds it would be the year 5138."""
_MAX_TIME_S: Final = 4_102_444_800  # 2100-01-01


@dataclass(frozen=True, slots=True)
class TagBlock:
    """What a tag block says; ``station`` is empty and ``group`` 0 where it does not."""

    time_us: int = NO_TIME
    station: str = ""
    group: int = 0


NOTHING: Final = TagBlock()


def parse_tag_block(text: bytes) -> TagBlock | None:
    """Read a tag block without its backslashes; None where its checksum does not hold."""
    content, star, said = text.rpartition(b"*")
    try:
        if not star or len(said) != 2 or int(said, 16) != _xor(content):
            return None
    except ValueError:
        return None
    fields = dict(_field(part) for part in content.split(b","))
    station = fields.get("s") or fields.get("si") or ""
    return TagBlock(_time_us(fields.get("c", "")), station[:64], _group(fields.get("g", "")))


def _group(text: str) -> int:
    """The last number of ``part-total-group``, to 28 bits."""
    number = text.rpartition("-")[2]
    return int(number) & 0xFFF_FFFF if number.isdecimal() and len(number) < 16 else 0


def parse_trailer(text: bytes) -> TagBlock:
    """Read what some receivers write behind the checksum: ``,r003669945,1085889680``.

    The last number of nine digits and more is UNIX time, ``r`` comes before the station: the
    form of the United States Coast Guard's network, of which others keep the time only.
    """
    time_us, station = NO_TIME, ""
    for part in text.decode("ascii", "replace").split(","):
        if len(part) >= 9 and part.isdigit():
            time_us = _time_us(part)
        elif part.startswith("r"):
            station = part[1:65]
    return TagBlock(time_us, station)


def _field(part: bytes) -> tuple[str, str]:
    code, _, value = part.decode("ascii", "replace").partition(":")
    return code.strip(), value.strip()


def _time_us(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > 15:
        return NO_TIME
    number = int(text)
    microseconds = number * (1000 if number >= MILLISECONDS_FROM else 1_000_000)
    return microseconds if 0 < microseconds < _MAX_TIME_S * 1_000_000 else NO_TIME


def _xor(content: bytes) -> int:
    checksum = 0
    for byte in content:
        checksum ^= byte
    return checksum


class TagBlockReader:
    """Parses each distinct tag block once; the memory of them is bounded."""

    CAPACITY: Final = 4096

    def __init__(self) -> None:
        self._known: dict[bytes, TagBlock | None] = {}

    def read(self, text: bytes) -> TagBlock | None:
        """Return what :func:`parse_tag_block` returns."""
        if text in self._known:
            return self._known[text]
        if len(self._known) >= self.CAPACITY:
            self._known.clear()
        block = self._known[text] = parse_tag_block(text)
        return block
