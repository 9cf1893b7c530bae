"""Plots and lines of bearing: what sensors detected in the last minute."""

from __future__ import annotations

from typing import Annotated, Any, Final

import numpy as np
from fastapi import APIRouter, Query

from alliage.ontology.label import LabelSet
from alliage.ontology.times import to_text, to_us
from alliage.picture.picture import Picture
from alliage.picture.recent import KEPT_US, Batch
from alliage.picture.recent_then import RecentThen
from alliage.server.as_of import Known, Valid
from alliage.server.models.common import Marking
from alliage.server.models.plots import LineOfBearing, PlotInfo, PlotList, SourceLines, SourcePlots
from alliage.server.models.tracks import Position
from alliage.server.problems import problem_responses
from alliage.server.routes.tracks import Bbox, parsed_box
from alliage.server.security import TheAudience, TheServices

router = APIRouter(prefix="/plots", tags=["tracks"])

PLOTS_AT_MOST: Final = 2_000
Seconds = Annotated[
    int, Query(ge=1, le=KEPT_US // 1_000_000, description="how far back from the picture's time")
]


@router.get("", responses=problem_responses(400))
def list_plots(
    audience: TheAudience,
    services: TheServices,
    bbox: Bbox = None,
    seconds: Seconds = 30,
    valid: Valid = None,
    known: Known = None,
) -> PlotList:
    """What sensors detected lately, at most 2,000 plots of each source, the newest first.

    Where bearings alone are known `lines` has each line of bearing as it was told last, also those
    of sensors that are within 40 km of the box. Of another time (`valid`, `known`) they are read
    from the log. `/observations?kind=plot` and `?kind=line` have all of them.
    """
    box = parsed_box(bbox)
    now_us = services.picture.view(audience).reading.now_us
    looks: Picture | RecentThen = services.picture
    if valid is not None or known is not None:
        log = services.log.reader(audience)
        now_us = now_us if valid is None else max(0, min(to_us(valid), now_us))
        up_to = None if known is None else log.number_known_by(max(0, to_us(known)))
        looks = RecentThen(log, now_us, up_to)
    since_us = now_us - seconds * 1_000_000
    found, complete = looks.plots(audience, now_us, since_us, box, PLOTS_AT_MOST)
    lines, whole = looks.lines(audience, now_us, since_us, box, PLOTS_AT_MOST)
    labels_of = services.log.label_sets.labels_of
    joined: LabelSet = frozenset().union(
        *(labels_of(seen.key.label_set) for seen in [*found, *lines])
    )
    return PlotList(
        now=to_text(now_us),
        sources=[
            SourcePlots(
                source=plots.key.stream,
                plots=_plots(plots.rows),
                marking=Marking.of(labels_of(plots.key.label_set)),
            )
            for plots in found
        ],
        lines=[
            SourceLines(
                source=seen.key.stream,
                lines=_lines(seen.rows),
                marking=Marking.of(labels_of(seen.key.label_set)),
            )
            for seen in lines
        ],
        complete=complete and whole,
        marking=Marking.of(joined) if joined else None,
    )


def _plots(rows: Batch) -> list[PlotInfo]:
    return [
        PlotInfo(
            sensor=sensor,
            valid=to_text(valid_us),
            position=_place(said.pop("longitude_deg"), said.pop("latitude_deg")),
            **_with_sensor(said),
        )
        for sensor, valid_us, said in zip(
            rows.sensor, rows.valid_us.tolist(), _said(rows), strict=True
        )
    ]


def _lines(rows: Batch) -> list[LineOfBearing]:
    names = zip(rows.identifier, rows.sensor, rows.valid_us.tolist(), _said(rows), strict=True)
    return [
        LineOfBearing(line=line, sensor=sensor, valid=to_text(valid_us), **_with_sensor(said))
        for line, sensor, valid_us, said in names
    ]


def _said(rows: Batch) -> list[dict[str, float | None]]:
    """Every row's columns; None where nothing is said."""
    names = list(rows.columns)
    table = np.stack([rows.columns[name] for name in names], axis=1).tolist()
    return [
        {name: None if value != value else value for name, value in zip(names, row, strict=True)}
        for row in table
    ]


def _with_sensor(said: dict[str, float | None]) -> dict[str, Any]:
    """A row with where its sensor was as one field."""
    at = _place(said.pop("sensor_longitude_deg"), said.pop("sensor_latitude_deg"))
    return {**said, "sensor_position": at}


def _place(lon: float | None, lat: float | None) -> Position | None:
    return None if lon is None or lat is None else Position(lon=lon, lat=lat)
