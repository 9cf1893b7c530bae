"""Bytes to data blocks, and back into step where bytes were lost or changed.

A block is its category, its length and its records. Nothing marks where one begins, so a block of a
category that is read counts as one only if its records fill it exactly. Where they do not, the
next block is looked for: behind the length that it claims, else at the first place where a
whole block of a known category lies. What comes out does not depend on how the bytes were cut.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Final

from alliage.feeds.asterix.profiles import CATEGORIES, Offsets, RecordError, read_records
from alliage.feeds.contract import Chunk, Quarantined
from alliage.feeds.reasons import CUT_OFF

HEADER: Final = 3
LONGEST_FOUND: Final = 4_096
"""Bytes of a block that is looked for among others: longer ones are not waited for."""

_LOST_AT_ONCE: Final = 64 * 1024
_HEAD: Final = re.compile(b"[" + b"".join(b"\\x%02x" % one for one in sorted(CATEGORIES)) + b"]")


@dataclass(slots=True)
class Blocks:
    """The records of whole blocks, in the order in which they came; offsets count in ``data``."""

    data: bytes
    categories: list[int] = field(default_factory=list)  # of each record
    rows: list[Offsets] = field(default_factory=list)
    received_us: list[int] = field(default_factory=list)  # of each record
    ignored: dict[str, int] = field(default_factory=dict)
    quarantined: list[Quarantined] = field(default_factory=list)


class BlockCutter:
    """The bytes of one connection; remembers the beginning of a block whose end has not come."""

    def __init__(self) -> None:
        self._rest = b""
        self._received_us = 0
        self._lost = bytearray()  # bytes before the rest among which no block was found
        self._why: tuple[str, str] | None = None  # out of step: what was wrong

    def cut(self, chunks: Sequence[Chunk], at_end: bool = False) -> Blocks:
        """Take the next bytes; return the records of the blocks that end in them.

        Args:
            chunks: bytes in order.
            at_end: no more will come: what has begun is cut off.
        """
        data = b"".join([self._rest, *(chunk.data for chunk in chunks)])
        ends = list(accumulate((len(chunk.data) for chunk in chunks), initial=len(self._rest)))
        times = [self._received_us, *(chunk.received_us for chunk in chunks)]
        blocks, at = Blocks(data), 0
        while True:
            step = self._look(blocks, at) if self._why else self._take(blocks, at, at_end)
            if step is None:
                if not at_end or at == len(data):
                    break
                self._why = self._why or (CUT_OFF, f"{len(data) - at} bytes of a block")
                step = self._lose(blocks, at, at + 1)
            at = step
            self._received_us = times[bisect_left(ends, at)]
            blocks.received_us += [self._received_us] * (len(blocks.rows) - len(blocks.received_us))
        self._rest = data[at:]
        self._received_us = times[-1]
        if at_end:
            self._in_step(blocks)
        return blocks

    def _take(self, blocks: Blocks, at: int, at_end: bool) -> int | None:
        """In step: a block begins here. Return where the next begins; None to wait for more."""
        data = blocks.data
        if at + HEADER > len(data):
            return None
        category, length = data[at], int.from_bytes(data[at + 1 : at + HEADER])
        after = at + length
        if category == 0 or length <= HEADER:
            self._why = ("header", f"category {category} with a length of {length} bytes")
            return self._lose(blocks, at, at + 1)
        if after > len(data):
            return None
        if category not in CATEGORIES:
            name = f"category_{category:03d}"
            blocks.ignored[name] = blocks.ignored.get(name, 0) + 1
            return after
        try:
            rows = read_records(data, category, at + HEADER, after)
        except RecordError as error:
            if after + HEADER > len(data) and not at_end:
                return None  # what follows shows whether its length is right
            self._why = ("record", f"category {category:03d}: {error}")
            in_step = after == len(data) or _may_begin(data, after)
            return self._lose(blocks, at, after if in_step else at + 1, in_step)
        self._keep(blocks, category, rows)
        return after

    def _look(self, blocks: Blocks, at: int) -> int | None:
        """Out of step: find the next whole block. Return where to go on; None to wait for more."""
        data = blocks.data
        found = _HEAD.search(data, at)
        if found is None:
            return self._lose(blocks, at, len(data)) if at < len(data) else None
        if found.start() > at:
            return self._lose(blocks, at, found.start())
        if at + HEADER > len(data):
            return None
        category, after = data[at], at + int.from_bytes(data[at + 1 : at + HEADER])
        if not HEADER < after - at <= LONGEST_FOUND:
            return self._lose(blocks, at, at + 1)
        if after > len(data):
            return None
        try:
            rows = read_records(data, category, at + HEADER, after)
        except RecordError:
            return self._lose(blocks, at, at + 1)
        self._in_step(blocks)
        self._keep(blocks, category, rows)
        return after

    def _keep(self, blocks: Blocks, category: int, rows: list[Offsets]) -> None:
        blocks.rows += rows
        blocks.categories += [category] * len(rows)

    def _lose(self, blocks: Blocks, at: int, until: int, in_step: bool = False) -> int:
        """Put bytes aside; they are quarantined together when the next block is found."""
        self._lost += blocks.data[at:until]
        if in_step or len(self._lost) >= _LOST_AT_ONCE:
            why = self._why
            self._in_step(blocks)
            self._why = None if in_step else why
        return until

    def _in_step(self, blocks: Blocks) -> None:
        if self._lost and self._why:
            lost = Quarantined(bytes(self._lost), *self._why, self._received_us)
            blocks.quarantined.append(lost)
        self._lost, self._why = bytearray(), None


def _may_begin(data: bytes, at: int) -> bool:
    """Whether a block of a known category may begin here."""
    length = int.from_bytes(data[at + 1 : at + HEADER])
    return data[at] in CATEGORIES and length > HEADER and at + HEADER <= len(data)
