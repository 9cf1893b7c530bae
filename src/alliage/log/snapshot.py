"""What of a log's folder makes a copy of it that is whole, also while it is written."""

from __future__ import annotations

import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from alliage.log.segments import Location

INDEX_FILE: Final = "index.sqlite"
SEGMENTS: Final = "segments"
COPYING_FILE: Final = "copying"


@dataclass(frozen=True, slots=True)
class Part:
    """A file of the copy: where it belongs in the folder, where its bytes are, how many count."""

    name: str
    path: Path
    size: int


@contextmanager
def copying(folder: Path) -> Iterator[None]:
    """While this lasts, no body of the log is destroyed: a copy is whole, or has the decision."""
    with (folder / COPYING_FILE).open("w") as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        yield


@contextmanager
def destroying(folder: Path) -> Iterator[bool]:
    """Whether bodies may be destroyed while this lasts: not while somebody copies the log."""
    with (folder / COPYING_FILE).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def copy_database(source: Path, target: Path) -> None:
    """Copy a SQLite file as it is at one moment, whoever writes it meanwhile.

    All pages are taken in one step, under one read transaction; in WAL mode that stops no writer.
    """
    with closing(sqlite3.connect(source)) as read, closing(sqlite3.connect(target)) as written:
        read.backup(written, pages=-1)


def log_parts(folder: Path, scratch: Path) -> Iterator[Part]:
    """The parts of a log, those of every entry that was acknowledged when this began.

    The index is copied first: segments are only appended to, and a body is on the disk before the
    index names it, so what the copied index names can be read at any later time.

    Args:
        folder: the log's.
        scratch: a folder for the copy of the index.
    """
    index = scratch / INDEX_FILE
    copy_database(folder / INDEX_FILE, index)
    yield Part(INDEX_FILE, index, index.stat().st_size)
    for segment, end in _ends(index):
        name = f"{SEGMENTS}/{segment:08d}.seg"
        yield Part(name, folder / name, end)


def _ends(index: Path) -> list[tuple[int, int]]:
    """Of every segment the offset behind its last record that the index names."""
    query = """
        SELECT segment, offset, length FROM entries AS last
        WHERE offset = (SELECT max(offset) FROM entries WHERE segment = last.segment)
        ORDER BY segment
    """
    with closing(sqlite3.connect(index)) as connection:
        return [(row[0], Location(*row).end) for row in connection.execute(query)]
