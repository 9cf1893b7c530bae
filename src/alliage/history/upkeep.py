"""The history's own thread: reads what the log has, then makes segments and joins them."""

from __future__ import annotations

import threading
import time
from typing import Final

import structlog

from alliage.history.store import History, Progress
from alliage.log.reader import LogReader

SEAL_S: Final = 600.0
"""The tail becomes segments after so long, however short it is."""
LOOK_S: Final = 1.0
RETRY_S: Final = 30.0
SAY_S: Final = 5.0

_log = structlog.get_logger(__name__)


class Upkeep:
    """Keeps a history in order until it is closed. Whatever fails is tried again later."""

    def __init__(self, history: History, log: LogReader, last_number: int) -> None:
        """Begin at once.

        Args:
            history: which; what is written after ``last_number`` is to be applied to it.
            log: the log as the node's machines read it.
            last_number: of the log's newest entry.
        """
        self._history, self._reader, self._last_number = history, log, last_number
        self._stopping = threading.Event()
        self._sealed_s = self._said_s = time.monotonic()
        self.trouble: str | None = None
        self._thread = threading.Thread(target=self._run, name="alliage-history", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Give up what is being done, and end."""
        self._stopping.set()
        self._history.close()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._look()
            except Exception as error:
                if self._stopping.is_set():
                    return
                self.trouble = f"{type(error).__name__}: {error}"
                _log.exception("history.trouble")
                self._stopping.wait(RETRY_S)
            else:
                self.trouble = None
                self._history.wait_for_decision(LOOK_S)

    def _look(self) -> None:
        history = self._history
        if not history.caught_up:
            rows = history.catch_up(self._reader, self._last_number, self._say)
            if rows:
                _log.info("history.caught_up", rows=rows)
        if history.is_to_be_revised:
            history.revise(self._reader)
        waited_s = time.monotonic() - self._sealed_s
        if history.tail_rows >= history.seal_rows or waited_s >= SEAL_S:
            history.seal()
            self._sealed_s = time.monotonic()
            while history.tail_rows < history.seal_rows and history.compact():
                pass  # what waits comes first

    def _say(self, progress: Progress) -> None:
        """Tell people how far reading the log has come, now and then."""
        if time.monotonic() - self._said_s >= SAY_S:
            self._said_s = time.monotonic()
            done = progress.number / max(1, progress.last_number)
            _log.info("history.catching_up", rows=progress.rows, done=f"{done:.0%}")
