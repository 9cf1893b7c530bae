"""Segment files: bodies of entries one after the other, only ever appended to.

A segment is ``<number>.seg``; a record in it is the body's length (uint32, little-endian), the
entry's id (16 bytes) and the body. The index says where each body lies. Bytes behind the last
indexed record were never acknowledged, and are cut off when the log is opened. An index that knows
no record at all may be one that was lost: what lies beside it is set aside, not cut off.
"""

from __future__ import annotations

import contextlib
import os
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

import pyarrow as pa

from alliage.log.holes import give_back

SEGMENT_BYTES: Final = 64 << 20
_RECORD: Final = struct.Struct("<I16s")
_ZEROS: Final = 1 << 20


class SegmentError(RuntimeError):
    """A segment file is missing, short or holds another record than the index says."""


@dataclass(frozen=True, slots=True)
class Location:
    """Where a record lies: segment number, byte offset of the record, bytes of the body."""

    segment: int
    offset: int
    length: int

    @property
    def end(self) -> int:
        """Offset of the first byte behind the record."""
        return self.offset + _RECORD.size + self.length


class Segments:
    """The segment files of one folder. Written by one thread; read by any."""

    def __init__(self, folder: Path, segment_bytes: int = SEGMENT_BYTES) -> None:
        self._folder = folder
        self._segment_bytes = segment_bytes
        self._file: BinaryIO | None = None
        self._segment = 0
        self._size = 0

    def open_after(self, last: Location | None) -> int:
        """Make ready to append behind ``last``; cut off what was never acknowledged.

        Where ``last`` is None, segments that are there are set aside as ``*.seg.unclaimed``: the
        first commit of all was cut short, or the index was lost, and only a person can tell.

        Returns:
            The number of bytes that were cut off or set aside.

        Raises:
            SegmentError: bytes that were acknowledged are missing.
        """
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if last is None:
            return self._set_aside()
        self._segment, self._size = last.segment, last.end
        cut = 0
        for path in self._folder.glob("*.seg"):
            if int(path.stem) > self._segment:
                cut += path.stat().st_size
                path.unlink()
        path = self._path(self._segment)
        found = path.stat().st_size if path.exists() else 0
        if found < self._size:
            raise SegmentError(
                f"{path}: {found} bytes, the index knows {self._size}: entries are lost; "
                "restore the folder from a backup"
            )
        self._open_current()
        if found > self._size:
            self._truncate(self._size)
        return cut + found - self._size

    def _set_aside(self) -> int:
        moved = 0
        for path in self._folder.glob("*.seg"):
            moved += path.stat().st_size
            path.rename(path.with_suffix(".seg.unclaimed"))
        self._segment, self._size = 0, 0
        self._open_current()
        return moved

    def append(self, entry_id: bytes, body: pa.Buffer) -> Location:
        """Write one record; it lasts once :meth:`sync` has returned."""
        if self._file is None:  # a roll back that the disk refused is made up for
            self._reopen()
        if self._size >= self._segment_bytes:
            self._roll()
        location = Location(self._segment, self._size, len(body))
        file = self._current()
        file.write(_RECORD.pack(len(body), entry_id))
        file.write(body)
        self._size = location.end
        return location

    def sync(self) -> None:
        """Return when everything appended is on the disk."""
        file = self._current()
        file.flush()
        os.fsync(file.fileno())

    def mark(self) -> tuple[int, int]:
        """Return the present end, for :meth:`roll_back`."""
        return self._segment, self._size

    def roll_back(self, mark: tuple[int, int]) -> None:
        """Forget what was appended since ``mark``.

        Where the disk refuses even that, the next append does it first.
        """
        segment, size = mark
        newest = self._segment
        self._discard()
        self._segment, self._size = segment, size
        try:
            for number in range(segment + 1, newest + 1):
                self._path(number).unlink(missing_ok=True)
            self._reopen()
        except OSError:
            self._discard()

    def read(self, entry_id: bytes, location: Location) -> pa.Buffer:
        """Read the body of one record.

        Raises:
            SegmentError: the file or the record is not there.
        """
        path = self._path(location.segment)
        try:
            with path.open("rb") as file:
                file.seek(location.offset)
                record = file.read(_RECORD.size)
                body = file.read(location.length)
        except FileNotFoundError as error:
            raise SegmentError(f"{path}: no such segment") from error
        if record != _RECORD.pack(location.length, entry_id) or len(body) != location.length:
            raise SegmentError(
                f"{path}: no record of entry {entry_id.hex()} at byte {location.offset}"
            )
        return pa.py_buffer(body)

    def erase(self, entry_id: bytes, location: Location) -> None:
        """Destroy the body of one record for good, and give its space back.

        What holds its place reads as zeros; nothing else moves.

        Raises:
            SegmentError: the file or the record is not there.
        """
        path = self._path(location.segment)
        if self._segment == location.segment:
            self._current().flush()
        try:
            with path.open("r+b") as file:
                file.seek(location.offset)
                if file.read(_RECORD.size) != _RECORD.pack(location.length, entry_id):
                    raise SegmentError(
                        f"{path}: no record of entry {entry_id.hex()} at byte {location.offset}"
                    )
                begin = location.offset + _RECORD.size
                zeros = memoryview(bytes(min(location.length, _ZEROS)))
                for at in range(0, location.length, _ZEROS):
                    file.write(zeros[: min(_ZEROS, location.length - at)])
                file.flush()
                os.fsync(file.fileno())
                give_back(file.fileno(), begin, location.length)
        except FileNotFoundError as error:
            raise SegmentError(f"{path}: no such segment") from error

    def close(self) -> None:
        """Close the current file."""
        file, self._file = self._file, None
        if file is not None:
            file.close()

    def _path(self, segment: int) -> Path:
        return self._folder / f"{segment:08d}.seg"

    def _current(self) -> BinaryIO:
        if self._file is None:
            raise SegmentError(f"{self._folder}: not open for writing")
        return self._file

    def _open_current(self) -> None:
        self._file = self._path(self._segment).open("ab")
        # Also of a file that is there: who made it may have been killed before this line.
        sync_folder(self._folder)

    def _reopen(self) -> None:
        """Open the current segment and cut off what lies behind its end."""
        self._open_current()
        self._truncate(self._size)

    def _truncate(self, size: int) -> None:
        file = self._current()
        file.truncate(size)
        os.fsync(file.fileno())

    def _roll(self) -> None:
        self.sync()
        self.close()
        self._segment, self._size = self._segment + 1, 0
        self._reopen()

    def _discard(self) -> None:
        """Close without caring for buffered bytes that could not be written."""
        with contextlib.suppress(OSError):
            self.close()


def sync_folder(folder: Path) -> None:
    """Make the names in a folder last: of new files, and of those renamed or gone."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
