"""Recordings in bulk: a file decoded as fast as it goes, in big blocks, with progress."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from pydantic import BaseModel

from alliage.feeds.connection import Check, Connection
from alliage.feeds.contract import Chunk, Decoded, Feed
from alliage.feeds.transports.file import FLAT_OUT_BYTES, open_recording
from alliage.log.original import Event, Happened, Original
from alliage.ontology.times import Clock, WallClock

PIECE_BYTES: Final = 64 * 1024
PIECES_A_BLOCK: Final = FLAT_OUT_BYTES // PIECE_BYTES


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a file has been read, in bytes as they lie on disk (packed where it is packed)."""

    done_bytes: int
    total_bytes: int


def decode_file(
    path: Path,
    feed: Feed,
    options: BaseModel,
    on_progress: Callable[[Progress], None] | None = None,
    clock: Clock | None = None,
    check: Check | None = None,
    keep_original: bool = False,
) -> Iterator[Decoded]:
    """Decode a recording, plain or gzip; each step is one block.

    Raises:
        OSError: the file cannot be read, or its packing is damaged; what came before stands.
    """
    clock = clock or WallClock()
    connection = Connection(feed, options, check=check)
    total_bytes = path.stat().st_size
    with path.open("rb") as raw, open_recording(raw) as file:
        for data in _blocks(file):
            chunk = Chunk(data, clock.now_us())
            decoded = connection.feed([chunk])
            if keep_original:
                event = Event(Happened.BYTES, chunk.received_us, "", data)
                decoded.originals = [_original(feed, event)]
            yield decoded
            if on_progress is not None:
                on_progress(Progress(raw.tell(), total_bytes))
    now_us = clock.now_us()
    decoded = connection.finish(now_us)
    if keep_original:
        decoded.originals = [_original(feed, Event(Happened.CLOSED, now_us, "", b"1"))]
    yield decoded
    if on_progress is not None:
        on_progress(Progress(total_bytes, total_bytes))


def _original(feed: Feed, event: Event) -> Original:
    return Original(feed.manifest.name, feed.manifest.version, False, (event,))


def _blocks(file: BinaryIO) -> Iterator[bytes]:
    """Big blocks; what lies before a damage comes before the damage is told."""
    damage = None
    while damage is None:
        pieces: list[bytes] = []
        try:
            while len(pieces) < PIECES_A_BLOCK and (piece := file.read(PIECE_BYTES)):
                pieces.append(piece)
        except (EOFError, zlib.error) as error:
            damage = error
        if pieces:
            yield b"".join(pieces)
        elif damage is None:
            return
    raise OSError(f"the packing is damaged: {damage}") from damage
