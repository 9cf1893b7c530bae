"""How a source is doing: counters and rates, kept while it runs and copied for whoever asks."""

from __future__ import annotations

import math
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from alliage.feeds.contract import Chunk, Decoded
from alliage.feeds.transports.base import State, Status

MEMORY_S: Final = 10.0
DELAYS_KEPT: Final = 1_000
"""Of so many of the latest reports it is told how long they were on their way."""


class Rate:
    """Events per second, weighted exponentially: what happened ``memory_s`` ago counts 1/e."""

    def __init__(self, memory_s: float = MEMORY_S) -> None:
        self._memory_s = memory_s
        self._level = 0.0
        self._began_s: float | None = None
        self._last_s = 0.0

    def add(self, count: int, now_s: float) -> None:
        """Count events that happened now."""
        if self._began_s is None:
            self._began_s = self._last_s = now_s
        self._level = self._level * self._decay(now_s - self._last_s) + count
        self._last_s = now_s

    def per_second(self, now_s: float) -> float:
        """The rate as of now; right from the first second on, not only after ``memory_s``."""
        if self._began_s is None:
            return 0.0
        seen = 1.0 - self._decay(max(now_s - self._began_s, 1.0))
        return self._level * self._decay(now_s - self._last_s) / (self._memory_s * seen)

    def _decay(self, elapsed_s: float) -> float:
        return math.exp(-max(elapsed_s, 0.0) / self._memory_s)


@dataclass(frozen=True, slots=True)
class Delay:
    """How long after it was so a report was received: half, and 95 in 100, took at most so long.

    Negative where the origin's clock runs ahead.
    """

    median_s: float
    most_s: float


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """A source's state and counters at one instant.

    ``accepted`` counts reports that are on the disk, ``ignored`` and ``quarantined`` by reason.
    ``lost`` counts datagrams that came faster than they could be taken. ``error`` is the present
    trouble, ``last_error`` the latest one. ``delay`` is None before the first report.
    """

    state: State
    since_us: int
    error: str | None
    last_error: str | None
    next_retry_us: int | None
    reconnects: int
    peers: int
    last_received_us: int | None
    bytes: int
    bytes_per_s: float
    reports_per_s: float
    accepted: int
    duplicates: int
    lost: int
    ignored: Mapping[str, int]
    quarantined: Mapping[str, int]
    delay: Delay | None


class HealthMeter:
    """Counts for one source. Written by its runner, read from any thread."""

    def __init__(self, status: Status, now_s: Callable[[], float] = time.monotonic) -> None:
        self._lock = threading.Lock()
        self._now_s = now_s
        self._status = status
        self._last_error: str | None = None
        self._last_received_us: int | None = None
        self._bytes = self._accepted = self._duplicates = self._lost = 0
        self._ignored: Counter[str] = Counter()
        self._quarantined: Counter[str] = Counter()
        self._byte_rate, self._report_rate = Rate(), Rate()
        self._delays_us = np.zeros(0, np.int64)

    def status(self, status: Status) -> None:
        """The transport's state has changed."""
        with self._lock:
            self._status = status
            self._last_error = status.error or self._last_error

    def received(self, chunks: Sequence[Chunk], lost: int = 0, now_us: int | None = None) -> None:
        """Bytes have arrived.

        Args:
            chunks: the bytes.
            lost: the transport's count of datagrams without room.
            now_us: the wall's time, where that of the chunks may be an exercise's.
        """
        size = sum(len(chunk.data) for chunk in chunks)
        with self._lock:
            self._bytes += size
            self._lost = lost
            self._last_received_us = chunks[-1].received_us if now_us is None else now_us
            self._byte_rate.add(size, self._now_s())

    def decoded(self, decoded: Decoded) -> None:
        """The decoder has found something."""
        fresh_us = [_delays_us(batch.rows) for batch in decoded.batches]
        with self._lock:
            self._delays_us = np.concatenate([self._delays_us, *fresh_us])[-DELAYS_KEPT:]
            self._duplicates += decoded.duplicates
            self._ignored.update(decoded.ignored)
            self._quarantined.update(item.reason for item in decoded.quarantined)
            self._report_rate.add(decoded.accepted + decoded.duplicates, self._now_s())

    def stored(self, accepted: int) -> None:
        """So many reports are on the disk."""
        with self._lock:
            self._accepted += accepted

    def snapshot(self) -> SourceHealth:
        """A copy of everything, with rates as of now."""
        with self._lock:
            status, now_s = self._status, self._now_s()
            return SourceHealth(
                state=status.state,
                since_us=status.since_us,
                error=status.error,
                last_error=self._last_error,
                next_retry_us=status.next_retry_us,
                reconnects=status.reconnects,
                peers=status.peers,
                last_received_us=self._last_received_us,
                bytes=self._bytes,
                bytes_per_s=self._byte_rate.per_second(now_s),
                reports_per_s=self._report_rate.per_second(now_s),
                accepted=self._accepted,
                duplicates=self._duplicates,
                lost=self._lost,
                ignored=dict(self._ignored),
                quarantined=dict(self._quarantined),
                delay=_delay(self._delays_us),
            )


def _delays_us(rows: pa.RecordBatch) -> NDArray[np.int64]:
    """How long the rows were on their way, as many as are kept, evenly over the batch."""
    step = max(1, rows.num_rows // DELAYS_KEPT)
    received, valid = (
        rows.column(name).cast(pa.int64()).to_numpy(zero_copy_only=False)[::step]
        for name in ("received", "valid")
    )
    delays: NDArray[np.int64] = received - valid
    return delays


def _delay(delays_us: NDArray[np.int64]) -> Delay | None:
    if len(delays_us) == 0:
        return None
    median_us, most_us = np.percentile(delays_us, (50, 95))
    return Delay(round(median_us / 1e6, 3), round(most_us / 1e6, 3))
