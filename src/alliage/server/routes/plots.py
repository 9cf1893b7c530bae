"""Plots: what sensors detected in the last minute."""

from __future__ import annotations

from typing import Annotated, Any, Final

import numpy as np
from fastapi import APIRouter, Query

from alliage.ontology.label import LabelSet
from alliage.ontology.times import to_text
from alliage.picture.plots import KEPT_US, SeenPlots
from alliage.server.models.common import Marking
from alliage.server.models.plots import PlotInfo, PlotList, SourcePlots
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
    audience: TheAudience, services: TheServices, bbox: Bbox = None, seconds: Seconds = 30
) -> PlotList:
    """What sensors detected lately, at most 2,000 plots of each source, the newest first.

    Plots are kept for looking at for a minute; `/observations?kind=plot` has all of them.
    """
    box = parsed_box(bbox)
    now_us = services.picture.view(audience).reading.now_us
    since_us = now_us - seconds * 1_000_000
    found, complete = services.picture.plots(audience, now_us, since_us, box, PLOTS_AT_MOST)
    labels_of = services.log.label_sets.labels_of
    joined: LabelSet = frozenset().union(*(labels_of(plots.key.label_set) for plots in found))
    return PlotList(
        now=to_text(now_us),
        sources=[
            SourcePlots(
                source=plots.key.stream,
                plots=_infos(plots),
                marking=Marking.of(labels_of(plots.key.label_set)),
            )
            for plots in found
        ],
        complete=complete,
        marking=Marking.of(joined) if joined else None,
    )


def _infos(plots: SeenPlots) -> list[PlotInfo]:
    names = list(plots.columns)
    rows = np.stack([plots.columns[name] for name in names], axis=1).tolist()
    infos = []
    for sensor, valid_us, row in zip(plots.sensor, plots.valid_us.tolist(), rows, strict=True):
        said = {
            name: None if value != value else value for name, value in zip(names, row, strict=True)
        }
        place = _place(said.pop("longitude_deg"), said.pop("latitude_deg"))
        at = _place(said.pop("sensor_longitude_deg"), said.pop("sensor_latitude_deg"))
        fields: dict[str, Any] = {**said, "position": place, "sensor_position": at}
        infos.append(PlotInfo(sensor=sensor, valid=to_text(valid_us), **fields))
    return infos


def _place(lon: float | None, lat: float | None) -> Position | None:
    return None if lon is None or lat is None else Position(lon=lon, lat=lat)
