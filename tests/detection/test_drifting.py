"""Ships that wind and current move."""

from __future__ import annotations

from typing import Any

from alliage.detection import Alert
from tests.detection.recordings import NOON_US, SECOND_US, end_of, engine, only, sail, tell, words

Rows = list[dict[str, Any]]


def adrift(course: float = 100.0, speed: float = 0.6, minutes: int = 30, **then: Any) -> Rows:
    """Twenty minutes north at twelve knots, then slowly another way."""
    rows = sail(0, 1_200, (57.0, 18.0), 6.0, 0.0)
    return rows + sail(1_200, 1_200 + 60 * minutes, end_of(rows), speed, course, **then)


def drifters(rows: Rows, trade: str = "") -> list[Alert]:
    of = engine(only("drifting"))
    if trade:
        of.take("radar", words(ship_type=trade))
    return tell(rows, of)


def test_a_crawl_another_way_than_before_is_a_drift_where_no_heading_is_reported() -> None:
    (alert,) = drifters(adrift())
    assert alert.told_us - alert.start_us >= 900 * SECOND_US
    assert alert.probability == 0.5
    assert "it has gone 100° in place of 000°" in alert.reason_en
    assert "il va au 100° au lieu du 000°" in alert.reason_fr


def test_who_only_slows_down_on_her_course_does_not_drift() -> None:
    assert drifters(adrift(course=10.0)) == []


def test_a_yacht_that_goes_about_her_day_does_not_drift() -> None:
    assert drifters(adrift(), "sailing") == []
    assert drifters(adrift(navigation_status="engaged_in_fishing")) == []


def test_a_bow_that_points_along_the_way_is_no_drift() -> None:
    assert drifters(adrift(heading_deg=98.0)) == []


def test_who_says_that_she_is_not_under_command_drifts_even_slowly() -> None:
    rows = adrift(course=3.0, speed=0.3, heading_deg=3.0, navigation_status="not_under_command")
    (alert,) = drifters(rows)
    assert alert.probability == 0.99
    assert alert.told_us <= NOON_US + 3_000 * SECOND_US
    assert "it has not been under command" in alert.reason_en
    assert "il n'est pas maître de sa manœuvre" in alert.reason_fr


def test_who_says_so_and_lies_still_is_left_alone() -> None:
    rows = adrift(speed=0.02, heading_deg=3.0, navigation_status="not_under_command")
    assert drifters(rows) == []


def test_whose_places_jump_does_not_drift_at_twenty_knots() -> None:
    rows, bow = adrift(minutes=8), {"heading_deg": 58.0}
    rows = [row | bow for row in rows]
    lat, lon = end_of(rows)
    assert len(drifters(rows + sail(1_680, 2_400, (lat, lon), 0.6, 100.0, **bow))) == 1
    assert drifters(rows + sail(1_680, 2_400, (lat + 0.06, lon), 0.6, 100.0, **bow)) == []
