"""What is kept of how good each reader's picture was, minute by minute.

By kind of reader, so that what one may not see has no part in it; see
docs/decisions/0246. :mod:`alliage.server.quality_sampling` fills it.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final, Generic

from alliage.ontology.audience import Audience
from alliage.server.minutes import KEPT, Floats, Key, Minutes, Span

READERS_AT_MOST: Final = 32
"""Kinds of reader; whoever was here longest ago is forgotten."""
MINUTE_US: Final = 60_000_000
FIGURES: Final = ("tracks", "age_s", "latency_s", "nis_mean", "jumps", "left_out", "coverage_km2")
"""Of a stream; of :data:`DUPLICATES` the first is how many are suspected."""
MEASURED: Final = ("gospa_m", "missed", "false", "completeness")
DUPLICATES: Final = ""
"""Stands for a stream where suspected duplicates are counted."""

StreamKey = tuple[str, tuple[int, ...]]
"""A stream, and the label sets of the tracks that its figures were made of."""
TruthKey = tuple[str, str | None]
"""An exercise, and a stream; None: the picture."""


@dataclass(frozen=True)
class Curves(Generic[Key]):
    """What is told of some keys: the minute from which on it is known, and the means by step."""

    since: int
    span: Span
    means: dict[Key, Floats]

    @classmethod
    def of(cls, minutes: Minutes[Key], now: int) -> Curves[Key] | None:
        """All of it up to now; None where nothing is known."""
        span = minutes.span(now)
        if span is None or minutes.since is None:
            return None
        return cls(minutes.since, span, minutes.curves(span))


@dataclass
class ReaderSeries:
    """What is known of one kind of reader."""

    audience: Audience
    here_us: int
    instructs: bool = False
    streams: Minutes[StreamKey] = field(default_factory=lambda: Minutes(len(FIGURES)))
    truths: Minutes[TruthKey] = field(default_factory=lambda: Minutes(len(MEASURED)))


class QualitySeries:
    """The series of all kinds of reader who were here lately. Any thread may ask."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self._readers: OrderedDict[str, ReaderSeries] = OrderedDict()

    def here(self, audience: Audience, now_us: int, instructs: bool) -> ReaderSeries:
        """Somebody with these rights is here: from now on, and for hours, it is kept for them."""
        with self.lock:
            reader = self._readers.get(audience.key)
            if reader is None:
                reader = self._readers[audience.key] = ReaderSeries(audience, now_us)
            reader.here_us = now_us
            reader.instructs |= instructs
            self._readers.move_to_end(audience.key)
            while len(self._readers) > READERS_AT_MOST:
                self._readers.popitem(last=False)
            return reader

    def readers(self, now_us: int) -> list[ReaderSeries]:
        """Who was here in the time that is kept; others are forgotten."""
        with self.lock:
            for key, reader in list(self._readers.items()):
                if now_us - reader.here_us > KEPT * MINUTE_US:
                    del self._readers[key]
            return list(self._readers.values())
