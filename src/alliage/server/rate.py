"""How often one session or token may ask: a bucket of requests that fills at a steady rate."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

KEYS_AT_MOST: Final = 10_000


@dataclass(slots=True)
class _Bucket:
    left: float
    at_s: float


class RateLimit:
    """Buckets by key, bounded: whoever asked longest ago is forgotten first, with a full one."""

    def __init__(self, rate_hz: float, burst: int) -> None:
        """``burst`` requests at once, and ``rate_hz`` a second from then on."""
        self._rate_hz = rate_hz
        self._burst = burst
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, key: str, now_s: float) -> float:
        """Ask for one request. Returns 0 for yes, else the seconds until there is one.

        Args:
            key: who asks.
            now_s: a monotonic clock's time.
        """
        with self._lock:
            bucket = self._buckets.pop(key, _Bucket(self._burst, now_s))
            gained = max(0.0, now_s - bucket.at_s) * self._rate_hz
            left = min(float(self._burst), bucket.left + gained)
            allowed = left >= 1.0
            self._buckets[key] = _Bucket(left - 1.0 if allowed else left, now_s)
            if len(self._buckets) > KEYS_AT_MOST:
                self._buckets.popitem(last=False)
            return 0.0 if allowed else (1.0 - left) / self._rate_hz
