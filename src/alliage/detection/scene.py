"""What a detector looks at: everything a context has heard, and the reports of one look."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from alliage.detection.features import Features
from alliage.detection.forecast import Forecaster
from alliage.detection.offsets import Offsets
from alliage.detection.things import Things
from alliage.detection.traffic import Traffic
from alliage.geo.flat import distance_m
from alliage.ontology.schema import Ontology

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Reports:
    """Position reports of one look: columns of one length (n,), by thing and then by time.

    None is older than what was known of its thing before. ``before_*`` is the thing's report before
    this one; of a thing's first report ``before_us`` is 0 and the others are NaN.
    """

    thing: NDArray[np.int32]
    valid_us: NDArray[np.int64]
    lat: Floats
    lon: Floats
    speed_mps: Floats
    course_deg: Floats
    heading_deg: Floats
    turn_rate_degps: Floats
    altitude_m: Floats
    status: NDArray[np.int32]
    before_us: NDArray[np.int64]
    before_lat: Floats
    before_lon: Floats
    before_speed_mps: Floats
    before_course_deg: Floats
    is_last: NDArray[np.bool_]
    """Whether it is the newest of its thing in this look: one row of each thing."""

    @property
    def step_s(self) -> Floats:
        """Seconds since the thing's report before; NaN for its first, (n,)."""
        step = (self.valid_us - self.before_us) / 1e6
        return np.where(self.before_us > 0, step, np.nan)

    @property
    def step_m(self) -> Floats:
        """Metres from the thing's place before; NaN for its first, (n,)."""
        return distance_m(self.before_lat, self.before_lon, self.lat, self.lon)


@dataclass(frozen=True, slots=True)
class Message:
    """A text that somebody sent, such as a safety message. ``thing`` is its sender's row."""

    thing: int
    valid_us: int
    report: str
    text: str
    lat: float
    lon: float


@dataclass(slots=True)
class Scene:
    """Everything that a context has heard.

    Attributes:
        ontology: the words.
        things: source tracks with their last reports.
        features: areas, cables and other features.
        traffic: who passes where as a rule, and the passages of this look.
        forecaster: where things go as a rule.
        offsets: by how much streams lie off each other, as correlators say.
        now_us: end of this look, by the reports' own time.
        messages: texts of this look.
        rows_of_stream: reports of this look by the code of their stream; none, no such key.
        heard_us: by code of a stream the end of the last look in which it gave a report.
        teaches: whether there is something to be learned from this look; not from one that was
            learned from before a restart and is looked at again.
        subject_of: (stream, identifier) to the id that links may name a thing by; None: links name
            identifiers alone.
    """

    ontology: Ontology
    things: Things
    features: Features
    traffic: Traffic = field(default_factory=Traffic)
    forecaster: Forecaster = field(default_factory=Forecaster)
    offsets: Offsets = field(default_factory=Offsets)
    now_us: int = 0
    messages: list[Message] = field(default_factory=list)
    rows_of_stream: dict[int, int] = field(default_factory=dict)
    heard_us: dict[int, int] = field(default_factory=dict)
    teaches: bool = True
    subject_of: Callable[[str, str], str] | None = None

    @classmethod
    def empty(cls, ontology: Ontology) -> Scene:
        """A scene in which nothing was heard yet."""
        return cls(ontology, Things(ontology), Features(ontology))

    def live(self, max_age_s: float) -> NDArray[np.int32]:
        """Rows of the things that have reported within so many seconds."""
        count = self.things.count
        age_us = self.now_us - self.things.valid_us[:count]
        fresh = (self.things.reports[:count] > 0) & (age_us <= max_age_s * 1e6)
        return np.flatnonzero(fresh).astype(np.int32)
