"""Framing: what a transport's reads are cut into before a decoder sees them.

A transport cuts bytes wherever the network or the disk did. A framer undoes that: for a format
of lines it hands on whole lines only, many at a time, and keeps the rest until it is complete.
What comes out, joined, does not depend on how the bytes came in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from alliage.feeds.contract import Chunk, Framing, Quarantined
from alliage.feeds.reasons import CUT_OFF, OVERLONG

MAX_LINE_BYTES: Final = 64 * 1024
NEWLINE: Final = b"\n"


@dataclass(slots=True)
class Framed:
    """Chunks ready for a decoder, and bytes that can never be part of one."""

    chunks: list[Chunk] = field(default_factory=list)
    quarantined: list[Quarantined] = field(default_factory=list)

    def __iadd__(self, other: Framed) -> Framed:
        self.chunks += other.chunks
        self.quarantined += other.quarantined
        return self


class Framer(Protocol):
    """Cuts the bytes of one connection."""

    def push(self, chunks: Sequence[Chunk]) -> Framed:
        """Take the next bytes; return what is complete."""
        ...

    def finish(self, clean: bool) -> Framed:
        """The bytes end here. ``clean``: the other side ended them, so the rest is whole."""
        ...


class LineFramer:
    """Whole lines, newline included. Memory is bounded by ``max_line_bytes`` and one read."""

    def __init__(self, max_line_bytes: int = MAX_LINE_BYTES) -> None:
        self._max_line_bytes = max_line_bytes
        self._rest: Chunk | None = None
        self._skipping = False

    def push(self, chunks: Sequence[Chunk]) -> Framed:
        """Take the next bytes; return the lines that end in them."""
        framed = Framed()
        for chunk in chunks:
            self._push_one(chunk, framed)
        return framed

    def finish(self, clean: bool) -> Framed:
        """Give out an unterminated last line, or quarantine it when the connection broke."""
        framed = Framed()
        rest, self._rest, self._skipping = self._rest, None, False
        if rest is None:
            return framed
        if clean:
            framed.chunks.append(Chunk(rest.data + NEWLINE, rest.received_us, rest.peer))
        else:
            framed.quarantined.append(
                Quarantined(rest.data, CUT_OFF, f"{len(rest.data)} bytes", rest.received_us)
            )
        return framed

    def _push_one(self, chunk: Chunk, framed: Framed) -> None:
        data = chunk.data
        if self._skipping:
            _, newline, data = data.partition(NEWLINE)
            self._skipping = not newline
        if self._rest is not None:
            data = self._rest.data + data
        end = data.rfind(NEWLINE) + 1
        if end:
            framed.chunks.append(Chunk(data[:end], chunk.received_us, chunk.peer))
        rest = data[end:]
        if len(rest) > self._max_line_bytes:
            detail = f"no line end within {self._max_line_bytes} bytes; skipped to the next one"
            kept = rest[: self._max_line_bytes]
            framed.quarantined.append(Quarantined(kept, OVERLONG, detail, chunk.received_us))
            rest, self._skipping = b"", True
        self._rest = Chunk(rest, chunk.received_us, chunk.peer) if rest else None


class DatagramLineFramer:
    """Lines in datagrams: each datagram is ended, whether or not it ends with a newline."""

    def push(self, chunks: Sequence[Chunk]) -> Framed:
        """Return the datagrams, each ended by a newline."""
        return Framed([_ended(chunk) for chunk in chunks if chunk.data])

    def finish(self, clean: bool) -> Framed:
        """Nothing is ever held back."""
        return Framed()


class Unframed:
    """Hands bytes on as they came: the decoder finds its own frames, or a datagram is one."""

    def push(self, chunks: Sequence[Chunk]) -> Framed:
        """Return the same bytes."""
        return Framed([chunk for chunk in chunks if chunk.data])

    def finish(self, clean: bool) -> Framed:
        """Nothing is ever held back."""
        return Framed()


def make_framer(framing: Framing, datagrams: bool = False) -> Framer:
    """Return the framer for a format's framing on a transport.

    Args:
        framing: what the format's manifest asks for.
        datagrams: whether each chunk of the transport is one datagram.
    """
    if framing is not Framing.LINES:
        return Unframed()
    return DatagramLineFramer() if datagrams else LineFramer()


def _ended(chunk: Chunk) -> Chunk:
    if chunk.data.endswith(NEWLINE):
        return chunk
    return Chunk(chunk.data + NEWLINE, chunk.received_us, chunk.peer)
