"""Places by name: seas, islands and ports, the same that the map shows.

Positions are good to a hundredth of a degree, for orientation and not for navigation. The list is
the project's own; ``scripts/places.py`` makes the file from the basemap's.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Final

from alliage.ontology.folding import fold

FILE: Final = "places.tsv"


@dataclass(frozen=True, slots=True)
class Place:
    """A named point; ``names`` are English and French."""

    kind: str
    names: tuple[str, str]
    latitude_deg: float
    longitude_deg: float


class Gazetteer:
    """Finds places by what they are called, in either language."""

    def __init__(self, places: tuple[Place, ...]) -> None:
        self.places = places
        self._folded = [tuple(fold(name) for name in place.names) for place in places]

    @staticmethod
    @lru_cache(1)
    def packaged() -> Gazetteer:
        """The places that come with Alliage."""
        text = (files("alliage.search") / FILE).read_text(encoding="utf-8")
        rows = csv.DictReader(text.splitlines(), delimiter="\t")
        return Gazetteer(
            tuple(
                Place(row["kind"], (row["en"], row["fr"]), float(row["lat"]), float(row["lon"]))
                for row in rows
            )
        )

    def find(self, name: str) -> Place | None:
        """The place of this name, in any case and with or without diacritics."""
        wanted = fold(name)
        for place, names in zip(self.places, self._folded, strict=True):
            if wanted in names:
                return place
        return None

    def beginning(self, prefix: str, limit: int) -> list[Place]:
        """Places one of whose names begins with this folded text."""
        if not prefix:
            return []
        found = (
            place
            for place, names in zip(self.places, self._folded, strict=True)
            if any(name.startswith(prefix) for name in names)
        )
        return sorted(found, key=lambda place: place.names)[:limit]
