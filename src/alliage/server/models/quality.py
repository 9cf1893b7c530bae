"""Quality: how good the picture is, source by source."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from alliage.server.models.common import ApiModel, Marking, Time
from alliage.server.models.objects import LinkedObject


class SpreadInfo(ApiModel):
    """The middle and the end of a distribution."""

    median: float
    p95: float


class StreamQualityInfo(ApiModel):
    """How one stream does: its source tracks that have not ended."""

    source: str = Field(examples=["denmark", "tracker:radar-gotland@1"])
    tracks: int
    age_s: SpreadInfo = Field(description="since the last position, by the picture's clock")
    latency_s: SpreadInfo | None = Field(
        description="from valid until the node had it; negative where a clock runs ahead; null "
        "for recordings"
    )
    nis_mean: float | None = Field(
        description="of the last report of each track, if it continued it; about 2 where its "
        "filter is consistent; null: not known"
    )
    nis_outside: float | None = Field(
        description="share of them beyond 5.99, 0.05 where its filter is consistent"
    )
    jumps: int = Field(description="reports that did not continue their tracks")
    compared: int = Field(description="tracks of things that other streams follow, too")
    left_out: int = Field(description="of these, those that disagree with the latest report")
    coverage_km2: float = Field(description="area of the H3 cells in which something was placed")
    suspect: bool = Field(
        description="it lies off all that it was compared with, and some of these agree with others"
    )
    marking: Marking


class TurnInfo(ApiModel):
    """By how much more, clockwise, a sensor says of each bearing, with one standard deviation."""

    deg: float
    std_deg: float


class RangeInfo(ApiModel):
    """By how much the ranges of a sensor are too long, with one standard deviation."""

    at_m: float = Field(description="the distance where it is known best")
    m: float = Field(description="by how much they are too long there")
    std_m: float
    stretch: float = Field(description="how much more each metre farther away; 0.01: one in 100")
    stretch_std: float


OffReason = Literal["place", "together", "clock", "turn", "range"]


class OffsetInfo(ApiModel):
    """By how much one stream lies off another, from the things that both follow."""

    source: str
    other: str
    east_m: float = Field(description="by which the first lies east of the other")
    north_m: float
    time_s: float = Field(description="by which the other's clock is later")
    east_std_m: float
    north_std_m: float
    time_std_s: float
    turn: TurnInfo | None = Field(description="of the first; null if no sensor of it stands still")
    other_turn: TurnInfo | None = Field(description="of the other")
    range: RangeInfo | None = Field(description="of the first; null as its turn is")
    other_range: RangeInfo | None = Field(description="of the other")
    pairs: int = Field(description="things that both follow")
    noticed: bool = Field(description="more than chance, and more than is of no consequence")
    because: list[OffReason] = Field(
        description="what is: each by itself, or (`together`) all of it where both see the most"
    )
    together_m: float | None = Field(description="how far that is; null: nothing is known of where")
    marking: Marking


class SuspectedDuplicate(ApiModel):
    """Two objects that lie and move alike, and that no stream follows both."""

    one: LinkedObject
    other: LinkedObject
    distance_m: float


class QualityInfo(ApiModel):
    """How good this reader's picture is, from what this reader may see."""

    now: Time = Field(description="the picture's time for this reader")
    sources: list[StreamQualityInfo]
    offsets: list[OffsetInfo]
    duplicates: list[SuspectedDuplicate]
    complete: bool = Field(description="false: more pairs are suspected than are told")
    marking: Marking | None = Field(description="joined of all of it; null for nothing")


Curve = list[float | None]
"""One mean for each step of the time; null where nothing is known."""


class SeriesTimes(ApiModel):
    """What time curves are about."""

    since: Time = Field(
        description="from when on it is known: since somebody with these rights was here, at most "
        "eight hours, and not longer than the node runs"
    )
    first: Time = Field(description="where the first step begins")
    step_s: int = Field(description="of each step; in each minute one sample was taken")
    points: int = Field(description="steps, the last of them not over yet")


class StreamSeries(ApiModel):
    """How one stream did; see `StreamQualityInfo`."""

    source: str
    tracks: Curve
    age_s: Curve = Field(description="median")
    latency_s: Curve = Field(description="median")
    nis_mean: Curve
    jumps: Curve
    left_out: Curve
    coverage_km2: Curve


class QualitySeriesInfo(ApiModel):
    """How good this reader's picture was over the last hours."""

    times: SeriesTimes | None = Field(description="null: nothing is known yet")
    sources: list[StreamSeries]
    duplicates: Curve = Field(description="pairs of objects that may have been one")
    marking: Marking | None = Field(description="joined of all of it; null for nothing")


class MeasuredSeries(ApiModel):
    """How near the picture, or one source of it, came to the truth; see `PictureMeasures`."""

    source: str | None = Field(description="null: the picture, of all sources together")
    gospa_m: Curve
    missed: Curve
    false: Curve
    completeness: Curve


class MeasuresSeries(ApiModel):
    """How near the instructor's own picture came to the truth over the last hours."""

    times: SeriesTimes | None = Field(description="null: nothing is known yet")
    measured: list[MeasuredSeries]
