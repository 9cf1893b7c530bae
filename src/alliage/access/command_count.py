"""How many records commands have left for the audit, and how many the node has taken up.

The count lies apart from the records, in the folder of the keys: records that were taken away
before the node had them leave a gap (docs/decisions/0241).
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import orjson

FILE: Final = "commands.json"


@dataclass(slots=True)
class Count:
    """Numbers of the last record that was left, and of the last that the log has or misses."""

    left: int = 0
    taken: int = 0

    def missing(self, there: Collection[int]) -> list[int]:
        """Numbers of records that were left, and are neither taken up nor there."""
        return [one for one in range(self.taken + 1, self.left + 1) if one not in there]


def count_file(spool: Path) -> Path:
    """Where the count of a spool lies: beside it, with the node's keys."""
    return spool.with_name("keys") / FILE


@contextmanager
def counting(spool: Path) -> Iterator[Count]:
    """The count, for this process alone until the block ends; then it is written.

    Raises:
        OSError: it cannot be read or written.
    """
    path = count_file(spool)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        count = _read(file.read())
        before = (count.left, count.taken)
        try:
            yield count
        finally:
            if (count.left, count.taken) != before:
                file.seek(0)
                file.write(orjson.dumps({"left": count.left, "taken": count.taken}))
                file.truncate()
                file.flush()
                os.fsync(file.fileno())


def count_of(spool: Path) -> Count:
    """The count as it stands; nothing is made where there is none."""
    try:
        return _read(count_file(spool).read_bytes())
    except FileNotFoundError:
        return Count()


def _read(data: bytes) -> Count:
    try:
        said = orjson.loads(data)
        return Count(max(0, int(said["left"])), max(0, int(said["taken"])))
    except (ValueError, KeyError, TypeError):
        return Count()
