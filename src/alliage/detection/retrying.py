"""What could not be made is tried again: soon at first, and ever more seldom while it fails."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, Generic, TypeVar

from alliage.detection.failures import Failure

Key = TypeVar("Key", bound=tuple[object, ...])

FIRST_US: Final = 10_000_000
LONGEST_US: Final = 600_000_000


class Retries(Generic[Key]):
    """What failed by its key, and when it is tried next. One thread writes, any reads.

    >>> retries: Retries[tuple[str]] = Retries()
    >>> retries.failed(("radar",), OSError(), now_us=0)
    >>> retries.due(now_us=9_000_000), retries.due(now_us=10_000_000)
    ([], [('radar',)])
    """

    def __init__(self) -> None:
        self._failures: dict[Key, Failure] = {}

    def __contains__(self, key: Key) -> bool:
        """Whether it failed, and has not been made since."""
        return key in self._failures

    def failed(self, key: Key, error: Exception, now_us: int) -> None:
        """It could not be made, now or once more."""
        failure = Failure(type(error).__name__, 1, now_us, now_us)
        failure = failure.joined(self._failures.get(key))
        pause_us = min(LONGEST_US, FIRST_US << min(failure.times - 1, 10))
        self._failures[key] = replace(failure, again_us=now_us + pause_us)

    def made(self, key: Key) -> None:
        """It was made, or is wanted no more."""
        self._failures.pop(key, None)

    def due(self, now_us: int) -> list[Key]:
        """What is to be tried now, in order."""
        return sorted(key for key, one in self._failures.items() if (one.again_us or 0) <= now_us)

    def failures(self) -> dict[Key, Failure]:
        """What failed, and how."""
        return dict(self._failures)

    def wait_s(self, now_us: int) -> float | None:
        """Seconds until the next of them is due; None: nothing failed."""
        dues = [one.again_us or 0 for one in self._failures.values()]
        return max(0.0, (min(dues) - now_us) / 1e6) if dues else None
