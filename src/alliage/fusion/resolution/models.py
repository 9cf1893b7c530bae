"""The models that Alliage ships, by schema.

Their shares are judged, as round figures, and checked against generated tables (``benchmarks/
vessel_names.py``); they are not learned from anything that a node holds, so that no row that a
reader may not see can have bent what the reader is shown (decision 0201). ``training.py`` learns
others from tables of one's own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from alliage.fusion.resolution.model import Comparison, Kind, Model, comparison
from alliage.fusion.resolution.normal_form import (
    date,
    email,
    number_sign,
    organisation_name,
    plain_name,
    ship_name,
    sign,
    telephone,
)

_NAME_M: Final = (0.75, 0.06, 0.10, 0.02, 0.001)
_NAME_U: Final = (0.0002, 0.0001, 0.001, 0.02, 0.002)


def _name(normal: Callable[[str], str]) -> Comparison:
    return comparison("name", Kind.NAME, normal, _NAME_M, _NAME_U, by_frequency=True)


def _sign(field: str, normal: Callable[[str], str] = sign, kept: float = 0.92) -> Comparison:
    """An identifier; ``kept`` is the share of things that still bear it in the other table."""
    return comparison(field, Kind.SIGN, normal, (kept, 0.02), (2e-5, 2e-4), by_frequency=True)


def _choice(field: str, m: float, u: float) -> Comparison:
    return comparison(field, Kind.CHOICE, sign, (m,), (u,))


def _size(field: str, u: float) -> Comparison:
    return comparison(field, Kind.SIZE, str, (0.75, 0.15), (u, 2.0 * u))


def _word(field: str, u: float) -> Comparison:
    m, others = (0.75, 0.12, 0.05), (u, 2.0 * u, 0.01)
    return comparison(field, Kind.WORD, plain_name, m, others, by_frequency=True)


_NAMED: Final = (("name",), ("name_sound",), ("name_head",), ("name_tail",), ("name_word",))

VESSEL: Final = Model(
    "Vessel",
    (
        _name(ship_name),
        _sign("imo_number", number_sign, kept=0.95),
        _sign("mmsi", number_sign),
        _sign("call_sign"),
        _choice("operator_nation", 0.93, 0.08),
        _choice("ship_type", 0.85, 0.15),
        _size("length_m", 0.04),
        _size("beam_m", 0.08),
    ),
    (("imo_number",), ("mmsi",), ("call_sign",), *_NAMED),
)
AIRCRAFT: Final = Model(
    "Aircraft",
    (
        _sign("icao_address"),
        _sign("registration"),
        _sign("call_sign"),
        _name(plain_name),
        _choice("operator_nation", 0.93, 0.08),
        _choice("aircraft_type", 0.85, 0.4),
    ),
    (("icao_address",), ("registration",), ("call_sign",), *_NAMED),
)
PERSON: Final = Model(
    "Person",
    (
        _word("given_name", 0.01),
        _word("family_name", 0.002),
        comparison(
            "date_of_birth", Kind.DATE, date, (0.80, 0.10, 0.06), (0.0001, 0.001, 0.05),
            by_frequency=True,
        ),
        comparison(
            "email", Kind.EMAIL, email, (0.75, 0.08, 0.10), (5e-5, 5e-5, 0.002), by_frequency=True
        ),
        _sign("telephone", telephone, kept=0.8),
        _word("city", 0.03),
        _choice("nationality", 0.93, 0.15),
    ),
    (
        ("email",),
        ("telephone",),
        ("date_of_birth",),
        ("family_name",),
        ("given_name", "family_name"),
        ("given_name_sound", "family_name_sound"),
        ("family_name", "city"),
        ("given_name", "city"),
        ("family_name_head", "given_name_head"),
    ),
)  # fmt: skip
ORGANISATION: Final = Model(
    "Organisation",
    (
        _name(organisation_name),
        comparison(
            "website", Kind.SIGN, sign, (0.85, 0.02), (5e-5, 2e-4), by_frequency=True
        ),
        _sign("telephone", telephone, kept=0.7),
        _choice("country", 0.93, 0.1),
        _choice("organisation_kind", 0.85, 0.3),
    ),
    (("website",), ("telephone",), *_NAMED),
)  # fmt: skip
PLACE: Final = Model(
    "Place", (_name(plain_name), _choice("country", 0.95, 0.1)), _NAMED, population=10_000
)
FACILITY: Final = Model(
    "Facility",
    (
        _name(plain_name),
        _choice("facility_kind", 0.9, 0.2),
        _choice("country", 0.95, 0.1),
        _choice("operator_nation", 0.9, 0.1),
    ),
    _NAMED,
    population=10_000,
)

MODELS: Final = {
    model.schema: model for model in (VESSEL, AIRCRAFT, PERSON, ORGANISATION, PLACE, FACILITY)
}
"""By the schema whose things, and those of all schemata that extend it, are compared so."""
