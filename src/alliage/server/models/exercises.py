"""Exercises that run on this node, for their instructors."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from alliage.exercise.control import MAX_SPEED
from alliage.exercise.schedule import Refusal
from alliage.server.models.actions import MomentIn
from alliage.server.models.common import ApiModel, Marking, Time
from alliage.server.models.tracks import Position

KindName = Literal["goes_dark", "meeting", "loiters", "spoofs", "drifts", "distress"]
AirKindName = Literal["holds", "loses_transponder", "flies_low"]


class ExerciseIncident(ApiModel):
    """Something that truly happens to one ship or two, or an aircraft, whatever the feeds say."""

    kind: KindName | AirKindName
    ships: list[str] = Field(description="names; of an aircraft its call sign")
    mmsis: list[int] = Field(description="of ships; empty for an aircraft")
    begins: Time
    ends: Time
    position: Position
    about: str = Field(description="the cable or pipeline of a loiterer, else empty")


class PictureMeasures(ApiModel):
    """The picture, or one source of it, against the truth at one moment."""

    source: str | None = Field(description="null: the picture, of all sources together")
    tracks: int
    gospa_m: float = Field(description="generalised optimal sub-pattern assignment, p = 2")
    ospa_m: float = Field(description="mean error of a thing, at most the cutoff")
    missed: int = Field(description="ships that no track follows")
    false: int = Field(description="tracks that follow no ship, or one that another follows better")
    completeness: float | None = Field(description="SIAP: share of the ships that are followed")
    ambiguity: float | None = Field(description="SIAP: tracks on a followed ship; 1 is best")
    spuriousness: float | None = Field(description="SIAP: share of tracks that follow no ship")
    position_error_m: float | None = Field(description="SIAP: mean distance to the ship followed")


class ExerciseMeasures(ApiModel):
    """How near the instructor's own picture comes to the truth."""

    now: Time = Field(description="the picture's time, at which truth and tracks are compared")
    ships: int = Field(description="that are truly there")
    measured: list[PictureMeasures] = Field(description="the picture first, then its sources")


class PlannedInject(ApiModel):
    """What the scenario injects at its time."""

    kind: KindName
    at: Time
    lasts_s: float
    near: Position | None = Field(description="to the fitting ship nearest to this place")
    ship: str | None = Field(description="to the ship of this name; neither: to any that fits")
    refused: Refusal | None = Field(
        description="why it will not happen: no ship of this name can be chosen, it cannot do that "
        "then, or no ship can; null: it will"
    )


class ExerciseSensor(ApiModel):
    """A simulated sensor, with what is truly wrong with it."""

    identifier: str = Field(description="that its plots bear", examples=["sac-sic:255/1"])
    name: str
    nation: str = Field(description="ISO 3166-1 alpha-3")
    range_bias_m: float = Field(description="by how much its ranges are too long; 0: has none")
    bearing_bias_deg: float = Field(description="by how much its bearings are too large")
    clock_offset_s: float = Field(description="by how much its clock is ahead")


class ExerciseInfo(ApiModel):
    """How an exercise runs, and what truly happens in it."""

    source: str = Field(description="the source that plays it", examples=["exercise"])
    title: str
    now: Time = Field(description="the exercise's own time")
    paused: bool
    factor: float = Field(description="seconds of exercise in one of the wall, while it runs")
    live: bool = Field(description="its time is the wall's")
    may_join_wall: bool = Field(description="its time is not the wall's, and could be again")
    marking: Marking = Field(description="of all that is told here")
    ships: int = Field(description="with a transponder")
    boats: int = Field(description="without one, besides: AIS knows nothing of them")
    castable: list[str] = Field(description="ships to whom injects can happen, at most 1,000")
    going_on: list[ExerciseIncident]
    to_come: list[ExerciseIncident] = Field(description="that begin within the next hour")
    planned: list[PlannedInject]
    sensors: list[ExerciseSensor] = Field(description="of the scenario, whether or not they play")


class PaceChange(ApiModel):
    """What is left out stays."""

    paused: bool | None = None
    factor: float | None = Field(default=None, gt=0, le=MAX_SPEED)


class SeekTo(ApiModel):
    """Another time of the exercise."""

    time: MomentIn | None = Field(default=None, description="absent: go on with the wall's time")


class NewInject(ApiModel):
    """Something to happen now."""

    kind: KindName
    lasts_s: float = Field(default=2_400.0, ge=300, le=5_400)
    near: Position | None = Field(default=None, description="to the nearest fitting ship")
    ship: str | None = Field(default=None, max_length=60, description="name of the ship")
