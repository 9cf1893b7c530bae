"""Slowing down whoever guesses passwords."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

MAX_WAIT_S: Final = 300.0
FORGET_AFTER_S: Final = 900.0
MAX_KEYS: Final = 10_000


@dataclass(slots=True)
class _Failures:
    count: int
    last_us: int


class Throttle:
    """Counts failures per key (a user name, an address).

    The first ``free`` failures cost nothing; each further one doubles the wait, from one second
    to five minutes. A quarter of an hour without failure, or a success, forgets them. Memory is
    bounded: the key that failed longest ago goes first.
    """

    def __init__(self, free: int) -> None:
        self._free = free
        self._failures: OrderedDict[str, _Failures] = OrderedDict()
        self._lock = threading.Lock()

    def attempt(self, key: str, now_us: int) -> float:
        """Ask to try. Returns 0 for yes, and then the try counts as failed until it is forgiven.

        Counting before the outcome is known keeps many tries at the same moment from all passing.

        Returns:
            Otherwise the seconds until this key may try again.
        """
        with self._lock:
            failures = self._failures.pop(key, _Failures(0, now_us))
            if now_us - failures.last_us > FORGET_AFTER_S * 1e6:
                failures = _Failures(0, now_us)
            wait_s = self._wait_s(failures, now_us)
            tried = failures if wait_s > 0 else _Failures(failures.count + 1, now_us)
            self._failures[key] = tried
            if len(self._failures) > MAX_KEYS:
                self._failures.popitem(last=False)
            return wait_s

    def succeeded(self, key: str) -> None:
        """Forget the failures of a key."""
        with self._lock:
            self._failures.pop(key, None)

    def forgive(self, key: str) -> None:
        """Take back the last try only: one good account must not hide an address's guessing."""
        with self._lock:
            failures = self._failures.get(key)
            if failures is not None:
                failures.count -= 1

    def _wait_s(self, failures: _Failures, now_us: int) -> float:
        if failures.count < self._free:
            return 0.0
        wait = min(2.0 ** (failures.count - self._free), MAX_WAIT_S)
        return max(0.0, wait - (now_us - failures.last_us) / 1e6)
