"""What is asked: words, and filters; and the grammar of the one line that people type.

::

    frio "exact words" kind:Vessel source:coast nation:DNK affiliation:friend state:live
    near:Bornholm<20nm near:55.1,14.7<5km since:2h since:2026-01-31 until:2026-02-01T12:00Z

A filter that is given twice takes either value. Its names are those of the table below, in English
and French; a word before a colon that is none of them belongs to an identifier (``mmsi:2190``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from alliage.ontology.folding import fold
from alliage.ontology.schema import Ontology
from alliage.ontology.symbol import AFFILIATION, AFFILIATION_DIGITS
from alliage.ontology.times import from_text, to_us
from alliage.search.index import Term

CHARACTERS_AT_MOST: Final = 200
TERMS_AT_MOST: Final = 12
NEAR_M: Final = 20 * 1852.0
"""How far "near" is where nobody says."""
NEAR_AT_MOST_M: Final = 2000 * 1852.0
STATES: Final = ("live", "fading", "ended")
METRES: Final = {"nm": 1852.0, "km": 1000.0, "m": 1.0}
SECONDS: Final = {"m": 60, "h": 3600, "d": 86_400, "w": 604_800}

FILTERS: Final[Mapping[str, str]] = {
    "kind": "kind", "source": "source", "nation": "nation", "affiliation": "affiliation",
    "state": "state", "near": "near", "since": "since", "until": "until",
    "type": "kind", "pays": "nation", "identite": "affiliation", "etat": "state",
    "pres": "near", "depuis": "since", "jusqu": "until",
}  # fmt: skip
"""Names of filters, folded, and what each means; the second half is French."""

_PART: Final = re.compile(r'(?:([^\W\d_]+):)?(?:"([^"]*)"?([^\s"]*)|(\S+))')
_NEAR: Final = re.compile(r"(.+?)(?:<\s*([0-9]+(?:[.,][0-9]+)?)\s*(nm|km|m))?", re.IGNORECASE)
_POSITION: Final = re.compile(r"(-?[0-9]+(?:\.[0-9]+)?),(-?[0-9]+(?:\.[0-9]+)?)")
_AGO: Final = re.compile(r"([0-9]{1,4})([mhdw])")
_IDENTIFIER: Final = re.compile(r"[a-z][a-z0-9_-]*:\S+", re.IGNORECASE)


class QueryError(ValueError):
    """A query that cannot be understood; says which part, and what would be."""


@dataclass(frozen=True, slots=True)
class Near:
    """Within a distance of a place: of one that has a name, or of a position."""

    name: str
    distance_m: float
    position: tuple[float, float] | None = None
    """Latitude and longitude in degrees, where no name was given."""


@dataclass(frozen=True, slots=True)
class Query:
    """Everything that a thing has to fulfil; an empty filter lets all through."""

    terms: tuple[Term, ...] = ()
    kinds: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    nations: tuple[str, ...] = ()
    affiliations: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    near: Near | None = None
    since_us: int | None = None
    until_us: int | None = None
    no_filters: tuple[str, ...] = ()
    """Words before a colon that are no filter: they were taken as beginnings of identifiers."""


def parse_query(text: str, ontology: Ontology, now_us: int) -> Query:
    """The query that a line means.

    Args:
        text: what was typed, at most :data:`CHARACTERS_AT_MOST`.
        ontology: knows the kinds, by name and by title in either language.
        now_us: from which ``since:2h`` counts back.

    Raises:
        QueryError: a filter's value means nothing, or there is nothing to look for in it.
    """
    if len(text) > CHARACTERS_AT_MOST:
        raise QueryError(f"at most {CHARACTERS_AT_MOST} characters")
    terms: list[Term] = []
    filters: dict[str, list[str]] = {}
    others: dict[str, None] = {}
    for part in _PART.finditer(text):
        key, phrase, tail, word = part.groups()
        name = FILTERS.get(fold(key or ""))
        if name is not None:
            filters.setdefault(name, []).append(f"{phrase}{tail}" if word is None else word)
        elif word is not None:
            terms += _terms_of(part.group())
            if key:
                others[key] = None
        elif fold(phrase):
            terms.append(Term(fold(phrase), is_prefix=False))
    if len(terms) > TERMS_AT_MOST:
        raise QueryError(f"{len(terms)} words; at most {TERMS_AT_MOST}")
    if text.strip() and not terms and not filters:
        raise QueryError(f"{text.strip()[:40]!r} has no letter and no digit to look for")
    query = query_of(tuple(terms), filters, ontology, now_us)
    return replace(query, no_filters=tuple(others))


def query_of(
    terms: tuple[Term, ...], filters: Mapping[str, list[str]], ontology: Ontology, now_us: int
) -> Query:
    """A query of terms, and of filters as they are written, by name.

    Raises:
        QueryError: a filter's value means nothing.
    """

    def values(name: str) -> list[str]:
        return [value for value in filters.get(name, []) if value]

    near, since, until = (next(iter(values(name)), None) for name in ("near", "since", "until"))
    return Query(
        terms=terms,
        kinds=tuple(_kind_of(value, ontology) for value in values("kind")),
        sources=tuple(values("source")),
        nations=tuple(value.upper() for value in values("nation")),
        affiliations=tuple(_affiliation_of(value, ontology) for value in values("affiliation")),
        states=tuple(_state_of(value) for value in values("state")),
        near=None if near is None else parse_near(near),
        since_us=None if since is None else parse_moment(since, now_us),
        until_us=None if until is None else parse_moment(until, now_us),
    )


def parse_near(text: str) -> Near:
    """A place or ``latitude,longitude``, and how far from it; :data:`NEAR_M` where it does not say.

    Raises:
        QueryError: it cannot be read, or is farther than :data:`NEAR_AT_MOST_M`.
    """
    found = _NEAR.fullmatch(text.strip())
    if found is None or not (name := found.group(1).strip().strip('"')):
        raise QueryError("near: needs a place, as in near:Bornholm<20nm")
    number, unit = found.group(2), found.group(3)
    distance_m = float(number.replace(",", ".")) * METRES[unit.lower()] if number else NEAR_M
    if "<" in name:
        raise QueryError(f"near: {text[:60]!r} has no distance, as in near:Bornholm<20nm")
    if not 0 < distance_m <= NEAR_AT_MOST_M:
        raise QueryError(f"near: up to {NEAR_AT_MOST_M / 1852:.0f} nm")
    position = _POSITION.fullmatch(name)
    if position is None:
        if not fold(name):
            raise QueryError("near: needs a place, as in near:Bornholm<20nm")
        return Near(name, distance_m)
    latitude_deg, longitude_deg = map(float, position.groups())
    if abs(latitude_deg) > 90 or abs(longitude_deg) > 180:
        raise QueryError("near: latitude is -90 to 90, longitude -180 to 180 degrees")
    return Near(name, distance_m, (latitude_deg, longitude_deg))


def parse_moment(text: str, now_us: int) -> int:
    """A day, a time after RFC 3339, or how long ago: ``30m``, ``2h``, ``3d``, ``1w``.

    Raises:
        QueryError: it is none of these.
    """
    ago = _AGO.fullmatch(text.strip().lower())
    if ago is not None:
        return now_us - int(ago.group(1)) * SECONDS[ago.group(2)] * 1_000_000
    try:
        if len(text) == len("2026-01-31"):
            return to_us(datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC))
        return from_text(text)
    except (ValueError, OverflowError):
        hint = "2026-01-31, 2026-01-31T12:00:00Z, or how long ago: 30m, 2h, 3d, 1w"
        raise QueryError(f"{text[:40]!r} is no time: {hint}") from None


def _terms_of(text: str) -> list[Term]:
    if _IDENTIFIER.fullmatch(text):
        return [Term(text.casefold())]
    return [Term(word) for word in fold(text).split()]


def _kind_of(value: str, ontology: Ontology) -> str:
    wanted = fold(value)
    for name, schema in ontology.schemata.items():
        if wanted in (fold(name), *(fold(title) for title in schema.title.values())):
            return name
    raise QueryError(f"there is no kind {value[:40]!r}; the page Ontology lists them")


def _affiliation_of(value: str, ontology: Ontology) -> str:
    wanted = fold(value.replace("_", " "))
    for code, titles in _affiliation_titles(ontology).items():
        if wanted in (fold(code), *map(fold, titles)):
            return code
    raise QueryError(f"{value[:40]!r} is no affiliation: {', '.join(AFFILIATION_DIGITS)}")


def _affiliation_titles(ontology: Ontology) -> dict[str, list[str]]:
    titles: dict[str, list[str]] = {code: [] for code in AFFILIATION_DIGITS}
    for schema in ontology.schemata.values():
        prop = schema.properties.get(AFFILIATION)
        for code, title in (prop.choices if prop is not None else {}).items():
            titles.setdefault(code, []).extend(title.values())
    return titles


def _state_of(value: str) -> str:
    if value.lower() not in STATES:
        raise QueryError(f"{value[:40]!r} is no state: {', '.join(STATES)}")
    return value.lower()
