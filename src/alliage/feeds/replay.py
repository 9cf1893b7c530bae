"""Replay: a recording released at the pace at which it was made, or at a multiple of it.

The time marks are those that the decoder found (``recorded``, else ``valid``): every format is
paced alike. Recordings are not perfect, so marks that run backwards never hold anything up, a
stray mark far from its neighbours is pulled in, and a gap is waited for only so long.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from alliage.feeds.contract import Decoded
from alliage.ontology.observation import ObservationBatch

STEP_S: Final = 0.25
MAX_PAUSE_S: Final = 10.0
STRAY_US: Final = 60_000_000


class Pacer:
    """Releases what was decoded when it is due."""

    def __init__(
        self,
        factor: float,
        sleep: Callable[[float], Awaitable[Any]] = asyncio.sleep,
        now_s: Callable[[], float] = time.monotonic,
        max_pause_s: float = MAX_PAUSE_S,
    ) -> None:
        """``factor`` 1.0 is the recording's own pace, 10.0 ten times as fast.

        Raises:
            ValueError: the factor is not above zero.
        """
        if not 0 < factor < float("inf"):
            raise ValueError(f"a replay's factor is above 0, not {factor!r}")
        self._factor = factor
        self._sleep = sleep
        self._now_s = now_s
        self._max_pause_s = max_pause_s
        self._anchor: tuple[float, int] | None = None
        self._latest_us = 0

    async def release(self, decoded: Decoded) -> AsyncIterator[Decoded]:
        """Give out parts of a result in order of their marks, each when it is due."""
        for mark_us, part in split_by_time(decoded, round(STEP_S * 1e6 * self._factor)):
            if mark_us is not None:
                await self._wait_for(mark_us)
            yield part

    async def _wait_for(self, mark_us: int) -> None:
        now_s = self._now_s()
        if self._anchor is None or mark_us < self._latest_us - STRAY_US:
            self._anchor, self._latest_us = (now_s, mark_us), mark_us  # begun, or begun again
            return
        self._latest_us = max(self._latest_us, mark_us)
        began_s, began_us = self._anchor
        pause_s = began_s + (mark_us - began_us) / 1e6 / self._factor - now_s
        if pause_s > self._max_pause_s:
            await self._sleep(self._max_pause_s)
            self._anchor = (self._now_s(), mark_us)
        elif pause_s > 0:
            await self._sleep(pause_s)


def split_by_time(decoded: Decoded, step_us: int) -> list[tuple[int | None, Decoded]]:
    """Return a result as parts of at most ``step_us`` of recording, oldest first.

    Each part comes with its largest mark; None where a result has no rows. Counters, statements
    and quarantined bytes stay together in the first part, so that sums stay right.
    """
    marks = [_marks_us(batch.rows) for batch in decoded.batches if batch.rows.num_rows]
    if not marks:
        return [(None, decoded)]
    middle_us = int(np.median(np.concatenate(marks)))
    parts: dict[int, tuple[int, list[ObservationBatch]]] = {}
    filled = [batch for batch in decoded.batches if batch.rows.num_rows]
    for batch, batch_marks in zip(filled, marks, strict=True):
        clipped = np.clip(batch_marks, middle_us - STRAY_US, middle_us + STRAY_US)
        for mark_us, rows in _cut(batch.rows, clipped, step_us):
            latest_us, batches = parts.get(mark_us // step_us, (mark_us, []))
            piece = ObservationBatch(batch.kind, rows, batch.urgent)
            parts[mark_us // step_us] = (max(latest_us, mark_us), [*batches, piece])
    ordered: list[tuple[int | None, Decoded]] = [
        (latest_us, Decoded(batches=batches)) for _, (latest_us, batches) in sorted(parts.items())
    ]
    first = ordered[0][1]
    first.statements, first.quarantined = decoded.statements, decoded.quarantined
    first.accepted, first.duplicates = decoded.accepted, decoded.duplicates
    first.ignored = decoded.ignored
    return ordered


def _marks_us(rows: pa.RecordBatch) -> NDArray[np.int64]:
    """Shape (rows,): when each was recorded, else when it was so."""
    marks = rows["valid"]
    if "recorded" in rows.schema.names:
        marks = pc.coalesce(rows["recorded"], marks)
    found: NDArray[np.int64] = marks.cast(pa.int64()).to_numpy(zero_copy_only=False)
    return found


def _cut(
    rows: pa.RecordBatch, marks_us: NDArray[np.int64], step_us: int
) -> list[tuple[int, pa.RecordBatch]]:
    """Rows by step of time, in their own order within one, with the largest mark of each."""
    steps = marks_us // step_us
    if steps[0] == steps[-1] and (steps == steps[0]).all():
        return [(int(marks_us.max()), rows)]
    order = np.argsort(steps, kind="stable")
    edges = np.flatnonzero(np.diff(steps[order])) + 1
    return [
        (int(marks_us[chosen].max()), rows.take(pa.array(chosen)))
        for chosen in np.split(order, edges)
    ]
