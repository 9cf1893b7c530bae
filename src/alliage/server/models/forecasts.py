"""Forecasts on the wire."""

from __future__ import annotations

from pydantic import Field

from alliage.server.models.common import ApiModel, Marking, Time
from alliage.server.models.tracks import Position


class AreaInfo(ApiModel):
    """An ellipse about the place, by its half axes."""

    along_m: float = Field(description="in the direction of `axis_deg`")
    across_m: float


class ForecastPoint(ApiModel):
    """Where a track will be at one time."""

    time: Time
    ahead_s: float
    position: Position
    axis_deg: float = Field(description="where the areas' axis along the way points, 0 to 180")
    half: AreaInfo = Field(description="in which 50 of 100 are found")
    most: AreaInfo = Field(description="in which 90 of 100 are found")
    known: int = Field(description="ways of the like that it rests on; 0: of the motion alone")
    compared: int = Field(
        description="past forecasts that the areas' sizes are made of, the older ones counting for "
        "less; 0: the sizes are a guess"
    )
    drawn_on_from_s: float | None = Field(
        description="too few so far ahead were compared: the areas grow on in proportion from "
        "those of so many seconds ahead; null: they are as learned, or a guess"
    )


class Forecast(ApiModel):
    """Where a track will be, for some times after its last position."""

    track_id: str
    since: Time | None = Field(description="time of the last position; null: there is none")
    points: list[ForecastPoint] = Field(
        description="empty where nobody reports position, speed and course"
    )
    marking: Marking = Field(description="of the track, and of all that was learned from")


class ArrivalInfo(ApiModel):
    """When a track will be at a place."""

    track_id: str
    since: Time | None = Field(description="time of the last position; null: there is none")
    distance_m: float | None = Field(description="from there to the place, on the shortest way")
    likely: Time | None = Field(
        description="when its likeliest place is nearest; null: not within what is forecast"
    )
    earliest: Time | None = Field(
        description="from when on: of those that come to the place, 90 in 100 come from then "
        "until `latest`; null: no area of 90 in 100 holds the place, so the way does not lead "
        "there, or nobody reports position, speed and course"
    )
    latest: Time | None = Field(description="until when; null: later than is forecast")
    marking: Marking = Field(description="of the track, and of all that was learned from")
