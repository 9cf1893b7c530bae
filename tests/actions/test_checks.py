"""What a person says of a property is held against its type, bounds and code; errors name all."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliage.actions.checks import checked_pairs, checked_property
from alliage.actions.kinds import ActionError
from alliage.ontology.codes import Code, checked_code
from alliage.ontology.schema import Ontology
from alliage.server.models.actions import NewObject

ONTOLOGY = Ontology.load()


def keep(schema: str, name: str, value: Any) -> Any:
    return checked_property(ONTOLOGY.schemata[schema], name, value)


@pytest.mark.parametrize(
    ("schema", "name", "value", "kept"),
    [
        ("Vessel", "imo_number", 9074729, 9074729),
        ("Vessel", "mmsi", 219012345, 219012345),
        ("Aircraft", "icao_address", "3C6DD2", "3c6dd2"),
        ("Organisation", "country", "DNK", "DNK"),
        ("Organisation", "website", "https://example.org/a?b=c", "https://example.org/a?b=c"),
        ("Unit", "readiness", 3600, 3600.0),
        ("Vessel", "length_m", 0, 0.0),
        ("Event", "involves", "mmsi:219012345", "mmsi:219012345"),
        ("Event", "event_from", "2026-01-31T13:00:00+01:00", "2026-01-31T12:00:00Z"),
    ],
)
def test_what_is_right_is_kept(schema: str, name: str, value: Any, kept: Any) -> None:
    assert keep(schema, name, value) == kept


@pytest.mark.parametrize(
    ("schema", "name", "value", "complaint"),
    [
        ("Vessel", "imo_number", 9074728, "imo_number: 9074728 .* last digit would have to be 9"),
        ("Vessel", "mmsi", 0, "mmsi: 0 is no MMSI: nine digits"),
        ("Vessel", "length_m", -1, "length_m: -1.0 is below the least there can be, 0 m"),
        ("Vessel", "length_m", 5000, "length_m: 5000.0 is above the most there can be, 1022 m"),
        ("Aircraft", "icao_address", "3C6", "'3C6' is no ICAO address"),
        ("Organisation", "country", "ZZZ", "'ZZZ' is no country"),
        ("Organisation", "website", "javascript:alert(1)", "is no address"),
        ("Unit", "readiness", "1 h", "'1 h', where a number is wanted"),
        ("Facility", "facility_kind", "castle", "'castle' is none of harbour"),
        ("Event", "involves", "that ship", "'that ship' is no object's id"),
        ("Event", "event_from", "noon", "event_from: "),
    ],
)
def test_what_is_wrong_is_refused_with_value_property_and_what_is_allowed(
    schema: str, name: str, value: Any, complaint: str
) -> None:
    with pytest.raises(ActionError, match=complaint):
        keep(schema, name, value)


@pytest.mark.parametrize(
    ("kind", "coordinates"),
    [
        ("LineString", [[12, 54.5], [12, 54.5]]),
        ("LineString", [[12, 54.5, 0], [12, 54.5, 9], [12, 54.5, 0]]),
        ("MultiLineString", [[[12, 54.5], [13, 54.5]], [[12, 54.5], [12, 54.5]]]),
    ],
)
def test_a_line_that_leads_nowhere_is_refused(kind: str, coordinates: list[Any]) -> None:
    with pytest.raises(
        ActionError, match="geometry: all positions of this line are one place"
    ) as why:
        keep("Route", "geometry", {"type": kind, "coordinates": coordinates})
    assert why.value.code == "line_nowhere"
    somewhere = {"type": "LineString", "coordinates": [[12, 54.5], [12.1, 54.5], [12, 54.5]]}
    assert keep("Route", "geometry", somewhere)


def test_an_empty_list_of_values_is_refused_with_the_reason_alone() -> None:
    body = NewObject.model_validate({"schema": "Route", "properties": {"followed_by": []}})
    with pytest.raises(ActionError, match="followed_by: an empty list says nothing") as refused:
        checked_pairs(ONTOLOGY.schemata["Route"], body.properties)
    assert refused.value.field == "properties.followed_by"


@given(st.integers(100_000, 999_999))
def test_every_imo_number_has_one_last_digit(digits: int) -> None:
    good = [last for last in range(10) if _is_imo(digits * 10 + last)]
    assert len(good) == 1


def _is_imo(number: int) -> bool:
    try:
        checked_code(Code.IMO, number)
    except ValueError:
        return False
    return True
