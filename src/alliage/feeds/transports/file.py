"""Files: recordings plain or packed, standard input, and logs that still grow."""

from __future__ import annotations

import asyncio
import gzip
import os
import stat
import sys
import zlib
from collections.abc import AsyncGenerator
from contextlib import aclosing
from pathlib import Path
from typing import BinaryIO, Final, Literal, cast

from pydantic import Field, field_validator, model_validator

from alliage.feeds.transports.base import (
    READ_BYTES,
    Arrival,
    Ended,
    FatalError,
    OnChange,
    Transport,
    TransportConfig,
)
from alliage.feeds.transports.descriptor import read_ready
from alliage.ontology.times import Clock

FLAT_OUT: Final = "flat-out"
FLAT_OUT_BYTES: Final = 4 * 1024 * 1024
"""Decoders work in columns: what a call costs before its first row is shared by 40,000 lines."""
PACED_BYTES: Final = 4 * 1024
GZIP_MAGIC: Final = b"\x1f\x8b"
STDIN: Final = "-"


class FileConfig(TransportConfig):
    """``kind = "file"``."""

    kind: Literal["file"] = "file"
    path: str = Field(min_length=1, description="The file, plain or gzip; `-` is standard input.")
    pace: float | Literal["flat-out"] | None = Field(
        default=None,
        description="Replay: 1.0 is the recording's own pace, 10.0 ten times as fast, `flat-out` "
        "as fast as it goes. Absent: read as a live source.",
    )
    follow: bool = Field(default=False, description="Keep reading what is appended (tail -f).")
    follow_from: Literal["start", "end"] = Field(
        default="end", description="Where following begins in a file that has content already."
    )
    poll_s: float = Field(default=0.25, gt=0, description="How often a followed file is looked at.")

    @field_validator("pace", mode="before")
    @classmethod
    def _spelt_as_before(cls, pace: object) -> object:
        return FLAT_OUT if pace == "flat out" else pace

    @model_validator(mode="after")
    def _fits_together(self) -> FileConfig:
        if isinstance(self.pace, float) and not 0 < self.pace < float("inf"):
            raise ValueError('pace is a factor above 0, e.g. 1.0 or 10, or "flat-out"')
        if self.follow and (self.path == STDIN or self.pace is not None):
            raise ValueError("follow is for a growing file; it goes with neither `-` nor pace")
        return self

    @property
    def is_replay(self) -> bool:
        """Whether a pace is set, be it flat out."""
        return self.pace is not None

    @property
    def replay_factor(self) -> float | None:
        """The pace, where it is a number."""
        return self.pace if isinstance(self.pace, float) else None

    @property
    def block_bytes(self) -> int:
        """How much is read at once: little where the pace must be smooth."""
        if isinstance(self.pace, float):
            return min(FLAT_OUT_BYTES, max(PACED_BYTES, round(PACED_BYTES * self.pace)))
        return READ_BYTES if self.pace is None else FLAT_OUT_BYTES

    def where(self) -> str:
        """Where the bytes come from."""
        return "standard input" if self.path == STDIN else Path(self.path).name


class File(Transport):
    """Reads a file once, or follows it for ever."""

    def __init__(self, config: FileConfig, clock: Clock, on_change: OnChange | None = None) -> None:
        super().__init__(config, clock, on_change)
        self.retries = config.follow
        self._config = config
        self._from_end = config.follow_from == "end"

    async def connection(self) -> AsyncGenerator[Arrival, None]:
        """Read to the end, or follow."""
        if self._config.path == STDIN:
            arrivals = self._read_stdin()
        elif self._config.follow:
            arrivals = self._follow(Path(self._config.path))
        else:
            arrivals = self._read_all(Path(self._config.path))
        async with aclosing(arrivals):
            async for arrival in arrivals:
                yield arrival

    async def _read_all(self, path: Path) -> AsyncGenerator[Arrival, None]:
        try:
            with path.open("rb") as raw, open_recording(raw) as file:
                self.connected()
                while data := await asyncio.to_thread(file.read, self._config.block_bytes):
                    yield [self.chunk(data)]
        except (OSError, EOFError, zlib.error) as error:
            words = getattr(error, "strerror", None) or str(error)  # without the folder's name
            raise FatalError(f"{path.name} cannot be read: {words}") from error

    async def _read_stdin(self) -> AsyncGenerator[Arrival, None]:
        descriptor = sys.stdin.fileno()
        self.connected()
        waits = not stat.S_ISREG(os.fstat(descriptor).st_mode)
        while data := await (
            read_ready(descriptor)
            if waits
            else asyncio.to_thread(os.read, descriptor, self._config.block_bytes)
        ):
            yield [self.chunk(data)]

    async def _follow(self, path: Path) -> AsyncGenerator[Arrival, None]:
        while True:
            with path.open("rb") as file:
                if self._from_end:
                    file.seek(0, os.SEEK_END)
                self._from_end = False
                self.connected()
                clean = True
                while True:
                    replaced = _is_other_file(path, file)  # before reading: nothing is missed
                    data = file.read(READ_BYTES)
                    if data:
                        yield [self.chunk(data)]
                    elif replaced or os.fstat(file.fileno()).st_size < file.tell():
                        clean = replaced  # a truncated file has taken the line's end with it
                        break
                    else:
                        await asyncio.sleep(self._config.poll_s)
            yield Ended("", clean)


def open_recording(raw: BinaryIO) -> BinaryIO:
    """Return a reader of an open file, unpacking it where its first bytes say gzip."""
    packed = raw.read(2) == GZIP_MAGIC
    raw.seek(0)
    return cast(BinaryIO, gzip.GzipFile(fileobj=raw, mode="rb")) if packed else raw


def _is_other_file(path: Path, file: BinaryIO) -> bool:
    """Whether the path leads to a file other than the open one; not while there is none."""
    try:
        there = path.stat()
    except FileNotFoundError:
        return False
    here = os.fstat(file.fileno())
    return (there.st_dev, there.st_ino) != (here.st_dev, here.st_ino)
