"""Control measures: what lines and areas stand for in APP-6(D), symbol set 25, and what never."""

from __future__ import annotations

from typing import Final

import pytest

from alliage.ontology.schema import Ontology
from alliage.ontology.symbol import AFFILIATION_DIGITS

MEASURE: Final = "control_measure"
LINES: Final = ("11", "14", "33")
"""Entities of lines: command and control, manoeuvre, sustainment."""
AREAS: Final = ("12", "15", "17", "31")
"""Entities of areas: command and control, manoeuvre, airspace control, sustainment."""
BEYOND_THE_BOUNDARY: Final = (
    "1203",
    *("1405", "1406", "1407", "1409", "1410", "1411", "1412", "1417"),
    *("1510", "1512", "1513", "1514", "1515", "1516", "1517", "1518", "1519", "1520", "1521"),
    *("1713", "1714", "1715", "1716", "1717", "1718", "1719", "1720"),
    *("24", "25", "26"),
    *("3102", "3103"),
    "34",
)
"""Beginnings of the set's entities that this platform has no words for, as no test of it has."""


@pytest.mark.parametrize(("schema", "families"), [("Area", AREAS), ("Route", LINES)])
def test_every_control_measure_is_of_symbol_set_25_and_within_the_boundary(
    schema: str, families: tuple[str, ...]
) -> None:
    ontology = Ontology.load()
    kind = ontology.schemata[schema]
    choices = kind.properties[MEASURE].choices
    assert kind.symbol.by == MEASURE
    assert set(choices) == set(kind.symbol.entities)
    assert len({*kind.symbol.entities.values()}) == len(choices)
    for measure in choices:
        sidc = ontology.sidc(schema, {MEASURE: measure})
        assert (len(sidc), sidc[4:6]) == (20, "25")
        entity = sidc[10:16]
        assert entity.startswith(families), measure
        assert not entity.startswith(BEYOND_THE_BOUNDARY), measure


def test_a_control_measure_has_the_side_that_is_claimed() -> None:
    ontology = Ontology.load()
    for affiliation, digit in AFFILIATION_DIGITS.items():
        claimed = {MEASURE: "phase_line", "affiliation": affiliation}
        assert ontology.sidc("Route", claimed) == f"100{digit}2500001403000000"
