"""What is called how in a sentence where it has no name: by its kind, as a watch officer says it.

The kinds of station that an MMSI tells are those of ITU-R M.585-9, annexes 1 and 2.
"""

from __future__ import annotations

from typing import Final

import shapely

from alliage.detection.features import Feature
from alliage.detection.scene import Scene
from alliage.detection.wording import Words, place
from alliage.ontology.property import Title

_STATIONS: Final[tuple[tuple[str, Words], ...]] = (
    ("970", ("search and rescue transmitter", "le répondeur de recherche et sauvetage")),
    ("972", ("man-overboard device", "le dispositif homme à la mer")),
    ("974", ("emergency beacon", "la balise de détresse")),
    ("111", ("search and rescue aircraft", "l'aéronef de recherche et sauvetage")),
    ("00", ("coast station", "la station côtière")),
    ("0", ("group of ships", "le groupe de navires")),
    ("98", ("craft of a mother ship", "l'embarcation d'un navire porteur")),
    ("99", ("aid to navigation", "l'aide à la navigation")),
    ("8", ("handheld radio", "la radio portative")),
    ("", ("ship", "le navire")),
)
"""By the first digits; the first that fits."""

_FEATURES: Final[dict[str, Words]] = {
    "Area": ("an area", "une zone"),
    "Cable": ("a cable", "un câble"),
    "Pipeline": ("a pipeline", "une conduite"),
    "Route": ("a route", "un itinéraire"),
    "Facility": ("a facility", "une installation"),
    "Infrastructure": ("an installation", "une infrastructure"),
    "Place": ("a place", "un lieu"),
}
_LINE: Final = 1
_ANY_FEATURE: Final[Words] = ("a place on the map", "un lieu de la carte")


def sender(scene: Scene, row: int) -> Words:
    """Who sent something, to begin a sentence: the name, else the kind of station and its number.

    ``Emergency beacon 974012345``, ``La balise de détresse 974012345``
    """
    called = scene.things.name_of(row)
    scheme, _, number = scene.things.identifiers[row].partition(":")
    if called != scene.things.identifiers[row]:
        return called, called
    if scheme == "mmsi":
        en, fr = next(words for digits, words in _STATIONS if number.startswith(digits))
        return _begins((f"{en} {number}", f"{fr} {number}"))
    if scheme == "icao24":
        return f"Aircraft {number.upper()}", f"L'aéronef {number.upper()}"
    if scheme == "track":
        return f"Track {number}", f"La piste {number}"
    return called, called


def feature(scene: Scene, one: Feature, *, begins: bool = False) -> Words:
    """An area, a cable or such: its name, else its kind and about where it is.

    ``an area (limited access area, 57.02° N 18.10° E)``; with a capital where a sentence begins.
    """
    if one.name != one.identifier:
        return one.name, one.name
    known = (
        words
        for schema, words in _FEATURES.items()
        if scene.ontology.is_a(one.schema, schema)
    )  # fmt: skip
    en, fr = next(known, _ANY_FEATURE)
    middle = shapely.point_on_surface(one.geometry)
    if shapely.get_type_id(one.geometry) == _LINE:
        middle = shapely.line_interpolate_point(one.geometry, 0.5, normalized=True)
    where = place(middle.y, middle.x)
    kind = _kind(scene, one)
    words = f"{en} ({kind[0]}{where[0]})", f"{fr} ({kind[1]}{where[1]})"
    return _begins(words) if begins else words


def of_french(what: str) -> str:
    """With *de* before it: ``d'un câble``, ``de FRIDA``."""
    return f"d'{what}" if what.startswith(("un ", "une ")) else f"de {what}"


def _begins(words: Words) -> Words:
    return words[0][:1].upper() + words[0][1:], words[1][:1].upper() + words[1][1:]


def _kind(scene: Scene, one: Feature) -> Words:
    """What sort of area it is, as far as somebody said, with what follows; else nothing."""
    said = one.words.get("control_measure")
    measures = scene.ontology.schemata[one.schema].properties.get("control_measure")
    if measures is not None and (title := measures.choices.get(str(said))):
        return _small(title)
    text = one.words.get("area_kind")
    return (f"{text}, ",) * 2 if text else ("", "")


def _small(title: Title) -> Words:
    en, fr = title["en"], title["fr"]
    return f"{en[:1].lower()}{en[1:]}, ", f"{fr[:1].lower()}{fr[1:]}, "
