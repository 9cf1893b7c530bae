"""What the log holds of which times."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from alliage.server.models.common import ApiModel, Marking, NotKeptList, Page, Time
from alliage.server.models.tracks import Position


class HistoryExtent(ApiModel):
    """From when to when the reader can look back; null where there is nothing yet."""

    earliest: Time | None
    latest: Time | None
    not_kept_before: dict[str, Time] = Field(
        description="by stream, where its reports of earlier times are no longer kept"
    )


class HistoryDensity(ApiModel):
    """Rows by valid time, in equal bins from the first to the last."""

    first: Time = Field(description="where the first bin begins")
    last: Time = Field(description="where the last bin ends")
    reports: list[float] = Field(description="observations by bin; spread evenly within an entry")
    statements: list[float] = Field(description="claims by bin: what changed or was written")


class PastPosition(ApiModel):
    """One position report as the history has it; null is not reported."""

    stream: str = Field(examples=["denmark"])
    identifier: str = Field(examples=["mmsi:219012345"])
    valid: Time = Field(description="when it was there")
    known: Time = Field(description="when this node had the report")
    delay_s: float = Field(
        description="known minus valid, of what was read again received minus valid; negative "
        "where a clock runs ahead"
    )
    late: bool = Field(description="the delay is more than the node's `late_after_s`")
    position: Position | None
    altitude_m: float | None
    speed_mps: float | None = Field(description="over ground")
    course_deg: float | None = Field(description="over ground, from true north")
    marking: str = Field(examples=["ALLIAGE UNCLASSIFIED / REL TO DNK, FRA"])


class PastPositionPage(Page[PastPosition]):
    """Some position reports, and how far they are all there were."""

    not_kept: NotKeptList
    marking: Marking | None = Field(description="joined of the items; null for none")


class CellCount(ApiModel):
    """How much there was in one cell."""

    cell: str = Field(description="H3 index, hexadecimal", examples=["841f059ffffffff"])
    reports: int
    source_tracks: int = Field(description="things, counted once for each stream that has them")


class CellCountList(ApiModel):
    """Cells in which something was, in the order of their indices."""

    resolution: int
    items: list[CellCount]
    not_kept: NotKeptList
    marking: Marking | None = Field(description="joined of what was counted; null for none")


class CellFeature(ApiModel):
    """One cell as a GeoJSON feature (RFC 7946)."""

    type: Literal["Feature"] = "Feature"
    id: str
    geometry: dict[str, Any] | None = Field(description="null where the cell holds a pole")
    properties: CellCount


class CellCollection(ApiModel):
    """The same as GeoJSON."""

    type: Literal["FeatureCollection"] = "FeatureCollection"
    features: list[CellFeature]
    resolution: int
    not_kept: NotKeptList
    marking: Marking | None


class PastLine(ApiModel):
    """Where one stream says a thing was, as columns of equal length, the earliest first."""

    stream: str
    valid: list[Time]
    longitude_deg: list[float]
    latitude_deg: list[float]
    speed_mps: list[float | None] = Field(description="over ground")
    course_deg: list[float | None] = Field(description="over ground, from true north")


class Trajectory(ApiModel):
    """Where a thing was, a line for each stream that tells of it."""

    identifier: str
    reports: int = Field(description="how many there were before lines were simplified")
    lines: list[PastLine]
    not_kept: NotKeptList
    marking: Marking | None = Field(description="joined of all reports; null for none")
