"""Reported speed and course against where the positions go."""

from __future__ import annotations

from typing import Any

from alliage.detection import Alert
from tests.detection.recordings import NOON_US, SECOND_US, engine, only, sail, tell

Rows = list[dict[str, Any]]


def mismatches(rows: Rows) -> list[Alert]:
    return tell(rows, engine(only("motion_mismatch")))


def test_a_position_that_stands_still_at_speed_is_wrong() -> None:
    rows = sail(0, 1_200, (57.0, 18.0), 0.0, 90.0)
    (alert,) = mismatches([row | {"speed_mps": 6.0} for row in rows])
    assert alert.start_us == NOON_US
    assert alert.figures["reported_mps"] == 6.0
    assert alert.figures["made_good_mps"] < 0.1
    assert "has reported 11.7 kn" in alert.reason_en
    assert "annonce 11,7 nd" in alert.reason_fr


def test_positions_that_go_another_way_than_the_course_are_told() -> None:
    rows = sail(0, 1_200, (57.0, 18.0), 6.0, 90.0)
    (alert,) = mismatches([row | {"course_deg": 200.0} for row in rows])
    assert alert.figures["error_m"] > 2_000
    assert alert.told_us >= NOON_US + 600 * SECOND_US


def test_a_ship_that_manoeuvres_honestly_is_left_alone() -> None:
    rows: Rows = []
    place = (57.0, 18.0)
    for turn in range(60):
        leg = sail(30 * turn, 30 * turn + 31, place, 5.0, 70.0 * turn, every=2.0)
        place = (leg[-1]["latitude_deg"], leg[-1]["longitude_deg"])
        rows += leg[:-1]
    assert mismatches(rows) == []


def test_a_station_that_lags_by_a_minute_is_no_mismatch() -> None:
    way = sail(0, 3_000, (57.0, 18.0), 8.0, 30.0)
    late = [row | {"valid": row["valid"] + 45 * SECOND_US} for row in way[::3]]
    assert mismatches(way + late) == []


def test_an_unknown_speed_is_not_judged() -> None:
    rows = sail(0, 1_800, (57.0, 18.0), 0.0, 30.0)
    assert mismatches([row | {"speed_mps": None} for row in rows]) == []
