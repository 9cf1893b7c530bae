"""How good a reader's picture was over the last hours, as the API says it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from alliage.ontology.audience import Audience
from alliage.ontology.times import to_text
from alliage.server.minutes import Floats, Key
from alliage.server.models.common import Marking
from alliage.server.models.quality import (
    Curve,
    MeasuredSeries,
    MeasuresSeries,
    QualitySeriesInfo,
    SeriesTimes,
    StreamSeries,
)
from alliage.server.quality_sampling import stream_curves, truth_curves
from alliage.server.quality_series import DUPLICATES, FIGURES, MEASURED, MINUTE_US, Curves
from alliage.server.services import Services


def quality_series(services: Services, audience: Audience) -> QualitySeriesInfo:
    """Return what is known of the last hours, of everything that these readers may see."""
    found = stream_curves(services, audience)
    if found is None:
        return QualitySeriesInfo(times=None, sources=[], duplicates=[], marking=None)
    named: dict[str, list[Floats]] = {}
    sets: set[int] = set()
    shown = _shown(services, audience) | {DUPLICATES}
    for (stream, label_sets), means in found.means.items():
        if stream not in shown:
            continue
        named.setdefault(stream, []).append(means)
        sets.update(label_sets)
    joined = {stream: _joined(parts) for stream, parts in named.items()}
    duplicates = joined.pop(DUPLICATES, None)
    labels_of = services.log.label_sets.labels_of
    labels = frozenset().union(*(labels_of(number) for number in sets))
    return QualitySeriesInfo(
        times=_times(found),
        sources=[
            StreamSeries(source=stream, **_curves(FIGURES, means))
            for stream, means in sorted(joined.items())
        ],
        duplicates=[] if duplicates is None else _curve(duplicates[:, 0]),
        marking=Marking.of(labels) if labels else None,
    )


def measures_series(services: Services, audience: Audience, exercise: str) -> MeasuresSeries:
    """Return how near the instructor's picture came to the truth of one exercise."""
    found = truth_curves(services, audience)
    if found is None:
        return MeasuresSeries(times=None, measured=[])
    shown = _shown(services, audience)
    own = {
        stream: means
        for (of, stream), means in found.means.items()
        if of == exercise and (stream is None or stream in shown)
    }
    return MeasuresSeries(
        times=_times(found),
        measured=[
            MeasuredSeries(source=stream, **_curves(MEASURED, own[stream]))
            for stream in sorted(own, key=lambda name: name or "")
        ],
    )


def _shown(services: Services, audience: Audience) -> set[str]:
    """Streams that these readers see now: of one whose label was raised nothing is told."""
    return {one.stream for one in services.picture.view(audience).stream_qualities()}


def _times(found: Curves[Key]) -> SeriesTimes:
    return SeriesTimes(
        since=to_text(found.since * MINUTE_US),
        first=to_text(found.span.first * MINUTE_US),
        step_s=60 * found.span.step,
        points=found.span.points,
    )


def _joined(parts: Sequence[Floats]) -> Floats:
    """One curve of a stream whose tracks came under other labels: each minute has one of them."""
    values = np.stack(parts)
    there = np.isfinite(values)
    count = there.sum(axis=0)
    total = np.where(there, values, 0.0).sum(axis=0)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def _curves(names: Iterable[str], means: Floats) -> dict[str, Curve]:
    return {name: _curve(means[:, at]) for at, name in enumerate(names)}


def _curve(values: Floats) -> Curve:
    return [float(f"{value:.5g}") if np.isfinite(value) else None for value in values.tolist()]
