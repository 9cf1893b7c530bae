"""The newest end of the log: who waits there, and who is told."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

import structlog

from alliage.log.entry import Entry

Listener = Callable[[list[Entry]], None]

_logger = structlog.get_logger(__name__)


class Tip:
    """Moves on with each commit, and never before it. Inside this room only: it has no audience."""

    def __init__(self, number: int) -> None:
        self._number = number
        self._closed = False
        self._moved = threading.Condition()
        self._listeners: list[Listener] = []

    @property
    def number(self) -> int:
        """Number of the newest committed entry; 0 for an empty log."""
        return self._number

    @property
    def closed(self) -> bool:
        """Whether the log was closed."""
        return self._closed

    def move(self, entries: Sequence[Entry]) -> None:
        """These entries are committed: wake who waits and tell who listens."""
        with self._moved:
            self._number = entries[-1].number
            self._moved.notify_all()
        for listener in list(self._listeners):
            try:
                listener(list(entries))
            except Exception:
                _logger.exception("log.listener_failed")

    def close(self) -> None:
        """Wake everybody for the last time."""
        with self._moved:
            self._closed = True
            self._moved.notify_all()

    def wake(self) -> None:
        """Let waiting subscriptions look whether they were closed."""
        with self._moved:
            self._moved.notify_all()

    def wait_beyond(
        self, number: int, timeout_s: float | None, given_up: Callable[[], bool]
    ) -> bool:
        """Wait until there is an entry after ``number``; False when time is up or given up."""
        with self._moved:
            self._moved.wait_for(lambda: given_up() or self._number > number, timeout_s)
            return not given_up() and self._number > number

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call back after each commit, in the writer's thread; returns what ends it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)
