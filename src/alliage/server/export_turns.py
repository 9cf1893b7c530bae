"""Who may write files that leave the node right now, and how large they may be."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from alliage.server.problems import ProblemError

ROWS_AT_MOST: Final = 1_000_000
AT_ONCE: Final = 2


class ExportTurns:
    """Lets so many files be written at once, and no more."""

    def __init__(self, rows_at_most: int = ROWS_AT_MOST, at_once: int = AT_ONCE) -> None:
        """Nothing is written yet."""
        self.rows_at_most = rows_at_most
        self._free = threading.BoundedSemaphore(at_once)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Hold one of the places.

        Raises:
            ProblemError: ``unavailable``; others are at it.
        """
        if not self._free.acquire(blocking=False):
            detail = "Others export from this node right now: try again in a minute."
            raise ProblemError("unavailable", detail)
        try:
            yield
        finally:
            self._free.release()
