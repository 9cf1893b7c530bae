"""The state of one track as plain data, for whoever answers a reader: REST, panels, exports."""

from __future__ import annotations

from dataclasses import dataclass, field

from alliage.ontology.box import Box
from alliage.ontology.claim import Value


@dataclass(frozen=True, slots=True)
class SourceTrackState:
    """One thing as one stream follows it. Times are microseconds, None where not known.

    ``label_set`` is the interned number, which is private to the node and counts hidden sets, too.
    ``share`` is what it weighs in the object's position, None where that is one report's alone;
    ``agrees`` whether it may be where the latest report has the object, None where nothing of it
    is fresh enough to say. ``nis`` is the squared Mahalanobis distance of its last report,
    ``jumps`` counts those that did not continue its track. ``had_us`` is when the bytes of what
    was read again since had come, else the same as ``known_us``.
    """

    subject: str
    stream: str
    identifier: str
    schema: str | None
    state: str
    label_set: int = field(compare=False, repr=False)
    marking: str
    classification: str
    latitude_deg: float | None
    longitude_deg: float | None
    position_std_m: float | None
    position_minor_std_m: float | None
    position_axis_deg: float | None
    speed_mps: float | None
    course_deg: float | None
    valid_us: int | None
    recorded_us: int | None
    known_us: int | None
    had_us: int | None
    heard_us: int | None
    share: float | None = None
    agrees: bool | None = None
    nis: float | None = None
    jumps: int = 0


@dataclass(frozen=True, slots=True)
class TrackState:
    """One object in one audience's picture: its latest visible position and motion, its words.

    ``age_s`` counts from the last report to the picture's clock. ``valid_us`` is the time of the
    position, ``heard_us`` of the last report of any kind; ``moving`` made way in the last six
    minutes. ``combined`` is how many source tracks make up the position, 0 where it is the latest
    report's. Units stand in the names; None is not known.
    """

    track_id: str
    object_id: str
    aliases: tuple[str, ...]
    schema: str
    sidc: str
    name: str | None
    identifier: str
    state: str
    moving: bool
    combined: int
    latitude_deg: float | None
    longitude_deg: float | None
    position_std_m: float | None
    position_minor_std_m: float | None
    position_axis_deg: float | None
    altitude_m: float | None
    speed_mps: float | None
    course_deg: float | None
    heading_deg: float | None
    turn_rate_degps: float | None
    navigation_status: str | None
    valid_us: int | None
    recorded_us: int | None
    known_us: int | None
    heard_us: int | None
    age_s: float | None
    marking: str
    classification: str
    sources: tuple[str, ...]
    properties: dict[str, Value]
    source_tracks: tuple[SourceTrackState, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """Some tracks and where to go on; ``next`` is None at the end."""

    items: tuple[TrackState, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class Totals:
    """Counts of what one audience sees. All but ``by_state`` leave out what has ended.

    ``located`` have a position; ``moving`` of these made way in the last six minutes. ``middle`` is
    where nine tenths of the located lie, so that one wrong position does not make it the world.
    """

    tracks: int
    located: int
    moving: int
    middle: Box | None
    by_schema: dict[str, int]
    by_state: dict[str, int]


@dataclass(frozen=True, slots=True)
class TrailPoint:
    """One point of a trail."""

    longitude_deg: float
    latitude_deg: float
    valid_us: int
