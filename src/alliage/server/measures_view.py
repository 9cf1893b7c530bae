"""The picture measured against the truth of an exercise, as a whole and source by source."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from alliage.exercise.truth import Truth
from alliage.fusion import LocalFrame
from alliage.fusion.metrics import Points, gospa, ospa, siap
from alliage.ontology.audience import Audience
from alliage.ontology.box import Box
from alliage.ontology.times import to_text
from alliage.picture.places import Places
from alliage.server.models.exercises import ExerciseMeasures, PictureMeasures
from alliage.server.problems import FieldError, ProblemError
from alliage.server.services import Services

OF_ANOTHER_TRUTH: Final = ("Aircraft",)
"""The truth that is measured against is that of ships."""

THINGS_AT_MOST: Final = 3_000
"""Of truths, and of tracks: the assignment takes the cube of them."""


def exercise_measures(
    services: Services, audience: Audience, truth: Truth, box: Box | None, cutoff_m: float
) -> ExerciseMeasures:
    """Measure what these readers see now.

    Raises:
        ProblemError: ``invalid``; there is too much in the box.
    """
    view = services.picture.view(audience)
    now_us = view.reading.now_us
    motions = truth.motions(now_us)
    inside = (
        motions.present if box is None else motions.present & box.mask(motions.lon, motions.lat)
    )
    there = Places(motions.lat[inside], motions.lon[inside])
    frame = _frame(there, box)
    truths = frame.to_local(there.lat, there.lon)
    measured = []
    for source, places in view.places(without=OF_ANOTHER_TRUTH):
        if box is not None:
            kept = box.mask(places.lon, places.lat)
            places = Places(places.lat[kept], places.lon[kept])
        if max(len(places.lat), len(truths)) > THINGS_AT_MOST:
            message = f"more than {THINGS_AT_MOST} things are in it: ask for a smaller one"
            problem = FieldError(field="query.bbox", message=message)
            raise ProblemError("invalid", "Not valid: query.bbox.", errors=[problem])
        estimates = frame.to_local(places.lat, places.lon)
        estimates = estimates[np.isfinite(estimates).all(axis=1)]
        measured.append(_measures(source, estimates, truths, cutoff_m))
    return ExerciseMeasures(now=to_text(now_us), ships=len(truths), measured=measured)


def _frame(there: Places, box: Box | None) -> LocalFrame:
    if len(there.lat):
        return LocalFrame(float(there.lat.mean()), float(there.lon.mean()))
    return LocalFrame(0.0, 0.0) if box is None else LocalFrame(box.south, box.west)


def _measures(
    source: str | None,
    estimates: NDArray[np.float64],
    truths: NDArray[np.float64],
    cutoff_m: float,
) -> PictureMeasures:
    whole = gospa(estimates, truths, cutoff_m)
    air = siap(_points(estimates), _points(truths), cutoff_m)
    return PictureMeasures(
        source=source,
        tracks=len(estimates),
        gospa_m=whole.distance_m,
        ospa_m=ospa(estimates, truths, cutoff_m),
        missed=whole.missed_count,
        false=whole.false_count,
        completeness=_or_none(air.completeness),
        ambiguity=_or_none(air.ambiguity),
        spuriousness=_or_none(air.spuriousness),
        position_error_m=_or_none(air.position_error_m),
    )


def _points(position_m: NDArray[np.float64]) -> Points:
    n = len(position_m)
    return Points(np.zeros(n), np.arange(n), position_m)


def _or_none(value: float) -> float | None:
    return None if np.isnan(value) else value
