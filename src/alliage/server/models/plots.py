"""Plots: what sensors detected lately, without knowing what it is."""

from __future__ import annotations

from pydantic import Field

from alliage.server.models.common import ApiModel, Marking, Time
from alliage.server.models.tracks import Position


class PlotInfo(ApiModel):
    """One detection: a place with its uncertainty, or a bearing alone."""

    sensor: str = Field(description="the sensor's identifier", examples=["asterix:8-12"])
    valid: Time
    position: Position | None = Field(description="null: a bearing alone")
    position_std_m: float | None = Field(
        description="standard deviation along the longer axis of its error ellipse"
    )
    position_minor_std_m: float | None = Field(description="along the shorter axis")
    position_axis_deg: float | None = Field(description="which way the longer axis points")
    bearing_deg: float | None = Field(description="from the sensor, clockwise from true north")
    bearing_std_deg: float | None
    range_m: float | None = Field(description="from the sensor, along the surface")
    sensor_position: Position | None = Field(description="where the sensor was at that moment")


class SourcePlots(ApiModel):
    """The plots of one stream, the newest first."""

    source: str = Field(examples=["radar-gotland"])
    plots: list[PlotInfo]
    marking: Marking


class PlotList(ApiModel):
    """What sensors detected lately, stream by stream."""

    now: Time = Field(description="the picture's time for this reader")
    sources: list[SourcePlots]
    complete: bool = Field(description="false: there are more; ask for a smaller bbox")
    marking: Marking | None = Field(description="joined of all of them; null for none")
