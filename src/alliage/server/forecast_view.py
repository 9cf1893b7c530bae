"""Where a track will be, as one reader is told: from what that reader may see alone."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from alliage.detection.forecast import Forecast as Forecasts
from alliage.detection.forecast import Forecaster, States, arrival
from alliage.detection.forecast.states import AIR, OTHER, SEA
from alliage.geo.flat import distance_m
from alliage.ontology.audience import Audience
from alliage.ontology.label import LabelSet
from alliage.ontology.schema import Ontology
from alliage.ontology.times import to_text
from alliage.picture.state import TrackState
from alliage.server.models.common import Marking
from alliage.server.models.forecasts import AreaInfo, ArrivalInfo, Forecast, ForecastPoint
from alliage.server.models.tracks import Position
from alliage.server.services import Services


def forecast_of(
    services: Services, audience: Audience, track_id: str, ahead_s: Sequence[float]
) -> Forecast | None:
    """Return the forecast; None where the reader sees no such track."""
    seen = _seen(services, audience, track_id)
    if seen is None:
        return None
    state, forecaster, marking = seen
    states = _states(services.ontology, state)
    points = []
    if states is not None and state.valid_us is not None:
        made = [forecaster.forecast(states, one) for one in ahead_s]
        points = [
            _point(one, ahead, state.valid_us) for one, ahead in zip(made, ahead_s, strict=True)
        ]
    return Forecast(
        track_id=state.track_id, since=_since(state.valid_us), points=points, marking=marking
    )


def arrival_of(
    services: Services, audience: Audience, track_id: str, place: tuple[float, float]
) -> ArrivalInfo | None:
    """Return when it will be at a place, (latitude, longitude); None: the reader sees no such."""
    seen = _seen(services, audience, track_id)
    if seen is None:
        return None
    state, forecaster, marking = seen
    told = ArrivalInfo(
        track_id=state.track_id, since=_since(state.valid_us), distance_m=None, likely=None,
        earliest=None, latest=None, marking=marking,
    )  # fmt: skip
    states = _states(services.ontology, state)
    if states is None or state.valid_us is None:
        return told
    away_m = float(distance_m(states.lat[0], states.lon[0], *place))
    told = told.model_copy(update={"distance_m": away_m})
    found = arrival(forecaster, states, *place)
    if found is None:
        return told
    times = {"likely": found.likely_s, "earliest": found.earliest_s, "latest": found.latest_s}
    since_us = state.valid_us
    return told.model_copy(
        update={
            name: None if ahead_s is None else to_text(since_us + round(ahead_s * 1e6))
            for name, ahead_s in times.items()
        }
    )


def _seen(
    services: Services, audience: Audience, track_id: str
) -> tuple[TrackState, Forecaster, Marking] | None:
    """The track, what was learned that its reader may see, and the marking of both."""
    state = services.picture.view(audience).track(track_id)
    if state is None:
        return None
    learned: LabelSet
    forecaster, learned = services.detection.learned(audience) or (Forecaster(), frozenset())
    labels_of = services.log.label_sets.labels_of
    labels = learned.union(*(labels_of(source.label_set) for source in state.source_tracks))
    return state, forecaster, Marking.of(labels)


def _since(valid_us: int | None) -> str | None:
    return None if valid_us is None else to_text(valid_us)


def _states(ontology: Ontology, state: TrackState) -> States | None:
    """As a forecast takes it; None where something of it is not known."""
    said = (state.latitude_deg, state.longitude_deg, state.speed_mps, state.course_deg)
    lat, lon, speed, course = (np.array([np.nan if one is None else one]) for one in said)
    if np.isnan([lat, lon, speed, course]).any():
        return None
    domain = OTHER
    for kind, of in (("Vessel", SEA), ("Aircraft", AIR)):
        if state.schema in ontology.schemata and ontology.is_a(state.schema, kind):
            domain = of
    return States(lat, lon, speed, course, np.array([domain]))


def _point(made: Forecasts, ahead_s: float, since_us: int) -> ForecastPoint:
    half, most = (
        AreaInfo(along_m=float(size.along_m[0]), across_m=float(size.across_m[0]))
        for size in (made.half, made.most)
    )
    return ForecastPoint(
        time=to_text(since_us + round(ahead_s * 1e6)),
        ahead_s=ahead_s,
        position=Position(lat=float(made.lat[0]), lon=float(made.lon[0])),
        axis_deg=float(made.axis_deg[0]),
        half=half,
        most=most,
        known=int(made.known[0]),
        compared=int(made.compared[0]),
        drawn_on_from_s=None if np.isnan(made.drawn_on_s[0]) else float(made.drawn_on_s[0]),
    )
