"""Conditions of watch rules on a thing itself: how it moves, what is said of it, when it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from alliage.detection.scene import Scene
from alliage.detection.things import Rows
from alliage.detection.wording import Words, duration, knots, number

Holds = NDArray[np.bool_]

WEEK: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEK_FR: Final = ("lun", "mar", "mer", "jeu", "ven", "sam", "dim")
LONGEST_SILENCE_S: Final = 86_400.0
STREAM_HEARD_S: Final = 120.0
"""A stream that gave nothing for so long is silent itself, and proves nothing of its things."""


class Condition(Protocol):
    """One line of a rule, which holds of a thing or does not."""

    cost: ClassVar[int]
    """Those that cost least are asked first: 0 columns, 1 places, 2 words."""

    def problem(self) -> Words | None:
        """What is wrong with its figures; None: nothing."""
        ...

    def holds(self, scene: Scene, things: Rows) -> Holds:
        """Whether it holds of each of some things now, (n,)."""
        ...

    def words(self) -> Words:
        """What it says, to follow a thing's name."""
        ...


@dataclass(frozen=True, slots=True)
class Speed:
    """Speed over ground, as last reported."""

    below: bool
    speed_mps: float
    cost: ClassVar[int] = 0

    def problem(self) -> Words | None:
        """A speed is no less than nothing."""
        return None if self.speed_mps >= 0 else ("a speed is 0 or more", "une vitesse est positive")

    def holds(self, scene: Scene, things: Rows) -> Holds:
        """What reports no speed is neither slow nor fast."""
        return _beside(scene.things.speed_mps[things], self.below, self.speed_mps)

    def words(self) -> Words:
        """``slower than 3.0 kn``."""
        en, fr = knots(self.speed_mps)
        return (f"slower than {en}", f"à moins de {fr}") if self.below else (
            f"faster than {en}", f"à plus de {fr}")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Course:
    """Course over ground between two, clockwise, degrees; through north where need be."""

    begin_deg: float
    end_deg: float
    cost: ClassVar[int] = 0

    def problem(self) -> Words | None:
        """Degrees of a compass."""
        is_fit = 0 <= self.begin_deg <= 360 and 0 <= self.end_deg <= 360
        return (
            None if is_fit else ("courses are 0 to 360 degrees", "une route va de 0 à 360 degrés")
        )

    def holds(self, scene: Scene, things: Rows) -> Holds:
        """What reports no course has none."""
        course, width = scene.things.course_deg[things], self.end_deg - self.begin_deg
        return np.asarray((course - self.begin_deg) % 360.0 <= (width % 360.0 or width))

    def words(self) -> Words:
        """``on a course from 20° to 70°``."""
        begin, end = f"{self.begin_deg:g}°", f"{self.end_deg:g}°"
        return f"on a course from {begin} to {end}", f"en route entre {begin} et {end}"


@dataclass(frozen=True, slots=True)
class Altitude:
    """Altitude, as last reported."""

    below: bool
    altitude_m: float
    cost: ClassVar[int] = 0

    def problem(self) -> Words | None:
        """Any altitude will do."""
        return None

    def holds(self, scene: Scene, things: Rows) -> Holds:
        """What reports no altitude is neither low nor high."""
        return _beside(scene.things.altitude_m[things], self.below, self.altitude_m)

    def words(self) -> Words:
        """``lower than 300 m``."""
        en, fr = number(self.altitude_m)
        return (f"lower than {en} m", f"à moins de {fr} m d'altitude") if self.below else (
            f"higher than {en} m", f"à plus de {fr} m d'altitude")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Status:
    """Navigation status, as last reported."""

    statuses: tuple[str, ...]
    cost: ClassVar[int] = 0

    def problem(self) -> Words | None:
        """At least one."""
        return None if self.statuses else ("say which status", "dites quel statut")

    def holds(self, scene: Scene, things: Rows) -> Holds:
        """One of them."""
        return scene.things.has_status(self.statuses, things)

    def words(self) -> Words:
        """``status at_anchor``."""
        told = ", ".join(self.statuses)
        return f"status {told}", f"statut {told}"


@dataclass(frozen=True, slots=True)
class Silent:
    """Not heard for so long, while its stream goes on."""

    lasts_s: float
    cost: ClassVar[int] = 0

    def problem(self) -> Words | None:
        """What was silent for longer is forgotten."""
        is_fit = 0 < self.lasts_s <= LONGEST_SILENCE_S
        return (
            None
            if is_fit
            else ("a silence lasts at most 24 hours", "un silence dure 24 heures au plus")
        )

    def holds(self, scene: Scene, things: Rows) -> Holds:
        """Its own stream has to be heard: otherwise nothing is known of it."""
        table = scene.things
        heard_us = np.zeros(len(table.streams), np.int64)
        for code, last_us in scene.heard_us.items():
            heard_us[code] = last_us
        is_heard = heard_us[table.stream[things]] >= scene.now_us - STREAM_HEARD_S * 1e6
        return np.asarray(is_heard & (scene.now_us - table.valid_us[things] >= self.lasts_s * 1e6))

    def words(self) -> Words:
        """``not heard for 30 min or more``."""
        en, fr = duration(self.lasts_s)
        return f"not heard for {en} or more", f"plus entendu depuis {fr} ou plus"


@dataclass(frozen=True, slots=True)
class ByHour:
    """Between two times of the day, UTC; over midnight where need be."""

    begin: str
    end: str
    cost: ClassVar[int] = 0

    def problem(self) -> Words | None:
        """Two times that are not one."""
        return (
            None
            if _minute(self.begin) != _minute(self.end)
            else ("two different times", "deux heures différentes")
        )

    def holds(self, scene: Scene, things: Rows) -> Holds:
        """Now, for all alike."""
        now = datetime.fromtimestamp(scene.now_us / 1e6, UTC)
        width = (_minute(self.end) - _minute(self.begin)) % 1_440
        is_so = (now.hour * 60 + now.minute - _minute(self.begin)) % 1_440 < width
        return np.full(len(things), is_so)

    def words(self) -> Words:
        """``between 20:00 and 06:00Z``."""
        return f"between {self.begin} and {self.end}Z", f"entre {self.begin} et {self.end}Z"


@dataclass(frozen=True, slots=True)
class ByDay:
    """On some days of the week, UTC."""

    days: tuple[str, ...]
    cost: ClassVar[int] = 0

    def problem(self) -> Words | None:
        """Days that there are."""
        unknown = [day for day in self.days if day not in WEEK]
        if not unknown:
            return None
        week = ", ".join(WEEK)
        return f"{unknown[0]!r} is no day: {week}", f"« {unknown[0]} » n'est pas un jour : {week}"

    def holds(self, scene: Scene, things: Rows) -> Holds:
        """Today, for all alike."""
        today = WEEK[datetime.fromtimestamp(scene.now_us / 1e6, UTC).weekday()]
        return np.full(len(things), today in self.days)

    def words(self) -> Words:
        """``on mon, tue``."""
        french = ", ".join(_WEEK_FR[WEEK.index(day)] for day in self.days)
        return f"on {', '.join(self.days)}", f"les {french}"


@dataclass(frozen=True, slots=True)
class Figure:
    """A property that is a number, in the ontology's own unit."""

    property: str
    below: bool
    value: float
    cost: ClassVar[int] = 2

    def problem(self) -> Words | None:
        """Any number will do."""
        return None

    def holds(self, scene: Scene, things: Rows) -> Holds:
        """What nobody says is neither small nor large."""
        said = [scene.things.words[row].get(self.property) for row in things.tolist()]
        return _beside(np.array([_number(one) for one in said]), self.below, self.value)

    def words(self) -> Words:
        """``length_m above 100``."""
        en, fr = ("below", "inférieur à") if self.below else ("above", "supérieur à")
        return f"{self.property} {en} {self.value:g}", f"{self.property} {fr} {self.value:g}"


@dataclass(frozen=True, slots=True)
class Value:
    """A property is one of some words, or is said and none of them."""

    property: str
    wanted: bool
    values: tuple[str, ...]
    cost: ClassVar[int] = 2

    def problem(self) -> Words | None:
        """At least one."""
        return None if self.values else ("say which values", "dites quelles valeurs")

    def holds(self, scene: Scene, things: Rows) -> Holds:
        """Small and capital letters are alike."""
        wanted = {value.casefold() for value in self.values}
        said = [scene.things.words[row].get(self.property) for row in things.tolist()]
        return np.array(
            [one is not None and (_told(one) in wanted) is self.wanted for one in said], np.bool_
        )

    def words(self) -> Words:
        """``destination is SKAGEN``."""
        told = ", ".join(self.values)
        en, fr = ("is", "est") if self.wanted else ("is not", "n'est pas")
        return f"{self.property} {en} {told}", f"{self.property} {fr} {told}"


@dataclass(frozen=True, slots=True)
class Unsaid:
    """Nobody says a property."""

    property: str
    cost: ClassVar[int] = 2

    def problem(self) -> Words | None:
        """Any property will do."""
        return None

    def holds(self, scene: Scene, things: Rows) -> Holds:
        """An empty word says nothing either."""
        words = scene.things.words
        return np.array(
            [words[row].get(self.property) in (None, "") for row in things.tolist()], np.bool_
        )

    def words(self) -> Words:
        """``name unknown``."""
        return f"{self.property} unknown", f"{self.property} inconnu"


@dataclass(frozen=True, slots=True)
class Link:
    """A link leads to a thing of this name or identifier."""

    property: str
    name: str
    cost: ClassVar[int] = 2

    def problem(self) -> Words | None:
        """Any name will do."""
        return None

    def holds(self, scene: Scene, things: Rows) -> Holds:
        """Links name identifiers; what the context calls that thing counts as well."""
        called = scene.features.identifiers_of(self.name)
        wanted = {self.name.casefold(), *(identifier.casefold() for identifier in called)}
        said = [scene.things.words[row].get(self.property) for row in things.tolist()]
        return np.array([one is not None and _told(one) in wanted for one in said], np.bool_)

    def words(self) -> Words:
        """``owner Sund Ferries``."""
        return (f"{self.property} {self.name}",) * 2


def _beside(values: NDArray[np.float64], below: bool, bound: float) -> Holds:
    """NaN is on neither side."""
    return np.asarray(values < bound if below else values > bound)


def _minute(text: str) -> int:
    hours, _, minutes = text.partition(":")
    return int(hours) * 60 + int(minutes)


def _number(value: object) -> float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number else np.nan  # type: ignore[arg-type]


def _told(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value).casefold()
