"""UTC times: one representation inside, one spelling outside.

Inside columns a time is ``int64`` microseconds since 1970-01-01T00:00:00Z (Arrow
``timestamp[us, UTC]``); at the edges it is an aware :class:`datetime.datetime`; on the wire it
is RFC 3339 with ``Z``.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class Clock(Protocol):
    """Something that says what time it is: the wall, or a replay."""

    def now_us(self) -> int:
        """Microseconds since the epoch, UTC."""
        ...


class WallClock:
    """The machine's own clock."""

    def now_us(self) -> int:
        """Microseconds since the epoch, UTC."""
        return time.time_ns() // 1000


def to_us(moment: datetime) -> int:
    """Microseconds since the epoch.

    Raises:
        ValueError: the datetime is naive; a time without a zone has no meaning here.
    """
    if moment.tzinfo is None:
        raise ValueError(f"{moment!r} has no time zone: give it one, e.g. 2026-01-31T12:00:00Z")
    return (moment - EPOCH) // MICROSECOND


def from_us(moment_us: int) -> datetime:
    """Return the aware UTC datetime of microseconds since the epoch."""
    return EPOCH + moment_us * MICROSECOND


def to_text(moment_us: int) -> str:
    """RFC 3339 with ``Z``; microseconds only where they are not zero."""
    return from_us(moment_us).isoformat().replace("+00:00", "Z")


def from_text(text: str) -> int:
    """Microseconds since the epoch from RFC 3339 text with a zone.

    Raises:
        ValueError: not a time, or a time without a zone.
    """
    return to_us(datetime.fromisoformat(text))
