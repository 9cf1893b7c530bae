"""Plots, and lines of bearing: what sensors detected lately, without knowing what it is."""

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


class LineOfBearing(ApiModel):
    """Which way a thing is from a sensor, as a tracker follows it; nobody knows how far."""

    line: str = Field(examples=["line:mast-t3k2-12"])
    sensor: str = Field(description="its identifier; empty where none is named")
    valid: Time = Field(description="when the sensor last saw it")
    bearing_deg: float = Field(description="from the sensor, clockwise from true north")
    bearing_std_deg: float | None
    bearing_rate_degps: float | None = Field(description="how fast it changes, clockwise")
    bearing_rate_std_degps: float | None
    sensor_position: Position = Field(description="where the sensor was at that moment")
    existence: float | None = Field(description="0..1, that there is such a thing at all")


class SourceLines(ApiModel):
    """The lines of one stream, each as it was told last, the newest first."""

    source: str = Field(examples=["tracker:mast@1"])
    lines: list[LineOfBearing]
    marking: Marking


class PlotList(ApiModel):
    """What sensors detected lately, and what is followed of bearings alone, stream by stream."""

    now: Time = Field(description="the picture's time for this reader")
    sources: list[SourcePlots]
    lines: list[SourceLines]
    complete: bool = Field(description="false: there are more; ask for a smaller bbox")
    marking: Marking | None = Field(description="joined of all of them; null for none")
