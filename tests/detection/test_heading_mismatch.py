"""Ships at speed whose positions leave their heading."""

from __future__ import annotations

from typing import Any

from alliage.detection import Alert
from tests.detection.recordings import end_of, engine, only, sail, tell

Rows = list[dict[str, Any]]


def led_away(course: float, heading: float, speed: float = 7.0, before: float = 2.0) -> Rows:
    """Half an hour north, ``before`` degrees off the heading, then another way."""
    rows = sail(0, 1_800, (57.0, 18.0), 7.0, 0.0, heading_deg=before)
    return rows + sail(1_800, 3_600, end_of(rows), speed, course, heading_deg=heading)


def mismatches(rows: Rows) -> list[Alert]:
    return tell(rows, engine(only("heading_mismatch")))


def test_positions_that_leave_the_heading_at_speed_are_told() -> None:
    (alert,) = mismatches(led_away(course=60.0, heading=3.0))
    assert alert.figures["angle_deg"] > 50
    assert "off its heading" in alert.reason_en
    assert "de son cap depuis" in alert.reason_fr


def test_a_turn_and_a_strong_current_are_ordinary() -> None:
    assert mismatches(led_away(course=60.0, heading=58.0)) == []
    assert mismatches(led_away(course=20.0, heading=2.0)) == []


def test_a_slow_ship_drifts_and_is_another_matter() -> None:
    assert mismatches(led_away(course=60.0, heading=3.0, speed=2.0)) == []


def test_a_compass_that_was_never_right_says_nothing() -> None:
    assert mismatches(led_away(course=0.0, heading=90.0, before=90.0)) == []
