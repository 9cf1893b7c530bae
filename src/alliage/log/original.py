"""Original bytes: what a source sent, and when, so that a mended decoder can read it again.

A body like any other: signed, under the stream's label, destroyed by redaction and retention. What
happened to the connection besides (a silence, an end) is kept too, for decoders remember.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, NamedTuple

import pyarrow as pa

ORIGINAL: Final = "original"
"""The kind of entries that hold original bytes."""

_SCHEMA: Final = pa.schema(
    [
        pa.field("happened", pa.int8(), nullable=False),
        pa.field("received_us", pa.int64(), nullable=False),
        pa.field("peer", pa.utf8(), nullable=False),
        pa.field("data", pa.binary(), nullable=False),
    ]
)
_FEED, _VERSION, _DATAGRAMS = b"feed", b"version", b"datagrams"


class Happened(IntEnum):
    """What happened to a source's input."""

    BYTES = 0
    PAUSE = 1  # the decoder gave out what it held back
    PEER_ENDED = 2  # one of several peers of a decoder; clean where there are data
    FINISHED = 3  # the input ended, and the decoder heard the next one too
    CLOSED = 4  # the input ended, and its decoder with it


class Event(NamedTuple):
    """One thing that happened; ``data`` are the bytes, or where there are any, a clean end."""

    happened: Happened
    received_us: int
    peer: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Original:
    """What came of a source, in order.

    Attributes:
        feed: the format's name.
        version: of the decoder that read it then.
        datagrams: whether the transport gave whole datagrams.
        events: at least one.
    """

    feed: str
    version: int
    datagrams: bool
    events: tuple[Event, ...]

    @property
    def size(self) -> int:
        """Bytes that came."""
        return sum(len(event.data) for event in self.events)

    def goes_on_with(self, other: Original) -> bool:
        """Whether both may stand in one body."""
        mine = (self.feed, self.version, self.datagrams)
        return mine == (other.feed, other.version, other.datagrams)

    def encoded(self) -> pa.Buffer:
        """Arrow IPC, its columns compressed with Zstandard."""
        metadata = {
            _FEED: self.feed.encode(),
            _VERSION: str(self.version).encode(),
            _DATAGRAMS: b"1" if self.datagrams else b"",
        }
        columns = [
            pa.array(column, field.type)
            for column, field in zip(zip(*self.events, strict=True), _SCHEMA, strict=True)
        ]
        batch = pa.RecordBatch.from_arrays(columns, schema=_SCHEMA.with_metadata(metadata))
        sink = pa.BufferOutputStream()
        options = pa.ipc.IpcWriteOptions(compression="zstd")
        with pa.ipc.new_stream(sink, batch.schema, options=options) as writer:
            writer.write_batch(batch)
        return sink.getvalue()

    @classmethod
    def decoded(cls, data: pa.Buffer) -> Original:
        """Inverse of :meth:`encoded`.

        Raises:
            ValueError: the bytes are none.
        """
        with pa.ipc.open_stream(data) as reader:
            batch = reader.read_next_batch()
        said = batch.schema.metadata or {}
        columns = [column.to_pylist() for column in batch.columns]
        events = tuple(
            Event(Happened(happened), received_us, peer, data)
            for happened, received_us, peer, data in zip(*columns, strict=True)
        )
        version = int(said[_VERSION])
        return cls(said[_FEED].decode(), version, bool(said[_DATAGRAMS]), events)


def joined(some: Sequence[Original]) -> Original:
    """Several that go on with each other, as one."""
    first = some[0]
    events = tuple(event for one in some for event in one.events)
    return Original(first.feed, first.version, first.datagrams, events)
