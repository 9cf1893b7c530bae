"""Chunks of bytes to whole lines: one buffer, and where each line starts and ends in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from alliage.feeds.contract import Chunk

MAX_LINE: Final = 1024
"""Bytes. IEC 61162-1 allows 82 for a sentence and as much again for its tag block."""
PADDING: Final = b"\n" * 256
"""Behind the last line, so that a column may read past it without a test."""
_KEPT: Final = MAX_LINE + 16
_MAX_BLANKS: Final = 4  # trimmed from each end; a line with more is not NMEA anyway
_NEWLINE: Final = 10
_BLANK: Final = np.isin(np.arange(256), np.frombuffer(b" \t\r\0", np.uint8))


@dataclass(slots=True)
class Lines:
    """Non-blank lines of one call, in order.

    ``buffer`` is ``data`` as ``uint8``; line ``i`` is ``data[start[i]:end[i]]``, without its
    newline and without blanks at its ends. ``peer`` numbers the connection's peers.
    """

    data: bytes
    buffer: NDArray[np.uint8]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    received_us: NDArray[np.int64]
    peer: NDArray[np.int32]

    def raw(self, index: int) -> bytes:
        """Bytes of one line."""
        return self.data[int(self.start[index]) : int(self.end[index])]


class LineCutter:
    """Keeps the beginning of a line whose end has not come yet.

    Transports cut lines already; this makes any other cut give the same lines. A new peer ends
    the line of the one before. Of a line without end a little more than ``MAX_LINE`` bytes are
    kept, so that it is still seen to be too long.
    """

    def __init__(self) -> None:
        self._rest = b""
        self._rest_received_us = 0
        self._peer = ""
        self._peers: dict[str, int] = {}

    def cut(self, chunks: Sequence[Chunk], *, at_end: bool = False) -> Lines:
        """Return the lines that end in these chunks; with ``at_end`` also the unfinished one."""
        pieces = [self._rest]
        sizes = [len(self._rest)]
        received = [self._rest_received_us]
        peers = [self._number(self._peer)]
        for chunk in chunks:
            if chunk.peer != self._peer and pieces[-1] and not pieces[-1].endswith(b"\n"):
                pieces[-1] += b"\n"
                sizes[-1] += 1
            self._peer = chunk.peer
            pieces.append(chunk.data)
            sizes.append(len(chunk.data))
            received.append(chunk.received_us)
            peers.append(self._number(chunk.peer))
        if at_end:
            pieces.append(b"\n")
            sizes.append(1)
            received.append(received[-1])
            peers.append(peers[-1])
        data = b"".join([*pieces, PADDING])
        length = len(data) - len(PADDING)
        buffer = np.frombuffer(data, np.uint8)
        newlines = np.flatnonzero(buffer[:length] == _NEWLINE)
        self._keep(data[int(newlines[-1]) + 1 if len(newlines) else 0 : length], received[-1])
        owner = np.searchsorted(np.cumsum(sizes), newlines, side="right")
        return _trimmed(
            data,
            buffer,
            newlines,
            np.array(received, np.int64)[owner],
            np.array(peers, np.int32)[owner],
        )

    def _keep(self, rest: bytes, received_us: int) -> None:
        self._rest = rest[:_KEPT]
        self._rest_received_us = received_us

    def _number(self, peer: str) -> int:
        if len(self._peers) > 10_000:  # a bound, not a meaning: peers are told apart, not counted
            self._peers.clear()
        return self._peers.setdefault(peer, len(self._peers))


def _trimmed(
    data: bytes,
    buffer: NDArray[np.uint8],
    newlines: NDArray[np.int64],
    received_us: NDArray[np.int64],
    peer: NDArray[np.int32],
) -> Lines:
    """Lines without the blanks at their ends, and without lines of blanks only."""
    start = np.empty_like(newlines)
    start[:1] = 0
    start[1:] = newlines[:-1] + 1
    end = newlines.copy()
    for _ in range(_MAX_BLANKS):
        blank = (end > start) & _BLANK[buffer[end - 1]]
        if not blank.any():
            break
        end -= blank
    for _ in range(_MAX_BLANKS):
        blank = (end > start) & _BLANK[buffer[start]]
        if not blank.any():
            break
        start += blank
    full = end > start
    if full.all():
        return Lines(data, buffer, start, end, received_us, peer)
    return Lines(data, buffer, start[full], end[full], received_us[full], peer[full])
