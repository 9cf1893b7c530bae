"""Takes the figures of Quality once a minute, from the view of each kind of reader that is here."""

from __future__ import annotations

import asyncio
import time
from math import nan
from typing import Final

import structlog

from alliage.ontology.audience import Audience
from alliage.picture.quality import StreamQuality
from alliage.server.measures_view import exercise_measures
from alliage.server.problems import ProblemError
from alliage.server.quality_series import (
    DUPLICATES,
    FIGURES,
    MINUTE_US,
    Curves,
    ReaderSeries,
    StreamKey,
    TruthKey,
)
from alliage.server.quality_view import CELL_KM2, DUPLICATES_AT_MOST, live_latency
from alliage.server.services import Services

CUTOFF_M: Final = 1_000.0
"""As the measures have it where nobody says another."""
SHARE_AT_MOST: Final = 0.05
"""Of the time may go into it: on a busy node some minutes are left out."""

_log = structlog.get_logger(__name__)


async def keep_sampling(services: Services) -> None:
    """Take a sample in every minute, until it is cancelled."""
    took_s = 0.0
    while True:
        to_next_s = 60.0 - services.clock.now_us() % MINUTE_US / 1e6
        await asyncio.sleep(max(to_next_s, took_s / SHARE_AT_MOST))
        began_s = time.monotonic()
        try:
            await asyncio.to_thread(sample, services)
        except Exception:
            _log.exception("quality: a sample failed, and the next is tried")
        took_s = time.monotonic() - began_s


def sample(services: Services) -> None:
    """Take the figures of this minute for all who were here lately."""
    series, now_us = services.quality_series, services.clock.now_us()
    for reader in series.readers(now_us):
        _sample(services, reader, now_us)


def stream_curves(services: Services, audience: Audience) -> Curves[StreamKey] | None:
    """What is known of each stream for these readers, by :data:`FIGURES`."""
    reader, now = _asked(services, audience, instructs=False)
    with services.quality_series.lock:
        return Curves.of(reader.streams, now)


def truth_curves(services: Services, audience: Audience) -> Curves[TruthKey] | None:
    """How near their picture came to the truth, by :data:`MEASURED`; for instructors alone."""
    reader, now = _asked(services, audience, instructs=True)
    with services.quality_series.lock:
        return Curves.of(reader.truths, now)


def _asked(services: Services, audience: Audience, instructs: bool) -> tuple[ReaderSeries, int]:
    """What there is for a reader, begun now if there is nothing; and which minute it is."""
    series, now_us = services.quality_series, services.clock.now_us()
    reader = series.here(audience, now_us, instructs)
    since = reader.truths.since if instructs else reader.streams.since
    if since is None:
        _sample(services, reader, now_us)
    return reader, now_us // MINUTE_US


def _sample(services: Services, reader: ReaderSeries, now_us: int) -> None:
    streams = _of_streams(services, reader.audience)
    truths = _of_truths(services, reader.audience) if reader.instructs else {}
    with services.quality_series.lock:
        reader.streams.put(now_us // MINUTE_US, streams)
        if reader.instructs:
            reader.truths.put(now_us // MINUTE_US, truths)


def _of_streams(services: Services, audience: Audience) -> dict[StreamKey, tuple[float, ...]]:
    view = services.picture.view(audience)
    figures = {
        (one.stream, one.label_sets): _figures(services, one) for one in view.stream_qualities()
    }
    found, _ = view.suspected_duplicates(DUPLICATES_AT_MOST)
    objects = [one for a, b, _ in found for one in (a, b)]
    sets = {track.label_set for one in objects for track in one.source_tracks}
    figures[DUPLICATES, tuple(sorted(sets))] = (len(found), *[nan] * (len(FIGURES) - 1))
    return figures


def _figures(services: Services, one: StreamQuality) -> tuple[float, ...]:
    latency = live_latency(services, one)
    return (
        one.tracks,
        one.age_s.median,
        nan if latency is None else latency.median,
        nan if one.nis_mean is None else one.nis_mean,
        one.jumps,
        one.left_out if one.compared else nan,
        one.cells * CELL_KM2,
    )


def _of_truths(services: Services, audience: Audience) -> dict[TruthKey, tuple[float, ...]]:
    figures: dict[TruthKey, tuple[float, ...]] = {}
    for source, control in services.exercises.items():
        if services.sources.find(source, audience) is None:
            continue
        try:
            found = exercise_measures(services, audience, control.truth, None, CUTOFF_M)
        except ProblemError:
            continue  # there is too much to measure all of it
        for one in found.measured:
            complete = nan if one.completeness is None else one.completeness
            figures[source, one.source] = (one.gospa_m, one.missed, one.false, complete)
    return figures
