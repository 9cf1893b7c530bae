"""The lines that a rule may have. Each is declared here, once: the parser, the builder on the
screen and the reference page all read it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from alliage.detection.rules.fields import COUNT, NUMBER, TIME_OF_DAY, Gap, choice, name, word
from alliage.detection.rules.of_places import Crowd, Inside, Others, Within
from alliage.detection.rules.of_things import (
    WEEK,
    Altitude,
    ByDay,
    ByHour,
    Course,
    Figure,
    Link,
    Silent,
    Speed,
    Status,
    Unsaid,
    Value,
)
from alliage.detection.wording import KNOT_MPS, MILE_M, Words

SPEEDS: Final = {"kn": KNOT_MPS, "m/s": 1.0, "km/h": 1 / 3.6}
DISTANCES: Final = {"nm": MILE_M, "km": 1_000.0, "m": 1.0}
HEIGHTS: Final = {"m": 1.0, "ft": 0.3048}
SPANS: Final = {"s": 1.0, "min": 60.0, "h": 3_600.0}

_SIDE: Final = choice("below", "above")
_AREA: Final = name("area")


@dataclass(frozen=True, slots=True)
class Form:
    """One kind of line.

    Attributes:
        name: what it is called.
        template: the line with its gaps: ``speed {side} {value} {unit}``.
        french: how it is shown to who reads French; what is kept is the template.
        title: what it says, for people who choose.
        fields: by gap what may stand there.
        make: from what stood there the condition; None where the rule reads it itself.
        once: whether a rule has it at most once; lines with *or* are not counted.
        alone: whether it cannot be joined by *or*: what it asks about is not one thing by itself.
    """

    name: str
    template: str
    french: str
    title: Words
    fields: Mapping[str, Gap] = field(default_factory=dict)
    make: Callable[[Mapping[str, str]], Any] | None = None
    once: bool = False
    alone: bool = False

    @property
    def joins(self) -> bool:
        """Whether such a line may be joined with another by *or*."""
        return self.make is not None and not self.alone

    @property
    def example(self) -> str:
        """The line with something in its gaps."""
        return self.template.format(**{gap: one.example for gap, one in self.fields.items()})

    def read(self, line: str) -> dict[str, str] | None:
        """What stands in the gaps of a line, in any case; None: it is no line of this form."""
        parts = re.split(r"\{(\w+)\}", self.template)
        pattern = "".join(
            f"(?P<{part}>{self.fields[part].pattern})" if nth % 2 else re.escape(part)
            for nth, part in enumerate(parts)
        )
        found = re.fullmatch(pattern, line, re.IGNORECASE | re.ASCII)
        if found is None:
            return None
        return {gap: self.fields[gap].plain(text) for gap, text in found.groupdict().items()}


def _number(text: str) -> float:
    return float(text.replace(",", "."))


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _speed(said: Mapping[str, str]) -> Speed:
    return Speed(said["side"] == "below", _number(said["value"]) * SPEEDS[said["unit"]])


def _course(said: Mapping[str, str]) -> Course:
    return Course(_number(said["begin"]), _number(said["end"]))


def _altitude(said: Mapping[str, str]) -> Altitude:
    return Altitude(said["side"] == "below", _number(said["value"]) * HEIGHTS[said["unit"]])


def _within(said: Mapping[str, str]) -> Within:
    return Within(_number(said["value"]) * DISTANCES[said["unit"]], said["area"])


def _crowd(said: Mapping[str, str]) -> Crowd:
    return Crowd(said["bound"] == "least", int(said["count"]), said["area"])


FORMS: Final[tuple[Form, ...]] = (
    Form("rule", "rule {title}", "règle {title}", ("Title of the rule", "Titre de la règle"),
         {"title": name("text")}, once=True),
    Form("about", "about {kinds}", "à propos de {kinds}",
         ("About these kinds only", "Seulement pour ces genres"),
         {"kinds": name("kinds")}, once=True),
    Form("speed", "speed {side} {value} {unit}", "vitesse {side} {value} {unit}",
         ("Speed", "Vitesse"),
         {"side": _SIDE, "value": NUMBER, "unit": choice(*SPEEDS)}, _speed),
    Form("course", "course from {begin} to {end}", "route de {begin} à {end}",
         ("Course over ground", "Route fond"),
         {"begin": NUMBER, "end": NUMBER}, _course),
    Form("altitude", "altitude {side} {value} {unit}", "altitude {side} {value} {unit}",
         ("Altitude", "Altitude"),
         {"side": _SIDE, "value": NUMBER, "unit": choice(*HEIGHTS)}, _altitude),
    Form("status", "status is {statuses}", "statut parmi {statuses}",
         ("Navigation status", "Statut de navigation"),
         {"statuses": name("statuses")}, lambda said: Status(_list(said["statuses"]))),
    Form("inside", "inside {area}", "dans {area}", ("Inside an area", "Dans une zone"),
         {"area": _AREA}, lambda said: Inside(True, said["area"])),
    Form("outside", "outside {area}", "hors de {area}", ("Outside an area", "Hors d'une zone"),
         {"area": _AREA}, lambda said: Inside(False, said["area"])),
    Form("within", "within {value} {unit} of {area}", "à moins de {value} {unit} de {area}",
         ("Near an area, a cable, a place", "Près d'une zone, d'un câble, d'un lieu"),
         {"value": NUMBER, "unit": choice(*DISTANCES), "area": _AREA}, _within),
    Form("others", "at least {count} others within {value} {unit}",
         "au moins {count} autres à moins de {value} {unit}",
         ("Others near it", "D'autres tout près"),
         {"count": COUNT, "value": NUMBER, "unit": choice(*DISTANCES)},
         lambda said: Others(int(said["count"]), _number(said["value"]) * DISTANCES[said["unit"]]),
         alone=True),
    Form("crowd", "at {bound} {count} inside {area}", "au {bound} {count} dans {area}",
         ("How many are in an area", "Combien sont dans une zone"),
         {"bound": choice("least", "most"), "count": COUNT, "area": _AREA}, _crowd, once=True,
         alone=True),
    Form("silent", "silent for {value} {unit}", "muet depuis {value} {unit}",
         ("Not heard any more", "N'est plus entendu"),
         {"value": NUMBER, "unit": choice(*SPANS)},
         lambda said: Silent(_number(said["value"]) * SPANS[said["unit"]]), once=True, alone=True),
    Form("hours", "between {begin} and {end}", "entre {begin} et {end}",
         ("Time of day, UTC", "Heure du jour, UTC"),
         {"begin": TIME_OF_DAY, "end": TIME_OF_DAY},
         lambda said: ByHour(said["begin"], said["end"]), once=True),
    Form("days", "on {days}", "les {days}", ("Days of the week", "Jours de la semaine"),
         {"days": name("days")}, lambda said: ByDay(_list(said["days"])), once=True),
    Form("figure", "property {property} {side} {value}", "propriété {property} {side} {value}",
         ("A figure that is said of it", "Un chiffre dit de la chose"),
         {"property": word(), "side": _SIDE, "value": NUMBER},
         lambda said: Figure(said["property"], said["side"] == "below", _number(said["value"]))),
    Form("unsaid", "property {property} is unknown", "propriété {property} inconnue",
         ("Something nobody says of it", "Quelque chose que nul n'en dit"),
         {"property": word()}, lambda said: Unsaid(said["property"])),
    Form("not_value", "property {property} is not {values}",
         "propriété {property} autre que {values}",
         ("Something else is said of it", "Autre chose est dit de la chose"),
         {"property": word(), "values": name("values")},
         lambda said: Value(said["property"], False, _list(said["values"]))),
    Form("value", "property {property} is {values}", "propriété {property} égale à {values}",
         ("Something that is said of it", "Quelque chose qui est dit de la chose"),
         {"property": word(), "values": name("values")},
         lambda said: Value(said["property"], True, _list(said["values"]))),
    Form("link", "link {property} to {name}", "lien {property} vers {name}",
         ("A link to something", "Un lien vers une chose"),
         {"property": word("link"), "name": name("text")},
         lambda said: Link(said["property"], said["name"])),
    Form("lasts", "for {value} {unit}", "depuis {value} {unit}",
         ("For so long", "Depuis si longtemps"),
         {"value": NUMBER, "unit": choice(*SPANS)}, once=True),
)  # fmt: skip
"""In the order in which a line is tried, and shown to people who choose one."""

DAYS: Final = WEEK
