"""Merchant ships that stop short or turn back."""

from __future__ import annotations

from typing import Any

from alliage.detection import Alert
from tests.detection.recordings import (
    NOON_US,
    SECOND_US,
    end_of,
    engine,
    only,
    sail,
    tell,
    words,
)

Rows = list[dict[str, Any]]


def passage(speed: float, course: float, minutes: int = 30, slowing: int = 1, **then: Any) -> Rows:
    """Half an hour at 14 knots, then otherwise; ``slowing`` is in how many steps of a minute."""
    rows = sail(0, 1_800, (57.0, 18.0), 7.2, 0.0)
    for step in range(1, slowing):
        begin = 1_740 + 60 * step
        part = 7.2 + (speed - 7.2) * step / slowing
        rows += sail(begin + 60, begin + 120, end_of(rows), part, course)
    begin = 1_740 + 60 * slowing
    return rows + sail(begin, begin + 60 * minutes, end_of(rows), speed, course, **then)


def changes(rows: Rows, trade: str = "tanker") -> list[Alert]:
    of = engine(only("sudden_change"))
    of.take("radar", words(ship_type=trade))
    return tell(rows, of)


def test_a_tanker_that_stops_short_in_open_water_is_told() -> None:
    (alert,) = changes(passage(speed=0.5, course=0.0, slowing=3))
    assert alert.start_us <= NOON_US + 2_000 * SECOND_US
    assert "stopped short in open water: from 14.0 kn on passage to 1.0 kn" in alert.reason_en
    assert "s'est arrêté net en eau libre : de 14,0 nd" in alert.reason_fr


def test_a_cargo_ship_that_goes_back_where_it_came_from_is_told() -> None:
    (alert,) = changes(passage(speed=7.0, course=175.0), "cargo")
    assert "turned back in open water: from 000° to 175° at 13.6 kn" in alert.reason_en
    assert "a fait demi-tour en eau libre : du 000° au 175°" in alert.reason_fr


def test_who_slows_down_over_miles_or_turns_a_corner_is_on_its_way() -> None:
    assert changes(passage(speed=0.5, course=0.0, slowing=20)) == []
    assert changes(passage(speed=7.0, course=90.0)) == []


def test_a_stop_of_some_minutes_is_none() -> None:
    rows = passage(speed=0.5, course=0.0, minutes=6)
    assert changes(rows + sail(2_170, 4_000, end_of(rows), 7.2, 0.0)) == []


def test_who_comes_to_a_berth_or_anchor_is_left_alone() -> None:
    for status in ("moored", "at_anchor"):
        assert changes(passage(speed=0.5, course=0.0, navigation_status=status)) == []


def test_where_another_ship_lies_water_is_not_open() -> None:
    other = sail(0, 3_600, (57.12, 18.05), 0.0, 0.0, "mmsi:219000009", 60.0)
    assert changes(passage(speed=0.5, course=0.0) + other) == []


def test_yachts_and_tugs_may_do_as_they_like() -> None:
    for trade in ("sailing", "tug", "pilot"):
        assert changes(passage(speed=0.5, course=0.0), trade) == []
