"""Tracks: where things are and how they move, as the reader's picture has them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from alliage.server.models.common import ApiModel, Marking, NotKeptList, Page, Time
from alliage.server.models.session import ClockInfo

TrackStateName = Literal["live", "fading", "ended"]
"""fading: a report is overdue; ended: silent for too long, never shown as present."""


class Position(ApiModel):
    """A place, WGS 84."""

    lon: float = Field(ge=-180, le=180, description="degrees")
    lat: float = Field(ge=-90, le=90, description="degrees")


class Kinematics(ApiModel):
    """The latest state of a thing; null means not reported, never zero."""

    state: TrackStateName
    moving: bool = Field(description="makes way (more than half a knot) by its last report")
    combined: int = Field(
        description="how many source tracks make up the position; 0: it is the latest report's"
    )
    position: Position | None = Field(description="null: nobody visible says where it is")
    std_m: float | None = Field(
        description="standard deviation of the position on each axis, or along the longer one"
    )
    std_minor_m: float | None = Field(description="across the longer axis; null: the same")
    std_axis_deg: float | None = Field(
        description="which way the longer axis points, from true north"
    )
    altitude_m: float | None
    speed_mps: float | None = Field(description="over ground")
    course_deg: float | None = Field(description="over ground, from true north")
    heading_deg: float | None = Field(description="from true north")
    turn_rate_degps: float | None = Field(description="positive to starboard")
    navigation_status: str | None = Field(examples=["under_way_using_engine"])
    valid: Time | None = Field(description="when the position was so")
    recorded: Time | None = Field(description="when its origin wrote it, by the origin's clock")
    known: Time | None = Field(description="when this node had it")
    heard: Time | None = Field(description="when the last report of any kind was made")
    age_s: float | None = Field(description="of the last report, by the picture's clock")


class Track(Kinematics):
    """One track of the picture: the visible source tracks with one identifier, together."""

    track_id: str
    object_id: str = Field(description="the object that the track is the state of")
    identifier: str = Field(examples=["mmsi:219012345"])
    name: str | None = Field(
        examples=["FRIO"], description="as somebody named it, else its call sign; null: neither"
    )
    schema_name: str = Field(alias="schema", examples=["Vessel"])
    sidc: str = Field(
        description="APP-6(D) number code, 20 digits",
        pattern=r"^[0-9]{20}$",
        examples=["10030000001401000000"],
    )
    sources: list[str] = Field(description="streams that report it", examples=[["denmark"]])
    marking: Marking


class TrackAsOf(Track):
    """One track, and whether everything of the time asked for is kept."""

    not_kept: NotKeptList


class TrackPage(Page[Track]):
    """Tracks in the order of their ids."""

    not_kept: NotKeptList


class TrailPoint(ApiModel):
    """Where a track was."""

    lon: float
    lat: float
    valid: Time


class Trail(ApiModel):
    """Recent positions of a track, oldest first."""

    track_id: str
    points: list[TrailPoint]
    marking: Marking


class Movement(ApiModel):
    """How a track moved, as columns of equal length, oldest first; null is not reported."""

    track_id: str
    first: Time = Field(description="from when; later than asked for where that took too long")
    last: Time = Field(description="until when, excluded")
    complete: bool = Field(description="whether all the time asked for was looked through")
    valid: list[Time]
    latitude_deg: list[float | None]
    longitude_deg: list[float | None]
    speed_mps: list[float | None] = Field(description="over ground")
    course_deg: list[float | None] = Field(description="over ground, from true north")
    altitude_m: list[float | None]
    not_kept: NotKeptList
    marking: Marking | None = Field(description="joined marking of the reports; null for none")


class PictureSummary(ApiModel):
    """How many tracks the reader's picture has; ended ones are only in ``by_state``."""

    tracks: int
    located: int = Field(description="those of which somebody says where they are")
    moving: int = Field(description="those that make way by their last report")
    middle: tuple[float, float, float, float] | None = Field(
        description="where nine tenths of those located lie: west, south, east, north, degrees; "
        "west is greater than east across 180 degrees"
    )
    by_schema: dict[str, int]
    by_state: dict[str, int] = Field(description="live, fading, ended")
    clock: ClockInfo
    not_kept: NotKeptList
